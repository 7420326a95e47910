import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors.js';
import { ROLE_LABEL, VOLUME_HELPER_ROLE } from '../common/reserved-labels.js';
import type { EngineRequest } from '../engine/engine-connection.js';
import type { OperationId } from '../engine/operations/index.js';
import type { Admission } from './admission.js';
import { AttachmentPolicy } from './attachment-policy.js';
import { Authoriser } from './authoriser.js';
import { mayConnectToAll, mayUseAllVolumes } from './container-references.js';
import { createdBy, namesOf, refuseReserved, RESERVED_LABELS } from './created-object.js';
import { EngineFacts } from './engine-facts.js';
import { givenBy } from './given-names.js';
import { hasTag, isImageId, repositoryOf } from './image-names.js';
import { ObjectFinder } from './object-finder.js';
import { readBody } from './policy/body-shape.js';
import { setsLabelsUnder } from './policy/dockerfile-labels.js';
import { judge } from './policy/evaluate.js';
import { normaliseCreate } from './policy/normalise-container.js';
import { NETWORK_CREATE_BODY, VOLUME_CREATE_BODY } from './policy/object-bodies.js';
import { BUILD_RULES, IMPORT_RULES, judgeBy, NETWORK_RULES } from './policy/object-rules.js';
import { policyContext } from './policy/policy-lookups.js';
import { ServiceVolumes } from './service-volumes.js';
import { SwarmPolicy } from './swarm-policy.js';

/** Holds what makes or changes networks, volumes, images and what a swarm has against the rules of the actor's security level. */
@Injectable()
export class ObjectPolicy {
  constructor(
    private readonly authoriser: Authoriser,
    private readonly finder: ObjectFinder,
    private readonly facts: EngineFacts,
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
      case 'ImagePush':
        requirePushOfOne(admission);
        break;
      case 'ImageTag':
        await this.requireNames(admission);
        break;
      case 'ImageCreate':
        refuseReservedChanges(request);
        await this.judgeFetch(admission);
        await this.requireNames(admission);
        break;
      case 'ImageBuild':
        await this.judgeBuild(admission);
        break;
      case 'Session':
        requireBuildKit(admission);
        break;
      case 'ContainerPrune':
        return { request: withoutHelpers(request) };
      default:
        await this.swarm.judge(admission);
    }
    return { request };
  }

  /**
   * For what goes on: what is made was judged once, the rights to what it is made of are needed all the time.
   *
   * @throws DomainError `forbidden`
   */
  requireStill(admission: Admission): void {
    if (admission.operation.id === 'Session') requireBuildKit(admission);
    if (admission.operation.id === 'ImageBuild') requireBuilder(admission);
  }

  /**
   * @returns the request, which refuses a name that a network has: engines of old make another of it, that everybody then
   *   reaches by the name. Who may connect to all gets what it asks for
   */
  private async judgeNetwork(admission: Admission): Promise<EngineRequest> {
    const { request, rights } = admission;
    const body = readBody(NETWORK_CREATE_BODY, request.body, 'network');
    judgeBy(NETWORK_RULES, body, await this.levelOfCreated(admission), 'network');
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
    const level = await this.levelOfCreated(admission);
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

  /** What an engine fetches, and under which names it keeps it. */
  private async judgeFetch(admission: Admission): Promise<void> {
    const { rights, request } = admission;
    const { query = {} } = request;
    judgeBy(IMPORT_RULES, query, await this.levelOfCreated(admission), 'import');
    const [name = ''] = namesOf(query['fromImage']);
    const pullsAll = name !== '' && !hasTag(name) && namesOf(query['tag']).length === 0;
    if (pullsAll && !rights.mayAlways('images:pull'))
      throw new DomainError(
        'forbidden',
        'You need the permission images:pull on all images to pull every tag',
      );
  }

  private async judgeBuild(admission: Admission): Promise<void> {
    const { query = {} } = admission.request;
    requireBuilder(admission);
    judgeBy(BUILD_RULES, query, await this.levelOfCreated(admission), 'build');
    await this.requireNames(admission);
  }

  /** A name that an image has is taken from it: for that, one needs as much right on that image as to tag it. */
  private async requireNames({
    actor,
    engine,
    connection,
    rights,
    target,
    operation,
    request,
  }: Admission): Promise<void> {
    for (const name of givenBy(operation.id, request)?.names ?? []) {
      const repositories = [repositoryOf(name)];
      if (operation.id === 'ImageTag') {
        const { id = '', labels = {} } = target?.object ?? {};
        const named = this.authoriser.existing(actor, engine, 'image', id, labels, repositories);
        if (!(await rights.may('images:tag', named)))
          throw new DomainError('forbidden', `You need the permission images:tag in ${repositories.join()}`);
      }
      const there = await this.finder.find(connection, 'image', inFull(name), { seesAll: true });
      if (!there || there.id === target?.object?.id) continue;
      const object = this.authoriser.existing(actor, engine, 'image', there.id, there.labels, repositories);
      if (await rights.may('images:tag', object)) continue;
      if (operation.id === 'ImageCreate' && (await rights.may('images:pull', object))) continue;
      throw new DomainError('forbidden', `You need the permission images:tag to move the name ${name}`);
    }
  }

  private async levelOfCreated({ rights, operation, request }: Admission) {
    const { labels = {}, repositories } = createdBy(operation.id, request) ?? {};
    return (
      (await rights.level(operation.permission, this.authoriser.created(labels, repositories))) ??
      'restricted'
    );
  }
}

/** Whether the labels of what is made are looked at with the rest of its body, by the policy of containers and services. */
function isContainerPolicys(id: OperationId): boolean {
  return id === 'ContainerCreate' || id === 'ServiceCreate';
}

/** Values of ImageBuild's `version`. */
const CLASSIC_BUILDER: readonly unknown[] = [undefined, '', '1', 1];

/**
 * Without a tag the engine pushes all that there are, also those of images that the actor may not see.
 *
 * @throws DomainError `forbidden` unless the actor may push every image
 */
function requirePushOfOne({ request, rights }: Admission): void {
  const name = request.params?.['name'] ?? '';
  const isOne = hasTag(name) || isImageId(name) || namesOf(request.query?.['tag']).length > 0;
  if (isOne || rights.mayAlways('images:push')) return;
  throw new DomainError('forbidden', 'You need the permission images:push on all images to push every tag');
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

/** @throws DomainError `forbidden` unless the actor may use what every build can use, and the builder that it asks for */
function requireBuilder(admission: Admission): void {
  if (!admission.rights.mayAlways('images:get'))
    throw new DomainError('forbidden', 'A build can use every image as its base: you need images:get on all');
  // BuildKit takes its orders on a session of its own, past what is looked at here.
  if (!CLASSIC_BUILDER.includes(admission.request.query?.['version'])) requireBuildKit(admission);
}

/** @throws DomainError `forbidden` unless the actor may give BuildKit orders */
function requireBuildKit({ rights }: Admission): void {
  if (!rights.mayAlways('builder:control'))
    throw new DomainError('forbidden', 'You need the permission builder:control to build with BuildKit');
}

/** What is named here is always a name, though it may look like the start of an id. */
function inFull(name: string): string {
  return isImageId(name) ? `${name}:latest` : name;
}

/** `changes` of an import are instructions of a Dockerfile. */
function refuseReservedChanges({ query = {} }: EngineRequest): void {
  const changes = namesOf(query['changes']).join('\n');
  if (!setsLabelsUnder(RESERVED_LABELS, changes)) return;
  throw new DomainError('invalid_input', `Labels under ${RESERVED_LABELS} are Dockmaster's own`, {
    errors: [
      { field: 'changes', message: 'must set no reserved label, nor one with a variable in its name' },
    ],
  });
}
