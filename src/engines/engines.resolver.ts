import { Args, ArgsType, Query, Resolver, Subscription } from '@nestjs/graphql';
import { openAbortable } from '../common/abortable.js';
import type { Actor } from '../common/actor.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { GraphqlSignal } from '../graphql/graphql-signal.js';
import { InEngineName } from '../common/references.js';
import { EngineEvent, EngineEventsArgs } from './engine-event.model.js';
import { Engine } from './engine.model.js';
import { EnginesService } from './engines.service.js';

@ArgsType()
class EngineArgs {
  @InEngineName()
  name!: string;
}

@Resolver(() => Engine)
export class EnginesResolver {
  constructor(private readonly engines: EnginesService) {}

  @Query(() => [Engine], { name: 'engines', description: 'The engines that you may see.' })
  list(@CurrentActor() actor: Actor): Promise<Engine[]> {
    return this.engines.list(actor);
  }

  @Query(() => Engine, { name: 'engine', description: 'An engine and its health.' })
  get(@CurrentActor() actor: Actor, @Args() { name }: EngineArgs): Promise<Engine> {
    return this.engines.get(actor, name);
  }

  @Subscription(() => EngineEvent, {
    description:
      'What happens on an engine from now on, as far as you may see the objects that it happens to.',
    resolve: (event: EngineEvent) => event,
  })
  engineEvents(
    @CurrentActor() actor: Actor,
    @Args() { engine, filter }: EngineEventsArgs,
    @GraphqlSignal() signal: AbortSignal,
  ) {
    return openAbortable((left) => this.engines.events(actor, engine, filter ?? {}, left), signal);
  }
}
