import type { Kysely } from 'kysely';

/** Image registries with their credentials. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('registry')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('address', 'text', (column) => column.notNull())
    .addColumn('insecure', 'integer', (column) => column.notNull())
    .addColumn('username', 'text')
    .addColumn('sealed_password', 'text')
    .addColumn('ca', 'text')
    .addColumn('default_for', 'text', (column) => column.unique())
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('registry_by_address').on('registry').column('address').execute();
}
