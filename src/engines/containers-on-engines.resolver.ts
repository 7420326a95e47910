import { Args, Query, Resolver } from '@nestjs/graphql';
import type { Actor } from '../common/actor.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { ContainersOnEnginesArgs } from './containers-on-engines.inputs.js';
import { ContainersOnEngines, toContainersOnEngines } from './containers-on-engines.model.js';
import { ContainersOnEnginesService } from './containers-on-engines.service.js';

@Resolver()
export class ContainersOnEnginesResolver {
  constructor(private readonly containers: ContainersOnEnginesService) {}

  @Query(() => ContainersOnEngines, {
    name: 'containersOnEngines',
    description:
      'The containers of all engines whose containers you may list, newest first. One that is away is told of in `engines`.',
  })
  async list(
    @CurrentActor() actor: Actor,
    @Args() { engines, filter = {}, first, after, fresh }: ContainersOnEnginesArgs,
  ): Promise<ContainersOnEngines> {
    const query = { engines, limit: first, after, fresh };
    return toContainersOnEngines(await this.containers.list(actor, filter, query));
  }
}
