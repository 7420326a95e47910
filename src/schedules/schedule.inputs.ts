import { ArgsType, InputType } from '@nestjs/graphql';
import { ActionInput } from '../automation/action.inputs.js';
import { InAutomationName, InPurpose, InServiceAccount } from '../automation/automation-fields.js';
import { InBoolean, InChoice, InObject, InText } from '../common/input-fields.js';
import { ConnectionArgs } from '../common/pagination.js';
import { InId } from '../identity/id-field.js';
import type { MissedPolicy } from './due-plan.js';

export const MISSED_POLICIES = ['skip', 'runOnce'] as const satisfies readonly MissedPolicy[];
export const OVERLAP_POLICIES = ['skip', 'allow'] as const;
export type OverlapPolicy = (typeof OVERLAP_POLICIES)[number];

const CRON = {
  description:
    'When it is due: minute, hour, day of the month, month and day of the week; with six fields the second comes first.',
  min: 1,
  max: 120,
  pattern: /^(@(yearly|annually|monthly|weekly|daily|hourly)|[\w*,/?#-]+( +[\w*,/?#-]+){4,5})$/,
  patternHint: 'five or six fields, such as 30 2 * * *',
  example: '30 2 * * *',
} as const;
const TIME_ZONE = {
  description: 'The time zone in which it is read, of the IANA database.',
  min: 1,
  max: 64,
  pattern: /^[A-Za-z0-9_+-]+(\/[A-Za-z0-9_+-]+)*$/,
  patternHint: 'a time zone, such as Europe/Berlin',
  example: 'Europe/Berlin',
} as const;
const MISSED = {
  description:
    'What becomes of due times that went by while Dockmaster was down: they are told and skipped, or one run stands for all of them.',
  values: MISSED_POLICIES,
  optional: true,
} as const;
const OVERLAP = {
  description: 'What happens when it is due and its last run has not ended: it is skipped, or both go on.',
  values: OVERLAP_POLICIES,
  optional: true,
} as const;
const ENABLED = { description: 'Whether it is due at all.', optional: true } as const;

@InputType({ description: 'A schedule to make.' })
export class CreateScheduleInput {
  @InAutomationName()
  name!: string;

  @InPurpose()
  description?: string;

  @InServiceAccount()
  serviceAccountId!: string;

  @InText(CRON)
  cron!: string;

  @InText({ ...TIME_ZONE, description: `${TIME_ZONE.description} Default \`UTC\`.`, optional: true })
  timeZone?: string;

  @InObject(() => ActionInput, { description: 'What is done.' })
  action!: ActionInput;

  @InChoice({ ...MISSED, description: `${MISSED.description} Default \`skip\`.` })
  missed?: MissedPolicy;

  @InChoice({ ...OVERLAP, description: `${OVERLAP.description} Default \`skip\`.` })
  overlap?: OverlapPolicy;

  @InBoolean({ ...ENABLED, description: `${ENABLED.description} Default: true.` })
  enabled?: boolean;
}

@InputType({
  description: 'What to change of a schedule; what is left out stays. `action` changes as a whole.',
})
export class UpdateScheduleInput {
  @InAutomationName({ optional: true })
  name?: string;

  @InPurpose()
  description?: string;

  @InServiceAccount({ optional: true })
  serviceAccountId?: string;

  @InText({ ...CRON, optional: true })
  cron?: string;

  @InText({ ...TIME_ZONE, optional: true })
  timeZone?: string;

  @InObject(() => ActionInput, { description: 'What is done.', optional: true })
  action?: ActionInput;

  @InChoice(MISSED)
  missed?: MissedPolicy;

  @InChoice(OVERLAP)
  overlap?: OverlapPolicy;

  @InBoolean(ENABLED)
  enabled?: boolean;
}

/** What the path `/schedules/{id}` carries. */
@ArgsType()
export class SchedulePath {
  @InId('The id of the schedule.')
  id!: string;
}

/** The arguments of GraphQL's `scheduleRuns`. */
@ArgsType()
export class ScheduleRunsArgs extends ConnectionArgs {
  @InId('The id of the schedule.')
  id!: string;
}
