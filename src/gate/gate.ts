import { Injectable } from '@nestjs/common';
import type { Subject } from '../access/role-binding.js';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import type { Permission, PermissionPattern } from '../common/permissions.js';
import type { EngineHealth } from '../state/engine-monitor.js';
import { type AccessQuestion, subjectMatter } from './access-question.js';
import { type AccessAnswer, type AccessOverview, AccessReviews, isSame } from './access-review.js';
import { EngineHandle } from './engine-handle.js';
import { Escalation, type WantedBinding } from './escalation.js';
import type { Matter, Sight } from './event-sight.js';
import { GateRooms } from './gate-rooms.js';

/** The one way to an engine, and the one place where it is decided who may do what. Denies by default. */
@Injectable()
export class Gate {
  constructor(
    private readonly rooms: GateRooms,
    private readonly escalation: Escalation,
    private readonly reviews: AccessReviews,
  ) {}

  as(actor: Actor): ActorGate {
    return new ActorGate(actor, this.rooms, this.escalation, this.reviews);
  }

  /**
   * For what goes on for somebody who is not there, such as telling of events: with the rights that he has at that moment.
   *
   * @param limits of the token that it was asked for with
   * @returns undefined for who is no more, or disabled
   */
  async onBehalfOf(
    subject: Subject & Pick<Actor, 'kind'>,
    limits: Actor['limits'],
  ): Promise<ActorGate | undefined> {
    const actor = await this.rooms.sight.actor(subject, limits);
    return actor && this.as(actor);
  }
}

/** Where a permission is held for every object. */
export interface PermissionReach {
  readonly everywhere: boolean;
  /** Of the engines that there are. */
  readonly engines: readonly string[];
}

/** Which image repositories, by name, a permission is held for. */
export interface RepositoryReach {
  /** Whether there may be any. */
  readonly some: boolean;
  readonly all: boolean;
  /** @param repository as role bindings name it: `alpine`, `registry.example.com/shop/web` */
  readonly covers: (repository: string) => Promise<boolean>;
}

/** The gate as one actor finds it. */
export class ActorGate {
  constructor(
    private readonly actor: Actor,
    private readonly rooms: GateRooms,
    private readonly escalation: Escalation,
    private readonly reviews: AccessReviews,
  ) {}

  /** A handle on an engine. Whether there is such an engine for the actor is decided at each call. */
  engine(name: string): EngineHandle {
    return new EngineHandle(this.actor, name, this.rooms);
  }

  /**
   * The engines that the actor may see, with their health.
   * @param permission only engines where the actor may do this to something
   */
  async engines(permission: Permission = 'engines:list'): Promise<EngineHealth[]> {
    const visible: EngineHealth[] = [];
    for (const name of this.rooms.engines.names()) {
      const rights = await this.rooms.authoriser.rights(this.actor, name);
      if (rights.mayEver(permission)) visible.push(this.rooms.monitor.health(name));
    }
    return visible;
  }

  /** The engine that is this node of a swarm; undefined where none is on which the actor may do anything. */
  async engineOfNode(nodeId: string): Promise<string | undefined> {
    const name = await this.rooms.swarm.engineOf(nodeId);
    if (name === undefined) return undefined;
    return (await this.rooms.authoriser.rights(this.actor, name)).any ? name : undefined;
  }

  /**
   * For what belongs to no engine: users, bindings, the audit trail.
   * @throws DomainError `forbidden`, recorded, unless the actor holds `permission` for everything
   */
  async require(permission: Permission): Promise<void> {
    const rights = await this.rooms.authoriser.rights(this.actor);
    if (rights.mayAlways(permission)) return;
    const error = new DomainError('forbidden', `You need the permission ${permission}`);
    await this.rooms.recorder.refusal({ actor: this.actor, operation: permission }, error);
    throw error;
  }

  /**
   * For what belongs to no engine, and is about images by their name, such as using the credentials of a registry. Refusals
   * are not recorded: see `require`.
   */
  async onRepositories(permission: Permission): Promise<RepositoryReach> {
    const rights = await this.rooms.authoriser.rights(this.actor);
    const ownedByActor = () => Promise.resolve(false);
    return {
      some: rights.mayEver(permission),
      all: rights.mayAlways(permission),
      covers: (repository) =>
        rights.may(permission, { labels: {}, ownedByActor, repositories: [repository] }),
    };
  }

  /**
   * For what lets the actor act as somebody, or gives others what somebody has.
   * @param operation names it in the audit trail, such as `users:update`
   * @throws DomainError `forbidden`, recorded, unless the actor may do all that `subject` may do
   */
  requireAtLeast(subject: Subject, operation: Permission | 'escalation' = 'escalation'): Promise<void> {
    return this.recordingRefusal(operation, { kind: subject.kind, id: subject.id }, () =>
      this.escalation.requireAtLeast(this.actor, subject),
    );
  }

  /**
   * @param operation names it in the audit trail
   * @throws DomainError `forbidden`, recorded, unless the actor has itself all that `binding` would give
   */
  requireMayGrant(binding: WantedBinding, operation: Permission = 'roleBindings:create'): Promise<void> {
    const { kind, id } = binding.subject;
    const target = { kind: 'roleBinding', name: `${binding.role} for ${kind} ${id}` };
    return this.recordingRefusal(operation, target, () =>
      this.escalation.requireMayGrant(this.actor, binding),
    );
  }

  /**
   * @param added what the role is to allow beyond what it does
   * @throws DomainError `forbidden`, recorded, unless the actor has that itself, also wherever the role is bound
   */
  requireMayAdd(role: string, added: readonly PermissionPattern[], operation: Permission): Promise<void> {
    return this.recordingRefusal(operation, { kind: 'role', name: role }, () =>
      this.escalation.requireMayAdd(this.actor, role, added),
    );
  }

  /**
   * Like `require`, for what goes on for long: it ends with `access_withdrawn` soon after the permission or the token is gone.
   *
   * @param open reads until its signal is aborted, and gives back what it holds then also where nobody reads it
   */
  async whileAllowed<T>(
    permission: Permission,
    signal: AbortSignal,
    open: (live: AbortSignal) => Promise<AsyncIterable<T>>,
  ): Promise<AsyncIterable<T>> {
    await this.require(permission);
    return this.whileLive(
      async () => {
        const rights = await this.rooms.authoriser.rights(this.actor);
        if (!rights.mayAlways(permission)) throw new DomainError('forbidden', `${permission} was withdrawn`);
      },
      signal,
      open,
    );
  }

  /**
   * Where the actor holds a permission for every object: on which engines, and whether everywhere, which is also for what
   * belongs to no engine. What it holds within a scope only is not counted.
   */
  async reach(permission: Permission): Promise<PermissionReach> {
    const everywhere = (await this.rooms.authoriser.rights(this.actor)).mayAlways(permission);
    const engines: string[] = [];
    for (const name of this.rooms.engines.names()) {
      const rights = await this.rooms.authoriser.rights(this.actor, name);
      if (rights.mayAlways(permission)) engines.push(name);
    }
    return { everywhere, engines };
  }

  /**
   * Like `whileAllowed`, for what is allowed for another reason than a permission for everything, such as being the actor's own.
   *
   * @param check throws once it is not allowed any more
   */
  async whileLive<T>(
    check: () => Promise<void>,
    signal: AbortSignal,
    open: (live: AbortSignal) => Promise<AsyncIterable<T>>,
  ): Promise<AsyncIterable<T>> {
    return this.rooms.liveAccess.whileLive(
      async () => {
        await this.rooms.authentication.requireLive(this.actor);
        await check();
      },
      signal,
      open,
    );
  }

  /**
   * Whether somebody may do something, and why. About others it needs the permission `roleBindings:list`.
   * @throws DomainError `forbidden`; `not_found` for a subject that there is not, and for an engine or a target that the
   *   actor itself may not see; `invalid_input` for a question that makes no sense
   */
  async review(question: AccessQuestion): Promise<AccessAnswer> {
    if (question.subject && !isSame(this.actor, question.subject)) await this.require('roleBindings:list');
    subjectMatter(question);
    const { engine } = question;
    if (engine !== undefined) {
      await this.rooms.admissions.rightsOn(this.actor, engine);
      this.rooms.engines.get(engine);
    }
    return this.reviews.answer(this.actor, question);
  }

  /** All that the actor may do itself. */
  overview(): Promise<AccessOverview> {
    return this.reviews.overview(this.actor, this.rooms.engines.names());
  }

  /** Whether the actor may know that something happened, by its rights now and what it happened to as it was then. */
  maySee(matter: Matter): Promise<Sight> {
    return this.rooms.sight.of(this.actor, matter);
  }

  /**
   * Whether the actor may do all that `subject` may do, so that it may look at and change what is his. What somebody left who is
   * deleted is for who may delete users.
   */
  async isAtLeast(subject: Subject): Promise<boolean> {
    if (!(await this.rooms.sight.isThere(subject)))
      return (await this.rooms.authoriser.rights(this.actor)).mayAlways('users:delete');
    try {
      await this.escalation.requireAtLeast(this.actor, subject);
      return true;
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'forbidden') return false;
      throw error;
    }
  }

  /**
   * Records a change of what belongs to no engine, and carries it out.
   * @param operation names the change in the audit trail, such as `users:create`
   */
  async change<T>(
    operation: Permission,
    target: { kind: string; id?: string; name?: string },
    work: () => Promise<T>,
  ): Promise<T> {
    await this.require(operation);
    return this.carryOut(operation, target, work);
  }

  /**
   * Like `change`, where the object itself decides who may, such as by who made it.
   *
   * @param allowed what was decided
   * @throws DomainError `forbidden`, recorded, where it is not allowed
   */
  async changeWhere<T>(
    allowed: boolean,
    operation: Permission,
    target: { kind: string; id?: string; name?: string },
    work: () => Promise<T>,
  ): Promise<T> {
    await this.recordingRefusal(operation, target, () =>
      allowed
        ? Promise.resolve()
        : Promise.reject(new DomainError('forbidden', `You need the permission ${operation}`)),
    );
    return this.carryOut(operation, target, work);
  }

  /** Records that something was refused for another reason than a permission, such as that it may not be seen. */
  async refused(
    operation: Permission | 'hooks:call',
    target: { kind: string; id?: string; name?: string },
    reason: DomainError,
  ): Promise<void> {
    await this.rooms.recorder.refusal({ actor: this.actor, operation, target }, reason);
  }

  private async carryOut<T>(
    operation: Permission,
    target: { kind: string; id?: string; name?: string },
    work: () => Promise<T>,
  ): Promise<T> {
    const record = await this.rooms.recorder.change({ actor: this.actor, operation, target });
    try {
      const result = await work();
      await record.succeeded();
      return result;
    } catch (error) {
      await record.failed(error);
      throw error;
    }
  }

  private async recordingRefusal(
    operation: string,
    target: { kind: string; id?: string; name?: string },
    check: () => Promise<void>,
  ): Promise<void> {
    try {
      await check();
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'forbidden')
        await this.rooms.recorder.refusal({ actor: this.actor, operation, target }, error);
      throw error;
    }
  }
}
