import { applyDecorators, Body, Controller, Param, Patch, Post, Put, Query, Req, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../common/actor.js';
import { ApiProblems } from '../http/api-problems.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { answerWithJob, ApiAnswersWithJob } from '../jobs/answer-with-job.js';
import { Job } from '../jobs/job.model.js';
import { ON_SWARM } from '../swarm/swarm-fields.js';
import { answerWithChange } from './answer-with-change.js';
import type { Expectation } from './convergence.js';
import { ServiceConvergenceService } from './service-convergence.service.js';
import { ServiceEditsService } from './service-edits.service.js';
import { ServicePath } from './service-paths.js';
import { ReplaceServiceInput, UpdateServiceInput } from './service.inputs.js';
import {
  ConvergenceQuery,
  ConvergeQuery,
  ScaleServiceInput,
  ServiceVersionInput,
} from './service-edits.inputs.js';
import { ServiceDetails } from './service.model.js';

/** What every change of a service may answer with besides its result. */
const ON_CHANGE = [
  ...ON_SWARM,
  'policy_violation',
  'conflict',
  'payload_too_large',
  'unsupported_media_type',
  'too_many_requests',
] as const;

/** The service; with `converge`, and to who accepts a stream, the progress of the job. */
const SERVICE_OR_STREAM = {
  description:
    'The service as it is then; with `converge=true`, for clients that accept a stream, the job each time it has changed.',
  content: {
    'application/json': { schema: { $ref: getSchemaPath(ServiceDetails) } },
    'text/event-stream': { schema: { type: 'string' } },
    'application/x-ndjson': { schema: { $ref: getSchemaPath(Job) } },
  },
} as const;

const ApiChange = () =>
  applyDecorators(ApiProblems(...ON_CHANGE), ApiAnswersWithJob(), ApiOkResponse(SERVICE_OR_STREAM));

/** Changes of one service, and whether they have come to be. */
@ApiTags('services')
@ApiExtraModels(ServiceDetails, Job)
@Controller('api/v1/engines/:engine/services/:id')
export class ServiceEditsController {
  constructor(
    private readonly edits: ServiceEditsService,
    private readonly convergence: ServiceConvergenceService,
  ) {}

  @Patch()
  @ApiOperation({ summary: 'Change parts of a service' })
  @ApiChange()
  update(
    @CurrentActor() actor: Actor,
    @Param() path: ServicePath,
    @Body() input: UpdateServiceInput,
    @Query() query: ConvergeQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const change = this.edits.update(actor, path, input);
    return answerWithChange(request, reply, 200, change, this.converge(actor, path, query));
  }

  @Put()
  @ApiOperation({ summary: 'Change all of a service' })
  @ApiChange()
  replace(
    @CurrentActor() actor: Actor,
    @Param() path: ServicePath,
    @Body() input: ReplaceServiceInput,
    @Query() query: ConvergeQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const change = this.edits.replace(actor, path, input);
    return answerWithChange(request, reply, 200, change, this.converge(actor, path, query));
  }

  @Post('scale')
  @ApiOperation({ summary: 'Change how many tasks a replicated service has' })
  @ApiChange()
  scale(
    @CurrentActor() actor: Actor,
    @Param() path: ServicePath,
    @Body() input: ScaleServiceInput,
    @Query() query: ConvergeQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const change = this.edits.scale(actor, path, input);
    return answerWithChange(request, reply, 200, change, this.converge(actor, path, query));
  }

  @Post('restart')
  @ApiOperation({ summary: 'Replace all tasks of a service though nothing has changed; run a job once more' })
  @ApiChange()
  restart(
    @CurrentActor() actor: Actor,
    @Param() path: ServicePath,
    @Body() input: ServiceVersionInput,
    @Query() query: ConvergeQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const change = this.edits.restart(actor, path, input);
    return answerWithChange(request, reply, 200, change, this.converge(actor, path, query));
  }

  @Post('rollback')
  @ApiOperation({ summary: 'Go back to how a service was before its last change' })
  @ApiChange()
  rollback(
    @CurrentActor() actor: Actor,
    @Param() path: ServicePath,
    @Body() input: ServiceVersionInput,
    @Query() query: ConvergeQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const change = this.edits.rollback(actor, path, input);
    return answerWithChange(request, reply, 200, change, this.converge(actor, path, query, 'rollback'));
  }

  @Post('converge')
  @ApiOperation({
    summary: 'Wait until the tasks of a service are as it says, or it is known that they will not be',
  })
  @ApiAnswersWithJob()
  @ApiProblems(...ON_SWARM, 'too_many_requests')
  follow(
    @CurrentActor() actor: Actor,
    @Param() path: ServicePath,
    @Query() query: ConvergenceQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return answerWithJob(request, reply, this.convergence.start(actor, path, query));
  }

  private converge(
    actor: Actor,
    { engine }: ServicePath,
    { converge = false }: ConvergeQuery,
    expects: Expectation = 'change',
  ) {
    if (!converge) return undefined;
    return ({ id }: ServiceDetails) => this.convergence.start(actor, { engine, id }, { expects });
  }
}
