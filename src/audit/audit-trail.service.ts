import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import type { Page } from '../common/pagination.js';
import { Gate } from '../gate/gate.js';
import { AuditFeed } from './audit-feed.js';
import type { StoredAuditRecord } from './audit-filter.js';
import { type AuditRecord, toAuditRecord } from './audit-record.model.js';
import { type AuditFilterInput, type AuditWatchInput, toAuditFilter } from './audit.inputs.js';
import { AuditService } from './audit.service.js';

/** The audit trail for who may read it. */
@Injectable()
export class AuditTrailService {
  constructor(
    private readonly gate: Gate,
    private readonly audit: AuditService,
    private readonly feed: AuditFeed,
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

  /** @throws DomainError `forbidden` without the permission `audit:get`; `not_found` */
  async get(actor: Actor, id: string): Promise<AuditRecord> {
    await this.gate.as(actor).require('audit:get');
    return toAuditRecord(await this.audit.get(id));
  }

  /**
   * All that match and are there now, oldest first, for as long as the actor may.
   *
   * @throws DomainError `forbidden` without the permission `audit:export`
   */
  export(
    actor: Actor,
    filter: AuditFilterInput,
    signal: AbortSignal,
  ): Promise<AsyncIterable<readonly AuditRecord[]>> {
    return this.gate.as(actor).whileAllowed('audit:export', signal, (live) => {
      const batches = this.audit.export(toAuditFilter(filter), live);
      return Promise.resolve(asRecords(batches));
    });
  }

  /**
   * Each record that matches, once its outcome is known, from now on and for as long as the actor may.
   *
   * @throws DomainError `forbidden` without the permission `audit:list`
   */
  watch(
    actor: Actor,
    filter: AuditWatchInput,
    signal: AbortSignal,
  ): Promise<AsyncIterable<readonly AuditRecord[]>> {
    return this.gate
      .as(actor)
      .whileAllowed('audit:list', signal, async (live) =>
        asRecords(await this.feed.open(toAuditFilter(filter), live)),
      );
  }
}

async function* asRecords(batches: AsyncIterable<readonly StoredAuditRecord[]>) {
  for await (const batch of batches) yield batch.map(toAuditRecord);
}
