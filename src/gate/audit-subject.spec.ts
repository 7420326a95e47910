import { describe, expect, it } from '@jest/globals';
import type { EngineRequest } from '../engine/engine-connection.js';
import { ALL_OPERATIONS, operation, type OperationId } from '../engine/operations/index.js';
import { type Called, madeIds, madeImage, subjectOf } from './audit-subject.js';

const CONTAINER = 'c0ffee'.repeat(10) + 'c0ff';
const IMAGE = `sha256:${CONTAINER}`;

/** What changes something and names no object: of all of its kind, of the one swarm or builder, of an archive. */
const NAMELESS: readonly OperationId[] = [
  'BuildCancel',
  'BuildKitGrpc',
  'BuildPrune',
  'ContainerPrune',
  'ImageLoad',
  'ImagePrune',
  'NetworkPrune',
  'Session',
  'SwarmInit',
  'SwarmJoin',
  'SwarmLeave',
  'SwarmUnlock',
  'SwarmUpdate',
  'VolumePrune',
];

const secrets = { Data: 'aHVudGVyMg==', Env: ['TOKEN=hunter2'], Labels: { note: 'hunter2' } };
const inBody: EngineRequest = { body: { Name: 'made', ...secrets } };

/** A call of each operation that makes something, and the names that its record has. */
const MAKING: Readonly<Partial<Record<OperationId, [EngineRequest, name: string, other?: string]>>> = {
  ContainerCreate: [{ query: { name: '/made' }, body: secrets }, 'made'],
  NetworkCreate: [inBody, 'made'],
  VolumeCreate: [{ body: { Name: 'made', DriverOpts: { o: 'password=hunter2' } } }, 'made'],
  ServiceCreate: [inBody, 'made'],
  SecretCreate: [inBody, 'made'],
  ConfigCreate: [inBody, 'made'],
  ImageCreate: [{ query: { fromImage: 'registry.test/app', tag: 'v1' } }, 'registry.test/app:v1'],
  ImageBuild: [
    {
      query: {
        t: ['app:v1', 'app:v2', 'app'],
        buildargs: '{"TOKEN":"hunter2"}',
        remote: 'https://hunter2@git',
      },
    },
    'app:v1',
    'app:v2, app',
  ],
  PluginCreate: [{ query: { name: 'plug' } }, 'plug'],
  PluginPull: [{ query: { remote: 'registry.test/plug', name: 'plug' } }, 'plug', 'registry.test/plug'],
};

const subject = (id: OperationId, request: EngineRequest, target?: Called['target']) =>
  subjectOf({
    actor: { kind: 'user', id: 'u', name: 'u', teamIds: [] },
    engine: 'local',
    operation: operation(id),
    request,
    target,
  });

describe('the record of a call', () => {
  const changing = ALL_OPERATIONS.filter(({ changes }) => changes);
  const making = changing.filter(({ targetParameter }) => !targetParameter).map(({ id }) => id);

  it('knows of each operation whether it makes something of a name', () => {
    expect([...Object.keys(MAKING), ...NAMELESS].sort()).toEqual([...making].sort());
  });

  it.each(Object.entries(MAKING))('of %s names what is made, and tells nothing else of it', (id, row) => {
    const [request, name, other] = row;
    const told = subject(id as OperationId, request);
    expect(told.target).toMatchObject({ kind: operation(id as OperationId).target, name });
    expect(told.other?.name).toBe(other);
    expect(JSON.stringify(told)).not.toMatch(/hunter2|aHVudGVyMg/);
  });

  it.each(changing.filter(({ targetParameter }) => targetParameter).map((each) => [each.id, each] as const))(
    'of %s names what was asked for where it was not found',
    (id, { targetParameter }) => {
      const { in: place = 'path', name = '' } = targetParameter ?? {};
      const request = place === 'path' ? { params: { [name]: 'web' } } : { query: { [name]: 'web' } };
      expect(subject(id, request).target).toMatchObject({ name: 'web' });
    },
  );

  it.each<[OperationId, EngineRequest, object]>([
    ['ContainerRename', { query: { name: 'new' } }, { name: 'new' }],
    ['ImageTag', { query: { repo: 'app', tag: 'v2' } }, { name: 'app:v2' }],
    ['ImageCommit', { query: { container: 'web', repo: 'app', tag: 'v2' } }, { name: 'app:v2' }],
    ['PluginUpgrade', { query: { remote: 'registry.test/plug:v2' } }, { name: 'registry.test/plug:v2' }],
    ['NetworkConnect', { body: { Container: CONTAINER } }, { id: CONTAINER }],
    ['NetworkDisconnect', { body: { Container: 'web' } }, { name: 'web' }],
  ])('of %s names what else it is about', (id, request, other) => {
    expect(subject(id, request, { kind: 'container', id: 'x', name: 'old' })).toMatchObject({
      target: { id: 'x', name: 'old' },
      other,
    });
  });

  it.each([undefined, null, 'text', { Name: 1, Container: {} }])(
    'is written whatever the body is: %j',
    (body) => {
      for (const { id, target } of changing)
        expect(subject(id, { body }).target).toEqual({ kind: target, name: undefined });
    },
  );
});

describe('the id of what was made', () => {
  it.each<[OperationId, object, object]>([
    ['ContainerCreate', { Id: 'told' }, { targetId: 'told' }],
    ['NetworkCreate', { Id: 'told' }, { targetId: 'told' }],
    ['VolumeCreate', { Name: 'told', Mountpoint: '/x' }, { targetId: 'told' }],
    ['ServiceCreate', { ID: 'told' }, { targetId: 'told' }],
    ['SecretCreate', { ID: 'told' }, { targetId: 'told' }],
    ['ConfigCreate', { ID: 'told' }, { targetId: 'told' }],
    ['ImageCommit', { Id: 'told' }, { otherId: 'told' }],
    ['ContainerExec', { Id: 'told' }, { otherId: 'told' }],
    ['ContainerStart', {}, {}],
  ])('by %s is the one that the engine tells', (id, answer, ids) => {
    expect(madeIds(id, answer)).toEqual(ids);
    expect(JSON.stringify(madeIds(id, undefined))).toBe('{}');
  });

  it('by a build, import or load is that of the one image', () => {
    expect(madeImage([IMAGE])).toEqual({ targetId: IMAGE });
    for (const references of [undefined, [], ['busybox:latest'], [IMAGE, IMAGE]])
      expect(madeImage(references)).toEqual({});
  });
});
