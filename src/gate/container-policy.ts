import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors.js';
import type { OperationId } from '../engine/operations/index.js';
import type { Admission } from './admission.js';
import { Authoriser } from './authoriser.js';
import { labelsOf, namesOf, refuseReserved, RESERVED_LABELS } from './created-object.js';
import { ContainerReferences } from './container-references.js';
import { EngineFacts } from './engine-facts.js';
import type { ContainerFacts } from './object-finder.js';
import type { Target } from './targets.js';
import { hasTag, repositoryOf, withTag } from './image-names.js';
import { readBody } from './policy/body-shape.js';
import { CONTAINER_CONFIG_BODY } from './policy/container-body.js';
import { ServicePolicy } from './service-policy.js';
import { setsLabelsUnder } from './policy/dockerfile-labels.js';
import { judge } from './policy/evaluate.js';
import { judgeBy, TOP_RULES } from './policy/object-rules.js';
import {
  execSpec,
  normaliseCreate,
  normaliseInspect,
  normaliseUpdate,
} from './policy/normalise-container.js';
import { policyContext } from './policy/policy-lookups.js';
import type { ContainerSpec } from './policy/container-spec.js';
import { isWithinLevel, type SecurityLevel } from '../common/security-level.js';

/** Entering a container is having what it has: these are refused on one above the actor's level. */
const ENTERS_CONTAINER: ReadonlySet<OperationId> = new Set<OperationId>([
  'ContainerAttach',
  'ContainerAttachWebsocket',
  'ExecStart',
  'PutContainerArchive',
]);

/** Holds what creates, changes or enters a container against the security level that the actor reaches there. */
@Injectable()
export class ContainerPolicy {
  constructor(
    private readonly authoriser: Authoriser,
    private readonly references: ContainerReferences,
    private readonly facts: EngineFacts,
    private readonly services: ServicePolicy,
  ) {}

  /**
   * @returns the request as it may be sent: what was judged, with the names in it replaced by the ids they had then; and the
   *   level that was reached, of what goes on in a container, and the volumes that a new one brings along
   * @throws DomainError `policy_violation` naming each rule and field; `not_found` for other objects that it uses and the
   *   actor may not
   */
  async judge(admission: Admission): Promise<Pick<Admission, 'request' | 'level' | 'newVolumes'>> {
    const { request, operation, target } = admission;
    if (operation.id === 'ContainerCreate') return this.judgeCreate(admission);
    if (operation.id === 'ServiceCreate') return { request: await this.services.judgeCreate(admission) };
    if (operation.id === 'ServiceUpdate') return { request: await this.services.judgeUpdate(admission) };
    if (operation.id === 'ImageCommit') await this.judgeCommit(admission);
    const container = target?.container;
    if (container && operation.id === 'ContainerTop')
      judgeBy(
        TOP_RULES,
        request.query ?? {},
        (await this.levelOn(admission, container)) ?? 'restricted',
        'call',
      );
    const spec = target && (await specAfter(operation.id, target, request.body));
    if (!spec || !container) return { request };
    const level = await this.levelOn(admission, container);
    await this.requireLevel(admission, spec, level);
    return { request, ...(level && ENTERS_CONTAINER.has(operation.id) ? { level } : {}) };
  }

  /** @throws DomainError as `judge`, where the level is lower by now than it was, and too low for the container */
  async requireStill(admission: Admission): Promise<void> {
    const { operation, target, level: before } = admission;
    if (!target?.container || before === undefined) return;
    const level = await this.levelOn(admission, target.container);
    if (level !== undefined && isWithinLevel(before, level)) return;
    const spec = await specAfter(operation.id, target, undefined);
    if (spec) await this.requireLevel(admission, spec, level);
  }

  private levelOn(
    { actor, engine, rights, operation }: Admission,
    { id, labels }: ContainerFacts,
  ): Promise<SecurityLevel | undefined> {
    const object = this.authoriser.existing(actor, engine, 'container', id, labels);
    return rights.level(operation.permission, object);
  }

  private async judgeCreate(admission: Admission): Promise<Pick<Admission, 'request' | 'newVolumes'>> {
    const { request, rights } = admission;
    const spec = normaliseCreate(request.body);
    refuseReservedLabels(request.body);
    const { body, newVolumes } = await this.references.pin(admission, spec);
    await this.facts.refuseReservedLabelsOfImage(admission, spec.image);
    const object = this.authoriser.created(labelsOf(request.body));
    await this.requireLevel(admission, spec, await rights.level('containers:create', object));
    return { request: { ...request, body }, newVolumes };
  }

  /**
   * A commit gives a name: within the repositories that the actor may tag in, which is said before anything is looked up. It
   * moves a name that is there only for who may tag all images.
   */
  private async judgeCommit(admission: Admission): Promise<void> {
    const { repo, tag, changes } = admission.request.query ?? {};
    refuseReservedLabels(readBody(CONTAINER_CONFIG_BODY, admission.request.body ?? {}, 'configuration'));
    if (setsLabelsUnder(RESERVED_LABELS, namesOf(changes).join('\n'))) {
      throw new DomainError('invalid_input', `Labels under ${RESERVED_LABELS} are Dockmaster's own`, {
        errors: [
          { field: 'changes', message: 'must set no reserved label, nor one with a variable in its name' },
        ],
      });
    }
    if (typeof repo !== 'string' || repo === '' || admission.rights.mayAlways('images:tag')) return;
    // The image takes the labels of the container over.
    const labels = admission.target?.container?.labels ?? {};
    const repository = repositoryOf(repo);
    if (!(await admission.rights.may('images:tag', this.authoriser.created(labels, [repository]))))
      throw new DomainError('forbidden', `You need the permission images:tag in ${repository}`);
    const named = withTag(repo, tag);
    const name = hasTag(named) ? named : `${named}:latest`;
    if (!(await this.facts.image(admission, name))) return;
    throw new DomainError('forbidden', `You need the permission images:tag to move the tag ${name}`);
  }

  private async requireLevel(
    admission: Admission,
    spec: ContainerSpec,
    level: SecurityLevel | undefined,
  ): Promise<void> {
    if (level === undefined)
      throw new DomainError('forbidden', 'No role binding of yours reaches this container');
    if (level === 'privileged') return; // allows everything: nothing to look up
    await judge(spec, level, policyContext(await this.facts.lookups(admission)));
  }
}

/** What the container will be, or give access to, after the call; undefined for calls that the policy has no say in. */
async function specAfter(
  id: OperationId,
  { container, exec }: Target,
  body: unknown,
): Promise<ContainerSpec | undefined> {
  if (!container) return undefined;
  if (id === 'ContainerUpdate') return normaliseUpdate(await container.document(), body);
  if (id === 'ContainerExec') return execSpec(normaliseInspect(await container.document()), body);
  if (!ENTERS_CONTAINER.has(id)) return undefined;
  const spec = normaliseInspect(await container.document());
  // Somebody else may have made the exec, or one's level been higher then.
  return exec ? execSpec(spec, exec) : spec;
}

/** On the container and on the volumes that it brings along. The body was read before: its shape is known. */
function refuseReservedLabels(body: unknown): void {
  const { HostConfig } = body as {
    HostConfig?: {
      Mounts?: { VolumeOptions?: { Labels?: Record<string, string> | null } | null }[] | null;
    } | null;
  };
  const ofVolumes = (HostConfig?.Mounts ?? []).flatMap(({ VolumeOptions }) =>
    Object.keys(VolumeOptions?.Labels ?? {}),
  );
  refuseReserved([...Object.keys(labelsOf(body)), ...ofVolumes]);
}
