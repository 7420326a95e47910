import { Args, Resolver, Subscription } from '@nestjs/graphql';
import { eachOf, openAbortable } from '../common/abortable.js';
import type { Actor } from '../common/actor.js';
import { GraphqlSignal } from '../graphql/graphql-signal.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { ContainerChange } from './container-change.model.js';
import { ContainerChangedArgs } from './container-list.inputs.js';
import { ContainerOutputService } from './container-output.service.js';
import { ContainerPath } from './container-paths.js';
import { ContainerWatchService } from './container-watch.service.js';
import { ContainerLogsArgs } from './container-stream.inputs.js';
import { LogLine } from './log-line.model.js';
import { ContainerStats } from './stats.model.js';

/** Subscriptions on what containers there are, and what one says and uses. */
@Resolver()
export class ContainerOutputResolver {
  constructor(
    private readonly output: ContainerOutputService,
    private readonly watching: ContainerWatchService,
  ) {}

  @Subscription(() => ContainerChange, {
    description:
      'What changes among the containers of an engine: first `reset`, each container as `added` and `synced`, then each change.',
    resolve: (change: ContainerChange) => change,
  })
  containerChanged(
    @CurrentActor() actor: Actor,
    @Args() { engine, filter = {}, after }: ContainerChangedArgs,
    @GraphqlSignal() signal: AbortSignal,
  ) {
    return openAbortable(
      async (left) => eachOf(await this.watching.watch(actor, engine, filter, after, left)),
      signal,
    );
  }

  @Subscription(() => LogLine, {
    description: 'The lines of the log of a container, in order, each exactly once.',
    resolve: (line: LogLine) => line,
  })
  containerLogs(
    @CurrentActor() actor: Actor,
    @Args() args: ContainerLogsArgs,
    @GraphqlSignal() signal: AbortSignal,
  ) {
    return openAbortable(async (left) => eachOf(await this.output.logs(actor, args, args, left)), signal);
  }

  @Subscription(() => ContainerStats, {
    description: 'Resource usage of a container, a sample a second; the newest for whoever reads slowly.',
    resolve: (sample: ContainerStats) => sample,
  })
  containerStats(
    @CurrentActor() actor: Actor,
    @Args() path: ContainerPath,
    @GraphqlSignal() signal: AbortSignal,
  ) {
    return openAbortable((left) => this.output.stats(actor, path, {}, left), signal);
  }
}
