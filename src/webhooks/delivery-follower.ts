import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import { Gate } from '../gate/gate.js';
import { DeliveryLog } from './delivery-log.js';
import { Outbox } from './outbox.js';
import { WebhookAccess } from './webhook-access.js';
import { WebhookDeliveriesService } from './webhook-deliveries.service.js';
import type { WebhookDelivery } from './webhook-delivery.model.js';

const MAX_FOLLOWERS = 200;
/** How often it is looked for what other processes changed. */
const LOOK_EVERY_MS = 1_000;
/** Changes are told of though they are committed late, by up to this much. */
const LATE_MS = 2_000;

/** Shows deliveries of a webhook as they are tried. A follower that is slow misses steps in between, never the last state. */
@Injectable()
export class DeliveryFollower implements OnModuleDestroy {
  private readonly stopping = new AbortController();
  private followers = 0;

  constructor(
    private readonly gate: Gate,
    private readonly access: WebhookAccess,
    private readonly log: DeliveryLog,
    private readonly deliveries: WebhookDeliveriesService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /**
   * Each delivery from now on, when it has changed. It ends with `access_withdrawn` soon after the actor may not see the webhook any
   * more, and when the webhook is deleted.
   *
   * @throws DomainError `forbidden` without `webhooks:get`; `not_found`; `too_many_requests`
   */
  async follow(actor: Actor, id: string, signal: AbortSignal): Promise<AsyncIterable<WebhookDelivery>> {
    await this.access.visible(actor, id, 'webhooks:get');
    if (this.followers >= MAX_FOLLOWERS)
      throw new DomainError('too_many_requests', `${MAX_FOLLOWERS} others follow deliveries already`);
    const check = async () => {
      await this.access.visible(actor, id, 'webhooks:get');
    };
    return this.gate
      .as(actor)
      .whileLive(check, signal, (live) => Promise.resolve(this.changes(actor, id, live)));
  }

  onModuleDestroy(): void {
    this.stopping.abort(new DomainError('unavailable', 'Dockmaster is shutting down'));
  }

  private async *changes(actor: Actor, id: string, signal: AbortSignal): AsyncGenerator<WebhookDelivery> {
    const begun = this.clock.now();
    let since = begun;
    let told = new Map<string, number>();
    const stop = this.stopping.signal;
    this.followers += 1;
    try {
      while (!signal.aborted) {
        stop.throwIfAborted();
        const rows = await this.log.changedSince(id, since);
        const fresh = rows.filter((row) => told.get(row.id) !== row.updated_at);
        yield* await this.deliveries.shown(actor, fresh);
        told = new Map(rows.map((row) => [row.id, row.updated_at]));
        const last = rows.at(-1)?.updated_at ?? this.clock.now();
        if (fresh.length > 0) since = Math.max(begun, last - LATE_MS);
        else {
          since = Math.max(begun, this.clock.now() - LATE_MS, since);
          const until = AbortSignal.any([signal, stop, AbortSignal.timeout(LOOK_EVERY_MS)]);
          await this.outbox.changed.wait(until);
        }
      }
    } finally {
      this.followers -= 1;
    }
  }
}
