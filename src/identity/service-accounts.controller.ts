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
import { CurrentActor } from './authentication.guard.js';
import { CreateApiTokenInput } from './api-token.inputs.js';
import { type ApiToken, ApiTokenPage, CreatedApiToken } from './api-token.model.js';
import { ApiTokenManagement } from './api-token-management.service.js';
import {
  CreateServiceAccountInput,
  ServiceAccountPath,
  ServiceAccountTokenPath,
  UpdateServiceAccountInput,
} from './service-account.inputs.js';
import { ServiceAccount, ServiceAccountPage } from './service-account.model.js';
import { ServiceAccountManagement } from './service-account-management.service.js';

@ApiTags('service accounts')
@Controller('api/v1/service-accounts')
export class ServiceAccountsController {
  constructor(
    private readonly serviceAccounts: ServiceAccountManagement,
    private readonly tokens: ApiTokenManagement,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List service accounts, by name' })
  @ApiOkResponse({ type: ServiceAccountPage })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden')
  list(@CurrentActor() actor: Actor, @Query() page: PageQuery): Promise<Page<ServiceAccount>> {
    return this.serviceAccounts.list(actor, page);
  }

  @Post()
  @ApiOperation({ summary: 'Create a service account' })
  @ApiCreatedResponse({ type: ServiceAccount })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'conflict')
  create(
    @CurrentActor() actor: Actor,
    @Body() input: CreateServiceAccountInput,
    @Query() options: DryRunQuery,
  ): Promise<ServiceAccount> {
    return this.serviceAccounts.create(actor, input, options);
  }

  @Get(':id')
  @ApiOperation({ summary: 'See a service account' })
  @ApiOkResponse({ type: ServiceAccount })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found')
  get(@CurrentActor() actor: Actor, @Param() { id }: ServiceAccountPath): Promise<ServiceAccount> {
    return this.serviceAccounts.get(actor, id);
  }

  @Patch(':id')
  @ApiOperation({
    summary: 'Change, disable or enable a service account',
    description: 'Only one that may do no more than you.',
  })
  @ApiOkResponse({ type: ServiceAccount })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found')
  update(
    @CurrentActor() actor: Actor,
    @Param() { id }: ServiceAccountPath,
    @Body() input: UpdateServiceAccountInput,
  ): Promise<ServiceAccount> {
    return this.serviceAccounts.update(actor, id, input);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Delete a service account, with its API tokens and role bindings',
    description: 'Only one that may do no more than you. What it owned belongs to nobody.',
  })
  @ApiNoContentResponse()
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found')
  delete(@CurrentActor() actor: Actor, @Param() { id }: ServiceAccountPath): Promise<void> {
    return this.serviceAccounts.delete(actor, id);
  }

  @Get(':id/tokens')
  @ApiOperation({ summary: 'List the API tokens of a service account, oldest first' })
  @ApiOkResponse({ type: ApiTokenPage })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found')
  listTokens(
    @CurrentActor() actor: Actor,
    @Param() { id }: ServiceAccountPath,
    @Query() page: PageQuery,
  ): Promise<Page<ApiToken>> {
    return this.tokens.listOfServiceAccount(actor, id, page);
  }

  @Post(':id/tokens')
  @ApiOperation({
    summary: 'Make an API token for a service account',
    description:
      'Only for one that may do no more than you. One that is made with an API token is never wider than that one, and goes when that one goes.',
  })
  @ApiCreatedResponse({ type: CreatedApiToken })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found', 'conflict')
  createToken(
    @CurrentActor() actor: Actor,
    @Param() { id }: ServiceAccountPath,
    @Body() input: CreateApiTokenInput,
    @Query() options: DryRunQuery,
  ): Promise<CreatedApiToken> {
    return this.tokens.createForServiceAccount(actor, id, input, options);
  }

  @Delete(':id/tokens/:tokenId')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revoke an API token of a service account, and those that were made with it' })
  @ApiNoContentResponse()
  @ApiProblems('invalid_input', 'unauthenticated', 'not_found')
  revokeToken(
    @CurrentActor() actor: Actor,
    @Param() { id, tokenId }: ServiceAccountTokenPath,
  ): Promise<void> {
    return this.tokens.revoke(actor, tokenId, { kind: 'serviceAccount', id });
  }
}
