import { Info, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { Actor } from '../common/actor.js';
import { Container, ContainerNetwork } from '../containers/container.model.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { NetworkJoins } from './network-joins.service.js';
import { Network, NetworkDetails } from './network.model.js';

const CONTAINERS = {
  name: 'containers',
  nullable: true,
  description:
    'The containers on it, running or not, as far as you may see them; null where you may see none at all.',
} as const;

@Resolver(() => ContainerNetwork)
export class ContainerNetworkResolver {
  constructor(private readonly joins: NetworkJoins) {}

  @ResolveField(() => Network, {
    name: 'network',
    nullable: true,
    description: 'The network itself; null where you may not see it, and where it is gone.',
  })
  network(
    @CurrentActor() actor: Actor,
    @Parent() joined: ContainerNetwork,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.joins.networkOf(actor, joined, info);
  }
}

@Resolver(() => Network)
export class NetworkContainersResolver {
  constructor(private readonly joins: NetworkJoins) {}

  @ResolveField(() => [Container], CONTAINERS)
  containers(@CurrentActor() actor: Actor, @Parent() network: Network, @Info() info: GraphQLResolveInfo) {
    return this.joins.containersOf(actor, network, info);
  }
}

@Resolver(() => NetworkDetails)
export class NetworkDetailsContainersResolver {
  constructor(private readonly joins: NetworkJoins) {}

  @ResolveField(() => [Container], CONTAINERS)
  containers(
    @CurrentActor() actor: Actor,
    @Parent() network: NetworkDetails,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.joins.containersOf(actor, network, info);
  }
}
