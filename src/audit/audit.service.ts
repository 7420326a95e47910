import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { notFound } from '../common/errors.js';
import { DEFAULT_PAGE_SIZE, encodeCursor, type Page, type PageRequest } from '../common/pagination.js';
import { uuidV7 } from '../common/uuid-v7.js';
import { DATABASE } from '../database/database.token.js';
import { isSqlite } from '../database/open-database.js';
import type { Database } from '../database/schema.js';
import { decodeTimeCursor } from '../database/time-cursor.js';
import { writeEvents } from '../events/event-journal.js';
import type { AuditFilter, StoredAuditRecord } from './audit-filter.js';
import { refusalOf } from './audit-events.js';
import type { AuditEntry, AuditOutcome, MadeIds } from './audit-record.js';
import { countAudit, newestPosition, type Position, positionOf, searchAudit } from './audit-search.js';
import { printable, withoutQuotations } from './audit-text.js';

const MAX_NAME = 255;
const MAX_REASON = 1_000;
const EXPORT_BATCH = 500;
/** No single operation is waited for so long; see `closeInterrupted`. */
const ABANDONED_AFTER_MS = 24 * 60 * 60_000;

/**
 * The audit trail: who did or tried what. Append-only, which the database holds us to: a record's outcome is set
 * once, and nothing is changed after. Values of callers are bounded and made printable before they are stored.
 */
@Injectable()
export class AuditService {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Writes down a change before it is carried out. When this resolves, the record survives a crash.
   *
   * @param db a transaction to take part in
   * @returns the record's id, for `complete`
   */
  begin(entry: AuditEntry, db: Database = this.db): Promise<string> {
    return this.insert(entry, 'pending', undefined, db);
  }

  /**
   * Sets the outcome of a pending record. One that has an outcome keeps it.
   *
   * @param reason of a failure: is stored without what it quotes
   * @param made ids of which nothing was known at its beginning
   */
  async complete(
    id: string,
    outcome: 'succeeded' | 'failed',
    reason?: string,
    made: MadeIds = {},
  ): Promise<void> {
    const told = outcome === 'failed' && reason !== undefined ? withoutQuotations(reason) : reason;
    await this.db
      .updateTable('audit_record')
      .set(({ fn, val }) => ({
        outcome,
        reason: bounded(told, MAX_REASON),
        settled_at: this.clock.now(),
        target_id: fn.coalesce('target_id', val(bounded(made.targetId))),
        other_id: fn.coalesce('other_id', val(bounded(made.otherId))),
      }))
      .where('id', '=', id)
      .where('outcome', '=', 'pending')
      .execute();
  }

  /** Writes down what was not allowed. */
  async refused(entry: AuditEntry, reason: string): Promise<void> {
    await this.db.transaction().execute(async (transaction) => {
      const id = await this.insert(entry, 'refused', reason, transaction);
      const record = await this.get(id, transaction);
      await writeEvents(transaction, [refusalOf(record)], record.at);
    });
  }

  /**
   * Writes down a change of our own data.
   *
   * @param db the transaction of the change, so that there is neither without the other
   */
  async succeeded(entry: AuditEntry, db: Database = this.db): Promise<void> {
    await this.insert(entry, 'succeeded', undefined, db);
  }

  /**
   * Closes what a process that is no more left pending. On SQLite that is all of it, since only one process has the
   * file. On PostgreSQL another replica may still be at work, so only what has been pending for a day is closed: until
   * then a dead replica's records stay `pending`, which claims nothing that is not so.
   *
   * @returns how many were closed
   */
  async closeInterrupted(): Promise<number> {
    const olderThan = isSqlite(this.db) ? Number.MAX_SAFE_INTEGER : this.clock.now() - ABANDONED_AFTER_MS;
    const { numUpdatedRows } = await this.db
      .updateTable('audit_record')
      .set({
        outcome: 'interrupted',
        reason: 'Dockmaster stopped before the outcome was known',
        settled_at: this.clock.now(),
      })
      .where('outcome', '=', 'pending')
      .where('at', '<', olderThan)
      .executeTakeFirstOrThrow();
    return Number(numUpdatedRows);
  }

  /** Newest first. A page may hold less than was asked for, and yet have a next one, where matches are rare. */
  async list(
    filter: AuditFilter,
    { limit = DEFAULT_PAGE_SIZE, after }: PageRequest = {},
  ): Promise<Page<StoredAuditRecord>> {
    const { records, next } = await searchAudit(this.db, {
      filter,
      order: 'desc',
      limit: limit + 1,
      after: after === undefined ? undefined : decodeTimeCursor(after),
    });
    const items = records.slice(0, limit);
    const last = records.length > limit ? items.at(-1) : undefined;
    const end = last ? positionOf(last) : next;
    return {
      items,
      nextCursor: end ? encodeCursor([end.at, end.id]) : null,
      totalCount: await countAudit(this.db, filter),
    };
  }

  /** @throws DomainError `not_found` */
  async get(id: string, db: Database = this.db): Promise<StoredAuditRecord> {
    const record = await db.selectFrom('audit_record').selectAll().where('id', '=', id).executeTakeFirst();
    if (!record) throw notFound('audit record', id);
    return record;
  }

  /**
   * All that match, oldest first, up to the newest that there is now, in batches that are read as they are asked for.
   *
   * @param signal stops it
   */
  async *export(filter: AuditFilter, signal: AbortSignal): AsyncGenerator<readonly StoredAuditRecord[]> {
    const until = await newestPosition(this.db);
    let after: Position | undefined;
    while (until && !signal.aborted) {
      const search = { filter, order: 'asc', limit: EXPORT_BATCH, after, until } as const;
      const { records, next } = await searchAudit(this.db, search);
      if (records.length > 0) yield records;
      if (!next) return;
      after = next;
    }
  }

  private async insert(
    { actor, ...entry }: AuditEntry,
    outcome: AuditOutcome,
    reason: string | undefined,
    db: Database,
  ): Promise<string> {
    const at = this.clock.now();
    const id = uuidV7(at);
    await db
      .insertInto('audit_record')
      .values({
        id,
        at,
        actor_kind: actor?.kind ?? 'anonymous',
        actor_id: bounded(actor?.id),
        actor_name: bounded(actor?.name),
        token_id: bounded(actor?.tokenId),
        door: entry.door,
        operation: printable(entry.operation, MAX_NAME),
        engine: bounded(entry.engine),
        target_kind: bounded(entry.targetKind),
        target_id: bounded(entry.targetId),
        target_name: bounded(entry.targetName),
        other_id: bounded(entry.otherId),
        other_name: bounded(entry.otherName),
        outcome,
        reason: bounded(reason, MAX_REASON),
        settled_at: outcome === 'pending' ? null : at,
        request_id: printable(entry.requestId, MAX_NAME),
        address: printable(entry.address, MAX_NAME),
      })
      .execute();
    return id;
  }
}

function bounded(text: string | undefined, max = MAX_NAME): string | null {
  return text === undefined ? null : printable(text, max);
}
