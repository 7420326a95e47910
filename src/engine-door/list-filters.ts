import { DomainError } from '../common/errors.js';
import type { Permission } from '../common/permissions.js';
import type { EngineHandle, WatchedKindName } from '../gate/engine-handle.js';
import type { OperationId } from '../gate/operations.js';
import { networkMatcher, usedBy } from '../networks/network-filter.js';
import { type InspectedNetwork, toNetwork } from '../networks/network.mapper.js';
import { volumesIn } from '../volumes/volume.mapper.js';

type Values = readonly string[];
type Keeps = (document: unknown) => boolean;

/** A filter that looks at more than each object's own document shows. */
interface LookingFurther {
  /** What it takes to see all that it looks at. */
  readonly needs: readonly Permission[];
  /** The same by what the actor sees. */
  readonly keeps: (engine: EngineHandle, values: Values) => Promise<Keeps>;
}

interface NamingAnother {
  readonly kind: WatchedKindName;
  /** Whether the engine lists nothing, rather than to fail, where there is no such object. */
  readonly mayBeMissing?: boolean;
}

/** The filters of a list. There are no others for who does not see all. */
export interface ListFilters {
  readonly of: WatchedKindName;
  /** By what the document of each object shows of itself: the engine may be asked. */
  readonly own: readonly string[];
  /** By another object, of which the engine would tell whether there is one. */
  readonly naming?: Readonly<Record<string, NamingAnother>>;
  readonly further?: Readonly<Record<string, LookingFurther>>;
}

const BESIDE_CONTAINER = { kind: 'container' } as const;
const BESIDE_IMAGE = { kind: 'image' } as const;

export const LIST_FILTERS: Readonly<Partial<Record<OperationId, ListFilters>>> = {
  ContainerList: {
    of: 'container',
    own: [
      'exited',
      'expose',
      'health',
      'id',
      'is-task',
      'isolation',
      'label',
      'name',
      'network',
      'publish',
      'status',
    ],
    naming: {
      ancestor: { kind: 'image', mayBeMissing: true },
      before: BESIDE_CONTAINER,
      since: BESIDE_CONTAINER,
    },
    further: { volume: { needs: ['containers:readMounts'], keeps: byMount } },
  },
  ImageList: {
    of: 'image',
    own: ['dangling', 'label', 'label!', 'reference', 'until'],
    naming: { before: BESIDE_IMAGE, since: BESIDE_IMAGE },
  },
  NetworkList: {
    of: 'network',
    own: ['driver', 'id', 'label', 'name', 'scope', 'type'],
    further: { dangling: { needs: ['containers:list', 'services:list'], keeps: byUseOfNetwork } },
  },
  VolumeList: {
    of: 'volume',
    own: ['driver', 'label', 'name'],
    further: { dangling: { needs: ['containers:list'], keeps: byUseOfVolume } },
  },
  NodeList: { of: 'node', own: ['id', 'label', 'membership', 'name', 'node.label', 'role'] },
  ServiceList: { of: 'service', own: ['id', 'label', 'mode', 'name', 'runtime'] },
  TaskList: {
    of: 'task',
    own: ['_up-to-date', 'desired-state', 'id', 'label', 'name', 'runtime'],
    naming: { service: { kind: 'service' }, node: { kind: 'node' } },
  },
  SecretList: { of: 'secret', own: ['id', 'label', 'name', 'names'] },
  ConfigList: { of: 'config', own: ['id', 'label', 'name', 'names'] },
};

interface Mount {
  readonly Name?: string;
  readonly Source?: string;
  readonly Destination?: string;
}

/** Where it is mounted, by what the list shows of it: sources are blank for who may not read them. */
function byMount(_engine: EngineHandle, values: Values): Promise<Keeps> {
  return Promise.resolve((document) => {
    const { Mounts } = document as { Mounts?: readonly Mount[] | null };
    return (Mounts ?? []).some(({ Name = '', Source = '', Destination = '' }) =>
      [Name, Source, Destination].some((place) => place !== '' && values.includes(place)),
    );
  });
}

async function byUseOfVolume(engine: EngineHandle, values: Values): Promise<Keeps> {
  const dangling = flagIn('dangling', values);
  const used = volumesIn((await engine.objects('container')).records);
  return (document) => used.has((document as { Name: string }).Name) !== dangling;
}

async function byUseOfNetwork(engine: EngineHandle, values: Values): Promise<Keeps> {
  const dangling = flagIn('dangling', values);
  const matches = networkMatcher({ dangling }, usedBy((await engine.objects('container')).records));
  return (document) => matches(toNetwork(engine.name, document as InspectedNetwork));
}

/** @throws DomainError `invalid_input`, in the engine's own words, for what is not one of true and false */
function flagIn(name: string, values: Values): boolean {
  const [value = '', ...more] = new Set(values.map((text) => FLAGS.get(text)));
  if (typeof value === 'boolean' && more.length === 0) return value;
  throw new DomainError('invalid_input', `invalid filter '${name}=[${values.join(' ').slice(0, 100)}]'`);
}

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['1', true],
  ['true', true],
  ['0', false],
  ['false', false],
]);
