import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
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
import { answerWithJob, ApiAnswersWithJob } from '../jobs/answer-with-job.js';
import { VolumeChange } from './volume-change.model.js';
import { VolumeCloneService } from './volume-clone.service.js';
import { ListVolumesQuery } from './volume-list.inputs.js';
import { VolumePath } from './volume-paths.js';
import { VOLUME_WATCH, VolumeWatchService } from './volume-watch.service.js';
import {
  CloneVolumeInput,
  CreateVolumeInput,
  PruneVolumesInput,
  RemoveVolumeInput,
  UpdateVolumeInput,
} from './volume.inputs.js';
import { Volume, VolumeDetails, VolumePruneResult } from './volume.model.js';
import { VolumesService } from './volumes.service.js';

class VolumePage extends PageOf(Volume, FollowedList) {}

/** What every route on one volume may answer with besides its result. */
const ON_ONE = [
  'invalid_input',
  'unauthenticated',
  'forbidden',
  'not_found',
  'not_supported',
  'engine_error',
  'engine_unavailable',
  'engine_timeout',
] as const;

@ApiTags('volumes')
@Controller('api/v1/engines/:engine/volumes')
export class VolumesController {
  constructor(
    private readonly volumes: VolumesService,
    private readonly clones: VolumeCloneService,
    private readonly watching: VolumeWatchService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List volumes, newest first; or watch what changes among them' })
  @ApiListOrWatch(VolumePage, VolumeChange)
  @ApiProblems(...ON_ONE, 'not_acceptable')
  list(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Query() { watch = false, limit, after, fresh, ...filter }: ListVolumesQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (!watch) return sendPrepared(reply, this.volumes.list(actor, engine, filter, { limit, after, fresh }));
    return sendStream(request, reply, VOLUME_WATCH.stream, (signal) =>
      this.watching.watch(actor, engine, filter, lastEventId, signal),
    );
  }

  @Post()
  @ApiOperation({ summary: 'Create a volume' })
  @ApiCreatedResponse({ type: VolumeDetails })
  @ApiProblems(...ON_ONE, 'policy_violation', 'conflict', 'payload_too_large', 'unsupported_media_type')
  create(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Body() input: CreateVolumeInput,
    @Query() query: DryRunQuery,
  ): Promise<VolumeDetails> {
    return this.volumes.create(actor, engine, input, query);
  }

  @Post('prune')
  @HttpCode(200)
  @ApiOperation({ summary: 'Remove volumes that no container has, as far as you may' })
  @ApiOkResponse({ type: VolumePruneResult })
  @ApiProblems(...ON_ONE)
  prune(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Body() input: PruneVolumesInput,
    @Query() query: DryRunQuery,
  ): Promise<VolumePruneResult> {
    return this.volumes.prune(actor, engine, input, query);
  }

  @Get(':name')
  @ApiOperation({ summary: 'See a volume, and which containers have it' })
  @ApiOkResponse({ type: VolumeDetails })
  @ApiProblems(...ON_ONE)
  get(
    @CurrentActor() actor: Actor,
    @Param() path: VolumePath,
    @Query() query: FreshQuery,
  ): Promise<VolumeDetails> {
    return this.volumes.get(actor, path, query);
  }

  @Delete(':name')
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove a volume with all that is in it' })
  @ApiNoContentResponse({ description: 'It is gone.' })
  @ApiProblems(...ON_ONE, 'conflict')
  remove(
    @CurrentActor() actor: Actor,
    @Param() path: VolumePath,
    @Query() query: RemoveVolumeInput,
  ): Promise<void> {
    return this.volumes.remove(actor, path, query);
  }

  @Patch(':name')
  @ApiOperation({ summary: 'Change a cluster volume' })
  @ApiOkResponse({ type: VolumeDetails })
  @ApiProblems(...ON_ONE, 'policy_violation', 'conflict')
  update(
    @CurrentActor() actor: Actor,
    @Param() path: VolumePath,
    @Body() input: UpdateVolumeInput,
  ): Promise<VolumeDetails> {
    return this.volumes.update(actor, path, input);
  }

  @Post(':name/clone')
  @ApiOperation({ summary: 'Copy a volume into a new one' })
  @ApiAnswersWithJob()
  @ApiProblems(...ON_ONE, 'policy_violation', 'conflict', 'not_acceptable')
  clone(
    @CurrentActor() actor: Actor,
    @Param() path: VolumePath,
    @Body() input: CloneVolumeInput,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return answerWithJob(request, reply, this.clones.clone(actor, path, input));
  }
}
