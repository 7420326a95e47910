import { Info, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { Actor } from '../common/actor.js';
import { Container, ContainerMount } from '../containers/container.model.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { VolumeJoins } from './volume-joins.service.js';
import { Volume, VolumeDetails } from './volume.model.js';

const CONTAINERS = {
  name: 'containers',
  nullable: true,
  description:
    'The containers that have it, running or not, as far as you may see them; null where you may see none at all.',
} as const;

@Resolver(() => ContainerMount)
export class ContainerMountResolver {
  constructor(private readonly joins: VolumeJoins) {}

  @ResolveField(() => Volume, {
    name: 'volume',
    nullable: true,
    description: 'The volume itself; null for what is none, where you may not see it, and where it is gone.',
  })
  volume(@CurrentActor() actor: Actor, @Parent() mount: ContainerMount, @Info() info: GraphQLResolveInfo) {
    return this.joins.volumeOf(actor, mount, info);
  }
}

@Resolver(() => Volume)
export class VolumeContainersResolver {
  constructor(private readonly joins: VolumeJoins) {}

  @ResolveField(() => [Container], CONTAINERS)
  containers(@CurrentActor() actor: Actor, @Parent() volume: Volume, @Info() info: GraphQLResolveInfo) {
    return this.joins.containersOf(actor, volume, info);
  }
}

@Resolver(() => VolumeDetails)
export class VolumeDetailsContainersResolver {
  constructor(private readonly joins: VolumeJoins) {}

  @ResolveField(() => [Container], CONTAINERS)
  containers(
    @CurrentActor() actor: Actor,
    @Parent() volume: VolumeDetails,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.joins.containersOf(actor, volume, info);
  }
}
