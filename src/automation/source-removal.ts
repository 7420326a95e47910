import { notFound } from '../common/errors.js';
import type { Database } from '../database/schema.js';
import type { RunSource } from './automation-run-store.js';

/** Deletes a hook or a schedule with its runs. @throws DomainError `not_found` */
export async function deleteWithRuns(db: Database, { kind, id }: RunSource): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction
      .deleteFrom('automation_run')
      .where('source_kind', '=', kind)
      .where('source_id', '=', id)
      .execute();
    const { numDeletedRows } = await transaction
      .deleteFrom(kind)
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    if (numDeletedRows === 0n) throw notFound(kind, id);
  });
}
