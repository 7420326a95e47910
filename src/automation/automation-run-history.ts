import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { Housekeeping } from '../common/housekeeping.js';
import { DATABASE } from '../database/database.token.js';
import type { Database } from '../database/schema.js';

const INTERVAL_MS = 10 * 60_000;
/** As long as jobs: what was done once is not done again within that time. */
export const RUNS_KEPT_MS = 30 * 24 * 60 * 60_000;
/** Of all hooks and schedules together. */
export const RUNS_KEPT = 100_000;
/** How long it may take from a claim to its job. */
export const CLAIM_MS = 60_000;
const BATCH = 500;

/**
 * Forgets, at start and every ten minutes, runs of 30 days ago and all but the newest 100,000, and tells of those whose
 * process ended before they were begun.
 */
@Injectable()
export class AutomationRunHistory extends Housekeeping {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
  ) {
    super({ everyMs: INTERVAL_MS, logger: 'Automation', failure: "old runs can't be forgotten" });
  }

  /** @returns how many were forgotten */
  async run(kept = RUNS_KEPT): Promise<number> {
    const now = this.clock.now();
    await this.db
      .updateTable('automation_run')
      .set({ state: 'failed', reason: 'Dockmaster stopped before it was begun' })
      .where('state', '=', 'claimed')
      .where('source_kind', '=', 'schedule')
      .where('created_at', '<', now - CLAIM_MS)
      .execute();
    const last = await this.db
      .selectFrom('automation_run')
      .select('created_at')
      .orderBy('created_at', 'desc')
      .offset(kept)
      .limit(1)
      .executeTakeFirst();
    return this.deleteBefore(Math.max(now - RUNS_KEPT_MS, (last?.created_at ?? -1) + 1));
  }

  private async deleteBefore(time: number): Promise<number> {
    let deleted = 0;
    while (!this.stopping) {
      const oldest = this.db
        .selectFrom('automation_run')
        .select('id')
        .where('created_at', '<', time)
        .orderBy('created_at')
        .limit(BATCH);
      const { numDeletedRows } = await this.db
        .deleteFrom('automation_run')
        .where('id', 'in', oldest)
        .executeTakeFirstOrThrow();
      deleted += Number(numDeletedRows);
      if (numDeletedRows < BigInt(BATCH)) break;
    }
    return deleted;
  }
}
