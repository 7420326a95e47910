import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Actor } from '../common/actor.js';
import { DryRunQuery } from '../common/dry-run.js';
import { ConnectionArgs, toConnection } from '../common/pagination.js';
import { CurrentActor } from './authentication.guard.js';
import { CreateApiTokenInput } from './api-token.inputs.js';
import { CreatedApiToken } from './api-token.model.js';
import { ApiTokenManagement } from './api-token-management.service.js';
import {
  CreateServiceAccountInput,
  ServiceAccountPath,
  UpdateServiceAccountInput,
} from './service-account.inputs.js';
import { ServiceAccount, ServiceAccountConnection, serviceAccountSortKey } from './service-account.model.js';
import { ServiceAccountManagement } from './service-account-management.service.js';

@Resolver()
export class ServiceAccountsResolver {
  constructor(
    private readonly serviceAccounts: ServiceAccountManagement,
    private readonly tokens: ApiTokenManagement,
  ) {}

  @Query(() => ServiceAccountConnection, {
    name: 'serviceAccounts',
    description: 'The service accounts, by name.',
  })
  async list(@CurrentActor() actor: Actor, @Args() { first, after }: ConnectionArgs) {
    return toConnection(
      await this.serviceAccounts.list(actor, { limit: first, after }),
      serviceAccountSortKey,
    );
  }

  @Query(() => ServiceAccount, { name: 'serviceAccount', description: 'One service account.' })
  get(@CurrentActor() actor: Actor, @Args() { id }: ServiceAccountPath): Promise<ServiceAccount> {
    return this.serviceAccounts.get(actor, id);
  }

  @Mutation(() => ServiceAccount, {
    name: 'createServiceAccount',
    description: 'Creates a service account.',
  })
  create(
    @CurrentActor() actor: Actor,
    @Args('input') input: CreateServiceAccountInput,
    @Args() options: DryRunQuery,
  ): Promise<ServiceAccount> {
    return this.serviceAccounts.create(actor, input, options);
  }

  @Mutation(() => ServiceAccount, {
    name: 'updateServiceAccount',
    description: 'Changes, disables or enables a service account that may do no more than you.',
  })
  update(
    @CurrentActor() actor: Actor,
    @Args() { id }: ServiceAccountPath,
    @Args('input') input: UpdateServiceAccountInput,
  ): Promise<ServiceAccount> {
    return this.serviceAccounts.update(actor, id, input);
  }

  @Mutation(() => Boolean, {
    name: 'deleteServiceAccount',
    description:
      'Deletes a service account that may do no more than you, with its API tokens and role bindings.',
  })
  async delete(@CurrentActor() actor: Actor, @Args() { id }: ServiceAccountPath): Promise<boolean> {
    await this.serviceAccounts.delete(actor, id);
    return true;
  }

  @Mutation(() => CreatedApiToken, {
    name: 'createServiceAccountToken',
    description: 'Makes an API token for a service account that may do no more than you.',
  })
  createToken(
    @CurrentActor() actor: Actor,
    @Args() { id }: ServiceAccountPath,
    @Args('input') input: CreateApiTokenInput,
    @Args() options: DryRunQuery,
  ): Promise<CreatedApiToken> {
    return this.tokens.createForServiceAccount(actor, id, input, options);
  }
}
