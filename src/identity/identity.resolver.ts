import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Actor } from '../common/actor.js';
import { ConnectionArgs, toConnection } from '../common/pagination.js';
import { CurrentActor } from './authentication.guard.js';
import { ApiTokenPath, CreateApiTokenInput, toNewApiToken } from './api-token.inputs.js';
import {
  ApiTokenConnection,
  apiTokenSortKey,
  CreatedApiToken,
  toApiTokenPage,
  toCreatedApiToken,
} from './api-token.model.js';
import { ApiTokensService } from './api-tokens.service.js';
import { Me, toMe } from './me.model.js';

@Resolver()
export class IdentityResolver {
  constructor(private readonly apiTokens: ApiTokensService) {}

  @Query(() => Me, { description: 'Who you are, and with what you signed in.' })
  me(@CurrentActor() actor: Actor): Me {
    return toMe(actor);
  }

  @Query(() => ApiTokenConnection, { name: 'apiTokens', description: 'Your API tokens, oldest first.' })
  async list(@CurrentActor() actor: Actor, @Args() { first, after }: ConnectionArgs) {
    return toConnection(
      toApiTokenPage(await this.apiTokens.list(actor, { limit: first, after })),
      apiTokenSortKey,
    );
  }

  @Mutation(() => CreatedApiToken, {
    name: 'createApiToken',
    description:
      'Makes an API token for yourself; with an API token, one that is not wider and goes with it.',
  })
  async create(
    @CurrentActor() actor: Actor,
    @Args('input') input: CreateApiTokenInput,
  ): Promise<CreatedApiToken> {
    return toCreatedApiToken(await this.apiTokens.create(actor, toNewApiToken(input)));
  }

  @Mutation(() => Boolean, {
    name: 'revokeApiToken',
    description: 'Revokes one of your API tokens, and those that were made with it.',
  })
  async revoke(@CurrentActor() actor: Actor, @Args() { id }: ApiTokenPath): Promise<boolean> {
    await this.apiTokens.revoke(actor, id);
    return true;
  }
}
