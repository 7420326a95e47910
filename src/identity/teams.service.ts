import { Inject, Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import { RoleBindingsService } from '../access/role-bindings.service.js';
import { Clock } from '../common/clock.js';
import { type DryRunQuery, inTransaction } from '../common/dry-run.js';
import { DomainError, notFound } from '../common/errors.js';
import { DEFAULT_PAGE_SIZE, type Page, type PageRequest } from '../common/pagination.js';
import { isUuid, uuidV7 } from '../common/uuid-v7.js';
import { isUniqueViolation } from '../database/constraints.js';
import { DATABASE } from '../database/database.token.js';
import type { Database, TeamTable } from '../database/schema.js';
import { CredentialCache } from './credential-cache.js';
import { keepingAnAdmin } from './last-admin.js';
import { namePage, nameOf } from './name-page.js';
import { forgetSubject } from './subject-removal.js';
import { checkName } from './username.js';

/** Users who have the same role bindings. */
export interface StoredTeam {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Teams. Who is in them is kept by TeamMembersService; who may change them is the caller's to decide. */
@Injectable()
export class TeamsService {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
    private readonly roleBindings: RoleBindingsService,
    private readonly credentials: CredentialCache,
  ) {}

  /** By name. */
  async list({ limit = DEFAULT_PAGE_SIZE, after }: PageRequest = {}): Promise<Page<StoredTeam>> {
    let query = this.db
      .selectFrom('team')
      .selectAll()
      .orderBy('name')
      .limit(limit + 1);
    if (after !== undefined) query = query.where('name', '>', nameOf(after));
    const rows = await query.execute();
    const { count } = await this.db
      .selectFrom('team')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    return namePage(rows.map(toTeam), limit, count, ({ name }) => name);
  }

  /** @throws DomainError `not_found` */
  async get(id: string): Promise<StoredTeam> {
    const row = isUuid(id)
      ? await this.db.selectFrom('team').selectAll().where('id', '=', id).executeTakeFirst()
      : undefined;
    if (!row) throw notFound('team', id);
    return toTeam(row);
  }

  /** @throws DomainError `invalid_input` for a name against the rules; `conflict` for one that is taken */
  async create(
    input: { name: string; description?: string | undefined },
    options: DryRunQuery = {},
  ): Promise<StoredTeam> {
    const name = checkName(input.name);
    const now = this.clock.now();
    return inTransaction(this.db.transaction(), options, async (transaction) => {
      const row = await transaction
        .insertInto('team')
        .values({
          id: uuidV7(now),
          name,
          description: input.description ?? '',
          created_at: now,
          updated_at: now,
        })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .returningAll()
        .executeTakeFirst();
      if (!row) throw taken(name);
      return toTeam(row);
    });
  }

  /** @throws DomainError `not_found`; as `create` */
  async update(
    id: string,
    changes: { name?: string | undefined; description?: string | undefined },
  ): Promise<StoredTeam> {
    const name = changes.name === undefined ? undefined : checkName(changes.name);
    try {
      const row = await this.db
        .updateTable('team')
        .set({
          ...(name === undefined ? {} : { name }),
          ...(changes.description === undefined ? {} : { description: changes.description }),
          updated_at: this.clock.now(),
        })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst();
      if (!row) throw notFound('team', id);
      return toTeam(row);
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw taken(name ?? '', error);
    }
  }

  /**
   * Deletes a team with its role bindings. What it owned belongs to nobody.
   *
   * @throws DomainError `not_found`; `conflict` where the last admin is one by this team
   */
  async delete(id: string): Promise<void> {
    await this.db.transaction().execute((transaction) =>
      keepingAnAdmin(transaction, async () => {
        await forgetSubject(transaction, { kind: 'team', id });
        const { numDeletedRows } = await transaction
          .deleteFrom('team')
          .where('id', '=', id)
          .executeTakeFirstOrThrow();
        if (numDeletedRows === 0n) throw notFound('team', id);
      }),
    );
    this.roleBindings.invalidate();
    this.credentials.clear();
  }
}

function taken(name: string, cause?: unknown): DomainError {
  return new DomainError('conflict', `There is a team ${name} already`, { cause });
}

function toTeam(row: Selectable<TeamTable>): StoredTeam {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
