import type { Selectable } from 'kysely';
import { toDateTime } from '../common/date-time.js';
import type { JobTable } from '../database/schema.js';
import type { JobKind } from './job-kinds.js';
import type { Job, JobProgress, JobTarget } from './job.model.js';

/** A job as the database holds it, without its log, which is read for itself. */
export type StoredJob = Omit<Selectable<JobTable>, 'log'>;

export const STORED_COLUMNS = [
  'id',
  'kind',
  'state',
  'engine',
  'target_kind',
  'target_id',
  'target_name',
  'progress',
  'result',
  'error_code',
  'error_message',
  'cancel_requested',
  'created_at',
  'started_at',
  'finished_at',
  'created_by_kind',
  'created_by_id',
  'created_by_name',
  'token_id',
  'holder',
  'lease_until',
  'revision',
] as const satisfies readonly (keyof StoredJob)[];

export function toJob(row: StoredJob): Job {
  return {
    id: row.id,
    kind: row.kind as JobKind,
    state: row.state,
    engine: row.engine,
    target: toTarget(row),
    progress: JSON.parse(row.progress) as JobProgress,
    result: row.result === null ? null : (JSON.parse(row.result) as object),
    error: row.error_code === null ? null : { code: row.error_code, message: row.error_message ?? '' },
    cancelRequested: row.cancel_requested === 1,
    createdAt: toDateTime(row.created_at),
    startedAt: row.started_at === null ? null : toDateTime(row.started_at),
    finishedAt: row.finished_at === null ? null : toDateTime(row.finished_at),
    createdBy: { kind: row.created_by_kind, id: row.created_by_id, name: row.created_by_name },
  };
}

function toTarget({ target_kind: kind, target_id: id, target_name: name }: StoredJob): JobTarget | null {
  return kind === null ? null : { kind, id, name };
}
