import { Inject, Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import { notFound } from '../common/errors.js';
import { DATABASE } from '../database/database.token.js';
import type { Database, EngineTable } from '../database/schema.js';

/** An engine as it is stored. */
export interface StoredEngine {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly address: string;
  /** Undefined without TLS. */
  readonly tls: StoredTls | undefined;
  /** Undefined but for ssh. */
  readonly ssh: StoredSsh | undefined;
  /** The private key of the certificate or for ssh, sealed. */
  readonly sealedKey: string | undefined;
  /** Grows with each change. */
  readonly revision: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface StoredTls {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
}

export interface StoredSsh {
  readonly knownHosts?: string | undefined;
  readonly keyFingerprint?: string | undefined;
}

/** The engines in the database. */
@Injectable()
export class EngineStore {
  constructor(@Inject(DATABASE) private readonly db: Database) {}

  async all(): Promise<StoredEngine[]> {
    const rows = await this.db.selectFrom('engine').selectAll().orderBy('name').execute();
    return rows.map(fromRow);
  }

  /** @throws DomainError `not_found` */
  async get(name: string): Promise<StoredEngine> {
    const row = await this.db.selectFrom('engine').selectAll().where('name', '=', name).executeTakeFirst();
    if (!row) throw notFound('engine', name);
    return fromRow(row);
  }

  /** Another number whenever an engine was stored, changed or removed, by any replica. */
  async revision(): Promise<number> {
    const { revision } = await this.db
      .selectFrom('engine_revision')
      .select('revision')
      .executeTakeFirstOrThrow();
    return revision;
  }

  /** Also what violates the uniqueness of names is thrown as the database throws it. */
  async insert(engine: Omit<StoredEngine, 'revision'>, db: Database): Promise<void> {
    await db
      .insertInto('engine')
      .values({ ...toRow(engine), revision: await nextRevision(db) })
      .execute();
  }

  /** @returns false where it was removed meanwhile */
  async update(engine: Omit<StoredEngine, 'revision'>, db: Database): Promise<boolean> {
    const { numUpdatedRows } = await db
      .updateTable('engine')
      .set({ ...toRow(engine), revision: await nextRevision(db) })
      .where('id', '=', engine.id)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  /**
   * With it goes who owns what on it: another engine may be given its name, and must not hand over objects of the same name.
   * @returns false where it was removed before
   */
  async remove({ id, name }: StoredEngine, db: Database): Promise<boolean> {
    await nextRevision(db);
    const { numDeletedRows } = await db.deleteFrom('engine').where('id', '=', id).executeTakeFirst();
    await db.deleteFrom('ownership').where('engine', '=', name).execute();
    return numDeletedRows > 0n;
  }
}

/** The update locks the row, so that replicas which change engines at once get different numbers. */
async function nextRevision(db: Database): Promise<number> {
  const { revision } = await db
    .updateTable('engine_revision')
    .set(({ eb }) => ({ revision: eb('revision', '+', 1) }))
    .where('id', '=', 1)
    .returning('revision')
    .executeTakeFirstOrThrow();
  return revision;
}

function toRow(engine: Omit<StoredEngine, 'revision'>): Omit<Selectable<EngineTable>, 'revision'> {
  const { id, name, description, address, tls, ssh, sealedKey } = engine;
  return {
    id,
    name,
    description,
    address,
    tls: tls ? JSON.stringify(tls) : null,
    ssh: ssh ? JSON.stringify(ssh) : null,
    sealed_key: sealedKey ?? null,
    created_at: engine.createdAt,
    updated_at: engine.updatedAt,
  };
}

function fromRow(row: Selectable<EngineTable>): StoredEngine {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    address: row.address,
    tls: row.tls === null ? undefined : (JSON.parse(row.tls) as StoredTls),
    ssh: row.ssh === null ? undefined : (JSON.parse(row.ssh) as StoredSsh),
    sealedKey: row.sealed_key ?? undefined,
    revision: row.revision,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
