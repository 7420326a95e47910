import { DomainError } from '../../common/errors.js';
import type { EngineConnection } from '../../engine/engine-connection.js';
import { jsonStream } from '../../engine/wire/json-stream.js';
import { Ring, type RingLimits } from '../ring.js';
import { Upstream } from '../upstream.js';
import { type EngineEvent, engineEvent } from '../../engine/wire/engine-event.js';

/** What the event stream needs of an engine: its documents of SystemEvents from now on, until `signal` is aborted. */
export type EventSource = (signal: AbortSignal) => Promise<AsyncIterable<unknown>>;

export function engineEventSource(connection: EngineConnection): EventSource {
  return async (signal) => {
    const { body } = await connection.stream('SystemEvents', { signal });
    return jsonStream(body);
  };
}

/**
 * An engine's events, read once for all their viewers, and as fast as they come: the engine drops events for a listener
 * that stalls. The recent ones are kept in one ring that all viewers read.
 */
export class SharedEvents {
  readonly upstream: Upstream;
  private readonly recent: Ring<EngineEvent>;

  /** @param limits how far a viewer may be behind */
  constructor(source: EventSource, limits: RingLimits) {
    this.recent = new Ring(limits, sizeOf);
    this.upstream = new Upstream(async (signal, opened) => {
      const documents = await source(signal);
      opened();
      for await (const document of documents) {
        this.recent.push(engineEvent(document));
        this.upstream.changed.ring();
      }
    });
  }

  /** What one viewer sees: all events from this call on. */
  events(stop: AbortSignal): AsyncGenerator<EngineEvent, void, undefined> {
    return this.eventsFrom(this.recent.end, stop);
  }

  private async *eventsFrom(next: number, stop: AbortSignal): AsyncGenerator<EngineEvent, void, undefined> {
    const { recent, upstream } = this;
    await upstream.opened;
    while (!stop.aborted) {
      if (next < recent.start) throw tooSlow();
      const event = recent.at(next);
      if (event !== undefined) {
        next++;
        yield event;
      } else if (upstream.over) {
        break;
      } else {
        await upstream.changed.wait(stop);
      }
    }
    if (upstream.failure && !stop.aborted) throw upstream.failure;
  }
}

function sizeOf({ actorId, attributes }: EngineEvent): number {
  let bytes = 256 + actorId.length;
  for (const [name, value] of Object.entries(attributes)) bytes += name.length + value.length;
  return bytes;
}

function tooSlow(): DomainError {
  return new DomainError(
    'unavailable',
    'The subscriber was too slow: events were lost, so list again and subscribe anew',
  );
}
