import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
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
import { NetworkChange } from './network-change.model.js';
import { NetworkGraph } from './network-graph.model.js';
import { NetworkGraphService } from './network-graph.service.js';
import { ListNetworksQuery, NetworkGraphQuery } from './network-list.inputs.js';
import { NetworkPath } from './network-paths.js';
import { NETWORK_WATCH, NetworkWatchService } from './network-watch.service.js';
import {
  ConnectNetworkInput,
  CreateNetworkInput,
  DisconnectNetworkInput,
  PruneNetworksInput,
} from './network.inputs.js';
import { Network, NetworkDetails, NetworkPruneResult } from './network.model.js';
import { NetworksService } from './networks.service.js';

class NetworkPage extends PageOf(Network, FollowedList) {}

/** What every route on one network may answer with besides its result. */
const ON_ONE = [
  'invalid_input',
  'unauthenticated',
  'forbidden',
  'not_found',
  'not_supported',
  'engine_error',
  'engine_unavailable',
  'engine_timeout',
] as const;

@ApiTags('networks')
@Controller('api/v1/engines/:engine/networks')
export class NetworksController {
  constructor(
    private readonly networks: NetworksService,
    private readonly graphs: NetworkGraphService,
    private readonly watching: NetworkWatchService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List networks, newest first; or watch what changes among them' })
  @ApiListOrWatch(NetworkPage, NetworkChange)
  @ApiProblems(...ON_ONE, 'not_acceptable')
  list(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Query() { watch = false, limit, after, fresh, ...filter }: ListNetworksQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (!watch)
      return sendPrepared(reply, this.networks.list(actor, engine, filter, { limit, after, fresh }));
    return sendStream(request, reply, NETWORK_WATCH.stream, (signal) =>
      this.watching.watch(actor, engine, filter, lastEventId, signal),
    );
  }

  @Post()
  @ApiOperation({ summary: 'Create a network' })
  @ApiCreatedResponse({ type: NetworkDetails })
  @ApiProblems(...ON_ONE, 'policy_violation', 'conflict', 'payload_too_large', 'unsupported_media_type')
  create(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Body() input: CreateNetworkInput,
    @Query() query: DryRunQuery,
  ): Promise<NetworkDetails> {
    return this.networks.create(actor, engine, input, query);
  }

  @Post('prune')
  @HttpCode(200)
  @ApiOperation({ summary: 'Remove networks that no container is on, as far as you may' })
  @ApiOkResponse({ type: NetworkPruneResult })
  @ApiProblems(...ON_ONE)
  prune(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Body() input: PruneNetworksInput,
    @Query() query: DryRunQuery,
  ): Promise<NetworkPruneResult> {
    return this.networks.prune(actor, engine, input, query);
  }

  @Get('graph')
  @ApiOperation({ summary: 'See which containers talk on which network' })
  @ApiOkResponse({ type: NetworkGraph })
  @ApiProblems(...ON_ONE)
  graph(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Query() query: NetworkGraphQuery,
  ): Promise<NetworkGraph> {
    return this.graphs.graph(actor, engine, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'See a network, and which containers are on it' })
  @ApiOkResponse({ type: NetworkDetails })
  @ApiProblems(...ON_ONE)
  get(
    @CurrentActor() actor: Actor,
    @Param() path: NetworkPath,
    @Query() query: FreshQuery,
  ): Promise<NetworkDetails> {
    return this.networks.get(actor, path, query);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove a network' })
  @ApiNoContentResponse({ description: 'It is gone.' })
  @ApiProblems(...ON_ONE, 'conflict')
  remove(@CurrentActor() actor: Actor, @Param() path: NetworkPath): Promise<void> {
    return this.networks.remove(actor, path);
  }

  @Post(':id/connect')
  @HttpCode(204)
  @ApiOperation({ summary: 'Connect a container to a network' })
  @ApiNoContentResponse({ description: 'It is on the network.' })
  @ApiProblems(...ON_ONE, 'policy_violation', 'conflict')
  connect(
    @CurrentActor() actor: Actor,
    @Param() path: NetworkPath,
    @Body() input: ConnectNetworkInput,
  ): Promise<void> {
    return this.networks.connect(actor, path, input);
  }

  @Post(':id/disconnect')
  @HttpCode(204)
  @ApiOperation({ summary: 'Disconnect a container from a network' })
  @ApiNoContentResponse({ description: 'It is not on the network.' })
  @ApiProblems(...ON_ONE, 'conflict')
  disconnect(
    @CurrentActor() actor: Actor,
    @Param() path: NetworkPath,
    @Body() input: DisconnectNetworkInput,
  ): Promise<void> {
    return this.networks.disconnect(actor, path, input);
  }
}
