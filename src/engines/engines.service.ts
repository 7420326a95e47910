import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { notFound } from '../common/errors.js';
import type { Permission } from '../common/permissions.js';
import { EngineSetup, type EngineHealth as FoundHealth } from '../gate/engine-setup.js';
import { Gate } from '../gate/gate.js';
import { toEngine } from './engine-connection.mapper.js';
import { EngineDirectory } from './engine-directory.js';
import type { Engine, EngineHealth, EngineTestResult } from './engine.model.js';
import { engineWarnings } from './engine-warnings.js';

/** The engines that an actor may see, and how they are. */
@Injectable()
export class EnginesService {
  constructor(
    private readonly gate: Gate,
    private readonly setup: EngineSetup,
    private readonly directory: EngineDirectory,
  ) {}

  async list(actor: Actor): Promise<Engine[]> {
    const gate = this.gate.as(actor);
    const known = new Set((await gate.engines('engines:update')).map(({ name }) => name));
    return (await gate.engines()).map((health) =>
      toEngine(health, this.directory.stored(health.name), { showConnection: known.has(health.name) }),
    );
  }

  /** @throws DomainError `not_found` also for one that the actor may not see */
  async get(actor: Actor, name: string): Promise<Engine> {
    const engine = (await this.list(actor)).find((candidate) => candidate.name === name);
    if (!engine) throw notFound('engine', name);
    return engine;
  }

  /** @throws as `get` */
  async health(actor: Actor, name: string): Promise<EngineHealth> {
    const { reachable, error, checkedAt, since } = await this.visible(actor, name, 'engines:get');
    return { name, reachable, error, checkedAt, since, turns: this.setup.turns(name) };
  }

  /** Asks an engine over the connection that there is. @throws as `get` */
  async test(actor: Actor, name: string, signal?: AbortSignal): Promise<EngineTestResult> {
    await this.visible(actor, name, 'engines:get');
    const stored = this.directory.stored(name);
    const result = await this.setup.tryConnected(name, signal);
    return { ...result, warnings: stored ? engineWarnings(stored) : [] };
  }

  private async visible(actor: Actor, name: string, permission: Permission): Promise<FoundHealth> {
    const engines = await this.gate.as(actor).engines(permission);
    const found = engines.find((candidate) => candidate.name === name);
    if (!found) throw notFound('engine', name);
    return found;
  }
}
