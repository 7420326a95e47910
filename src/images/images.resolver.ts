import { Args, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import { eachOf, openAbortable } from '../common/abortable.js';
import type { Actor } from '../common/actor.js';
import { DryRunQuery } from '../common/dry-run.js';
import { EnginePath } from '../common/engine-path.js';
import { FreshQuery } from '../common/freshness.js';
import { GraphqlSignal } from '../graphql/graphql-signal.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { ImageChange } from './image-change.model.js';
import { ImageChangedArgs, ImagesArgs } from './image-list.inputs.js';
import { ImagePath } from './image-paths.js';
import { ImagePruneService } from './image-prune.service.js';
import { ImageHistoryStep, ImageSearchResult, PrunedImages, RemovedImage } from './image-results.model.js';
import { ImageWatchService } from './image-watch.service.js';
import { PruneImagesInput, RemoveImageInput, SearchImagesArgs, TagImageInput } from './image.inputs.js';
import { ImageConnection, ImageDetails } from './image.model.js';
import { ImagesService } from './images.service.js';

@Resolver()
export class ImagesResolver {
  constructor(
    private readonly service: ImagesService,
    private readonly pruning: ImagePruneService,
    private readonly watching: ImageWatchService,
  ) {}

  @Query(() => ImageConnection, { description: 'The images of an engine, newest first.' })
  async images(
    @CurrentActor() actor: Actor,
    @Args() { engine, filter = {}, first, after, fresh }: ImagesArgs,
  ) {
    return (await this.service.list(actor, engine, filter, { limit: first, after, fresh })).asConnection();
  }

  @Query(() => ImageDetails, { description: 'An image.' })
  image(
    @CurrentActor() actor: Actor,
    @Args() path: ImagePath,
    @Args() query: FreshQuery,
  ): Promise<ImageDetails> {
    return this.service.get(actor, path, query);
  }

  @Query(() => [ImageHistoryStep], { description: 'The steps that an image was built by, the last first.' })
  imageHistory(@CurrentActor() actor: Actor, @Args() path: ImagePath): Promise<ImageHistoryStep[]> {
    return this.service.history(actor, path);
  }

  @Query(() => [ImageSearchResult], {
    description:
      'What a registry finds, by way of the engine: Docker Hub, or the one that the term begins with.',
  })
  searchImages(
    @CurrentActor() actor: Actor,
    @Args() { engine, ...query }: SearchImagesArgs,
  ): Promise<ImageSearchResult[]> {
    return this.service.search(actor, engine, query);
  }

  @Mutation(() => ImageDetails, {
    nullable: true,
    description:
      'Gives an image another name. Answers with it as it is then, or null where you may not see it.',
  })
  async tagImage(
    @CurrentActor() actor: Actor,
    @Args() path: ImagePath,
    @Args('input') input: TagImageInput,
  ): Promise<ImageDetails | null> {
    await this.service.tag(actor, path, input);
    return this.service.find(actor, path.engine, input.name);
  }

  @Mutation(() => RemovedImage, {
    description: 'Takes a name from an image, or removes it by its id with all its names.',
  })
  removeImage(
    @CurrentActor() actor: Actor,
    @Args() path: ImagePath,
    @Args('input', { nullable: true }) input?: RemoveImageInput,
  ): Promise<RemovedImage> {
    return this.service.remove(actor, path, input ?? {});
  }

  @Mutation(() => PrunedImages, {
    description: 'Removes unused images, as far as you may; or tells which that would be.',
  })
  pruneImages(
    @CurrentActor() actor: Actor,
    @Args() { engine }: EnginePath,
    @Args() query: DryRunQuery,
    @Args('input', { nullable: true }) input?: PruneImagesInput,
  ): Promise<PrunedImages> {
    return this.pruning.prune(actor, engine, input ?? {}, query);
  }

  @Subscription(() => ImageChange, {
    description:
      'What changes among the images of an engine: first `reset`, each image as `added` and `synced`, then each change.',
    resolve: (change: ImageChange) => change,
  })
  imageChanged(
    @CurrentActor() actor: Actor,
    @Args() { engine, filter = {}, after }: ImageChangedArgs,
    @GraphqlSignal() signal: AbortSignal,
  ) {
    return openAbortable(
      async (left) => eachOf(await this.watching.watch(actor, engine, filter, after, left)),
      signal,
    );
  }
}
