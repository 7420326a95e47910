import { Inject, Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import { RoleBindingsService } from '../access/role-bindings.service.js';
import { Clock } from '../common/clock.js';
import { type DryRunQuery, inTransaction } from '../common/dry-run.js';
import { DomainError, notFound } from '../common/errors.js';
import { DEFAULT_PAGE_SIZE, type Page, type PageRequest } from '../common/pagination.js';
import { isUuid, uuidV7 } from '../common/uuid-v7.js';
import { DATABASE } from '../database/database.token.js';
import type { Database, ServiceAccountTable } from '../database/schema.js';
import { CredentialCache } from './credential-cache.js';
import { namePage, nameOf } from './name-page.js';
import { forgetSubject } from './subject-removal.js';
import { checkName } from './username.js';

/** A program that is somebody of its own: it has role bindings and API tokens, and no password. */
export interface StoredServiceAccount {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly disabled: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Service accounts. Who may change them is the caller's to decide. */
@Injectable()
export class ServiceAccountsService {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
    private readonly roleBindings: RoleBindingsService,
    private readonly credentials: CredentialCache,
  ) {}

  /** By name. */
  async list({ limit = DEFAULT_PAGE_SIZE, after }: PageRequest = {}): Promise<Page<StoredServiceAccount>> {
    let query = this.db
      .selectFrom('service_account')
      .selectAll()
      .orderBy('name')
      .limit(limit + 1);
    if (after !== undefined) query = query.where('name', '>', nameOf(after));
    const rows = await query.execute();
    const { count } = await this.db
      .selectFrom('service_account')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    return namePage(rows.map(toServiceAccount), limit, count, ({ name }) => name);
  }

  /** @throws DomainError `not_found` */
  async get(id: string): Promise<StoredServiceAccount> {
    const row = isUuid(id)
      ? await this.db.selectFrom('service_account').selectAll().where('id', '=', id).executeTakeFirst()
      : undefined;
    if (!row) throw notFound('service account', id);
    return toServiceAccount(row);
  }

  /** Whether there is such a service account, and it is not disabled. */
  async isEnabled(id: string): Promise<boolean> {
    const row = await this.db
      .selectFrom('service_account')
      .select('disabled')
      .where('id', '=', id)
      .executeTakeFirst();
    return row?.disabled === 0;
  }

  /** @throws DomainError `invalid_input` for a name against the rules; `conflict` for one that is taken */
  async create(
    input: { name: string; description?: string | undefined },
    options: DryRunQuery = {},
  ): Promise<StoredServiceAccount> {
    const name = checkName(input.name);
    const now = this.clock.now();
    return inTransaction(this.db.transaction(), options, async (transaction) => {
      const row = await transaction
        .insertInto('service_account')
        .values({
          id: uuidV7(now),
          name,
          description: input.description ?? '',
          disabled: 0,
          created_at: now,
          updated_at: now,
        })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .returningAll()
        .executeTakeFirst();
      if (!row) throw new DomainError('conflict', `There is a service account ${name} already`);
      return toServiceAccount(row);
    });
  }

  /**
   * While it is disabled, its API tokens are refused.
   *
   * @throws DomainError `not_found`
   */
  async update(
    id: string,
    { description, disabled }: { description?: string | undefined; disabled?: boolean | undefined },
  ): Promise<StoredServiceAccount> {
    const row = await this.db
      .updateTable('service_account')
      .set({
        ...(description === undefined ? {} : { description }),
        ...(disabled === undefined ? {} : { disabled: disabled ? (1 as const) : (0 as const) }),
        updated_at: this.clock.now(),
      })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst();
    this.credentials.clear();
    if (!row) throw notFound('service account', id);
    return toServiceAccount(row);
  }

  /**
   * Deletes a service account with its API tokens and role bindings. What it owned belongs to nobody.
   *
   * @throws DomainError `not_found`
   */
  async delete(id: string): Promise<void> {
    await this.db.transaction().execute(async (transaction) => {
      await forgetSubject(transaction, { kind: 'serviceAccount', id });
      const { numDeletedRows } = await transaction
        .deleteFrom('service_account')
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      if (numDeletedRows === 0n) throw notFound('service account', id);
    });
    this.roleBindings.invalidate();
    this.credentials.clear();
  }
}

function toServiceAccount(row: Selectable<ServiceAccountTable>): StoredServiceAccount {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    disabled: row.disabled === 1,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
