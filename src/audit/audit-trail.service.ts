import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import type { Page } from '../common/pagination.js';
import { Gate } from '../gate/gate.js';
import { type AuditRecord, toAuditRecord } from './audit-record.model.js';
import { type AuditFilterInput, toAuditFilter } from './audit.inputs.js';
import { AuditService } from './audit.service.js';

/** The audit trail for who may read it. */
@Injectable()
export class AuditTrailService {
  constructor(
    private readonly gate: Gate,
    private readonly audit: AuditService,
  ) {}

  /**
   * Newest first.
   *
   * @throws DomainError `forbidden` without the permission `audit:list`
   */
  async list(
    actor: Actor,
    filter: AuditFilterInput,
    page: { limit?: number | undefined; after?: string | undefined },
  ): Promise<Page<AuditRecord>> {
    await this.gate.as(actor).require('audit:list');
    const { items, ...rest } = await this.audit.list(toAuditFilter(filter), page);
    return { ...rest, items: items.map(toAuditRecord) };
  }
}
