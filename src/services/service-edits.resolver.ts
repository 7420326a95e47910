import { Args, Mutation, Resolver, Subscription } from '@nestjs/graphql';
import { openAbortable } from '../common/abortable.js';
import type { Actor } from '../common/actor.js';
import { GraphqlSignal } from '../graphql/graphql-signal.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { Job } from '../jobs/job.model.js';
import { ServiceConvergence } from './convergence.model.js';
import { ServiceConvergenceService } from './service-convergence.service.js';
import { ServiceEditsService } from './service-edits.service.js';
import { ServicePath } from './service-paths.js';
import { ReplaceServiceInput, UpdateServiceInput } from './service.inputs.js';
import { ConvergenceQuery, ScaleServiceInput, ServiceVersionInput } from './service-edits.inputs.js';
import { ServiceDetails } from './service.model.js';

const FOLLOW = 'Follow it by `serviceConvergence`, or `convergeService`.';

/** Changes of one service, and whether they have come to be. */
@Resolver()
export class ServiceEditsResolver {
  constructor(
    private readonly edits: ServiceEditsService,
    private readonly convergence: ServiceConvergenceService,
  ) {}

  @Mutation(() => ServiceDetails, { description: `Changes parts of a service. ${FOLLOW}` })
  updateService(
    @CurrentActor() actor: Actor,
    @Args() path: ServicePath,
    @Args('input') input: UpdateServiceInput,
  ): Promise<ServiceDetails> {
    return this.edits.update(actor, path, input);
  }

  @Mutation(() => ServiceDetails, { description: `Changes all of a service. ${FOLLOW}` })
  replaceService(
    @CurrentActor() actor: Actor,
    @Args() path: ServicePath,
    @Args('input') input: ReplaceServiceInput,
  ): Promise<ServiceDetails> {
    return this.edits.replace(actor, path, input);
  }

  @Mutation(() => ServiceDetails, {
    description: `Changes how many tasks a replicated service has. ${FOLLOW}`,
  })
  scaleService(
    @CurrentActor() actor: Actor,
    @Args() path: ServicePath,
    @Args('input') input: ScaleServiceInput,
  ): Promise<ServiceDetails> {
    return this.edits.scale(actor, path, input);
  }

  @Mutation(() => ServiceDetails, {
    description: `Replaces all tasks of a service though nothing has changed; runs a job once more. ${FOLLOW}`,
  })
  restartService(
    @CurrentActor() actor: Actor,
    @Args() path: ServicePath,
    @Args('input', { nullable: true }) input?: ServiceVersionInput,
  ): Promise<ServiceDetails> {
    return this.edits.restart(actor, path, input ?? {});
  }

  @Mutation(() => ServiceDetails, {
    description: `Goes back to how a service was before its last change. ${FOLLOW}`,
  })
  rollBackService(
    @CurrentActor() actor: Actor,
    @Args() path: ServicePath,
    @Args('input', { nullable: true }) input?: ServiceVersionInput,
  ): Promise<ServiceDetails> {
    return this.edits.rollback(actor, path, input ?? {});
  }

  @Mutation(() => Job, {
    description:
      'Waits until the tasks of a service are as it says, or it is known that they will not be. Follow it by `jobProgress`.',
  })
  convergeService(
    @CurrentActor() actor: Actor,
    @Args() path: ServicePath,
    @Args() query: ConvergenceQuery,
  ): Promise<Job> {
    return this.convergence.start(actor, path, query);
  }

  @Subscription(() => ServiceConvergence, {
    description:
      'How far the tasks of a service are from what it says: at once, and each time that it has changed; the last is the end.',
    resolve: (convergence: ServiceConvergence) => convergence,
  })
  serviceConvergence(
    @CurrentActor() actor: Actor,
    @Args() path: ServicePath,
    @Args() query: ConvergenceQuery,
    @GraphqlSignal() signal: AbortSignal,
  ) {
    return openAbortable((left) => Promise.resolve(this.convergence.watch(actor, path, query, left)), signal);
  }
}
