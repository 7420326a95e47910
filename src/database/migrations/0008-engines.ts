import { type Kysely, sql } from 'kysely';

/** Engines beside the one of the settings. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('engine')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('address', 'text', (column) => column.notNull())
    .addColumn('tls', 'text')
    .addColumn('ssh', 'text')
    .addColumn('sealed_key', 'text')
    .addColumn('revision', 'bigint', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();

  await db.schema
    .createTable('engine_revision')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('revision', 'bigint', (column) => column.notNull())
    .execute();
  await sql`INSERT INTO engine_revision (id, revision) VALUES (1, 0)`.execute(db);
}
