import type { Migration } from 'kysely/migration';
import * as identityAccessAudit from './0001-identity-access-audit.js';
import * as teamsServiceAccounts from './0002-teams-service-accounts.js';
import * as customRoles from './0003-custom-roles.js';
import * as oidcTotp from './0004-oidc-totp.js';
import * as audit from './0005-audit.js';
import * as jobs from './0006-jobs.js';
import * as registries from './0007-registries.js';
import * as engines from './0008-engines.js';
import * as doorways from './0009-doorways.js';
import * as webhooks from './0010-webhooks.js';
import * as hooksSchedules from './0011-hooks-schedules.js';
import * as nameClaims from './0012-name-claims.js';
import * as auditObjects from './0013-audit-objects.js';

/**
 * Every migration, in order, for SQLite and PostgreSQL alike. One that has been released never changes; the next
 * change is a new one. There is no way down: restore a backup instead.
 */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-identity-access-audit': identityAccessAudit,
  '0002-teams-service-accounts': teamsServiceAccounts,
  '0003-custom-roles': customRoles,
  '0004-oidc-totp': oidcTotp,
  '0005-audit': audit,
  '0006-jobs': jobs,
  '0007-registries': registries,
  '0008-engines': engines,
  '0009-doorways': doorways,
  '0010-webhooks': webhooks,
  '0011-hooks-schedules': hooksSchedules,
  '0012-name-claims': nameClaims,
  '0013-audit-objects': auditObjects,
};
