import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import { DATABASE } from '../database/database.token.js';
import type { Database, RecreationTable } from '../database/schema.js';
import { UNFINISHED } from '../jobs/job-kinds.js';

const LOOK_EVERY_MS = 500;
const PATIENCE_MS = 15 * 60_000;

/** What is being re-created, by which job. */
export type Recreation = Pick<RecreationTable, 'job_id' | 'engine' | 'service_account_id' | 'name'>;

/** Which containers are being re-created, and what to undo: written down before it happens. */
@Injectable()
export class RecreationStore {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Waits for its turn: a container is re-created by one job at a time, in whichever process.
   *
   * @throws DomainError `conflict` where another is at it for too long
   */
  async begin(recreation: Recreation, signal: AbortSignal): Promise<void> {
    const end = this.clock.now() + PATIENCE_MS;
    for (;;) {
      signal.throwIfAborted();
      const row = await this.db
        .insertInto('recreation')
        .values({ ...recreation, old_id: null, new_id: null, was_running: 0, created_at: this.clock.now() })
        .onConflict((conflict) => conflict.columns(['engine', 'name']).doNothing())
        .returning('job_id')
        .executeTakeFirst();
      if (row) return;
      if (this.clock.now() > end)
        throw new DomainError(
          'conflict',
          `The container ${recreation.name} is being re-created by another job`,
        );
      await pause(LOOK_EVERY_MS, undefined, { signal });
    }
  }

  /** Written down before anything happens to the old container. */
  async note(
    jobId: string,
    change: Partial<Pick<RecreationTable, 'old_id' | 'new_id' | 'was_running'>>,
  ): Promise<void> {
    await this.db.updateTable('recreation').set(change).where('job_id', '=', jobId).execute();
  }

  async end(jobId: string): Promise<void> {
    await this.db.deleteFrom('recreation').where('job_id', '=', jobId).execute();
  }

  /** Those whose job nobody goes on with. */
  abandoned(): Promise<RecreationTable[]> {
    return this.db
      .selectFrom('recreation')
      .selectAll('recreation')
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('job')
              .select('job.id')
              .whereRef('job.id', '=', 'recreation.job_id')
              .where('job.state', 'in', UNFINISHED),
          ),
        ),
      )
      .limit(100)
      .execute();
  }
}
