import { ObjectType } from '@nestjs/graphql';
import { toDateTime } from '../common/date-time.js';
import { OutChoice, OutText, OutTime } from '../common/output-fields.js';
import { ConnectionOf, PageOf, type SortKey } from '../common/pagination.js';
import type { StoredAuditRecord } from './audit-filter.js';
import { AUDIT_ACTOR_KINDS, AUDIT_DOORS, AUDIT_OUTCOMES, type AuditOutcome } from './audit-record.js';

@ObjectType({ description: 'What somebody did or tried, and what became of it.' })
export class AuditRecord {
  @OutText('Its id. Ids of later records are greater.')
  id!: string;

  @OutTime('When it was begun or refused.')
  at!: string;

  @OutChoice(AUDIT_ACTOR_KINDS, 'Who it was.')
  actorKind!: string;

  @OutText('The id of the user or service account; null for who was not signed in.', { nullable: true })
  actorId!: string | null;

  @OutText('Its name then.', { nullable: true })
  actorName!: string | null;

  @OutText('The API token, scoped socket or client certificate that was used; null where there was none.', {
    nullable: true,
  })
  tokenId!: string | null;

  @OutChoice(AUDIT_DOORS, 'The way in that it took.')
  door!: string;

  @OutText('What it was: an operation of the Engine API, a permission, or `signIn` and the like.')
  operation!: string;

  @OutText('The engine; null for what belongs to none.', { nullable: true })
  engine!: string | null;

  @OutText('What kind of object it was done to; null where there is none.', { nullable: true })
  targetKind!: string | null;

  @OutText('The full id of that object, where it is known.', { nullable: true })
  targetId!: string | null;

  @OutText('The name of that object then, where it is known.', { nullable: true })
  targetName!: string | null;

  @OutText(
    'The full id of what else it is about, where it is known: of the container that a network was connected to, of the image that a container was saved as.',
    { nullable: true },
  )
  otherId!: string | null;

  @OutText(
    'The name of what else it is about: the new one of what is renamed or tagged, all others of a build.',
    { nullable: true },
  )
  otherName!: string | null;

  @OutChoice(
    AUDIT_OUTCOMES,
    'What became of it. `pending`: begun, its end not known yet; `interrupted`: Dockmaster stopped before its end was known.',
  )
  outcome!: AuditOutcome;

  @OutTime('When its outcome was known; null while it is pending.', { nullable: true })
  settledAt!: string | null;

  @OutText(
    'Why it was refused, or failed, or a note on what was done; null where there is nothing to tell.',
    { nullable: true },
  )
  reason!: string | null;

  @OutText('The id of the request that it was part of. Empty for what Dockmaster did by itself.')
  requestId!: string;

  @OutText('The address that the request came from. Empty for what Dockmaster did by itself.')
  address!: string;
}

export class AuditRecordPage extends PageOf(AuditRecord) {}

/** A page of the audit trail in GraphQL. */
export const AuditRecordConnection = ConnectionOf(AuditRecord);

/** What the trail is sorted by, descending. */
export function auditSortKey({ at, id }: AuditRecord): SortKey {
  return [Date.parse(at), id];
}

export function toAuditRecord(row: StoredAuditRecord): AuditRecord {
  return {
    id: row.id,
    at: toDateTime(row.at),
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    actorName: row.actor_name,
    tokenId: row.token_id,
    door: row.door,
    operation: row.operation,
    engine: row.engine,
    targetKind: row.target_kind,
    targetId: row.target_id,
    targetName: row.target_name,
    otherId: row.other_id,
    otherName: row.other_name,
    outcome: row.outcome,
    settledAt: row.settled_at === null ? null : toDateTime(row.settled_at),
    reason: row.reason,
    requestId: row.request_id,
    address: row.address,
  };
}
