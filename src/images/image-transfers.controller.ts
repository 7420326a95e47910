import { Body, Controller, Get, Header, Param, Post, Query, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../common/actor.js';
import { EnginePath } from '../common/engine-path.js';
import { ApiProblems } from '../http/api-problems.js';
import { RequestSignal } from '../http/request-signal.js';
import { uploadOf } from '../http/upload.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { ApiAnswersWithJob, answerWithJob } from '../jobs/answer-with-job.js';
import { answerWithUploadJob } from './answer-with-upload-job.js';
import { BuildContextQuery, BuildImageInput } from './image-build.inputs.js';
import { ImageBuildsService } from './image-builds.service.js';
import { ImagePath } from './image-paths.js';
import { ON_IMAGES, ON_JOB } from './image-problems.js';
import { ImageTransfersService } from './image-transfers.service.js';
import { ImportImageQuery, PullImageInput, PushImageInput, SaveImagesQuery } from './image.inputs.js';

const TAR = 'application/x-tar';
const ARCHIVES = [TAR, 'application/gzip', 'application/octet-stream'] as const;
const BINARY = { schema: { type: 'string', format: 'binary' } } as const;

/** Images that come and go: from and to registries, by builds, as archives. */
@ApiTags('images')
@Controller('api/v1/engines/:engine/images')
export class ImageTransfersController {
  constructor(
    private readonly transfers: ImageTransfersService,
    private readonly builds: ImageBuildsService,
  ) {}

  @Post('pull')
  @ApiOperation({ summary: 'Pull an image from its registry' })
  @ApiAnswersWithJob()
  @ApiProblems(...ON_IMAGES, ...ON_JOB)
  pull(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Body() input: PullImageInput,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return answerWithJob(request, reply, this.transfers.pull(actor, engine, input));
  }

  @Post(':id/push')
  @ApiOperation({ summary: 'Push an image to the registry that its name begins with' })
  @ApiAnswersWithJob()
  @ApiProblems(...ON_IMAGES, ...ON_JOB)
  push(
    @CurrentActor() actor: Actor,
    @Param() path: ImagePath,
    @Body() input: PushImageInput,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return answerWithJob(request, reply, this.transfers.push(actor, path, input));
  }

  @Post('build')
  @ApiOperation({ summary: 'Build an image from a Dockerfile alone' })
  @ApiAnswersWithJob()
  @ApiProblems(...ON_IMAGES, ...ON_JOB, 'policy_violation', 'payload_too_large')
  build(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Body() input: BuildImageInput,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return answerWithJob(request, reply, this.builds.build(actor, engine, input));
  }

  @Post('build-context')
  @ApiOperation({ summary: 'Build an image from an uploaded archive with a Dockerfile' })
  @ApiConsumes(...ARCHIVES)
  @ApiBody({ ...BINARY, required: false })
  @ApiAnswersWithJob()
  @ApiProblems(...ON_IMAGES, ...ON_JOB, 'policy_violation', 'unsupported_media_type')
  buildContext(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Query() query: BuildContextQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (query.remote !== undefined)
      return answerWithJob(request, reply, this.builds.buildContext(actor, engine, query, undefined));
    const context = uploadOf(request.body);
    return answerWithUploadJob(
      request,
      reply,
      context,
      this.builds.buildContext(actor, engine, query, context),
    );
  }

  @Post('load')
  @ApiOperation({ summary: 'Load the images of an uploaded archive' })
  @ApiConsumes(...ARCHIVES)
  @ApiBody({ ...BINARY, required: true })
  @ApiAnswersWithJob()
  @ApiProblems(...ON_IMAGES, ...ON_JOB, 'unsupported_media_type')
  load(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const archive = uploadOf(request.body);
    return answerWithUploadJob(request, reply, archive, this.transfers.load(actor, engine, archive));
  }

  @Post('import')
  @ApiOperation({ summary: 'Make an image of an uploaded archive of a file system' })
  @ApiConsumes(...ARCHIVES)
  @ApiBody({ ...BINARY, required: true })
  @ApiAnswersWithJob()
  @ApiProblems(...ON_IMAGES, ...ON_JOB, 'unsupported_media_type')
  import(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Query() query: ImportImageQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const archive = uploadOf(request.body);
    return answerWithUploadJob(request, reply, archive, this.transfers.import(actor, engine, query, archive));
  }

  @Get('save')
  @Header('content-type', TAR)
  @ApiOperation({ summary: 'Download several images as one tar archive' })
  @ApiProduces(TAR)
  @ApiOkResponse({ content: { [TAR]: BINARY } })
  @ApiProblems(...ON_IMAGES, 'conflict')
  async saveAll(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Query() query: SaveImagesQuery,
    @RequestSignal() signal: AbortSignal,
  ): Promise<StreamableFile> {
    return new StreamableFile(await this.transfers.saveAll(actor, engine, query, signal), { type: TAR });
  }

  @Get(':id/save')
  @Header('content-type', TAR)
  @ApiOperation({ summary: 'Download an image as a tar archive' })
  @ApiProduces(TAR)
  @ApiOkResponse({ content: { [TAR]: BINARY } })
  @ApiProblems(...ON_IMAGES, 'conflict')
  async save(
    @CurrentActor() actor: Actor,
    @Param() path: ImagePath,
    @RequestSignal() signal: AbortSignal,
  ): Promise<StreamableFile> {
    return new StreamableFile(await this.transfers.save(actor, path, signal), { type: TAR });
  }
}
