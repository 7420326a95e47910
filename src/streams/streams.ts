import { DomainError } from '../common/errors.js';
import type { EngineConnection } from '../engine/engine-connection.js';
import type { EngineEvent } from '../engine/wire/engine-event.js';
import { engineEventSource, SharedEvents } from './events/shared-events.js';
import { toMilliseconds } from './instant.js';
import type { LogBatch } from './logs/log-batch.js';
import { LogFollower } from './logs/log-follower.js';
import { type LogOptions, type LogWish, parseLogOptions } from './logs/log-options.js';
import { engineLogSource, type LogSource, readLog } from './logs/log-source.js';
import { SharedLog } from './logs/shared-log.js';
import type { RingLimits } from './ring.js';
import { type Lease, SharedUpstreams } from './shared-upstreams.js';
import { engineStatsSource, SharedStats } from './stats/shared-stats.js';
import type { StatsSample } from './stats/stats-sample.js';
import { Viewer, type ViewerSource } from './viewer.js';

export type { EngineEvent } from '../engine/wire/engine-event.js';
export type { LogBatch } from './logs/log-batch.js';
export type { LogOptions } from './logs/log-options.js';
export type { LogLine } from './logs/log-source.js';
export type { StatsSample } from './stats/stats-sample.js';
export type { Viewer } from './viewer.js';

export interface StreamsOptions {
  /** How long an upstream without viewers stays open, in milliseconds. */
  readonly lingerMs: number;
  /** How much of each followed log is kept. */
  readonly logRing: RingLimits;
  /** How long a followed log waits, in milliseconds, for a viewer that is about to fall behind what is kept. */
  readonly logPatienceMs: number;
  /** How far a viewer of events may be behind. */
  readonly eventRing: RingLimits;
}

const DEFAULTS: StreamsOptions = {
  lingerMs: 1_000,
  logRing: { items: 2_000, bytes: 1024 * 1024 },
  logPatienceMs: 100,
  eventRing: { items: 1_000, bytes: 4 * 1024 * 1024 },
};

/** A log of which nothing newer than this long ago is wanted, in milliseconds, has all of it: there is nothing to wait for. */
const UNTIL_GRACE_MS = 1_000;

/**
 * Streams of engines for any number of viewers: one upstream for each engine, container and kind, opened for the first
 * viewer and closed shortly after the last, and memory that does not grow with how slow a viewer is.
 *
 * A viewer ends, and what is held for it is given back, when its stream ends, when it leaves, when its signal is aborted and
 * when the program stops (`Viewer`). An upstream that fails ends all its viewers with the same error, after what came
 * before it: `engine_unavailable` where the engine went away. The next viewer opens a new one.
 *
 * Nothing here decides about rights. Only the gate calls it, with a container's full id.
 */
export class Streams {
  private readonly options: StreamsOptions;
  private readonly sharedLogs: SharedUpstreams<SharedLog>;
  private readonly sharedStats: SharedUpstreams<SharedStats>;
  private readonly sharedEvents: SharedUpstreams<SharedEvents>;
  private readonly viewers = new Set<Viewer<unknown>>();
  private closed: DomainError | undefined;

  constructor(options: Partial<StreamsOptions> = {}) {
    this.options = { ...DEFAULTS, ...options };
    this.sharedLogs = new SharedUpstreams(this.options.lingerMs);
    this.sharedStats = new SharedUpstreams(this.options.lingerMs);
    this.sharedEvents = new SharedUpstreams(this.options.lingerMs);
  }

  /**
   * A container's log, in batches.
   *
   * - Order: that of the engine's log. Each line comes exactly once.
   * - A late viewer gets the history that it wishes for (`tail`, `since`), then what is written, without a seam. `tail` may
   *   give more lines where some are written while the viewer opens.
   * - A slow viewer loses nothing: it reads what it missed again from the engine, at its own pace. Only where the engine has
   *   rotated that away does it get a batch of kind `gap` in the place of the missing lines.
   * - With `follow` it ends when the container stops (a restart included) or `until` has come, after the last line. Without,
   *   it ends with what there is now; such a reading is not shared.
   *
   * Its limits: a line of 16 KiB and more that is under way when the viewer opens comes as soon as it has its end, whatever
   * `tail` says. Should the engine's clock be set back by more than a second while a viewer is behind, lines may be missing.
   * Engines that leave out or repeat lines of a log that they rotate while it is followed (Docker 20.10, when it rotates
   * several times a second) do so here too, and nothing tells it.
   *
   * @throws DomainError `invalid_input` for options that are not right. By the viewer: `not_found`, `not_supported` for
   *   a log driver that cannot be read, `engine_unavailable`, and what else the engine refuses with
   */
  logs(
    connection: EngineConnection,
    containerId: string,
    options: LogOptions,
    signal: AbortSignal,
  ): Viewer<LogBatch> {
    const wish = parseLogOptions(options);
    const source = engineLogSource(connection, containerId, options.tty);
    if (!wish.follow || isPast(wish.until)) return this.readLog(source, wish, signal);

    const { logRing: ring, logPatienceMs: patienceMs } = this.options;
    const lease = this.acquire(
      this.sharedLogs,
      keyOf(connection, containerId),
      () => new SharedLog(source, { ring, patienceMs }),
    );
    const follower = new LogFollower(lease.shared, wish);
    const release = () => {
      follower.leave();
      lease.release();
    };
    return this.view((stop) => sharedSource(lease, follower.items(stop)), release, signal);
  }

  /**
   * A container's resource usage.
   *
   * - About one sample a second, in order, as the engine sends them. While the container is stopped they are all 0.
   * - A late viewer gets the latest sample at once, if it is not older than 5 s.
   * - A slow viewer gets the latest sample whenever it asks; those that came in between are left out.
   * - It ends when the container is removed.
   *
   * @throws DomainError by the viewer: `not_found`, `engine_unavailable`, and what else the engine refuses with
   */
  stats(connection: EngineConnection, containerId: string, signal: AbortSignal): Viewer<StatsSample> {
    const open = () => new SharedStats(engineStatsSource(connection, containerId));
    const lease = this.acquire(this.sharedStats, keyOf(connection, containerId), open);
    return this.view(
      (stop) => sharedSource(lease, lease.shared.samples(stop)),
      () => lease.release(),
      signal,
    );
  }

  /**
   * What happens on an engine.
   *
   * - Order: that of the engine. Each event comes exactly once.
   * - A late viewer gets what happens from now on, nothing earlier.
   * - A slow viewer that is more than 1,000 events, or 4 MiB of them, behind ends with `unavailable`.
   * - It ends only with an error.
   *
   * @throws DomainError by the viewer: `unavailable`, `engine_unavailable`, and what else the engine refuses with
   */
  events(connection: EngineConnection, signal: AbortSignal): Viewer<EngineEvent> {
    const open = () => new SharedEvents(engineEventSource(connection), this.options.eventRing);
    const lease = this.acquire(this.sharedEvents, keyOf(connection), open);
    return this.view(
      (stop) => sharedSource(lease, lease.shared.events(stop)),
      () => lease.release(),
      signal,
    );
  }

  /** How many upstreams are open, by kind. Readings that are not shared do not count. */
  activeUpstreams(): Readonly<Record<'logs' | 'stats' | 'events', number>> {
    return { logs: this.sharedLogs.size, stats: this.sharedStats.size, events: this.sharedEvents.size };
  }

  /** How many viewers there are, of all kinds. */
  activeViewers(): number {
    return this.viewers.size;
  }

  /** The program stops: ends all viewers with `unavailable`, closes all upstreams, and accepts no new ones. */
  close(): void {
    this.closed ??= new DomainError('unavailable', 'Dockmaster is shutting down');
    for (const viewer of [...this.viewers]) viewer.end(this.closed);
    for (const shared of [this.sharedLogs, this.sharedStats, this.sharedEvents]) shared.close(this.closed);
  }

  /** Called by Nest first of all when the program stops: it waits for open requests, and streams do not end by themselves. */
  onModuleDestroy(): void {
    this.close();
  }

  private readLog(source: LogSource, wish: LogWish, signal: AbortSignal): Viewer<LogBatch> {
    if (this.closed) throw this.closed;
    return this.view(
      (stop) => readLog(source, wish, stop),
      () => undefined,
      signal,
    );
  }

  private acquire<S extends SharedLog | SharedStats | SharedEvents>(
    all: SharedUpstreams<S>,
    key: string,
    open: () => S,
  ): Lease<S> {
    if (this.closed) throw this.closed;
    return all.acquire(key, open);
  }

  private view<T>(
    open: (stop: AbortSignal) => ViewerSource<T>,
    release: () => void,
    signal: AbortSignal,
  ): Viewer<T> {
    const viewer: Viewer<T> = new Viewer(open, signal);
    this.viewers.add(viewer);
    viewer.whenOver(() => {
      this.viewers.delete(viewer);
      release();
    });
    return viewer;
  }
}

function sharedSource<T>(
  lease: Lease<SharedLog | SharedStats | SharedEvents>,
  items: ViewerSource<T>['items'],
): ViewerSource<T> {
  return { opened: lease.shared.upstream.opened, items };
}

function keyOf(connection: EngineConnection, containerId = ''): string {
  return `${connection.name}/${containerId}`;
}

function isPast(until: bigint | undefined): boolean {
  return until !== undefined && toMilliseconds(until) + UNTIL_GRACE_MS < Date.now();
}
