import { Args, Mutation, Resolver } from '@nestjs/graphql';
import type { Actor } from '../common/actor.js';
import { EnginePath } from '../common/engine-path.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { Job } from '../jobs/job.model.js';
import { BuildImageInput } from './image-build.inputs.js';
import { ImageBuildsService } from './image-builds.service.js';
import { ImagePath } from './image-paths.js';
import { PrunedBuildCache } from './image-results.model.js';
import { ImageTransfersService } from './image-transfers.service.js';
import { PruneBuildCacheInput, PullImageInput, PushImageInput } from './image.inputs.js';

/** Long work on images. Follow it by `jobProgress`. */
@Resolver()
export class ImageTransfersResolver {
  constructor(
    private readonly transfers: ImageTransfersService,
    private readonly builds: ImageBuildsService,
  ) {}

  @Mutation(() => Job, { description: 'Pulls an image from its registry.' })
  pullImage(
    @CurrentActor() actor: Actor,
    @Args() { engine }: EnginePath,
    @Args('input') input: PullImageInput,
  ): Promise<Job> {
    return this.transfers.pull(actor, engine, input);
  }

  @Mutation(() => Job, { description: 'Pushes an image to the registry that its name begins with.' })
  pushImage(
    @CurrentActor() actor: Actor,
    @Args() path: ImagePath,
    @Args('input', { nullable: true }) input?: PushImageInput,
  ): Promise<Job> {
    return this.transfers.push(actor, path, input ?? {});
  }

  @Mutation(() => Job, { description: 'Builds an image from a Dockerfile alone.' })
  buildImage(
    @CurrentActor() actor: Actor,
    @Args() { engine }: EnginePath,
    @Args('input') input: BuildImageInput,
  ): Promise<Job> {
    return this.builds.build(actor, engine, input);
  }

  @Mutation(() => PrunedBuildCache, { description: 'Removes cached steps of builds.' })
  pruneBuildCache(
    @CurrentActor() actor: Actor,
    @Args() { engine }: EnginePath,
    @Args('input', { nullable: true }) input?: PruneBuildCacheInput,
  ): Promise<PrunedBuildCache> {
    return this.builds.pruneCache(actor, engine, input ?? {});
  }
}
