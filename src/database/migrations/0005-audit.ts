import { type Kysely, sql, SqliteAdapter } from 'kysely';

/** What a record keeps for ever; `outcome`, `reason` and `settled_at` are set once. */
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
  'target_id',
  'target_name',
  'request_id',
  'address',
] as const;

/**
 * Makes the audit trail append-only in the database too, whatever a later fault of ours would ask of it: a pending record gets
 * its outcome once, and nothing else is ever changed; only settled records go, and only while `audit_retention` says so,
 * which it does within the transaction that deletes them and never outside. Indexes for each way to search.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('audit_record').addColumn('settled_at', 'bigint').execute();
  await sql`UPDATE audit_record SET settled_at = at WHERE outcome <> 'pending'`.execute(db);
  await createIndexes(db);

  await db.schema
    .createTable('audit_retention')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('delete_before', 'bigint', (column) => column.notNull())
    .execute();
  await sql`INSERT INTO audit_retention (id, delete_before) VALUES (1, 0)`.execute(db);

  const isSqlite = db.getExecutor().adapter instanceof SqliteAdapter;
  for (const statement of isSqlite ? SQLITE_GUARDS : POSTGRES_GUARDS) await sql.raw(statement).execute(db);
}

async function createIndexes(db: Kysely<unknown>): Promise<void> {
  const indexes = {
    audit_by_actor_name: ['actor_name', 'at', 'id'],
    audit_by_target_name: ['target_name', 'at', 'id'],
    audit_by_operation: ['operation', 'at', 'id'],
    audit_by_request: ['request_id', 'at', 'id'],
    audit_by_settling: ['settled_at', 'id'],
  };
  for (const [name, columns] of Object.entries(indexes))
    await db.schema.createIndex(name).on('audit_record').columns(columns).execute();
}

const SQLITE_GUARDS = [
  `CREATE TRIGGER audit_record_update BEFORE UPDATE ON audit_record
   WHEN OLD.outcome <> 'pending' OR NEW.outcome = 'pending' OR ${FIXED.map((name) => `NEW.${name} IS NOT OLD.${name}`).join(' OR ')}
   BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END`,
  // INSERT OR REPLACE would delete without a word.
  `CREATE TRIGGER audit_record_insert BEFORE INSERT ON audit_record
   WHEN EXISTS (SELECT 1 FROM audit_record WHERE id = NEW.id)
   BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END`,
  `CREATE TRIGGER audit_record_delete BEFORE DELETE ON audit_record
   WHEN OLD.outcome = 'pending' OR OLD.at >= (SELECT delete_before FROM audit_retention WHERE id = 1)
   BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END`,
];

const POSTGRES_GUARDS = [
  `CREATE FUNCTION audit_record_guard() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     IF TG_OP = 'UPDATE' THEN
       IF OLD.outcome = 'pending' AND NEW.outcome <> 'pending'
         AND (${FIXED.map((name) => `NEW.${name}`).join(', ')}) IS NOT DISTINCT FROM (${FIXED.map((name) => `OLD.${name}`).join(', ')})
       THEN RETURN NEW; END IF;
     ELSIF TG_OP = 'DELETE' THEN
       IF OLD.outcome <> 'pending' AND OLD.at < (SELECT delete_before FROM audit_retention WHERE id = 1)
       THEN RETURN OLD; END IF;
     END IF;
     RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'restrict_violation';
   END $$`,
  `CREATE TRIGGER audit_record_guard BEFORE UPDATE OR DELETE ON audit_record
   FOR EACH ROW EXECUTE FUNCTION audit_record_guard()`,
  `CREATE TRIGGER audit_record_guard_all BEFORE TRUNCATE ON audit_record
   FOR EACH STATEMENT EXECUTE FUNCTION audit_record_guard()`,
];
