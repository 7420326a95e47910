import type { Kysely } from 'kysely';

/** Names that are taken before the engine makes what has them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('ownership').addColumn('claimed_until', 'bigint').execute();
}
