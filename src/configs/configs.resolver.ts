import { Args, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import { eachOf, openAbortable } from '../common/abortable.js';
import type { Actor } from '../common/actor.js';
import { DryRunQuery } from '../common/dry-run.js';
import { EnginePath } from '../common/engine-path.js';
import { FreshQuery } from '../common/freshness.js';
import { GraphqlSignal } from '../graphql/graphql-signal.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { ConfigChange } from './config-change.model.js';
import { ConfigChangedArgs, ConfigsArgs } from './config-list.inputs.js';
import { ConfigPath } from './config-paths.js';
import { ConfigWatchService } from './config-watch.service.js';
import { CreateConfigInput, UpdateConfigInput } from './config.inputs.js';
import { ConfigConnection, ConfigDetails } from './config.model.js';
import { ConfigsService } from './configs.service.js';

@Resolver(() => ConfigDetails)
export class ConfigsResolver {
  constructor(
    private readonly configs: ConfigsService,
    private readonly watching: ConfigWatchService,
  ) {}

  @Query(() => ConfigConnection, {
    name: 'configs',
    description: 'The configs of a swarm, newest first.',
  })
  async list(
    @CurrentActor() actor: Actor,
    @Args() { engine, filter = {}, first, after, fresh }: ConfigsArgs,
  ) {
    return (await this.configs.list(actor, engine, filter, { limit: first, after, fresh })).asConnection();
  }

  @Query(() => ConfigDetails, {
    name: 'config',
    description: 'A config, with its data for who may read that.',
  })
  get(
    @CurrentActor() actor: Actor,
    @Args() path: ConfigPath,
    @Args() query: FreshQuery,
  ): Promise<ConfigDetails> {
    return this.configs.get(actor, path, query);
  }

  @Mutation(() => ConfigDetails, { name: 'createConfig', description: 'Creates a config.' })
  create(
    @CurrentActor() actor: Actor,
    @Args() { engine }: EnginePath,
    @Args('input') input: CreateConfigInput,
    @Args() query: DryRunQuery,
  ): Promise<ConfigDetails> {
    return this.configs.create(actor, engine, input, query);
  }

  @Mutation(() => ConfigDetails, { name: 'updateConfig', description: 'Changes the labels of a config.' })
  update(
    @CurrentActor() actor: Actor,
    @Args() path: ConfigPath,
    @Args('input') input: UpdateConfigInput,
  ): Promise<ConfigDetails> {
    return this.configs.update(actor, path, input);
  }

  @Mutation(() => Boolean, { name: 'removeConfig', description: 'Removes a config. Answers true.' })
  async remove(@CurrentActor() actor: Actor, @Args() path: ConfigPath): Promise<boolean> {
    await this.configs.remove(actor, path);
    return true;
  }

  @Subscription(() => ConfigChange, {
    description:
      'What changes among the configs of a swarm: first `reset`, each config as `added` and `synced`, then each change.',
    resolve: (change: ConfigChange) => change,
  })
  configChanged(
    @CurrentActor() actor: Actor,
    @Args() { engine, filter = {}, after }: ConfigChangedArgs,
    @GraphqlSignal() signal: AbortSignal,
  ) {
    return openAbortable(
      async (left) => eachOf(await this.watching.watch(actor, engine, filter, after, left)),
      signal,
    );
  }
}
