import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { notFound } from '../common/errors.js';
import { Gate } from '../gate/gate.js';
import type { EngineEvent, EngineEventFilter } from './engine-event.model.js';
import type { Engine } from './engine.model.js';

@Injectable()
export class EnginesService {
  constructor(private readonly gate: Gate) {}

  async list(actor: Actor): Promise<Engine[]> {
    return this.gate.as(actor).engines();
  }

  async get(actor: Actor, name: string): Promise<Engine> {
    const engine = (await this.list(actor)).find((candidate) => candidate.name === name);
    if (!engine) throw notFound('engine', name);
    return engine;
  }

  async events(
    actor: Actor,
    engine: string,
    filter: EngineEventFilter,
    signal: AbortSignal,
  ): Promise<AsyncIterable<EngineEvent>> {
    const events = await this.gate.as(actor).engine(engine).events(signal);
    return matching(events, filter);
  }
}

async function* matching(
  events: AsyncIterable<EngineEvent>,
  { type, action, actorId }: EngineEventFilter,
): AsyncGenerator<EngineEvent> {
  for await (const event of events) {
    if (type && !type.includes(event.type)) continue;
    // Some actions carry what they were about: `exec_create: ls`.
    if (action && !action.includes(event.action.split(':', 1)[0] ?? '')) continue;
    if (actorId !== undefined && event.actorId !== actorId) continue;
    yield event;
  }
}
