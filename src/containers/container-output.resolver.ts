import { Args, Resolver, Subscription } from '@nestjs/graphql';
import { eachOf, openAbortable } from '../common/abortable.js';
import type { Actor } from '../common/actor.js';
import { GraphqlSignal } from '../graphql/graphql-signal.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { ContainerOutputService } from './container-output.service.js';
import { ContainerPath } from './container-paths.js';
import { ContainerLogsArgs } from './container-stream.inputs.js';
import { LogLine } from './log-line.model.js';
import { ContainerStats } from './stats.model.js';

/** Subscriptions on what a container says and uses. */
@Resolver()
export class ContainerOutputResolver {
  constructor(private readonly output: ContainerOutputService) {}

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
