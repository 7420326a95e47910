import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type ExpressionBuilder, type RawBuilder, sql } from 'kysely';
import { Clock } from '../common/clock.js';
import type { Page, PageRequest } from '../common/pagination.js';
import { databaseTime } from '../database/database-time.js';
import { DATABASE } from '../database/database.token.js';
import { isSqlite } from '../database/open-database.js';
import type { Database, Schema } from '../database/schema.js';
import { timePage } from '../database/time-cursor.js';
import { writeEvents } from '../events/event-journal.js';
import type { JobSight } from './job-access.js';
import { endOf } from './job-events.js';
import { type FinalJobState, INTERRUPTED, type JobKind, type JobState, UNFINISHED } from './job-kinds.js';
import { type StoredJob, STORED_COLUMNS } from './job-row.js';
import type { JobError, JobLog, JobProgress } from './job.model.js';

/** How long a process that says nothing is taken to be alive, where there may be several. */
export const LEASE_MS = 30_000;

export interface JobFilter {
  readonly kind?: JobKind | undefined;
  readonly state?: JobState | undefined;
  readonly engine?: string | undefined;
}

/** How far a job is, as it is written down now and then. */
export interface JobNews {
  readonly progress: JobProgress;
  readonly log: JobLog;
}

export interface JobOutcome extends JobNews {
  readonly state: FinalJobState;
  readonly result: object | null;
  readonly error: JobError | null;
}

/** What a new row is made of. */
export type NewJob = Pick<
  StoredJob,
  | 'id'
  | 'kind'
  | 'engine'
  | 'target_kind'
  | 'target_id'
  | 'target_name'
  | 'created_at'
  | 'created_by_kind'
  | 'created_by_id'
  | 'created_by_name'
  | 'token_id'
>;

/**
 * Jobs in the database. A job belongs to the process that started it, its holder: nobody else changes it, but to ask for its
 * cancellation, and to close it when its holder is no more.
 */
@Injectable()
export class JobStore {
  /** This process, among those that share the database. */
  readonly holder = randomUUID();
  /** Whether other processes may have the database too. */
  readonly isShared: boolean;

  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
  ) {
    this.isShared = !isSqlite(db);
  }

  async insert(job: NewJob, { progress, log }: JobNews): Promise<void> {
    await this.db
      .insertInto('job')
      .values({
        ...job,
        state: 'queued',
        progress: JSON.stringify(progress),
        log: JSON.stringify(log),
        result: null,
        error_code: null,
        error_message: null,
        cancel_requested: 0,
        started_at: null,
        finished_at: null,
        holder: this.holder,
        lease_until: this.leaseEnd(),
        revision: 1,
      })
      .execute();
  }

  /** @returns whether the job is still ours to begin */
  begin(id: string, startedAt: number): Promise<boolean> {
    return this.changeOwn(id, { state: 'running', started_at: startedAt });
  }

  /** @returns whether the job is still ours */
  save(id: string, { progress, log }: JobNews): Promise<boolean> {
    return this.changeOwn(id, { progress: JSON.stringify(progress), log: JSON.stringify(log) });
  }

  /** @returns whether the job was still ours, so that this is its outcome */
  finish(
    id: string,
    finishedAt: number,
    { state, result, error, progress, log }: JobOutcome,
  ): Promise<boolean> {
    const change = {
      state,
      result: result === null ? null : JSON.stringify(result),
      error_code: error?.code ?? null,
      error_message: error?.message ?? null,
      progress: JSON.stringify(progress),
      log: JSON.stringify(log),
      finished_at: finishedAt,
    };
    return this.db.transaction().execute(async (transaction) => {
      const [ended] = await this.ownUnfinished(id, change, transaction).returning(STORED_COLUMNS).execute();
      if (ended) await writeEvents(transaction, [endOf(ended)], finishedAt);
      return ended !== undefined;
    });
  }

  /** Asks the holder of a job that has not ended to cancel it. @returns whether there is such a job */
  async requestCancel(id: string): Promise<boolean> {
    const { numUpdatedRows } = await this.db
      .updateTable('job')
      .set((eb) => ({ cancel_requested: 1, revision: eb('revision', '+', 1) }))
      .where('id', '=', id)
      .where('state', 'in', UNFINISHED)
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }

  find(id: string): Promise<StoredJob | undefined> {
    return this.db.selectFrom('job').select(STORED_COLUMNS).where('id', '=', id).executeTakeFirst();
  }

  async log(id: string): Promise<JobLog | undefined> {
    const row = await this.db.selectFrom('job').select('log').where('id', '=', id).executeTakeFirst();
    return row && (JSON.parse(row.log) as JobLog);
  }

  /** Those within `sight`, newest first. */
  list(sight: JobSight, filter: JobFilter, page: PageRequest): Promise<Page<StoredJob>> {
    const rows = this.db
      .selectFrom('job')
      .where((eb) => within(eb, sight))
      .where((eb) =>
        eb.and(
          Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as JobFilter,
        ),
      )
      .select(STORED_COLUMNS);
    return timePage({ rows, table: 'job', order: 'newest first', toItem: (row) => row }, page);
  }

  /** Tells the others that this process is alive. */
  async renew(): Promise<void> {
    await this.db
      .updateTable('job')
      .set({ lease_until: this.leaseEnd() })
      .where('holder', '=', this.holder)
      .where('state', 'in', UNFINISHED)
      .execute();
  }

  /** The jobs of this process that have not ended, as the others see them. */
  held(): Promise<Pick<StoredJob, 'id' | 'cancel_requested'>[]> {
    return this.db
      .selectFrom('job')
      .select(['id', 'cancel_requested'])
      .where('holder', '=', this.holder)
      .where('state', 'in', UNFINISHED)
      .execute();
  }

  /**
   * Closes the jobs of processes that are no more: on SQLite those of every other one, since only one process has the file;
   * on PostgreSQL those whose lease is over.
   *
   * @returns how many were closed
   */
  async closeAbandoned(): Promise<number> {
    const now = this.clock.now();
    return this.db.transaction().execute(async (transaction) => {
      const abandoned = transaction
        .updateTable('job')
        .set((eb) => ({
          state: 'failed',
          error_code: INTERRUPTED,
          error_message: 'Dockmaster stopped before the work had ended',
          finished_at: now,
          revision: eb('revision', '+', 1),
        }))
        .where('state', 'in', UNFINISHED);
      const closed = await (
        this.isShared
          ? abandoned.where('lease_until', '<', databaseTime())
          : abandoned.where('holder', '<>', this.holder)
      )
        .returning(STORED_COLUMNS)
        .execute();
      await writeEvents(transaction, closed.map(endOf), now);
      return closed.length;
    });
  }

  /** Only of a job that is ours and has not ended, whatever another process took us for. */
  private async changeOwn(id: string, change: Partial<Schema['job']>): Promise<boolean> {
    const { numUpdatedRows } = await this.ownUnfinished(id, change, this.db).executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }

  private ownUnfinished(id: string, change: Partial<Schema['job']>, db: Database) {
    return db
      .updateTable('job')
      .set((eb) => ({ ...change, revision: eb('revision', '+', 1) }))
      .where('id', '=', id)
      .where('holder', '=', this.holder)
      .where('state', 'in', UNFINISHED);
  }

  private leaseEnd(): RawBuilder<number> | number {
    return this.isShared ? sql<number>`${databaseTime()} + ${sql.lit(LEASE_MS)}` : 0;
  }
}

/** The same as `isWithin`. */
function within(eb: ExpressionBuilder<Schema, 'job'>, { reach, own }: JobSight) {
  if (reach.everywhere) return eb.lit(true);
  const { limited } = own;
  const onOneOf = (engines: readonly string[]) =>
    engines.includes('*') ? eb.lit(true) : engines.length > 0 ? eb('engine', 'in', engines) : eb.lit(false);
  const mine = eb.and({ created_by_kind: own.kind, created_by_id: own.id });
  const shown = limited
    ? eb.or([eb('token_id', '=', limited.tokenId), onOneOf(limited.engines)])
    : eb.lit(true);
  return eb.or([onOneOf(reach.engines), eb.and([mine, shown])]);
}
