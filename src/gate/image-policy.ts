import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors.js';
import type { EngineRequest } from '../engine/engine-connection.js';
import type { Admission } from './admission.js';
import { Authoriser } from './authoriser.js';
import { levelOfCreated, namesOf, RESERVED_LABELS } from './created-object.js';
import { EngineFacts } from './engine-facts.js';
import { givenBy } from './given-names.js';
import { hasTag, isImageId, repositoryOf } from './image-names.js';
import { ObjectFinder } from './object-finder.js';
import { setsLabelsUnder } from './policy/dockerfile-labels.js';
import { evaluate, requireNone } from './policy/evaluate.js';
import { aboutBuild, normaliseBuild } from './policy/normalise-build.js';
import { BUILD_RULES, IMPORT_RULES, judgeBy } from './policy/object-rules.js';
import { policyContext } from './policy/policy-lookups.js';

/** Holds what names, fetches, builds and removes images against the rules of the actor's security level, and the rights to each name. */
@Injectable()
export class ImagePolicy {
  constructor(
    private readonly authoriser: Authoriser,
    private readonly finder: ObjectFinder,
    private readonly facts: EngineFacts,
  ) {}

  /**
   * @returns the request as it may be sent
   * @throws DomainError `policy_violation` naming each rule and field; `forbidden` for a name that would be taken from somebody
   *   else
   */
  async judge(admission: Admission): Promise<EngineRequest> {
    const { request, operation } = admission;
    switch (operation.id) {
      case 'ImageDelete':
        return this.withoutParentsOfOthers(admission);
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
        return this.judgeBuild(admission);
      case 'Session':
      case 'BuildKitGrpc':
        await this.judgeBuildKit(admission);
        break;
      default:
    }
    return request;
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

  /** With an image, engines remove those that it was made from, as far as they have no names: those stay that the actor may not remove. */
  private async withoutParentsOfOthers(admission: Admission): Promise<EngineRequest> {
    const { actor, engine, connection, rights, request, target } = admission;
    if (rights.mayAlways('images:delete') || !target) return request;
    const seen = new Set<string>();
    for (let id = target.id; id !== '' && !seen.has(id);) {
      seen.add(id);
      const image = await this.finder.find(connection, 'image', id, { seesAll: true });
      // The engine stops at one that has a name.
      if (!image || (id !== target.id && image.name !== '')) break;
      const object = this.authoriser.existing(actor, engine, 'image', id, image.labels, image.repositories);
      if (id !== target.id && !(await rights.may('images:delete', object)))
        return { ...request, query: { ...request.query, noprune: true } };
      id = (await image.document()).Parent;
    }
    return request;
  }

  /** What an engine fetches, and under which names it keeps it. */
  private async judgeFetch(admission: Admission): Promise<void> {
    const { rights, request } = admission;
    const { query = {} } = request;
    judgeBy(IMPORT_RULES, query, await levelOfCreated(this.authoriser, admission), 'import');
    const [name = ''] = namesOf(query['fromImage']);
    const pullsAll = name !== '' && !hasTag(name) && namesOf(query['tag']).length === 0;
    if (pullsAll && !rights.mayAlways('images:pull'))
      throw new DomainError(
        'forbidden',
        'You need the permission images:pull on all images to pull every tag',
      );
  }

  private async judgeBuild(admission: Admission): Promise<EngineRequest> {
    const { request } = admission;
    requireBuilder(admission);
    const { steps, query } = normaliseBuild(request.query ?? {});
    const level = await levelOfCreated(this.authoriser, admission);
    judgeBy(BUILD_RULES, query, level, 'build');
    if (level !== 'privileged') {
      const context = policyContext(await this.facts.lookups(admission));
      requireNone((await evaluate(steps, level, context)).map(aboutBuild), level, 'build');
    }
    await this.requireNames(admission);
    return { ...request, query };
  }

  /** What it builds is not looked at: nothing, where nothing may be built. */
  private async judgeBuildKit(admission: Admission): Promise<void> {
    requireBuildKit(admission);
    const level = await admission.rights.level('builder:control', this.authoriser.created({}));
    judgeBy(BUILD_RULES, {}, level ?? 'restricted', 'build');
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
