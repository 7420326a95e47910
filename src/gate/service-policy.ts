import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors.js';
import { compareLevels, type SecurityLevel } from '../common/security-level.js';
import type { EngineRequest } from '../engine/engine-connection.js';
import type { ServiceDocument, ServiceSpec } from '../state/swarm-documents.js';
import type { Admission } from './admission.js';
import { Authoriser } from './authoriser.js';
import { labelsOf, refuseReserved } from './created-object.js';
import { EngineFacts } from './engine-facts.js';
import { repositoryOf } from './image-names.js';
import { readBody, readDocument } from './policy/body-shape.js';
import type { ContainerSpec } from './policy/container-spec.js';
import { evaluate, requireNone, type Violation } from './policy/evaluate.js';
import { normaliseService, ofService } from './policy/normalise-service.js';
import { judgeRuntime, usesPlugin } from './policy/service-rules.js';
import { policyContext } from './policy/policy-lookups.js';
import { SERVICE_BODY, type ServiceBody } from './policy/service-body.js';
import { lostRace, ServiceChange } from './service-change.js';
import { ServiceReferences } from './service-references.js';
import { SwarmEngines } from './swarm-engines.js';

const AUTH_HEADER = 'X-Registry-Auth';
/** `{}`: to ask a registry without credentials. Without the header the engine goes on with those that it was given before. */
const NO_CREDENTIALS = 'e30=';

/** Holds what the tasks of a service will be against the security level that the actor reaches there. */
@Injectable()
export class ServicePolicy {
  constructor(
    private readonly authoriser: Authoriser,
    private readonly references: ServiceReferences,
    private readonly facts: EngineFacts,
    private readonly swarm: SwarmEngines,
  ) {}

  /**
   * @returns the request as it may be sent: what was judged, with the names in it replaced by the ids they had then
   * @throws DomainError `policy_violation` naming each rule and field; `not_found` and `forbidden` for other objects that it
   *   uses and the actor may not
   */
  async judgeCreate(admission: Admission): Promise<EngineRequest> {
    const { request, rights } = admission;
    const spec = readBody(SERVICE_BODY, request.body, 'service');
    const container = await this.containerOf(admission, spec);
    const object = this.authoriser.created(labelsOf(spec));
    const level = await rights.level('services:create', object);
    const body = await this.references.pin(admission, spec, container);
    await this.requireLevel(admission, spec, level);
    return { ...request, body };
  }

  /**
   * Judges the service as it is (a service above the actor's level is not its to change) and as it will be: the body, or for
   * a rollback the earlier spec, which the engine then goes back to.
   *
   * @throws as `judgeCreate`; `conflict` with the current version where the request is about another one, and for a rollback
   *   to nothing
   */
  async judgeUpdate(admission: Admission): Promise<EngineRequest> {
    const { request, target, actor, engine, rights } = admission;
    const id = target?.id ?? '';
    const { body: document } = await admission.connection.json<ServiceDocument>('ServiceInspect', {
      params: { id },
    });
    const { rollback, version, registryAuthFrom, ...unknown } = request.query ?? {};
    refuseQuery(unknown);
    requireVersion(document, version);
    const current = readDocument(SERVICE_BODY, document.Spec, 'service');
    const wanted = wantedSpec(document, request.body, rollback);
    const spec = readBody(SERVICE_BODY, wanted, 'service');
    const container = await this.containerOf(admission, spec);

    const before = this.authoriser.existing(actor, engine, 'service', id, labelsOf(current));
    const after = this.authoriser.existing(actor, engine, 'service', id, labelsOf(spec));
    const level = lower(
      await rights.level('services:update', before),
      await rights.level('services:update', after),
    );
    if (level === undefined) {
      throw new DomainError(
        'forbidden',
        'You need the permission services:update for a service with these labels',
      );
    }
    await this.requireLevel(admission, current, level);
    const body = await this.references.pin(admission, spec, container, current);
    await this.requireLevel(admission, spec, level);
    return {
      ...request,
      query: {
        version: String(document.Version.Index),
        ...(rollback === undefined ? {} : { rollback: 'previous' }),
        ...(registryAuthFrom === undefined ? {} : { registryAuthFrom }),
      },
      headers: rollback === undefined ? headersFor(request, spec, document) : {},
      body,
    };
  }

  private async containerOf(admission: Admission, spec: ServiceBody): Promise<ContainerSpec> {
    const { ContainerSpec } = spec.TaskTemplate ?? {};
    const ofVolumes = (ContainerSpec?.Mounts ?? []).flatMap((mount) =>
      Object.keys(mount.VolumeOptions?.Labels ?? {}),
    );
    refuseReserved([
      ...Object.keys(labelsOf(spec)),
      ...Object.keys(ContainerSpec?.Labels ?? {}),
      ...ofVolumes,
    ]);
    return normaliseService(spec, await admission.connection.apiVersion());
  }

  private async requireLevel(
    admission: Admission,
    spec: ServiceBody,
    level: SecurityLevel | undefined,
  ): Promise<void> {
    if (level === undefined)
      throw new DomainError('forbidden', 'No role binding of yours reaches this service');
    if (usesPlugin(spec) && !admission.rights.mayAlways('plugins:pull'))
      throw new DomainError('forbidden', 'You need the permission plugins:pull for a service of plugins');
    if (level === 'privileged') return; // allows everything: nothing to look up
    const container = normaliseService(spec, await admission.connection.apiVersion());
    const violations = [...judgeRuntime(spec), ...(await this.violations(admission, container, level))];
    requireNone(violations, level, 'service');
  }

  private async violations(
    admission: Admission,
    container: ContainerSpec,
    level: SecurityLevel,
  ): Promise<Violation[]> {
    const lookups = await this.facts.lookups(admission);
    const found = await evaluate(container, level, policyContext(lookups));
    const volumes = container.mounts.filter(({ kind, source }) => kind === 'volume' && source !== '');
    if (volumes.length === 0) return found.map(ofService);
    // A task takes the volume of that name which it finds where it comes to run.
    const { others, unknown } = await this.swarm.reachOf(admission.engine);
    for (const connection of others) {
      const there = {
        ...lookups,
        volume: (name: string) => this.facts.volume({ ...admission, connection }, name),
      };
      for (const violation of await evaluate(container, level, policyContext(there))) {
        const known = found.some(({ rule, field }) => rule === violation.rule && field === violation.field);
        if (!known) found.push(violation);
      }
    }
    const unseen = volumes.map(({ field }) => ({
      rule: 'unseenVolumes',
      field,
      message: `the swarm has ${unknown} nodes whose volumes Dockmaster does not know: what is mounted there may be anything`,
    }));
    return [...found, ...(unknown > 0 ? unseen : [])].map(ofService);
  }
}

function wantedSpec(
  { Spec, PreviousSpec }: ServiceDocument,
  body: unknown,
  rollback: unknown,
): ServiceSpec | undefined {
  if (rollback === undefined)
    return body instanceof ServiceChange ? body.apply(Spec) : (body as ServiceSpec | undefined);
  if (rollback !== 'previous') {
    const message = 'must be "previous"';
    throw new DomainError('invalid_input', `rollback ${message}`, {
      errors: [{ field: 'rollback', message }],
    });
  }
  if (!PreviousSpec) throw new DomainError('conflict', 'The service has no earlier spec to go back to');
  return PreviousSpec;
}

function requireVersion({ Version }: ServiceDocument, wanted: unknown): void {
  if (wanted === undefined || Number(wanted) === Version.Index) return;
  throw lostRace(Version.Index);
}

/**
 * Credentials that the engine keeps with a service are for its repository: for another one they are not used, nor shown to
 * another registry.
 */
function headersFor(
  request: EngineRequest,
  spec: ServiceBody,
  { Spec, PreviousSpec }: ServiceDocument,
): Record<string, string> {
  const given = Object.entries(request.headers ?? {}).find(
    ([name]) => name.toLowerCase() === AUTH_HEADER.toLowerCase(),
  )?.[1];
  if (given !== undefined) return { [AUTH_HEADER]: given };
  const from = request.query?.['registryAuthFrom'] === 'previous-spec' ? PreviousSpec : Spec;
  const before = from?.TaskTemplate?.ContainerSpec?.Image ?? '';
  const after = spec.TaskTemplate?.ContainerSpec?.Image ?? '';
  return repositoryOf(before) === repositoryOf(after) ? {} : { [AUTH_HEADER]: NO_CREDENTIALS };
}

function refuseQuery(unknown: object): void {
  const errors = Object.keys(unknown).map((field) => ({ field, message: 'is not a known parameter' }));
  if (errors.length > 0)
    throw new DomainError('invalid_input', 'The update has unknown parameters', { errors });
}

function lower(one: SecurityLevel | undefined, other: SecurityLevel | undefined): SecurityLevel | undefined {
  if (one === undefined || other === undefined) return undefined;
  return [one, other].sort(compareLevels)[0];
}
