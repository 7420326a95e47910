import { describe, expect, it } from '@jest/globals';
import { ALL_PERMISSIONS } from '../../common/permissions.js';
import { ALL_OPERATIONS, operation, OPERATIONS, pathOf, permissionsFor } from './index.js';

/** What is not an operation of the engine's API, and what guards a part of an answer or takes several operations. */
const NOT_OF_A_ROW: readonly RegExp[] = [
  /^(engines|users|teams|serviceAccounts|scopedSockets|clientCertificates|tokens|roles|roleBindings|audit|settings|jobs|metrics):/,
  /^(webhooks|hooks|schedules|registries):/,
  /^\w+:(readEnvironment|readMounts|readOptions|readData|readJoinTokens)$/,
  /^volumes:(browse|backup|restore)$/,
  /^secrets:use$/,
];

const ids = (operations: readonly { id: string }[]) => operations.map(({ id }) => id).sort();

describe('the operations table', () => {
  it('has every method and path once', () => {
    const routes = ALL_OPERATIONS.map(({ method, path }) => `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`);
    expect(routes.filter((route, index) => routes.indexOf(route) !== index)).toEqual([]);
  });

  it('has 108 operations of the API and two more that Docker clients use', () => {
    expect(ALL_OPERATIONS).toHaveLength(110);
  });

  it('keeps each operation under its own id', () => {
    for (const [id, row] of Object.entries(OPERATIONS)) expect(row.id).toBe(id);
  });

  it('has at most one parameter in a path', () => {
    for (const { path } of ALL_OPERATIONS) expect(path.split('{').length).toBeLessThanOrEqual(2);
  });

  it('hijacks four operations and upgrades one to WebSocket', () => {
    expect(ids(ALL_OPERATIONS.filter(({ nature }) => nature === 'hijack'))).toEqual([
      'BuildKitGrpc',
      'ContainerAttach',
      'ExecStart',
      'Session',
    ]);
    expect(ids(ALL_OPERATIONS.filter(({ nature }) => nature === 'websocket'))).toEqual([
      'ContainerAttachWebsocket',
    ]);
  });

  it('streams what goes on for long or is large', () => {
    expect(ids(ALL_OPERATIONS.filter(({ nature }) => nature === 'stream'))).toEqual([
      'ContainerArchive',
      'ContainerExport',
      'ContainerLogs',
      'ContainerStats',
      'ContainerWait',
      'ImageBuild',
      'ImageCreate',
      'ImageGet',
      'ImageGetAll',
      'ImageLoad',
      'ImagePush',
      'PluginCreate',
      'PluginPull',
      'PluginPush',
      'PluginUpgrade',
      'PutContainerArchive',
      'ServiceLogs',
      'SystemEvents',
      'TaskLogs',
    ]);
  });

  it('takes every method but GET and HEAD as a change, save for waits, terminal sizes and a check of a password', () => {
    const safe = (method: string) => method === 'GET' || method === 'HEAD';
    expect(ids(ALL_OPERATIONS.filter(({ method, changes }) => !safe(method) && !changes))).toEqual([
      'ContainerResize',
      'ContainerWait',
      'ExecResize',
      'SystemAuth',
    ]);
    expect(ids(ALL_OPERATIONS.filter(({ method, changes }) => safe(method) && changes))).toEqual([
      'ContainerAttachWebsocket',
    ]);
  });

  it('gives every permission on an engine a use', () => {
    const used = new Set(ALL_OPERATIONS.flatMap((row) => [row.permission, ...Object.values(row.also)]));
    const idle = ALL_PERMISSIONS.filter(
      (permission) => !used.has(permission) && !NOT_OF_A_ROW.some((pattern) => pattern.test(permission)),
    );
    expect(idle).toEqual([]);
  });

  it('asks for a permission on the resource that the operation is about', () => {
    const expected: Partial<Record<string, string>> = {
      engine: 'system',
      exec: 'containers',
      repository: 'images',
      builder: 'builder',
      swarm: 'swarm',
    };
    const others = ALL_OPERATIONS.filter(
      ({ permission, target }) => permission.split(':')[0] !== (expected[target] ?? `${target}s`),
    );
    expect(ids(others)).toEqual(['BuildCancel', 'DistributionInspect', 'GetPluginPrivileges', 'Session']);
  });
});

describe('the target of an operation', () => {
  it('is named in the path where the path has a parameter', () => {
    expect(operation('ContainerStart').targetParameter).toEqual({ in: 'path', name: 'id' });
    expect(operation('ImageTag').targetParameter).toEqual({ in: 'path', name: 'name' });
  });

  it('is named in the query for a commit and for a download of several images', () => {
    expect(operation('ImageCommit').targetParameter).toEqual({ in: 'query', name: 'container' });
    expect(operation('ImageGetAll').targetParameter).toEqual({ in: 'query', name: 'names' });
  });

  it('is not named by lists, creations and prunes', () => {
    expect(operation('ContainerList').targetParameter).toBeUndefined();
    expect(operation('ContainerCreate').targetParameter).toBeUndefined();
    expect(operation('VolumePrune').targetParameter).toBeUndefined();
  });
});

describe('the permissions for a request', () => {
  it("are the row's own", () => {
    expect(permissionsFor(operation('ContainerStart'))).toEqual(['containers:start']);
    expect(permissionsFor(operation('ImageCreate'), { fromImage: 'busybox', fromSrc: '' })).toEqual([
      'images:pull',
    ]);
  });

  it('include images:import when an image is made of an archive', () => {
    expect(permissionsFor(operation('ImageCreate'), { fromSrc: '-' })).toEqual([
      'images:pull',
      'images:import',
    ]);
  });

  it('include reading the environment when ps is given options, which may print it', () => {
    expect(permissionsFor(operation('ContainerTop'), {})).toEqual(['containers:top']);
    expect(permissionsFor(operation('ContainerTop'), { ps_args: 'eww' })).toEqual([
      'containers:top',
      'containers:readEnvironment',
    ]);
  });

  it('include reading the environment when a log is to have details, which may be of it', () => {
    expect(permissionsFor(operation('ContainerLogs'), { details: false, stdout: true })).toEqual([
      'containers:logs',
    ]);
    expect(permissionsFor(operation('ContainerLogs'), { details: true })).toEqual([
      'containers:logs',
      'containers:readEnvironment',
    ]);
  });
});

describe('the first API version of an operation', () => {
  it('is the oldest that we speak, unless the row says otherwise', () => {
    const later = ALL_OPERATIONS.filter(({ since }) => since !== '1.41').map(({ id, since }) => [id, since]);
    expect(later).toEqual([
      ['ImageAttestations', '1.55'],
      ['VolumeUpdate', '1.42'],
    ]);
    expect(pathOf(operation('VolumeUpdate'), { name: 'data' })).toBe('/volumes/data');
  });
});
