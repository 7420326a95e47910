import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { toRfc3339 } from '../containers/engine-time.js';
import type { EngineEvent as SeenEvent } from '../gate/engine-handle.js';
import { Gate } from '../gate/gate.js';
import type { EngineEvent, EngineEventFilter } from './engine-event.model.js';

/** What happens on an engine, as far as the actor may see the objects that it happens to. */
@Injectable()
export class EngineEventsService {
  constructor(private readonly gate: Gate) {}

  /** @throws DomainError `invalid_input` for what is no point in time; as the gate does */
  async events(
    actor: Actor,
    engine: string,
    filter: EngineEventFilter,
    signal: AbortSignal,
  ): Promise<AsyncIterable<EngineEvent>> {
    const { since, until } = filter;
    const events = await this.gate
      .as(actor)
      .engine(engine)
      .events(signal, {
        since: since === undefined ? undefined : unixSeconds('since', since),
        until: until === undefined ? undefined : unixSeconds('until', until),
      });
    return matching(events, filter);
  }
}

async function* matching(
  events: AsyncIterable<SeenEvent>,
  { type, action, actorId }: EngineEventFilter,
): AsyncGenerator<EngineEvent> {
  for await (const event of events) {
    if (type && !type.includes(event.type)) continue;
    // Some actions carry what they were about: `exec_create: ls`.
    if (action && !action.includes(event.action.split(':', 1)[0] ?? '')) continue;
    if (actorId !== undefined && event.actorId !== actorId) continue;
    yield {
      type: event.type,
      action: event.action,
      actorId: event.actorId,
      attributes: event.attributes,
      time: event.time,
    };
  }
}

/** The engine takes a time zone for its own where it is not told one: seconds leave no doubt. */
function unixSeconds(field: string, text: string): string {
  return (Date.parse(toRfc3339(field, text)) / 1_000).toFixed(3);
}
