import { ObjectType } from '@nestjs/graphql';
import { AutomationAction, toAutomationAction } from '../automation/action.model.js';
import { toDateTime } from '../common/date-time.js';
import { OutBoolean, OutChoice, OutObject, OutText, OutTime } from '../common/output-fields.js';
import { ConnectionOf, PageOf, type SortKey } from '../common/pagination.js';
import { CronTimes } from './cron-times.js';
import type { MissedPolicy } from './due-plan.js';
import { MISSED_POLICIES, OVERLAP_POLICIES, type OverlapPolicy } from './schedule.inputs.js';
import type { StoredSchedule } from './schedule-store.js';

const PREVIEWED = 5;

@ObjectType({ description: 'What is done again and again.' })
export class Schedule {
  @OutText('Its id.')
  id!: string;

  @OutText('What people call it.')
  name!: string;

  @OutText('What it is for.')
  description!: string;

  @OutText('The id of the service account that it acts as.')
  serviceAccountId!: string;

  @OutBoolean('Whether it is due at all.')
  enabled!: boolean;

  @OutText('When it is due.')
  cron!: string;

  @OutText('The time zone in which that is read.')
  timeZone!: string;

  @OutObject(() => AutomationAction, 'What is done.')
  action!: AutomationAction;

  @OutChoice(MISSED_POLICIES, 'What becomes of due times that went by while Dockmaster was down.')
  missed!: MissedPolicy;

  @OutChoice(OVERLAP_POLICIES, 'What happens when it is due and its last run has not ended.')
  overlap!: OverlapPolicy;

  @OutTime(`When it is due next, ${PREVIEWED} times at most; empty while it is not enabled.`, { list: true })
  nextRuns!: string[];

  @OutTime('When it was made.')
  createdAt!: string;

  @OutTime('When it was last changed.')
  updatedAt!: string;
}

@ObjectType({ description: 'A schedule as it was just made or changed.' })
export class ChangedSchedule {
  @OutObject(() => Schedule, 'The schedule.')
  schedule!: Schedule;

  @OutText(
    'Permissions that its service account would need for the action and has on nothing of the engine; see role bindings.',
    { list: true },
  )
  missingPermissions!: string[];
}

export class SchedulePage extends PageOf(Schedule) {}
export const ScheduleConnection = ConnectionOf(Schedule);

/** @param now milliseconds since the epoch */
export function toSchedule(stored: StoredSchedule, now: number): Schedule {
  const { id, name, description, serviceAccountId, enabled, cron, timeZone, missed, overlap } = stored;
  const times =
    enabled && stored.nextAt !== null ? CronTimes.of(cron, timeZone, now).several(now, PREVIEWED) : [];
  return {
    id,
    name,
    description,
    serviceAccountId,
    enabled,
    cron,
    timeZone,
    action: toAutomationAction(stored.action),
    missed,
    overlap,
    nextRuns: times.map(toDateTime),
    createdAt: toDateTime(stored.createdAt),
    updatedAt: toDateTime(stored.updatedAt),
  };
}

/** What schedules are sorted by, ascending. */
export function scheduleSortKey({ name, id }: Schedule): SortKey {
  return [name, id];
}
