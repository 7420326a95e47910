import { Controller, Get, Headers, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../common/actor.js';
import { EnginePath } from '../common/engine-path.js';
import { FollowedList, FreshQuery } from '../common/freshness.js';
import { PageOf } from '../common/pagination.js';
import { LogLinesQuery } from '../containers/container-stream.inputs.js';
import { toText } from '../containers/log-line.mapper.js';
import { ApiListOrWatch } from '../http/api-list-or-watch.js';
import { ApiProblems } from '../http/api-problems.js';
import { ApiStream } from '../http/api-stream.js';
import { sendPrepared } from '../http/prepared-json.js';
import { sendStream } from '../http/streaming.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { ON_SWARM } from '../swarm/swarm-fields.js';
import { SwarmLogLine } from './swarm-log-line.model.js';
import { SwarmLogsService } from './swarm-logs.service.js';
import { TaskChanged } from './task-changed.model.js';
import { ListTasksQuery } from './task-list.inputs.js';
import { TaskPath } from './task-paths.js';
import { TASK_WATCH, TaskWatchService } from './task-watch.service.js';
import { Task, TaskDetails } from './task.model.js';
import { TasksService } from './tasks.service.js';

class TaskPage extends PageOf(Task, FollowedList) {}

@ApiTags('tasks')
@Controller('api/v1/engines/:engine/tasks')
export class TasksController {
  constructor(
    private readonly tasks: TasksService,
    private readonly watching: TaskWatchService,
    private readonly output: SwarmLogsService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List tasks, newest first; or watch what changes among them' })
  @ApiListOrWatch(TaskPage, TaskChanged)
  @ApiProblems(...ON_SWARM, 'not_acceptable')
  list(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Query() { watch = false, limit, after, fresh, ...filter }: ListTasksQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (!watch) return sendPrepared(reply, this.tasks.list(actor, engine, filter, { limit, after, fresh }));
    return sendStream(request, reply, TASK_WATCH.stream, (signal) =>
      this.watching.watch(actor, engine, filter, lastEventId, signal),
    );
  }

  @Get(':id')
  @ApiOperation({ summary: 'See a task' })
  @ApiOkResponse({ type: TaskDetails })
  @ApiProblems(...ON_SWARM)
  get(
    @CurrentActor() actor: Actor,
    @Param() path: TaskPath,
    @Query() query: FreshQuery,
  ): Promise<TaskDetails> {
    return this.tasks.get(actor, path, query);
  }

  @Get(':id/logs')
  @ApiOperation({ summary: 'Read the log of a task, and follow it when asked' })
  @ApiStream(SwarmLogLine, ['application/x-ndjson', 'text/event-stream', 'text/plain'])
  @ApiProblems(...ON_SWARM, 'not_acceptable')
  logs(
    @CurrentActor() actor: Actor,
    @Param() path: TaskPath,
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
        text: (line: SwarmLogLine) => toText(line, query),
      },
      (signal) => this.output.ofTask(actor, path, query, signal),
    );
  }
}
