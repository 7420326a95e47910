import type { Kysely } from 'kysely';

/** Scoped sockets and client certificates: ways in that stand for somebody, without a token. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('doorway')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('subject_kind', 'text', (column) => column.notNull())
    .addColumn('subject_id', 'text', (column) => column.notNull())
    .addColumn('parent_id', 'text', (column) => column.references('api_token.id').onDelete('cascade'))
    .addColumn('engine', 'text', (column) => column.notNull())
    .addColumn('permissions', 'text')
    .addColumn('disabled', 'integer', (column) => column.notNull())
    .addColumn('expires_at', 'bigint')
    .addColumn('mode', 'integer')
    .addColumn('file_owner', 'text')
    .addColumn('file_group', 'text')
    .addColumn('certificate', 'text', (column) => column.unique())
    .addColumn('revision', 'bigint', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addColumn('last_used_at', 'bigint')
    .addUniqueConstraint('doorway_name', ['kind', 'name'])
    .execute();
  await db.schema
    .createIndex('doorway_by_subject')
    .on('doorway')
    .columns(['subject_kind', 'subject_id'])
    .execute();
  await db.schema.createIndex('doorway_by_parent').on('doorway').column('parent_id').execute();
}
