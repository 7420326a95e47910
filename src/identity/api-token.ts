import type { Selectable } from 'kysely';
import type { PermissionPattern } from '../common/permissions.js';
import type { ApiTokenTable } from '../database/schema.js';
import type { TokenLimits } from './token-limits.js';

/** Whom an API token stands for. */
export interface TokenOwner {
  readonly kind: 'user' | 'serviceAccount';
  readonly id: string;
}

/** An API token as it is kept: without the secret. */
export interface StoredApiToken {
  readonly id: string;
  readonly owner: TokenOwner;
  readonly name: string;
  readonly limits: TokenLimits;
  /** Milliseconds since the epoch, as all times here. */
  readonly createdAt: number;
  readonly expiresAt: number;
  /** Accurate to a minute; null for one that was never used. */
  readonly lastUsedAt: number | null;
}

export function toStoredApiToken(row: Selectable<ApiTokenTable>): StoredApiToken {
  return {
    id: row.id,
    owner: { kind: row.owner_kind, id: row.owner_id },
    name: row.name,
    limits: {
      ...(row.permissions === null
        ? {}
        : { permissions: JSON.parse(row.permissions) as PermissionPattern[] }),
      ...(row.engines === null ? {} : { engines: JSON.parse(row.engines) as string[] }),
    },
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  };
}
