import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import type { Permission } from '../common/permissions.js';
import type { EngineHealth } from '../state/engine-monitor.js';
import { EngineHandle } from './engine-handle.js';
import { GateRooms } from './gate-rooms.js';

/** The one way to an engine, and the one place where it is decided who may do what. Denies by default. */
@Injectable()
export class Gate {
  constructor(private readonly rooms: GateRooms) {}

  as(actor: Actor): ActorGate {
    return new ActorGate(actor, this.rooms);
  }
}

/** The gate as one actor finds it. */
export class ActorGate {
  constructor(
    private readonly actor: Actor,
    private readonly rooms: GateRooms,
  ) {}

  /** A handle on an engine. Whether there is such an engine for the actor is decided at each call. */
  engine(name: string): EngineHandle {
    return new EngineHandle(this.actor, name, this.rooms);
  }

  /** The engines that the actor may see, with their health. */
  async engines(): Promise<EngineHealth[]> {
    const visible: EngineHealth[] = [];
    for (const name of this.rooms.engines.names()) {
      const rights = await this.rooms.authoriser.rights(this.actor, name);
      if (rights.mayEver('engines:list')) visible.push(this.rooms.monitor.health(name));
    }
    return visible;
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
   * Records a change of what belongs to no engine, and carries it out.
   * @param operation names the change in the audit trail, such as `users:create`
   */
  async change<T>(
    operation: Permission,
    target: { kind: string; id?: string; name?: string },
    work: () => Promise<T>,
  ): Promise<T> {
    await this.require(operation);
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
}
