import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import type { DryRunQuery } from '../common/dry-run.js';
import { type FreshQuery, toFreshness } from '../common/freshness.js';
import type { PageQuery } from '../common/pagination.js';
import type { EngineHandle, ServiceDocument, ServiceSpec } from '../gate/engine-handle.js';
import { Gate } from '../gate/gate.js';
import { listedFilter, ObjectPages } from '../http/object-pages.js';
import { registryAuth } from '../images/image-puller.js';
import { RegistryCredentialsService } from '../registries/registry-credentials.service.js';
import { SERVICES, type ServiceRecord } from './service-catalog.js';
import { serviceMatcher } from './service-filter.js';
import type { ServiceFilter } from './service-list.inputs.js';
import type { ServicePath } from './service-paths.js';
import { requireServiceOptions, toNewSpec } from './service-spec.mapper.js';
import { countTasks } from './service-tasks.js';
import type { CreateServiceInput } from './service.inputs.js';
import { toServiceDetails } from './service.mapper.js';
import type { Service, ServiceDetails, ServiceTaskCounts } from './service.model.js';

/** What services there are, making and removing them. */
@Injectable()
export class ServicesService {
  constructor(
    private readonly gate: Gate,
    private readonly credentials: RegistryCredentialsService,
  ) {}

  /** A page of what the actor may see, newest first, from memory unless `fresh`. */
  async list(
    actor: Actor,
    engine: string,
    filter: ServiceFilter,
    { fresh, ...query }: PageQuery & FreshQuery,
  ): Promise<ObjectPages<ServiceRecord, Service>> {
    const view = await this.gate.as(actor).engine(engine).objects('service', { fresh });
    return new ObjectPages(
      { catalog: SERVICES, engine, view, filter: listedFilter(filter, serviceMatcher) },
      query,
    );
  }

  /** @throws DomainError `not_found` also for what the actor may not see */
  get(actor: Actor, { engine, id }: ServicePath, { fresh }: FreshQuery = {}): Promise<ServiceDetails> {
    return inspect(this.gate.as(actor).engine(engine), id, fresh);
  }

  /**
   * @throws DomainError `invalid_input` for a service that contradicts itself, `conflict` for a name that is taken,
   *   `policy_violation` for what the actor's security level does not allow
   */
  async create(
    actor: Actor,
    engine: string,
    input: CreateServiceInput,
    { dryRun = false }: DryRunQuery = {},
  ): Promise<ServiceDetails> {
    const handle = this.gate.as(actor).engine(engine);
    requireServiceOptions(input, await handle.apiVersion('ServiceCreate', 'ServiceInspect'));
    const body = toNewSpec(input);
    const { image, registry } = input;
    const auth =
      image === undefined ? undefined : await this.credentials.authHeaderFor(actor, image, { registry });
    const request = { body, headers: registryAuth(auth) };
    if (dryRun) {
      await handle.rehearse('ServiceCreate', request);
      return planned(engine, body);
    }
    const { body: created } = await handle.json<{ ID: string; Warning?: string }>('ServiceCreate', request);
    const warnings = created.Warning ? [created.Warning] : [];
    return { ...(await inspect(handle, created.ID)), warnings };
  }

  async remove(actor: Actor, { engine, id }: ServicePath): Promise<void> {
    await this.gate.as(actor).engine(engine).json('ServiceDelete', { params: { id } });
  }
}

/** A service with all that the actor may see of it. */
export async function inspect(handle: EngineHandle, id: string, fresh?: boolean): Promise<ServiceDetails> {
  const { document, ...freshness } = await handle.object('service', id, { fresh });
  const object = { id: document.ID, labels: document.Spec.Labels ?? {} };
  const readable = await handle.allowed('service', ['services:readEnvironment'], [object]);
  return toServiceDetails(
    handle.name,
    document,
    await countsOf(handle, document),
    toFreshness(freshness),
    readable.has(document.ID),
  );
}

/** Null where the actor may see no tasks at all. */
async function countsOf(handle: EngineHandle, document: ServiceDocument): Promise<ServiceTaskCounts | null> {
  if (!(await handle.mayEver('tasks:list'))) return null;
  const { records } = await handle.objects('task');
  const own = records.filter(({ kept }) => kept.ServiceID === document.ID);
  return countTasks(
    document,
    own.map(({ kept }) => kept),
  );
}

function planned(engine: string, spec: ServiceSpec): ServiceDetails {
  const now = new Date().toISOString();
  const document = { ID: '', Version: { Index: 0 }, CreatedAt: now, UpdatedAt: now, Spec: spec };
  const freshness = toFreshness({ syncedAt: Date.now(), staleSince: undefined });
  return { ...toServiceDetails(engine, document, null, freshness, true), raw: null };
}
