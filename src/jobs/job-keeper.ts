import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { messageOf } from '../common/errors.js';
import { JobRunner } from './job-runner.js';
import { JobStore, LEASE_MS } from './job-store.js';

/** How soon a cancellation that was asked of another process is heard. */
const LOOK_EVERY_MS = 1_000;
const RENEW_EVERY_MS = 5_000;
const CLOSE_EVERY_MS = 10_000;

/**
 * Closes, at start and before any request, the jobs of a process that is no more. Where several processes share the
 * database, it also tells the others while this one is alive, hears what they ask of its jobs, and goes on closing.
 */
@Injectable()
export class JobKeeper implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('Jobs');
  private readonly over = new AbortController();
  private looking: Promise<void> = Promise.resolve();
  private renewedAt = 0;
  private closedAt = performance.now();
  /** After an outage of the database each process first has the time to say that it is alive. */
  private closeNotBefore = 0;

  constructor(
    private readonly store: JobStore,
    private readonly runner: JobRunner,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.closeAbandoned();
    if (this.store.isShared) this.looking = this.lookOften(this.over.signal);
  }

  async onModuleDestroy(): Promise<void> {
    this.over.abort();
    await this.looking;
  }

  private async lookOften(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      try {
        await this.look();
      } catch (error) {
        this.closeNotBefore = performance.now() + LEASE_MS;
        this.logger.warn(`jobs can't be looked after now: ${messageOf(error)}`);
      }
      await pause(LOOK_EVERY_MS, undefined, { signal: over, ref: false }).catch(() => undefined);
    }
  }

  private async look(): Promise<void> {
    const now = performance.now();
    const jobs = this.runner.unfinished();
    if (jobs.length > 0) {
      if (now - this.renewedAt >= RENEW_EVERY_MS) {
        await this.store.renew();
        this.renewedAt = now;
      }
      const held = new Map((await this.store.held()).map((row) => [row.id, row]));
      for (const job of jobs) {
        const row = held.get(job.id);
        if (!row) this.runner.lost(job);
        else if (row.cancel_requested === 1 && !job.cancelRequested) await this.runner.cancel(job);
      }
    }
    if (now - this.closedAt >= CLOSE_EVERY_MS && now >= this.closeNotBefore) {
      this.closedAt = now;
      await this.closeAbandoned();
    }
  }

  private async closeAbandoned(): Promise<void> {
    const closed = await this.store.closeAbandoned();
    if (closed > 0) this.logger.warn(`${closed} jobs were interrupted when Dockmaster last stopped`);
  }
}
