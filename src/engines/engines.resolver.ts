import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Actor } from '../common/actor.js';
import { DryRunQuery } from '../common/dry-run.js';
import { GraphqlSignal } from '../graphql/graphql-signal.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { EngineManagementService } from './engine-management.service.js';
import { CreateEngineInput, EngineNameArgs, TestEngineInput, UpdateEngineInput } from './engine.inputs.js';
import { Engine, EngineHealth, EngineTestResult } from './engine.model.js';
import { EnginesService } from './engines.service.js';

@Resolver(() => Engine)
export class EnginesResolver {
  constructor(
    private readonly engines: EnginesService,
    private readonly management: EngineManagementService,
  ) {}

  @Query(() => [Engine], { name: 'engines', description: 'The engines that you may see.' })
  list(@CurrentActor() actor: Actor): Promise<Engine[]> {
    return this.engines.list(actor);
  }

  @Query(() => Engine, { name: 'engine', description: 'An engine, and how it was when last asked.' })
  get(@CurrentActor() actor: Actor, @Args() { name }: EngineNameArgs): Promise<Engine> {
    return this.engines.get(actor, name);
  }

  @Query(() => EngineHealth, {
    name: 'engineHealth',
    description: 'How an engine is, and when it came and went.',
  })
  health(@CurrentActor() actor: Actor, @Args() { name }: EngineNameArgs): Promise<EngineHealth> {
    return this.engines.health(actor, name);
  }

  @Mutation(() => Engine, {
    name: 'createEngine',
    description: 'Adds an engine. Whether it can be reached is not asked before: try it first.',
  })
  create(
    @CurrentActor() actor: Actor,
    @Args('input') input: CreateEngineInput,
    @Args() options: DryRunQuery,
  ): Promise<Engine> {
    return this.management.create(actor, input, options);
  }

  @Mutation(() => Engine, {
    name: 'updateEngine',
    description: 'Changes how an engine is reached, or its description. What goes on with it ends.',
  })
  update(
    @CurrentActor() actor: Actor,
    @Args() { name }: EngineNameArgs,
    @Args('input') input: UpdateEngineInput,
  ): Promise<Engine> {
    return this.management.update(actor, name, input);
  }

  @Mutation(() => Boolean, {
    name: 'deleteEngine',
    description: 'Removes an engine from Dockmaster. Streams and terminals on it end.',
  })
  async delete(@CurrentActor() actor: Actor, @Args() { name }: EngineNameArgs): Promise<boolean> {
    await this.management.delete(actor, name);
    return true;
  }

  @Mutation(() => EngineTestResult, {
    name: 'testEngine',
    description: 'Tries to reach an engine, without storing anything.',
  })
  test(
    @CurrentActor() actor: Actor,
    @Args('input') input: TestEngineInput,
    @GraphqlSignal() signal: AbortSignal,
  ): Promise<EngineTestResult> {
    return this.management.test(actor, input, signal);
  }

  @Mutation(() => EngineTestResult, { name: 'testConnectedEngine', description: 'Asks an engine now.' })
  testConnected(
    @CurrentActor() actor: Actor,
    @Args() { name }: EngineNameArgs,
    @GraphqlSignal() signal: AbortSignal,
  ): Promise<EngineTestResult> {
    return this.engines.test(actor, name, signal);
  }
}
