import { Args, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import { openAbortable } from '../common/abortable.js';
import type { Actor } from '../common/actor.js';
import { toConnection } from '../common/pagination.js';
import { GraphqlSignal } from '../graphql/graphql-signal.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { JobPath, JobsArgs } from './job.inputs.js';
import { Job, JobConnection, JobLog, jobSortKey } from './job.model.js';
import { JobsService } from './jobs.service.js';

@Resolver()
export class JobsResolver {
  constructor(private readonly service: JobsService) {}

  @Query(() => JobConnection, { description: 'Jobs, under way and ended, newest first.' })
  async jobs(@CurrentActor() actor: Actor, @Args() { filter = {}, first, after }: JobsArgs) {
    return toConnection(await this.service.list(actor, filter, { limit: first, after }), jobSortKey);
  }

  @Query(() => Job, { description: 'A job: how far it is, or what became of it.' })
  job(@CurrentActor() actor: Actor, @Args() { id }: JobPath): Promise<Job> {
    return this.service.get(actor, id);
  }

  @Query(() => JobLog, { description: 'What the work of a job said, such as the output of a build.' })
  jobLog(@CurrentActor() actor: Actor, @Args() { id }: JobPath): Promise<JobLog> {
    return this.service.log(actor, id);
  }

  @Mutation(() => Job, {
    description: 'Asks for the end of a job. It is cancelled once its work has ended.',
  })
  cancelJob(@CurrentActor() actor: Actor, @Args() { id }: JobPath): Promise<Job> {
    return this.service.cancel(actor, id);
  }

  @Subscription(() => Job, {
    description: 'A job until it has ended: as it is, each time it has changed, and last with its outcome.',
    resolve: (job: Job) => job,
  })
  jobProgress(@CurrentActor() actor: Actor, @Args() { id }: JobPath, @GraphqlSignal() signal: AbortSignal) {
    return openAbortable((left) => this.service.follow(actor, id, left), signal);
  }
}
