import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { toEpochMs } from '../common/date-time.js';
import { DomainError } from '../common/errors.js';
import type { Page } from '../common/pagination.js';
import { matterOf, type StoredEvent } from '../events/domain-event.js';
import { Gate } from '../gate/gate.js';
import { type DeliveryFilter, DeliveryLog, type StoredAttempt } from './delivery-log.js';
import { DeliveryRunner } from './delivery-runner.js';
import { asSeenThrough, hiddenIn } from './event-cut.js';
import type { StoredDelivery } from './outbox.js';
import type { StoredWebhook } from './stored-webhook.js';
import { WebhookAccess } from './webhook-access.js';
import type { RedeliverWebhookInput } from './webhook.inputs.js';
import {
  toAttempt,
  toDelivery,
  type WebhookDelivery,
  type WebhookDeliveryDetails,
} from './webhook-delivery.model.js';
import type { WebhookRedelivery } from './webhook.model.js';

/** What was sent to webhooks, and sending it again. What happened to what the reader may not see is shown without that. */
@Injectable()
export class WebhookDeliveriesService {
  constructor(
    private readonly gate: Gate,
    private readonly access: WebhookAccess,
    private readonly log: DeliveryLog,
    private readonly runner: DeliveryRunner,
    private readonly clock: Clock,
  ) {}

  /** Newest first. @throws DomainError `forbidden` without `webhooks:get`; `not_found`; `invalid_input` */
  async list(
    actor: Actor,
    id: string,
    filter: DeliveryFilter,
    page: { limit?: number | undefined; after?: string | undefined },
  ): Promise<Page<WebhookDelivery>> {
    await this.access.visible(actor, id, 'webhooks:get');
    const { items, ...rest } = await this.log.list(id, filter, page);
    return { ...rest, items: await this.shown(actor, items) };
  }

  /** @throws DomainError `forbidden` without `webhooks:get`; `not_found` */
  async get(actor: Actor, id: string, deliveryId: string): Promise<WebhookDeliveryDetails> {
    await this.access.visible(actor, id, 'webhooks:get');
    return this.details(actor, await this.log.get(id, deliveryId));
  }

  /**
   * Under the same id, as often as it takes.
   *
   * @throws DomainError `forbidden` without `webhooks:redeliver`; `not_found`; `conflict` while it is on its way, and where nothing
   *   is sent to the webhook
   */
  async redeliver(actor: Actor, id: string, deliveryId: string): Promise<WebhookDelivery> {
    const webhook = await this.access.visible(actor, id, 'webhooks:redeliver');
    return this.change(actor, 'webhooks:redeliver', webhook, async () => {
      requireActive(webhook);
      await this.log.get(id, deliveryId);
      if (!(await this.log.redeliver(id, deliveryId)))
        throw new DomainError('conflict', 'The delivery is on its way already');
      return this.details(actor, await this.log.get(id, deliveryId));
    });
  }

  /**
   * The oldest 1,000 of a time at most.
   *
   * @throws DomainError `forbidden` without `webhooks:redeliver`; `not_found`; `invalid_input`; `conflict` where nothing is sent
   *   to the webhook
   */
  async redeliverMade(actor: Actor, id: string, input: RedeliverWebhookInput): Promise<WebhookRedelivery> {
    const webhook = await this.access.visible(actor, id, 'webhooks:redeliver');
    return this.change(actor, 'webhooks:redeliver', webhook, async () => {
      requireActive(webhook);
      const from = toEpochMs('from', input.from);
      const to = input.to === undefined ? this.clock.now() : toEpochMs('to', input.to);
      return { count: await this.log.redeliverMade(id, { from, to, state: input.state ?? 'failed' }) };
    });
  }

  /**
   * Sends a test at once, and once. That it does not get through is told in the answer.
   *
   * @throws DomainError `forbidden` without `webhooks:test`; `not_found`
   */
  async test(actor: Actor, id: string): Promise<WebhookDeliveryDetails> {
    const webhook = await this.access.visible(actor, id, 'webhooks:test');
    return this.change(actor, 'webhooks:test', webhook, async () => {
      const deliveryId = await this.runner.test(webhook);
      return this.details(actor, await this.log.get(id, deliveryId));
    });
  }

  private change<T>(
    actor: Actor,
    operation: 'webhooks:redeliver' | 'webhooks:test',
    { id, name }: StoredWebhook,
    work: () => Promise<T>,
  ): Promise<T> {
    return this.gate.as(actor).change(operation, { kind: 'webhook', id, name }, work);
  }

  /** Deliveries as the actor may see them. */
  async shown(actor: Actor, rows: readonly StoredDelivery[]): Promise<WebhookDelivery[]> {
    const events = await this.log.events(rows);
    const shown: WebhookDelivery[] = [];
    for (const row of rows) shown.push(toDelivery(row, await this.seen(actor, events.get(row.event_id))));
    return shown;
  }

  private async details(actor: Actor, row: StoredDelivery): Promise<WebhookDeliveryDetails> {
    const event = await this.seen(actor, (await this.log.events([row])).get(row.event_id));
    const attempts = await this.log.attempts(row.id);
    const hidden = event && (await this.hidden(actor, event));
    const isVisible = ({ request }: StoredAttempt) =>
      event !== undefined && (hidden === undefined || !request.includes(hidden));
    const attemptLog = attempts.map((attempt) => toAttempt(attempt, isVisible(attempt)));
    return { ...toDelivery(row, event), attemptLog };
  }

  /** What of the event the actor may not know now, though it may have been sent. */
  private async hidden(actor: Actor, event: StoredEvent): Promise<string | undefined> {
    const isWhole = (await asSeenThrough(this.gate.as(actor), event)) === event;
    return isWhole ? undefined : hiddenIn(event);
  }

  /** The event, where the actor may know of it now. */
  private async seen(actor: Actor, event: StoredEvent | undefined): Promise<StoredEvent | undefined> {
    if (!event) return undefined;
    const matter = matterOf(event);
    // Whose webhook it is was looked at before.
    if (matter.of === 'own') return event;
    return (await this.gate.as(actor).maySee(matter)) === 'visible' ? event : undefined;
  }
}

function requireActive({ name, enabled, pausedReason }: StoredWebhook): void {
  if (enabled && pausedReason === null) return;
  throw new DomainError(
    'conflict',
    `The webhook ${name} is ${enabled ? 'paused' : 'disabled'}; enable it first`,
  );
}
