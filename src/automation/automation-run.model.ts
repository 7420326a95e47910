import { ObjectType } from '@nestjs/graphql';
import { withoutQuotations } from '../audit/audit-text.js';
import { toDateTime } from '../common/date-time.js';
import { OutChoice, OutInteger, OutJson, OutObject, OutText, OutTime } from '../common/output-fields.js';
import { ConnectionOf, PageOf, type SortKey } from '../common/pagination.js';
import type { AutomationRunTable, JobTable } from '../database/schema.js';
import { JOB_STATES } from '../jobs/job-kinds.js';
import { JobError } from '../jobs/job.model.js';

export const RUN_STATES = ['claimed', ...JOB_STATES, 'skipped', 'missed', 'forgotten'] as const;
export type RunState = (typeof RUN_STATES)[number];

@ObjectType({ description: 'One time that a hook or a schedule was to do something, and what became of it.' })
export class AutomationRun {
  @OutText('Its id. Ids of later ones are greater.')
  id!: string;

  @OutChoice(
    RUN_STATES,
    'How it is: that of its job; `claimed` before there is one; `skipped` and `missed`: nothing was done; `forgotten`: its job is not kept any more.',
  )
  state!: RunState;

  @OutText('The id of its job; null where there is none.', { nullable: true })
  jobId!: string | null;

  @OutText('Why nothing was done, or it could not be begun; null otherwise.', { nullable: true })
  reason!: string | null;

  @OutTime('Of a schedule, when it was due; null for a hook.', { nullable: true })
  dueAt!: string | null;

  @OutInteger('Of a schedule, how many due times had gone by that it stands for.')
  missed!: number;

  @OutText('What is being done; null where there is nothing to tell.', { nullable: true })
  message!: string | null;

  @OutJson('What came of it, once it has succeeded; which fields there are depends on the action.', {
    nullable: true,
  })
  result!: object | null;

  @OutObject(() => JobError, 'Why it failed, once it has.', { nullable: true })
  error!: JobError | null;

  @OutTime('When it was asked for.')
  createdAt!: string;

  @OutTime('When its work ended; null before, and where there was none.', { nullable: true })
  finishedAt!: string | null;
}

export class AutomationRunPage extends PageOf(AutomationRun) {}
export const AutomationRunConnection = ConnectionOf(AutomationRun);

/** What runs are sorted by, descending. */
export function runSortKey({ createdAt, id }: AutomationRun): SortKey {
  return [Date.parse(createdAt), id];
}

type JobColumns = Pick<JobTable, 'progress' | 'result' | 'error_code' | 'error_message' | 'finished_at'> & {
  readonly job_state: JobTable['state'];
};

/** A run with what is stored of its job, if any. */
export type StoredRun = AutomationRunTable & { readonly [Key in keyof JobColumns]: JobColumns[Key] | null };

export function toAutomationRun(row: StoredRun): AutomationRun {
  const progress = row.progress === null ? null : (JSON.parse(row.progress) as { message: string | null });
  return {
    id: row.id,
    state: stateOf(row),
    jobId: row.job_id,
    reason: row.reason,
    dueAt: row.due_at === null ? null : toDateTime(row.due_at),
    missed: row.missed,
    message: progress?.message ?? null,
    result: row.result === null ? null : (JSON.parse(row.result) as object),
    // Who called may be somebody else than who gave what an engine quotes.
    error:
      row.error_code === null
        ? null
        : { code: row.error_code, message: withoutQuotations(row.error_message ?? '') },
    createdAt: toDateTime(row.created_at),
    finishedAt: row.finished_at === null ? null : toDateTime(row.finished_at),
  };
}

function stateOf({ state, job_state }: StoredRun): RunState {
  return state === 'started' ? (job_state ?? 'forgotten') : state;
}
