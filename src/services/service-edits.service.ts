import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import {
  type EngineHandle,
  type EngineRequest,
  lostRace,
  ServiceChange,
  type ServiceSpec,
} from '../gate/engine-handle.js';
import { Gate } from '../gate/gate.js';
import { registryAuth } from '../images/image-puller.js';
import { RegistryCredentialsService } from '../registries/registry-credentials.service.js';
import type { ServicePath } from './service-paths.js';
import { requireServiceOptions, toNewSpec, withOptions } from './service-spec.mapper.js';
import type { ReplaceServiceInput, ServiceOptionsInput, UpdateServiceInput } from './service.inputs.js';
import type { ScaleServiceInput, ServiceVersionInput } from './service-edits.inputs.js';
import { modeOf } from './service-mode.js';
import type { ServiceDetails } from './service.model.js';
import { inspect } from './services.service.js';

/** How often a change that holds whatever else was changed is tried again. Each update of a task's state is a version. */
const MOST_ATTEMPTS = 5;

interface Edit {
  /** The version that the caller has seen; undefined for any. */
  readonly version: number | undefined;
  readonly apply: (spec: ServiceSpec) => ServiceSpec;
  /** Whether nothing of the caller's decision is lost where it is made upon what others changed meanwhile. */
  readonly repeats?: boolean;
  readonly headers?: EngineRequest['headers'];
}

/**
 * Changes of services. Each is made upon the service as it is, and taken by the engine only if that is still so: none
 * overwrites another's.
 *
 * All throw DomainError `conflict` with the current version where the service was changed meanwhile.
 */
@Injectable()
export class ServiceEditsService {
  constructor(
    private readonly gate: Gate,
    private readonly credentials: RegistryCredentialsService,
  ) {}

  /** @throws DomainError `invalid_input` for a service that would contradict itself */
  async update(actor: Actor, path: ServicePath, input: UpdateServiceInput): Promise<ServiceDetails> {
    const { version, ...options } = input;
    const handle = this.gate.as(actor).engine(path.engine);
    requireServiceOptions(options, await handle.apiVersion('ServiceUpdate', 'ServiceInspect'));
    const headers = await this.headersFor(actor, handle, path.id, options);
    return this.edit(handle, path.id, { version, headers, apply: (spec) => withOptions(spec, options) });
  }

  /** @throws as `update` */
  async replace(actor: Actor, path: ServicePath, input: ReplaceServiceInput): Promise<ServiceDetails> {
    const { version, ...options } = input;
    const handle = this.gate.as(actor).engine(path.engine);
    requireServiceOptions(options, await handle.apiVersion('ServiceUpdate', 'ServiceInspect'));
    const headers = await this.headersFor(actor, handle, path.id, options);
    return this.edit(handle, path.id, {
      version,
      headers,
      apply: ({ Name = '', Mode, TaskTemplate }) =>
        // Without the counter as it was, the tasks would be replaced though nothing else had changed.
        withForceUpdate(
          { ...toNewSpec({ ...options, name: Name }), ...(options.mode ? {} : { Mode: Mode ?? {} }) },
          options.forceUpdate ?? TaskTemplate?.ForceUpdate ?? 0,
        ),
    });
  }

  /** @throws DomainError `conflict` for a global service, which has one task on each node */
  scale(actor: Actor, path: ServicePath, { replicas, version }: ScaleServiceInput): Promise<ServiceDetails> {
    const handle = this.gate.as(actor).engine(path.engine);
    return this.edit(handle, path.id, {
      version,
      repeats: true,
      apply: (spec) => withReplicas(spec, replicas),
    });
  }

  /** Replaces all tasks, though nothing else changes. A job is run once more. */
  restart(actor: Actor, path: ServicePath, { version }: ServiceVersionInput): Promise<ServiceDetails> {
    const handle = this.gate.as(actor).engine(path.engine);
    return this.edit(handle, path.id, {
      version,
      repeats: true,
      apply: (spec) => withForceUpdate(spec, (spec.TaskTemplate?.ForceUpdate ?? 0) + 1),
    });
  }

  /** @throws DomainError `conflict` where there is no earlier version */
  async rollback(
    actor: Actor,
    { engine, id }: ServicePath,
    { version }: ServiceVersionInput,
  ): Promise<ServiceDetails> {
    const handle = this.gate.as(actor).engine(engine);
    await handle.requireEver('ServiceUpdate', 'ServiceInspect');
    await this.send(handle, id, { query: { version, rollback: 'previous' } });
    return inspect(handle, id, true);
  }

  private async edit(
    handle: EngineHandle,
    id: string,
    { version, apply, repeats = false, headers = {} }: Edit,
  ): Promise<ServiceDetails> {
    await handle.requireEver('ServiceUpdate', 'ServiceInspect');
    for (let attempt = 1; ; attempt++) {
      try {
        const warnings = await this.send(handle, id, {
          query: { version },
          body: new ServiceChange(apply),
          headers,
        });
        return { ...(await inspect(handle, id, true)), warnings };
      } catch (error) {
        const again = repeats && version === undefined && attempt < MOST_ATTEMPTS;
        if (!(error instanceof LostRace) || !again) throw error;
      }
    }
  }

  private async send(handle: EngineHandle, id: string, request: EngineRequest): Promise<string[]> {
    try {
      const { body } = await handle.json<{ Warnings?: string[] | null }>('ServiceUpdate', {
        params: { id },
        ...request,
      });
      return body.Warnings ?? [];
    } catch (error) {
      const isLost = error instanceof DomainError && /update out of sequence/i.test(error.message);
      if (!isLost) throw error;
      const { document } = await handle.object('service', id, { fresh: true });
      throw new LostRace(document.Version.Index);
    }
  }

  /** The credentials for the image that is named, or for the one that there is where a registry is chosen. */
  private async headersFor(
    actor: Actor,
    handle: EngineHandle,
    id: string,
    { image, registry }: ServiceOptionsInput,
  ): Promise<Record<string, string>> {
    if (image === undefined && registry === undefined) return {};
    const named =
      image ?? (await handle.object('service', id)).document.Spec.TaskTemplate?.ContainerSpec?.Image ?? '';
    return registryAuth(await this.credentials.authHeaderFor(actor, named, { registry }));
  }
}

/** Somebody else was quicker, between our reading and the engine's taking of it. */
class LostRace extends DomainError {
  constructor(version: number) {
    const { kind, message, errors } = lostRace(version);
    super(kind, message, { errors: [...errors] });
  }
}

function withForceUpdate(spec: ServiceSpec, ForceUpdate: number): ServiceSpec {
  return { ...spec, TaskTemplate: { ...spec.TaskTemplate, ForceUpdate } };
}

function withReplicas(spec: ServiceSpec, replicas: number): ServiceSpec {
  switch (modeOf(spec)) {
    case 'replicated':
      return { ...spec, Mode: { Replicated: { Replicas: replicas } } };
    case 'replicatedJob':
      return {
        ...spec,
        Mode: { ReplicatedJob: { ...spec.Mode?.ReplicatedJob, TotalCompletions: replicas } },
      };
    default:
      throw new DomainError('conflict', 'A global service has one task on each node: it cannot be scaled');
  }
}
