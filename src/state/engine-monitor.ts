import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { messageOf } from '../common/errors.js';
import { LOGGER } from '../common/logging.js';
import { EngineRegistry } from '../engine/engine-registry.js';

const PING_EVERY_MS = 5_000;
const PING_TIMEOUT_MS = 5_000;
/** Turns of each engine that are kept. */
const KEPT_TURNS = 100;

/** How an engine was when it was last asked. */
export interface EngineHealth {
  readonly name: string;
  readonly reachable: boolean;
  /** The API version spoken with it; null while it was never reached. */
  readonly apiVersion: string | null;
  /** Why it cannot be reached; null while it can. */
  readonly error: string | null;
  /** When it was last asked; null before the first answer or time-out. */
  readonly checkedAt: string | null;
  /** When it last changed between reachable and not. */
  readonly since: string | null;
}

/** A change between reachable and not, as it was found. */
export interface EngineTurn {
  readonly reachable: boolean;
  /** RFC 3339. */
  readonly at: string;
  readonly apiVersion: string | null;
  /** Why it could not be reached; null where it could. */
  readonly error: string | null;
}

/** What is known of one engine. It goes with the engine: one that is added again begins anew. */
interface Watched {
  health: EngineHealth | undefined;
  /** Oldest first, at most KEPT_TURNS. */
  readonly turns: EngineTurn[];
}

/** Asks every engine every 5 s whether it is there, and says in the log when that changes. */
@Injectable()
export class EngineMonitor implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly watched = new Map<string, Watched>();
  private readonly stopped = new AbortController();
  private readonly listeners: ((health: EngineHealth) => void)[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly engines: EngineRegistry,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.engines.onChange(({ kind, name }) => {
      this.watched.delete(name);
      if (kind === 'added') void this.check(name);
    });
    void this.round();
    this.timer = setInterval(() => void this.round(), PING_EVERY_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
    this.stopped.abort();
  }

  /** Calls `listener` whenever an engine turns reachable or unreachable. */
  onTurn(listener: (health: EngineHealth) => void): void {
    this.listeners.push(listener);
  }

  health(name: string): EngineHealth {
    return (
      this.watched.get(name)?.health ?? {
        name,
        reachable: false,
        apiVersion: null,
        error: 'not asked yet',
        checkedAt: null,
        since: null,
      }
    );
  }

  /** The last turns of the engine since it was added or the program started, the latest first; at most 100. */
  turns(name: string): EngineTurn[] {
    return [...(this.watched.get(name)?.turns ?? [])].reverse();
  }

  private async round(): Promise<void> {
    await Promise.all(this.engines.names().map((name) => this.check(name)));
  }

  private async check(name: string): Promise<void> {
    const connection = this.engines.find(name);
    if (!connection) return;
    const watched = this.watched.get(name) ?? { health: undefined, turns: [] };
    this.watched.set(name, watched);
    const isOver = () => this.stopped.signal.aborted || this.watched.get(name) !== watched;
    try {
      const signal = AbortSignal.any([this.stopped.signal, AbortSignal.timeout(PING_TIMEOUT_MS)]);
      const { apiVersion } = await connection.ping(signal);
      if (!isOver()) this.keep(watched, { name, reachable: true, apiVersion, error: null });
    } catch (error) {
      if (isOver()) return;
      const apiVersion = watched.health?.apiVersion ?? null;
      const cause = error instanceof Error && error.cause !== undefined ? messageOf(error.cause) : undefined;
      this.keep(watched, { name, reachable: false, apiVersion, error: messageOf(error) }, cause);
    }
  }

  /** @param cause for the log only: it names the address that was tried */
  private keep(watched: Watched, now: Omit<EngineHealth, 'checkedAt' | 'since'>, cause?: string): void {
    const { health: before, turns } = watched;
    const checkedAt = new Date().toISOString();
    const changed = before?.reachable !== now.reachable;
    const health = { ...now, checkedAt, since: changed ? checkedAt : before.since };
    watched.health = health;
    if (!changed) return;
    const { reachable, apiVersion, error } = now;
    turns.push({ reachable, at: checkedAt, apiVersion, error });
    if (turns.length > KEPT_TURNS) turns.shift();
    for (const listener of this.listeners) listener(health);
    if (now.reachable)
      this.logger.info({ engine: now.name, apiVersion: now.apiVersion }, 'engine is reachable');
    else
      this.logger.warn(
        { engine: now.name, reason: now.error, cause },
        'engine is unreachable; requests to it are answered 503 until it is back',
      );
  }
}
