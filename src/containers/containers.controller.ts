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
import { EnginePath } from '../common/engine-path.js';
import { FollowedList, FreshQuery } from '../common/freshness.js';
import { PageOf } from '../common/pagination.js';
import { ApiListOrWatch } from '../http/api-list-or-watch.js';
import { ApiProblems } from '../http/api-problems.js';
import { sendPrepared } from '../http/prepared-json.js';
import { sendStream } from '../http/streaming.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { RequestSignal } from '../http/request-signal.js';
import { ContainerActionsService } from './container-actions.service.js';
import { ContainerChange } from './container-change.model.js';
import { CreateContainerInput, RunContainerInput } from './container-create.inputs.js';
import { ListContainersQuery } from './container-list.inputs.js';
import { ContainerPath } from './container-paths.js';
import {
  CommitContainerInput,
  KillContainerInput,
  PruneContainersInput,
  RemoveContainerInput,
  RenameContainerInput,
  RestartContainerInput,
  StartContainerInput,
  StopContainerInput,
  TopContainerInput,
  UpdateContainerInput,
  WaitContainerInput,
} from './container.inputs.js';
import { Container } from './container.model.js';
import { ContainerDetails } from './container-details.model.js';
import {
  CommitResult,
  ContainerProcesses,
  ContainerUpdateResult,
  ContainerWaitResult,
  FilesystemChange,
  PruneResult,
} from './container-results.model.js';
import { ContainersService } from './containers.service.js';
import { CONTAINER_WATCH, ContainerWatchService } from './container-watch.service.js';
import { ResizeInput } from './exec.inputs.js';

class ContainerPage extends PageOf(Container, FollowedList) {}

/** What every route on one container may answer with besides its result. */
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

@ApiTags('containers')
@Controller('api/v1/engines/:engine/containers')
export class ContainersController {
  constructor(
    private readonly containers: ContainersService,
    private readonly actions: ContainerActionsService,
    private readonly watching: ContainerWatchService,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'List containers, newest first, stopped ones too; or watch what changes among them',
  })
  @ApiListOrWatch(ContainerPage, ContainerChange)
  @ApiProblems(...ON_ONE, 'not_acceptable')
  list(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Query() { watch = false, limit, after, fresh, ...filter }: ListContainersQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (!watch)
      return sendPrepared(reply, this.containers.list(actor, engine, filter, { limit, after, fresh }));
    return sendStream(request, reply, CONTAINER_WATCH.stream, (signal) =>
      this.watching.watch(actor, engine, filter, lastEventId, signal),
    );
  }

  @Post()
  @ApiOperation({ summary: 'Create a container, without starting it' })
  @ApiCreatedResponse({ type: ContainerDetails })
  @ApiProblems(...ON_ONE, 'policy_violation', 'conflict', 'payload_too_large', 'unsupported_media_type')
  create(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Body() input: CreateContainerInput,
  ): Promise<ContainerDetails> {
    return this.containers.create(actor, engine, input);
  }

  @Post('run')
  @ApiOperation({ summary: 'Create and start a container, pulling its image when asked' })
  @ApiCreatedResponse({ type: ContainerDetails })
  @ApiProblems(...ON_ONE, 'policy_violation', 'conflict', 'payload_too_large', 'unsupported_media_type')
  run(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Body() input: RunContainerInput,
    @RequestSignal() signal: AbortSignal,
  ): Promise<ContainerDetails> {
    return this.containers.run(actor, engine, input, signal);
  }

  @Post('prune')
  @HttpCode(200)
  @ApiOperation({ summary: 'Remove stopped containers, as far as you may' })
  @ApiOkResponse({ type: PruneResult })
  @ApiProblems(...ON_ONE)
  prune(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Body() input: PruneContainersInput,
  ): Promise<PruneResult> {
    return this.containers.prune(actor, engine, input);
  }

  @Get(':id')
  @ApiOperation({ summary: 'See a container' })
  @ApiOkResponse({ type: ContainerDetails })
  @ApiProblems(...ON_ONE)
  get(
    @CurrentActor() actor: Actor,
    @Param() path: ContainerPath,
    @Query() query: FreshQuery,
  ): Promise<ContainerDetails> {
    return this.containers.get(actor, path, query);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove a container' })
  @ApiNoContentResponse({ description: 'It is gone.' })
  @ApiProblems(...ON_ONE, 'conflict')
  remove(
    @CurrentActor() actor: Actor,
    @Param() path: ContainerPath,
    @Query() query: RemoveContainerInput,
  ): Promise<void> {
    return this.containers.remove(actor, path, query);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change resource limits and the restart policy' })
  @ApiOkResponse({ type: ContainerUpdateResult })
  @ApiProblems(...ON_ONE, 'policy_violation', 'conflict')
  update(
    @CurrentActor() actor: Actor,
    @Param() path: ContainerPath,
    @Body() input: UpdateContainerInput,
  ): Promise<ContainerUpdateResult> {
    return this.actions.update(actor, path, input);
  }

  @Post(':id/start')
  @HttpCode(204)
  @ApiOperation({ summary: 'Start a container; one that runs stays as it is' })
  @ApiNoContentResponse({ description: 'It runs.' })
  @ApiProblems(...ON_ONE, 'conflict')
  start(
    @CurrentActor() actor: Actor,
    @Param() path: ContainerPath,
    @Query() query: StartContainerInput,
  ): Promise<void> {
    return this.actions.start(actor, path, query);
  }

  @Post(':id/stop')
  @HttpCode(204)
  @ApiOperation({ summary: 'Stop a container: ask it by a signal, kill it when it takes too long' })
  @ApiNoContentResponse({ description: 'It does not run.' })
  @ApiProblems(...ON_ONE, 'conflict')
  stop(
    @CurrentActor() actor: Actor,
    @Param() path: ContainerPath,
    @Query() query: StopContainerInput,
  ): Promise<void> {
    return this.actions.stop(actor, path, query);
  }

  @Post(':id/restart')
  @HttpCode(204)
  @ApiOperation({ summary: 'Stop a container and start it again' })
  @ApiNoContentResponse({ description: 'It runs again.' })
  @ApiProblems(...ON_ONE, 'conflict')
  restart(
    @CurrentActor() actor: Actor,
    @Param() path: ContainerPath,
    @Query() query: RestartContainerInput,
  ): Promise<void> {
    return this.actions.restart(actor, path, query);
  }

  @Post(':id/kill')
  @HttpCode(204)
  @ApiOperation({ summary: 'Send a signal to a container' })
  @ApiNoContentResponse({ description: 'It was sent.' })
  @ApiProblems(...ON_ONE, 'conflict')
  kill(
    @CurrentActor() actor: Actor,
    @Param() path: ContainerPath,
    @Query() query: KillContainerInput,
  ): Promise<void> {
    return this.actions.kill(actor, path, query);
  }

  @Post(':id/pause')
  @HttpCode(204)
  @ApiOperation({ summary: 'Suspend all processes of a container' })
  @ApiNoContentResponse({ description: 'It is paused.' })
  @ApiProblems(...ON_ONE, 'conflict')
  pause(@CurrentActor() actor: Actor, @Param() path: ContainerPath): Promise<void> {
    return this.actions.pause(actor, path);
  }

  @Post(':id/unpause')
  @HttpCode(204)
  @ApiOperation({ summary: 'Resume all processes of a container' })
  @ApiNoContentResponse({ description: 'It runs on.' })
  @ApiProblems(...ON_ONE, 'conflict')
  unpause(@CurrentActor() actor: Actor, @Param() path: ContainerPath): Promise<void> {
    return this.actions.unpause(actor, path);
  }

  @Post(':id/rename')
  @HttpCode(204)
  @ApiOperation({ summary: 'Give a container another name' })
  @ApiNoContentResponse({ description: 'It has the new name.' })
  @ApiProblems(...ON_ONE, 'conflict')
  rename(
    @CurrentActor() actor: Actor,
    @Param() path: ContainerPath,
    @Body() input: RenameContainerInput,
  ): Promise<void> {
    return this.actions.rename(actor, path, input);
  }

  @Post(':id/resize')
  @HttpCode(204)
  @ApiOperation({ summary: 'Resize the terminal of a container' })
  @ApiNoContentResponse({ description: 'It has the new size.' })
  @ApiProblems(...ON_ONE, 'conflict')
  resize(
    @CurrentActor() actor: Actor,
    @Param() path: ContainerPath,
    @Body() input: ResizeInput,
  ): Promise<void> {
    return this.actions.resize(actor, path, input);
  }

  @Post(':id/wait')
  @HttpCode(200)
  @ApiOperation({ summary: 'Wait until a container stops, and tell its exit code' })
  @ApiOkResponse({ type: ContainerWaitResult })
  @ApiProblems(...ON_ONE)
  wait(
    @CurrentActor() actor: Actor,
    @Param() path: ContainerPath,
    @Query() query: WaitContainerInput,
    @RequestSignal() signal: AbortSignal,
  ): Promise<ContainerWaitResult> {
    return this.actions.wait(actor, path, query, signal);
  }

  @Get(':id/top')
  @ApiOperation({ summary: 'List the processes of a container' })
  @ApiOkResponse({ type: ContainerProcesses })
  @ApiProblems(...ON_ONE, 'conflict')
  top(
    @CurrentActor() actor: Actor,
    @Param() path: ContainerPath,
    @Query() query: TopContainerInput,
  ): Promise<ContainerProcesses> {
    return this.actions.top(actor, path, query);
  }

  @Get(':id/changes')
  @ApiOperation({ summary: 'List the paths that differ from the image' })
  @ApiOkResponse({ type: [FilesystemChange] })
  @ApiProblems(...ON_ONE)
  changes(@CurrentActor() actor: Actor, @Param() path: ContainerPath): Promise<FilesystemChange[]> {
    return this.actions.changes(actor, path);
  }

  @Post(':id/commit')
  @ApiOperation({ summary: 'Make an image of a container' })
  @ApiCreatedResponse({ type: CommitResult })
  @ApiProblems(...ON_ONE, 'conflict')
  commit(
    @CurrentActor() actor: Actor,
    @Param() path: ContainerPath,
    @Body() input: CommitContainerInput,
  ): Promise<CommitResult> {
    return this.actions.commit(actor, path, input);
  }
}
