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
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../common/actor.js';
import { EnginePath } from '../common/engine-path.js';
import { FollowedList, FreshQuery } from '../common/freshness.js';
import { PageOf } from '../common/pagination.js';
import { ApiListOrWatch } from '../http/api-list-or-watch.js';
import { ApiProblems } from '../http/api-problems.js';
import { sendPrepared } from '../http/prepared-json.js';
import { sendStream } from '../http/streaming.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { answerWithJob, ApiAnswersWithJob } from '../jobs/answer-with-job.js';
import { ON_SWARM } from '../swarm/swarm-fields.js';
import { NodeChange } from './node-change.model.js';
import { ListNodesQuery } from './node-list.inputs.js';
import { NodePath } from './node-paths.js';
import { NODE_WATCH, NodeWatchService } from './node-watch.service.js';
import { NodeDrainService } from './node-drain.service.js';
import { DrainNodeInput, RemoveNodeQuery, UpdateNodeInput } from './node.inputs.js';
import { Node, NodeDetails } from './node.model.js';
import { NodesService } from './nodes.service.js';

class NodePage extends PageOf(Node, FollowedList) {}

@ApiTags('nodes')
@Controller('api/v1/engines/:engine/nodes')
export class NodesController {
  constructor(
    private readonly nodes: NodesService,
    private readonly drains: NodeDrainService,
    private readonly watching: NodeWatchService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List nodes, newest first; or watch what changes among them' })
  @ApiListOrWatch(NodePage, NodeChange)
  @ApiProblems(...ON_SWARM, 'not_acceptable')
  list(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Query() { watch = false, limit, after, fresh, ...filter }: ListNodesQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (!watch) return sendPrepared(reply, this.nodes.list(actor, engine, filter, { limit, after, fresh }));
    return sendStream(request, reply, NODE_WATCH.stream, (signal) =>
      this.watching.watch(actor, engine, filter, lastEventId, signal),
    );
  }

  @Get(':id')
  @ApiOperation({ summary: 'See a node' })
  @ApiOkResponse({ type: NodeDetails })
  @ApiProblems(...ON_SWARM)
  get(
    @CurrentActor() actor: Actor,
    @Param() path: NodePath,
    @Query() query: FreshQuery,
  ): Promise<NodeDetails> {
    return this.nodes.get(actor, path, query);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change labels, role and availability of a node' })
  @ApiOkResponse({ type: NodeDetails })
  @ApiProblems(...ON_SWARM, 'conflict')
  update(
    @CurrentActor() actor: Actor,
    @Param() path: NodePath,
    @Body() input: UpdateNodeInput,
  ): Promise<NodeDetails> {
    return this.nodes.update(actor, path, input);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove a node from the swarm' })
  @ApiNoContentResponse({ description: 'It is gone.' })
  @ApiProblems(...ON_SWARM, 'conflict')
  remove(
    @CurrentActor() actor: Actor,
    @Param() path: NodePath,
    @Query() query: RemoveNodeQuery,
  ): Promise<void> {
    return this.nodes.remove(actor, path, query);
  }

  @Post(':id/drain')
  @ApiOperation({ summary: 'Take all tasks from a node, and follow them until they have moved' })
  @ApiAnswersWithJob()
  @ApiProblems(...ON_SWARM, 'conflict', 'not_acceptable')
  drain(
    @CurrentActor() actor: Actor,
    @Param() path: NodePath,
    @Body() input: DrainNodeInput,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return answerWithJob(request, reply, this.drains.drain(actor, path, input));
  }
}
