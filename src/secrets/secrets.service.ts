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
import { SECRETS, type SecretRecord } from './secret-catalog.js';
import type { SecretFilter } from './secret-list.inputs.js';
import type { SecretPath } from './secret-paths.js';
import type { CreateSecretInput, UpdateSecretInput } from './secret.inputs.js';
import { toSecretBody, toSecretDetails } from './secret.mapper.js';
import type { Secret, SecretDetails } from './secret.model.js';

/** What secrets there are, making and removing them, and which services use them. */
@Injectable()
export class SecretsService {
  constructor(private readonly gate: Gate) {}

  /** A page of what the actor may see, newest first, from memory unless `fresh`. */
  async list(
    actor: Actor,
    engine: string,
    filter: SecretFilter,
    { fresh, ...query }: PageQuery & FreshQuery,
  ): Promise<ObjectPages<SecretRecord, Secret>> {
    const view = await this.gate.as(actor).engine(engine).objects('secret', { fresh });
    const from = { catalog: SECRETS, engine, view, filter: listedFilter(filter, namedMatcher) };
    return new ObjectPages(from, query);
  }

  /** @throws DomainError `not_found` also for what the actor may not see */
  get(actor: Actor, { engine, id }: SecretPath, { fresh }: FreshQuery = {}): Promise<SecretDetails> {
    return inspect(this.gate.as(actor).engine(engine), id, fresh);
  }

  /** @throws DomainError `conflict` for a name that is taken */
  async create(
    actor: Actor,
    engine: string,
    input: CreateSecretInput,
    { dryRun = false }: DryRunQuery = {},
  ): Promise<SecretDetails> {
    const body = toSecretBody(input);
    const handle = this.gate.as(actor).engine(engine);
    if (dryRun) {
      await handle.rehearse('SecretCreate', { body });
      await requireFreeName(handle, 'secret', input.name);
      const { Data, ...spec } = body;
      const freshness = toFreshness({ syncedAt: Date.now(), staleSince: undefined });
      return { ...toSecretDetails(engine, rehearsed(spec), [], freshness), raw: null };
    }
    const { body: created } = await handle.json<{ ID: string }>('SecretCreate', { body });
    return inspect(handle, created.ID);
  }

  /** @throws DomainError `conflict` where it was changed meanwhile */
  async update(
    actor: Actor,
    { engine, id }: SecretPath,
    { labels, version }: UpdateSecretInput,
  ): Promise<SecretDetails> {
    const handle = this.gate.as(actor).engine(engine);
    await changeVersion(handle, { kind: 'secret', id, version }, ({ ID, Spec }, at) => {
      const body = { ...Spec, Labels: labels ?? Spec.Labels ?? {} };
      return handle.json('SecretUpdate', { params: { id: ID }, query: { version: at }, body });
    });
    return inspect(handle, id, true);
  }

  /** @throws DomainError `conflict` while services use it */
  async remove(actor: Actor, { engine, id }: SecretPath): Promise<void> {
    await this.gate.as(actor).engine(engine).json('SecretDelete', { params: { id } });
  }
}

async function inspect(handle: EngineHandle, id: string, fresh?: boolean): Promise<SecretDetails> {
  const { document, ...freshness } = await handle.object('secret', id, { fresh });
  const uses = await serviceUses(handle, 'secret');
  return toSecretDetails(
    handle.name,
    document,
    uses && (uses.get(document.ID) ?? []),
    toFreshness(freshness),
  );
}
