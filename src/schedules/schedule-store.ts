import { Inject, Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import type { ActionInput } from '../automation/action.inputs.js';
import type { StoredAction } from '../automation/action.model.js';
import { AutomationRunStore } from '../automation/automation-run-store.js';
import { deleteWithRuns } from '../automation/source-removal.js';
import { shownAction, StoredActions } from '../automation/stored-actions.js';
import { Clock } from '../common/clock.js';
import { type DryRunQuery, inTransaction } from '../common/dry-run.js';
import { changedMeanwhile, notFound } from '../common/errors.js';
import { isUuid, uuidV7 } from '../common/uuid-v7.js';
import { DATABASE } from '../database/database.token.js';
import type { Database, ScheduleTable } from '../database/schema.js';
import { refuseMoreThan, refusingTakenName } from '../database/unique-names.js';
import type { DuePlan, MissedPolicy } from './due-plan.js';
import type { OverlapPolicy } from './schedule.inputs.js';

/** All of a list is read at once. */
const MAX_SCHEDULES = 500;
const DUE_AT_ONCE = 50;

interface ScheduleFields {
  readonly name: string;
  readonly description: string;
  readonly serviceAccountId: string;
  /** As of a hook. */
  readonly parentId: string | null;
  readonly enabled: boolean;
  readonly cron: string;
  readonly timeZone: string;
  readonly missed: MissedPolicy;
  readonly overlap: OverlapPolicy;
}

export interface StoredSchedule extends ScheduleFields {
  readonly id: string;
  readonly action: StoredAction;
  /** When it is due, in milliseconds since the epoch; null for never. */
  readonly nextAt: number | null;
  readonly revision: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface NewSchedule extends ScheduleFields {
  readonly action: ActionInput;
  readonly nextAt: number | null;
}

/** What is undefined stays as it is. */
export type ScheduleChanges = { readonly [Key in keyof NewSchedule]?: NewSchedule[Key] | undefined };

/** Keeps schedules. Who may see and change which is the caller's to decide. */
@Injectable()
export class ScheduleStore {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly actions: StoredActions,
    private readonly runs: AutomationRunStore,
    private readonly clock: Clock,
  ) {}

  /** By name. */
  async all(): Promise<StoredSchedule[]> {
    return (await this.db.selectFrom('schedule').selectAll().orderBy('name').execute()).map(toStored);
  }

  /** @throws DomainError `not_found` */
  async get(id: string): Promise<StoredSchedule> {
    return toStored(await this.row(id));
  }

  /** @throws DomainError `not_found`; `unavailable` where it was sealed with another key */
  async wholeAction(id: string): Promise<ActionInput> {
    return this.actions.whole(await this.row(id), place(id));
  }

  /** Those that are due at a time, the longest due first. */
  async due(now: number): Promise<StoredSchedule[]> {
    const rows = await this.db
      .selectFrom('schedule')
      .selectAll()
      .where('enabled', '=', 1)
      .where('next_at', '<=', now)
      .orderBy('next_at')
      .limit(DUE_AT_ONCE)
      .execute();
    return rows.map(toStored);
  }

  /**
   * Takes a due time for oneself, and writes down what is missed: of all replicas that see it, one does, once.
   *
   * @returns the id of the run that is to be begun; null where there is none to begin; undefined where another took it
   */
  claim({ id, nextAt }: StoredSchedule, plan: DuePlan): Promise<string | null | undefined> {
    const source = { kind: 'schedule', id } as const;
    return this.db.transaction().execute(async (transaction) => {
      const { numUpdatedRows } = await transaction
        .updateTable('schedule')
        .set({ next_at: plan.nextAt })
        .where('id', '=', id)
        .where('enabled', '=', 1)
        .where('next_at', '=', nextAt)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows === 0n) return undefined;
      const { run, missed } = plan;
      if (missed) {
        const key = { key: `missed:${missed.dueAt}`, dueAt: missed.dueAt, missed: missed.count };
        await this.runs.claim(source, key, 'missed', 'Dockmaster was not there', transaction);
      }
      if (!run) return null;
      return this.runs.claim(source, { key: `due:${run.dueAt}`, ...run }, 'claimed', null, transaction);
    });
  }

  /** @throws DomainError `conflict` for a name that is taken, or where there are too many */
  create(schedule: NewSchedule, dryRun: DryRunQuery): Promise<StoredSchedule> {
    const now = this.clock.now();
    const id = uuidV7(now);
    return refusingTakenName('schedule', schedule.name, () =>
      inTransaction(this.db.transaction(), dryRun, async (transaction) => {
        await refuseMoreThan(MAX_SCHEDULES, 'schedules', 'schedule', transaction);
        const row = await transaction
          .insertInto('schedule')
          .values({
            id,
            ...toColumns(schedule),
            ...this.actions.toColumns(schedule.action, place(id)),
            next_at: schedule.nextAt,
            revision: 1,
            created_at: now,
            updated_at: now,
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        return toStored(row);
      }),
    );
  }

  /**
   * @param known the schedule as it was when the change was decided on
   * @throws DomainError `conflict` where it has changed or gone since then, and for a name that is taken
   */
  update(known: StoredSchedule, { action, nextAt, ...changes }: ScheduleChanges): Promise<StoredSchedule> {
    const { id, revision } = known;
    const entries: [string, unknown][] = Object.entries(changes);
    const given = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
    const fields: ScheduleFields = { ...known, ...given };
    return refusingTakenName('schedule', fields.name, async () => {
      const row = await this.db
        .updateTable('schedule')
        .set({
          ...toColumns(fields),
          ...(action ? this.actions.toColumns(action, place(id)) : {}),
          ...(nextAt === undefined ? {} : { next_at: nextAt }),
          revision: revision + 1,
          updated_at: this.clock.now(),
        })
        .where('id', '=', id)
        .where('revision', '=', revision)
        .returningAll()
        .executeTakeFirst();
      if (row) return toStored(row);
      throw changedMeanwhile('schedule', known.name);
    });
  }

  /** Deletes it with its runs. @throws DomainError `not_found` */
  delete(id: string): Promise<void> {
    return deleteWithRuns(this.db, { kind: 'schedule', id });
  }

  private async row(id: string): Promise<Selectable<ScheduleTable>> {
    const row = isUuid(id)
      ? await this.db.selectFrom('schedule').selectAll().where('id', '=', id).executeTakeFirst()
      : undefined;
    if (!row) throw notFound('schedule', id);
    return row;
  }
}

/** What is sealed of a schedule is sealed for it. */
function place(id: string): string {
  return `schedule:${id}`;
}

function toColumns({ serviceAccountId, parentId, enabled, timeZone, ...fields }: ScheduleFields) {
  const { name, description, cron, missed, overlap } = fields;
  return {
    name,
    description,
    cron,
    missed,
    overlap,
    service_account_id: serviceAccountId,
    parent_id: parentId,
    enabled: enabled ? (1 as const) : (0 as const),
    time_zone: timeZone,
  };
}

function toStored(row: Selectable<ScheduleTable>): StoredSchedule {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    serviceAccountId: row.service_account_id,
    parentId: row.parent_id,
    enabled: row.enabled === 1,
    cron: row.cron,
    timeZone: row.time_zone,
    missed: row.missed,
    overlap: row.overlap,
    action: shownAction(row),
    nextAt: row.next_at,
    revision: row.revision,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
