import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors.js';
import { ROLE_LABEL, VOLUME_HELPER_ROLE } from '../common/reserved-labels.js';
import type { EngineRequest } from '../engine/engine-connection.js';
import type { OperationId } from '../engine/operations/index.js';
import type { Admission } from './admission.js';
import { AttachmentPolicy } from './attachment-policy.js';
import { Authoriser } from './authoriser.js';
import { mayConnectToAll, mayUseAllVolumes } from './container-references.js';
import { createdBy, levelOfCreated, refuseReserved } from './created-object.js';
import { EngineFacts } from './engine-facts.js';
import { ImagePolicy } from './image-policy.js';
import { readBody } from './policy/body-shape.js';
import { judge } from './policy/evaluate.js';
import { normaliseCreate } from './policy/normalise-container.js';
import { NETWORK_CREATE_BODY, VOLUME_CREATE_BODY } from './policy/object-bodies.js';
import { judgeBy, NETWORK_RULES } from './policy/object-rules.js';
import { policyContext } from './policy/policy-lookups.js';
import { ServiceVolumes } from './service-volumes.js';
import { SwarmPolicy } from './swarm-policy.js';

/** Holds what makes or changes networks, volumes, images and what a swarm has against the rules of the actor's security level. */
@Injectable()
export class ObjectPolicy {
  constructor(
    private readonly authoriser: Authoriser,
    private readonly facts: EngineFacts,
    private readonly images: ImagePolicy,
    private readonly swarm: SwarmPolicy,
    private readonly serviceVolumes: ServiceVolumes,
    private readonly attachments: AttachmentPolicy,
  ) {}

  /**
   * @returns what the admission is to say then: the request as it may be sent, and the volumes that it makes
   * @throws DomainError `policy_violation` naming each rule and field; `forbidden` for a name that would be taken from
   *   somebody else; `conflict` for a volume that is there and somebody else's; `not_found` for other objects that the
   *   call uses and the actor may not
   */
  async judge(admission: Admission): Promise<Pick<Admission, 'request' | 'newVolumes'>> {
    const { request, operation } = admission;
    const created = createdBy(operation.id, request);
    if (created && !isContainerPolicys(operation.id)) refuseReserved(Object.keys(created.labels));
    switch (operation.id) {
      case 'NetworkCreate':
        return { request: await this.judgeNetwork(admission) };
      case 'NetworkConnect':
      case 'NetworkDisconnect':
        return { request: await this.attachments.judge(admission) };
      case 'VolumeCreate':
        return { request, newVolumes: await this.judgeVolume(admission) };
      case 'VolumeDelete':
        await this.requireUnmounted(admission);
        break;
      case 'ContainerPrune':
        return { request: withoutHelpers(request) };
      default:
        await this.swarm.judge(admission);
        return { request: await this.images.judge(admission) };
    }
    return { request };
  }

  /** For what goes on. @throws DomainError as `ImagePolicy.requireStill` */
  requireStill(admission: Admission): void {
    this.images.requireStill(admission);
  }

  /**
   * @returns the request, which refuses a name that a network has: engines of old make another of it, that everybody then
   *   reaches by the name. Who may connect to all gets what it asks for
   */
  private async judgeNetwork(admission: Admission): Promise<EngineRequest> {
    const { request, rights } = admission;
    const body = readBody(NETWORK_CREATE_BODY, request.body, 'network');
    judgeBy(NETWORK_RULES, body, await levelOfCreated(this.authoriser, admission), 'network');
    return mayConnectToAll(rights) ? request : { ...request, body: { ...body, CheckDuplicate: true } };
  }

  /** @returns its name where there is no such volume yet; none for one that the engine is to find a name for */
  private async judgeVolume(admission: Admission): Promise<readonly string[]> {
    const { actor, engine, rights, request } = admission;
    const body = readBody(VOLUME_CREATE_BODY, request.body, 'volume');
    const existing = body.Name && (await this.facts.volumeNamed(admission, body.Name));
    // To the engine, creating what is there is no error: it would tell of somebody else's volume, or hand it over.
    if (existing) {
      const object = this.authoriser.existing(actor, engine, 'volume', existing.id, existing.labels);
      if (!(await rights.may('volumes:get', object)))
        throw new DomainError('conflict', 'The name is taken by another volume');
    } else if (body.Name && !mayUseAllVolumes(rights)) {
      await this.serviceVolumes.requireFree(admission, body.Name);
    }
    const isNew = !existing && body.Name ? [body.Name] : [];
    const level = await levelOfCreated(this.authoriser, admission);
    if (level === 'privileged') return isNew;
    // What a container may bring along as a new volume, and nothing more, may be made beforehand.
    const mount = {
      Type: 'volume',
      Source: body.Name ?? '',
      Target: '/volume',
      VolumeOptions: { DriverConfig: { Name: body.Driver ?? '', Options: body.DriverOpts ?? {} } },
    };
    const spec = normaliseCreate({ Image: 'none', HostConfig: { Mounts: [mount] } });
    const lookups = await this.facts.lookups(admission);
    const context = policyContext({ ...lookups, volume: () => Promise.resolve(undefined) });
    await judge(spec, 'baseline', context, 'volume');
    return isNew;
  }

  private async requireUnmounted({ engine, rights, target }: Admission): Promise<void> {
    if (target && !mayUseAllVolumes(rights)) await this.serviceVolumes.requireUnused(engine, target.id);
  }
}

/** Whether the labels of what is made are looked at with the rest of its body, by the policy of containers and services. */
function isContainerPolicys(id: OperationId): boolean {
  return id === 'ContainerCreate' || id === 'ServiceCreate';
}

/** The containers by which we reach volumes never run: a prune would take them for left over. */
function withoutHelpers(request: EngineRequest): EngineRequest {
  const { filters } = request.query ?? {};
  const given = (typeof filters === 'string' ? JSON.parse(filters) : (filters ?? {})) as Record<
    string,
    unknown
  >;
  const helpers = { [`${ROLE_LABEL}=${VOLUME_HELPER_ROLE}`]: true };
  const spared = given['label!'];
  const kept = Array.isArray(spared)
    ? Object.fromEntries(spared.map((label: string) => [label, true]))
    : spared;
  return {
    ...request,
    query: { ...request.query, filters: { ...given, 'label!': { ...(kept ?? {}), ...helpers } } },
  };
}
