import { join } from 'node:path';
import { DomainError } from '../common/errors.js';

/** Where the data lives: a SQLite file or a PostgreSQL server. */
export type DatabaseLocation =
  { readonly kind: 'sqlite'; readonly file: string } | { readonly kind: 'postgres'; readonly url: string };

const DEFAULT_FILE = 'dockmaster.db';

/**
 * Reads `DATABASE_URL`.
 *
 * @param databaseUrl `postgres://…` or `postgresql://…`; unset for the SQLite file in the data directory
 * @throws DomainError `invalid_input` that never repeats the URL, which may hold a password
 */
export function locateDatabase(dataDir: string, databaseUrl?: string): DatabaseLocation {
  if (databaseUrl === undefined || databaseUrl === '') {
    return { kind: 'sqlite', file: join(dataDir, DEFAULT_FILE) };
  }
  if (!/^postgres(ql)?:\/\//.test(databaseUrl) || !URL.canParse(databaseUrl)) {
    throw new DomainError(
      'invalid_input',
      'DATABASE_URL must be postgres://USER:PASSWORD@HOST:PORT/NAME, or unset for SQLite in the data directory',
    );
  }
  return { kind: 'postgres', url: databaseUrl };
}
