import { Inject, Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import { Clock } from '../common/clock.js';
import { DomainError, notFound } from '../common/errors.js';
import { decodeCursor, DEFAULT_PAGE_SIZE, encodeCursor, type Page } from '../common/pagination.js';
import { isUuid, uuidV7 } from '../common/uuid-v7.js';
import { DATABASE } from '../database/database.token.js';
import type { Database, UserAccountTable } from '../database/schema.js';
import { CredentialCache } from './credential-cache.js';
import { InitialPasswordFile } from './initial-password-file.js';
import { PasswordHasher } from './password-hasher.js';
import { checkPassword } from './password-policy.js';
import { checkUsername, isUsername, normalizeUsername } from './username.js';

export interface User {
  readonly id: string;
  readonly username: string;
  readonly disabled: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What signing in needs to know of a user. */
export interface UserCredentials extends User {
  readonly passwordHash: string;
  /** See `SessionTable.session_epoch`. */
  readonly sessionEpoch: number;
}

/** Users and their passwords. Who may change whom is the caller's to decide. */
@Injectable()
export class UsersService {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
    private readonly hasher: PasswordHasher,
    private readonly credentials: CredentialCache,
    private readonly initialPassword: InitialPasswordFile,
  ) {}

  /** @throws DomainError `invalid_input` for a username or password against the rules; `conflict` for a known username */
  async create(input: { username: string; password: string }): Promise<User> {
    const username = checkUsername(input.username);
    checkPassword(input.password, username);
    const user = await this.insert(username, await this.hasher.hash(input.password), this.db);
    if (!user) throw new DomainError('conflict', `There is a user ${username} already`);
    return user;
  }

  /**
   * Stores a user whose name and password have been checked.
   *
   * @param db the transaction to take part in
   * @returns undefined where the username is taken
   */
  async insert(username: string, passwordHash: string, db: Database): Promise<User | undefined> {
    const now = this.clock.now();
    const row = await db
      .insertInto('user_account')
      .values({
        id: uuidV7(now),
        username,
        password_hash: passwordHash,
        disabled: 0,
        session_epoch: 0,
        created_at: now,
        updated_at: now,
      })
      .onConflict((conflict) => conflict.column('username').doNothing())
      .returningAll()
      .executeTakeFirst();
    return row && toUser(row);
  }

  /** @throws DomainError `not_found` */
  async get(id: string): Promise<User> {
    return toUser(await this.row(id));
  }

  /** The user of that name, in any case. */
  async findByName(username: string): Promise<User | undefined> {
    const row = await this.rowByName(username);
    return row && toUser(row);
  }

  /** The user of that name, in any case, with what signing in needs. */
  async findCredentials(username: string): Promise<UserCredentials | undefined> {
    const row = await this.rowByName(username);
    return row && { ...toUser(row), passwordHash: row.password_hash, sessionEpoch: row.session_epoch };
  }

  /** By username. */
  async list({ limit = DEFAULT_PAGE_SIZE, after }: { limit?: number; after?: string } = {}): Promise<
    Page<User>
  > {
    let query = this.db
      .selectFrom('user_account')
      .selectAll()
      .orderBy('username')
      .limit(limit + 1);
    if (after !== undefined) query = query.where('username', '>', usernameOf(after));
    const rows = await query.execute();
    const items = rows.slice(0, limit).map(toUser);
    const last = items.at(-1);
    return {
      items,
      nextCursor: last && rows.length > limit ? encodeCursor([last.username, last.id]) : null,
      totalCount: await this.count(),
    };
  }

  async count(): Promise<number> {
    const { count } = await this.db
      .selectFrom('user_account')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    return count;
  }

  /**
   * Turns a user away from now on: sessions end, API tokens are refused until `enable`.
   *
   * @throws DomainError `not_found`
   */
  async disable(id: string): Promise<User> {
    return this.change(id, { disabled: 1 }, { endSessions: true });
  }

  /** @throws DomainError `not_found` */
  async enable(id: string): Promise<User> {
    return this.change(id, { disabled: 0 }, { endSessions: false });
  }

  /**
   * Sets the password and ends all sessions of the user. API tokens stay.
   *
   * @throws DomainError `not_found`; `invalid_input` for a password against the rules
   */
  async setPassword(id: string, password: string): Promise<User> {
    const { username } = await this.row(id);
    checkPassword(password, username);
    const passwordHash = await this.hasher.hash(password);
    const user = await this.change(id, { password_hash: passwordHash }, { endSessions: true });
    await this.initialPassword.removeFor(username);
    return user;
  }

  private async change(
    id: string,
    values: Partial<Pick<UserAccountTable, 'disabled' | 'password_hash'>>,
    { endSessions }: { endSessions: boolean },
  ): Promise<User> {
    const row = await this.db.transaction().execute(async (transaction) => {
      const changed = await transaction
        .updateTable('user_account')
        .set((eb) => ({
          ...values,
          updated_at: this.clock.now(),
          ...(endSessions ? { session_epoch: eb('session_epoch', '+', 1) } : {}),
        }))
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst();
      if (endSessions) await transaction.deleteFrom('session').where('user_id', '=', id).execute();
      return changed;
    });
    this.credentials.clear();
    if (!row) throw notFound('user', id);
    return toUser(row);
  }

  private async row(id: string): Promise<Selectable<UserAccountTable>> {
    const row = isUuid(id)
      ? await this.db.selectFrom('user_account').selectAll().where('id', '=', id).executeTakeFirst()
      : undefined;
    if (!row) throw notFound('user', id);
    return row;
  }

  private async rowByName(name: string): Promise<Selectable<UserAccountTable> | undefined> {
    const username = normalizeUsername(name);
    if (!isUsername(username)) return undefined;
    return this.db.selectFrom('user_account').selectAll().where('username', '=', username).executeTakeFirst();
  }
}

function toUser(row: Selectable<UserAccountTable>): User {
  return {
    id: row.id,
    username: row.username,
    disabled: row.disabled === 1,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** The username that a page ended with. */
function usernameOf(cursor: string): string {
  const [username] = decodeCursor(cursor, 'string');
  return isUsername(username) ? username : '';
}
