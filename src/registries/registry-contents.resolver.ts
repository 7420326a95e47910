import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Actor } from '../common/actor.js';
import { GraphqlSignal } from '../graphql/graphql-signal.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import {
  DeletedRegistryTag,
  RegistryManifest,
  RegistryRepositoryConnection,
  RegistryTagConnection,
  toRemoteConnection,
} from './registry-contents.model.js';
import { RegistryContentsService } from './registry-contents.service.js';
import {
  DeleteRegistryTagArgs,
  RegistryConnectionArgs,
  RegistryManifestArgs,
  RegistryTagsArgs,
} from './registry.inputs.js';

@Resolver()
export class RegistryContentsResolver {
  constructor(private readonly contents: RegistryContentsService) {}

  @Query(() => RegistryRepositoryConnection, {
    name: 'registryRepositories',
    description: 'The repositories of a registry, in its own order, where it tells them.',
  })
  async repositories(
    @CurrentActor() actor: Actor,
    @Args() { id, first, after }: RegistryConnectionArgs,
    @GraphqlSignal() signal: AbortSignal,
  ) {
    return toRemoteConnection(await this.contents.repositories(actor, id, { limit: first, after }, signal));
  }

  @Query(() => RegistryTagConnection, {
    name: 'registryTags',
    description: "The tags of a repository, in the registry's own order.",
  })
  async tags(
    @CurrentActor() actor: Actor,
    @Args() { id, repository, first, after }: RegistryTagsArgs,
    @GraphqlSignal() signal: AbortSignal,
  ) {
    return toRemoteConnection(
      await this.contents.tags(actor, id, repository, { limit: first, after }, signal),
    );
  }

  @Query(() => RegistryManifest, {
    name: 'registryManifest',
    description: 'What a tag or digest stands for in a registry.',
  })
  manifest(
    @CurrentActor() actor: Actor,
    @Args() { id, ...image }: RegistryManifestArgs,
    @GraphqlSignal() signal: AbortSignal,
  ): Promise<RegistryManifest> {
    return this.contents.manifest(actor, id, image, signal);
  }

  @Mutation(() => DeletedRegistryTag, {
    name: 'deleteRegistryTag',
    description:
      'Deletes a tag, or the image that it stands for where the registry can not delete tags alone.',
  })
  deleteTag(
    @CurrentActor() actor: Actor,
    @Args() { id, ...tag }: DeleteRegistryTagArgs,
    @GraphqlSignal() signal: AbortSignal,
  ): Promise<DeletedRegistryTag> {
    return this.contents.deleteTag(actor, id, tag, signal);
  }
}
