import { Args, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import { openAbortable } from '../common/abortable.js';
import type { Actor } from '../common/actor.js';
import { toConnection } from '../common/pagination.js';
import { GraphqlSignal } from '../graphql/graphql-signal.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { DeliveryFollower } from './delivery-follower.js';
import {
  RedeliverWebhookInput,
  WebhookDeliveriesArgs,
  WebhookDeliveryPath,
  WebhookPath,
} from './webhook.inputs.js';
import {
  deliverySortKey,
  WebhookDelivery,
  WebhookDeliveryConnection,
  WebhookDeliveryDetails,
} from './webhook-delivery.model.js';
import { WebhookDeliveriesService } from './webhook-deliveries.service.js';
import { WebhookRedelivery } from './webhook.model.js';

@Resolver()
export class WebhookDeliveriesResolver {
  constructor(
    private readonly deliveries: WebhookDeliveriesService,
    private readonly follower: DeliveryFollower,
  ) {}

  @Query(() => WebhookDeliveryConnection, {
    name: 'webhookDeliveries',
    description: 'What was sent to a webhook and what waits, newest first.',
  })
  async list(@CurrentActor() actor: Actor, @Args() { id, filter = {}, first, after }: WebhookDeliveriesArgs) {
    return toConnection(
      await this.deliveries.list(actor, id, filter, { limit: first, after }),
      deliverySortKey,
    );
  }

  @Query(() => WebhookDeliveryDetails, {
    name: 'webhookDelivery',
    description: 'A delivery with its attempts: what was sent, and how it went.',
  })
  get(
    @CurrentActor() actor: Actor,
    @Args() { id, deliveryId }: WebhookDeliveryPath,
  ): Promise<WebhookDeliveryDetails> {
    return this.deliveries.get(actor, id, deliveryId);
  }

  @Mutation(() => WebhookDelivery, {
    name: 'redeliverWebhookDelivery',
    description: 'Sends a delivery again, under the same id.',
  })
  redeliver(
    @CurrentActor() actor: Actor,
    @Args() { id, deliveryId }: WebhookDeliveryPath,
  ): Promise<WebhookDelivery> {
    return this.deliveries.redeliver(actor, id, deliveryId);
  }

  @Mutation(() => WebhookRedelivery, {
    name: 'redeliverWebhook',
    description: 'Sends the deliveries of a time again, the oldest 1,000 at most.',
  })
  redeliverMade(
    @CurrentActor() actor: Actor,
    @Args() { id }: WebhookPath,
    @Args('input') input: RedeliverWebhookInput,
  ): Promise<WebhookRedelivery> {
    return this.deliveries.redeliverMade(actor, id, input);
  }

  @Mutation(() => WebhookDeliveryDetails, {
    name: 'testWebhook',
    description: 'Sends a test event to a webhook, once, and tells what came of it.',
  })
  test(@CurrentActor() actor: Actor, @Args() { id }: WebhookPath): Promise<WebhookDeliveryDetails> {
    return this.deliveries.test(actor, id);
  }

  @Subscription(() => WebhookDelivery, {
    name: 'webhookDelivery',
    description: 'Deliveries of a webhook from now on: each when it is made, and each time it was tried.',
    resolve: (delivery: WebhookDelivery) => delivery,
  })
  follow(@CurrentActor() actor: Actor, @Args() { id }: WebhookPath, @GraphqlSignal() signal: AbortSignal) {
    return openAbortable((left) => this.follower.follow(actor, id, left), signal);
  }
}
