import { Inject, Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'kysely';
import { Clock } from '../common/clock.js';
import { Housekeeping } from '../common/housekeeping.js';
import { DATABASE } from '../database/database.token.js';
import type { Database, Schema } from '../database/schema.js';

const INTERVAL_MS = 10 * 60_000;
/** As long as jobs: what was done once is not done again within that time. */
export const RUNS_KEPT_MS = 30 * 24 * 60 * 60_000;
/** Of each hook and schedule: a busy one pushes out its own, and no call of another can be repeated for it. */
export const RUNS_KEPT = 10_000;
/** How long it may take from a claim to its job. */
export const CLAIM_MS = 60_000;
const BATCH = 500;

type Runs = SelectQueryBuilder<Schema, 'automation_run', { id: string }>;

/**
 * Forgets, at start and every ten minutes, runs of 30 days ago and all but the newest 10,000 of each source, and tells of
 * those whose process ended before they were begun.
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
    let forgotten = await this.forget((runs) => runs.where('created_at', '<', now - RUNS_KEPT_MS));
    for (const { source_id: source, last } of await this.crowded(kept)) {
      forgotten += await this.forget((runs) =>
        runs.where('source_id', '=', source).where('created_at', '<=', last),
      );
    }
    return forgotten;
  }

  /** Those with too many runs, each with when the newest was that is one too many. */
  private async crowded(kept: number): Promise<{ source_id: string; last: number }[]> {
    const sources = await this.db
      .selectFrom('automation_run')
      .select('source_id')
      .groupBy('source_id')
      .having((eb) => eb.fn.countAll<number>(), '>', kept)
      .execute();
    const found: { source_id: string; last: number }[] = [];
    for (const { source_id } of sources) {
      const { created_at: last } = await this.db
        .selectFrom('automation_run')
        .select('created_at')
        .where('source_id', '=', source_id)
        .orderBy('created_at', 'desc')
        .offset(kept)
        .limit(1)
        .executeTakeFirstOrThrow();
      found.push({ source_id, last });
    }
    return found;
  }

  private async forget(which: (runs: Runs) => Runs): Promise<number> {
    let deleted = 0;
    while (!this.stopping) {
      const runs = this.db.selectFrom('automation_run').select('id').orderBy('created_at').limit(BATCH);
      const { numDeletedRows } = await this.db
        .deleteFrom('automation_run')
        .where('id', 'in', which(runs))
        .executeTakeFirstOrThrow();
      deleted += Number(numDeletedRows);
      if (numDeletedRows < BigInt(BATCH)) break;
    }
    return deleted;
  }
}
