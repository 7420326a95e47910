import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors.js';
import type { EngineEvent } from '../engine/wire/engine-event.js';
import { engineEvent } from '../engine/wire/engine-event.js';
import { jsonStream } from '../engine/wire/json-stream.js';
import { EngineRegistry, type RegistryChange } from '../engine/engine-registry.js';
import { type EngineHealth, EngineMonitor } from '../state/engine-monitor.js';
import type { Snapshot } from '../state/object-state.js';
import { State } from '../state/state.js';
import type { ObjectRecord } from '../state/watched-kind.js';
import type { KeptOf, WatchedKindName } from '../state/watched-kinds.js';
import { repositoriesOf } from './image-names.js';

export { labelsInEvent } from './event-labels.js';
export { repositoryOf } from './image-names.js';
export type { EngineEvent } from '../engine/wire/engine-event.js';
export type { RegistryChange } from '../engine/engine-registry.js';
export type { EngineHealth } from '../state/engine-monitor.js';
export type { Snapshot } from '../state/object-state.js';
export type { ObjectRecord } from '../state/watched-kind.js';
export type { KeptOf, WatchedKindName } from '../state/watched-kinds.js';

/**
 * What happens on engines, all of it, for the room that writes it down. It decides about no rights: before any of it is told
 * to somebody, the gate is asked as him (`ActorGate.maySee`).
 */
@Injectable()
export class EngineChronicle {
  constructor(
    private readonly engines: EngineRegistry,
    private readonly monitor: EngineMonitor,
    private readonly state: State,
  ) {}

  names(): string[] {
    return this.engines.names();
  }

  /** Calls `listener` when an engine comes or goes. */
  onChange(listener: (change: RegistryChange) => void): void {
    this.engines.onChange(listener);
  }

  /** Calls `listener` whenever an engine turns reachable or unreachable. */
  onTurn(listener: (health: EngineHealth) => void): void {
    this.monitor.onTurn(listener);
  }

  health(engine: string): EngineHealth {
    return this.monitor.health(engine);
  }

  /** The engine's own id. @throws DomainError `engine_unavailable` and the like */
  async identity(engine: string, signal: AbortSignal): Promise<string> {
    const { body } = await this.engines.get(engine).json<{ ID?: string }>('SystemInfo', { signal });
    return body.ID ?? '';
  }

  /**
   * Events from `since` on, as far as the engine still knows them (256), and then as they happen. The engine drops events for who
   * does not read at once. It ends with an error.
   *
   * @param since nanoseconds since the epoch, as `EngineEvent.timeNano` has them; undefined: from now on
   */
  async events(
    engine: string,
    since: number | undefined,
    signal: AbortSignal,
  ): Promise<AsyncIterable<EngineEvent>> {
    const query = since === undefined ? {} : { since: inSeconds(since) };
    const { body } = await this.engines.get(engine).stream('SystemEvents', { query, signal });
    return eachEvent(body);
  }

  /** All objects of a kind, as memory has them. @throws DomainError of a swarm's objects where the engine knows none */
  snapshot<Kind extends WatchedKindName>(
    engine: string,
    kind: Kind,
    signal: AbortSignal,
  ): Promise<Snapshot<KeptOf<Kind>>> {
    return this.state.of(engine, kind).snapshot(signal);
  }

  /** One object: as memory has it, or else as the engine tells of it now. */
  async object<Kind extends WatchedKindName>(
    engine: string,
    kind: Kind,
    id: string,
  ): Promise<ObjectRecord<KeptOf<Kind>> | undefined> {
    const state = this.state.of(engine, kind);
    const known = state.known(id);
    if (known) return known;
    const document = await state.document(id);
    return document && state.toRecord(document);
  }

  /** The image by this name, as memory has it. */
  async image(engine: string, reference: string): Promise<ObjectRecord<KeptOf<'image'>> | undefined> {
    return this.state.of(engine, 'image').find(reference);
  }

  /** The repositories of an image. */
  repositories(record: ObjectRecord<KeptOf<'image'>>): readonly string[] {
    return repositoriesOf('image', record.kept) ?? [];
  }
}

async function* eachEvent(body: AsyncIterable<Buffer>): AsyncGenerator<EngineEvent> {
  for await (const document of jsonStream(body)) yield engineEvent(document);
  throw new DomainError('engine_unavailable', 'The engine ended its event stream', { retryAfter: 5 });
}

/** A little earlier: a JSON number holds nanoseconds to about 256. */
function inSeconds(nano: number): string {
  const earlier = BigInt(Math.floor(nano)) - 1_000n;
  return `${earlier / 1_000_000_000n}.${String(earlier % 1_000_000_000n).padStart(9, '0')}`;
}
