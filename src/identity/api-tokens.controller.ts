import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Actor } from '../common/actor.js';
import { DryRunQuery } from '../common/dry-run.js';
import type { Page } from '../common/pagination.js';
import { ApiProblems } from '../http/api-problems.js';
import { CurrentActor } from './authentication.guard.js';
import { ApiTokenPath, CreateApiTokenInput, ListApiTokensQuery } from './api-token.inputs.js';
import { ApiToken, ApiTokenPage, CreatedApiToken } from './api-token.model.js';
import { ApiTokenManagement } from './api-token-management.service.js';

@ApiTags('tokens')
@Controller('api/v1/tokens')
export class ApiTokensController {
  constructor(private readonly tokens: ApiTokenManagement) {}

  @Get()
  @ApiOperation({
    summary: "List your API tokens, or another owner's, oldest first",
    description: 'With an API token that has limits: that one, and those that were made with it.',
  })
  @ApiOkResponse({ type: ApiTokenPage })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found')
  list(
    @CurrentActor() actor: Actor,
    @Query() { owner, limit, after }: ListApiTokensQuery,
  ): Promise<Page<ApiToken>> {
    return this.tokens.list(actor, owner, { limit, after });
  }

  @Post()
  @ApiOperation({
    summary: 'Make an API token for yourself',
    description:
      'One that is made with an API token is never wider than that one, and goes when that one goes.',
  })
  @ApiCreatedResponse({ type: CreatedApiToken })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'conflict')
  create(
    @CurrentActor() actor: Actor,
    @Body() input: CreateApiTokenInput,
    @Query() options: DryRunQuery,
  ): Promise<CreatedApiToken> {
    return this.tokens.create(actor, input, options);
  }

  @Get(':id')
  @ApiOperation({ summary: "See one of your API tokens, or another owner's; never the token itself" })
  @ApiOkResponse({ type: ApiToken })
  @ApiProblems('invalid_input', 'unauthenticated', 'not_found')
  get(@CurrentActor() actor: Actor, @Param() { id }: ApiTokenPath): Promise<ApiToken> {
    return this.tokens.get(actor, id);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    summary: "Revoke one of your API tokens, or another owner's, and those that were made with it",
    description: 'With an API token that has limits: that one, and those that were made with it.',
  })
  @ApiNoContentResponse()
  @ApiProblems('invalid_input', 'unauthenticated', 'not_found')
  revoke(@CurrentActor() actor: Actor, @Param() { id }: ApiTokenPath): Promise<void> {
    return this.tokens.revoke(actor, id);
  }
}
