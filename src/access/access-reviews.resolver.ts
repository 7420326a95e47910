import { Args, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { Actor } from '../common/actor.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { Me } from '../identity/me.model.js';
import { AccessReviewInput } from './access-review.inputs.js';
import { AccessReview } from './access-review.model.js';
import { AccessReviewsService } from './access-reviews.service.js';
import { MyAccess } from './my-access.model.js';

@Resolver(() => Me)
export class AccessReviewsResolver {
  constructor(private readonly reviews: AccessReviewsService) {}

  @Query(() => AccessReview, {
    name: 'accessReview',
    description: 'Whether somebody may do something, and why. About others it needs roleBindings:list.',
  })
  review(@CurrentActor() actor: Actor, @Args('input') input: AccessReviewInput): Promise<AccessReview> {
    return this.reviews.review(actor, input);
  }

  @ResolveField(() => MyAccess, { name: 'access', description: 'All that you may do.' })
  mine(@CurrentActor() actor: Actor): Promise<MyAccess> {
    return this.reviews.mine(actor);
  }
}
