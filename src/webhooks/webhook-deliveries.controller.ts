import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../common/actor.js';
import type { Page } from '../common/pagination.js';
import { ApiProblems } from '../http/api-problems.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import {
  ListWebhookDeliveriesQuery,
  RedeliverWebhookInput,
  WebhookDeliveryPath,
  WebhookPath,
} from './webhook.inputs.js';
import { WebhookDelivery, WebhookDeliveryDetails, WebhookDeliveryPage } from './webhook-delivery.model.js';
import { WebhookDeliveriesService } from './webhook-deliveries.service.js';
import { WebhookRedelivery } from './webhook.model.js';

const ON_ONE = ['invalid_input', 'unauthenticated', 'forbidden', 'not_found'] as const;

@ApiTags('webhooks')
@Controller('api/v1/webhooks/:id')
export class WebhookDeliveriesController {
  constructor(private readonly deliveries: WebhookDeliveriesService) {}

  @Get('deliveries')
  @ApiOperation({ summary: 'List what was sent to a webhook and what waits, newest first' })
  @ApiOkResponse({ type: WebhookDeliveryPage })
  @ApiProblems(...ON_ONE)
  list(
    @CurrentActor() actor: Actor,
    @Param() { id }: WebhookPath,
    @Query() { limit, after, ...filter }: ListWebhookDeliveriesQuery,
  ): Promise<Page<WebhookDelivery>> {
    return this.deliveries.list(actor, id, filter, { limit, after });
  }

  @Get('deliveries/:deliveryId')
  @ApiOperation({ summary: 'See a delivery with its attempts: what was sent, and how it went' })
  @ApiOkResponse({ type: WebhookDeliveryDetails })
  @ApiProblems(...ON_ONE)
  get(
    @CurrentActor() actor: Actor,
    @Param() { id, deliveryId }: WebhookDeliveryPath,
  ): Promise<WebhookDeliveryDetails> {
    return this.deliveries.get(actor, id, deliveryId);
  }

  @Post('deliveries/:deliveryId/redeliver')
  @HttpCode(202)
  @ApiOperation({ summary: 'Send a delivery again, under the same id' })
  @ApiAcceptedResponse({ type: WebhookDelivery })
  @ApiProblems(...ON_ONE, 'conflict')
  redeliver(
    @CurrentActor() actor: Actor,
    @Param() { id, deliveryId }: WebhookDeliveryPath,
  ): Promise<WebhookDelivery> {
    return this.deliveries.redeliver(actor, id, deliveryId);
  }

  @Post('redeliver')
  @HttpCode(202)
  @ApiOperation({ summary: 'Send the deliveries of a time again, the oldest 1,000 at most' })
  @ApiAcceptedResponse({ type: WebhookRedelivery })
  @ApiProblems(...ON_ONE, 'conflict')
  redeliverMade(
    @CurrentActor() actor: Actor,
    @Param() { id }: WebhookPath,
    @Body() input: RedeliverWebhookInput,
  ): Promise<WebhookRedelivery> {
    return this.deliveries.redeliverMade(actor, id, input);
  }

  @Post('test')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Send a test event to a webhook, once',
    description:
      'Also while it is paused or disabled. A receiver that does not take it is told in the answer.',
  })
  @ApiOkResponse({ type: WebhookDeliveryDetails })
  @ApiProblems(...ON_ONE)
  test(@CurrentActor() actor: Actor, @Param() { id }: WebhookPath): Promise<WebhookDeliveryDetails> {
    return this.deliveries.test(actor, id);
  }
}
