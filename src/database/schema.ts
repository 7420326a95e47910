import type { Generated, Kysely } from 'kysely';

/**
 * The tables, as both databases hold them: ids are text, times are milliseconds since the epoch, booleans are 0 or 1,
 * structured values are JSON text. A change here needs a migration in `migrations/`.
 */
export interface Schema {
  user_account: UserAccountTable;
  session: SessionTable;
  api_token: ApiTokenTable;
  team: TeamTable;
  team_member: TeamMemberTable;
  service_account: ServiceAccountTable;
  sign_in_throttle: SignInThrottleTable;
  oidc_identity: OidcIdentityTable;
  oidc_transaction: OidcTransactionTable;
  oidc_team_member: OidcTeamMemberTable;
  totp: TotpTable;
  recovery_code: RecoveryCodeTable;
  role_binding: RoleBindingTable;
  custom_role: CustomRoleTable;
  ownership: OwnershipTable;
  name_claim: NameClaimTable;
  audit_record: AuditRecordTable;
  audit_retention: AuditRetentionTable;
  engine: EngineTable;
  engine_revision: EngineRevisionTable;
  job: JobTable;
  registry: RegistryTable;
  doorway: DoorwayTable;
  hook: HookTable;
  schedule: ScheduleTable;
  automation_run: AutomationRunTable;
  recreation: RecreationTable;
  past_ownership: PastOwnershipTable;
  domain_event: DomainEventTable;
  event_source: EventSourceTable;
  known_object: KnownObjectTable;
  webhook: WebhookTable;
  webhook_delivery: WebhookDeliveryTable;
  webhook_attempt: WebhookAttemptTable;
}

/** The handle on the database. A transaction is one too, so a service method can be told to take part in one. */
export type Database = Kysely<Schema>;

export interface UserAccountTable {
  id: string;
  /** Lower case, unique. */
  username: string;
  display_name: string | null;
  /** Argon2id in PHC string format; `!` for a user without a password, who signs in by OpenID Connect only. */
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
  /** Accurate to a minute; null for one that was never used. */
  last_used_at: number | null;
  /** The end of the session, however often it is refreshed. */
  ends_at: number;
  /** Where it was signed in from; printable and bounded. Null where it is not known. */
  address: string | null;
  /** What it was signed in with, as it calls itself; printable and bounded. */
  user_agent: string | null;
}

export interface TeamTable {
  id: string;
  /** Lower case, unique. */
  name: string;
  description: string;
  created_at: number;
  updated_at: number;
}

export interface TeamMemberTable {
  team_id: string;
  user_id: string;
  added_at: number;
}

export interface ServiceAccountTable {
  id: string;
  /** Lower case, unique. */
  name: string;
  description: string;
  disabled: 0 | 1;
  created_at: number;
  updated_at: number;
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

/** Who of an OpenID provider is which user. A user has one identity of an issuer at most. */
export interface OidcIdentityTable {
  issuer: string;
  /** The provider's `sub`: never given to somebody else. */
  subject: string;
  user_id: string;
  created_at: number;
  last_sign_in_at: number | null;
}

/** A sign-in by OpenID Connect that was begun. */
export interface OidcTransactionTable {
  /** SHA-256 of the id that the client holds, hexadecimal. */
  id_hash: string;
  /** JSON of redirect URI, state, nonce and code verifier, sealed. */
  sealed: string;
  /** SHA-256 of who began it by address, hexadecimal. */
  subscriber: string;
  created_at: number;
  expires_at: number;
}

/** Memberships that came of a provider's groups: what signing in may take away again. */
export interface OidcTeamMemberTable {
  team_id: string;
  user_id: string;
}

export interface TotpTable {
  user_id: string;
  /** The shared secret in base32, sealed. */
  sealed: string;
  created_at: number;
  /** Null until a code has shown that the user has the secret; it is not asked for before. */
  confirmed_at: number | null;
  /** The time step of the last code that was accepted: only later ones are. */
  last_step: number;
}

/** Recovery codes that were not used. */
export interface RecoveryCodeTable {
  user_id: string;
  /** SHA-256, hexadecimal. */
  hash: string;
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

export interface CustomRoleTable {
  name: string;
  description: string;
  /** JSON: `PermissionPattern[]`. */
  permissions: string;
  /** Counts changes of the permissions: a binding is stored only while they are what was decided about. */
  revision: number;
  /** Counts bindings that were made or changed: the permissions change only while those are what was decided about. */
  binding_revision: number;
  created_at: number;
  updated_at: number;
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

export interface NameClaimTable {
  engine: string;
  kind: string;
  name: string;
  owner_kind: 'user' | 'team' | 'serviceAccount';
  owner_id: string;
  /** How many calls of the owner hold it. */
  calls: number;
  /** Milliseconds since the epoch. */
  until: number;
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
  other_id: string | null;
  other_name: string | null;
  outcome: 'pending' | 'succeeded' | 'failed' | 'refused' | 'interrupted';
  reason: string | null;
  request_id: string;
  address: string;
  /** When its outcome was known; null while it is pending. */
  settled_at: number | null;
}

/** One row, id 1. What lets retention, and nothing else, delete audit records. */
export interface AuditRetentionTable {
  id: number;
  /** Settled records from before this time may be deleted. Zero but within the transaction that deletes them. */
  delete_before: number;
}

/** Long work, under way and ended. */
export interface JobTable {
  /** UUID version 7: sorts by time. */
  id: string;
  kind: string;
  state: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  engine: string | null;
  target_kind: string | null;
  target_id: string | null;
  target_name: string | null;
  /** JSON: `JobProgress`. */
  progress: string;
  /** JSON: `JobLog`. */
  log: string;
  /** JSON, or null where there is none. */
  result: string | null;
  error_code: string | null;
  error_message: string | null;
  /** Whether the process that does it is to end it. */
  cancel_requested: 0 | 1;
  created_at: number;
  started_at: number | null;
  finished_at: number | null;
  created_by_kind: 'user' | 'serviceAccount' | 'system';
  created_by_id: string;
  created_by_name: string;
  /** The API token that it was started with. */
  token_id: string | null;
  /** The process that does it. */
  holder: string;
  /** Until when that process is taken to be alive, by the clock of the database. On SQLite there is one process only: 0. */
  lease_until: number;
  /** Counts changes, for those who follow it. */
  revision: number;
}

/** Engines beside the one of the settings. */
export interface EngineTable {
  id: string;
  /** Unique. */
  name: string;
  description: string;
  /** As `DOCKER_HOST` has it. */
  address: string;
  /** JSON: `{ca?, cert?}` in PEM. Null where the address has no TLS, or the system's authorities are trusted. */
  tls: string | null;
  /** JSON: `{knownHosts?}`. */
  ssh: string | null;
  /** The private key of the certificate or for ssh, sealed. */
  sealed_key: string | null;
  /** The value of `engine_revision` when it was stored. */
  revision: number;
  created_at: number;
  updated_at: number;
}

/** One row, id 1. Counts changes of `engine`, so that replicas see cheaply that there was one. */
export interface EngineRevisionTable {
  id: number;
  revision: number;
}

/** Image registries, and what to sign in to them with. */
export interface RegistryTable {
  id: string;
  /** Unique. */
  name: string;
  /** `host[:port]`, lower case; `docker.io` for Docker Hub. */
  address: string;
  /** Whether it has no TLS. */
  insecure: 0 | 1;
  /** Null together with `sealed_password`. */
  username: string | null;
  /** Sealed for this registry at this address and scheme: it opens for no other. */
  sealed_password: string | null;
  /** Authorities that may have signed its certificate, as PEM; null for the system's own. */
  ca: string | null;
  /** The address where it is the default of its host, or null. Unique. */
  default_for: string | null;
  /** Counts changes: one is stored only on top of what was looked at. */
  revision: number;
  created_at: number;
  updated_at: number;
}

/** Scoped sockets and client certificates: ways in that stand for somebody, without a token. */
export interface DoorwayTable {
  id: string;
  kind: 'scopedSocket' | 'clientCertificate';
  /** Unique within its kind. */
  name: string;
  description: string;
  subject_kind: 'user' | 'serviceAccount';
  subject_id: string;
  /** The API token that it was made with; it goes when that one goes. */
  parent_id: string | null;
  /** The one engine that it leads to, by name. */
  engine: string;
  /** JSON: `PermissionPattern[]`, or null for all that the subject may. */
  permissions: string | null;
  disabled: 0 | 1;
  /** Null for one that does not end by itself. */
  expires_at: number | null;
  /** Of a scoped socket: the permission bits of its file. */
  mode: number | null;
  /** Of a scoped socket: a name or a number; null for those of the process. */
  file_owner: string | null;
  file_group: string | null;
  /** Of a client certificate: what it is known by, such as `fingerprint:aa:bb:…`. Unique. */
  certificate: string | null;
  /** Counts changes: one is stored only on top of what was looked at. */
  revision: number;
  created_at: number;
  updated_at: number;
  /** Accurate to a minute; null for one that was never used. */
  last_used_at: number | null;
}

/** What others call to have something done. */
export interface HookTable {
  id: string;
  /** Unique. */
  name: string;
  description: string;
  /** SHA-256 of the token, hexadecimal. Unique. */
  token_hash: string;
  service_account_id: string;
  /** As of a webhook. */
  parent_id: string | null;
  enabled: 0 | 1;
  /** JSON: `HookSettings`. */
  settings: string;
  /** JSON: `StoredAction`. */
  action: string;
  /** JSON of the container that the action runs, sealed; null where it runs none. */
  sealed_run: string | null;
  /** What the sender signs with, sealed; null where it does not sign. */
  sealed_secret: string | null;
  /** Since when calls are counted, for the rate limit. */
  window_start: number;
  window_count: number;
  /** The same of refusals that are recorded. */
  refused_start: number;
  refused_count: number;
  /** Counts changes: one is stored only on top of what was looked at. */
  revision: number;
  created_at: number;
  updated_at: number;
}

/** What is done again and again. */
export interface ScheduleTable {
  id: string;
  /** Unique. */
  name: string;
  description: string;
  service_account_id: string;
  /** As of a webhook. */
  parent_id: string | null;
  enabled: 0 | 1;
  cron: string;
  time_zone: string;
  missed: 'skip' | 'runOnce';
  overlap: 'skip' | 'allow';
  /** JSON: `StoredAction`. */
  action: string;
  /** As of a hook. */
  sealed_run: string | null;
  /** When it is due; null where it is never again. */
  next_at: number | null;
  revision: number;
  created_at: number;
  updated_at: number;
}

/** What a hook or a schedule has started, or has not, and why. */
export interface AutomationRunTable {
  /** UUID version 7: sorts by time. */
  id: string;
  source_kind: 'hook' | 'schedule';
  source_id: string;
  /** What is done once only: a delivery, a due time. Unique for its source. */
  key: string;
  /** `claimed` until its job is known. */
  state: 'claimed' | 'started' | 'skipped' | 'missed' | 'failed';
  reason: string | null;
  due_at: number | null;
  /** How many due times it stands for that had gone by. */
  missed: number;
  job_id: string | null;
  created_at: number;
}

/** A container that is being re-created, by one job at a time: what to undo where the process that does it is no more. */
export interface RecreationTable {
  job_id: string;
  engine: string;
  /** Who it is done as. */
  service_account_id: string;
  /** Unique on its engine. */
  name: string;
  /** Null until something is about to happen to it. */
  old_id: string | null;
  /** Null until there is one. */
  new_id: string | null;
  was_running: 0 | 1;
  created_at: number;
}

/** Who owned what is gone: what happened to it may still have to be told. */
export interface PastOwnershipTable {
  engine: string;
  kind: string;
  object_id: string;
  owner_kind: 'user' | 'team' | 'serviceAccount';
  owner_id: string;
  forgotten_at: number;
}

/** What happened, for whoever is to be told of it. */
export interface DomainEventTable {
  /** Counts up: what happened to one object is in its order. */
  position: Generated<number>;
  /** Unique, and the same however often the same thing is found. */
  id: string;
  type: string;
  /** Null for what happened on none. */
  engine: string | null;
  /** `container`, `job`, … */
  subject_kind: string;
  /** The object's full id; its name for a volume. */
  subject_id: string;
  name: string | null;
  /** What is told in one order. */
  resource: string;
  /** JSON: the object's labels. */
  labels: string;
  /** Whether those are not for sure all: the object was gone before it was looked at. */
  labels_guessed: 0 | 1;
  /** JSON: repositories of an image; null for what is none. */
  repositories: string | null;
  /** Who owned the object then, or started the job; null where nobody did, or it is not known. */
  owner_kind: string | null;
  owner_id: string | null;
  /** JSON: what else there is to tell, by type. */
  data: string;
  /** When it happened. */
  at: number;
  recorded_at: number;
  /** Whether the webhooks that want it have their deliveries. */
  dispatched: 0 | 1;
}

/** How far the events of an engine are told, and by which process. */
export interface EventSourceTable {
  engine: string;
  /** The engine's own id: another one at the same address is another engine. */
  daemon_id: string;
  holder: string;
  /** Until when the holder is taken to be alive, by the clock of the database. On SQLite there is one process only: 0. */
  lease_until: number;
  /** Of the last event that was heard: nanoseconds since the epoch. */
  seen: string;
  /** Whether it was reachable last; null before it is known. */
  reachable: 0 | 1 | null;
}

/** An object of an engine as events have told of it so far. */
export interface KnownObjectTable {
  engine: string;
  kind: string;
  object_id: string;
  name: string;
  /** JSON. */
  labels: string;
  owner_kind: string | null;
  owner_id: string | null;
  /** JSON: what changes of the kind are found by. */
  facts: string;
}

/** Somebody who is told of events by HTTP. */
export interface WebhookTable {
  id: string;
  name: string;
  owner_kind: 'user' | 'serviceAccount';
  owner_id: string;
  /** JSON: limits of the API token that it was made with; null for none. */
  limits: string | null;
  /** The API token, scoped socket or client certificate that it was made or last changed with: it does not act without. Null for none. */
  parent_id: string | null;
  /** It may hold a key of the receiver's: sealed. */
  sealed_address: string;
  /** JSON: `StoredSecret[]`, the newest first, sealed for this webhook at this address. */
  secrets: string;
  /** JSON: globs. */
  event_types: string;
  /** JSON: names of engines, or `*`. */
  engines: string;
  label_selector: string | null;
  template: string | null;
  enabled: 0 | 1;
  /** Why nothing is sent though it is enabled; null while it is. */
  paused_reason: 'gone' | 'failing' | 'overflow' | 'ownerGone' | 'credentialGone' | null;
  paused_at: number | null;
  /** Since when no attempt succeeded; null while the last one did, or there was none. */
  failing_since: number | null;
  /** Events that found no more room, since `missed_since`. */
  missed: number;
  missed_since: number | null;
  delivered_at: number | null;
  revision: number;
  created_at: number;
  updated_at: number;
}

/** One event for one webhook: the outbox, and the log of it. */
export interface WebhookDeliveryTable {
  /** What receivers know it by: the same for every attempt. */
  id: string;
  webhook_id: string;
  event_id: string;
  event_type: string;
  /** Of the event. */
  position: number;
  resource: string;
  state: 'pending' | 'delivered' | 'failed';
  /** Since it was queued or redelivered. */
  attempts: number;
  /** Not tried before. */
  next_at: number;
  /** The process that is trying; empty for none. */
  holder: string;
  lease_until: number;
  /** Of the last attempt. */
  status: number | null;
  error: string | null;
  attempted_at: number | null;
  duration_ms: number | null;
  created_at: number;
  updated_at: number;
  ended_at: number | null;
}

/** One attempt of a delivery. */
export interface WebhookAttemptTable {
  delivery_id: string;
  at: number;
  duration_ms: number;
  /** Null where no answer came. */
  status: number | null;
  error: string | null;
  /** JSON: `{url, headers, body}`. */
  request: string;
  /** JSON: harmless headers of the answer; null where none came. */
  response_headers: string | null;
}
