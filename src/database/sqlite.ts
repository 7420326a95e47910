import { chmodSync, closeSync, mkdirSync, openSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { SqliteAdapter, SqliteDialect, type Dialect, type SqliteDatabase as KyselySqlite } from 'kysely';
import { DomainError, messageOf } from '../common/errors.js';
import { RecentlyUsed } from '../common/recently-used.js';
import { unavailable } from './unavailable.js';

/** Long enough for a backup tool's short read lock; Dockmaster itself has one connection. */
const BUSY_TIMEOUT_MS = 5_000;

/**
 * Opens a SQLite file, and takes it for this process until the dialect is destroyed or the process ends, however it
 * ends. What was committed survives a crash and a power cut (WAL with synchronous=FULL).
 *
 * @throws DomainError `unavailable` where another process has the file, or it can't be opened
 */
export function openSqlite(file: string): Dialect {
  const path = prepareFile(file);
  const lock = takeLock(path);
  try {
    const database = new SqliteDatabase(path, { timeout: BUSY_TIMEOUT_MS });
    for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON'])
      database.pragma(pragma);
    return new TransactionalSqliteDialect({ database: withDomainErrors(database, lock) });
  } catch (error) {
    lock.close();
    throw new DomainError('unavailable', `The database file ${path} can't be opened: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** Makes the directory and the file, readable by their owner only, and gives the file's one real path. */
function prepareFile(file: string): string {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const path = join(realpathSync(dirname(file)), basename(file));
    closeSync(openSync(path, 'a', 0o600));
    const real = realpathSync(path);
    for (const suffix of ['', '-wal', '-shm', '.lock']) closeToOthers(`${real}${suffix}`);
    return real;
  } catch (error) {
    throw new DomainError('unavailable', `The database file ${file} can't be written: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** A file that was put back from a backup may be readable by all. One of another owner is left to that one. */
function closeToOthers(file: string): void {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats && stats.uid === process.getuid?.() && (stats.mode & 0o077) !== 0) chmodSync(file, 0o600);
}

/**
 * The lock is an exclusive transaction on an empty database beside the file: the kernel gives it up when the process
 * ends, also by `kill -9`, so there is no stale lock to clean up. A lock on the file itself would shut out backups.
 */
function takeLock(path: string): SqliteDatabase.Database {
  const lockFile = `${path}.lock`;
  closeSync(openSync(lockFile, 'a', 0o600));
  const lock = new SqliteDatabase(lockFile, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    throw new DomainError(
      'unavailable',
      `The database file ${path} is in use by another Dockmaster process. Stop that one, or give this one its own ` +
        'DOCKMASTER_DATA_DIR; several replicas need PostgreSQL (DATABASE_URL).',
      { cause: error },
    );
  }
}

/** SQLite can roll back a schema change; Kysely's adapter does not say so, and a migration must be all or nothing. */
class TransactionalSqliteDialect extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    return new TransactionalSqliteAdapter();
  }
}

class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** The database as Kysely uses it; a full or failing disk becomes `unavailable`, and closing gives up the lock. */
function withDomainErrors(database: SqliteDatabase.Database, lock: SqliteDatabase.Database): KyselySqlite {
  const prepared = new RecentlyUsed<string, SqliteDatabase.Statement>(KEPT_STATEMENTS);
  const prepare = (sql: string) => translating(() => database.prepare(sql));
  return {
    prepare(sql) {
      const statement = prepared.get(sql) ?? prepare(sql);
      prepared.set(sql, statement);
      return {
        reader: statement.reader,
        all: (parameters) => translating(() => statement.all(...parameters)),
        run: (parameters) => translating(() => statement.run(...parameters)),
        // It goes on while others are run, perhaps of the same text: a statement has one run at a time.
        iterate: (parameters) => translating(() => prepare(sql).iterate(...parameters)),
      };
    },
    close() {
      database.close();
      lock.close();
    },
  };
}

/** Preparing one costs more than most take to run. */
const KEPT_STATEMENTS = 300;

const TEMPORARY = /^SQLITE_(BUSY|FULL|IOERR|CANTOPEN|READONLY|NOMEM)/;

function translating<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof SqliteDatabase.SqliteError && TEMPORARY.test(error.code)) throw unavailable(error);
    throw error;
  }
}
