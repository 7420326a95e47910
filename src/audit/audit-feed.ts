import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { DomainError, messageOf } from '../common/errors.js';
import { DATABASE } from '../database/database.token.js';
import type { Database } from '../database/schema.js';
import type { AuditFilter, StoredAuditRecord } from './audit-filter.js';
import { AuditViewer } from './audit-viewer.js';

/** How often the trail is looked at while somebody watches. */
const LOOK_EVERY_MS = 500;
/** Records are told of though they are committed late, or by a replica whose clock is behind, by up to this much. */
const LATE_MS = 10_000;
/** Records within that time that can be told apart; more end all viewers. */
const MAX_RECENT = 20_000;
const BATCH = 500;
const MAX_VIEWERS = 200;

/**
 * Tells viewers of audit records, each once, as soon as its outcome is known: a refusal at once, a change when it has succeeded or
 * failed. It reads the database, so that records of every replica come, and reads nothing while nobody watches.
 */
@Injectable()
export class AuditFeed implements OnModuleDestroy {
  private readonly viewers = new Set<AuditViewer>();
  /** What was told, of the time that is looked at again. */
  private told: ReadonlySet<string> = new Set();
  private lookedAt = 0;
  private looking: Promise<void> = Promise.resolve();
  private watching: AbortController | undefined;

  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Everything from now on that meets `filter`. A viewer that is more than 1,000 records behind ends with `unavailable`.
   *
   * @param signal ends it; to be aborted also where nobody reads what this answers with
   * @throws DomainError `too_many_requests` while there are too many viewers
   */
  async open(
    filter: AuditFilter,
    signal: AbortSignal,
  ): Promise<AsyncGenerator<readonly StoredAuditRecord[]>> {
    if (this.viewers.size >= MAX_VIEWERS)
      throw new DomainError('too_many_requests', `${MAX_VIEWERS} others watch the audit trail already`);
    if (this.viewers.size === 0) this.lookedAt = this.clock.now();
    await this.look(); // What was there before is told to those before.
    const viewer = new AuditViewer(filter);
    const leave = () => this.leave(viewer);
    this.viewers.add(viewer);
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
    else this.watch();
    return this.untilEnd(viewer, signal, leave);
  }

  onModuleDestroy(): void {
    this.endAll(new DomainError('unavailable', 'Dockmaster is shutting down'));
  }

  private async *untilEnd(viewer: AuditViewer, signal: AbortSignal, leave: () => void) {
    try {
      yield* viewer.batches(signal);
    } finally {
      signal.removeEventListener('abort', leave);
      leave();
    }
  }

  private leave(viewer: AuditViewer): void {
    this.viewers.delete(viewer);
    if (this.viewers.size > 0) return;
    this.watching?.abort();
    this.watching = undefined;
  }

  private endAll(failure: DomainError): void {
    for (const viewer of [...this.viewers]) {
      viewer.end(failure);
      this.leave(viewer);
    }
  }

  private watch(): void {
    if (this.watching) return;
    const watching = new AbortController();
    this.watching = watching;
    void this.lookOften(watching.signal);
  }

  private async lookOften(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      try {
        await this.look();
      } catch (error) {
        // What is missed now is found by the next look that succeeds.
        new Logger('Audit').warn(`the trail can't be read for those who watch it: ${messageOf(error)}`);
      }
      await pause(LOOK_EVERY_MS, undefined, { signal: over, ref: false }).catch(() => undefined);
    }
  }

  /** One look at a time. */
  private look(): Promise<void> {
    const look = this.looking.then(() => this.lookOnce());
    this.looking = look.catch(() => undefined);
    return look;
  }

  private async lookOnce(): Promise<void> {
    const now = this.clock.now();
    const recent = await this.db
      .selectFrom('audit_record')
      .select('id')
      .where('settled_at', '>=', this.lookedAt - LATE_MS)
      .orderBy('settled_at')
      .orderBy('id')
      .limit(MAX_RECENT + 1)
      .execute();
    if (recent.length > MAX_RECENT) {
      this.endAll(new DomainError('unavailable', 'Too many records at once: list them, and watch again'));
      throw new DomainError('unavailable', 'Too many audit records at once to watch them', {
        retryAfter: 10,
      });
    }
    const fresh = recent.map(({ id }) => id).filter((id) => !this.told.has(id));
    for (let start = 0; start < fresh.length && this.viewers.size > 0; start += BATCH) {
      const records = await this.db
        .selectFrom('audit_record')
        .selectAll()
        .where('id', 'in', fresh.slice(start, start + BATCH))
        .orderBy('settled_at')
        .orderBy('id')
        .execute();
      for (const viewer of this.viewers) viewer.offer(records);
    }
    this.told = new Set(recent.map(({ id }) => id));
    this.lookedAt = now;
  }
}
