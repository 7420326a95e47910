import type { Kysely } from 'kysely';

/** Hooks that others call, schedules, and what they have started. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('hook')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('token_hash', 'text', (column) => column.notNull().unique())
    .addColumn('service_account_id', 'text', (column) => column.notNull())
    .addColumn('parent_id', 'text')
    .addColumn('enabled', 'integer', (column) => column.notNull())
    .addColumn('settings', 'text', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('sealed_run', 'text')
    .addColumn('sealed_secret', 'text')
    .addColumn('window_start', 'bigint', (column) => column.notNull())
    .addColumn('window_count', 'integer', (column) => column.notNull())
    .addColumn('refused_start', 'bigint', (column) => column.notNull())
    .addColumn('refused_count', 'integer', (column) => column.notNull())
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('schedule')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('service_account_id', 'text', (column) => column.notNull())
    .addColumn('parent_id', 'text')
    .addColumn('enabled', 'integer', (column) => column.notNull())
    .addColumn('cron', 'text', (column) => column.notNull())
    .addColumn('time_zone', 'text', (column) => column.notNull())
    .addColumn('missed', 'text', (column) => column.notNull())
    .addColumn('overlap', 'text', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('sealed_run', 'text')
    .addColumn('next_at', 'bigint')
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('schedule_by_next').on('schedule').columns(['enabled', 'next_at']).execute();
  await db.schema
    .createTable('automation_run')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('source_kind', 'text', (column) => column.notNull())
    .addColumn('source_id', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('due_at', 'bigint')
    .addColumn('missed', 'integer', (column) => column.notNull())
    .addColumn('job_id', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('automation_run_once', ['source_kind', 'source_id', 'key'])
    .execute();
  const indexes = {
    automation_run_by_source: ['source_id', 'created_at', 'id'],
    automation_run_by_time: ['created_at', 'id'],
    automation_run_by_state: ['state', 'created_at'],
  };
  for (const [name, columns] of Object.entries(indexes))
    await db.schema.createIndex(name).on('automation_run').columns(columns).execute();
  await db.schema
    .createTable('recreation')
    .addColumn('job_id', 'text', (column) => column.primaryKey())
    .addColumn('engine', 'text', (column) => column.notNull())
    .addColumn('service_account_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('old_id', 'text')
    .addColumn('new_id', 'text')
    .addColumn('was_running', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('recreation_once', ['engine', 'name'])
    .execute();
}
