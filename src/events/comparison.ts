import type { EventData } from './domain-event.js';
import type { EventType } from './event-types.js';
import type { ContainerFacts, ImageFacts, KnownObject, ToldKind } from './known-object.js';

/** An engine writes a time down twice, in the object and in the event, a little apart. */
const TOLERANCE_MS = 2_000;

/** Something that happened and no event told of. */
export interface Finding {
  readonly type: EventType;
  readonly data: EventData;
  /** Milliseconds since the epoch; undefined where nothing tells more than that it was since the last look. */
  readonly at: number | undefined;
}

/**
 * What must have happened between what events have told of an object and what it is now, in its order. Of a container that ran
 * several times the last run is found, since no more can be known.
 *
 * @param before undefined for one that was not known
 * @param now undefined for one that is gone
 */
export function compare(
  kind: ToldKind,
  before: KnownObject | undefined,
  now: (KnownObject & { readonly createdAt: number }) | undefined,
): Finding[] {
  switch (kind) {
    case 'container':
      return compareContainers(before as KnownObject<'container'> | undefined, now as NowContainer);
    case 'image':
      return compareImages(before?.facts as ImageFacts | undefined, now?.facts as ImageFacts | undefined);
    case 'service':
      return coming(kind, before, now) ?? compareServices(before as Service, now as Service);
    case 'node':
      return coming(kind, before, now) ?? compareNodes(before as Node, now as Node);
    default:
      return coming(kind, before, now) ?? [];
  }
}

type NowContainer = (KnownObject<'container'> & { readonly createdAt: number }) | undefined;
type Service = KnownObject<'service'>;
type Node = KnownObject<'node'>;

const COMING = {
  network: ['network.created', 'network.removed'],
  volume: ['volume.created', 'volume.removed'],
  service: ['service.created', 'service.removed'],
  node: ['node.joined', 'node.removed'],
} as const;

/** Of what came or went; undefined for what is still there. */
function coming(
  kind: keyof typeof COMING,
  before: KnownObject | undefined,
  now: { readonly createdAt: number } | undefined,
): Finding[] | undefined {
  const [made, removed] = COMING[kind];
  if (!now) return before ? [{ type: removed, data: {}, at: undefined }] : [];
  return before ? undefined : [{ type: made, data: {}, at: now.createdAt || undefined }];
}

function compareContainers(known: KnownObject<'container'> | undefined, now: NowContainer): Finding[] {
  const found: Finding[] = [];
  if (!now) {
    if (!known) return [];
    const { image } = known.facts;
    if (isAlive(known.facts))
      found.push({ type: 'container.died', data: { image, exitCode: null }, at: undefined });
    found.push({ type: 'container.removed', data: { image }, at: undefined });
    return found;
  }
  const { facts, name } = now;
  const { image } = facts;
  const say = (type: EventType, at: number | undefined, more: EventData = {}) =>
    found.push({ type, data: { image, ...more }, at: at === 0 ? undefined : at });
  if (!known) say('container.created', now.createdAt);
  const before = known?.facts ?? { ...facts, status: 'created', startedAt: 0, finishedAt: 0, health: null };
  if (known && known.name !== name) say('container.renamed', undefined, { oldName: known.name });

  const ranAnew = facts.startedAt > before.startedAt + TOLERANCE_MS || (isAlive(facts) && !isAlive(before));
  if (ranAnew && isAlive(before)) {
    const ended = facts.finishedAt > before.startedAt && facts.finishedAt <= facts.startedAt;
    say('container.died', ended ? facts.finishedAt : undefined, { exitCode: null });
  }
  if (ranAnew) say('container.started', facts.startedAt);
  if (!isAlive(facts) && (ranAnew || isAlive(before))) {
    if (facts.oomKilled && !before.oomKilled) say('container.oom', facts.finishedAt);
    say('container.died', facts.finishedAt, { exitCode: facts.exitCode });
  }
  if (facts.status === 'paused' && (ranAnew || before.status !== 'paused'))
    say('container.paused', undefined);
  if (facts.status === 'running' && !ranAnew && before.status === 'paused')
    say('container.unpaused', undefined);
  if (isAlive(facts) && facts.health !== before.health) {
    if (facts.health === 'healthy') say('container.health.healthy', undefined);
    if (facts.health === 'unhealthy') say('container.health.unhealthy', undefined);
  }
  return found;
}

function isAlive({ status }: Pick<ContainerFacts, 'status'>): boolean {
  return status === 'running' || status === 'paused';
}

/** Where a name came from, nobody can know: a pull, a build and a load look alike. */
function compareImages(before: ImageFacts | undefined, now: ImageFacts | undefined): Finding[] {
  const has = now?.tags ?? [];
  const had = before?.stale ? has : (before?.tags ?? []);
  const named = (type: EventType, tags: readonly string[]) =>
    tags.map((reference) => ({ type, data: { reference }, at: undefined }));
  const found: Finding[] = [
    ...named(
      'image.tagged',
      has.filter((tag) => !had.includes(tag)),
    ),
    ...named(
      'image.untagged',
      had.filter((tag) => !has.includes(tag)),
    ),
  ];
  if (before && !now)
    found.push({ type: 'image.removed', data: { reference: had[0] ?? null }, at: undefined });
  return found;
}

function compareServices({ facts: before }: Service, { facts: now }: Service): Finding[] {
  const missed = before.version !== undefined && now.version !== before.version;
  return missed ? [{ type: 'service.updated', data: {}, at: undefined }] : [];
}

function compareNodes({ facts: before }: Node, { facts: now }: Node): Finding[] {
  const { state } = now;
  if (before.state === '' || before.state === state) return [];
  if (state === 'ready') return [{ type: 'node.ready', data: {}, at: undefined }];
  return state === 'down' ? [{ type: 'node.down', data: {}, at: undefined }] : [];
}
