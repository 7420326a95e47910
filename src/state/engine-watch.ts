import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Logger } from 'pino';
import { Bell } from '../common/bell.js';
import { DomainError, messageOf } from '../common/errors.js';
import type { EngineConnection } from '../engine/engine-connection.js';
import { type EngineEvent, engineEvent } from '../engine/wire/engine-event.js';
import { jsonStream } from '../engine/wire/json-stream.js';
import { ComparePace } from './compare-pace.js';
import { EngineFreshness } from './engine-freshness.js';
import { ObjectWatch } from './object-watch.js';
import { Rereads } from './rereads.js';
import type { WatchedKind } from './watched-kind.js';
import {
  type DocumentOf,
  type KeptOf,
  WATCHED_KIND_NAMES,
  watchedKind,
  type WatchedKindName,
} from './watched-kinds.js';

/** What the engine keeps of past events. As many at once may be only the last of more. */
const ENGINE_RING = 256;
/** Events may be a little older than what told of them, and a ping tells the engine's time to the second. */
const SINCE_MARGIN_MS = 2_000;
/** An event so much older than the one before: the engine's clock was set back. */
const CLOCK_SET_BACK_MS = 1_000;
/** The engine drops events for a listener that stands still for 100 ms while many come. */
const STALL_NS = 100e6;
const MANY_EVENTS = 64;
/** Events that come without such a pause came while the program stood still, and wait to be read. */
const BURST_GAP_MS = 20;
/** An engine that was followed for so long is tried again at once when it is lost. */
const STEADY_MS = 10_000;

/**
 * Follows one engine: subscribes to its events first, then lists, then reads again by id what events hint at. After every
 * doubt (a new subscription, more events than the engine keeps, a clock set back, a reading that failed) and now and
 * then without one, everything is compared with a list.
 */
export class EngineWatch {
  readonly freshness = new EngineFreshness(() => this.tryNow());
  private readonly byKind = new Map<WatchedKindName, unknown>();
  private readonly watches: Pick<ObjectWatch<object, object>, 'heard' | 'catchUp'>[] = [];
  private readonly stopping = new AbortController();
  private readonly pace = new ComparePace();
  private readonly retry = new Bell();
  /** However many ask at once: one comparison at a time, and one more for all who ask meanwhile. */
  private readonly comparisons = new Rereads(async () => {
    try {
      await this.compare(false, this.stopping.signal);
    } catch (error) {
      this.doubt(messageOf(error));
      throw error;
    }
  });
  private readonly stalls = monitorEventLoopDelay({ resolution: 50 });
  private readonly closing = new AbortController();
  private following: AbortController | undefined;
  private doubted: string | undefined;
  private heardAt = 0;
  private burst = 0;
  private stalledBefore = false;

  constructor(
    private readonly connection: EngineConnection,
    private readonly logger: Logger,
  ) {
    for (const name of WATCHED_KIND_NAMES) this.byKind.set(name, this.watch(watchedKind(name)));
  }

  start(): void {
    this.stalls.enable();
    void this.run();
  }

  /** Aborted when the program begins to stop, or the engine is removed: watchers do not end by themselves. */
  get closed(): AbortSignal {
    return this.closing.signal;
  }

  /** Ends all watchers with `reason`; reads go on until `stop`. */
  close(reason: DomainError = shuttingDown()): void {
    this.closing.abort(reason);
  }

  /** @param reason what reads that wait for the engine end with */
  stop(reason: DomainError = shuttingDown()): void {
    this.stalls.disable();
    this.stopping.abort(new DomainError('cancelled', reason.message));
    this.freshness.failed(reason);
  }

  /** The engine was found not to answer: what is kept is stale from now on, whatever its event stream says. */
  interrupt(reason: DomainError): void {
    this.following?.abort(reason);
  }

  /** The engine was found to answer: no use in waiting any longer before the next attempt. */
  tryNow(): void {
    this.retry.ring();
  }

  /** Resolves when everything was compared with the engine, by a comparison that began after this call. */
  compareNow(): Promise<void> {
    return this.comparisons.request('');
  }

  /** The objects of one kind. */
  of<Name extends WatchedKindName>(name: Name): ObjectWatch<KeptOf<Name>, DocumentOf<Name>> {
    return this.byKind.get(name) as ObjectWatch<KeptOf<Name>, DocumentOf<Name>>;
  }

  private watch<Kept extends object, Document extends object>(
    kind: WatchedKind<Kept, Document>,
  ): ObjectWatch<Kept, Document> {
    const watch = new ObjectWatch(kind, this.connection, this.stopping.signal, (reason) =>
      this.doubt(reason),
    );
    this.watches.push(watch);
    return watch;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    let failures = 0;
    while (!signal.aborted) {
      const began = Date.now();
      try {
        await this.follow();
      } catch (error) {
        if (!this.stopping.signal.aborted) this.lost(error);
      }
      failures = Date.now() - began > STEADY_MS ? 0 : failures + 1;
      await this.retry.wait(AbortSignal.any([signal, AbortSignal.timeout(this.pace.backOff(failures))]));
    }
  }

  /** Ends only with an error. */
  private async follow(): Promise<void> {
    const following = new AbortController();
    this.following = following;
    const signal = AbortSignal.any([this.stopping.signal, following.signal]);
    try {
      const { time = Date.now() } = await this.connection.ping(signal);
      const since = Math.floor((time - SINCE_MARGIN_MS) / 1_000);
      const { body } = await this.connection.stream('SystemEvents', { query: { since }, signal });
      const listening = this.listen(body);
      // It is awaited below, but may fail before.
      listening.catch(() => undefined);
      this.freshness.catchingUp();
      await Promise.race([listening, this.compare(true, signal)]);
      await Promise.race([listening, this.keepComparing(signal)]);
    } catch (error) {
      following.signal.throwIfAborted();
      throw error;
    } finally {
      following.abort();
    }
  }

  private async listen(body: AsyncIterable<Buffer>): Promise<never> {
    let newest = 0;
    let replayed = 0;
    const opened = Date.now();
    for await (const document of jsonStream(body)) {
      const event = engineEvent(document);
      const time = event.timeNano / 1e6;
      if (time < newest - CLOCK_SET_BACK_MS) this.doubt("the engine's clock was set back");
      newest = time;
      if (replayed < ENGINE_RING && Date.now() - opened < SINCE_MARGIN_MS) {
        replayed += 1;
        if (replayed === ENGINE_RING) this.doubt('more events than the engine keeps');
      }
      this.heard(event);
    }
    throw new DomainError('engine_unavailable', 'The engine ended its event stream', { retryAfter: 5 });
  }

  private heard(event: EngineEvent): void {
    const now = Date.now();
    if (now - this.heardAt > BURST_GAP_MS) {
      this.burst = 0;
      this.stalledBefore = this.stalls.max > STALL_NS;
      this.stalls.reset();
    }
    this.heardAt = now;
    this.burst += 1;
    if (this.burst === MANY_EVENTS && this.stalledBefore)
      this.doubt('events may have been dropped while the program was busy');
    for (const watch of this.watches) watch.heard(event);
  }

  private async keepComparing(signal: AbortSignal): Promise<never> {
    while (true) {
      await this.pace.next(() => this.doubted !== undefined, signal);
      signal.throwIfAborted();
      const { doubted } = this;
      if (doubted !== undefined)
        this.logger.info({ engine: this.connection.name, reason: doubted }, 'comparing all objects');
      const unexpected = await this.compare(doubted !== undefined, signal);
      if (doubted === undefined && unexpected > 0) {
        throw new DomainError('engine_error', `No event told of ${unexpected} changes`);
      }
    }
  }

  /** @returns how many objects had changed though no event told of it */
  private async compare(everything: boolean, signal: AbortSignal): Promise<number> {
    const all = everything || this.doubted !== undefined;
    this.doubted = undefined;
    const { following } = this;
    const began = Date.now();
    const counts = await Promise.all(this.watches.map((watch) => watch.catchUp(all, signal)));
    this.pace.compared(Date.now() - began);
    const unexpected = counts.reduce((sum, count) => sum + count, 0);
    // Of what happens from now on nobody tells where the events were lost meanwhile.
    if (this.following !== following || following?.signal.aborted !== false) return unexpected;
    if (this.freshness.current.staleSince !== undefined || this.freshness.current.syncedAt === undefined) {
      this.logger.info(
        { engine: this.connection.name, durationMs: Date.now() - began },
        'following the engine',
      );
    }
    this.freshness.synced();
    return unexpected;
  }

  private doubt(reason: string): void {
    this.doubted ??= reason;
    this.pace.hurry();
  }

  private lost(error: unknown): void {
    if (this.freshness.current.failure === undefined) {
      this.logger.warn(
        { engine: this.connection.name, reason: messageOf(error) },
        'the engine is no longer followed; reads from memory are stale until it is again',
      );
    }
    this.freshness.failed(error);
  }
}

function shuttingDown(): DomainError {
  return new DomainError('unavailable', 'Dockmaster is shutting down');
}
