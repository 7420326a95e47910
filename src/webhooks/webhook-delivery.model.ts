import { ObjectType } from '@nestjs/graphql';
import { toDateTime } from '../common/date-time.js';
import { OutChoice, OutInteger, OutObject, OutText, OutTextMap, OutTime } from '../common/output-fields.js';
import { ConnectionOf, PageOf, type SortKey } from '../common/pagination.js';
import type { StoredEvent } from '../events/domain-event.js';
import { sequenceOf } from './cloud-event.js';
import { DELIVERY_STATES, type DeliveryState } from './delivery-state.js';
import type { StoredAttempt } from './delivery-log.js';
import type { SentRequest } from './delivery-sender.js';
import type { StoredDelivery } from './outbox.js';
import { timeOrNull } from './webhook.model.js';

@ObjectType({ description: 'What an event happened to.' })
export class WebhookEventSubject {
  @OutText('`container`, `image`, `job`, …')
  kind!: string;

  @OutText('Its id; the name of a volume.')
  id!: string;

  @OutText('Its name then.', { nullable: true })
  name!: string | null;
}

@ObjectType({ description: 'One event for one webhook, however often it was tried.' })
export class WebhookDelivery {
  @OutText('Its id: the `webhook-id` that the receiver got, the same for each attempt.')
  id!: string;

  @OutText('The id of the webhook.')
  webhookId!: string;

  @OutText('The id of the event, the same for all webhooks.')
  eventId!: string;

  @OutText('The type of the event.')
  eventType!: string;

  @OutText('Grows with what happens to one object; sorts as text.')
  sequence!: string;

  @OutObject(() => WebhookEventSubject, 'What it happened to; null where you may not see that.', {
    nullable: true,
  })
  subject!: WebhookEventSubject | null;

  @OutChoice(DELIVERY_STATES, 'Whether it got through. `failed`: it was given up.')
  state!: DeliveryState;

  @OutInteger('How often it was tried since it was made or sent again.')
  attempts!: number;

  @OutTime('Not tried before this time; null where it has ended.', { nullable: true })
  nextAttemptAt!: string | null;

  @OutTime('When it was last tried.', { nullable: true })
  lastAttemptAt!: string | null;

  @OutInteger('The status that the receiver last answered with; null where it did not.', { nullable: true })
  status!: number | null;

  @OutText('Why the last attempt failed, in words; null where it did not.', { nullable: true })
  error!: string | null;

  @OutInteger('How long the receiver took to answer the last attempt, in milliseconds.', { nullable: true })
  durationMs!: number | null;

  @OutTime('When it was made.')
  createdAt!: string;

  @OutTime('When it got through or was given up; null before.', { nullable: true })
  endedAt!: string | null;
}

@ObjectType({ description: 'What was sent.' })
export class WebhookRequest {
  @OutText('Scheme, host and port: the rest of an address may be a key.')
  origin!: string;

  @OutTextMap('The headers, with the signature.')
  headers!: Record<string, string>;

  @OutText('The body.')
  body!: string;
}

@ObjectType({ description: 'One attempt of a delivery.' })
export class WebhookAttempt {
  @OutTime('When it was sent.')
  at!: string;

  @OutInteger('How long the receiver took to answer, in milliseconds.')
  durationMs!: number;

  @OutInteger('The status of the answer; null where none came.', { nullable: true })
  status!: number | null;

  @OutText('Why it failed, in words; null where it did not.', { nullable: true })
  error!: string | null;

  @OutObject(() => WebhookRequest, 'What was sent; null where you may not see what the event happened to.', {
    nullable: true,
  })
  request!: WebhookRequest | null;

  @OutTextMap('Some headers of the answer; null where none came.', { nullable: true })
  responseHeaders!: Record<string, string> | null;
}

@ObjectType({ description: 'A delivery with all its attempts.' })
export class WebhookDeliveryDetails extends WebhookDelivery {
  @OutObject(() => WebhookAttempt, 'The last 50 attempts, the oldest first.', { list: true })
  attemptLog!: WebhookAttempt[];
}

export class WebhookDeliveryPage extends PageOf(WebhookDelivery) {}
export const WebhookDeliveryConnection = ConnectionOf(WebhookDelivery);

/** @param event undefined where the reader may not see what it happened to */
export function toDelivery(row: StoredDelivery, event: StoredEvent | undefined): WebhookDelivery {
  return {
    id: row.id,
    webhookId: row.webhook_id,
    eventId: row.event_id,
    eventType: row.event_type,
    sequence: sequenceOf(row),
    subject: event ? event.subject : null,
    state: row.state,
    attempts: row.attempts,
    nextAttemptAt: row.state === 'pending' ? toDateTime(row.next_at) : null,
    lastAttemptAt: timeOrNull(row.attempted_at),
    status: row.status,
    error: row.error,
    durationMs: row.duration_ms,
    createdAt: toDateTime(row.created_at),
    endedAt: timeOrNull(row.ended_at),
  };
}

/** @param isVisible whether the reader may see what the event happened to */
export function toAttempt(row: StoredAttempt, isVisible: boolean): WebhookAttempt {
  return {
    at: toDateTime(row.at),
    durationMs: row.duration_ms,
    status: row.status,
    error: row.error,
    request: isVisible ? (JSON.parse(row.request) as SentRequest) : null,
    responseHeaders:
      row.response_headers === null ? null : (JSON.parse(row.response_headers) as Record<string, string>),
  };
}

/** What deliveries are sorted by. */
export function deliverySortKey({ createdAt, id }: WebhookDelivery): SortKey {
  return [Date.parse(createdAt), id];
}
