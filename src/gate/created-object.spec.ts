import { describe, expect, it } from '@jest/globals';
import type { OperationId } from '../engine/operations/index.js';
import { createdBy, isReserved, labelsOf, namesOf } from './created-object.js';

describe('what a call makes', () => {
  it.each<OperationId>(['ContainerCreate', 'NetworkCreate', 'VolumeCreate'])(
    'has the labels in the body of %s',
    (id) => {
      expect(createdBy(id, { body: { Labels: { team: 'web' } } })).toEqual({ labels: { team: 'web' } });
      expect(createdBy(id, { body: { Labels: null } })).toEqual({ labels: {} });
      expect(createdBy(id, {})).toEqual({ labels: {} });
    },
  );

  it('is in the repository that is pulled, or imported into', () => {
    expect(createdBy('ImageCreate', { query: { fromImage: 'docker.io/team/app', tag: 'v1' } })).toEqual({
      labels: {},
      repositories: ['team/app'],
    });
    expect(createdBy('ImageCreate', { query: { fromSrc: '-', repo: 'team/app' } })).toEqual({
      labels: {},
      repositories: ['team/app'],
    });
    expect(createdBy('ImageCreate', { query: { fromSrc: '-' } })).toEqual({ labels: {}, repositories: [] });
  });

  it('has the labels and all the names that a build gives it', () => {
    const query = { labels: { team: 'web' }, t: ['team/app:v1', 'localhost:5000/app'] };
    expect(createdBy('ImageBuild', { query })).toEqual({
      labels: { team: 'web' },
      repositories: ['team/app', 'localhost:5000/app'],
    });
  });

  it('has those labels too where they were written as JSON already', () => {
    const query = { labels: JSON.stringify({ 'io.dockmaster.owner': 'admin' }) };
    expect(createdBy('ImageBuild', { query })?.labels).toEqual({ 'io.dockmaster.owner': 'admin' });
    expect(() => createdBy('ImageBuild', { query: { labels: '{"a"' } })).toThrow(
      expect.objectContaining({ kind: 'invalid_input' }),
    );
  });

  it('is nothing for calls that make nothing', () => {
    expect(createdBy('ContainerStart', {})).toBeUndefined();
    expect(createdBy('ImageTag', { query: { repo: 'team/app' } })).toBeUndefined();
  });
});

it('labels of Dockmaster’s own are reserved, in any letters', () => {
  expect(['io.dockmaster.owner', 'IO.Dockmaster.x', 'io.dockmaster', 'team'].map(isReserved)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

it('a body without labels has none', () => {
  expect(labelsOf(undefined)).toEqual({});
});

it('a parameter names things once, several times or not at all', () => {
  expect(namesOf('a')).toEqual(['a']);
  expect(namesOf(['a', '', 'b'])).toEqual(['a', 'b']);
  expect([undefined, '', 5].flatMap(namesOf)).toEqual([]);
});
