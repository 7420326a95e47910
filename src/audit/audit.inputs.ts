import { ArgsType, InputType } from '@nestjs/graphql';
import { InDateTime, toEpochMs } from '../common/date-time.js';
import { InChoice, InObject, InText } from '../common/input-fields.js';
import { ConnectionArgs, PageQuery } from '../common/pagination.js';
import { AUDIT_OUTCOMES, type AuditOutcome } from './audit-record.js';
import type { AuditFilter } from './audit.service.js';

/** Each filter is stated once, for the REST query and the GraphQL input. */
const TEXT = { min: 1, max: 255, optional: true } as const;
const ACTOR = { description: 'By this user or service account: its id or name.', ...TEXT } as const;
const OPERATION = { description: 'Of this operation.', example: 'ContainerStart', ...TEXT } as const;
const ENGINE = { description: 'On this engine.', example: 'local', ...TEXT } as const;
const TARGET = { description: 'On this object: its full id or name.', ...TEXT } as const;
const OUTCOME = { description: 'With this outcome.', values: AUDIT_OUTCOMES, optional: true } as const;
const InFrom = () => InDateTime('Not before this time.', { optional: true });
const InTo = () => InDateTime('Before this time.', { optional: true });

@InputType({ description: 'Which audit records to list. All that is given must hold.' })
export class AuditFilterInput {
  @InText(ACTOR)
  actor?: string;

  @InText(OPERATION)
  operation?: string;

  @InText(ENGINE)
  engine?: string;

  @InText(TARGET)
  target?: string;

  @InChoice(OUTCOME)
  outcome?: AuditOutcome;

  @InFrom()
  from?: string;

  @InTo()
  to?: string;
}

/** The query of `GET /audit`. */
export class ListAuditQuery extends PageQuery implements AuditFilterInput {
  @InText(ACTOR)
  actor?: string;

  @InText(OPERATION)
  operation?: string;

  @InText(ENGINE)
  engine?: string;

  @InText(TARGET)
  target?: string;

  @InChoice(OUTCOME)
  outcome?: AuditOutcome;

  @InFrom()
  from?: string;

  @InTo()
  to?: string;
}

/** The arguments of GraphQL's `auditRecords`. */
@ArgsType()
export class AuditRecordsArgs extends ConnectionArgs {
  @InObject(() => AuditFilterInput, { description: 'Which records. Default: all.', optional: true })
  filter?: AuditFilterInput;
}

/** @throws DomainError `invalid_input` for a time that does not exist */
export function toAuditFilter(input: AuditFilterInput): AuditFilter {
  const { actor, operation, engine, target, outcome, from, to } = input;
  return {
    actor,
    operation,
    engine,
    target,
    outcome,
    from: from === undefined ? undefined : toEpochMs('from', from),
    to: to === undefined ? undefined : toEpochMs('to', to),
  };
}
