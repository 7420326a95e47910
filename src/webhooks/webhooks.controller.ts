import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Actor } from '../common/actor.js';
import { DryRunQuery } from '../common/dry-run.js';
import { type Page, PageQuery } from '../common/pagination.js';
import { ApiProblems } from '../http/api-problems.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import {
  CreateWebhookInput,
  RotateWebhookSecretInput,
  UpdateWebhookInput,
  WebhookPath,
} from './webhook.inputs.js';
import { Webhook, WebhookEventType, WebhookPage, WebhookWithSecret } from './webhook.model.js';
import { WebhooksService } from './webhooks.service.js';

const ON_ONE = ['invalid_input', 'unauthenticated', 'forbidden', 'not_found'] as const;

@ApiTags('webhooks')
@Controller('api/v1')
export class WebhooksController {
  constructor(private readonly webhooks: WebhooksService) {}

  @Get('webhook-event-types')
  @ApiOperation({ summary: 'List the types of events that webhooks can be told of' })
  @ApiOkResponse({ type: [WebhookEventType] })
  @ApiProblems('unauthenticated', 'forbidden')
  eventTypes(@CurrentActor() actor: Actor): Promise<readonly WebhookEventType[]> {
    return this.webhooks.eventTypes(actor);
  }

  @Get('webhooks')
  @ApiOperation({ summary: 'List webhooks, by name' })
  @ApiOkResponse({ type: WebhookPage })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden')
  list(@CurrentActor() actor: Actor, @Query() page: PageQuery): Promise<Page<Webhook>> {
    return this.webhooks.list(actor, page);
  }

  @Post('webhooks')
  @ApiOperation({
    summary: 'Make a webhook',
    description: 'It is told what you may see. The answer has its secret, which is not shown again.',
  })
  @ApiCreatedResponse({ type: WebhookWithSecret })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'conflict')
  create(
    @CurrentActor() actor: Actor,
    @Query() query: DryRunQuery,
    @Body() input: CreateWebhookInput,
  ): Promise<WebhookWithSecret> {
    return this.webhooks.create(actor, input, query);
  }

  @Get('webhooks/:id')
  @ApiOperation({ summary: 'See a webhook' })
  @ApiOkResponse({ type: Webhook })
  @ApiProblems(...ON_ONE)
  get(@CurrentActor() actor: Actor, @Param() { id }: WebhookPath): Promise<Webhook> {
    return this.webhooks.get(actor, id);
  }

  @Patch('webhooks/:id')
  @ApiOperation({
    summary: 'Change a webhook, or let one go on that is paused',
    description:
      'With another `address` the answer has a new secret, and the old ones are gone. `enabled: true` lets one go on that is paused.',
  })
  @ApiOkResponse({ type: WebhookWithSecret })
  @ApiProblems(...ON_ONE, 'conflict')
  update(
    @CurrentActor() actor: Actor,
    @Param() { id }: WebhookPath,
    @Body() input: UpdateWebhookInput,
  ): Promise<WebhookWithSecret> {
    return this.webhooks.update(actor, id, input);
  }

  @Delete('webhooks/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a webhook with its deliveries' })
  @ApiNoContentResponse()
  @ApiProblems(...ON_ONE)
  delete(@CurrentActor() actor: Actor, @Param() { id }: WebhookPath): Promise<void> {
    return this.webhooks.delete(actor, id);
  }

  @Post('webhooks/:id/rotate-secret')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Give a webhook a new secret',
    description:
      'For a while what is sent is signed with both. The answer has the new one, which is not shown again.',
  })
  @ApiOkResponse({ type: WebhookWithSecret })
  @ApiProblems(...ON_ONE, 'conflict')
  rotateSecret(
    @CurrentActor() actor: Actor,
    @Param() { id }: WebhookPath,
    @Body() input: RotateWebhookSecretInput,
  ): Promise<WebhookWithSecret> {
    return this.webhooks.rotateSecret(actor, id, input);
  }
}
