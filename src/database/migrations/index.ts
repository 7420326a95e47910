import type { Migration } from 'kysely/migration';
import * as identityAccessAudit from './0001-identity-access-audit.js';

/**
 * Every migration, in order, for SQLite and PostgreSQL alike. One that has been released never changes; the next
 * change is a new one. There is no way down: restore a backup instead.
 */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-identity-access-audit': identityAccessAudit,
};
