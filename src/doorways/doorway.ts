import type { Selectable } from 'kysely';
import type { PermissionPattern } from '../common/permissions.js';
import type { DoorwayTable } from '../database/schema.js';
import type { DoorwayKind } from '../identity/doorway-credentials.js';

export type { DoorwayKind } from '../identity/doorway-credentials.js';

/** Whom a way in can stand for. */
export const DOORWAY_SUBJECT_KINDS = ['user', 'serviceAccount'] as const;
export type DoorwaySubjectKind = (typeof DOORWAY_SUBJECT_KINDS)[number];

/** A way in that stands for somebody on one engine, without a token: a scoped socket or a client certificate. */
export interface StoredDoorway {
  readonly id: string;
  readonly kind: DoorwayKind;
  readonly name: string;
  readonly description: string;
  readonly subject: { readonly kind: DoorwaySubjectKind; readonly id: string };
  readonly engine: string;
  /** Null for all that the subject may. */
  readonly permissions: readonly PermissionPattern[] | null;
  readonly disabled: boolean;
  /** Milliseconds since the epoch, as all times here; null for one that does not end by itself. */
  readonly expiresAt: number | null;
  readonly revision: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Accurate to a minute; null for one that was never used. */
  readonly lastUsedAt: number | null;
  /** Of a scoped socket; null for a client certificate. */
  readonly file: SocketFile | null;
  /** Of a client certificate, what it is known by; null for a scoped socket. */
  readonly certificate: string | null;
}

/** How the file of a socket is to be. */
export interface SocketFile {
  /** Permission bits. */
  readonly mode: number;
  /** A name or a number; null for that of the process. */
  readonly owner: string | null;
  readonly group: string | null;
}

export function toStoredDoorway(row: Selectable<DoorwayTable>): StoredDoorway {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    description: row.description,
    subject: { kind: row.subject_kind, id: row.subject_id },
    engine: row.engine,
    permissions: row.permissions === null ? null : (JSON.parse(row.permissions) as PermissionPattern[]),
    disabled: row.disabled === 1,
    expiresAt: row.expires_at,
    revision: row.revision,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    lastUsedAt: row.last_used_at,
    file: row.mode === null ? null : { mode: row.mode, owner: row.file_owner, group: row.file_group },
    certificate: row.certificate,
  };
}
