import { Inject, Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import { AuditService } from '../audit/audit.service.js';
import { recordingRefusal } from '../audit/refusals.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { notFound } from '../common/errors.js';
import type { Page, PageRequest } from '../common/pagination.js';
import { requestContext } from '../common/request-context.js';
import { DATABASE } from '../database/database.token.js';
import type { Database, SessionTable } from '../database/schema.js';
import { timePage } from '../database/time-cursor.js';
import { CredentialCache } from './credential-cache.js';

/** A session as its user sees it. Times are milliseconds since the epoch. */
export interface StoredSession {
  readonly id: string;
  readonly createdAt: number;
  /** Accurate to a minute; null for one that was never used. */
  readonly lastUsedAt: number | null;
  /** When it ends unless it is refreshed. */
  readonly expiresAt: number;
  /** Where it was signed in from; null where that is not known. */
  readonly address: string | null;
  /** What it was signed in with, as it called itself. */
  readonly userAgent: string | null;
}

/** The sessions of a user, to look at and to end. How they begin and go on is SessionsService's. */
@Injectable()
export class UserSessionsService {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly credentials: CredentialCache,
  ) {}

  /** Those that can still be used, newest first. */
  list(userId: string, page: PageRequest = {}): Promise<Page<StoredSession>> {
    const rows = this.usable(userId).selectAll('session');
    return timePage({ rows, table: 'session', order: 'newest first', toItem: toStoredSession }, page);
  }

  /**
   * Ends one of the actor's own sessions, and records it.
   *
   * @throws DomainError `not_found`
   */
  async endOwn(actor: Actor, id: string): Promise<void> {
    const entry = {
      ...requestContext(),
      actor,
      operation: 'endSession',
      targetKind: 'session',
      targetId: id,
    };
    await recordingRefusal(this.audit, entry, () =>
      this.db.transaction().execute(async (transaction) => {
        await remove(transaction, actor.id, id);
        await this.audit.succeeded(entry, transaction);
      }),
    );
    this.credentials.clear();
  }

  /**
   * Ends a session of a user: whether that is allowed, and the record of it, are the caller's.
   *
   * @throws DomainError `not_found`
   */
  async end(userId: string, id: string): Promise<void> {
    await remove(this.db, userId, id);
    this.credentials.clear();
  }

  /** Ends all sessions of a user, also those that are beginning now: as `end`. */
  async endAll(userId: string): Promise<void> {
    await this.db.transaction().execute(async (transaction) => {
      await transaction
        .updateTable('user_account')
        .set((eb) => ({ session_epoch: eb('session_epoch', '+', 1) }))
        .where('id', '=', userId)
        .execute();
      await transaction.deleteFrom('session').where('user_id', '=', userId).execute();
    });
    this.credentials.clear();
  }

  private usable(userId: string) {
    const now = this.clock.now();
    return this.db
      .selectFrom('session')
      .innerJoin('user_account', 'user_account.id', 'session.user_id')
      .where('session.user_id', '=', userId)
      .where('user_account.disabled', '=', 0)
      .whereRef('session.session_epoch', '=', 'user_account.session_epoch')
      .where('session.ends_at', '>', now)
      .where('session.refresh_expires_at', '>', now);
  }
}

async function remove(db: Database, userId: string, id: string): Promise<void> {
  const { numDeletedRows } = await db
    .deleteFrom('session')
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow();
  if (numDeletedRows === 0n) throw notFound('session', id);
}

function toStoredSession(row: Selectable<SessionTable>): StoredSession {
  return {
    id: row.id,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    expiresAt: row.refresh_expires_at,
    address: row.address,
    userAgent: row.user_agent,
  };
}
