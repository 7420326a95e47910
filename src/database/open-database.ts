import { setTimeout as sleep } from 'node:timers/promises';
import { Kysely, sql, SqliteAdapter, type Dialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { DomainError, messageOf } from '../common/errors.js';
import { locateDatabase, type DatabaseLocation } from './database-url.js';
import { MIGRATIONS } from './migrations/index.js';
import { openPostgres } from './postgres.js';
import type { Database, Schema } from './schema.js';
import { openSqlite } from './sqlite.js';

/** A database server that is started together with us needs some time. */
const START_PATIENCE_MS = 30_000;
const START_RETRY_MS = 500;

export interface OpenDatabaseOptions {
  /** Where the SQLite file goes. Made where it is missing. */
  readonly dataDir: string;
  /** `postgres://…`, or unset for SQLite. */
  readonly databaseUrl?: string | undefined;
  /** How long to wait for a PostgreSQL server that does not answer yet, in milliseconds. Default 30 s. */
  readonly patienceMs?: number;
  /** Told of PostgreSQL connections that were lost while idle. */
  readonly onLostConnection?: (error: Error) => void;
}

/**
 * Opens the database and brings its schema up to date. End it with `destroy()`.
 *
 * @throws DomainError `unavailable` where it can't be reached or another process has the SQLite file; `internal` where
 *   a migration fails, which leaves the schema as it was
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const location = locateDatabase(options.dataDir, options.databaseUrl);
  if (location.kind === 'sqlite') {
    const db = new Kysely<Schema>({ dialect: openSqlite(location.file) });
    await migrateOrClose(db);
    return db;
  }
  const { onLostConnection } = options;
  const migrating = new Kysely<Schema>({ dialect: openPostgres({ url: location.url, patient: true }) });
  await waitForServer(migrating, options.patienceMs ?? START_PATIENCE_MS);
  await migrateOrClose(migrating);
  await migrating.destroy();
  return new Kysely<Schema>({ dialect: postgresDialect(location, onLostConnection) });
}

/** Whether `db` is SQLite, of which this process is the only user. */
export function isSqlite(db: Database): boolean {
  return db.getExecutor().adapter instanceof SqliteAdapter;
}

/** @throws DomainError `unavailable` while the database does not answer */
export async function checkDatabase(db: Database): Promise<void> {
  await sql`select 1`.execute(db);
}

function postgresDialect(
  location: Extract<DatabaseLocation, { kind: 'postgres' }>,
  onLostConnection: OpenDatabaseOptions['onLostConnection'],
): Dialect {
  return openPostgres({ url: location.url, ...(onLostConnection ? { onLostConnection } : {}) });
}

async function waitForServer(db: Database, patienceMs: number): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      await checkDatabase(db);
      return;
    } catch (error) {
      if (performance.now() < deadline) {
        await sleep(START_RETRY_MS);
        continue;
      }
      await db.destroy();
      const cause = error instanceof DomainError ? error.cause : error;
      throw new DomainError(
        'unavailable',
        `The database in DATABASE_URL can't be used: ${messageOf(cause)}`,
        {
          cause: error,
        },
      );
    }
  }
}

/** PostgreSQL: under an advisory lock, so that replicas that start together migrate one after the other. */
async function migrateOrClose(db: Database): Promise<void> {
  await checkDatabase(db);
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve({ ...MIGRATIONS }) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  await db.destroy();
  throw new DomainError('internal', `The database schema can't be brought up to date: ${messageOf(error)}`, {
    cause: error,
  });
}
