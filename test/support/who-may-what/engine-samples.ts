import { Readable } from 'node:stream';
import type { EngineRequest } from '../../../src/engine/engine-connection.js';
import type { OperationId } from '../../../src/engine/operations/index.js';
import type { EngineSample } from './sample.js';
import type { Call } from './scene.js';

const onContainer = (request: EngineRequest = {}): EngineSample => ({
  on: 'container',
  target: ({ target }) => target.container,
  request: () => request,
});
const onExec = (request: EngineRequest = {}): EngineSample => ({
  on: 'exec',
  target: ({ target }) => target.exec,
  request: () => request,
});
const onObject =
  (kind: 'image' | 'network' | 'volume') =>
  (request: EngineRequest = {}): EngineSample => ({
    on: kind,
    target: ({ target }) => target[kind],
    request: () => request,
  });
const onImage = onObject('image');
const onNetwork = onObject('network');
const onVolume = onObject('volume');
/** What no scope but the whole engine covers yet: nobody's. */
const named = (request: EngineRequest = {}): EngineSample => ({
  target: () => 'sample',
  request: () => request,
});
const whole = (request: EngineRequest = {}): EngineSample => ({ request: () => request });
const upload = (query: EngineRequest['query'] = {}): EngineSample => ({
  request: () => ({ query, upload: Readable.from([]) }),
});
/** Nobody's. */
const ofSwarm: EngineSample = { on: 'swarm object', shows: () => 'sample' };
const labelled = ({ scene }: Call): EngineRequest => ({
  body: { Image: 'busybox', Labels: scene.labels },
});

/** One call of each operation of the Engine API. What came to that later, an older engine does not know. */
export const ENGINE_SAMPLES: Readonly<Record<OperationId, EngineSample>> = {
  SystemPing: whole(),
  SystemPingHead: whole(),
  SystemVersion: whole(),
  SystemInfo: whole(),
  SystemDataUsage: whole(),
  SystemEvents: { on: 'container', shows: ({ target }) => target.container },
  SystemAuth: whole({ body: {} }),

  ContainerList: {
    on: 'container',
    request: () => ({ query: { all: true } }),
    shows: ({ target }) => target.container,
  },
  ContainerCreate: { request: labelled },
  ContainerInspect: onContainer(),
  ContainerTop: onContainer(),
  ContainerLogs: onContainer({ query: { stdout: true } }),
  ContainerChanges: onContainer(),
  ContainerExport: onContainer(),
  ContainerStats: onContainer({ query: { stream: false, 'one-shot': true } }),
  ContainerResize: onContainer({ query: { w: 80, h: 24 } }),
  ContainerStart: onContainer(),
  ContainerStop: onContainer(),
  ContainerRestart: onContainer(),
  ContainerKill: onContainer(),
  ContainerUpdate: onContainer({ body: { CpuShares: 2 } }),
  ContainerRename: onContainer({ query: { name: 'sample' } }),
  ContainerPause: onContainer(),
  ContainerUnpause: onContainer(),
  ContainerAttach: onContainer({ query: { stream: true } }),
  ContainerAttachWebsocket: onContainer({ query: { stream: true } }),
  ContainerWait: onContainer(),
  ContainerDelete: onContainer(),
  ContainerArchiveInfo: onContainer({ query: { path: '/etc/passwd' } }),
  ContainerArchive: onContainer({ query: { path: '/etc/passwd' } }),
  PutContainerArchive: {
    ...onContainer(),
    request: () => ({ query: { path: '/' }, upload: Readable.from([]) }),
  },
  ContainerPrune: whole(),

  ContainerExec: onContainer({ body: { Cmd: ['true'] } }),
  ExecStart: onExec({ body: { Detach: false } }),
  ExecResize: onExec({ query: { w: 80, h: 24 } }),
  ExecInspect: onExec(),

  ImageList: { on: 'image', shows: ({ target }) => target.image },
  ImageCreate: whole({ query: { fromImage: 'busybox', tag: 'latest' } }),
  ImageInspect: onImage(),
  ImageAttestations: { ...onImage(), meets: ['not_supported'] },
  ImageHistory: onImage(),
  ImagePush: onImage(),
  ImageTag: onImage({ query: { repo: 'sample', tag: 'latest' } }),
  ImageDelete: onImage(),
  ImageSearch: whole({ query: { term: 'sample' } }),
  ImagePrune: whole(),
  ImageCommit: onContainer(),
  ImageGet: onImage(),
  ImageGetAll: onImage(),
  ImageLoad: upload(),
  DistributionInspect: named(),

  ImageBuild: upload(),
  BuildPrune: whole(),
  Session: whole(),
  BuildCancel: whole({ query: { id: 'sample' } }),
  BuildKitGrpc: whole({ upgradeTo: 'h2c' }),

  NetworkList: { on: 'network', shows: ({ target }) => target.network },
  NetworkInspect: onNetwork(),
  NetworkDelete: onNetwork(),
  NetworkCreate: whole({ body: { Name: 'sample' } }),
  NetworkConnect: {
    on: 'network',
    target: ({ target }) => target.network,
    request: ({ target }) => ({ body: { Container: target.container } }),
  },
  NetworkDisconnect: {
    on: 'network',
    target: ({ target }) => target.network,
    request: ({ target }) => ({ body: { Container: target.container } }),
  },
  NetworkPrune: whole(),

  VolumeList: { on: 'volume', shows: ({ target }) => target.volume },
  VolumeCreate: whole({ body: { Name: 'sample' } }),
  VolumeInspect: onVolume(),
  VolumeUpdate: { ...onVolume({ body: {} }), meets: ['not_supported'] },
  VolumeDelete: onVolume(),
  VolumePrune: whole(),

  PluginList: whole(),
  GetPluginPrivileges: whole({ query: { remote: 'sample' } }),
  PluginPull: whole({ query: { remote: 'sample' }, body: [] }),
  PluginInspect: named(),
  PluginDelete: named(),
  PluginEnable: named(),
  PluginDisable: named(),
  PluginUpgrade: named({ query: { remote: 'sample' }, body: [] }),
  PluginCreate: upload({ name: 'sample' }),
  PluginPush: named(),
  PluginSet: named({ body: ['A=b'] }),

  SwarmInspect: whole(),
  SwarmInit: whole({ body: {} }),
  SwarmJoin: whole({ body: {} }),
  SwarmLeave: whole(),
  SwarmUpdate: whole({ query: { version: 1 }, body: {} }),
  SwarmUnlockkey: whole(),
  SwarmUnlock: whole({ body: {} }),

  NodeList: ofSwarm,
  NodeInspect: named(),
  NodeDelete: named(),
  NodeUpdate: named({ query: { version: 1 }, body: {} }),

  ServiceList: ofSwarm,
  ServiceCreate: whole({ body: { Name: 'sample' } }),
  ServiceInspect: named(),
  ServiceDelete: named(),
  ServiceUpdate: named({ query: { version: 1 }, body: {} }),
  ServiceLogs: named({ query: { stdout: true } }),
  TaskList: ofSwarm,
  TaskInspect: named(),
  TaskLogs: named({ query: { stdout: true } }),

  SecretList: ofSwarm,
  SecretCreate: whole({ body: { Name: 'sample' } }),
  SecretInspect: named(),
  SecretDelete: named(),
  SecretUpdate: named({ query: { version: 1 }, body: {} }),

  ConfigList: ofSwarm,
  ConfigCreate: whole({ body: { Name: 'sample' } }),
  ConfigInspect: named(),
  ConfigDelete: named(),
  ConfigUpdate: named({ query: { version: 1 }, body: {} }),
};
