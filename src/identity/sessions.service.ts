import { Inject, Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { printable } from '../audit/audit-text.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import { requestContext } from '../common/request-context.js';
import { uuidV7 } from '../common/uuid-v7.js';
import { DATABASE } from '../database/database.token.js';
import type { Database } from '../database/schema.js';
import { CredentialCache } from './credential-cache.js';
import { noteUse } from './last-use.js';
import { familyOf, hashToken, newAccessToken, newFamily, newRefreshToken } from './secret-token.js';
import type { User, UserCredentials } from './users.service.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
export const ACCESS_TOKEN_LIFETIME_MS = 10 * MINUTE_MS;
/** Of a refresh token that is not used. */
export const REFRESH_TOKEN_LIFETIME_MS = 30 * DAY_MS;
/** Of a session, however often it is refreshed. */
export const SESSION_LIFETIME_MS = 90 * DAY_MS;
/** A user's sessions beyond this many: the ones that were not refreshed for the longest time end. */
const MAX_SESSIONS_PER_USER = 100;
const MAX_ADDRESS = 64;
const MAX_USER_AGENT = 255;

/** What a client gets when it signs in or refreshes. */
export interface IssuedTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly tokenType: 'Bearer';
  /** Of the access token, in seconds. */
  readonly expiresIn: number;
}

/** The session that an access token belongs to. */
export interface AccessGrant {
  readonly sessionId: string;
  readonly user: Pick<User, 'id' | 'username'>;
  /** When the access token ends, in milliseconds since the epoch. */
  readonly expiresAt: number;
}

/**
 * Sessions: a family of refresh tokens of which each may be used once (RFC 9700, section 4.14.2), and short access
 * tokens. Holds hashes of tokens only.
 */
@Injectable()
export class SessionsService {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly credentials: CredentialCache,
  ) {}

  /**
   * Begins a session of a user who has shown who it is, and notes from where and with what.
   *
   * @param lifetimeMs how long it may last, however often it is refreshed
   */
  async begin(
    { id: userId, sessionEpoch }: UserCredentials,
    lifetimeMs = SESSION_LIFETIME_MS,
  ): Promise<IssuedTokens & { sessionId: string }> {
    const now = this.clock.now();
    const { address, userAgent } = requestContext();
    const sessionId = uuidV7(now);
    const family = newFamily();
    const tokens = issue(family, ACCESS_TOKEN_LIFETIME_MS);
    await this.db
      .insertInto('session')
      .values({
        id: sessionId,
        user_id: userId,
        session_epoch: sessionEpoch,
        family_hash: hashToken(family),
        refresh_hash: hashToken(tokens.refreshToken),
        refresh_expires_at: now + Math.min(REFRESH_TOKEN_LIFETIME_MS, lifetimeMs),
        access_hash: hashToken(tokens.accessToken),
        access_expires_at: now + ACCESS_TOKEN_LIFETIME_MS,
        previous_access_hash: null,
        previous_access_expires_at: null,
        created_at: now,
        refreshed_at: now,
        last_used_at: now,
        ends_at: now + lifetimeMs,
        address: address === '' ? null : printable(address, MAX_ADDRESS),
        user_agent: userAgent === undefined ? null : printable(userAgent, MAX_USER_AGENT),
      })
      .execute();
    await this.endSurplus(userId);
    return { ...tokens, sessionId };
  }

  /**
   * Exchanges a refresh token for new tokens. One that was exchanged before has been stolen, or its answer has: the
   * whole session ends, because we can't tell who has the newer one.
   *
   * @throws DomainError `unauthenticated`
   */
  async refresh(refreshToken: string): Promise<IssuedTokens> {
    const family = familyOf(refreshToken);
    const session = family === undefined ? undefined : await this.liveSession(hashToken(family));
    if (family === undefined || !session) throw invalidRefreshToken();
    const now = this.clock.now();
    const lifetime = Math.min(ACCESS_TOKEN_LIFETIME_MS, session.ends_at - now);
    const tokens = issue(family, lifetime);
    const { numUpdatedRows } = await this.db
      .updateTable('session')
      .set((eb) => ({
        refresh_hash: hashToken(tokens.refreshToken),
        refresh_expires_at: Math.min(now + REFRESH_TOKEN_LIFETIME_MS, session.ends_at),
        access_hash: hashToken(tokens.accessToken),
        access_expires_at: now + lifetime,
        previous_access_hash: eb.ref('access_hash'),
        previous_access_expires_at: eb.ref('access_expires_at'),
        refreshed_at: now,
        last_used_at: now,
      }))
      .where('id', '=', session.id)
      .where('refresh_hash', '=', hashToken(refreshToken))
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 1n) return tokens;
    await this.endForReuse(session);
    throw invalidRefreshToken();
  }

  /** Ends a session; its tokens are refused from now on. */
  async end(id: string): Promise<void> {
    await this.db.deleteFrom('session').where('id', '=', id).execute();
    this.credentials.clear();
  }

  /** The session of an access token that is good now. Notes that it was used. */
  async findByAccessToken(tokenHash: string): Promise<AccessGrant | undefined> {
    const now = this.clock.now();
    const row = await this.db
      .selectFrom('session')
      .innerJoin('user_account', 'user_account.id', 'session.user_id')
      .select([
        'session.id',
        'user_id',
        'username',
        'access_hash',
        'access_expires_at',
        'previous_access_expires_at',
        'last_used_at',
      ])
      .where(({ eb, or }) =>
        or([eb('access_hash', '=', tokenHash), eb('previous_access_hash', '=', tokenHash)]),
      )
      .where('disabled', '=', 0)
      .whereRef('session.session_epoch', '=', 'user_account.session_epoch')
      .where('ends_at', '>', now)
      .executeTakeFirst();
    if (!row) return undefined;
    const expiresAt =
      row.access_hash === tokenHash ? row.access_expires_at : (row.previous_access_expires_at ?? 0);
    if (expiresAt <= now) return undefined;
    await noteUse(this.db, 'session', row, this.clock.now());
    return { sessionId: row.id, user: { id: row.user_id, username: row.username }, expiresAt };
  }

  /** Whether the session goes on. */
  async isLive(id: string): Promise<boolean> {
    const row = await this.db
      .selectFrom('session')
      .innerJoin('user_account', 'user_account.id', 'session.user_id')
      .select('session.id')
      .where('session.id', '=', id)
      .where('disabled', '=', 0)
      .whereRef('session.session_epoch', '=', 'user_account.session_epoch')
      .where('ends_at', '>', this.clock.now())
      .executeTakeFirst();
    return row !== undefined;
  }

  /** Forgets sessions that nobody can use any more. */
  async purge(): Promise<void> {
    await this.db.deleteFrom('session').where('refresh_expires_at', '<', this.clock.now()).execute();
  }

  private liveSession(familyHash: string) {
    const now = this.clock.now();
    return this.db
      .selectFrom('session')
      .innerJoin('user_account', 'user_account.id', 'session.user_id')
      .select(['session.id', 'user_id', 'username', 'ends_at'])
      .where('family_hash', '=', familyHash)
      .where('disabled', '=', 0)
      .whereRef('session.session_epoch', '=', 'user_account.session_epoch')
      .where('refresh_expires_at', '>', now)
      .where('ends_at', '>', now)
      .executeTakeFirst();
  }

  private async endForReuse(session: { id: string; user_id: string; username: string }): Promise<void> {
    await this.end(session.id);
    await this.audit.refused(
      {
        ...requestContext(),
        actor: { kind: 'user', id: session.user_id, name: session.username },
        operation: 'refreshSession',
        targetKind: 'session',
        targetId: session.id,
      },
      'A spent refresh token was presented; the session was ended',
    );
  }

  private async endSurplus(userId: string): Promise<void> {
    await this.db
      .deleteFrom('session')
      .where('id', 'in', (eb) =>
        eb
          .selectFrom('session')
          .select('id')
          .where('user_id', '=', userId)
          .orderBy('refreshed_at', 'desc')
          .orderBy('id', 'desc')
          .limit(1_000)
          .offset(MAX_SESSIONS_PER_USER),
      )
      .execute();
  }
}

function issue(family: string, accessLifetimeMs: number): IssuedTokens {
  return {
    accessToken: newAccessToken(),
    refreshToken: newRefreshToken(family),
    tokenType: 'Bearer',
    expiresIn: Math.floor(accessLifetimeMs / 1_000),
  };
}

function invalidRefreshToken(): DomainError {
  return new DomainError('unauthenticated', 'The refresh token is not valid; sign in again');
}
