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
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../common/actor.js';
import { EnginePath } from '../common/engine-path.js';
import { FollowedList, FreshQuery } from '../common/freshness.js';
import { PageOf } from '../common/pagination.js';
import { LogLinesQuery } from '../containers/container-stream.inputs.js';
import { ApiListOrWatch } from '../http/api-list-or-watch.js';
import { ApiProblems } from '../http/api-problems.js';
import { ApiStream } from '../http/api-stream.js';
import { sendPrepared } from '../http/prepared-json.js';
import { sendStream } from '../http/streaming.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { ApiAnswersWithJob } from '../jobs/answer-with-job.js';
import { ON_SWARM } from '../swarm/swarm-fields.js';
import { SwarmLogLine } from '../tasks/swarm-log-line.model.js';
import { SwarmLogsService, toMergedText } from '../tasks/swarm-logs.service.js';
import { answerWithChange } from './answer-with-change.js';
import { ServiceChanged } from './service-changed.model.js';
import { ServiceConvergenceService } from './service-convergence.service.js';
import { ListServicesQuery } from './service-list.inputs.js';
import { ServicePath } from './service-paths.js';
import { SERVICE_WATCH, ServiceWatchService } from './service-watch.service.js';
import { CreateServiceInput } from './service.inputs.js';
import { CreateServiceQuery } from './service-edits.inputs.js';
import { Service, ServiceDetails } from './service.model.js';
import { ServicesService } from './services.service.js';

class ServicePage extends PageOf(Service, FollowedList) {}

@ApiTags('services')
@Controller('api/v1/engines/:engine/services')
export class ServicesController {
  constructor(
    private readonly services: ServicesService,
    private readonly watching: ServiceWatchService,
    private readonly output: SwarmLogsService,
    private readonly convergence: ServiceConvergenceService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List services, newest first; or watch what changes among them' })
  @ApiListOrWatch(ServicePage, ServiceChanged)
  @ApiProblems(...ON_SWARM, 'not_acceptable')
  list(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Query() { watch = false, limit, after, fresh, ...filter }: ListServicesQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (!watch)
      return sendPrepared(reply, this.services.list(actor, engine, filter, { limit, after, fresh }));
    return sendStream(request, reply, SERVICE_WATCH.stream, (signal) =>
      this.watching.watch(actor, engine, filter, lastEventId, signal),
    );
  }

  @Post()
  @ApiOperation({ summary: 'Create a service' })
  @ApiCreatedResponse({ type: ServiceDetails })
  @ApiAnswersWithJob()
  @ApiProblems(
    ...ON_SWARM,
    'policy_violation',
    'conflict',
    'payload_too_large',
    'unsupported_media_type',
    'too_many_requests',
  )
  create(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Body() input: CreateServiceInput,
    @Query() { converge = false, ...query }: CreateServiceQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return answerWithChange(
      request,
      reply,
      201,
      this.services.create(actor, engine, input, query),
      converge && query.dryRun !== true
        ? ({ id }) => this.convergence.start(actor, { engine, id }, { expects: 'change' })
        : undefined,
    );
  }

  @Get(':id')
  @ApiOperation({ summary: 'See a service' })
  @ApiOkResponse({ type: ServiceDetails })
  @ApiProblems(...ON_SWARM)
  get(
    @CurrentActor() actor: Actor,
    @Param() path: ServicePath,
    @Query() query: FreshQuery,
  ): Promise<ServiceDetails> {
    return this.services.get(actor, path, query);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove a service, and with it its tasks' })
  @ApiNoContentResponse({ description: 'It is gone. Its tasks are stopped.' })
  @ApiProblems(...ON_SWARM)
  remove(@CurrentActor() actor: Actor, @Param() path: ServicePath): Promise<void> {
    return this.services.remove(actor, path);
  }

  @Get(':id/logs')
  @ApiOperation({ summary: 'Read the logs of all tasks of a service, and follow them when asked' })
  @ApiStream(SwarmLogLine, ['application/x-ndjson', 'text/event-stream', 'text/plain'])
  @ApiProblems(...ON_SWARM, 'not_acceptable')
  logs(
    @CurrentActor() actor: Actor,
    @Param() path: ServicePath,
    @Query() query: LogLinesQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return sendStream(
      request,
      reply,
      {
        formats: ['application/x-ndjson', 'text/event-stream', 'text/plain'],
        event: 'log',
        text: (line: SwarmLogLine) => toMergedText(line, query),
      },
      (signal) => this.output.ofService(actor, path, query, signal),
    );
  }
}
