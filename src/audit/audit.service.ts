import { Inject, Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import { Clock } from '../common/clock.js';
import { DEFAULT_PAGE_SIZE, encodeCursor, type Page } from '../common/pagination.js';
import { uuidV7 } from '../common/uuid-v7.js';
import { DATABASE } from '../database/database.token.js';
import { isSqlite } from '../database/open-database.js';
import type { AuditRecordTable, Database } from '../database/schema.js';
import { decodeTimeCursor } from '../database/time-cursor.js';
import type { AuditEntry, AuditOutcome } from './audit-record.js';
import { printable } from './audit-text.js';

const MAX_NAME = 255;
const MAX_REASON = 1_000;
/** No single operation is waited for so long; see `closeInterrupted`. */
const ABANDONED_AFTER_MS = 24 * 60 * 60_000;

export type StoredAuditRecord = Selectable<AuditRecordTable>;

/** Which records to list: those that meet all that is given. */
export interface AuditFilter {
  /** Id or name. */
  readonly actor?: string | undefined;
  readonly operation?: string | undefined;
  readonly engine?: string | undefined;
  readonly outcome?: AuditOutcome | undefined;
  /** Id or name. */
  readonly target?: string | undefined;
  /** Not before this time, in milliseconds since the epoch. */
  readonly from?: number | undefined;
  /** Before this time, in milliseconds since the epoch. */
  readonly to?: number | undefined;
}

/**
 * The audit trail: who did or tried what. Append-only: a record's outcome is set once, and nothing is changed or
 * deleted after. Values of callers are bounded and made printable before they are stored.
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
   * @returns the record's id, for `complete`
   */
  begin(entry: AuditEntry): Promise<string> {
    return this.insert(entry, 'pending', undefined, this.db);
  }

  /** Sets the outcome of a pending record. One that has an outcome keeps it. */
  async complete(id: string, outcome: 'succeeded' | 'failed', reason?: string): Promise<void> {
    await this.db
      .updateTable('audit_record')
      .set({ outcome, reason: bounded(reason, MAX_REASON) })
      .where('id', '=', id)
      .where('outcome', '=', 'pending')
      .execute();
  }

  /** Writes down what was not allowed. */
  async refused(entry: AuditEntry, reason: string): Promise<void> {
    await this.insert(entry, 'refused', reason, this.db);
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
      .set({ outcome: 'interrupted', reason: 'Dockmaster stopped before the outcome was known' })
      .where('outcome', '=', 'pending')
      .where('at', '<', olderThan)
      .executeTakeFirstOrThrow();
    return Number(numUpdatedRows);
  }

  /** Newest first. */
  async list(
    filter: AuditFilter,
    { limit = DEFAULT_PAGE_SIZE, after }: { limit?: number | undefined; after?: string | undefined } = {},
  ): Promise<Page<StoredAuditRecord>> {
    const matching = this.matching(filter);
    const { count } = await matching
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    let query = matching
      .selectAll()
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1);
    if (after !== undefined) {
      const { at, id } = decodeTimeCursor(after);
      query = query.where(({ eb, and, or }) =>
        or([eb('at', '<', at), and([eb('at', '=', at), eb('id', '<', id)])]),
      );
    }
    const rows = await query.execute();
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    return {
      items,
      nextCursor: last && rows.length > limit ? encodeCursor([last.at, last.id]) : null,
      totalCount: count,
    };
  }

  private matching({ actor, operation, engine, outcome, target, from, to }: AuditFilter) {
    let query = this.db.selectFrom('audit_record');
    if (actor !== undefined) {
      query = query.where(({ eb, or }) => or([eb('actor_id', '=', actor), eb('actor_name', '=', actor)]));
    }
    if (target !== undefined) {
      query = query.where(({ eb, or }) => or([eb('target_id', '=', target), eb('target_name', '=', target)]));
    }
    if (operation !== undefined) query = query.where('operation', '=', operation);
    if (engine !== undefined) query = query.where('engine', '=', engine);
    if (outcome !== undefined) query = query.where('outcome', '=', outcome);
    if (from !== undefined) query = query.where('at', '>=', from);
    if (to !== undefined) query = query.where('at', '<', to);
    return query;
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
        outcome,
        reason: bounded(reason, MAX_REASON),
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
