import type { Kysely } from 'kysely';

/** Roles of one's own, and finding the bindings of a role. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('custom_role')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('permissions', 'text', (column) => column.notNull())
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('binding_revision', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('role_binding_by_role')
    .on('role_binding')
    .columns(['role', 'created_at', 'id'])
    .execute();
}
