import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { DomainError, type ErrorKind } from '../common/errors.js';
import type { Permission } from '../common/permissions.js';
import { labelMatcher } from '../containers/container-filter.js';
import type { Loose } from '../containers/engine-document.js';
import { untilMs } from '../containers/engine-time.js';
import type { EngineHandle, WatchedKindName } from '../gate/engine-handle.js';
import { Gate } from '../gate/gate.js';
import { repositoriesOf } from '../gate/image-names.js';
import { type DfDocument, toUsageByKind } from './disk-usage.mapper.js';
import { PRUNE_KINDS, type PruneKind, type SystemPruneInput } from './prune.inputs.js';
import type { PruneItem, SystemPruneReport } from './prune.model.js';
import {
  planPrune,
  type PruneCandidate,
  type PrunedContainer,
  type PrunedImage,
  type PrunedNetwork,
  type PrunedVolume,
  type PruneScene,
  type PruneWish,
} from './prune-plan.js';

const BY_DEFAULT: readonly PruneKind[] = ['containers', 'networks', 'images', 'buildCache'];

interface KindRules {
  /** What the actor needs on each object that goes. */
  readonly permissions: readonly [Permission, ...Permission[]];
  /** The engine's own prune of the kind, which is not called: who may not call it may not prune. */
  readonly operation: 'ContainerPrune' | 'NetworkPrune' | 'VolumePrune' | 'ImagePrune' | 'BuildPrune';
}

const RULES: Readonly<Record<PruneKind, KindRules>> = {
  containers: { permissions: ['containers:prune', 'containers:delete'], operation: 'ContainerPrune' },
  networks: { permissions: ['networks:prune', 'networks:delete'], operation: 'NetworkPrune' },
  volumes: { permissions: ['volumes:prune', 'volumes:delete'], operation: 'VolumePrune' },
  images: { permissions: ['images:prune', 'images:delete'], operation: 'ImagePrune' },
  buildCache: { permissions: ['builder:prune'], operation: 'BuildPrune' },
};

/** How one object is removed: that of the engine's operations, and the parameter that names it. */
const REMOVAL = {
  containers: ['container', 'ContainerDelete', 'id'],
  networks: ['network', 'NetworkDelete', 'id'],
  volumes: ['volume', 'VolumeDelete', 'name'],
  images: ['image', 'ImageDelete', 'name'],
} as const satisfies Partial<Record<PruneKind, readonly [WatchedKindName, string, string]>>;

/** Errors that are about one object: the others can still go. */
const OF_ONE: ReadonlySet<ErrorKind> = new Set([
  'conflict',
  'not_found',
  'forbidden',
  'policy_violation',
  'engine_error',
  'invalid_input',
]);

/**
 * Removes what is not in use, object by object: each is authorised and recorded, and only what the actor may remove goes.
 * The engine's own prune would ask nobody. A preview is the same without the removal.
 */
@Injectable()
export class PruneService {
  constructor(private readonly gate: Gate) {}

  /** @throws DomainError `forbidden` for a kind that the actor may prune nothing of; `invalid_input` */
  async prune(actor: Actor, engine: string, input: SystemPruneInput): Promise<SystemPruneReport> {
    const handle = this.gate.as(actor).engine(engine);
    const wish: PruneWish = {
      kinds: await kindsFor(handle, input.kinds),
      allImages: input.allImages ?? false,
      allVolumes: input.allVolumes ?? false,
      meetsLabels: labelMatcher(input.label),
      before: untilMs(input.until),
    };
    const dryRun = input.dryRun ?? false;
    const items: PruneItem[] = [];
    for (const candidate of await plan(handle, wish)) items.push(await carryOut(handle, candidate, dryRun));
    if (wish.kinds.has('buildCache') && (input.label ?? []).length === 0)
      items.push(...(await pruneBuildCache(handle, wish, dryRun)));
    const went = items.filter(({ removed }) => removed || dryRun);
    return {
      dryRun,
      items,
      removedCount: items.filter(({ removed }) => removed).length,
      spaceReclaimed: went.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0),
    };
  }
}

/** What is not named is left out where the actor may not; what is named is refused. */
async function kindsFor(
  handle: EngineHandle,
  named: readonly PruneKind[] | undefined,
): Promise<ReadonlySet<PruneKind>> {
  const kinds = new Set<PruneKind>();
  for (const kind of named ?? BY_DEFAULT) {
    const { permissions, operation } = RULES[kind];
    if (named) await handle.requireEver(operation);
    const answers = await Promise.all(permissions.map((permission) => handle.mayEver(permission)));
    if (answers.every(Boolean)) kinds.add(kind);
  }
  if (kinds.size === 0) await handle.requireEver('ContainerPrune', 'ContainerDelete');
  return kinds;
}

async function plan(handle: EngineHandle, wish: PruneWish): Promise<PruneCandidate[]> {
  const scene = await look(handle, wish.kinds);
  // Once without asking for rights, so that all owners of a kind are looked up in one go: what goes is among it.
  const everything = planPrune(scene, wish, () => true);
  const repositories = repositoriesById(scene);
  const allowed = new Map<PruneKind, ReadonlySet<string>>();
  for (const kind of PRUNE_KINDS) {
    if (kind === 'buildCache') continue;
    const objects = everything
      .filter((candidate) => candidate.kind === kind)
      .map(({ id, labels }) => ({ id, labels, repositories: repositories.get(id) }));
    if (objects.length > 0)
      allowed.set(kind, await handle.allowed(REMOVAL[kind][0], RULES[kind].permissions, objects));
  }
  return planPrune(scene, wish, ({ kind, id }) => allowed.get(kind)?.has(id) === true);
}

function repositoriesById({ images }: PruneScene): ReadonlyMap<string, string[] | undefined> {
  return new Map(images.map((image) => [image.Id ?? '', repositoriesOf('image', withoutNulls(image))]));
}

function withoutNulls({ RepoTags, RepoDigests }: Loose<PrunedImage>) {
  return { RepoTags: RepoTags ?? [], RepoDigests: RepoDigests ?? [] };
}

async function look(handle: EngineHandle, kinds: ReadonlySet<PruneKind>): Promise<PruneScene> {
  const list = <T>(needed: boolean, operation: ListOperation, query: Query = {}) =>
    needed ? listed<T>(handle, operation, query) : Promise.resolve<readonly Loose<T>[]>([]);
  const [containers, networks, danglingNetworks, volumes, danglingVolumes, images] = await Promise.all([
    list<PrunedContainer>(await handle.mayEver('containers:list'), 'ContainerList', {
      all: true,
      size: kinds.has('containers'),
    }),
    list<PrunedNetwork>(kinds.has('networks'), 'NetworkList'),
    list<PrunedNetwork>(kinds.has('networks'), 'NetworkList', DANGLING),
    list<PrunedVolume>(kinds.has('volumes'), 'VolumeList'),
    list<PrunedVolume>(kinds.has('volumes'), 'VolumeList', DANGLING),
    list<PrunedImage>(kinds.has('images'), 'ImageList'),
  ]);
  return {
    containers,
    seesAllContainers: await handle.mayAlways('containers:list'),
    networks,
    danglingNetworks: new Set(danglingNetworks.map(({ Id }) => Id ?? '')),
    volumes,
    danglingVolumes: new Set(danglingVolumes.map(({ Name }) => Name ?? '')),
    images,
  };
}

type ListOperation = 'ContainerList' | 'NetworkList' | 'VolumeList' | 'ImageList';
type Query = Readonly<Record<string, boolean | string>>;

const DANGLING: Query = { filters: JSON.stringify({ dangling: ['true'] }) };

async function listed<T>(
  handle: EngineHandle,
  operation: ListOperation,
  query: Query,
): Promise<readonly Loose<T>[]> {
  const { body } = await handle.json<readonly Loose<T>[] | { Volumes?: readonly Loose<T>[] | null } | null>(
    operation,
    { query, timeoutMs: 0 },
  );
  if (body === null) return [];
  return 'Volumes' in body ? (body.Volumes ?? []) : (body as readonly Loose<T>[]);
}

async function carryOut(
  handle: EngineHandle,
  { kind, id, name, sizeBytes, references }: PruneCandidate,
  dryRun: boolean,
): Promise<PruneItem> {
  const item = { kind, id, name, sizeBytes };
  if (dryRun || kind === 'buildCache') return { ...item, removed: false, reason: null };
  const [, operation, parameter] = REMOVAL[kind];
  try {
    for (const reference of references)
      await handle.json(operation, { params: { [parameter]: reference }, timeoutMs: 0 });
    return { ...item, removed: true, reason: null };
  } catch (error) {
    if (error instanceof DomainError && OF_ONE.has(error.kind))
      return { ...item, removed: false, reason: error.message };
    throw error;
  }
}

/** The build cache has no objects that could be told apart by owner: it takes a right over all of it. */
async function pruneBuildCache(
  handle: EngineHandle,
  { allImages, before }: PruneWish,
  dryRun: boolean,
): Promise<PruneItem[]> {
  if (!(await handle.mayAlways('builder:prune'))) return [];
  const item = { kind: 'buildCache', id: '', name: '' } as const;
  if (dryRun) return [{ ...item, sizeBytes: await cacheBytes(handle), removed: false, reason: null }];
  const age = Math.max(0, Math.round((Date.now() - before) / 1_000));
  const filters = Number.isFinite(before) ? { filters: JSON.stringify({ until: [`${age}s`] }) } : {};
  const { body } = await handle.json<Loose<{ CachesDeleted: string[]; SpaceReclaimed: number }>>(
    'BuildPrune',
    {
      query: { all: allImages, ...filters },
      timeoutMs: 0,
    },
  );
  return [{ ...item, sizeBytes: body.SpaceReclaimed ?? 0, removed: true, reason: null }];
}

/** @returns null where the actor may not know */
async function cacheBytes(handle: EngineHandle): Promise<number | null> {
  if (!(await handle.mayAlways('system:df'))) return null;
  const { body } = await handle.json<Loose<DfDocument>>('SystemDataUsage', {
    query: { type: 'build-cache' },
    timeoutMs: 0,
  });
  return toUsageByKind(body).find(({ kind }) => kind === 'buildCache')?.reclaimableBytes ?? 0;
}
