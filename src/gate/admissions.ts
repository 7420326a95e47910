import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { DomainError, type ErrorKind, notFound } from '../common/errors.js';
import type { Permission } from '../common/permissions.js';
import type { EngineRequest } from '../engine/engine-connection.js';
import { EngineRegistry } from '../engine/engine-registry.js';
import {
  type Operation,
  operation as operationOf,
  type OperationId,
  permissionsFor,
} from '../engine/operations/index.js';
import type { Admission } from './admission.js';
import { subjectOf } from './audit-subject.js';
import { Authoriser } from './authoriser.js';
import { addressedTo, namesIn, namesNotOne, withId } from './call-targets.js';
import { ContainerPolicy } from './container-policy.js';
import { GivenNames } from './given-names.js';
import { ObjectPolicy } from './object-policy.js';
import type { ContainerFacts } from './object-finder.js';
import { inspectedBy, LIST } from './reading-operations.js';
import { type OpenRecord, Recorder } from './recorder.js';
import { requireEver, RequiredRights } from './required-rights.js';
import type { Rights } from './rights.js';
import { SavedImages } from './saved-images.js';
import { SHOWN } from './shown-objects.js';
import { isWatched, type Target, TargetResolver } from './targets.js';

/**
 * Operations on many objects whose answer is cut down to what the actor may see (visibility.ts, answer-cuts.ts), and those
 * that tell nothing of any.
 */
export const FILTERED: ReadonlySet<OperationId> = new Set<OperationId>([
  ...Object.values(LIST),
  'SystemEvents',
  'SystemPing',
  'SystemPingHead',
  'SystemVersion',
]);

/** The same for who passes the engine's own document on, which lacks a part then; services make sums of them, and need all. */
const CUT_WHEN_PASSED_ON: ReadonlySet<OperationId> = new Set<OperationId>(['SystemInfo', 'SystemDataUsage']);

/** What an admission depends on besides the request. */
export interface AdmissionOptions {
  /** Whether the whole answer is passed on, cut down to what the actor may see. */
  readonly passesOn?: boolean | undefined;
  /** Of a create, the container in whose place it is, whose removal was admitted. */
  readonly replaces?: ContainerFacts | undefined;
}

/** What a record of a call says, as far as that is known. */
interface About extends Pick<Admission, 'actor' | 'engine' | 'operation'> {
  target: Target | undefined;
  request: EngineRequest;
}

/** Decides on calls to engines, in one place: who, what, on which target, with which spec. Refusals are recorded. */
@Injectable()
export class Admissions {
  constructor(
    private readonly engines: EngineRegistry,
    private readonly authoriser: Authoriser,
    private readonly targets: TargetResolver,
    private readonly required: RequiredRights,
    private readonly containerPolicy: ContainerPolicy,
    private readonly objectPolicy: ObjectPolicy,
    private readonly givenNames: GivenNames,
    private readonly saved: SavedImages,
    private readonly recorder: Recorder,
  ) {}

  /**
   * @throws DomainError `not_found` for what does not exist or may not be seen, `forbidden` for what may be seen but not
   *   done, `policy_violation` for what the actor's security level does not allow
   */
  async admit(
    actor: Actor,
    engine: string,
    id: OperationId,
    request: EngineRequest,
    { passesOn = false, replaces }: AdmissionOptions = {},
  ): Promise<Admission> {
    const operation = operationOf(id);
    const about: About = { actor, engine, operation, target: undefined, request };
    let judged = false;
    try {
      const rights = await this.rightsOn(actor, engine);
      const permissions = permissionsFor(operation, request.query ?? {});
      requireEver(rights, operation, request);
      const connection = this.engines.get(engine);
      const targets = await this.targetsOf(about, { rights, permissions, connection });
      const needsNoRightOnAll = FILTERED.has(id) || (passesOn && CUT_WHEN_PASSED_ON.has(id));
      if (targets.length === 0 && !needsNoRightOnAll)
        await this.required.withoutTarget(rights, permissions, id, request);
      const addressed = addressedTo(targets, operation, request);
      const admission = {
        actor,
        engine,
        connection,
        rights,
        ...addressed,
        ...(replaces ? { replaces } : {}),
      };
      judged = true;
      const entered = { ...admission, ...(await this.containerPolicy.judge(admission)) };
      const made = { ...entered, ...(await this.objectPolicy.judge(entered)) };
      await this.givenNames.judge(made);
      return made;
    } catch (error) {
      // What the policy does not know, or keeps for Dockmaster itself, is refused too.
      const refusedByPolicy =
        judged && isDomainError(error, id === 'VolumeCreate' ? TAKEN : ['invalid_input']);
      if (isRefusal(error) || refusedByPolicy) await this.recorder.refusal(subjectOf(about), error);
      throw error;
    }
  }

  /**
   * @param request names what is looked at, of an operation that looks at one object
   * @throws DomainError `forbidden`, recorded, where the actor may call the operation on no object at all; `not_found` where
   *   it would be to look at one, and the actor may see none of its kind
   */
  async requireEver(
    actor: Actor,
    engine: string,
    id: OperationId,
    request: EngineRequest = {},
  ): Promise<void> {
    const operation = operationOf(id);
    try {
      requireEver(await this.rightsOn(actor, engine), operation, request);
    } catch (error) {
      if (isRefusal(error))
        await this.recorder.refusal(
          subjectOf({ actor, engine, operation, target: undefined, request }),
          error,
        );
      throw error;
    }
  }

  /** @throws as `admit`, once the right that `admission` was given for is gone */
  async recheck(admission: Admission): Promise<void> {
    const { actor, engine, operation, request, target, several = target ? [target] : [] } = admission;
    const rights = await this.rightsOn(actor, engine);
    const permissions = permissionsFor(operation, request.query ?? {});
    requireEver(rights, operation, request);
    for (const each of several)
      await this.required.onTarget({ ...admission, rights, target: each }, permissions, each.id);
    if (several.length === 0 && !FILTERED.has(operation.id))
      await this.required.withoutTarget(rights, permissions, operation.id, request);
    await this.containerPolicy.requireStill({ ...admission, rights });
    this.objectPolicy.requireStill({ ...admission, rights });
  }

  /** Writes down that what was admitted was refused after all. */
  refused(admission: Admission, reason: unknown): Promise<void> {
    return this.recorder.refusal(subjectOf(admission), reason);
  }

  /** Writes a change down before it is sent. Undefined for what changes nothing. */
  async record(admission: Admission): Promise<OpenRecord | undefined> {
    return admission.operation.changes ? this.recorder.change(subjectOf(admission)) : undefined;
  }

  /** @throws DomainError `not_found` where the actor has no right on the engine at all: then there is none for it */
  async rightsOn(actor: Actor, engine: string): Promise<Rights> {
    const rights = await this.authoriser.rights(actor, engine);
    if (!rights.any) throw notFound('engine', engine);
    return rights;
  }

  /**
   * What the call names, each decided on; nothing where the operation names nothing.
   *
   * @param about is told which one it is about, at each
   */
  private async targetsOf(
    about: About,
    {
      rights,
      permissions,
      connection,
    }: Pick<Admission, 'rights' | 'connection'> & { readonly permissions: readonly Permission[] },
  ): Promise<readonly Target[]> {
    const { actor, engine, operation, request } = about;
    const parameter = operation.targetParameter;
    if (!parameter) return [];
    const named = namesIn(request, parameter);
    if (named.length !== 1 && !(named.length > 1 && operation.id === 'ImageGetAll'))
      throw namesNotOne(parameter);
    const targets: Target[] = [];
    for (const reference of await this.saved.inFull({ ...about, rights }, named, request.signal)) {
      about.request = withId(request, parameter, reference);
      about.target = undefined;
      about.target = await this.targets.resolve(connection, operation, reference, {
        seesAll: rights.mayAlways(listPermission(operation)),
        evenStale: inspectedBy(operation.id) !== undefined, // answered from memory where the engine is away
        signal: request.signal,
      });
      if (!about.target) throw notFound(operation.target, reference);
      const { target } = about;
      await this.required.onTarget(
        { actor, engine, operation, connection, rights, target, request },
        permissions,
        reference,
      );
      targets.push(target);
    }
    return targets;
  }
}

function listPermission({ target }: Operation): Permission {
  return isWatched(target) ? SHOWN[target].list : 'containers:list';
}

/** That a name is taken by what the actor may not see is a refusal, too. */
const TAKEN: readonly ErrorKind[] = ['invalid_input', 'conflict'];

function isRefusal(error: unknown): boolean {
  return isDomainError(error, ['forbidden', 'policy_violation', 'not_found']);
}

function isDomainError(error: unknown, kinds: readonly ErrorKind[]): boolean {
  return error instanceof DomainError && kinds.includes(error.kind);
}
