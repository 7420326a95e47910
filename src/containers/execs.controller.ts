import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../common/actor.js';
import { ApiProblems } from '../http/api-problems.js';
import { ApiStream } from '../http/api-stream.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { oneByOne, sendStream } from '../http/streaming.js';
import { ContainerPath, ExecPath } from './container-paths.js';
import { ResizeInput } from './exec.inputs.js';
import { CreateExecInput, StartExecInput } from './exec.inputs.js';
import { Exec, ExecOutput } from './exec.model.js';
import { ExecService } from './exec.service.js';

const ON_ONE = [
  'invalid_input',
  'unauthenticated',
  'forbidden',
  'not_found',
  'conflict',
  'not_supported',
  'engine_error',
  'engine_unavailable',
] as const;

/** Commands in containers. Interactive ones run over WebSocket: `GET /engines/{engine}/execs/{id}/start`. */
@ApiTags('containers')
@Controller('api/v1/engines/:engine')
export class ExecsController {
  constructor(private readonly execs: ExecService) {}

  @Post('containers/:id/execs')
  @ApiOperation({ summary: 'Prepare a command in a running container' })
  @ApiCreatedResponse({ type: Exec })
  @ApiProblems(...ON_ONE, 'policy_violation')
  create(
    @CurrentActor() actor: Actor,
    @Param() path: ContainerPath,
    @Body() input: CreateExecInput,
  ): Promise<Exec> {
    return this.execs.create(actor, path, input);
  }

  @Get('execs/:id')
  @ApiOperation({ summary: 'See a command, and how it ended' })
  @ApiOkResponse({ type: Exec })
  @ApiProblems(...ON_ONE)
  get(@CurrentActor() actor: Actor, @Param() path: ExecPath): Promise<Exec> {
    return this.execs.get(actor, path);
  }

  @Post('execs/:id/start')
  @HttpCode(200)
  @ApiOperation({ summary: 'Start a command and read what it writes, until it ends' })
  @ApiStream(ExecOutput, ['application/x-ndjson', 'text/event-stream', 'text/plain'])
  @ApiProblems(...ON_ONE, 'policy_violation', 'not_acceptable')
  start(
    @CurrentActor() actor: Actor,
    @Param() path: ExecPath,
    @Body() input: StartExecInput,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return sendStream(
      request,
      reply,
      {
        formats: ['application/x-ndjson', 'text/event-stream', 'text/plain'],
        event: 'output',
        text: ({ data }: ExecOutput) => data,
      },
      async (signal) => oneByOne(await this.execs.start(actor, path, input, signal)),
    );
  }

  @Post('execs/:id/start-detached')
  @HttpCode(204)
  @ApiOperation({ summary: 'Start a command and leave it to itself' })
  @ApiNoContentResponse({ description: 'It was started.' })
  @ApiProblems(...ON_ONE, 'policy_violation')
  startDetached(@CurrentActor() actor: Actor, @Param() path: ExecPath): Promise<void> {
    return this.execs.startDetached(actor, path);
  }

  @Post('execs/:id/resize')
  @HttpCode(204)
  @ApiOperation({ summary: 'Resize the terminal of a command' })
  @ApiNoContentResponse({ description: 'It has the new size.' })
  @ApiProblems(...ON_ONE)
  resize(@CurrentActor() actor: Actor, @Param() path: ExecPath, @Body() input: ResizeInput): Promise<void> {
    return this.execs.resize(actor, path, input);
  }
}
