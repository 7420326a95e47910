import type { Insertable } from 'kysely';
import { uuidV7 } from '../common/uuid-v7.js';
import type { WebhookDeliveryTable } from '../database/schema.js';
import type { StoredEvent } from '../events/domain-event.js';

/** A delivery that is to be tried at once. */
export function newDelivery(
  webhook: string,
  event: StoredEvent,
  now: number,
): Insertable<WebhookDeliveryTable> {
  return {
    id: uuidV7(now),
    webhook_id: webhook,
    event_id: event.id,
    event_type: event.type,
    position: event.position,
    resource: event.resource,
    state: 'pending',
    attempts: 0,
    next_at: now,
    holder: '',
    lease_until: 0,
    status: null,
    error: null,
    attempted_at: null,
    duration_ms: null,
    created_at: now,
    updated_at: now,
    ended_at: null,
  };
}
