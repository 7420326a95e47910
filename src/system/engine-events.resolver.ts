import { Args, Resolver, Subscription } from '@nestjs/graphql';
import { openAbortable } from '../common/abortable.js';
import type { Actor } from '../common/actor.js';
import { GraphqlSignal } from '../graphql/graphql-signal.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { EngineEvent, EngineEventsArgs } from './engine-event.model.js';
import { EngineEventsService } from './engine-events.service.js';

@Resolver(() => EngineEvent)
export class EngineEventsResolver {
  constructor(private readonly events: EngineEventsService) {}

  @Subscription(() => EngineEvent, {
    description: 'What happens on an engine, as far as you may see the objects that it happens to.',
    resolve: (event: EngineEvent) => event,
  })
  engineEvents(
    @CurrentActor() actor: Actor,
    @Args() { engine, filter }: EngineEventsArgs,
    @GraphqlSignal() signal: AbortSignal,
  ) {
    return openAbortable((left) => this.events.events(actor, engine, filter ?? {}, left), signal);
  }
}
