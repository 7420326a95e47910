import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../common/actor.js';
import { type Page, PageQuery } from '../common/pagination.js';
import { ApiProblems } from '../http/api-problems.js';
import { CurrentActor } from './authentication.guard.js';
import { SessionPath, UserSessionPath } from './session.inputs.js';
import { type Session, SessionPage } from './session.model.js';
import { SessionManagement } from './session-management.service.js';
import { UserPath } from './user.inputs.js';

@ApiTags('sessions')
@Controller('api/v1')
export class SessionsController {
  constructor(private readonly sessions: SessionManagement) {}

  @Get('me/sessions')
  @ApiOperation({ summary: 'List your sessions, newest first', description: 'Not with an API token.' })
  @ApiOkResponse({ type: SessionPage })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden')
  listOwn(@CurrentActor() actor: Actor, @Query() page: PageQuery): Promise<Page<Session>> {
    return this.sessions.listOwn(actor, page);
  }

  @Delete('me/sessions/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'End one of your sessions', description: 'Not with an API token.' })
  @ApiNoContentResponse()
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found')
  endOwn(@CurrentActor() actor: Actor, @Param() { id }: SessionPath): Promise<void> {
    return this.sessions.endOwn(actor, id);
  }

  @Get('users/:id/sessions')
  @ApiOperation({ summary: 'List the sessions of a user, newest first' })
  @ApiOkResponse({ type: SessionPage })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found')
  list(
    @CurrentActor() actor: Actor,
    @Param() { id }: UserPath,
    @Query() page: PageQuery,
  ): Promise<Page<Session>> {
    return this.sessions.list(actor, id, page);
  }

  @Delete('users/:id/sessions')
  @HttpCode(204)
  @ApiOperation({ summary: 'End all sessions of a user' })
  @ApiNoContentResponse()
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found')
  endAll(@CurrentActor() actor: Actor, @Param() { id }: UserPath): Promise<void> {
    return this.sessions.endAll(actor, id);
  }

  @Delete('users/:id/sessions/:sessionId')
  @HttpCode(204)
  @ApiOperation({ summary: 'End a session of a user' })
  @ApiNoContentResponse()
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found')
  end(@CurrentActor() actor: Actor, @Param() { id, sessionId }: UserSessionPath): Promise<void> {
    return this.sessions.end(actor, id, sessionId);
  }
}
