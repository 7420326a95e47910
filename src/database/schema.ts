import type { Kysely } from 'kysely';

/**
 * The tables, as both databases hold them: ids are text, times are milliseconds since the epoch, booleans are 0 or 1,
 * structured values are JSON text. A change here needs a migration in `migrations/`.
 */
export interface Schema {
  user_account: UserAccountTable;
  session: SessionTable;
  api_token: ApiTokenTable;
  sign_in_throttle: SignInThrottleTable;
  role_binding: RoleBindingTable;
  ownership: OwnershipTable;
  audit_record: AuditRecordTable;
}

/** The handle on the database. A transaction is one too, so a service method can be told to take part in one. */
export type Database = Kysely<Schema>;

export interface UserAccountTable {
  id: string;
  /** Lower case, unique. */
  username: string;
  /** Argon2id in PHC string format. */
  password_hash: string;
  disabled: 0 | 1;
  /** Counts up whenever all sessions of the user end. A session is valid only while it carries the same number. */
  session_epoch: number;
  created_at: number;
  updated_at: number;
}

/** One sign-in: a family of tokens that follow from each other by refresh. Holds hashes only (SHA-256, hexadecimal). */
export interface SessionTable {
  id: string;
  user_id: string;
  /** The user's `session_epoch` at sign-in. */
  session_epoch: number;
  /** Of the part that all refresh tokens of the family share: finds the family by a spent token too. */
  family_hash: string;
  /** Of the one refresh token that is not spent. */
  refresh_hash: string;
  /** When the refresh token ends unless used before. Never after `ends_at`. */
  refresh_expires_at: number;
  access_hash: string;
  access_expires_at: number;
  /** The access token before the last refresh, which lives its time out. */
  previous_access_hash: string | null;
  previous_access_expires_at: number | null;
  created_at: number;
  refreshed_at: number;
  /** The end of the session, however often it is refreshed. */
  ends_at: number;
}

export interface ApiTokenTable {
  id: string;
  owner_kind: 'user' | 'serviceAccount';
  owner_id: string;
  /** The limited API token that made this one; it goes when that one goes. */
  parent_id: string | null;
  name: string;
  /** SHA-256 of the secret, hexadecimal. */
  hash: string;
  /** JSON: `PermissionPattern[]`, or null for all that the owner may. */
  permissions: string | null;
  /** JSON: `string[]` of engine names, or null for all engines of the owner. */
  engines: string | null;
  created_at: number;
  expires_at: number;
  last_used_at: number | null;
}

export interface SignInThrottleTable {
  /** The kind of the key and a SHA-256 of what it counts for. */
  key: string;
  /** Attempts that did not succeed, including those under way. */
  attempts: number;
  /** No attempt is let through before this time. */
  next_at: number;
  last_at: number;
}

export interface RoleBindingTable {
  id: string;
  role: string;
  subject_kind: 'user' | 'team' | 'serviceAccount';
  subject_id: string;
  /** JSON: `RoleBindingScope`. */
  scope: string;
  level: 'restricted' | 'baseline' | 'privileged';
  created_at: number;
  /** The id of the user or service account that made it, or `system`. */
  created_by: string;
}

export interface OwnershipTable {
  engine: string;
  /** `container`, `volume`, `network`, … */
  kind: string;
  /** The full id; the name for a volume. */
  object_id: string;
  name: string;
  owner_kind: 'user' | 'team' | 'serviceAccount';
  owner_id: string;
  created_at: number;
}

export interface AuditRecordTable {
  /** UUID version 7: sorts by time. */
  id: string;
  at: number;
  actor_kind: string;
  actor_id: string | null;
  actor_name: string | null;
  token_id: string | null;
  door: string;
  operation: string;
  engine: string | null;
  target_kind: string | null;
  target_id: string | null;
  target_name: string | null;
  outcome: 'pending' | 'succeeded' | 'failed' | 'refused' | 'interrupted';
  reason: string | null;
  request_id: string;
  address: string;
}
