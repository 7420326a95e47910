import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../common/actor.js';
import type { Page } from '../common/pagination.js';
import { ApiProblems } from '../http/api-problems.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { type AuditRecord, AuditRecordPage } from './audit-record.model.js';
import { AuditTrailService } from './audit-trail.service.js';
import { ListAuditQuery } from './audit.inputs.js';

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
}
