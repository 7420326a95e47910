import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import type { DryRunQuery } from '../common/dry-run.js';
import { type FreshQuery, toFreshness } from '../common/freshness.js';
import type { PageQuery } from '../common/pagination.js';
import type { EngineHandle } from '../gate/engine-handle.js';
import { Gate } from '../gate/gate.js';
import { listedFilter, ObjectPages } from '../http/object-pages.js';
import { rehearsed, requireFreeName } from '../swarm/dry-runs.js';
import { namedMatcher } from '../swarm/named-matcher.js';
import { serviceUses } from '../swarm/service-uses.js';
import { changeVersion } from '../swarm/versions.js';
import { CONFIGS, type ConfigRecord } from './config-catalog.js';
import type { ConfigFilter } from './config-list.inputs.js';
import type { ConfigPath } from './config-paths.js';
import type { CreateConfigInput, UpdateConfigInput } from './config.inputs.js';
import { toConfigBody, toConfigDetails } from './config.mapper.js';
import type { Config, ConfigDetails } from './config.model.js';

/** What configs there are, making and removing them, and which services use them. */
@Injectable()
export class ConfigsService {
  constructor(private readonly gate: Gate) {}

  /** A page of what the actor may see, newest first, from memory unless `fresh`. */
  async list(
    actor: Actor,
    engine: string,
    filter: ConfigFilter,
    { fresh, ...query }: PageQuery & FreshQuery,
  ): Promise<ObjectPages<ConfigRecord, Config>> {
    const view = await this.gate.as(actor).engine(engine).objects('config', { fresh });
    const from = { catalog: CONFIGS, engine, view, filter: listedFilter(filter, namedMatcher) };
    return new ObjectPages(from, query);
  }

  /** @throws DomainError `not_found` also for what the actor may not see */
  get(actor: Actor, { engine, id }: ConfigPath, { fresh }: FreshQuery = {}): Promise<ConfigDetails> {
    return inspect(this.gate.as(actor).engine(engine), id, fresh);
  }

  /** @throws DomainError `conflict` for a name that is taken */
  async create(
    actor: Actor,
    engine: string,
    input: CreateConfigInput,
    { dryRun = false }: DryRunQuery = {},
  ): Promise<ConfigDetails> {
    const body = toConfigBody(input);
    const handle = this.gate.as(actor).engine(engine);
    if (dryRun) {
      await handle.rehearse('ConfigCreate', { body });
      await requireFreeName(handle, 'config', input.name);
      const { Data, ...spec } = body;
      const freshness = toFreshness({ syncedAt: Date.now(), staleSince: undefined });
      return { ...toConfigDetails(engine, rehearsed(spec), [], freshness), raw: null };
    }
    const { body: created } = await handle.json<{ ID: string }>('ConfigCreate', { body });
    return inspect(handle, created.ID);
  }

  /** @throws DomainError `conflict` where it was changed meanwhile */
  async update(
    actor: Actor,
    { engine, id }: ConfigPath,
    { labels, version }: UpdateConfigInput,
  ): Promise<ConfigDetails> {
    const handle = this.gate.as(actor).engine(engine);
    await changeVersion(handle, { kind: 'config', id, version }, ({ ID, Spec }, at) => {
      const body = { ...Spec, Labels: labels ?? Spec.Labels ?? {} };
      return handle.json('ConfigUpdate', { params: { id: ID }, query: { version: at }, body });
    });
    return inspect(handle, id, true);
  }

  /** @throws DomainError `conflict` while services use it */
  async remove(actor: Actor, { engine, id }: ConfigPath): Promise<void> {
    await this.gate.as(actor).engine(engine).json('ConfigDelete', { params: { id } });
  }
}

async function inspect(handle: EngineHandle, id: string, fresh?: boolean): Promise<ConfigDetails> {
  const { document, ...freshness } = await handle.object('config', id, { fresh });
  const uses = await serviceUses(handle, 'config');
  return toConfigDetails(
    handle.name,
    document,
    uses && (uses.get(document.ID) ?? []),
    toFreshness(freshness),
  );
}
