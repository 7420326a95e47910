import { describe, expect, it } from '@jest/globals';
import { operation, type OperationId } from '../engine/operations/index.js';
import { ROLE_LABEL } from '../common/reserved-labels.js';
import type { Admission } from './admission.js';
import { AnswerCuts } from './answer-cuts.js';
import { type Grant, Rights } from './rights.js';
import type { Visibility } from './visibility.js';

const visibility = {
  answer: () => 'without options',
  listed: (_: Admission, kind: string, body: unknown) =>
    Promise.resolve(
      kind === 'volume' ? { Volumes: ['seen volume'] } : [`seen ${kind}`, ...(body as [])].slice(0, 1),
    ),
} as unknown as Visibility;
const cuts = new AnswerCuts(visibility);

function admission(id: OperationId, permissions: Grant['permissions'], owned = false): Admission {
  const grant: Grant = { permissions, engines: ['*'], owned, level: 'baseline' };
  const actor = { kind: 'user', id: 'u', name: 'u', teamIds: [] } as const;
  return {
    operation: operation(id),
    rights: new Rights(actor, 'local', [grant]),
    target: { kind: 'image', id: 'sha256:own' },
  } as unknown as Admission;
}

describe('an answer', () => {
  it.each<[OperationId, Grant['permissions'], boolean]>([
    ['ContainerList', ['containers:list'], false],
    ['ContainerList', ['containers:list', 'containers:readMounts'], true],
    ['ContainerInspect', ['containers:get', 'containers:readEnvironment'], false],
    ['ContainerInspect', ['containers:*'], true],
    ['NetworkInspect', ['networks:get'], false],
    ['NetworkInspect', ['networks:get', 'containers:list', 'services:list'], false],
    ['NetworkInspect', ['networks:get', 'containers:list', 'nodes:list'], false],
    ['NetworkInspect', ['networks:get', 'containers:list', 'services:list', 'nodes:list'], true],
    ['NetworkList', ['networks:list'], false],
    ['ImageList', ['images:list'], false],
    ['ImageList', ['images:list', 'containers:list'], true],
    ['VolumeList', ['volumes:list', 'volumes:readOptions'], false],
    ['VolumeList', ['volumes:list', 'volumes:readOptions', 'containers:list'], true],
    ['SwarmInspect', ['swarm:get', 'swarm:readJoinTokens'], false],
    ['SwarmInspect', ['swarm:*'], true],
    ['SystemInfo', ['system:info'], false],
    ['SecretInspect', ['secrets:get'], false],
    ['SecretList', ['secrets:list'], false],
    ['SystemDataUsage', ['system:df'], false],
    ['SystemDataUsage', ['*:*'], true],
    ['ContainerTop', ['containers:top'], true],
  ])('of %s to who has %j is whole: %s', (id, permissions, whole) => {
    expect(cuts.isWhole(admission(id, permissions))).toBe(whole);
    expect(cuts.isWhole(admission(id, permissions, true))).toBe(id === 'ContainerTop');
  });

  it('with a container of our own in it is not passed on as it is', () => {
    const bytes = Buffer.from(`[{"Labels":{"${ROLE_LABEL}":"volume-helper"}}]`);
    expect(cuts.isOnlyOthers(admission('ContainerList', ['*:*']), bytes)).toBe(false);
    expect(cuts.isOnlyOthers(admission('ContainerList', ['*:*']), Buffer.from('[]'))).toBe(true);
    expect(cuts.isOnlyOthers(admission('ImageList', ['*:*']), bytes)).toBe(true);
  });

  it('about the engine tells a part of it to who may know of a part', () => {
    const info = {
      OSType: 'linux',
      Name: 'host',
      Containers: 4,
      HttpProxy: 'x',
      Swarm: { Cluster: {}, NodeAddr: 'a' },
    };
    expect(cuts.cut(admission('SystemInfo', ['system:info'], true), info)).toEqual({
      OSType: 'linux',
      Swarm: { LocalNodeState: 'inactive', ControlAvailable: false },
    });
    expect(cuts.cut(admission('SystemInfo', ['system:info']), info)).toBe('without options');
    expect(cuts.cut(admission('SystemInfo', ['*:*']), info)).toBe(info);
  });

  it('about an image’s history tells of no other image', () => {
    const steps = [
      { Id: 'sha256:own', Tags: ['a:1'], CreatedBy: 'x' },
      { Id: 'sha256:other', Tags: ['secret:1'], CreatedBy: 'y' },
    ];
    expect(cuts.cut(admission('ImageHistory', ['images:history']), steps)).toEqual([
      steps[0],
      { Id: '<missing>', Tags: null, CreatedBy: 'y' },
    ]);
  });

  it('about disk usage is cut like lists, and tells what is shared to who may know all', async () => {
    const usage = { LayersSize: 9, Images: [1], Containers: [1], Volumes: [1], BuildCache: [1] };
    const part = admission('SystemDataUsage', ['system:df', 'containers:list'], true);
    expect(await cuts.passedOn(part, usage)).toEqual({
      LayersSize: 0,
      BuildCache: [],
      Images: ['seen image'],
      Containers: ['seen container'],
      Volumes: ['seen volume'],
    });
    const all = await cuts.passedOn(admission('SystemDataUsage', ['*:*']), usage);
    expect(all).toMatchObject({ LayersSize: 9, BuildCache: [1] });
  });

  it('about disk usage has sums for who may know them, and in them no object', async () => {
    const sum = { TotalCount: 2, TotalSize: 9 };
    const usage = {
      ImageUsage: { ...sum, Items: ['hidden'] },
      VolumeUsage: { ...sum, Items: ['hidden'] },
      BuildCacheUsage: { ...sum, Items: ['of nobody'] },
      Unknown: ['hidden'],
    };
    expect(await cuts.passedOn(admission('SystemDataUsage', ['system:df']), usage)).toEqual({
      ImageUsage: sum,
      VolumeUsage: sum,
      BuildCacheUsage: { ...sum, Items: ['of nobody'] },
    });
  });
});
