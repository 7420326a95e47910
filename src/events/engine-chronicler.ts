import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { OwnershipService } from '../access/ownership.service.js';
import { Bell } from '../common/bell.js';
import { DomainError, messageOf } from '../common/errors.js';
import type { EngineChronicle, EngineEvent } from '../gate/engine-chronicle.js';
import type { EventBells } from './event-journal.js';
import { type EventSourceStore, keyOf, LeaseLost, type Progress, type Seen } from './event-source-store.js';
import { EngineTeller, idOfEvent } from './engine-teller.js';
import { MissedChanges, SECOND_LOOK_MS } from './missed-changes.js';

/** Events that wait to be written down. More are left to the comparison. */
const MAX_WAITING = 20_000;
/** Events that are written down together. */
const BATCH = 200;
/** After the engine told what it remembers, and when nothing new came for so long, it is compared. */
const QUIET_MS = 500;
/** How often what events have told is compared with what there is. */
const COMPARE_EVERY_MS = 30_000;
const RENEW_EVERY_MS = 5_000;
/** How soon it is noticed that there is somebody to tell, or that another process gave the engine up. */
const LOOK_EVERY_MS = 1_000;
const BACK_OFF_MS = { first: 500, most: 5_000 };
/** Events of so short a time may come in another order than they happened in. */
const DISORDER_NS = 1e9;
const MAX_IDS = 256;

export interface ChroniclerRooms {
  readonly chronicle: EngineChronicle;
  readonly store: EventSourceStore;
  readonly ownership: OwnershipService;
  readonly bells: EventBells;
  readonly logger: Logger;
}

/**
 * Writes down what happens on one engine, for as long as there is somebody to tell and no other process does. It goes on where
 * it, or another process, left off: first with what the engine remembers since, then with what a comparison finds.
 */
export class EngineChronicler {
  constructor(
    private readonly engine: string,
    private readonly rooms: ChroniclerRooms,
    private readonly signal: AbortSignal,
  ) {}

  /** Ends when the signal is aborted. */
  async run(): Promise<void> {
    const { signal } = this;
    let failures = 0;
    while (!signal.aborted) {
      const began = Date.now();
      try {
        if (await this.isOurs()) await this.follow();
        failures = 0;
      } catch (error) {
        failures = Date.now() - began > BACK_OFF_MS.most ? 0 : failures + 1;
        if (!this.signal.aborted) this.lost(error);
      }
      const backOff = Math.min(BACK_OFF_MS.first * 2 ** Math.max(0, failures - 1), BACK_OFF_MS.most);
      const until = AbortSignal.any([signal, AbortSignal.timeout(failures > 0 ? backOff : LOOK_EVERY_MS)]);
      await (failures > 0 ? new Bell().wait(until) : this.rooms.bells.listening.wait(until));
    }
    await this.rooms.store.release(this.engine).catch((error: unknown) => this.lost(error));
  }

  private async isOurs(): Promise<boolean> {
    const { store, chronicle } = this.rooms;
    if (!(await store.hasListeners()) || !(await store.acquire(this.engine))) return false;
    const { checkedAt, since, reachable, error } = chronicle.health(this.engine);
    if (checkedAt !== null) await store.turned(this.engine, reachable, since ?? checkedAt, error);
    return true;
  }

  /** Ends only with an error. */
  private async follow(): Promise<never> {
    const { engine } = this;
    const { store, chronicle, ownership } = this.rooms;
    const following = new AbortController();
    const signal = AbortSignal.any([this.signal, following.signal]);
    const held = this.keepHolding(signal);
    held.catch(() => undefined); // awaited below, but may fail before
    try {
      const daemonId = await Promise.race([held, chronicle.identity(engine, signal)]);
      const source = await store.load(engine);
      const known = source.daemonId === daemonId ? source.seen : undefined;
      const isNew = known === undefined;
      const seen: Seen = known ?? { nano: (await store.listeningSince()) * 1e6, ids: [] };
      const events = new Arrivals(engine, seen);
      const reading = events.read(
        await chronicle.events(engine, isNew ? seen.nano : seen.nano - DISORDER_NS, signal),
      );
      reading.catch(() => undefined); // likewise
      if (isNew) source.known.clear();
      const teller = new EngineTeller(engine, source.known, chronicle, ownership);
      const missed = new MissedChanges(engine, source.known, chronicle);
      if (isNew) {
        for (const object of await missed.stock(signal))
          source.known.set(keyOf(object.kind, object.id), object);
        await store.begin(engine, daemonId, seen, source.known.values());
      }
      return await Promise.race([held, reading, this.tell(events, teller, missed, signal)]);
    } finally {
      following.abort();
    }
  }

  private async tell(
    events: Arrivals,
    teller: EngineTeller,
    missed: MissedChanges,
    signal: AbortSignal,
  ): Promise<never> {
    let compareAt = Date.now() + QUIET_MS;
    for (;;) {
      signal.throwIfAborted();
      const batch = events.take(BATCH);
      if (batch.length > 0) {
        await this.commit(await teller.ofEvents(batch), missed, events.after(batch));
        compareAt = Math.max(compareAt, Date.now() + QUIET_MS);
        continue;
      }
      if (Date.now() >= compareAt) {
        const found = await missed.look(signal);
        if (!events.isEmpty) continue; // what they tell was perhaps not missed
        if (found.length > 0) {
          const progress = await teller.ofFindings(found, events.seen.nano / 1e6);
          if (progress.events.length > 0)
            this.rooms.logger.info(
              { engine: this.engine, events: progress.events.length },
              'found by comparison what no event told of',
            );
          await this.commit(progress, missed);
        }
        compareAt = Date.now() + (missed.inDoubt ? SECOND_LOOK_MS + 10 : COMPARE_EVERY_MS);
        continue;
      }
      const wait = AbortSignal.timeout(Math.max(1, Math.ceil(compareAt - Date.now())));
      await events.arrived.wait(AbortSignal.any([signal, wait]));
    }
  }

  private async commit(progress: Progress, missed: MissedChanges, seen?: Seen): Promise<void> {
    const { events, known, gone } = progress;
    for (const object of [...known, ...gone]) missed.heard(object);
    if (events.length + known.length + gone.length === 0) return;
    await this.rooms.store.commit(this.engine, { ...progress, seen });
  }

  /** Ends only with an error: when another process holds the engine, or there is nobody to tell any more. */
  private async keepHolding(signal: AbortSignal): Promise<never> {
    for (;;) {
      await pause(RENEW_EVERY_MS, undefined, { signal, ref: false });
      await this.rooms.store.renew(this.engine);
    }
  }

  private lost(error: unknown): void {
    if (error instanceof LeaseLost) return;
    const { logger } = this.rooms;
    const reason = messageOf(error);
    // That an engine is away is told by who watches it.
    const isAway = error instanceof DomainError && error.kind.startsWith('engine_');
    if (isAway) logger.debug({ engine: this.engine, reason }, 'its events are not heard now');
    else logger.warn({ engine: this.engine, reason }, 'its events can not be written down now');
  }
}

/** Events of an engine that wait to be written down, each once, though the engine tells some again. */
class Arrivals {
  readonly arrived = new Bell();
  private readonly waiting: EngineEvent[] = [];
  private readonly before: ReadonlySet<string>;
  private replaysUntil: number;
  seen: Seen;

  constructor(
    private readonly engine: string,
    seen: Seen,
  ) {
    this.seen = seen;
    this.before = new Set(seen.ids);
    this.replaysUntil = seen.nano;
  }

  get isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  /** Ends only with an error. What does not fit is found by the comparison, after the engine was followed anew. */
  async read(events: AsyncIterable<EngineEvent>): Promise<never> {
    for await (const event of events) {
      if (event.timeNano > this.replaysUntil) this.replaysUntil = 0;
      else if (this.before.has(idOfEvent(this.engine, event))) continue;
      if (this.waiting.length >= MAX_WAITING)
        throw new DomainError('unavailable', 'More events than can be written down');
      this.waiting.push(event);
      this.arrived.ring();
    }
    throw new DomainError('engine_unavailable', 'The engine ended its event stream');
  }

  take(count: number): EngineEvent[] {
    return this.waiting.splice(0, count);
  }

  /** Up to where the events are heard once these are written down. */
  after(events: readonly EngineEvent[]): Seen {
    const last = events.at(-1);
    if (!last) return this.seen;
    const isRecent = (nano: number) => last.timeNano - nano <= 2 * DISORDER_NS;
    const kept = isRecent(this.seen.nano) ? this.seen.ids : [];
    const ids = [
      ...kept,
      ...events.filter(({ timeNano }) => isRecent(timeNano)).map((event) => idOfEvent(this.engine, event)),
    ].slice(-MAX_IDS);
    this.seen = { nano: last.timeNano, ids };
    return this.seen;
  }
}
