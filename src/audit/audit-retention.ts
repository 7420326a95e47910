import { setImmediate as nextTurn } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { toDateTime } from '../common/date-time.js';
import { messageOf } from '../common/errors.js';
import { Housekeeping } from '../common/housekeeping.js';
import { requestContext } from '../common/request-context.js';
import { Settings } from '../config/settings.js';
import { DATABASE } from '../database/database.token.js';
import { isSqlite } from '../database/open-database.js';
import type { Database } from '../database/schema.js';
import { AuditService } from './audit.service.js';

const INTERVAL_MS = 60 * 60_000;
const DAY_MS = 24 * 60 * 60_000;
/** Records deleted in one transaction, so that it holds up nobody for long. */
const BATCH = 100;
const SYSTEM = { kind: 'system', id: 'system', name: 'system' } as const;
/** What the deletion is called in the trail. */
export const RETENTION = 'deleteExpiredAuditRecords';

/**
 * Deletes, at start and every hour, audit records that are older than the settings keep them, save those whose outcome is not
 * known yet. The deletion is a record itself. Replicas take turns by a lock in the database.
 */
@Injectable()
export class AuditRetention extends Housekeeping {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
    private readonly settings: Settings,
    private readonly audit: AuditService,
  ) {
    super({ everyMs: INTERVAL_MS, logger: 'Audit', failure: "old audit records can't be deleted" });
  }

  /** @returns how many records were deleted */
  async run(): Promise<number> {
    if (this.settings.auditRetentionDays === 0) return 0;
    const before = this.clock.now() - this.settings.auditRetentionDays * DAY_MS;
    let record: string | undefined;
    let deleted = 0;
    try {
      for (;;) {
        const batch = await this.db.transaction().execute(async (transaction) => {
          const ids = await this.expired(before, transaction);
          if (ids.length === 0) return ids;
          record ??= await this.audit.begin(
            { ...requestContext(), actor: SYSTEM, operation: RETENTION, targetKind: 'auditRecord' },
            transaction,
          );
          await this.delete(ids, before, transaction);
          return ids;
        });
        deleted += batch.length;
        if (batch.length < BATCH || this.stopping) break;
        await nextTurn();
      }
    } catch (error) {
      if (deleted > 0 && record !== undefined)
        await this.audit.complete(record, 'failed', `after ${deleted} records: ${messageOf(error)}`);
      throw error;
    }
    if (record !== undefined)
      await this.audit.complete(record, 'succeeded', `${deleted} records from before ${toDateTime(before)}`);
    return deleted;
  }

  /** The oldest that may go; none where another replica is deleting just now. */
  private async expired(before: number, transaction: Database): Promise<string[]> {
    const lock = transaction.selectFrom('audit_retention').select('id').where('id', '=', 1);
    const locked = await (isSqlite(this.db) ? lock : lock.forUpdate().skipLocked()).executeTakeFirst();
    if (!locked) return [];
    const rows = await transaction
      .selectFrom('audit_record')
      .select('id')
      .where('at', '<', before)
      .where('outcome', '<>', 'pending')
      .orderBy('at')
      .orderBy('id')
      .limit(BATCH)
      .execute();
    return rows.map(({ id }) => id);
  }

  private async delete(ids: readonly string[], before: number, transaction: Database): Promise<void> {
    await transaction.updateTable('audit_retention').set({ delete_before: before }).execute();
    await transaction.deleteFrom('audit_record').where('id', 'in', ids).execute();
    await transaction.updateTable('audit_retention').set({ delete_before: 0 }).execute();
  }
}
