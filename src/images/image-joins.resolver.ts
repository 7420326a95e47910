import { Info, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { Actor } from '../common/actor.js';
import { ContainerDetails } from '../containers/container-details.model.js';
import { Container } from '../containers/container.model.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { ImageJoins } from './image-joins.service.js';
import { Image, ImageDetails } from './image.model.js';

const IMAGE = {
  name: 'imageDetails',
  nullable: true,
  description: 'The image that it was made of; null where you may not see it, and where it is gone.',
} as const;
const CONTAINERS = {
  name: 'containers',
  nullable: true,
  description:
    'The containers made of it, running or not, as far as you may see them; null where you may see none at all.',
} as const;

@Resolver(() => Container)
export class ContainerImageResolver {
  constructor(private readonly joins: ImageJoins) {}

  @ResolveField(() => Image, IMAGE)
  image(@CurrentActor() actor: Actor, @Parent() container: Container, @Info() info: GraphQLResolveInfo) {
    return this.joins.imageOf(actor, container, info);
  }
}

@Resolver(() => ContainerDetails)
export class ContainerDetailsImageResolver {
  constructor(private readonly joins: ImageJoins) {}

  @ResolveField(() => Image, IMAGE)
  image(
    @CurrentActor() actor: Actor,
    @Parent() container: ContainerDetails,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.joins.imageOf(actor, container, info);
  }
}

@Resolver(() => Image)
export class ImageContainersResolver {
  constructor(private readonly joins: ImageJoins) {}

  @ResolveField(() => [Container], CONTAINERS)
  containers(@CurrentActor() actor: Actor, @Parent() image: Image, @Info() info: GraphQLResolveInfo) {
    return this.joins.containersOf(actor, image, info);
  }
}

@Resolver(() => ImageDetails)
export class ImageDetailsContainersResolver {
  constructor(private readonly joins: ImageJoins) {}

  @ResolveField(() => [Container], CONTAINERS)
  containers(@CurrentActor() actor: Actor, @Parent() image: ImageDetails, @Info() info: GraphQLResolveInfo) {
    return this.joins.containersOf(actor, image, info);
  }
}
