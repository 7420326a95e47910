import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Actor } from '../common/actor.js';
import { DryRunQuery } from '../common/dry-run.js';
import { ConnectionArgs, toConnection } from '../common/pagination.js';
import { GraphqlSignal } from '../graphql/graphql-signal.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { RegistriesService } from './registries.service.js';
import { RegistryContentsService } from './registry-contents.service.js';
import { CreateRegistryInput, RegistryPath, UpdateRegistryInput } from './registry.inputs.js';
import { Registry, RegistryConnection, registrySortKey, RegistryTest } from './registry.model.js';

@Resolver()
export class RegistriesResolver {
  constructor(
    private readonly registries: RegistriesService,
    private readonly contents: RegistryContentsService,
  ) {}

  @Query(() => RegistryConnection, { name: 'registries', description: 'The registries, by name.' })
  async list(@CurrentActor() actor: Actor, @Args() { first, after }: ConnectionArgs) {
    return toConnection(await this.registries.list(actor, { limit: first, after }), registrySortKey);
  }

  @Query(() => Registry, { name: 'registry', description: 'One registry.' })
  get(@CurrentActor() actor: Actor, @Args() { id }: RegistryPath): Promise<Registry> {
    return this.registries.get(actor, id);
  }

  @Mutation(() => Registry, {
    name: 'createRegistry',
    description: 'Stores a registry and what to sign in to it with.',
  })
  create(
    @CurrentActor() actor: Actor,
    @Args('input') input: CreateRegistryInput,
    @Args() options: DryRunQuery,
  ): Promise<Registry> {
    return this.registries.create(actor, input, options);
  }

  @Mutation(() => Registry, {
    name: 'updateRegistry',
    description:
      'Changes a registry or its credentials, which are dropped where its address, scheme or authority change.',
  })
  update(
    @CurrentActor() actor: Actor,
    @Args() { id }: RegistryPath,
    @Args('input') input: UpdateRegistryInput,
  ): Promise<Registry> {
    return this.registries.update(actor, id, input);
  }

  @Mutation(() => Boolean, { name: 'deleteRegistry', description: 'Deletes a registry and its credentials.' })
  async delete(@CurrentActor() actor: Actor, @Args() { id }: RegistryPath): Promise<boolean> {
    await this.registries.delete(actor, id);
    return true;
  }

  @Mutation(() => RegistryTest, {
    name: 'testRegistry',
    description: 'Signs in to a registry with what is stored, and tells what came of it.',
  })
  test(
    @CurrentActor() actor: Actor,
    @Args() { id }: RegistryPath,
    @GraphqlSignal() signal: AbortSignal,
  ): Promise<RegistryTest> {
    return this.contents.test(actor, id, signal);
  }
}
