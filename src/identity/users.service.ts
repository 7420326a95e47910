import { Inject, Injectable } from '@nestjs/common';
import { type Selectable, sql } from 'kysely';
import { RoleBindingsService } from '../access/role-bindings.service.js';
import { Clock } from '../common/clock.js';
import { type DryRunQuery, inTransaction } from '../common/dry-run.js';
import { DomainError, notFound } from '../common/errors.js';
import { DEFAULT_PAGE_SIZE, type Page, type PageRequest } from '../common/pagination.js';
import { isUuid, uuidV7 } from '../common/uuid-v7.js';
import { DATABASE } from '../database/database.token.js';
import type { Database, UserAccountTable } from '../database/schema.js';
import { CredentialCache } from './credential-cache.js';
import { InitialPasswordFile } from './initial-password-file.js';
import { keepingAnAdmin } from './last-admin.js';
import { namePage, nameOf } from './name-page.js';
import { PasswordHasher } from './password-hasher.js';
import { checkPassword } from './password-policy.js';
import { forgetSubject } from './subject-removal.js';
import { checkUsername, isUsername, normalizeUsername } from './username.js';

export interface User {
  readonly id: string;
  readonly username: string;
  /** What people call the user; null where nobody said. */
  readonly displayName: string | null;
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

export interface NewUser {
  readonly username: string;
  readonly password: string;
  readonly displayName?: string | undefined;
}

/** What is given is changed. */
export interface UserChanges {
  /** An empty one takes it away. */
  readonly displayName?: string | undefined;
  readonly disabled?: boolean | undefined;
  readonly password?: string | undefined;
}

/** Which users to list: those that meet all that is given. */
export interface UserFilter {
  /** How the username begins, in any case. */
  readonly username?: string | undefined;
  readonly disabled?: boolean | undefined;
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
    private readonly roleBindings: RoleBindingsService,
  ) {}

  /** @throws DomainError `invalid_input` for a username or password against the rules; `conflict` for a known username */
  async create(input: NewUser, options: DryRunQuery = {}): Promise<User> {
    const username = checkUsername(input.username);
    checkPassword(input.password, username);
    const passwordHash = await this.hasher.hash(input.password);
    return inTransaction(this.db.transaction(), options, async (transaction) => {
      const user = await this.insert(username, passwordHash, transaction, input.displayName);
      if (!user) throw new DomainError('conflict', `There is a user ${username} already`);
      return user;
    });
  }

  /**
   * Stores a user whose name and password have been checked.
   *
   * @param db the transaction to take part in
   * @returns undefined where the username is taken
   */
  async insert(
    username: string,
    passwordHash: string,
    db: Database,
    displayName?: string,
  ): Promise<User | undefined> {
    const now = this.clock.now();
    const row = await db
      .insertInto('user_account')
      .values({
        id: uuidV7(now),
        username,
        display_name: textOrNull(displayName),
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
  async list(
    { limit = DEFAULT_PAGE_SIZE, after }: PageRequest = {},
    filter: UserFilter = {},
  ): Promise<Page<User>> {
    let query = this.matching(filter)
      .selectAll()
      .orderBy('username')
      .limit(limit + 1);
    if (after !== undefined) query = query.where('username', '>', nameOf(after));
    const rows = await query.execute();
    return namePage(rows.map(toUser), limit, await this.count(filter), ({ username }) => username);
  }

  async count(filter: UserFilter = {}): Promise<number> {
    const { count } = await this.matching(filter)
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    return count;
  }

  /**
   * A new password, and being disabled, end all sessions of the user. API tokens stay, and are refused while their owner
   * is disabled.
   *
   * @throws DomainError `not_found`; `invalid_input` for a password against the rules; `conflict` for disabling the last
   *   admin
   */
  async update(id: string, { displayName, disabled, password }: UserChanges): Promise<User> {
    const { username } = await this.row(id);
    if (password !== undefined) checkPassword(password, username);
    const values = {
      ...(displayName === undefined ? {} : { display_name: textOrNull(displayName) }),
      ...(disabled === undefined ? {} : { disabled: disabled ? (1 as const) : (0 as const) }),
      ...(password === undefined ? {} : { password_hash: await this.hasher.hash(password) }),
    };
    const endSessions = disabled === true || password !== undefined;
    const change = (transaction: Database) => this.change(transaction, id, values, endSessions);
    const user = await this.db
      .transaction()
      .execute((transaction) =>
        disabled === true ? keepingAnAdmin(transaction, () => change(transaction)) : change(transaction),
      );
    this.credentials.clear();
    if (password !== undefined) await this.initialPassword.removeFor(username);
    return user;
  }

  /** Turns a user away from now on. */
  disable(id: string): Promise<User> {
    return this.update(id, { disabled: true });
  }

  enable(id: string): Promise<User> {
    return this.update(id, { disabled: false });
  }

  setPassword(id: string, password: string): Promise<User> {
    return this.update(id, { password });
  }

  /**
   * Deletes a user with its sessions, API tokens, memberships and role bindings. What it owned belongs to nobody.
   *
   * @throws DomainError `not_found`; `conflict` for the last admin
   */
  async delete(id: string): Promise<void> {
    await this.row(id);
    await this.db.transaction().execute((transaction) =>
      keepingAnAdmin(transaction, async () => {
        await forgetSubject(transaction, { kind: 'user', id });
        await transaction.deleteFrom('user_account').where('id', '=', id).execute();
      }),
    );
    this.roleBindings.invalidate();
    this.credentials.clear();
  }

  private async change(
    transaction: Database,
    id: string,
    values: Partial<Pick<UserAccountTable, 'display_name' | 'disabled' | 'password_hash'>>,
    endSessions: boolean,
  ): Promise<User> {
    const row = await transaction
      .updateTable('user_account')
      .set((eb) => ({
        ...values,
        updated_at: this.clock.now(),
        ...(endSessions ? { session_epoch: eb('session_epoch', '+', 1) } : {}),
      }))
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst();
    if (!row) throw notFound('user', id);
    if (endSessions) await transaction.deleteFrom('session').where('user_id', '=', id).execute();
    return toUser(row);
  }

  private matching({ username, disabled }: UserFilter) {
    let query = this.db.selectFrom('user_account');
    if (username !== undefined) {
      const start = normalizeUsername(username);
      query = query.where(sql<string>`substr(username, 1, ${sql.lit(start.length)})`, '=', start);
    }
    if (disabled !== undefined) query = query.where('disabled', '=', disabled ? 1 : 0);
    return query;
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
    displayName: row.display_name,
    disabled: row.disabled === 1,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function textOrNull(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}
