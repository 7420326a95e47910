import { Injectable } from '@nestjs/common';
import type { Permission } from '../common/permissions.js';
import { ROLE_LABEL } from '../common/reserved-labels.js';
import type { OperationId } from '../engine/operations/index.js';
import type { WatchedKindName } from '../state/watched-kinds.js';
import type { Admission } from './admission.js';
import { inspectedBy, listedBy } from './reading-operations.js';
import { SHOWN } from './shown-objects.js';
import { Visibility } from './visibility.js';

/** A network tells of services and of nodes, in lists too. */
const OTHERS_OF_NETWORK: readonly Permission[] = ['services:list', 'nodes:list'];

/** Of which other objects lists tell besides, by the kind that is listed. */
const OTHERS_IN_LIST: Readonly<Partial<Record<WatchedKindName, readonly Permission[]>>> = {
  network: OTHERS_OF_NETWORK,
  image: ['containers:list'],
  volume: ['containers:list'],
};

/** Of disk usage, what tells of no objects that may be hidden: the build cache is nobody's. */
const USAGE_OF_ALL: readonly string[] = ['LayersSize', 'BuilderSize', 'BuildCache', 'BuildCacheUsage'];
/** Sums of each kind, as newer engines have them, with the objects themselves in them. */
const USAGE_SUMS: readonly string[] = ['ImageUsage', 'ContainerUsage', 'VolumeUsage'];

/** What it takes to read all of the document of an object of each kind: what `Visibility.inspection` asks for. */
const INSPECTION_NEEDS: Readonly<Record<WatchedKindName, readonly Permission[]>> = {
  container: ['containers:readEnvironment', 'containers:readMounts'],
  image: ['images:readEnvironment', 'containers:list'],
  network: ['containers:list', ...OTHERS_OF_NETWORK],
  volume: ['volumes:readOptions'],
  node: [],
  service: ['services:readEnvironment'],
  task: ['tasks:readEnvironment'],
  secret: ['secrets:update'],
  config: ['configs:readData'],
};

/** What it takes to read all of an answer that is neither a list nor an inspection. */
const ANSWER_NEEDS: Readonly<Partial<Record<OperationId, readonly Permission[]>>> = {
  SwarmInspect: ['swarm:readJoinTokens', 'swarm:update'],
  SystemInfo: ['system:info', 'swarm:update'],
  SystemDataUsage: [
    'system:df',
    'containers:list',
    'containers:readMounts',
    'images:list',
    'volumes:list',
    'volumes:readOptions',
  ],
  ImageHistory: ['images:list'],
};

/** What an engine tells of itself that has nothing to do with who uses it. */
const INFO_FOR_ALL: readonly string[] = [
  'Architecture',
  'CgroupDriver',
  'CgroupVersion',
  'CpuCfsPeriod',
  'CpuCfsQuota',
  'CPUSet',
  'CPUShares',
  'DefaultRuntime',
  'Driver',
  'ExperimentalBuild',
  'IndexServerAddress',
  'InitBinary',
  'Isolation',
  'KernelVersion',
  'LoggingDriver',
  'MemoryLimit',
  'MemTotal',
  'NCPU',
  'OomKillDisable',
  'OperatingSystem',
  'OSType',
  'OSVersion',
  'PidsLimit',
  'Plugins',
  'SecurityOptions',
  'ServerVersion',
  'SwapLimit',
];

type Document = Readonly<Record<string, unknown>>;

/** Which answers may be passed on unread, and what is taken out of those that may not. */
@Injectable()
export class AnswerCuts {
  constructor(private readonly visibility: Visibility) {}

  /** Whether nothing of the answer is hidden from the actor. */
  isWhole({ operation, rights }: Admission): boolean {
    const listed = listedBy(operation.id);
    const inspected = inspectedBy(operation.id);
    const needs = listed
      ? [
          SHOWN[listed].list,
          ...(SHOWN[listed].reveals ? [SHOWN[listed].reveals] : []),
          ...(OTHERS_IN_LIST[listed] ?? []),
        ]
      : inspected
        ? INSPECTION_NEEDS[inspected]
        : (ANSWER_NEEDS[operation.id] ?? []);
    return needs.every((permission) => rights.mayAlways(permission));
  }

  /** Whether the engine's bytes hold nothing that is shown to nobody: the containers by which we reach volumes. */
  isOnlyOthers({ operation }: Admission, bytes: Buffer): boolean {
    const lists = listedBy(operation.id) === 'container' || operation.id === 'SystemDataUsage';
    return !lists || !bytes.includes(ROLE_LABEL);
  }

  /** The answer to what is no list or inspection of objects, without what the actor may not read of it. */
  cut<T>(admission: Admission, body: T): T {
    if (this.isWhole(admission)) return body;
    switch (admission.operation.id) {
      case 'SwarmInspect':
        return this.visibility.answer(admission, body);
      case 'SystemInfo':
        return admission.rights.mayAlways('system:info')
          ? this.visibility.answer(admission, body)
          : (infoForAll(body as Document) as T);
      case 'ImageHistory':
        return historyOf(admission, body as readonly Document[]) as T;
      default:
        return body;
    }
  }

  /** The same for who passes the whole answer on: what services make sums of tells of each object there. */
  passedOn(admission: Admission, body: unknown): Promise<unknown> {
    return admission.operation.id === 'SystemDataUsage'
      ? this.usage(admission, body as Document)
      : Promise.resolve(body);
  }

  /** Each kind of object as its list is cut; the build cache and what layers share is nobody's. */
  private async usage(
    admission: Admission,
    { Images, Containers, Volumes, ...rest }: Document,
  ): Promise<Document> {
    const { rights } = admission;
    const listed = async (kind: 'image' | 'container' | 'volume', documents: unknown) => {
      const all = rights.mayEver(SHOWN[kind].list) ? (documents ?? []) : [];
      const body = kind === 'volume' ? { Volumes: all } : all;
      const cut = await this.visibility.listed(admission, kind, body);
      return kind === 'volume' ? (cut as Document)['Volumes'] : cut;
    };
    return {
      ...(rights.mayAlways('system:df') ? usageOfAll(rest) : { LayersSize: 0, BuildCache: [] }),
      ...(Images === undefined ? {} : { Images: await listed('image', Images) }),
      ...(Containers === undefined ? {} : { Containers: await listed('container', Containers) }),
      ...(Volumes === undefined ? {} : { Volumes: await listed('volume', Volumes) }),
    };
  }
}

/** What the right to the whole usage is for: sums, and no object by itself. */
function usageOfAll(document: Document): Document {
  const sums = USAGE_SUMS.flatMap((key) => {
    const sum = document[key];
    if (typeof sum !== 'object' || sum === null) return [];
    return [[key, Object.fromEntries(Object.entries(sum).filter(([name]) => name !== 'Items'))]];
  });
  const own = Object.entries(document).filter(([key]) => USAGE_OF_ALL.includes(key));
  return Object.fromEntries([...own, ...sums]) as Document;
}

/** Nothing of how many things there are, of the host's name and address, of mirrors and proxies. */
function infoForAll(document: Document): Document {
  const known = Object.entries(document).filter(([key]) => INFO_FOR_ALL.includes(key));
  const { LocalNodeState = 'inactive', ControlAvailable = false } = (document['Swarm'] ?? {}) as Document;
  return { ...Object.fromEntries(known), Swarm: { LocalNodeState, ControlAvailable } };
}

/** Earlier steps may be images of somebody else, with names of their own. */
function historyOf({ target }: Admission, steps: readonly Document[]): readonly Document[] {
  return steps.map((step) => (step['Id'] === target?.id ? step : { ...step, Id: '<missing>', Tags: null }));
}
