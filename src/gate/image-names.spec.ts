import { describe, expect, it } from '@jest/globals';
import { hasTag, isImageId, repositoriesOf, repositoryOf, withTag } from './image-names.js';

describe('the repository of a reference', () => {
  it.each([
    ['nginx', 'nginx'],
    ['nginx:1.27', 'nginx'],
    ['docker.io/library/nginx:1.27', 'nginx'],
    ['docker.io/team/app', 'team/app'],
    ['localhost:5000/team/app', 'localhost:5000/team/app'],
    ['localhost:5000/team/app:v1', 'localhost:5000/team/app'],
    [`team/app@sha256:${'a'.repeat(64)}`, 'team/app'],
    [`team/app:v1@sha256:${'a'.repeat(64)}`, 'team/app'],
    ['docker.io/x', 'x'],
    ['library/x', 'x'],
    [`index.docker.io/library/x:tag@sha256:${'a'.repeat(64)}`, 'x'],
    ['localhost:5000/a', 'localhost:5000/a'],
    ['localhost:5000', 'localhost'],
    ['registry.example.com/library/x', 'registry.example.com/library/x'],
    ['Team/app', 'Team/app'], // a registry, and no user of Docker Hub
    ['docker.io/Team/app', 'docker.io/Team/app'], // no name: it is in no repository that there is
    ['deadbeef', 'deadbeef'],
    ['a1'.repeat(32), 'a1'.repeat(32)],
    [`sha256:${'a1'.repeat(32)}`, 'sha256'],
    ['', ''],
  ])('of %s is %s', (reference, repository) => {
    expect(repositoryOf(reference)).toBe(repository);
  });
});

describe('the repositories of an image', () => {
  it('are those of its tags and digests, each once', () => {
    const image = {
      RepoTags: ['team/app:v1', 'team/app:v2', 'localhost:5000/app:v1'],
      RepoDigests: [`team/app@sha256:${'a'.repeat(64)}`],
    };
    expect(repositoriesOf('image', image)).toEqual(['team/app', 'localhost:5000/app']);
  });

  it('are none where it has no name, and nothing is said of other kinds', () => {
    expect(repositoriesOf('image', {})).toEqual([]);
    expect(repositoriesOf('network', { RepoTags: ['a:b'] })).toBeUndefined();
  });
});

it.each([
  ['sha256:0123456789ab', true],
  ['0123456789ab', true],
  ['deadbeef', true],
  ['deadbeef:latest', false],
  ['team/deadbeef', false],
  ['nginx', false],
])('%s is taken for an id: %j', (reference, expected) => {
  expect(isImageId(reference)).toBe(expected);
});

describe('a name with a tag beside it', () => {
  it.each([
    ['a', undefined, 'a'],
    ['a:1', '', 'a:1'],
    ['a', '1', 'a:1'],
    ['localhost:5000/a', '1', 'localhost:5000/a:1'],
    ['a', 'sha256:00', 'a@sha256:00'],
    // The engine puts the tag in the place of the name's own: that is the name that is moved.
    ['a:1', '2', 'a:2'],
    ['localhost:5000/a:1@sha256:00', '2', 'localhost:5000/a:2'],
  ])('%s and %s is %s', (name, tag, expected) => {
    expect(withTag(name, tag)).toBe(expected);
  });
});

describe('a name', () => {
  it.each([
    ['app:v1', true],
    ['app:', true],
    ['localhost:5000/app:v1', true],
    [`app@sha256:${'a'.repeat(64)}`, true],
    ['app', false],
    ['team/app', false],
    ['localhost:5000/app', false],
    ['localhost:5000', true],
    ['', false],
  ])('%s says which one it means: %p', (name, expected) => {
    expect(hasTag(name)).toBe(expected);
  });

  it('of colons and slashes without end is read to its end', () => {
    expect(hasTag(`${':'.repeat(1_000_000)}/`)).toBe(false);
    expect(withTag(`app${'@'.repeat(1_000_000)}\n`, 'v1')).toBe('app:v1');
  });
});
