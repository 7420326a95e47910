import { describe, expect, it } from '@jest/globals';
import { documentIn, type PayloadFormat, understand } from './payload.js';

const read = (format: PayloadFormat, document: unknown, event?: string) =>
  understand(format, { document, event }, {});
const IGNORED = { ignored: expect.any(String) };

describe('a body', () => {
  const parsed = (text: string | Buffer, type = 'application/json') => documentIn(Buffer.from(text), type);

  it('is JSON, whatever it calls itself, and may be empty', () => {
    expect(parsed('{"a":1}', 'application/vnd.docker.distribution.events.v2+json')).toEqual({ a: 1 });
    expect(parsed('{"a":1}', '')).toEqual({ a: 1 });
    expect(parsed('')).toEqual({});
  });

  it('may be in a form, as GitHub sends it', () => {
    const form = `payload=${encodeURIComponent('{"a":"ü"}')}`;
    expect(parsed(form, 'application/x-www-form-urlencoded; charset=utf-8')).toEqual({ a: 'ü' });
  });

  it.each([
    ['{', 'application/json'],
    ['a=b', 'application/x-www-form-urlencoded'],
    ['{"a":1}{"b":2}', 'application/json'],
    [Buffer.from([0x22, 0xff, 0x22]), 'application/json'],
  ])('is refused as %j', (text, type) => {
    expect(() => parsed(text, type)).toThrow(expect.objectContaining({ kind: 'invalid_input' }));
  });
});

describe('Docker Hub tells', () => {
  it('of a push', () => {
    const document = {
      callback_url: 'https://registry.hub.docker.com/u/team/app/hook/1/',
      push_data: { pushed_at: 1_417_566_161, pusher: 'alice', tag: 'v1' },
      repository: { name: 'app', namespace: 'team', repo_name: 'team/app' },
    };
    expect(read('dockerHub', document)).toEqual({ happenings: [{ repository: 'team/app', tag: 'v1' }] });
  });

  it.each([{}, null, [], 'text', { push_data: { tag: 'v1' } }])('nothing by %j', (document) => {
    expect(read('dockerHub', document)).toEqual(IGNORED);
  });
});

describe('a registry tells', () => {
  const event = (action: string, target: object) => ({
    id: 'f4c4a5c1',
    action,
    target: {
      mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
      digest: `sha256:${'a'.repeat(64)}`,
      repository: 'team/app',
      ...target,
    },
    request: { host: 'registry.example.com:5000', method: 'PUT' },
  });

  it('of pushes of manifests and indexes, with their tag where they have one', () => {
    const index = 'application/vnd.oci.image.index.v1+json';
    const events = [event('push', { tag: 'v1' }), event('push', { mediaType: index })];
    expect(read('distribution', { events })).toEqual({
      happenings: [
        { repository: 'registry.example.com:5000/team/app', tag: 'v1', digest: `sha256:${'a'.repeat(64)}` },
        {
          repository: 'registry.example.com:5000/team/app',
          tag: undefined,
          digest: `sha256:${'a'.repeat(64)}`,
        },
      ],
    });
  });

  it('nothing by pulls, mounts, deletions, layers and what is none of this', () => {
    const events = [
      event('pull', { tag: 'v1' }),
      event('mount', {}),
      event('delete', {}),
      event('push', { mediaType: 'application/octet-stream' }),
      null,
      7,
    ];
    expect(read('distribution', { events })).toEqual(IGNORED);
    expect(read('distribution', { events: {} })).toEqual(IGNORED);
  });
});

describe('GitHub tells', () => {
  const digest = `sha256:${'b'.repeat(64)}`;
  const details = {
    name: 'App',
    namespace: 'Team',
    package_type: 'CONTAINER',
    package_version: { container_metadata: { tag: { name: 'v1', digest } } },
  };

  it.each(['package', 'registry_package'])('of an image that was published, by %s', (event) => {
    expect(read('github', { action: 'published', [event]: details }, event)).toEqual({
      happenings: [{ repository: 'ghcr.io/team/app', tag: 'v1', digest }],
    });
    expect(read('github', { action: 'deleted', [event]: details }, event)).toEqual(IGNORED);
    const other = { action: 'published', [event]: { ...details, package_type: 'npm' } };
    expect(read('github', other, event)).toEqual(IGNORED);
  });

  it('of a tag or a branch that was pushed, and nothing of one that was deleted', () => {
    const push = (ref: string, after = 'c'.repeat(40)) =>
      read('github', { ref, after, repository: { full_name: 'team/app' } }, 'push');
    expect(push('refs/tags/v1')).toEqual({ happenings: [{ repository: 'team/app', tag: 'v1' }] });
    expect(push('refs/heads/main')).toEqual({ happenings: [{ repository: 'team/app' }] });
    expect(push('refs/tags/v1', '0'.repeat(40))).toEqual(IGNORED);
    expect(push('refs/notes/x')).toEqual(IGNORED);
  });

  it('of a workflow only once it has succeeded', () => {
    const run = (action: string, conclusion: string | null) =>
      read(
        'github',
        { action, workflow_run: { conclusion }, repository: { full_name: 'team/app' } },
        'workflow_run',
      );
    expect(run('completed', 'success')).toEqual({ happenings: [{ repository: 'team/app' }] });
    expect(run('completed', 'failure')).toEqual(IGNORED);
    expect(run('requested', null)).toEqual(IGNORED);
  });

  it.each(['ping', 'issues', undefined])('nothing by %s', (event) => {
    expect(read('github', {}, event)).toEqual(IGNORED);
  });
});

it('JSON of one’s own says what is where it was told to look', () => {
  const document = { image: { tag: 'v1' }, scale: 3 };
  const pointers = { tag: '/image/tag', replicas: '/scale' };
  expect(understand('json', { document, event: undefined }, pointers)).toEqual({
    happenings: [{ repository: undefined, tag: 'v1', digest: undefined, replicas: 3 }],
  });
});
