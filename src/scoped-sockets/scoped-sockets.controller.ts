import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Actor } from '../common/actor.js';
import { DryRunQuery } from '../common/dry-run.js';
import { type Page, PageQuery } from '../common/pagination.js';
import { ApiProblems } from '../http/api-problems.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import {
  CreateScopedSocketInput,
  ScopedSocketPath,
  UpdateScopedSocketInput,
} from './scoped-socket.inputs.js';
import { ScopedSocket, ScopedSocketPage } from './scoped-socket.model.js';
import { ScopedSocketsService } from './scoped-sockets.service.js';

@ApiTags('scoped sockets')
@Controller('api/v1/scoped-sockets')
export class ScopedSocketsController {
  constructor(private readonly sockets: ScopedSocketsService) {}

  @Get()
  @ApiOperation({ summary: 'List scoped sockets, by name' })
  @ApiOkResponse({ type: ScopedSocketPage })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden')
  list(@CurrentActor() actor: Actor, @Query() page: PageQuery): Promise<Page<ScopedSocket>> {
    return this.sockets.list(actor, page);
  }

  @Post()
  @ApiOperation({
    summary: 'Open a unix socket that stands for somebody on one engine',
    description:
      'Only for somebody who may do no more than you. Whether it could be opened on this machine is told by `state` and `problem` of the answer.',
  })
  @ApiCreatedResponse({ type: ScopedSocket })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'conflict')
  create(
    @CurrentActor() actor: Actor,
    @Query() query: DryRunQuery,
    @Body() input: CreateScopedSocketInput,
  ): Promise<ScopedSocket> {
    return this.sockets.create(actor, input, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'See a scoped socket' })
  @ApiOkResponse({ type: ScopedSocket })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found')
  get(@CurrentActor() actor: Actor, @Param() { id }: ScopedSocketPath): Promise<ScopedSocket> {
    return this.sockets.get(actor, id);
  }

  @Patch(':id')
  @ApiOperation({
    summary: 'Change, disable or enable a scoped socket',
    description: 'Only of somebody who may do no more than you. What goes on through it ends.',
  })
  @ApiOkResponse({ type: ScopedSocket })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found', 'conflict')
  update(
    @CurrentActor() actor: Actor,
    @Param() { id }: ScopedSocketPath,
    @Body() input: UpdateScopedSocketInput,
  ): Promise<ScopedSocket> {
    return this.sockets.update(actor, id, input);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Remove a scoped socket',
    description: 'Its file goes, and what goes on through it ends.',
  })
  @ApiNoContentResponse()
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found')
  delete(@CurrentActor() actor: Actor, @Param() { id }: ScopedSocketPath): Promise<void> {
    return this.sockets.delete(actor, id);
  }
}
