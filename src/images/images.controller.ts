import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../common/actor.js';
import { DryRunQuery } from '../common/dry-run.js';
import { EnginePath } from '../common/engine-path.js';
import { FollowedList, FreshQuery } from '../common/freshness.js';
import { PageOf } from '../common/pagination.js';
import { ApiListOrWatch } from '../http/api-list-or-watch.js';
import { ApiProblems } from '../http/api-problems.js';
import { sendPrepared } from '../http/prepared-json.js';
import { sendStream } from '../http/streaming.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { ImageChange } from './image-change.model.js';
import { ListImagesQuery } from './image-list.inputs.js';
import { ImagePath } from './image-paths.js';
import { ON_IMAGES } from './image-problems.js';
import { ImagePruneService } from './image-prune.service.js';
import { ImageHistoryStep, ImageSearchResult, PrunedImages, RemovedImage } from './image-results.model.js';
import { IMAGE_WATCH, ImageWatchService } from './image-watch.service.js';
import { PruneImagesInput, RemoveImageInput, SearchImagesQuery, TagImageInput } from './image.inputs.js';
import { Image, ImageDetails } from './image.model.js';
import { ImagesService } from './images.service.js';

class ImagePage extends PageOf(Image, FollowedList) {}

@ApiTags('images')
@Controller('api/v1/engines/:engine/images')
export class ImagesController {
  constructor(
    private readonly images: ImagesService,
    private readonly pruning: ImagePruneService,
    private readonly watching: ImageWatchService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List images, newest first; or watch what changes among them' })
  @ApiListOrWatch(ImagePage, ImageChange)
  @ApiProblems(...ON_IMAGES, 'not_acceptable')
  list(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Query() { watch = false, limit, after, fresh, ...filter }: ListImagesQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (!watch) return sendPrepared(reply, this.images.list(actor, engine, filter, { limit, after, fresh }));
    return sendStream(request, reply, IMAGE_WATCH.stream, (signal) =>
      this.watching.watch(actor, engine, filter, lastEventId, signal),
    );
  }

  @Get('search')
  @ApiOperation({ summary: 'Search a registry for images, by way of the engine' })
  @ApiOkResponse({ type: [ImageSearchResult] })
  @ApiProblems(...ON_IMAGES)
  search(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Query() query: SearchImagesQuery,
  ): Promise<ImageSearchResult[]> {
    return this.images.search(actor, engine, query);
  }

  @Post('prune')
  @HttpCode(200)
  @ApiOperation({ summary: 'Remove unused images, as far as you may; or tell which that would be' })
  @ApiOkResponse({ type: PrunedImages })
  @ApiProblems(...ON_IMAGES)
  prune(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Body() input: PruneImagesInput,
    @Query() query: DryRunQuery,
  ): Promise<PrunedImages> {
    return this.pruning.prune(actor, engine, input, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'See an image' })
  @ApiOkResponse({ type: ImageDetails })
  @ApiProblems(...ON_IMAGES)
  get(
    @CurrentActor() actor: Actor,
    @Param() path: ImagePath,
    @Query() query: FreshQuery,
  ): Promise<ImageDetails> {
    return this.images.get(actor, path, query);
  }

  @Delete(':id')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take a name from an image, or remove it by its id with all its names' })
  @ApiOkResponse({ type: RemovedImage })
  @ApiProblems(...ON_IMAGES, 'conflict')
  remove(
    @CurrentActor() actor: Actor,
    @Param() path: ImagePath,
    @Query() query: RemoveImageInput,
  ): Promise<RemovedImage> {
    return this.images.remove(actor, path, query);
  }

  @Get(':id/history')
  @ApiOperation({ summary: 'See the steps that an image was built by' })
  @ApiOkResponse({ type: [ImageHistoryStep] })
  @ApiProblems(...ON_IMAGES)
  history(@CurrentActor() actor: Actor, @Param() path: ImagePath): Promise<ImageHistoryStep[]> {
    return this.images.history(actor, path);
  }

  @Post(':id/tag')
  @HttpCode(204)
  @ApiOperation({ summary: 'Give an image another name' })
  @ApiNoContentResponse({ description: 'It has the name.' })
  @ApiProblems(...ON_IMAGES, 'conflict')
  tag(@CurrentActor() actor: Actor, @Param() path: ImagePath, @Body() input: TagImageInput): Promise<void> {
    return this.images.tag(actor, path, input);
  }
}
