import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { Housekeeping } from '../common/housekeeping.js';
import { DATABASE } from '../database/database.token.js';
import type { Database } from '../database/schema.js';

const INTERVAL_MS = 10 * 60_000;
/** How long jobs that have ended are kept, and how many of them at most. */
export const KEPT_MS = 30 * 24 * 60 * 60_000;
export const KEPT = 10_000;
const BATCH = 200;

/** Forgets, at start and every ten minutes, jobs that ended 30 days ago, and all but the newest 10,000. */
@Injectable()
export class JobHistory extends Housekeeping {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
  ) {
    super({ everyMs: INTERVAL_MS, logger: 'Jobs', failure: "old jobs can't be forgotten" });
  }

  /** @returns how many were forgotten */
  async run(kept = KEPT): Promise<number> {
    const aged = await this.deleteEndedBefore(this.clock.now() - KEPT_MS);
    const last = await this.db
      .selectFrom('job')
      .select('finished_at')
      .where('finished_at', 'is not', null)
      .orderBy('finished_at', 'desc')
      .orderBy('id', 'desc')
      .offset(kept)
      .limit(1)
      .executeTakeFirst();
    // Those of the same millisecond go together: a few fewer are kept then.
    const surplus = last?.finished_at == null ? 0 : await this.deleteEndedBefore(last.finished_at + 1);
    return aged + surplus;
  }

  private async deleteEndedBefore(time: number): Promise<number> {
    let deleted = 0;
    while (!this.stopping) {
      const { numDeletedRows } = await this.db
        .deleteFrom('job')
        .where('id', 'in', (eb) =>
          eb
            .selectFrom('job')
            .select('id')
            .where('finished_at', '<', time)
            .orderBy('finished_at')
            .orderBy('id')
            .limit(BATCH),
        )
        .executeTakeFirstOrThrow();
      deleted += Number(numDeletedRows);
      if (numDeletedRows < BigInt(BATCH)) break;
    }
    return deleted;
  }
}
