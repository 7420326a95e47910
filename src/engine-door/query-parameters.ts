import type { OperationId } from '../gate/operations.js';

/**
 * What a query parameter may hold:
 * - `flag`: true or false in the ways in which the engine reads them;
 * - `integer`; `instant`: Unix seconds with up to nine decimals;
 * - `text`: up to 4096 characters; `texts`: the same, several times;
 * - `image`: a name of an image, also with tag or digest; `tag`: one of those;
 * - `filters`: JSON that names values by filter, as a list or as a map to `true`;
 * - `map`: JSON that is an object of texts; `list`: JSON that is an array of texts; `json`: any JSON;
 * - `ignored`: what clients of old send and engines do not read.
 */
export type ParameterType =
  | 'flag'
  | 'integer'
  | 'instant'
  | 'text'
  | 'texts'
  | 'image'
  | 'tag'
  | 'filters'
  | 'map'
  | 'list'
  | 'json'
  | 'ignored';

export type Parameters = Readonly<Record<string, ParameterType>>;

const NONE: Parameters = {};
const FILTERS: Parameters = { filters: 'filters' };
const SIZE_OF_TERMINAL: Parameters = { h: 'integer', w: 'integer' };
const LOGS: Parameters = {
  details: 'flag',
  follow: 'flag',
  stdout: 'flag',
  stderr: 'flag',
  since: 'instant',
  until: 'instant',
  timestamps: 'flag',
  tail: 'text',
};
const ATTACH: Parameters = {
  detachKeys: 'text',
  logs: 'flag',
  stream: 'flag',
  stdin: 'flag',
  stdout: 'flag',
  stderr: 'flag',
};
const VERSION: Parameters = { version: 'integer' };

/**
 * The query of every operation, as Engine API 1.41 to 1.55 describe it, and what Docker's own clients send besides. What is
 * not here is refused: it might mean something to an engine. Left out on purpose: `checkpoint-dir` of a start, which is a path on
 * the host, and `securityopt` of a build.
 */
export const QUERY_PARAMETERS: Readonly<Record<OperationId, Parameters>> = {
  SystemPing: NONE,
  SystemPingHead: NONE,
  SystemVersion: NONE,
  SystemInfo: NONE,
  SystemDataUsage: { type: 'texts', verbose: 'flag' },
  SystemEvents: { since: 'instant', until: 'instant', filters: 'filters' },
  SystemAuth: NONE,

  ContainerList: { all: 'flag', limit: 'integer', size: 'flag', filters: 'filters', trunc_cmd: 'ignored' },
  ContainerCreate: { name: 'text', platform: 'text' },
  ContainerInspect: { size: 'flag' },
  ContainerTop: { ps_args: 'text' },
  ContainerLogs: LOGS,
  ContainerChanges: NONE,
  ContainerExport: NONE,
  ContainerStats: { stream: 'flag', 'one-shot': 'flag' },
  ContainerResize: SIZE_OF_TERMINAL,
  ContainerStart: { detachKeys: 'text' },
  ContainerStop: { t: 'integer', signal: 'text' },
  ContainerRestart: { t: 'integer', signal: 'text' },
  ContainerKill: { signal: 'text' },
  ContainerUpdate: NONE,
  ContainerRename: { name: 'text' },
  ContainerPause: NONE,
  ContainerUnpause: NONE,
  ContainerAttach: ATTACH,
  ContainerAttachWebsocket: ATTACH,
  ContainerWait: { condition: 'text' },
  ContainerDelete: { v: 'flag', force: 'flag', link: 'flag' },
  ContainerArchiveInfo: { path: 'text' },
  ContainerArchive: { path: 'text' },
  PutContainerArchive: { path: 'text', noOverwriteDirNonDir: 'flag', copyUIDGID: 'flag' },
  ContainerPrune: FILTERS,

  ContainerExec: NONE,
  ExecStart: NONE,
  ExecResize: SIZE_OF_TERMINAL,
  ExecInspect: NONE,

  ImageList: {
    all: 'flag',
    filters: 'filters',
    digests: 'flag',
    'shared-size': 'flag',
    manifests: 'flag',
    identity: 'flag',
    only_ids: 'ignored',
  },
  ImageCreate: {
    fromImage: 'image',
    fromSrc: 'text',
    repo: 'image',
    tag: 'tag',
    message: 'text',
    changes: 'texts',
    platform: 'text',
  },
  ImageInspect: { manifests: 'flag', platform: 'text' },
  ImageAttestations: { platform: 'texts', type: 'texts', statement: 'flag' },
  ImageHistory: { platform: 'text' },
  ImagePush: { tag: 'tag', platform: 'text' },
  ImageTag: { repo: 'image', tag: 'tag', force: 'ignored' },
  ImageDelete: { force: 'flag', noprune: 'flag', platforms: 'texts' },
  ImageSearch: { term: 'text', limit: 'integer', filters: 'filters' },
  ImagePrune: FILTERS,
  ImageCommit: {
    container: 'text',
    repo: 'image',
    tag: 'tag',
    comment: 'text',
    author: 'text',
    pause: 'flag',
    changes: 'texts',
  },
  ImageGet: { platform: 'texts' },
  ImageGetAll: { names: 'texts', platform: 'texts' },
  ImageLoad: { quiet: 'flag', platform: 'texts' },
  DistributionInspect: NONE,

  ImageBuild: {
    dockerfile: 'text',
    t: 'texts',
    extrahosts: 'texts',
    remote: 'text',
    q: 'flag',
    nocache: 'flag',
    cachefrom: 'list',
    pull: 'flag',
    rm: 'flag',
    forcerm: 'flag',
    memory: 'integer',
    memswap: 'integer',
    cpushares: 'integer',
    cpusetcpus: 'text',
    cpusetmems: 'text',
    cpuperiod: 'integer',
    cpuquota: 'integer',
    cgroupparent: 'text',
    buildargs: 'map',
    shmsize: 'integer',
    squash: 'flag',
    labels: 'map',
    networkmode: 'text',
    platform: 'text',
    target: 'text',
    outputs: 'json',
    version: 'text',
    ulimits: 'json',
    session: 'text',
    buildid: 'text',
  },
  BuildPrune: {
    'keep-storage': 'integer',
    'reserved-space': 'integer',
    'max-used-space': 'integer',
    'min-free-space': 'integer',
    all: 'flag',
    filters: 'filters',
  },
  Session: NONE,
  BuildCancel: { id: 'text' },
  BuildKitGrpc: NONE,

  NetworkList: FILTERS,
  NetworkInspect: { verbose: 'flag', scope: 'text' },
  NetworkDelete: NONE,
  NetworkCreate: NONE,
  NetworkConnect: NONE,
  NetworkDisconnect: NONE,
  NetworkPrune: FILTERS,

  VolumeList: FILTERS,
  VolumeCreate: NONE,
  VolumeInspect: NONE,
  VolumeUpdate: VERSION,
  VolumeDelete: { force: 'flag' },
  VolumePrune: FILTERS,

  PluginList: FILTERS,
  GetPluginPrivileges: { remote: 'image' },
  PluginPull: { remote: 'image', name: 'image' },
  PluginInspect: NONE,
  PluginDelete: { force: 'flag' },
  PluginEnable: { timeout: 'integer' },
  PluginDisable: { force: 'flag' },
  PluginUpgrade: { remote: 'image' },
  PluginCreate: { name: 'image' },
  PluginPush: NONE,
  PluginSet: NONE,

  SwarmInspect: NONE,
  SwarmInit: NONE,
  SwarmJoin: NONE,
  SwarmLeave: { force: 'flag' },
  SwarmUpdate: {
    ...VERSION,
    rotateWorkerToken: 'flag',
    rotateManagerToken: 'flag',
    rotateManagerUnlockKey: 'flag',
  },
  SwarmUnlockkey: NONE,
  SwarmUnlock: NONE,
  NodeList: FILTERS,
  NodeInspect: NONE,
  NodeDelete: { force: 'flag' },
  NodeUpdate: VERSION,
  ServiceList: { filters: 'filters', status: 'flag' },
  ServiceCreate: NONE,
  ServiceInspect: { insertDefaults: 'flag' },
  ServiceDelete: NONE,
  ServiceUpdate: { ...VERSION, registryAuthFrom: 'text', rollback: 'text' },
  ServiceLogs: LOGS,
  TaskList: FILTERS,
  TaskInspect: NONE,
  TaskLogs: LOGS,
  SecretList: FILTERS,
  SecretCreate: NONE,
  SecretInspect: NONE,
  SecretDelete: NONE,
  SecretUpdate: VERSION,
  ConfigList: FILTERS,
  ConfigCreate: NONE,
  ConfigInspect: NONE,
  ConfigDelete: NONE,
  ConfigUpdate: VERSION,
};
