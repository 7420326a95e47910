import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../common/actor.js';
import { EnginePath } from '../common/engine-path.js';
import { ApiProblems } from '../http/api-problems.js';
import { ApiStream } from '../http/api-stream.js';
import { oneByOne, sendStream } from '../http/streaming.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { EngineEvent, EngineEventsQuery } from './engine-event.model.js';
import { EngineEventsService } from './engine-events.service.js';

const FORMATS = ['text/event-stream', 'application/x-ndjson'] as const;

@ApiTags('system')
@Controller('api/v1/engines/:engine/events')
export class EngineEventsController {
  constructor(private readonly events: EngineEventsService) {}

  @Get()
  @ApiOperation({
    summary: 'Follow what happens on an engine',
    description: 'As far as you may see the objects that it happens to.',
  })
  @ApiStream(EngineEvent, FORMATS)
  @ApiProblems(
    'invalid_input',
    'unauthenticated',
    'forbidden',
    'not_found',
    'not_acceptable',
    'engine_error',
    'engine_unavailable',
  )
  follow(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Query() query: EngineEventsQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return sendStream(request, reply, { formats: FORMATS, event: 'event' }, async (signal) =>
      oneByOne(await this.events.events(actor, engine, query, signal)),
    );
  }
}
