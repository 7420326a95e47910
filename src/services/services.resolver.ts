import { Args, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import { eachOf, openAbortable } from '../common/abortable.js';
import type { Actor } from '../common/actor.js';
import { DryRunQuery } from '../common/dry-run.js';
import { EnginePath } from '../common/engine-path.js';
import { FreshQuery } from '../common/freshness.js';
import { GraphqlSignal } from '../graphql/graphql-signal.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { ServiceChanged } from './service-changed.model.js';
import { ServiceChangedArgs, ServicesArgs } from './service-list.inputs.js';
import { ServicePath } from './service-paths.js';
import { ServiceWatchService } from './service-watch.service.js';
import { CreateServiceInput } from './service.inputs.js';
import { ServiceConnection, ServiceDetails } from './service.model.js';
import { ServicesService } from './services.service.js';

@Resolver(() => ServiceDetails)
export class ServicesResolver {
  constructor(
    private readonly service: ServicesService,
    private readonly watching: ServiceWatchService,
  ) {}

  @Query(() => ServiceConnection, {
    name: 'services',
    description: 'The services of the swarm that an engine manages, newest first.',
  })
  async list(
    @CurrentActor() actor: Actor,
    @Args() { engine, filter = {}, first, after, fresh }: ServicesArgs,
  ) {
    return (await this.service.list(actor, engine, filter, { limit: first, after, fresh })).asConnection();
  }

  @Query(() => ServiceDetails, { name: 'service', description: 'A service.' })
  get(
    @CurrentActor() actor: Actor,
    @Args() path: ServicePath,
    @Args() query: FreshQuery,
  ): Promise<ServiceDetails> {
    return this.service.get(actor, path, query);
  }

  @Mutation(() => ServiceDetails, { name: 'createService', description: 'Creates a service.' })
  create(
    @CurrentActor() actor: Actor,
    @Args() { engine }: EnginePath,
    @Args('input') input: CreateServiceInput,
    @Args() query: DryRunQuery,
  ): Promise<ServiceDetails> {
    return this.service.create(actor, engine, input, query);
  }

  @Mutation(() => Boolean, {
    name: 'removeService',
    description: 'Removes a service, and with it its tasks. Answers true.',
  })
  async remove(@CurrentActor() actor: Actor, @Args() path: ServicePath): Promise<boolean> {
    await this.service.remove(actor, path);
    return true;
  }

  @Subscription(() => ServiceChanged, {
    description:
      'What changes among the services of a swarm: first `reset`, each service as `added` and `synced`, then each change.',
    resolve: (change: ServiceChanged) => change,
  })
  serviceChanged(
    @CurrentActor() actor: Actor,
    @Args() { engine, filter = {}, after }: ServiceChangedArgs,
    @GraphqlSignal() signal: AbortSignal,
  ) {
    return openAbortable(
      async (left) => eachOf(await this.watching.watch(actor, engine, filter, after, left)),
      signal,
    );
  }
}
