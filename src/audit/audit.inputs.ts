import { ArgsType, InputType } from '@nestjs/graphql';
import type { Actor } from '../common/actor.js';
import { InDateTime, toEpochMs } from '../common/date-time.js';
import { InChoice, InObject, InText } from '../common/input-fields.js';
import { ConnectionArgs, PageQuery } from '../common/pagination.js';
import type { Door } from '../common/request-context.js';
import type { AuditFilter } from './audit-filter.js';
import { AUDIT_ACTOR_KINDS, AUDIT_DOORS, AUDIT_OUTCOMES, type AuditOutcome } from './audit-record.js';

type ActorKind = Actor['kind'] | 'anonymous';

/** Each filter is stated once, for the REST query and the GraphQL input. */
const TEXT = { min: 1, max: 255, optional: true } as const;
const InActor = () => InText({ description: 'By this user or service account: its id or name.', ...TEXT });
const InActorKind = () =>
  InChoice({ description: 'By an actor of this kind.', values: AUDIT_ACTOR_KINDS, optional: true });
const InDoor = () => InChoice({ description: 'Come in this way.', values: AUDIT_DOORS, optional: true });
const InOperation = () => InText({ description: 'Of this operation.', example: 'ContainerStart', ...TEXT });
const InEngine = () => InText({ description: 'On this engine.', example: 'local', ...TEXT });
const InTarget = () =>
  InText({
    description: 'On this object: its full id or name, also where the call is about it and another.',
    ...TEXT,
  });
const InTargetKind = () =>
  InText({ description: 'On an object of this kind.', example: 'container', ...TEXT });
const InRequestId = () =>
  InText({ description: 'Part of this request: the `X-Request-Id` of its answer.', ...TEXT });
const InOutcome = () =>
  InChoice({ description: 'With this outcome.', values: AUDIT_OUTCOMES, optional: true });
const InFrom = () => InDateTime('Not before this time.', { optional: true });
const InTo = () => InDateTime('Before this time.', { optional: true });

@InputType({ description: 'Which audit records to be told of. All that is given must hold.' })
export class AuditWatchInput {
  @InActor()
  actor?: string;

  @InActorKind()
  actorKind?: ActorKind;

  @InDoor()
  door?: Door;

  @InOperation()
  operation?: string;

  @InEngine()
  engine?: string;

  @InTarget()
  target?: string;

  @InTargetKind()
  targetKind?: string;

  @InRequestId()
  requestId?: string;

  @InOutcome()
  outcome?: AuditOutcome;
}

@InputType({ description: 'Which audit records to list. All that is given must hold.' })
export class AuditFilterInput extends AuditWatchInput {
  @InFrom()
  from?: string;

  @InTo()
  to?: string;
}

/** The query of `GET /audit`. */
export class ListAuditQuery extends PageQuery implements AuditFilterInput {
  @InActor()
  actor?: string;

  @InActorKind()
  actorKind?: ActorKind;

  @InDoor()
  door?: Door;

  @InOperation()
  operation?: string;

  @InEngine()
  engine?: string;

  @InTarget()
  target?: string;

  @InTargetKind()
  targetKind?: string;

  @InRequestId()
  requestId?: string;

  @InOutcome()
  outcome?: AuditOutcome;

  @InFrom()
  from?: string;

  @InTo()
  to?: string;
}

/** What the path `/audit/{id}` carries, and the arguments of GraphQL's `auditRecord`. */
@ArgsType()
export class AuditRecordPath {
  @InText({
    description: 'The id of the audit record.',
    min: 36,
    max: 36,
    pattern: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    patternHint: 'the id of an audit record: a UUID in lower case',
    example: '019b76da-a800-7123-8abc-0123456789ab',
  })
  id!: string;
}

/** The arguments of GraphQL's `auditRecords`. */
@ArgsType()
export class AuditRecordsArgs extends ConnectionArgs {
  @InObject(() => AuditFilterInput, { description: 'Which records. Default: all.', optional: true })
  filter?: AuditFilterInput;
}

/** The arguments of GraphQL's `auditRecordAdded`. */
@ArgsType()
export class AuditRecordAddedArgs {
  @InObject(() => AuditWatchInput, { description: 'Which records. Default: all.', optional: true })
  filter?: AuditWatchInput;
}

/** @throws DomainError `invalid_input` for a time that does not exist */
export function toAuditFilter(input: AuditFilterInput): AuditFilter {
  const { actor, actorKind, door, operation, engine, target, targetKind, requestId, outcome, from, to } =
    input;
  return {
    actor,
    actorKind,
    door,
    operation,
    engine,
    target,
    targetKind,
    requestId,
    outcome,
    from: from === undefined ? undefined : toEpochMs('from', from),
    to: to === undefined ? undefined : toEpochMs('to', to),
  };
}
