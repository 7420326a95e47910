import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Actor } from '../common/actor.js';
import { DryRunQuery } from '../common/dry-run.js';
import { ConnectionArgs, toConnection } from '../common/pagination.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import {
  CreateWebhookInput,
  RotateWebhookSecretInput,
  UpdateWebhookInput,
  WebhookPath,
} from './webhook.inputs.js';
import {
  Webhook,
  WebhookConnection,
  WebhookEventType,
  webhookSortKey,
  WebhookWithSecret,
} from './webhook.model.js';
import { WebhooksService } from './webhooks.service.js';

@Resolver()
export class WebhooksResolver {
  constructor(private readonly webhooks: WebhooksService) {}

  @Query(() => [WebhookEventType], {
    name: 'webhookEventTypes',
    description: 'The types of events that webhooks can be told of.',
  })
  eventTypes(@CurrentActor() actor: Actor) {
    return this.webhooks.eventTypes(actor);
  }

  @Query(() => WebhookConnection, { name: 'webhooks', description: 'The webhooks, by name.' })
  async list(@CurrentActor() actor: Actor, @Args() { first, after }: ConnectionArgs) {
    return toConnection(await this.webhooks.list(actor, { limit: first, after }), webhookSortKey);
  }

  @Query(() => Webhook, { name: 'webhook', description: 'One webhook.' })
  get(@CurrentActor() actor: Actor, @Args() { id }: WebhookPath): Promise<Webhook> {
    return this.webhooks.get(actor, id);
  }

  @Mutation(() => WebhookWithSecret, {
    name: 'createWebhook',
    description: 'Makes a webhook that is told what you may see. Its secret is not shown again.',
  })
  create(
    @CurrentActor() actor: Actor,
    @Args('input') input: CreateWebhookInput,
    @Args() options: DryRunQuery,
  ): Promise<WebhookWithSecret> {
    return this.webhooks.create(actor, input, options);
  }

  @Mutation(() => WebhookWithSecret, {
    name: 'updateWebhook',
    description:
      'Changes a webhook, or lets one go on that is paused. With another address it gets a new secret, and the old ones are gone.',
  })
  update(
    @CurrentActor() actor: Actor,
    @Args() { id }: WebhookPath,
    @Args('input') input: UpdateWebhookInput,
  ): Promise<WebhookWithSecret> {
    return this.webhooks.update(actor, id, input);
  }

  @Mutation(() => Boolean, {
    name: 'deleteWebhook',
    description: 'Deletes a webhook with its deliveries.',
  })
  async delete(@CurrentActor() actor: Actor, @Args() { id }: WebhookPath): Promise<boolean> {
    await this.webhooks.delete(actor, id);
    return true;
  }

  @Mutation(() => WebhookWithSecret, {
    name: 'rotateWebhookSecret',
    description: 'Gives a webhook a new secret. For a while what is sent is signed with both.',
  })
  rotateSecret(
    @CurrentActor() actor: Actor,
    @Args() { id }: WebhookPath,
    @Args('input', { nullable: true, type: () => RotateWebhookSecretInput }) input?: RotateWebhookSecretInput,
  ): Promise<WebhookWithSecret> {
    return this.webhooks.rotateSecret(actor, id, input ?? {});
  }
}
