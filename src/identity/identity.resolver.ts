import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Actor } from '../common/actor.js';
import { DryRunQuery } from '../common/dry-run.js';
import { toConnection } from '../common/pagination.js';
import { CurrentActor } from './authentication.guard.js';
import { ApiTokenPath, ApiTokensArgs, CreateApiTokenInput } from './api-token.inputs.js';
import { ApiToken, ApiTokenConnection, apiTokenSortKey, CreatedApiToken } from './api-token.model.js';
import { ApiTokenManagement } from './api-token-management.service.js';
import { Me, toMe } from './me.model.js';

@Resolver()
export class IdentityResolver {
  constructor(private readonly tokens: ApiTokenManagement) {}

  @Query(() => Me, { description: 'Who you are, and with what you signed in.' })
  me(@CurrentActor() actor: Actor): Me {
    return toMe(actor);
  }

  @Query(() => ApiTokenConnection, {
    name: 'apiTokens',
    description: "Your API tokens, or another owner's, oldest first.",
  })
  async list(@CurrentActor() actor: Actor, @Args() { owner, first, after }: ApiTokensArgs) {
    return toConnection(await this.tokens.list(actor, owner, { limit: first, after }), apiTokenSortKey);
  }

  @Query(() => ApiToken, {
    name: 'apiToken',
    description: "One of your API tokens, or another owner's; never the token itself.",
  })
  get(@CurrentActor() actor: Actor, @Args() { id }: ApiTokenPath): Promise<ApiToken> {
    return this.tokens.get(actor, id);
  }

  @Mutation(() => CreatedApiToken, {
    name: 'createApiToken',
    description:
      'Makes an API token for yourself; with an API token, one that is not wider and goes with it.',
  })
  create(
    @CurrentActor() actor: Actor,
    @Args('input') input: CreateApiTokenInput,
    @Args() options: DryRunQuery,
  ): Promise<CreatedApiToken> {
    return this.tokens.create(actor, input, options);
  }

  @Mutation(() => Boolean, {
    name: 'revokeApiToken',
    description: "Revokes one of your API tokens, or another owner's, and those that were made with it.",
  })
  async revoke(@CurrentActor() actor: Actor, @Args() { id }: ApiTokenPath): Promise<boolean> {
    await this.tokens.revoke(actor, id);
    return true;
  }
}
