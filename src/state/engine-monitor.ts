import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { messageOf } from '../common/errors.js';
import { LOGGER } from '../common/logging.js';
import { EngineRegistry } from '../engine/engine-registry.js';

const PING_EVERY_MS = 5_000;
const PING_TIMEOUT_MS = 5_000;

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

/** Asks every engine every 5 s whether it is there, and says in the log when that changes. */
@Injectable()
export class EngineMonitor implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly healths = new Map<string, EngineHealth>();
  private readonly stopped = new AbortController();
  private readonly listeners: ((health: EngineHealth) => void)[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly engines: EngineRegistry,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
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
      this.healths.get(name) ?? {
        name,
        reachable: false,
        apiVersion: null,
        error: 'not asked yet',
        checkedAt: null,
        since: null,
      }
    );
  }

  private async round(): Promise<void> {
    await Promise.all(this.engines.names().map((name) => this.check(name)));
  }

  private async check(name: string): Promise<void> {
    const before = this.healths.get(name);
    try {
      const signal = AbortSignal.any([this.stopped.signal, AbortSignal.timeout(PING_TIMEOUT_MS)]);
      const { apiVersion } = await this.engines.get(name).ping(signal);
      this.keep(before, { name, reachable: true, apiVersion, error: null });
    } catch (error) {
      if (this.stopped.signal.aborted) return;
      this.keep(before, {
        name,
        reachable: false,
        apiVersion: before?.apiVersion ?? null,
        error: messageOf(error),
      });
    }
  }

  private keep(before: EngineHealth | undefined, now: Omit<EngineHealth, 'checkedAt' | 'since'>): void {
    const checkedAt = new Date().toISOString();
    const changed = before?.reachable !== now.reachable;
    const health = { ...now, checkedAt, since: changed ? checkedAt : before.since };
    this.healths.set(now.name, health);
    if (!changed) return;
    for (const listener of this.listeners) listener(health);
    if (now.reachable)
      this.logger.info({ engine: now.name, apiVersion: now.apiVersion }, 'engine is reachable');
    else
      this.logger.warn(
        { engine: now.name, reason: now.error },
        'engine is unreachable; requests to it are answered 503 until it is back',
      );
  }
}
