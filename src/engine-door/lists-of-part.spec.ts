import { describe, expect, it } from '@jest/globals';
import { DomainError } from '../common/errors.js';
import type { EngineRequest } from '../gate/engine-handle.js';
import { ALL_OPERATIONS, type OperationId } from '../gate/operations.js';
import type { DoorCall } from './door-call.js';
import { LIST_FILTERS } from './list-filters.js';
import { listOfPart } from './lists-of-part.js';
import { QUERY_PARAMETERS } from './query-parameters.js';

/** Of each kind the actor sees one that is called `web`, and one container with this; any other is hidden from it, or not there. */
const CONTAINER = {
  kept: { Mounts: [{ Name: 'used' }], NetworkSettings: { Networks: { used: { NetworkID: 'id-of-used' } } } },
};

function list(id: OperationId, filters: object, seen: readonly string[], body: unknown = []) {
  const sent: EngineRequest[] = [];
  const engine = {
    name: 'local',
    mayAlways: (permission: string) => Promise.resolve(seen.includes(permission) || seen.includes('*')),
    object: (kind: string, reference: string) =>
      reference === 'web'
        ? Promise.resolve({ document: { ID: `id-of-${kind}` } })
        : Promise.reject(new DomainError('not_found', `No such ${kind}`)),
    objects: () => Promise.resolve({ records: [CONTAINER] }),
    json: (_: string, request: EngineRequest) => {
      sent.push(request);
      return Promise.resolve({ body });
    },
  };
  const request = { query: { filters: JSON.stringify(filters) } };
  const answer = listOfPart({ engine, operation: { id }, request } as unknown as DoorCall);
  return { answer, asked: () => sent.map(({ query }) => JSON.parse(query?.['filters'] as string) as object) };
}

describe('a list for who does not see all', () => {
  const lists = Object.entries(LIST_FILTERS) as [OperationId, (typeof LIST_FILTERS)['ImageList'] & object][];

  it('is each that takes filters, but those that need a right on all', () => {
    const filtered = ALL_OPERATIONS.filter(
      ({ id }) => id.endsWith('List') && 'filters' in QUERY_PARAMETERS[id],
    );
    expect(lists.map(([id]) => id).sort()).toEqual(
      filtered
        .map(({ id }) => id)
        .filter((id) => id !== 'PluginList')
        .sort(),
    );
  });

  it.each(lists)(
    '%s has the filters that are known to look at nothing else, and no others',
    async (id, known) => {
      for (const filter of known.own) {
        const { answer, asked } = list(id, { [filter]: { x: true } }, []);
        expect(await answer).toEqual([]);
        expect(asked()).toEqual([{ [filter]: { x: true } }]);
      }
      const { answer, asked } = list(id, { 'of-a-new-engine': { x: true } }, []);
      await expect(answer).rejects.toMatchObject({ kind: 'invalid_input' });
      expect(asked()).toEqual([]);
    },
  );

  it.each(lists)('%s is left to the engine, with whatever filter, where all is seen', async (id) => {
    const { answer } = list(id, { 'of-a-new-engine': { x: true }, before: { h: true } }, ['*']);
    expect(await answer).toBeUndefined();
  });

  it.each<[OperationId, string]>([
    ['TaskList', 'service'],
    ['TaskList', 'node'],
    ['ContainerList', 'before'],
    ['ContainerList', 'since'],
    ['ImageList', 'before'],
    ['ImageList', 'since'],
  ])('%s is not found where its filter %s names what is hidden', async (id, filter) => {
    for (const seen of [[], ['tasks:list']]) {
      const { answer, asked } = list(id, { [filter]: { web: true, hidden: true } }, seen);
      await expect(answer).rejects.toMatchObject({ kind: 'not_found' });
      expect(asked()).toEqual([]);
    }
  });

  it('is asked for by the id of what a filter names', async () => {
    const { answer, asked } = list('TaskList', { service: { web: true } }, ['tasks:list'], ['task']);
    expect(await answer).toEqual(['task']);
    expect(asked()).toEqual([{ service: { 'id-of-service': true } }]);
  });

  it('has no container of an image that is hidden, or not there', async () => {
    for (const seen of [[], ['containers:list']]) {
      const hidden = list('ContainerList', { ancestor: { 'hidden:v1': true } }, seen);
      expect(await hidden.answer).toEqual([]);
      expect(hidden.asked()).toEqual([]);
      const some = list('ContainerList', { ancestor: { web: true, hidden: true } }, seen);
      expect(await some.answer).toEqual([]);
      expect(some.asked()).toEqual([{ ancestor: { 'id-of-image': true } }]);
    }
  });

  it('has containers by those of their mounts that it shows', async () => {
    const documents = [
      { Id: 'a', Mounts: [{ Source: '', Destination: '/data' }] },
      { Id: 'b', Mounts: [{ Name: 'used', Source: '', Destination: '/else' }] },
      { Id: 'c', Mounts: null },
    ];
    const found = async (...volumes: string[]) => {
      const volume = Object.fromEntries(volumes.map((name) => [name, true]));
      const { answer, asked } = list('ContainerList', { volume }, ['containers:list'], documents);
      const ids = ((await answer) as { Id: string }[]).map(({ Id }) => Id);
      expect(asked()).toEqual([{}]);
      return ids;
    };
    expect(await found('/data', 'used')).toEqual(['a', 'b']);
    expect(await found('/else')).toEqual(['b']);
    for (const other of ['/etc/hostname', '']) expect(await found(other)).toEqual([]);
  });

  it('has volumes and networks that no container which is seen uses', async () => {
    const names = ['used', 'free'];
    const volumes = { Volumes: names.map((Name) => ({ Name })), Warnings: null };
    const networks = names.map((Name) => ({ Name, Id: `id-of-${Name}` }));
    for (const [dangling, name] of [
      ['true', 'free'],
      ['0', 'used'],
    ] as const) {
      const filters = { dangling: { [dangling]: true } };
      expect(await list('VolumeList', filters, ['volumes:list'], volumes).answer).toEqual({
        Volumes: [{ Name: name }],
        Warnings: null,
      });
      expect(await list('NetworkList', filters, ['networks:list'], networks).answer).toEqual([
        { Name: name, Id: `id-of-${name}` },
      ]);
    }
    for (const id of ['VolumeList', 'NetworkList'] as const)
      for (const wrong of [{ x: true }, { true: true, false: true }, {}])
        await expect(list(id, { dangling: wrong }, []).answer).rejects.toMatchObject({
          kind: 'invalid_input',
        });
  });
});
