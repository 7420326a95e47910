import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Selectable } from 'kysely';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { DomainError, messageOf, notFound } from '../common/errors.js';
import { DEFAULT_PAGE_SIZE, encodeCursor, type Page } from '../common/pagination.js';
import type { PermissionPattern } from '../common/permissions.js';
import { requestContext } from '../common/request-context.js';
import { isUuid, uuidV7 } from '../common/uuid-v7.js';
import { DATABASE } from '../database/database.token.js';
import type { ApiTokenTable, Database } from '../database/schema.js';
import { isForeignKeyViolation } from '../database/constraints.js';
import { decodeTimeCursor } from '../database/time-cursor.js';
import { CredentialCache } from './credential-cache.js';
import { hashToken, newApiToken } from './secret-token.js';
import { narrow, type TokenLimits } from './token-limits.js';
import type { User } from './users.service.js';

const DAY_MS = 24 * 60 * 60_000;
const DEFAULT_LIFETIME_MS = 90 * DAY_MS;
const MAX_LIFETIME_MS = 3_653 * DAY_MS;
const MAX_TOKENS_PER_OWNER = 100;
const LAST_USED_ACCURACY_MS = 60_000;

/** An API token as it is kept: without the secret. */
export interface StoredApiToken {
  readonly id: string;
  readonly name: string;
  readonly limits: TokenLimits;
  /** Milliseconds since the epoch, as all times here. */
  readonly createdAt: number;
  readonly expiresAt: number;
  /** Accurate to a minute; null for one that was never used. */
  readonly lastUsedAt: number | null;
}

export interface NewApiToken {
  readonly name: string;
  /** Undefined for all that the owner may. */
  readonly permissions?: readonly PermissionPattern[] | undefined;
  /** Undefined for all engines of the owner. */
  readonly engines?: readonly string[] | undefined;
  /** Undefined for 90 days from now. */
  readonly expiresAt?: number | undefined;
}

/** What a presented API token stands for. */
export interface ApiTokenGrant {
  readonly token: StoredApiToken;
  readonly user: Pick<User, 'id' | 'username'>;
}

/** API tokens, which their owners make for programs. What a token may is decided at each call, by its owner's rights. */
@Injectable()
export class ApiTokensService {
  private readonly logger = new Logger('Identity');

  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly credentials: CredentialCache,
  ) {}

  /**
   * Makes a token for `actor` itself. One made with an API token is never wider than that one, nor outlives it.
   *
   * @returns the token's secret too, which can't be shown again
   * @throws DomainError `forbidden` for one wider than the token in use; `invalid_input` for an end in the past or
   *   more than ten years ahead; `conflict` where there are too many
   */
  async create(actor: Actor, input: NewApiToken): Promise<{ token: StoredApiToken; secret: string }> {
    const now = this.clock.now();
    const limits = narrow({ permissions: input.permissions, engines: input.engines }, actor.limits);
    const secret = newApiToken();
    const row: ApiTokenTable = {
      id: uuidV7(now),
      ...ownerOf(actor),
      parent_id: actor.tokenId ?? null,
      name: input.name,
      hash: hashToken(secret),
      permissions: limits.permissions ? JSON.stringify(limits.permissions) : null,
      engines: limits.engines ? JSON.stringify(limits.engines) : null,
      created_at: now,
      expires_at: endOf(input.expiresAt, actor, now),
      last_used_at: null,
    };
    await this.insert(actor, row);
    return { token: toStoredApiToken(row), secret };
  }

  /** The actor's own tokens, oldest first, also those that have ended. */
  async list(
    actor: Actor,
    { limit = DEFAULT_PAGE_SIZE, after }: { limit?: number | undefined; after?: string | undefined } = {},
  ): Promise<Page<StoredApiToken>> {
    let query = this.own(actor)
      .selectAll()
      .orderBy('created_at')
      .orderBy('id')
      .limit(limit + 1);
    if (after !== undefined) {
      const { at, id } = decodeTimeCursor(after);
      query = query.where(({ eb, and, or }) =>
        or([eb('created_at', '>', at), and([eb('created_at', '=', at), eb('id', '>', id)])]),
      );
    }
    const rows = await query.execute();
    const items = rows.slice(0, limit).map(toStoredApiToken);
    const last = items.at(-1);
    return {
      items,
      nextCursor: last && rows.length > limit ? encodeCursor([last.createdAt, last.id]) : null,
      totalCount: await this.count(actor),
    };
  }

  /**
   * Withdraws one of the actor's own tokens, and those that were made with it.
   *
   * @throws DomainError `not_found`
   */
  async revoke(actor: Actor, id: string): Promise<void> {
    const row = isUuid(id)
      ? await this.own(actor).selectAll().where('id', '=', id).executeTakeFirst()
      : undefined;
    if (!row) throw notFound('API token', id);
    await this.db.transaction().execute(async (transaction) => {
      await transaction.deleteFrom('api_token').where('id', '=', id).execute();
      await this.audit.succeeded(this.entry(actor, 'revokeApiToken', row), transaction);
    });
    this.credentials.clear();
  }

  /** The API token with this hash, if it is good now. Notes that it was used. */
  async findByHash(tokenHash: string): Promise<ApiTokenGrant | undefined> {
    const row = await this.db
      .selectFrom('api_token')
      .innerJoin('user_account', 'user_account.id', 'api_token.owner_id')
      .selectAll('api_token')
      .select('username')
      .where('hash', '=', tokenHash)
      .where('owner_kind', '=', 'user')
      .where('disabled', '=', 0)
      .where('expires_at', '>', this.clock.now())
      .executeTakeFirst();
    if (!row) return undefined;
    await this.noteUse(row);
    return { token: toStoredApiToken(row), user: { id: row.owner_id, username: row.username } };
  }

  /** Whether the token is there, has not ended, and its owner may sign in. */
  async isLive(id: string): Promise<boolean> {
    const row = await this.db
      .selectFrom('api_token')
      .innerJoin('user_account', 'user_account.id', 'api_token.owner_id')
      .select('api_token.id')
      .where('api_token.id', '=', id)
      .where('owner_kind', '=', 'user')
      .where('disabled', '=', 0)
      .where('expires_at', '>', this.clock.now())
      .executeTakeFirst();
    return row !== undefined;
  }

  private async insert(actor: Actor, row: ApiTokenTable): Promise<void> {
    try {
      await this.db.transaction().execute(async (transaction) => {
        if ((await this.count(actor, transaction)) >= MAX_TOKENS_PER_OWNER) {
          throw new DomainError(
            'conflict',
            `There are ${MAX_TOKENS_PER_OWNER} tokens already; revoke some first`,
          );
        }
        await transaction.insertInto('api_token').values(row).execute();
        await this.audit.succeeded(this.entry(actor, 'createApiToken', row), transaction);
      });
    } catch (error) {
      if (!isForeignKeyViolation(error)) throw error;
      throw new DomainError('unauthenticated', 'The API token in use was revoked', { cause: error });
    }
  }

  private async noteUse({ id, last_used_at }: Selectable<ApiTokenTable>): Promise<void> {
    const now = this.clock.now();
    if (last_used_at !== null && now - last_used_at < LAST_USED_ACCURACY_MS) return;
    try {
      await this.db.updateTable('api_token').set({ last_used_at: now }).where('id', '=', id).execute();
    } catch (error) {
      // A full disk must not keep people from looking at what goes on.
      this.logger.warn(`the use of an API token can't be noted: ${messageOf(error)}`);
    }
  }

  private async count(actor: Actor, db = this.db): Promise<number> {
    const { count } = await this.own(actor, db)
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    return count;
  }

  private own(actor: Actor, db = this.db) {
    const { owner_kind, owner_id } = ownerOf(actor);
    return db.selectFrom('api_token').where('owner_kind', '=', owner_kind).where('owner_id', '=', owner_id);
  }

  private entry(actor: Actor, operation: string, { id, name }: Pick<ApiTokenTable, 'id' | 'name'>) {
    return { ...requestContext(), actor, operation, targetKind: 'apiToken', targetId: id, targetName: name };
  }
}

function ownerOf({ kind, id }: Actor): Pick<ApiTokenTable, 'owner_kind' | 'owner_id'> {
  if (kind === 'system') throw new DomainError('forbidden', 'The system has no API tokens');
  return { owner_kind: kind, owner_id: id };
}

function endOf(asked: number | undefined, actor: Actor, now: number): number {
  const latest = actor.tokenId === undefined ? now + MAX_LIFETIME_MS : (actor.expiresAt ?? now);
  const expiresAt = asked ?? Math.min(now + DEFAULT_LIFETIME_MS, latest);
  if (expiresAt > now && expiresAt <= latest) return expiresAt;
  const message =
    actor.tokenId === undefined
      ? 'must be in the future, at most ten years ahead'
      : 'must be in the future, and not after the end of the API token in use';
  throw new DomainError('invalid_input', `expiresAt ${message}`, {
    errors: [{ field: 'expiresAt', message }],
  });
}

function toStoredApiToken(row: Selectable<ApiTokenTable>): StoredApiToken {
  return {
    id: row.id,
    name: row.name,
    limits: {
      ...(row.permissions === null
        ? {}
        : { permissions: JSON.parse(row.permissions) as PermissionPattern[] }),
      ...(row.engines === null ? {} : { engines: JSON.parse(row.engines) as string[] }),
    },
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  };
}
