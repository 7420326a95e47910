import type { PastOwner } from '../access/ownership.service.js';
import type { KeptOf, ObjectRecord, WatchedKindName } from '../gate/engine-chronicle.js';
import { familiarName } from '../common/image-reference.js';
import type { Told } from './told-by-engine.js';

/** By what changes of a container are found; times in milliseconds since the epoch, 0 for never. */
export interface ContainerFacts {
  readonly status: 'created' | 'running' | 'paused' | 'exited';
  readonly startedAt: number;
  readonly finishedAt: number;
  /** `healthy`, `unhealthy`, `starting`; null for one without a check. */
  readonly health: string | null;
  readonly image: string;
  /** Null while it runs. */
  readonly exitCode: number | null;
  readonly oomKilled: boolean;
}

export interface ImageFacts {
  readonly tags: readonly string[];
  /** Since an event, which does not tell all that it changed, it was not looked at again. */
  readonly stale?: true;
}

export interface ServiceFacts {
  /** Undefined after an event, until it was looked at again. */
  readonly version?: number;
}

export interface NodeFacts {
  readonly state: string;
}

/** The kinds of objects whose events are told. */
export const TOLD_KINDS = ['container', 'image', 'network', 'volume', 'service', 'node'] as const;
export type ToldKind = (typeof TOLD_KINDS)[number];

export interface FactsOf {
  readonly container: ContainerFacts;
  readonly image: ImageFacts;
  readonly network: object;
  readonly volume: object;
  readonly service: ServiceFacts;
  readonly node: NodeFacts;
}

/** An object as events have told of it so far: what is missing in it, events have missed. */
export interface KnownObject<Kind extends ToldKind = ToldKind> {
  readonly kind: Kind;
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The labels are not for sure all of them: it was gone before it was looked at. */
  readonly labelsGuessed?: true;
  readonly owner?: PastOwner | undefined;
  readonly facts: FactsOf[Kind];
}

export function isToldKind(kind: WatchedKindName): kind is ToldKind {
  return (TOLD_KINDS as readonly string[]).includes(kind);
}

/** An object as memory has it now. */
export function knownFrom<Kind extends ToldKind>(
  kind: Kind,
  record: ObjectRecord<KeptOf<Kind>>,
): KnownObject<Kind> {
  const { id, name, labels } = record;
  return { kind, id, name, labels, facts: factsFrom(kind, record) };
}

/** What is known of the object after an event; undefined for one that is gone. */
export function afterEvent(
  known: KnownObject,
  { type, name, data }: Pick<Told, 'type' | 'name' | 'data'>,
  at: number,
): KnownObject | undefined {
  if (type.endsWith('.removed')) return undefined;
  const facts = { ...known.facts, ...changeOf(type, data, at) };
  return { ...known, name: name === '' ? known.name : name, facts };
}

const NEVER_RAN: ContainerFacts = {
  status: 'created',
  startedAt: 0,
  finishedAt: 0,
  health: null,
  image: '',
  exitCode: null,
  oomKilled: false,
};
/** Of an object of which nothing was told yet. */
export const NOTHING_KNOWN: FactsOf = {
  container: NEVER_RAN,
  image: { tags: [] },
  network: {},
  volume: {},
  service: {},
  node: { state: '' },
};

function changeOf(type: Told['type'], data: Told['data'], at: number): object {
  if (type.startsWith('image.')) return { stale: true };
  if (type.startsWith('service.')) return { version: undefined };
  switch (type) {
    case 'container.created':
      return { image: data['image'] ?? '' };
    case 'container.started':
      return { status: 'running', startedAt: at, exitCode: null, oomKilled: false, health: null };
    case 'container.died':
      return { status: 'exited', finishedAt: at, exitCode: data['exitCode'] ?? null };
    case 'container.oom':
      return { oomKilled: true };
    case 'container.paused':
      return { status: 'paused' };
    case 'container.unpaused':
      return { status: 'running' };
    case 'container.health.healthy':
      return { health: 'healthy' };
    case 'container.health.unhealthy':
      return { health: 'unhealthy' };
    case 'node.ready':
      return { state: 'ready' };
    case 'node.down':
      return { state: 'down' };
    default:
      return {};
  }
}

function factsFrom<Kind extends ToldKind>(kind: Kind, record: ObjectRecord<KeptOf<Kind>>): FactsOf[Kind] {
  const read = READERS[kind] as (kept: KeptOf<Kind>) => FactsOf[Kind];
  return read(record.kept);
}

const READERS: { readonly [Kind in ToldKind]: (kept: KeptOf<Kind>) => FactsOf[Kind] } = {
  container: ({ State: state, Config }) => ({
    status: statusOf(state.Status),
    startedAt: timeOf(state.StartedAt),
    finishedAt: timeOf(state.FinishedAt),
    health: healthOf(state),
    image: Config.Image,
    exitCode: state.Running ? null : state.ExitCode,
    oomKilled: state.OOMKilled,
  }),
  image: ({ RepoTags }) => ({ tags: [...RepoTags].map(familiarName).sort() }),
  network: () => ({}),
  volume: () => ({}),
  service: ({ Version }) => ({ version: (Version as { Index?: number } | undefined)?.Index ?? 0 }),
  node: (kept) => ({ state: (kept as { Status?: { State?: string } }).Status?.State ?? '' }),
};

function statusOf(status: string): ContainerFacts['status'] {
  return status === 'running' || status === 'paused' || status === 'created' ? status : 'exited';
}

function healthOf(state: { Health?: { Status: string } | undefined }): string | null {
  const health = state.Health?.Status ?? 'none';
  return health === 'none' ? null : health;
}

/** The engine's zero time is in the year 1. */
function timeOf(text: string): number {
  const time = Date.parse(text);
  return time > 0 ? time : 0;
}
