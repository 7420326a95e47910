import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import type { EngineHandle } from '../gate/engine-handle.js';
import { Gate } from '../gate/gate.js';
import type { SwarmInfo } from './swarm-documents.js';
import type { InitSwarmInput, JoinSwarmInput, LeaveSwarmInput, UpdateSwarmInput } from './swarm.inputs.js';
import { toInitBody, toJoinBody, toMembership, toSpec, toSwarm } from './swarm.mapper.js';
import type { Swarm, SwarmMembership } from './swarm.model.js';
import { changeSwarm, inspectSwarm } from './swarm-changes.js';

/** The swarm that an engine is in, and its coming and going. */
@Injectable()
export class SwarmService {
  constructor(private readonly gate: Gate) {}

  /** @throws DomainError `swarm_…` where the engine is no manager of a swarm that can decide */
  async get(actor: Actor, engine: string): Promise<Swarm> {
    return this.swarmOf(this.gate.as(actor).engine(engine));
  }

  /** What the engine is to a swarm. */
  async membership(actor: Actor, engine: string): Promise<SwarmMembership> {
    return membershipOf(this.gate.as(actor).engine(engine));
  }

  /** @throws DomainError `conflict` for an engine that is in a swarm already */
  async init(actor: Actor, engine: string, input: InitSwarmInput): Promise<Swarm> {
    const handle = this.gate.as(actor).engine(engine);
    await handle.json('SwarmInit', { body: toInitBody(input) });
    return this.swarmOf(handle);
  }

  /**
   * @throws DomainError `conflict` for an engine that is in a swarm already, `invalid_input` for a token that its managers
   *   do not take
   */
  async join(actor: Actor, engine: string, input: JoinSwarmInput): Promise<void> {
    await this.gate
      .as(actor)
      .engine(engine)
      .json('SwarmJoin', { body: toJoinBody(input) });
  }

  /** @throws DomainError `conflict` for a manager, unless `force` */
  async leave(actor: Actor, engine: string, { force = false }: LeaveSwarmInput): Promise<void> {
    await this.gate.as(actor).engine(engine).json('SwarmLeave', { query: { force } });
  }

  /** @throws DomainError `conflict` where it was changed meanwhile */
  async update(actor: Actor, engine: string, { version, ...input }: UpdateSwarmInput): Promise<Swarm> {
    const handle = this.gate.as(actor).engine(engine);
    await changeSwarm(handle, version, ({ Spec }) => ({ body: toSpec(Spec, input) }));
    return this.swarmOf(handle);
  }

  private async swarmOf(handle: EngineHandle): Promise<Swarm> {
    return toSwarm(handle.name, await inspectSwarm(handle));
  }
}

async function membershipOf(handle: EngineHandle): Promise<SwarmMembership> {
  const { body } = await handle.json<{ Swarm?: SwarmInfo | null }>('SystemInfo');
  return toMembership(handle.name, body.Swarm ?? {});
}
