import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../common/actor.js';
import type { Page } from '../common/pagination.js';
import { ApiProblems } from '../http/api-problems.js';
import { ApiStream } from '../http/api-stream.js';
import { sendStream } from '../http/streaming.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { AuditRecord, AuditRecordPage } from './audit-record.model.js';
import { AuditTrailService } from './audit-trail.service.js';
import { AuditFilterInput, AuditRecordPath, AuditWatchInput, ListAuditQuery } from './audit.inputs.js';

@ApiTags('audit')
@Controller('api/v1/audit')
export class AuditController {
  constructor(private readonly trail: AuditTrailService) {}

  @Get()
  @ApiOperation({ summary: 'Search the audit trail, newest first' })
  @ApiOkResponse({ type: AuditRecordPage })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden')
  list(@CurrentActor() actor: Actor, @Query() query: ListAuditQuery): Promise<Page<AuditRecord>> {
    return this.trail.list(actor, query, query);
  }

  @Get('export')
  @ApiOperation({ summary: 'Download the audit trail, oldest first, a record a line' })
  @ApiStream(AuditRecord, ['application/x-ndjson'])
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_acceptable')
  export(
    @CurrentActor() actor: Actor,
    @Query() query: AuditFilterInput,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return sendStream(request, reply, { formats: ['application/x-ndjson'], event: 'auditRecord' }, (signal) =>
      this.trail.export(actor, query, signal),
    );
  }

  @Get('stream')
  @ApiOperation({ summary: 'Watch the audit trail: each record once its outcome is known' })
  @ApiStream(AuditRecord, ['text/event-stream', 'application/x-ndjson'])
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_acceptable', 'too_many_requests')
  stream(
    @CurrentActor() actor: Actor,
    @Query() query: AuditWatchInput,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return sendStream(
      request,
      reply,
      { formats: ['text/event-stream', 'application/x-ndjson'], event: 'auditRecord' },
      (signal) => this.trail.watch(actor, query, signal),
    );
  }

  @Get(':id')
  @ApiOperation({ summary: 'See an audit record' })
  @ApiOkResponse({ type: AuditRecord })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found')
  get(@CurrentActor() actor: Actor, @Param() { id }: AuditRecordPath): Promise<AuditRecord> {
    return this.trail.get(actor, id);
  }
}
