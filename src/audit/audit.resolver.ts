import { Args, Query, Resolver, Subscription } from '@nestjs/graphql';
import { eachOf, openAbortable } from '../common/abortable.js';
import type { Actor } from '../common/actor.js';
import { toConnection } from '../common/pagination.js';
import { GraphqlSignal } from '../graphql/graphql-signal.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { AuditRecord, AuditRecordConnection, auditSortKey } from './audit-record.model.js';
import { AuditTrailService } from './audit-trail.service.js';
import { AuditRecordAddedArgs, AuditRecordPath, AuditRecordsArgs } from './audit.inputs.js';

@Resolver()
export class AuditResolver {
  constructor(private readonly trail: AuditTrailService) {}

  @Query(() => AuditRecordConnection, { name: 'auditRecords', description: 'The audit trail, newest first.' })
  async list(@CurrentActor() actor: Actor, @Args() { filter = {}, first, after }: AuditRecordsArgs) {
    return toConnection(await this.trail.list(actor, filter, { limit: first, after }), auditSortKey);
  }

  @Query(() => AuditRecord, { name: 'auditRecord', description: 'An audit record.' })
  get(@CurrentActor() actor: Actor, @Args() { id }: AuditRecordPath): Promise<AuditRecord> {
    return this.trail.get(actor, id);
  }

  @Subscription(() => AuditRecord, {
    description:
      'Each audit record from now on, once its outcome is known: a refusal at once, a change when it has ended.',
    resolve: (record: AuditRecord) => record,
  })
  auditRecordAdded(
    @CurrentActor() actor: Actor,
    @Args() { filter = {} }: AuditRecordAddedArgs,
    @GraphqlSignal() signal: AbortSignal,
  ) {
    return openAbortable(async (left) => eachOf(await this.trail.watch(actor, filter, left)), signal);
  }
}
