import { Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../common/actor.js';
import type { Page } from '../common/pagination.js';
import { ApiProblems } from '../http/api-problems.js';
import { ApiStream } from '../http/api-stream.js';
import { oneByOne, sendStream } from '../http/streaming.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { JobPath, ListJobsQuery } from './job.inputs.js';
import { Job, JobLog, JobPage } from './job.model.js';
import { JobsService } from './jobs.service.js';

const ON_ONE = ['invalid_input', 'unauthenticated', 'not_found'] as const;

@ApiTags('jobs')
@Controller('api/v1/jobs')
export class JobsController {
  constructor(private readonly jobs: JobsService) {}

  @Get()
  @ApiOperation({ summary: 'List jobs, under way and ended, newest first' })
  @ApiOkResponse({ type: JobPage })
  @ApiProblems('invalid_input', 'unauthenticated')
  list(
    @CurrentActor() actor: Actor,
    @Query() { limit, after, ...filter }: ListJobsQuery,
  ): Promise<Page<Job>> {
    return this.jobs.list(actor, filter, { limit, after });
  }

  @Get(':id')
  @ApiOperation({ summary: 'See a job: how far it is, or what became of it' })
  @ApiOkResponse({ type: Job })
  @ApiProblems(...ON_ONE)
  get(@CurrentActor() actor: Actor, @Param() { id }: JobPath): Promise<Job> {
    return this.jobs.get(actor, id);
  }

  @Get(':id/log')
  @ApiOperation({ summary: 'Read what the work of a job said, such as the output of a build' })
  @ApiOkResponse({ type: JobLog })
  @ApiProblems(...ON_ONE, 'forbidden')
  log(@CurrentActor() actor: Actor, @Param() { id }: JobPath): Promise<JobLog> {
    return this.jobs.log(actor, id);
  }

  @Get(':id/progress')
  @ApiOperation({ summary: 'Follow a job until it has ended: as it is, and each time it has changed' })
  @ApiStream(Job, ['text/event-stream', 'application/x-ndjson'])
  @ApiProblems(...ON_ONE, 'not_acceptable', 'too_many_requests')
  progress(
    @CurrentActor() actor: Actor,
    @Param() { id }: JobPath,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return sendStream(
      request,
      reply,
      { formats: ['text/event-stream', 'application/x-ndjson'], event: 'progress', shared: true },
      async (signal) => oneByOne(await this.jobs.follow(actor, id, signal)),
    );
  }

  @Post(':id/cancel')
  @HttpCode(202)
  @ApiOperation({ summary: 'Ask for the end of a job; it is cancelled once its work has ended' })
  @ApiAcceptedResponse({ type: Job })
  @ApiProblems(...ON_ONE, 'forbidden', 'conflict')
  cancel(@CurrentActor() actor: Actor, @Param() { id }: JobPath): Promise<Job> {
    return this.jobs.cancel(actor, id);
  }
}
