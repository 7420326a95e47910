import type { OperationId } from '../../../src/engine/operations/index.js';

/** What there is on the engine to read. */
export interface Ground {
  readonly container: string;
  readonly exec: string;
  readonly volume: string;
  readonly service: string;
  readonly task: string;
  readonly node: string;
  readonly secret: string;
  readonly config: string;
  /** Seconds since the epoch. */
  readonly now: number;
}

const filters = (given: object) => encodeURIComponent(JSON.stringify(given));

/** Each operation that reads, in some of the ways in which clients call it. */
export const READS: Readonly<Partial<Record<OperationId, (ground: Ground) => readonly string[]>>> = {
  SystemPing: () => ['/_ping', '/v1.41/_ping'],
  SystemPingHead: () => ['/_ping'],
  SystemVersion: () => ['/version', '/v1.41/version'],
  SystemInfo: () => ['/info'],
  SystemDataUsage: () => ['/system/df'],
  SystemEvents: ({ now }) => [
    `/events?since=0&until=${now}`,
    `/events?since=0&until=${now}&filters=${filters({ type: ['container'], event: ['create'] })}`,
  ],
  ContainerList: ({ container }) => [
    '/containers/json',
    '/v1.30/containers/json?all=1&size=1',
    '/containers/json?all=1&limit=2',
    `/containers/json?all=true&filters=${filters({ id: [container] })}`,
    `/containers/json?all=true&filters=${filters({ label: { 'conformance=yes': true }, status: { running: true } })}`,
    `/containers/json?filters=${filters({ nonsense: ['x'] })}`,
  ],
  ContainerInspect: ({ container }) => [
    `/containers/${container}/json`,
    `/containers/${container.slice(0, 12)}/json?size=1`,
    '/containers/conformance/json',
    '/containers/none/json',
  ],
  ContainerTop: ({ container }) => [
    `/containers/${container}/top`,
    `/containers/${container}/top?ps_args=-o%20pid,args`,
  ],
  ContainerLogs: ({ container }) => [
    `/containers/${container}/logs?stdout=1&stderr=1`,
    `/containers/${container}/logs?stdout=true&timestamps=true&tail=1`,
    `/containers/${container}/logs`,
  ],
  ContainerChanges: ({ container }) => [`/containers/${container}/changes`],
  ContainerExport: ({ container }) => [`/containers/${container}/export`],
  ContainerStats: ({ container }) => [`/containers/${container}/stats?stream=0&one-shot=1`],
  ContainerArchiveInfo: ({ container }) => [
    `/containers/${container}/archive?path=/etc/passwd`,
    `/containers/${container}/archive?path=/nowhere`,
  ],
  ContainerArchive: ({ container }) => [
    `/containers/${container}/archive?path=/bin`,
    `/containers/${container}/archive?path=/nowhere`,
  ],
  ExecInspect: ({ exec }) => [`/exec/${exec}/json`, `/exec/${'0'.repeat(64)}/json`],
  ImageList: () => [
    '/images/json',
    '/images/json?all=1&digests=1',
    `/images/json?filters=${filters({ reference: ['busybox'] })}`,
  ],
  ImageInspect: () => ['/images/busybox/json', '/images/busybox:latest/json', '/images/none/json'],
  ImageHistory: () => ['/images/busybox/history'],
  ImageGet: () => ['/images/busybox/get'],
  ImageGetAll: () => ['/images/get?names=busybox'],
  DistributionInspect: () => ['/distribution/127.0.0.1:1/x/json'],
  NetworkList: () => ['/networks', `/networks?filters=${filters({ driver: ['bridge'] })}`],
  NetworkInspect: () => ['/networks/bridge', '/networks/ingress?verbose=1', '/networks/none-such'],
  VolumeList: () => ['/volumes', `/volumes?filters=${filters({ dangling: ['false'] })}`],
  VolumeInspect: ({ volume }) => [`/volumes/${volume}`, '/volumes/none'],
  SwarmInspect: () => ['/swarm'],
  SwarmUnlockkey: () => ['/swarm/unlockkey'],
  NodeList: () => ['/nodes'],
  NodeInspect: ({ node }) => [`/nodes/${node}`, '/nodes/none'],
  ServiceList: () => ['/services', '/services?status=1'],
  ServiceInspect: ({ service }) => [`/services/${service}`, `/services/${service}?insertDefaults=1`],
  ServiceLogs: ({ service }) => [`/services/${service}/logs?stdout=1`],
  TaskList: () => ['/tasks', `/tasks?filters=${filters({ 'desired-state': ['running'] })}`],
  TaskInspect: ({ task }) => [`/tasks/${task}`],
  TaskLogs: ({ task }) => [`/tasks/${task}/logs?stdout=1`],
  SecretList: () => ['/secrets'],
  SecretInspect: ({ secret }) => [`/secrets/${secret}`],
  ConfigList: () => ['/configs'],
  ConfigInspect: ({ config }) => [`/configs/${config}`],
  PluginList: () => ['/plugins'],
  PluginInspect: () => ['/plugins/none/json'],
  GetPluginPrivileges: () => ['/plugins/privileges?remote=127.0.0.1:1/x'],
};

/** What reads and is not compared. */
export const NOT_COMPARED: Readonly<Partial<Record<OperationId, string>>> = {
  ImageAttestations: 'the engine of the tests is older',
  ImageSearch: 'asks a public registry',
};

/** Differences that there are to be, by what they are in: of which answers, and why. */
export const EXPECTED: readonly {
  readonly path: RegExp;
  readonly of: (status: unknown, request: string) => boolean;
  readonly why: string;
}[] = [
  {
    path: /^header\.(x-request-id|x-content-type-options|referrer-policy|x-frame-options|content-security-policy|cross-origin-(resource|opener)-policy|cache-control)$/,
    of: () => true,
    why: 'our own headers: the request id, and what keeps browsers from doing harm',
  },
  {
    path: /^header\.server$/,
    of: (_status, request) => request.includes('/_ping'),
    why: 'a ping is answered from what is known of the engine',
  },
  {
    path: /^header\.(server|api-version|docker-experimental|ostype)$/,
    of: (status) => typeof status === 'number' && status >= 400,
    why: 'errors are written by us',
  },
  {
    path: /^body\.(NFd|NGoroutines|SystemTime)$/,
    of: (_status, request) => request === '/info',
    why: 'of the moment: not even two answers of the engine need to be the same',
  },
  {
    path: /MinAPIVersion$/,
    of: (_status, request) => request.endsWith('/version'),
    why: 'older versions than 1.24 behave in ways that the policy does not know',
  },
  {
    path: /^(body\.message|header\.content-type)$/,
    of: (status) => status === 404,
    why: 'what is not there, and what may not be seen, are told of in the same words',
  },
];
