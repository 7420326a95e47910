import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { notFound } from '../common/errors.js';
import type { Page, PageRequest } from '../common/pagination.js';
import { isUuid, uuidV7 } from '../common/uuid-v7.js';
import { DATABASE } from '../database/database.token.js';
import type { AutomationRunTable, Database } from '../database/schema.js';
import { timePage } from '../database/time-cursor.js';
import { UNFINISHED } from '../jobs/job-kinds.js';
import { type AutomationRun, toAutomationRun } from './automation-run.model.js';

/** What a run is of: a hook or a schedule. */
export interface RunSource {
  readonly kind: AutomationRunTable['source_kind'];
  readonly id: string;
}

/** What is done once only, for its source. */
export interface RunKey {
  readonly key: string;
  readonly dueAt?: number;
  readonly missed?: number;
}

/** What was done, and what was not. Who may see which is the caller's to decide. */
@Injectable()
export class AutomationRunStore {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes a key for oneself: of all that try, in whichever process, one does.
   *
   * @returns the id of the new run; undefined where the key was taken before
   */
  async claim(
    source: RunSource,
    { key, dueAt, missed = 0 }: RunKey,
    state: AutomationRunTable['state'] = 'claimed',
    reason: string | null = null,
    db: Database = this.db,
  ): Promise<string | undefined> {
    const now = this.clock.now();
    const id = uuidV7(now);
    const row = await db
      .insertInto('automation_run')
      .values({
        id,
        source_kind: source.kind,
        source_id: source.id,
        key,
        state,
        reason,
        due_at: dueAt ?? null,
        missed,
        job_id: null,
        created_at: now,
      })
      .onConflict((conflict) => conflict.columns(['source_kind', 'source_id', 'key']).doNothing())
      .returning('id')
      .executeTakeFirst();
    return row?.id;
  }

  /** Notes the job that a run is. */
  async started(id: string, jobId: string): Promise<void> {
    await this.settle(id, { state: 'started', job_id: jobId });
  }

  /** Notes that nothing is done, and why. */
  async notDone(id: string, state: 'skipped' | 'failed', reason: string): Promise<void> {
    await this.settle(id, { state, reason });
  }

  /** Gives a key back, for another try. */
  async release(id: string): Promise<void> {
    await this.db.deleteFrom('automation_run').where('id', '=', id).execute();
  }

  /** Gives a key back that was claimed before a time and led to no job: who claimed it is no more. */
  async releaseAbandoned({ kind, id }: RunSource, key: string, before: number): Promise<void> {
    await this.db
      .deleteFrom('automation_run')
      .where('source_kind', '=', kind)
      .where('source_id', '=', id)
      .where('key', '=', key)
      .where('state', '=', 'claimed')
      .where('created_at', '<', before)
      .execute();
  }

  /** Whether a run of it has not ended. */
  async isUnderWay({ kind, id }: RunSource): Promise<boolean> {
    const row = await this.db
      .selectFrom('automation_run')
      .innerJoin('job', 'job.id', 'automation_run.job_id')
      .select('automation_run.id')
      .where('source_kind', '=', kind)
      .where('source_id', '=', id)
      .where('job.state', 'in', UNFINISHED)
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }

  /** Newest first. */
  list(source: RunSource, page: PageRequest): Promise<Page<AutomationRun>> {
    const rows = this.of(source);
    return timePage({ rows, table: 'automation_run', order: 'newest first', toItem: toAutomationRun }, page);
  }

  /** @throws DomainError `not_found` also for a run of another */
  async get(source: RunSource, id: string): Promise<AutomationRun> {
    const row = isUuid(id)
      ? await this.of(source).where('automation_run.id', '=', id).executeTakeFirst()
      : undefined;
    if (!row) throw notFound('run', id);
    return toAutomationRun(row);
  }

  /** The run that took a key. */
  async byKey(source: RunSource, key: string): Promise<AutomationRun | undefined> {
    const row = await this.of(source).where('key', '=', key).executeTakeFirst();
    return row && toAutomationRun(row);
  }

  private async settle(
    id: string,
    change: Partial<Pick<AutomationRunTable, 'state' | 'job_id' | 'reason'>>,
  ): Promise<void> {
    await this.db.updateTable('automation_run').set(change).where('id', '=', id).execute();
  }

  private of({ kind, id }: RunSource) {
    return this.db
      .selectFrom('automation_run')
      .leftJoin('job', 'job.id', 'automation_run.job_id')
      .where('source_kind', '=', kind)
      .where('source_id', '=', id)
      .selectAll('automation_run')
      .select([
        'job.state as job_state',
        'job.progress',
        'job.result',
        'job.error_code',
        'job.error_message',
        'job.finished_at',
      ]);
  }
}
