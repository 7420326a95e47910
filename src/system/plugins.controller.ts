import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Actor } from '../common/actor.js';
import { EnginePath } from '../common/engine-path.js';
import { type Page, PageOf, PageQuery, paginate } from '../common/pagination.js';
import { ApiProblems } from '../http/api-problems.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import {
  ConfigurePluginInput,
  EnablePluginInput,
  ForcePluginInput,
  InstallPluginInput,
  PluginPrivilegesQuery,
  UpgradePluginInput,
} from './plugin.inputs.js';
import { Plugin, PluginPrivilege } from './plugin.model.js';
import { PluginsService } from './plugins.service.js';
import { PluginPath } from './system-paths.js';

class PluginPage extends PageOf(Plugin) {}

const ERRORS = [
  'invalid_input',
  'unauthenticated',
  'forbidden',
  'not_found',
  'not_supported',
  'engine_error',
  'engine_unavailable',
  'engine_timeout',
] as const;

@ApiTags('plugins')
@Controller('api/v1/engines/:engine/plugins')
export class PluginsController {
  constructor(private readonly plugins: PluginsService) {}

  @Get()
  @ApiOperation({ summary: 'List plugins' })
  @ApiOkResponse({ type: PluginPage })
  @ApiProblems(...ERRORS)
  async list(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Query() query: PageQuery,
  ): Promise<Page<Plugin>> {
    return paginate(await this.plugins.list(actor, engine), ({ name, id }) => [name, id], query);
  }

  @Post()
  @ApiOperation({
    summary: 'Install a plugin with the privileges that it asks for',
    description:
      'See `GET /plugins/privileges` first: what was not accepted is not granted, and it is not installed.',
  })
  @ApiCreatedResponse({ type: Plugin })
  @ApiProblems(...ERRORS, 'conflict')
  install(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Body() input: InstallPluginInput,
  ): Promise<Plugin> {
    return this.plugins.install(actor, engine, input);
  }

  @Get('privileges')
  @ApiOperation({ summary: 'See what a plugin asks for, before it is installed' })
  @ApiOkResponse({ type: [PluginPrivilege] })
  @ApiProblems(...ERRORS)
  privileges(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Query() { reference }: PluginPrivilegesQuery,
  ): Promise<PluginPrivilege[]> {
    return this.plugins.privileges(actor, engine, reference);
  }

  @Get(':name')
  @ApiOperation({ summary: 'See a plugin' })
  @ApiOkResponse({ type: Plugin })
  @ApiProblems(...ERRORS)
  get(@CurrentActor() actor: Actor, @Param() path: PluginPath): Promise<Plugin> {
    return this.plugins.get(actor, path);
  }

  @Patch(':name')
  @ApiOperation({ summary: 'Change settings of a plugin that is disabled' })
  @ApiOkResponse({ type: Plugin })
  @ApiProblems(...ERRORS, 'conflict')
  configure(
    @CurrentActor() actor: Actor,
    @Param() path: PluginPath,
    @Body() input: ConfigurePluginInput,
  ): Promise<Plugin> {
    return this.plugins.configure(actor, path, input);
  }

  @Delete(':name')
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove a plugin' })
  @ApiNoContentResponse({ description: 'It is gone.' })
  @ApiProblems(...ERRORS, 'conflict')
  remove(
    @CurrentActor() actor: Actor,
    @Param() path: PluginPath,
    @Query() query: ForcePluginInput,
  ): Promise<void> {
    return this.plugins.remove(actor, path, query);
  }

  @Post(':name/enable')
  @HttpCode(204)
  @ApiOperation({ summary: 'Enable a plugin' })
  @ApiNoContentResponse({ description: 'It runs.' })
  @ApiProblems(...ERRORS, 'conflict')
  enable(
    @CurrentActor() actor: Actor,
    @Param() path: PluginPath,
    @Query() query: EnablePluginInput,
  ): Promise<void> {
    return this.plugins.enable(actor, path, query);
  }

  @Post(':name/disable')
  @HttpCode(204)
  @ApiOperation({ summary: 'Disable a plugin' })
  @ApiNoContentResponse({ description: 'It does not run.' })
  @ApiProblems(...ERRORS, 'conflict')
  disable(
    @CurrentActor() actor: Actor,
    @Param() path: PluginPath,
    @Query() query: ForcePluginInput,
  ): Promise<void> {
    return this.plugins.disable(actor, path, query);
  }

  @Post(':name/upgrade')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Upgrade a plugin that is disabled, with the privileges that the new one asks for',
  })
  @ApiOkResponse({ type: Plugin })
  @ApiProblems(...ERRORS, 'conflict')
  upgrade(
    @CurrentActor() actor: Actor,
    @Param() path: PluginPath,
    @Body() input: UpgradePluginInput,
  ): Promise<Plugin> {
    return this.plugins.upgrade(actor, path, input);
  }
}
