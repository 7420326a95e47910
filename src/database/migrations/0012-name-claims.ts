import type { Kysely } from 'kysely';

/** Names that are kept for who is about to make what has them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('name_claim')
    .addColumn('engine', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('owner_kind', 'text', (column) => column.notNull())
    .addColumn('owner_id', 'text', (column) => column.notNull())
    .addColumn('calls', 'integer', (column) => column.notNull())
    .addColumn('until', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('name_claim_key', ['engine', 'kind', 'name'])
    .execute();
}
