import type { RoleBindingScope } from '../access/role-binding.js';
import { parseScope } from '../access/role-binding-scope.js';
import { DomainError } from '../common/errors.js';
import { isSqlite } from '../database/open-database.js';
import type { Database } from '../database/schema.js';

/**
 * Carries out a change that may take the last admin away, and sees that one is left: an enabled user who has the role
 * `admin` over everything, up to the level `privileged`, by itself or by a team. Two who disable each other at the same time can not both succeed.
 *
 * @param transaction is rolled back by what is thrown
 * @throws DomainError `conflict` where there was an admin before and would be none after
 */
export async function keepingAnAdmin<T>(transaction: Database, work: () => Promise<T>): Promise<T> {
  await lockAdminBindings(transaction);
  const hadAdmin = await hasAdmin(transaction);
  const result = await work();
  if (hadAdmin && !(await hasAdmin(transaction))) {
    throw new DomainError('conflict', 'This is the last enabled user with the role admin over everything');
  }
  return result;
}

/** SQLite has one writer at a time anyway. */
async function lockAdminBindings(transaction: Database): Promise<void> {
  if (isSqlite(transaction)) return;
  await transaction
    .selectFrom('role_binding')
    .select('id')
    .where('role', '=', 'admin')
    .orderBy('id')
    .forUpdate()
    .execute();
}

async function hasAdmin(transaction: Database): Promise<boolean> {
  const direct = transaction
    .selectFrom('role_binding')
    .innerJoin('user_account', 'user_account.id', 'subject_id')
    .select('scope')
    .where('subject_kind', '=', 'user')
    .where('role', '=', 'admin')
    .where('level', '=', 'privileged')
    .where('disabled', '=', 0);
  const byTeam = transaction
    .selectFrom('role_binding')
    .innerJoin('team_member', 'team_id', 'subject_id')
    .innerJoin('user_account', 'user_account.id', 'user_id')
    .select('scope')
    .where('subject_kind', '=', 'team')
    .where('role', '=', 'admin')
    .where('level', '=', 'privileged')
    .where('disabled', '=', 0);
  const scopes = await direct.union(byTeam).execute();
  return scopes.some(({ scope }) => isEverything(parseScope(scope)));
}

function isEverything({ engines, labelSelector, owned, imageRepositories }: RoleBindingScope): boolean {
  return (
    engines.includes('*') && labelSelector === undefined && owned !== true && imageRepositories === undefined
  );
}
