import { Injectable, Logger } from '@nestjs/common';
import { DomainError, messageOf } from '../common/errors.js';
import { matterOf } from '../events/domain-event.js';
import { DeliveryRecords } from './delivery-records.js';
import { type AttemptOutcome, DeliverySender } from './delivery-sender.js';
import { asSeenThrough } from './event-cut.js';
import { Outbox, type StoredDelivery } from './outbox.js';
import { WebhookOwners } from './webhook-owners.js';
import { WebhookPauses } from './webhook-pauses.js';
import { WebhookStore } from './webhook-store.js';

/** Who owns a new object is written down a moment after it was made. */
const OWNER_WAIT_MS = 300;
/** After a failure that is not the receiver's, such as a secret that does not open. */
const OWN_FAILURE_WAIT_MS = 30_000;

/** One attempt of one delivery, from the question whether its webhook's owner may know to the record of how it went. */
@Injectable()
export class DeliveryWork {
  constructor(
    private readonly owners: WebhookOwners,
    private readonly store: WebhookStore,
    private readonly outbox: Outbox,
    private readonly sender: DeliverySender,
    private readonly records: DeliveryRecords,
    private readonly pauses: WebhookPauses,
  ) {}

  /**
   * Never fails: what goes wrong on our side is logged, and the delivery is tried again.
   *
   * @param delivery claimed by this process
   * @param options.isTest tried once, whatever state the webhook is in
   */
  async attempt(delivery: StoredDelivery, stop: AbortSignal, { isTest = false } = {}): Promise<void> {
    try {
      const outcome = await this.outcome(delivery, stop, isTest);
      if (outcome) await this.records.record(delivery, outcome, stop, { isTest });
    } catch (error) {
      const isStopped = error instanceof DomainError && error.kind === 'cancelled';
      if (!isStopped)
        new Logger('Webhooks').warn(`delivery ${delivery.id} can't be tried now: ${messageOf(error)}`);
      await this.outbox
        .postpone(delivery.id, isStopped ? 0 : OWN_FAILURE_WAIT_MS)
        .catch((again: unknown) => new Logger('Webhooks').warn(`and stays claimed: ${messageOf(again)}`));
    }
  }

  /** Undefined where nothing was sent. */
  private async outcome(
    delivery: StoredDelivery,
    stop: AbortSignal,
    isTest: boolean,
  ): Promise<AttemptOutcome | undefined> {
    const { id } = delivery;
    const webhook = await this.store.find(delivery.webhook_id);
    if (!webhook) return undefined;
    if (!isTest && (!webhook.enabled || webhook.pausedReason !== null)) {
      await this.outbox.postpone(id, 0);
      return undefined;
    }
    const owner = await this.owners.of(webhook);
    if ('gone' in owner) {
      await this.pauses.pause(webhook.id, owner.gone);
      await this.outbox.postpone(id, 0);
      return undefined;
    }
    const event = await this.outbox.event(delivery.event_id);
    const sight = event ? await owner.gate.maySee(matterOf(event)) : 'hidden';
    if (event && sight === 'visible')
      return this.sender.send(webhook, id, await asSeenThrough(owner.gate, event), stop);
    if (sight === 'unsure') await this.outbox.postpone(id, OWNER_WAIT_MS);
    else await this.outbox.withhold(id);
    return undefined;
  }
}
