import { describe, expect, it } from '@jest/globals';
import type { EngineRequest } from '../engine/engine-connection.js';
import { operation, type OperationId } from '../engine/operations/index.js';
import type { Admission } from './admission.js';
import { GivenNames } from './given-names.js';
import type { ObjectFinder } from './object-finder.js';

const HEX = '0123456789abcdef'.repeat(4);
const OF_SWARM = 'zyxwvutsrqponmlkjihgfed01';

/** Of every kind there is one object of each sort of id, besides one that has such a name already. */
const IDS = [HEX, `sha256:${HEX}`, OF_SWARM];
const NAMED = { id: 'sha256:other', name: 'aaaaaaaaaaaa' };

const finder = {
  find: (_connection: unknown, _kind: string, reference: string) =>
    Promise.resolve(
      reference === NAMED.name
        ? NAMED
        : IDS.map((id) => ({ id })).find(({ id }) => id.replace('sha256:', '').startsWith(reference)),
    ),
} as unknown as ObjectFinder;

const judge = (id: OperationId, request: EngineRequest) =>
  new GivenNames(finder).judge({ operation: operation(id), request, connection: {} } as unknown as Admission);

const naming: [OperationId, (name: string) => EngineRequest, id: string][] = [
  ['ContainerCreate', (name) => ({ query: { name } }), HEX],
  ['ContainerCreate', (name) => ({ query: { name: `/${name}` } }), HEX],
  ['ContainerRename', (name) => ({ query: { name } }), HEX],
  ['NetworkCreate', (name) => ({ body: { Name: name } }), HEX],
  ['NetworkCreate', (name) => ({ body: { Name: name } }), OF_SWARM],
  ['ServiceCreate', (name) => ({ body: { Name: name } }), OF_SWARM],
  ['SecretCreate', (name) => ({ body: { Name: name } }), OF_SWARM],
  ['ConfigCreate', (name) => ({ body: { Name: name } }), OF_SWARM],
  ['ImageTag', (repo) => ({ query: { repo } }), HEX],
  ['ImageTag', (repo) => ({ query: { repo: `docker.io/library/${repo}`, tag: 'v1' } }), HEX],
  ['ImageCommit', (repo) => ({ query: { repo, tag: 'v1' } }), HEX],
  ['ImageCreate', (fromImage) => ({ query: { fromImage, tag: 'latest' } }), HEX],
  ['ImageCreate', (fromImage) => ({ query: { fromImage: `${fromImage}:v1` } }), HEX],
  ['ImageCreate', (repo) => ({ query: { fromSrc: '-', repo } }), HEX],
  ['ImageBuild', (t) => ({ query: { t: ['own/app', t] } }), HEX],
  ['ImageBuild', (t) => ({ query: { t: `library/${t}:v1` } }), HEX],
];

describe('a name that is given', () => {
  it.each(naming)('by %s is not the start of an id of the kind', async (id, request, full) => {
    for (const start of [full.slice(0, 12), full.slice(0, 20), full])
      await expect(judge(id, request(start))).rejects.toMatchObject({
        kind: 'invalid_input',
        message: expect.stringContaining('must not be the start of the id'),
      });
  });

  it.each(naming)('by %s may look like an id, be short, or begin with one', async (id, request, full) => {
    for (const name of ['bbbbbbbbbbbb', full.slice(0, 11), `${full.slice(0, 12)}-x`, 'web'])
      await expect(judge(id, request(name))).resolves.toBeUndefined();
  });

  it('that is taken is the engine’s to answer for', async () => {
    await expect(judge('NetworkCreate', { body: { Name: NAMED.name } })).resolves.toBeUndefined();
  });

  it('may be none', async () => {
    for (const [id, request] of [
      ['ContainerCreate', {}],
      ['NetworkCreate', { body: {} }],
      ['ImageCommit', {}],
      ['ImageBuild', {}],
      ['ContainerStart', {}],
    ] as const)
      await expect(judge(id, request)).resolves.toBeUndefined();
  });

  it.each(['ContainerCreate', 'ContainerRename'] as const)(
    'by %s is not that of a helper of Dockmaster’s own',
    async (id) => {
      for (const name of ['dockmaster-write-0', '/dockmaster-read-x'])
        await expect(judge(id, { query: { name } })).rejects.toMatchObject({
          kind: 'invalid_input',
          message: expect.stringContaining('reserved'),
        });
    },
  );

  it.each<[OperationId, (name: string) => EngineRequest]>([
    ['ImageTag', (repo) => ({ query: { repo, tag: '1' } })],
    ['ImageTag', (repo) => ({ query: { repo: `docker.io/${repo}:1` } })],
    ['ImageCommit', (repo) => ({ query: { repo, tag: '1' } })],
    ['ImageCreate', (fromImage) => ({ query: { fromImage, tag: '1' } })],
    ['ImageCreate', (fromImage) => ({ query: { fromImage: `index.docker.io/${fromImage}@sha256:${HEX}` } })],
    ['ImageCreate', (repo) => ({ query: { fromSrc: '-', repo, tag: '1' } })],
    ['ImageBuild', (t) => ({ query: { t: ['own/app', `${t}:1`] } })],
  ])('by %s is not in the repositories of Dockmaster’s own images', async (id, request) => {
    for (const name of ['dockmaster/empty', 'dockmaster/other/image'])
      await expect(judge(id, request(name))).rejects.toMatchObject({
        kind: 'invalid_input',
        message: expect.stringContaining('reserved'),
      });
  });

  it('may be in a repository that is only called like those, or is somewhere else', async () => {
    for (const repo of [
      'dockmaster',
      'dockmasters/empty',
      'team/dockmaster/empty',
      'localhost/dockmaster/empty',
    ])
      await expect(judge('ImageTag', { query: { repo, tag: '1' } })).resolves.toBeUndefined();
  });
});
