import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { type DryRunQuery, inTransaction } from '../common/dry-run.js';
import { changedMeanwhile, DomainError, notFound } from '../common/errors.js';
import { isUuid, uuidV7 } from '../common/uuid-v7.js';
import { isForeignKeyViolation, isUniqueViolation } from '../database/constraints.js';
import { DATABASE } from '../database/database.token.js';
import type { Database, DoorwayTable } from '../database/schema.js';
import { DoorwayCredentials } from '../identity/doorway-credentials.js';
import { type DoorwayKind, type StoredDoorway, toStoredDoorway } from './doorway.js';

/** All of a list is read at once, and each socket is a listener. */
const MAX_DOORWAYS = 200;

/** What is to be stored of one: all but what the store itself gives. */
export type NewDoorway = Omit<
  StoredDoorway,
  'id' | 'disabled' | 'revision' | 'createdAt' | 'updatedAt' | 'lastUsedAt'
> & {
  /** The API token that it is made with. */
  readonly parentId: string | undefined;
};

/** What is undefined stays as it is. */
export type DoorwayChanges = {
  readonly [Field in 'description' | 'permissions' | 'disabled' | 'expiresAt' | 'file']?:
    StoredDoorway[Field] | undefined;
};

/** How each kind is called to people. */
export const DOORWAY_WORDS = {
  scopedSocket: 'scoped socket',
  clientCertificate: 'client certificate',
} as const satisfies Record<DoorwayKind, string>;

/** Keeps scoped sockets and client certificates. Who may see and change which is the caller's to decide. */
@Injectable()
export class DoorwayStore {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
    private readonly credentials: DoorwayCredentials,
  ) {}

  /** By name. */
  async all(kind: DoorwayKind): Promise<StoredDoorway[]> {
    const rows = await this.db
      .selectFrom('doorway')
      .selectAll()
      .where('kind', '=', kind)
      .orderBy('name')
      .execute();
    return rows.map(toStoredDoorway);
  }

  /** @throws DomainError `not_found` */
  async get(kind: DoorwayKind, id: string): Promise<StoredDoorway> {
    const row = isUuid(id)
      ? await this.db
          .selectFrom('doorway')
          .selectAll()
          .where('id', '=', id)
          .where('kind', '=', kind)
          .executeTakeFirst()
      : undefined;
    if (!row) throw notFound(DOORWAY_WORDS[kind], id);
    return toStoredDoorway(row);
  }

  /** The client certificates that are known by one of `names`. */
  async withCertificate(names: readonly string[]): Promise<StoredDoorway[]> {
    if (names.length === 0) return [];
    const rows = await this.db
      .selectFrom('doorway')
      .selectAll()
      .where('kind', '=', 'clientCertificate')
      .where('certificate', 'in', names)
      .execute();
    return rows.map(toStoredDoorway);
  }

  /**
   * @throws DomainError `conflict` for a name or a certificate that is taken, and where there are too many;
   *   `unauthenticated` where the API token in use is gone
   */
  async create(doorway: NewDoorway, options: DryRunQuery): Promise<StoredDoorway> {
    const { kind, name } = doorway;
    const now = this.clock.now();
    try {
      return await inTransaction(this.db.transaction(), options, async (transaction) => {
        const { count } = await transaction
          .selectFrom('doorway')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .where('kind', '=', kind)
          .executeTakeFirstOrThrow();
        if (count >= MAX_DOORWAYS) {
          const message = `There are ${MAX_DOORWAYS} ${DOORWAY_WORDS[kind]}s already; delete some first`;
          throw new DomainError('conflict', message);
        }
        const row = await transaction
          .insertInto('doorway')
          .values({
            id: uuidV7(now),
            kind,
            name,
            subject_kind: doorway.subject.kind,
            subject_id: doorway.subject.id,
            parent_id: doorway.parentId ?? null,
            engine: doorway.engine,
            disabled: 0,
            certificate: doorway.certificate,
            ...changeable(doorway),
            revision: 1,
            created_at: now,
            updated_at: now,
            last_used_at: null,
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        return toStoredDoorway(row);
      });
    } catch (error) {
      if (isForeignKeyViolation(error))
        throw new DomainError('unauthenticated', 'The API token in use was revoked', { cause: error });
      if (!isUniqueViolation(error)) throw error;
      const which = (await this.hasNamed(kind, name)) ? name : 'that is known by the same value';
      const message = `There is a ${DOORWAY_WORDS[kind]} ${which} already`;
      throw new DomainError('conflict', message, { cause: error });
    }
  }

  private async hasNamed(kind: DoorwayKind, name: string): Promise<boolean> {
    const known = this.db
      .selectFrom('doorway')
      .select('id')
      .where('kind', '=', kind)
      .where('name', '=', name);
    return (await known.executeTakeFirst()) !== undefined;
  }

  /**
   * @param known the one as it was when the change was decided on
   * @throws DomainError `conflict` where it has changed or gone since then
   */
  async update(known: StoredDoorway, changes: DoorwayChanges): Promise<StoredDoorway> {
    const {
      description = known.description,
      permissions = known.permissions,
      expiresAt = known.expiresAt,
      file = known.file,
      disabled = known.disabled,
    } = changes;
    const row = await this.db
      .updateTable('doorway')
      .set({
        ...changeable({ description, permissions, expiresAt, file }),
        disabled: disabled ? 1 : 0,
        revision: known.revision + 1,
        updated_at: this.clock.now(),
      })
      .where('id', '=', known.id)
      .where('revision', '=', known.revision)
      .returningAll()
      .executeTakeFirst();
    this.credentials.forget();
    if (row) return toStoredDoorway(row);
    throw changedMeanwhile(DOORWAY_WORDS[known.kind], known.name);
  }

  /** @throws DomainError `not_found` */
  async delete({ id, kind }: Pick<StoredDoorway, 'id' | 'kind'>): Promise<void> {
    const { numDeletedRows } = await this.db
      .deleteFrom('doorway')
      .where('id', '=', id)
      .where('kind', '=', kind)
      .executeTakeFirstOrThrow();
    this.credentials.forget();
    if (numDeletedRows === 0n) throw notFound(DOORWAY_WORDS[kind], id);
  }
}

type Changeable = Pick<
  DoorwayTable,
  'description' | 'permissions' | 'expires_at' | 'mode' | 'file_owner' | 'file_group'
>;

function changeable({
  description,
  permissions,
  expiresAt,
  file,
}: Pick<StoredDoorway, 'description' | 'permissions' | 'expiresAt' | 'file'>): Changeable {
  return {
    description,
    permissions: permissions === null ? null : JSON.stringify(permissions),
    expires_at: expiresAt,
    mode: file?.mode ?? null,
    file_owner: file?.owner ?? null,
    file_group: file?.group ?? null,
  };
}
