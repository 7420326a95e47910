import { Args, Query, Resolver, Subscription } from '@nestjs/graphql';
import { eachOf, openAbortable } from '../common/abortable.js';
import type { Actor } from '../common/actor.js';
import { FreshQuery } from '../common/freshness.js';
import { GraphqlSignal } from '../graphql/graphql-signal.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { SwarmLogLine } from './swarm-log-line.model.js';
import { SwarmLogsArgs } from './swarm-log.inputs.js';
import { SwarmLogsService } from './swarm-logs.service.js';
import { TaskChanged } from './task-changed.model.js';
import { TaskChangedArgs, TasksArgs } from './task-list.inputs.js';
import { TaskPath } from './task-paths.js';
import { TaskWatchService } from './task-watch.service.js';
import { TaskConnection, TaskDetails } from './task.model.js';
import { TasksService } from './tasks.service.js';

@Resolver(() => TaskDetails)
export class TasksResolver {
  constructor(
    private readonly service: TasksService,
    private readonly watching: TaskWatchService,
    private readonly output: SwarmLogsService,
  ) {}

  @Query(() => TaskConnection, {
    name: 'tasks',
    description: 'The tasks of the swarm that an engine manages, newest first.',
  })
  async list(@CurrentActor() actor: Actor, @Args() { engine, filter = {}, first, after, fresh }: TasksArgs) {
    return (await this.service.list(actor, engine, filter, { limit: first, after, fresh })).asConnection();
  }

  @Query(() => TaskDetails, { name: 'task', description: 'A task.' })
  get(@CurrentActor() actor: Actor, @Args() path: TaskPath, @Args() query: FreshQuery): Promise<TaskDetails> {
    return this.service.get(actor, path, query);
  }

  @Subscription(() => TaskChanged, {
    description:
      'What changes among the tasks of a swarm: first `reset`, each task as `added` and `synced`, then each change.',
    resolve: (change: TaskChanged) => change,
  })
  taskChanged(
    @CurrentActor() actor: Actor,
    @Args() { engine, filter = {}, after }: TaskChangedArgs,
    @GraphqlSignal() signal: AbortSignal,
  ) {
    return openAbortable(
      async (left) => eachOf(await this.watching.watch(actor, engine, filter, after, left)),
      signal,
    );
  }

  @Subscription(() => SwarmLogLine, {
    description: 'The lines of the log of a task, in order, each exactly once.',
    resolve: (line: SwarmLogLine) => line,
  })
  taskLogs(@CurrentActor() actor: Actor, @Args() args: SwarmLogsArgs, @GraphqlSignal() signal: AbortSignal) {
    return openAbortable(async (left) => eachOf(await this.output.ofTask(actor, args, args, left)), signal);
  }

  @Subscription(() => SwarmLogLine, {
    description:
      'The lines of the logs of all tasks of a service: those of each task in order, each exactly once.',
    resolve: (line: SwarmLogLine) => line,
  })
  serviceLogs(
    @CurrentActor() actor: Actor,
    @Args() args: SwarmLogsArgs,
    @GraphqlSignal() signal: AbortSignal,
  ) {
    return openAbortable(
      async (left) => eachOf(await this.output.ofService(actor, args, args, left)),
      signal,
    );
  }
}
