import { type Kysely, sql, SqliteAdapter } from 'kysely';

/** What a record keeps for ever from its beginning. */
const FIXED = [
  'id',
  'at',
  'actor_kind',
  'actor_id',
  'actor_name',
  'token_id',
  'door',
  'operation',
  'engine',
  'target_kind',
  'target_name',
  'other_name',
  'request_id',
  'address',
] as const;

/** What may come with the outcome where it was not known before: ids that the engine gives to what it makes. */
const TOLD = ['target_id', 'other_id'] as const;

/**
 * The second object of a call, such as the container that a network is connected to, and the ids of what a call made. The guards
 * of before stay as they are but for these.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const column of ['other_id', 'other_name']) {
    await db.schema.alterTable('audit_record').addColumn(column, 'text').execute();
    await db.schema
      .createIndex(`audit_by_${column}`)
      .on('audit_record')
      .columns([column, 'at', 'id'])
      .where(sql.ref(column), 'is not', null)
      .execute();
  }
  const isSqlite = db.getExecutor().adapter instanceof SqliteAdapter;
  for (const statement of isSqlite ? SQLITE_GUARDS : POSTGRES_GUARDS) await sql.raw(statement).execute(db);
}

const SQLITE_GUARDS = [
  'DROP TRIGGER audit_record_update',
  `CREATE TRIGGER audit_record_update BEFORE UPDATE ON audit_record
   WHEN OLD.outcome <> 'pending' OR NEW.outcome = 'pending'
     OR ${FIXED.map((name) => `NEW.${name} IS NOT OLD.${name}`).join(' OR ')}
     OR ${TOLD.map((name) => `(OLD.${name} IS NOT NULL AND NEW.${name} IS NOT OLD.${name})`).join(' OR ')}
   BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END`,
];

const POSTGRES_GUARDS = [
  `CREATE OR REPLACE FUNCTION audit_record_guard() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     IF TG_OP = 'UPDATE' THEN
       IF OLD.outcome = 'pending' AND NEW.outcome <> 'pending'
         AND (${FIXED.map((name) => `NEW.${name}`).join(', ')}) IS NOT DISTINCT FROM (${FIXED.map((name) => `OLD.${name}`).join(', ')})
         AND ${TOLD.map((name) => `(OLD.${name} IS NULL OR NEW.${name} IS NOT DISTINCT FROM OLD.${name})`).join(' AND ')}
       THEN RETURN NEW; END IF;
     ELSIF TG_OP = 'DELETE' THEN
       IF OLD.outcome <> 'pending' AND OLD.at < (SELECT delete_before FROM audit_retention WHERE id = 1)
       THEN RETURN OLD; END IF;
     END IF;
     RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'restrict_violation';
   END $$`,
];
