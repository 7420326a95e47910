import { type Kysely, SqliteAdapter } from 'kysely';

/** What happened, how far it is told of each engine, and the webhooks that are told, with their outbox and its log. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('past_ownership')
    .addColumn('engine', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('object_id', 'text', (column) => column.notNull())
    .addColumn('owner_kind', 'text', (column) => column.notNull())
    .addColumn('owner_id', 'text', (column) => column.notNull())
    .addColumn('forgotten_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('past_ownership_key', ['engine', 'kind', 'object_id'])
    .execute();
  await db.schema.createIndex('past_ownership_by_time').on('past_ownership').column('forgotten_at').execute();
  await createEvents(db);
  await createWebhooks(db);
}

async function createEvents(db: Kysely<unknown>): Promise<void> {
  const events = db.schema.createTable('domain_event');
  const numbered =
    db.getExecutor().adapter instanceof SqliteAdapter
      ? events.addColumn('position', 'integer', (column) => column.primaryKey().autoIncrement())
      : events.addColumn('position', 'bigserial', (column) => column.primaryKey());
  await numbered
    .addColumn('id', 'text', (column) => column.notNull().unique())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('engine', 'text')
    .addColumn('subject_kind', 'text', (column) => column.notNull())
    .addColumn('subject_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text')
    .addColumn('resource', 'text', (column) => column.notNull())
    .addColumn('labels', 'text', (column) => column.notNull())
    .addColumn('labels_guessed', 'integer', (column) => column.notNull())
    .addColumn('repositories', 'text')
    .addColumn('owner_kind', 'text')
    .addColumn('owner_id', 'text')
    .addColumn('data', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('recorded_at', 'bigint', (column) => column.notNull())
    .addColumn('dispatched', 'integer', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('domain_event_to_dispatch')
    .on('domain_event')
    .columns(['dispatched', 'position'])
    .execute();
  await db.schema
    .createIndex('domain_event_by_time')
    .on('domain_event')
    .columns(['recorded_at', 'position'])
    .execute();
  await db.schema
    .createTable('event_source')
    .addColumn('engine', 'text', (column) => column.primaryKey())
    .addColumn('daemon_id', 'text', (column) => column.notNull())
    .addColumn('holder', 'text', (column) => column.notNull())
    .addColumn('lease_until', 'bigint', (column) => column.notNull())
    .addColumn('seen', 'text', (column) => column.notNull())
    .addColumn('reachable', 'integer')
    .execute();
  await db.schema
    .createTable('known_object')
    .addColumn('engine', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('object_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('labels', 'text', (column) => column.notNull())
    .addColumn('owner_kind', 'text')
    .addColumn('owner_id', 'text')
    .addColumn('facts', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('known_object_key', ['engine', 'kind', 'object_id'])
    .execute();
}

async function createWebhooks(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('webhook')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('owner_kind', 'text', (column) => column.notNull())
    .addColumn('owner_id', 'text', (column) => column.notNull())
    .addColumn('limits', 'text')
    .addColumn('parent_id', 'text')
    .addColumn('sealed_address', 'text', (column) => column.notNull())
    .addColumn('secrets', 'text', (column) => column.notNull())
    .addColumn('event_types', 'text', (column) => column.notNull())
    .addColumn('engines', 'text', (column) => column.notNull())
    .addColumn('label_selector', 'text')
    .addColumn('template', 'text')
    .addColumn('enabled', 'integer', (column) => column.notNull())
    .addColumn('paused_reason', 'text')
    .addColumn('paused_at', 'bigint')
    .addColumn('failing_since', 'bigint')
    .addColumn('missed', 'bigint', (column) => column.notNull())
    .addColumn('missed_since', 'bigint')
    .addColumn('delivered_at', 'bigint')
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('webhook_name', ['owner_kind', 'owner_id', 'name'])
    .execute();
  await db.schema
    .createTable('webhook_delivery')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('webhook_id', 'text', (column) =>
      column.notNull().references('webhook.id').onDelete('cascade'),
    )
    .addColumn('event_id', 'text', (column) => column.notNull())
    .addColumn('event_type', 'text', (column) => column.notNull())
    .addColumn('position', 'bigint', (column) => column.notNull())
    .addColumn('resource', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('next_at', 'bigint', (column) => column.notNull())
    .addColumn('holder', 'text', (column) => column.notNull())
    .addColumn('lease_until', 'bigint', (column) => column.notNull())
    .addColumn('status', 'integer')
    .addColumn('error', 'text')
    .addColumn('attempted_at', 'bigint')
    .addColumn('duration_ms', 'integer')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addColumn('ended_at', 'bigint')
    .addUniqueConstraint('webhook_delivery_once', ['webhook_id', 'event_id'])
    .execute();
  const indexes = {
    webhook_delivery_by_event: ['event_id'],
    webhook_delivery_by_time: ['webhook_id', 'created_at', 'id'],
    webhook_delivery_by_change: ['webhook_id', 'updated_at'],
    webhook_delivery_by_end: ['ended_at', 'id'],
    webhook_delivery_due: ['state', 'webhook_id', 'next_at'],
    webhook_delivery_order: ['webhook_id', 'resource', 'state', 'position'],
  };
  for (const [name, columns] of Object.entries(indexes))
    await db.schema.createIndex(name).on('webhook_delivery').columns(columns).execute();
  await db.schema
    .createTable('webhook_attempt')
    .addColumn('delivery_id', 'text', (column) =>
      column.notNull().references('webhook_delivery.id').onDelete('cascade'),
    )
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('duration_ms', 'integer', (column) => column.notNull())
    .addColumn('status', 'integer')
    .addColumn('error', 'text')
    .addColumn('request', 'text', (column) => column.notNull())
    .addColumn('response_headers', 'text')
    .execute();
  await db.schema
    .createIndex('webhook_attempt_of_delivery')
    .on('webhook_attempt')
    .columns(['delivery_id', 'at'])
    .execute();
}
