import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import type { DryRunQuery } from '../common/dry-run.js';
import { DomainError } from '../common/errors.js';
import { type FreshQuery, toFreshness } from '../common/freshness.js';
import type { PageQuery } from '../common/pagination.js';
import { removeIfUnused } from '../common/remove-if-unused.js';
import { labelMatcher } from '../containers/container-filter.js';
import type { EngineHandle } from '../gate/engine-handle.js';
import { Gate } from '../gate/gate.js';
import { listedFilter, ObjectPages } from '../http/object-pages.js';
import { VOLUMES, type VolumeRecord } from './volume-catalog.js';
import { volumeMatcher } from './volume-filter.js';
import type { VolumeFilter } from './volume-list.inputs.js';
import type { VolumePath } from './volume-paths.js';
import type {
  CreateVolumeInput,
  PruneVolumesInput,
  RemoveVolumeInput,
  UpdateVolumeInput,
} from './volume.inputs.js';
import { toVolume, toVolumeDetails, usersOf, volumesIn } from './volume.mapper.js';
import type { Volume, VolumeDetails, VolumePruneResult, VolumeUser } from './volume.model.js';

/** A name that the engine made up: of a volume that came with a container. */
const MADE_UP = /^[0-9a-f]{64}$/;

/** States in which a container's processes have its volumes; paused also by ourselves. */
const RUNS = new Set(['running', 'paused', 'restarting']);

/** What volumes there are, and making, changing and removing them. What is in them is in the services beside this. */
@Injectable()
export class VolumesService {
  constructor(private readonly gate: Gate) {}

  /** A page of what the actor may see, newest first, from memory unless `fresh`. */
  async list(
    actor: Actor,
    engine: string,
    filter: VolumeFilter,
    { fresh, ...query }: PageQuery & FreshQuery,
  ): Promise<ObjectPages<VolumeRecord, Volume>> {
    const handle = this.gate.as(actor).engine(engine);
    const view = await handle.objects('volume', { fresh });
    // Which are in use changes with the containers: their revision is a part of the question.
    const containers =
      filter.dangling === undefined ? undefined : await handle.objects('container', { fresh });
    const matcher = (wanted: VolumeFilter) => volumeMatcher(wanted, volumesIn(containers?.records ?? []));
    return new ObjectPages(
      {
        catalog: VOLUMES,
        engine,
        view,
        filter: listedFilter(filter, matcher, containers?.revision),
      },
      query,
    );
  }

  /** @throws DomainError `not_found` also for what the actor may not see */
  async get(actor: Actor, { engine, name }: VolumePath, { fresh }: FreshQuery = {}): Promise<VolumeDetails> {
    return this.inspect(this.gate.as(actor).engine(engine), name, fresh);
  }

  /** @throws DomainError `conflict` where there is a volume of this name: the engine would hand that out as the new one */
  async create(
    actor: Actor,
    engine: string,
    input: CreateVolumeInput,
    { dryRun = false }: DryRunQuery = {},
  ): Promise<VolumeDetails> {
    const handle = this.gate.as(actor).engine(engine);
    const { name, driver = 'local', driverOptions, labels } = input;
    const body = { Name: name, Driver: driver, DriverOpts: driverOptions, Labels: labels };
    if (dryRun) await handle.rehearse('VolumeCreate', { body });
    if (name !== undefined) await requireNew(handle, name);
    if (dryRun) return planned(engine, input);
    const { body: created } = await handle.json<{ Name: string }>('VolumeCreate', { body, timeoutMs: 0 });
    return this.inspect(handle, created.Name);
  }

  /** @throws DomainError `not_supported` for a volume of one engine */
  async update(
    actor: Actor,
    { engine, name }: VolumePath,
    { availability, version }: UpdateVolumeInput,
  ): Promise<VolumeDetails> {
    const handle = this.gate.as(actor).engine(engine);
    await handle.requireEver('VolumeUpdate', 'VolumeInspect');
    const { document } = await handle.object('volume', name, { fresh: true });
    const cluster = document.ClusterVolume as
      { Version?: { Index?: number }; Spec?: Record<string, unknown> } | null | undefined;
    if (!cluster) {
      // Also this is for those only who could change it.
      await handle.rehearse('VolumeUpdate', { params: { name } });
      throw new DomainError('not_supported', 'Only cluster volumes can be changed');
    }
    await handle.json('VolumeUpdate', {
      params: { name },
      query: { version: version ?? cluster.Version?.Index ?? 0 },
      body: { Spec: { ...cluster.Spec, Availability: availability } },
    });
    return this.inspect(handle, name, true);
  }

  async remove(actor: Actor, { engine, name }: VolumePath, { force }: RemoveVolumeInput): Promise<void> {
    await this.gate
      .as(actor)
      .engine(engine)
      .json('VolumeDelete', { params: { name }, query: { force }, timeoutMs: 0 });
  }

  /**
   * Removes volumes that no container has, one by one: each is authorised and recorded, and only what the actor may remove
   * goes. The engine's own prune would ask nobody.
   */
  async prune(
    actor: Actor,
    engine: string,
    { label, named = false }: PruneVolumesInput,
    { dryRun = false }: DryRunQuery = {},
  ): Promise<VolumePruneResult> {
    const handle = this.gate.as(actor).engine(engine);
    await handle.requireEver('VolumePrune', 'VolumeDelete');
    const meetsLabels = labelMatcher(label);
    const { records } = await handle.objects('volume', { fresh: true });
    const used = volumesIn((await handle.objects('container', { fresh: true })).records);
    const wanted = records.filter(
      ({ id, labels }) => !used.has(id) && (named || MADE_UP.test(id)) && meetsLabels(labels),
    );
    const allowed = await handle.allowed('volume', ['volumes:prune', 'volumes:delete'], wanted);
    const names = wanted.map(({ id }) => id).filter((id) => allowed.has(id));
    if (dryRun) return { deleted: names };
    const deleted: string[] = [];
    for (const name of names) {
      const remove = () => handle.json('VolumeDelete', { params: { name }, timeoutMs: 0 });
      if (await removeIfUnused(remove)) deleted.push(name);
    }
    return { deleted };
  }

  /** Who has the volume, as far as the actor may see; null where it may see no containers at all. */
  async usersOf(handle: EngineHandle, name: string): Promise<VolumeUser[] | null> {
    if (!(await handle.mayEver('containers:list'))) return null;
    return usersOf(name, (await handle.objects('container')).records);
  }

  /** Names of the containers that run with the volume, as far as the actor may see. */
  async runningWith(handle: EngineHandle, name: string): Promise<string[]> {
    const users = (await this.usersOf(handle, name)) ?? [];
    return users.filter(({ state }) => RUNS.has(state)).map((user) => user.name);
  }

  private async inspect(handle: EngineHandle, name: string, fresh?: boolean): Promise<VolumeDetails> {
    const { document, ...freshness } = await handle.object('volume', name, { fresh });
    const inUseBy = await this.usersOf(handle, document.Name);
    return toVolumeDetails(handle.name, document, inUseBy, toFreshness(freshness));
  }
}

/** @throws DomainError `conflict` where the actor may see a volume of this name; the gate looks after the others */
export async function requireNew(handle: EngineHandle, name: string): Promise<void> {
  const { records } = await handle.objects('volume');
  if (records.some(({ id }) => id === name))
    throw new DomainError('conflict', `There is a volume ${name} already`);
}

function planned(engine: string, { name = '', driver = 'local', driverOptions, labels }: CreateVolumeInput) {
  const document = { Name: name, Driver: driver, Mountpoint: '', Scope: '', Labels: labels ?? {} };
  return {
    ...toVolume(engine, { ...document, Options: driverOptions ?? {} }),
    ...toFreshness({ syncedAt: Date.now(), staleSince: undefined }),
    inUseBy: [],
    status: null,
    cluster: null,
    raw: null,
  };
}
