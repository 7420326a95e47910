import { Args, Query, Resolver } from '@nestjs/graphql';
import type { Actor } from '../common/actor.js';
import { toConnection } from '../common/pagination.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { AuditRecordConnection, auditSortKey } from './audit-record.model.js';
import { AuditTrailService } from './audit-trail.service.js';
import { AuditRecordsArgs } from './audit.inputs.js';

@Resolver()
export class AuditResolver {
  constructor(private readonly trail: AuditTrailService) {}

  @Query(() => AuditRecordConnection, { name: 'auditRecords', description: 'The audit trail, newest first.' })
  async list(@CurrentActor() actor: Actor, @Args() { filter = {}, first, after }: AuditRecordsArgs) {
    return toConnection(await this.trail.list(actor, filter, { limit: first, after }), auditSortKey);
  }
}
