import { type DomainEvent, eventId } from '../events/domain-event.js';
import type { StoredAuditRecord } from './audit-filter.js';

/** What there is to tell of a refusal: as the audit trail has it, and to who may read that. */
export function refusalOf(record: StoredAuditRecord): DomainEvent {
  const { id, at, engine, operation, door, reason } = record;
  return {
    id: eventId('audit', id),
    type: 'access.denied',
    engine,
    subject: { kind: 'auditRecord', id, name: record.target_name ?? record.target_id },
    labels: {},
    data: { operation, actor: record.actor_name, actorKind: record.actor_kind, door, reason },
    at,
  };
}
