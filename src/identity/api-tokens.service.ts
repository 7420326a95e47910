import { Inject, Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { recordingRefusal } from '../audit/refusals.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { type DryRunQuery, inTransaction } from '../common/dry-run.js';
import { DomainError, notFound } from '../common/errors.js';
import type { Page, PageRequest } from '../common/pagination.js';
import type { PermissionPattern } from '../common/permissions.js';
import { requestContext } from '../common/request-context.js';
import { isUuid, uuidV7 } from '../common/uuid-v7.js';
import { DATABASE } from '../database/database.token.js';
import type { ApiTokenTable, Database } from '../database/schema.js';
import { isForeignKeyViolation } from '../database/constraints.js';
import { timePage } from '../database/time-cursor.js';
import { type StoredApiToken, type TokenOwner, toStoredApiToken } from './api-token.js';
import { CredentialCache } from './credential-cache.js';
import { hashToken, newApiToken } from './secret-token.js';
import { narrow } from './token-limits.js';

export type { StoredApiToken } from './api-token.js';

const DAY_MS = 24 * 60 * 60_000;
const DEFAULT_LIFETIME_MS = 90 * DAY_MS;
const MAX_LIFETIME_MS = 3_653 * DAY_MS;
const MAX_TOKENS_PER_OWNER = 100;

export interface NewApiToken {
  readonly name: string;
  /** Undefined for all that the owner may. */
  readonly permissions?: readonly PermissionPattern[] | undefined;
  /** Undefined for all engines of the owner. */
  readonly engines?: readonly string[] | undefined;
  /** Undefined for 90 days from now. */
  readonly expiresAt?: number | undefined;
}

export interface MadeApiToken {
  readonly token: StoredApiToken;
  /** Can't be shown again. */
  readonly secret: string;
}

/**
 * API tokens, which their owners make for programs. What a token may is decided at each call, by its owner's rights.
 * With a token that has limits, only that one and those that were made with it are within reach: the others may be
 * wider.
 */
@Injectable()
export class ApiTokensService {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly credentials: CredentialCache,
  ) {}

  /**
   * Makes a token for `actor` itself, and records it. One made with an API token is never wider than that one, nor
   * outlives it.
   *
   * @throws DomainError `forbidden` for one wider than the token in use; `invalid_input` for an end in the past or
   *   more than ten years ahead; `conflict` where there are too many
   */
  async create(actor: Actor, input: NewApiToken, options: DryRunQuery = {}): Promise<MadeApiToken> {
    await this.requireNarrow(actor, input, 'createApiToken');
    return this.make(actor, ownerOf(actor), input, options, (transaction, row) =>
      this.audit.succeeded(entry(actor, 'createApiToken', row), transaction),
    );
  }

  /**
   * @param operation names what is tried in the audit trail
   * @throws DomainError `forbidden`, recorded, for limits wider than those of the token in use
   */
  async requireNarrow(
    actor: Actor,
    { name, permissions, engines }: NewApiToken,
    operation: string,
  ): Promise<void> {
    const entry = { ...requestContext(), actor, operation, targetKind: 'apiToken', targetName: name };
    await recordingRefusal(this.audit, entry, () => {
      narrow({ permissions, engines }, actor.limits);
    });
  }

  /**
   * Makes a token for somebody else: whether `actor` may (`requireNarrow` too), and the record of it, are the caller's.
   *
   * @throws as `create`
   */
  async createFor(
    actor: Actor,
    owner: TokenOwner,
    input: NewApiToken,
    options: DryRunQuery = {},
  ): Promise<MadeApiToken> {
    return this.make(actor, owner, input, options);
  }

  /** The actor's own tokens, oldest first, also those that have ended. */
  async list(actor: Actor, page: PageRequest = {}): Promise<Page<StoredApiToken>> {
    return this.listOf(ownerOf(actor), page, await this.reachOf(actor));
  }

  /** All tokens of `owner`, oldest first, also those that have ended. */
  listOf(
    owner: TokenOwner,
    page: PageRequest = {},
    reach?: readonly string[],
  ): Promise<Page<StoredApiToken>> {
    const rows = this.of(owner, reach).selectAll();
    return timePage({ rows, table: 'api_token', order: 'oldest first', toItem: toStoredApiToken }, page);
  }

  /** The token with this id, whoever owns it. */
  async find(id: string): Promise<StoredApiToken | undefined> {
    if (!isUuid(id)) return undefined;
    const row = await this.db.selectFrom('api_token').selectAll().where('id', '=', id).executeTakeFirst();
    return row && toStoredApiToken(row);
  }

  /** Whether it is one of the actor's own tokens, and within reach of the token in use. */
  async isWithinReach(actor: Actor, { id, owner }: StoredApiToken): Promise<boolean> {
    if (owner.kind !== actor.kind || owner.id !== actor.id) return false;
    return (await this.reachOf(actor))?.includes(id) ?? true;
  }

  /**
   * Withdraws one of the actor's own tokens, and those that were made with it, and records it.
   *
   * @throws DomainError `not_found`
   */
  async revoke(actor: Actor, id: string): Promise<void> {
    const token = await this.find(id);
    if (!token || !(await this.isWithinReach(actor, token))) throw notFound('API token', id);
    await this.db.transaction().execute(async (transaction) => {
      await transaction.deleteFrom('api_token').where('id', '=', id).execute();
      await this.audit.succeeded(entry(actor, 'revokeApiToken', token), transaction);
    });
    this.credentials.clear();
  }

  /**
   * Withdraws a token, and those that were made with it, whoever owns it: whether that is allowed, and the record of it,
   * are the caller's.
   *
   * @throws DomainError `not_found`
   */
  async delete(id: string): Promise<void> {
    const { numDeletedRows } = await this.db
      .deleteFrom('api_token')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    this.credentials.clear();
    if (numDeletedRows === 0n) throw notFound('API token', id);
  }

  private async make(
    actor: Actor,
    owner: TokenOwner,
    input: NewApiToken,
    options: DryRunQuery,
    alsoWrite?: (transaction: Database, row: ApiTokenTable) => Promise<void>,
  ): Promise<MadeApiToken> {
    const now = this.clock.now();
    const limits = narrow({ permissions: input.permissions, engines: input.engines }, actor.limits);
    const secret = newApiToken();
    const row: ApiTokenTable = {
      id: uuidV7(now),
      owner_kind: owner.kind,
      owner_id: owner.id,
      parent_id: actor.tokenId ?? null,
      name: input.name,
      hash: hashToken(secret),
      permissions: limits.permissions ? JSON.stringify(limits.permissions) : null,
      engines: limits.engines ? JSON.stringify(limits.engines) : null,
      created_at: now,
      expires_at: endOf(input.expiresAt, actor, now),
      last_used_at: null,
    };
    try {
      await inTransaction(this.db.transaction(), options, async (transaction) => {
        if ((await this.count(owner, transaction)) >= MAX_TOKENS_PER_OWNER) {
          throw new DomainError(
            'conflict',
            `There are ${MAX_TOKENS_PER_OWNER} tokens already; revoke some first`,
          );
        }
        await transaction.insertInto('api_token').values(row).execute();
        await alsoWrite?.(transaction, row);
      });
    } catch (error) {
      if (!isForeignKeyViolation(error)) throw error;
      throw new DomainError('unauthenticated', 'The API token in use was revoked', { cause: error });
    }
    return { token: toStoredApiToken(row), secret };
  }

  /** The ids of the tokens that the token in use may know of; undefined for all of the owner. */
  private async reachOf(actor: Actor): Promise<string[] | undefined> {
    const { tokenId, limits } = actor;
    if (tokenId === undefined || (!limits?.permissions && !limits?.engines)) return undefined;
    const rows = await this.of(ownerOf(actor)).select(['id', 'parent_id']).orderBy('created_at').execute();
    const reach = new Set([tokenId]);
    // Walked until nothing new is found: ids of one millisecond need not be in the order in which they were made.
    for (let known = 0; known !== reach.size;) {
      known = reach.size;
      for (const { id, parent_id } of rows) if (parent_id !== null && reach.has(parent_id)) reach.add(id);
    }
    return [...reach];
  }

  private async count(owner: TokenOwner, db: Database): Promise<number> {
    const { count } = await this.of(owner, undefined, db)
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    return count;
  }

  private of({ kind, id }: TokenOwner, reach?: readonly string[], db = this.db) {
    const query = db.selectFrom('api_token').where('owner_kind', '=', kind).where('owner_id', '=', id);
    return reach ? query.where('id', 'in', reach) : query;
  }
}

function entry(actor: Actor, operation: string, { id, name }: Pick<StoredApiToken, 'id' | 'name'>) {
  return { ...requestContext(), actor, operation, targetKind: 'apiToken', targetId: id, targetName: name };
}

function ownerOf({ kind, id }: Actor): TokenOwner {
  if (kind === 'system') throw new DomainError('forbidden', 'The system has no API tokens');
  return { kind, id };
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
