import { Inject, Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import { Clock } from '../common/clock.js';
import { type DryRunQuery, inTransaction } from '../common/dry-run.js';
import { changedMeanwhile, DomainError, notFound } from '../common/errors.js';
import { ExpiringCache } from '../common/expiring-cache.js';
import { isPermissionPattern, type PermissionPattern } from '../common/permissions.js';
import { BUILT_IN_ROLES, type RoleDefinition } from '../common/roles.js';
import { DATABASE } from '../database/database.token.js';
import type { CustomRoleTable, Database } from '../database/schema.js';

/** How late another replica's change may be seen. Changes of this process are seen at once. */
const MAX_AGE_MS = 2_000;
/** All of them are kept in memory. */
const MAX_CUSTOM_ROLES = 500;

/** A role that somebody made. */
export interface CustomRole extends RoleDefinition {
  readonly name: string;
  /** See `CustomRoleTable`. */
  readonly revision: number;
  readonly bindingRevision: number;
}

export interface NewCustomRole {
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly PermissionPattern[];
}

/** Stores roles besides the built-in ones. Who may make which is the caller's to decide. */
@Injectable()
export class CustomRolesService {
  private readonly cache: ExpiringCache<ReadonlyMap<string, CustomRole>>;

  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
  ) {
    this.cache = new ExpiringCache(clock, { ttlMs: MAX_AGE_MS, capacity: 1 });
  }

  /** All custom roles by name, at most 2 s old. */
  all(): Promise<ReadonlyMap<string, CustomRole>> {
    return this.cache.get('all', async () => {
      const rows = await this.db.selectFrom('custom_role').selectAll().orderBy('name').execute();
      return new Map(rows.map((row) => [row.name, fromRow(row)]));
    });
  }

  /** As it is stored now. */
  async find(name: string): Promise<CustomRole | undefined> {
    const row = await this.db
      .selectFrom('custom_role')
      .selectAll()
      .where('name', '=', name)
      .executeTakeFirst();
    return row && fromRow(row);
  }

  /** @throws DomainError `conflict` for a name that is taken, also by a built-in role, or where there are too many */
  async create(role: NewCustomRole, dryRun: DryRunQuery = {}): Promise<CustomRole> {
    const made = await inTransaction(this.db.transaction(), dryRun, (transaction) =>
      this.insert(role, transaction),
    );
    this.invalidate();
    return made;
  }

  /**
   * @param known the role and its bindings as they were when it was decided that this change is allowed
   * @throws DomainError `conflict` where either has changed since then
   */
  async update(
    known: CustomRole,
    change: Partial<Pick<CustomRole, 'description' | 'permissions'>>,
  ): Promise<CustomRole> {
    const { description = known.description, permissions = known.permissions } = change;
    const row = await this.db
      .updateTable('custom_role')
      .set((eb) => ({
        description,
        permissions: JSON.stringify(permissions),
        revision: eb('revision', '+', 1),
        updated_at: this.clock.now(),
      }))
      .where('name', '=', known.name)
      .where('revision', '=', known.revision)
      .where('binding_revision', '=', known.bindingRevision)
      .returningAll()
      .executeTakeFirst();
    this.invalidate();
    if (!row) throw changedMeanwhile('role', known.name);
    return fromRow(row);
  }

  /** @throws DomainError `not_found`; `conflict` that tells how many bindings give the role */
  async delete(name: string): Promise<void> {
    await this.db.transaction().execute(async (transaction) => {
      // Deleted first: from here on nobody can bind it, so that what is counted then stays true.
      const { numDeletedRows } = await transaction
        .deleteFrom('custom_role')
        .where('name', '=', name)
        .executeTakeFirstOrThrow();
      if (numDeletedRows === 0n) throw notFound('role', name);
      const { count } = await transaction
        .selectFrom('role_binding')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('role', '=', name)
        .executeTakeFirstOrThrow();
      if (count > 0) {
        const bindings = count === 1 ? '1 role binding gives' : `${count} role bindings give`;
        throw new DomainError('conflict', `The role ${name} is in use: ${bindings} it to somebody`);
      }
    });
    this.invalidate();
  }

  /**
   * Notes, with a binding of the role that is about to be stored, that the role is still what was decided about.
   *
   * @param transaction the one that stores the binding
   * @throws DomainError `conflict` for a role that was changed or deleted since then
   */
  async bound({ name, revision }: CustomRole, transaction: Database): Promise<void> {
    const { numUpdatedRows } = await transaction
      .updateTable('custom_role')
      .set((eb) => ({ binding_revision: eb('binding_revision', '+', 1) }))
      .where('name', '=', name)
      .where('revision', '=', revision)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) throw changedMeanwhile('role', name);
  }

  /** Makes the next decision see every change that is committed now. */
  invalidate(): void {
    this.cache.clear();
  }

  private async insert(
    { name, description, permissions }: NewCustomRole,
    transaction: Database,
  ): Promise<CustomRole> {
    const { count } = await transaction
      .selectFrom('custom_role')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    if (count >= MAX_CUSTOM_ROLES) {
      throw new DomainError('conflict', `There are ${MAX_CUSTOM_ROLES} roles already; delete some first`);
    }
    const now = this.clock.now();
    const row = isBuiltIn(name)
      ? undefined
      : await transaction
          .insertInto('custom_role')
          .values({
            name,
            description,
            permissions: JSON.stringify(permissions),
            revision: 1,
            binding_revision: 0,
            created_at: now,
            updated_at: now,
          })
          .onConflict((conflict) => conflict.column('name').doNothing())
          .returningAll()
          .executeTakeFirst();
    if (!row) throw new DomainError('conflict', `There is a role ${name} already`);
    return fromRow(row);
  }
}

export function isBuiltIn(name: string): name is keyof typeof BUILT_IN_ROLES {
  return Object.hasOwn(BUILT_IN_ROLES, name);
}

function fromRow(row: Selectable<CustomRoleTable>): CustomRole {
  return {
    name: row.name,
    description: row.description,
    permissions: parsePermissions(row.permissions),
    revision: row.revision,
    bindingRevision: row.binding_revision,
  };
}

/** Without permissions that another version of Dockmaster knew and this one does not. */
function parsePermissions(text: string): PermissionPattern[] {
  const permissions: unknown = JSON.parse(text);
  if (!Array.isArray(permissions)) {
    throw new DomainError('internal', 'A stored role has permissions that are not valid');
  }
  return permissions.filter(
    (entry): entry is PermissionPattern => typeof entry === 'string' && isPermissionPattern(entry),
  );
}
