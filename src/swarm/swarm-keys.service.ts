import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import { Gate } from '../gate/gate.js';
import { changeSwarm, inspectSwarm } from './swarm-changes.js';
import type { RotateJoinTokensInput, RotateSwarmCaInput, UnlockSwarmInput } from './swarm.inputs.js';
import { toSwarm, withNewCa } from './swarm.mapper.js';
import type { Swarm, SwarmJoinTokens, SwarmUnlockKey } from './swarm.model.js';

/** What opens a swarm: join tokens, the unlock key, the certificate authority. */
@Injectable()
export class SwarmKeysService {
  constructor(private readonly gate: Gate) {}

  /** @throws DomainError `forbidden`, recorded, without `swarm:readJoinTokens` */
  async joinTokens(actor: Actor, engine: string): Promise<SwarmJoinTokens> {
    const gate = this.gate.as(actor);
    const handle = gate.engine(engine);
    if (!(await handle.mayAlways('swarm:readJoinTokens'))) {
      const error = new DomainError('forbidden', 'You need the permission swarm:readJoinTokens');
      await gate.refused('swarm:readJoinTokens', { kind: 'swarm', name: engine }, error);
      throw error;
    }
    const { JoinTokens: tokens } = await inspectSwarm(handle);
    if (!tokens) throw new DomainError('engine_error', 'The engine told no join tokens');
    return { worker: tokens.Worker, manager: tokens.Manager };
  }

  /** @throws DomainError `invalid_input` where neither is to be replaced */
  async rotateJoinTokens(
    actor: Actor,
    engine: string,
    { worker = false, manager = false }: RotateJoinTokensInput,
  ): Promise<void> {
    if (!worker && !manager) {
      const message = 'worker or `manager` must be true';
      throw new DomainError('invalid_input', message, { errors: [{ field: 'worker', message }] });
    }
    await this.rotate(actor, engine, { rotateWorkerToken: worker, rotateManagerToken: manager });
  }

  async unlockKey(actor: Actor, engine: string): Promise<SwarmUnlockKey> {
    const { body } = await this.gate.as(actor).engine(engine).json<{ UnlockKey?: string }>('SwarmUnlockkey');
    return { unlockKey: body.UnlockKey === undefined || body.UnlockKey === '' ? null : body.UnlockKey };
  }

  rotateUnlockKey(actor: Actor, engine: string): Promise<void> {
    return this.rotate(actor, engine, { rotateManagerUnlockKey: true });
  }

  /** @throws DomainError `conflict` for an engine that is not locked; `invalid_input` for another key */
  async unlock(actor: Actor, engine: string, { unlockKey }: UnlockSwarmInput): Promise<void> {
    await this.gate
      .as(actor)
      .engine(engine)
      .json('SwarmUnlock', { body: { UnlockKey: unlockKey } });
  }

  /** Begins to replace the root certificate: the nodes get new certificates one by one. */
  async rotateCa(actor: Actor, engine: string, input: RotateSwarmCaInput): Promise<Swarm> {
    const handle = this.gate.as(actor).engine(engine);
    await changeSwarm(handle, undefined, ({ Spec }) => ({ body: withNewCa(Spec, input) }));
    return toSwarm(engine, await inspectSwarm(handle));
  }

  private rotate(actor: Actor, engine: string, query: Readonly<Record<string, boolean>>): Promise<void> {
    return changeSwarm(this.gate.as(actor).engine(engine), undefined, ({ Spec }) => ({ body: Spec, query }));
  }
}
