import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Actor } from '../common/actor.js';
import { type Page, PageQuery } from '../common/pagination.js';
import { ApiProblems } from '../http/api-problems.js';
import { CurrentActor } from './authentication.guard.js';
import { ApiTokenPath, CreateApiTokenInput, toNewApiToken } from './api-token.inputs.js';
import {
  type ApiToken,
  ApiTokenPage,
  CreatedApiToken,
  toApiTokenPage,
  toCreatedApiToken,
} from './api-token.model.js';
import { ApiTokensService } from './api-tokens.service.js';

@ApiTags('tokens')
@Controller('api/v1/tokens')
export class ApiTokensController {
  constructor(private readonly apiTokens: ApiTokensService) {}

  @Get()
  @ApiOperation({ summary: 'List your API tokens, oldest first' })
  @ApiOkResponse({ type: ApiTokenPage })
  @ApiProblems('invalid_input', 'unauthenticated')
  async list(@CurrentActor() actor: Actor, @Query() query: PageQuery): Promise<Page<ApiToken>> {
    return toApiTokenPage(await this.apiTokens.list(actor, query));
  }

  @Post()
  @ApiOperation({
    summary: 'Make an API token for yourself',
    description:
      'One that is made with an API token is never wider than that one, and goes when that one goes.',
  })
  @ApiCreatedResponse({ type: CreatedApiToken })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'conflict')
  async create(@CurrentActor() actor: Actor, @Body() input: CreateApiTokenInput): Promise<CreatedApiToken> {
    return toCreatedApiToken(await this.apiTokens.create(actor, toNewApiToken(input)));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revoke one of your API tokens, and those that were made with it' })
  @ApiNoContentResponse()
  @ApiProblems('invalid_input', 'unauthenticated', 'not_found')
  revoke(@CurrentActor() actor: Actor, @Param() { id }: ApiTokenPath): Promise<void> {
    return this.apiTokens.revoke(actor, id);
  }
}
