import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Actor } from '../common/actor.js';
import { EnginePath } from '../common/engine-path.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import {
  ConfigurePluginInput,
  EnablePluginInput,
  ForcePluginInput,
  InstallPluginInput,
  PluginPrivilegesArgs,
  UpgradePluginInput,
} from './plugin.inputs.js';
import { Plugin, PluginPrivilege } from './plugin.model.js';
import { PluginsService } from './plugins.service.js';
import { PluginPath } from './system-paths.js';

@Resolver(() => Plugin)
export class PluginsResolver {
  constructor(private readonly plugins: PluginsService) {}

  @Query(() => [Plugin], { name: 'plugins', description: 'The plugins of an engine.' })
  list(@CurrentActor() actor: Actor, @Args() { engine }: EnginePath): Promise<Plugin[]> {
    return this.plugins.list(actor, engine);
  }

  @Query(() => Plugin, { name: 'plugin', description: 'A plugin of an engine.' })
  get(@CurrentActor() actor: Actor, @Args() path: PluginPath): Promise<Plugin> {
    return this.plugins.get(actor, path);
  }

  @Query(() => [PluginPrivilege], {
    name: 'pluginPrivileges',
    description: 'What a plugin asks for, before it is installed.',
  })
  privileges(
    @CurrentActor() actor: Actor,
    @Args() { engine, reference }: PluginPrivilegesArgs,
  ): Promise<PluginPrivilege[]> {
    return this.plugins.privileges(actor, engine, reference);
  }

  @Mutation(() => Plugin, {
    name: 'installPlugin',
    description: 'Installs a plugin with the privileges that it asks for, if all of them were accepted.',
  })
  install(
    @CurrentActor() actor: Actor,
    @Args() { engine }: EnginePath,
    @Args('input') input: InstallPluginInput,
  ): Promise<Plugin> {
    return this.plugins.install(actor, engine, input);
  }

  @Mutation(() => Plugin, { name: 'upgradePlugin', description: 'Upgrades a plugin that is disabled.' })
  upgrade(
    @CurrentActor() actor: Actor,
    @Args() path: PluginPath,
    @Args('input') input: UpgradePluginInput,
  ): Promise<Plugin> {
    return this.plugins.upgrade(actor, path, input);
  }

  @Mutation(() => Plugin, {
    name: 'configurePlugin',
    description: 'Changes settings of a plugin that is disabled.',
  })
  configure(
    @CurrentActor() actor: Actor,
    @Args() path: PluginPath,
    @Args('input') input: ConfigurePluginInput,
  ): Promise<Plugin> {
    return this.plugins.configure(actor, path, input);
  }

  @Mutation(() => Plugin, { name: 'enablePlugin', description: 'Enables a plugin.' })
  async enable(
    @CurrentActor() actor: Actor,
    @Args() path: PluginPath,
    @Args() input: EnablePluginInput,
  ): Promise<Plugin> {
    await this.plugins.enable(actor, path, input);
    return this.plugins.get(actor, path);
  }

  @Mutation(() => Plugin, { name: 'disablePlugin', description: 'Disables a plugin.' })
  async disable(
    @CurrentActor() actor: Actor,
    @Args() path: PluginPath,
    @Args() input: ForcePluginInput,
  ): Promise<Plugin> {
    await this.plugins.disable(actor, path, input);
    return this.plugins.get(actor, path);
  }

  @Mutation(() => Boolean, { name: 'removePlugin', description: 'Removes a plugin.' })
  async remove(
    @CurrentActor() actor: Actor,
    @Args() path: PluginPath,
    @Args() input: ForcePluginInput,
  ): Promise<boolean> {
    await this.plugins.remove(actor, path, input);
    return true;
  }
}
