import type { Subject } from '../access/role-binding.js';
import type { Database } from '../database/schema.js';

/**
 * Takes away what hangs on a user, team or service account that is being deleted and that no foreign key takes away:
 * its role bindings and API tokens, scoped sockets and client certificates. What it owns stays owned by an id that nobody has, so by nobody.
 *
 * @param transaction the one that deletes it; call `RoleBindingsService.invalidate` when it is committed
 */
export async function forgetSubject(transaction: Database, { kind, id }: Subject): Promise<void> {
  await transaction
    .deleteFrom('role_binding')
    .where('subject_kind', '=', kind)
    .where('subject_id', '=', id)
    .execute();
  if (kind === 'team') return;
  await transaction
    .deleteFrom('api_token')
    .where('owner_kind', '=', kind)
    .where('owner_id', '=', id)
    .execute();
  await transaction
    .deleteFrom('doorway')
    .where('subject_kind', '=', kind)
    .where('subject_id', '=', id)
    .execute();
}
