import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../common/actor.js';
import { DryRunQuery } from '../common/dry-run.js';
import { EnginePath } from '../common/engine-path.js';
import { FollowedList, FreshQuery } from '../common/freshness.js';
import { PageOf } from '../common/pagination.js';
import { ApiListOrWatch } from '../http/api-list-or-watch.js';
import { ApiProblems } from '../http/api-problems.js';
import { sendPrepared } from '../http/prepared-json.js';
import { sendStream } from '../http/streaming.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { ON_SWARM } from '../swarm/swarm-fields.js';
import { ConfigChange } from './config-change.model.js';
import { ListConfigsQuery } from './config-list.inputs.js';
import { ConfigPath } from './config-paths.js';
import { CONFIG_WATCH, ConfigWatchService } from './config-watch.service.js';
import { CreateConfigInput, UpdateConfigInput } from './config.inputs.js';
import { Config, ConfigDetails } from './config.model.js';
import { ConfigsService } from './configs.service.js';

class ConfigPage extends PageOf(Config, FollowedList) {}

@ApiTags('configs')
@Controller('api/v1/engines/:engine/configs')
export class ConfigsController {
  constructor(
    private readonly configs: ConfigsService,
    private readonly watching: ConfigWatchService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List configs, newest first; or watch what changes among them' })
  @ApiListOrWatch(ConfigPage, ConfigChange)
  @ApiProblems(...ON_SWARM, 'not_acceptable')
  list(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Query() { watch = false, limit, after, fresh, ...filter }: ListConfigsQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (!watch) return sendPrepared(reply, this.configs.list(actor, engine, filter, { limit, after, fresh }));
    return sendStream(request, reply, CONFIG_WATCH.stream, (signal) =>
      this.watching.watch(actor, engine, filter, lastEventId, signal),
    );
  }

  @Post()
  @ApiOperation({ summary: 'Create a config' })
  @ApiCreatedResponse({ type: ConfigDetails })
  @ApiProblems(...ON_SWARM, 'conflict', 'payload_too_large', 'unsupported_media_type')
  create(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Body() input: CreateConfigInput,
    @Query() query: DryRunQuery,
  ): Promise<ConfigDetails> {
    return this.configs.create(actor, engine, input, query);
  }

  @Get(':id')
  @ApiOperation({
    summary: 'See a config, and which services use it; its data with the permission configs:readData',
  })
  @ApiOkResponse({ type: ConfigDetails })
  @ApiProblems(...ON_SWARM)
  get(
    @CurrentActor() actor: Actor,
    @Param() path: ConfigPath,
    @Query() query: FreshQuery,
  ): Promise<ConfigDetails> {
    return this.configs.get(actor, path, query);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change the labels of a config' })
  @ApiOkResponse({ type: ConfigDetails })
  @ApiProblems(...ON_SWARM, 'conflict')
  update(
    @CurrentActor() actor: Actor,
    @Param() path: ConfigPath,
    @Body() input: UpdateConfigInput,
  ): Promise<ConfigDetails> {
    return this.configs.update(actor, path, input);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove a config' })
  @ApiNoContentResponse({ description: 'It is gone.' })
  @ApiProblems(...ON_SWARM, 'conflict')
  remove(@CurrentActor() actor: Actor, @Param() path: ConfigPath): Promise<void> {
    return this.configs.remove(actor, path);
  }
}
