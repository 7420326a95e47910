import { Inject, Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import { Clock } from '../common/clock.js';
import { type DryRunQuery, inTransaction } from '../common/dry-run.js';
import { changedMeanwhile, DomainError, notFound } from '../common/errors.js';
import { SecretBox } from '../common/secret-box.js';
import { isUuid, uuidV7 } from '../common/uuid-v7.js';
import { isUniqueViolation } from '../database/constraints.js';
import { DATABASE } from '../database/database.token.js';
import type { Database, RegistryTable } from '../database/schema.js';
import { isSameEndpoint, type RegistryEndpoint } from './registry-endpoint.js';

/** All of a list is read at once. */
const MAX_REGISTRIES = 500;

export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
}

export interface StoredRegistry extends RegistryEndpoint {
  readonly id: string;
  readonly name: string;
  /** Null for one without credentials. */
  readonly username: string | null;
  /** Whether it is the one for its host where none is named. */
  readonly isDefault: boolean;
  readonly revision: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface NewRegistry extends RegistryEndpoint {
  readonly name: string;
  readonly credentials: RegistryCredentials | undefined;
  /** Undefined: if its host has no other. */
  readonly isDefault: boolean | undefined;
}

/** What is undefined stays as it is. */
export interface RegistryChanges {
  readonly name?: string | undefined;
  readonly endpoint: RegistryEndpoint;
  /** `none` takes them away. */
  readonly credentials?: RegistryCredentials | 'none' | undefined;
  readonly isDefault?: boolean | undefined;
}

/** Keeps registries, passwords encrypted. Who may see and change which is the caller's to decide. */
@Injectable()
export class RegistryStore {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly box: SecretBox,
    private readonly clock: Clock,
  ) {}

  /** By name. */
  async all(): Promise<StoredRegistry[]> {
    const rows = await this.db.selectFrom('registry').selectAll().orderBy('name').execute();
    return rows.map(toStored);
  }

  /** @throws DomainError `not_found` */
  async get(id: string): Promise<StoredRegistry> {
    return toStored(await this.row(id));
  }

  /** The one that is used for a host: its default, or else the only one that it has. */
  async forHost(address: string): Promise<StoredRegistry | undefined> {
    const rows = await this.db.selectFrom('registry').selectAll().where('address', '=', address).execute();
    const row =
      rows.find(({ default_for }) => default_for !== null) ?? (rows.length === 1 ? rows[0] : undefined);
    return row && toStored(row);
  }

  /**
   * What to sign in with; undefined for a registry without credentials.
   *
   * @throws DomainError `not_found`; `unavailable` where they were sealed with another key, or for another address
   */
  async credentials(id: string): Promise<RegistryCredentials | undefined> {
    const row = await this.row(id);
    if (row.username === null || row.sealed_password === null) return undefined;
    return { username: row.username, password: this.box.open(row.sealed_password, purpose(toStored(row))) };
  }

  /** @throws DomainError `conflict` for a name that is taken, or where there are too many */
  create(registry: NewRegistry, dryRun: DryRunQuery): Promise<StoredRegistry> {
    const { name, address, insecure, ca, credentials } = registry;
    const now = this.clock.now();
    const id = uuidV7(now);
    return conflictOf(name, () =>
      inTransaction(this.db.transaction(), dryRun, async (transaction) => {
        const { count } = await transaction
          .selectFrom('registry')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .executeTakeFirstOrThrow();
        if (count >= MAX_REGISTRIES) {
          throw new DomainError(
            'conflict',
            `There are ${MAX_REGISTRIES} registries already; delete some first`,
          );
        }
        const row = await transaction
          .insertInto('registry')
          .values({
            id,
            name,
            address,
            insecure: insecure ? 1 : 0,
            ca,
            ...this.sealed({ id, address, insecure }, credentials),
            default_for: await becomesDefault(transaction, id, address, registry.isDefault, true),
            revision: 1,
            created_at: now,
            updated_at: now,
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        return toStored(row);
      }),
    );
  }

  /**
   * Where the endpoint changes, and no credentials are given with it, those that were stored are gone: they were meant for
   * another.
   *
   * @param known the registry as it was when the change was decided on
   * @throws DomainError `conflict` where it has changed or gone since then, and for a name that is taken
   */
  update(known: StoredRegistry, changes: RegistryChanges): Promise<StoredRegistry> {
    const { id, revision } = known;
    const { name = known.name, endpoint, credentials } = changes;
    const moved = !isSameEndpoint(known, endpoint);
    const { address, insecure, ca } = endpoint;
    const keepsCredentials = credentials === undefined && !moved;
    return conflictOf(name, () =>
      this.db.transaction().execute(async (transaction) => {
        const row = await transaction
          .updateTable('registry')
          .set({
            name,
            address,
            insecure: insecure ? 1 : 0,
            ca,
            ...(keepsCredentials
              ? {}
              : this.sealed({ id, address, insecure }, credentials === 'none' ? undefined : credentials)),
            default_for: await becomesDefault(transaction, id, address, changes.isDefault, known.isDefault),
            revision: revision + 1,
            updated_at: this.clock.now(),
          })
          .where('id', '=', id)
          .where('revision', '=', revision)
          .returningAll()
          .executeTakeFirst();
        if (row) return toStored(row);
        throw changedMeanwhile('registry', known.name);
      }),
    );
  }

  /** @throws DomainError `not_found` */
  async delete(id: string): Promise<void> {
    const { numDeletedRows } = await this.db
      .deleteFrom('registry')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    if (numDeletedRows === 0n) throw notFound('registry', id);
  }

  private sealed(place: Place, credentials: RegistryCredentials | undefined) {
    return {
      username: credentials?.username ?? null,
      sealed_password: credentials ? this.box.seal(credentials.password, purpose(place)) : null,
    };
  }

  private async row(id: string): Promise<Selectable<RegistryTable>> {
    const row = isUuid(id)
      ? await this.db.selectFrom('registry').selectAll().where('id', '=', id).executeTakeFirst()
      : undefined;
    if (!row) throw notFound('registry', id);
    return row;
  }
}

type Place = Pick<StoredRegistry, 'id' | 'address' | 'insecure'>;

/** What a password is sealed for: should its row ever name another address, it does not open. */
function purpose({ id, address, insecure }: Place): string {
  return `registry:${id}:${insecure ? 'http' : 'https'}://${address}`;
}

/**
 * @param wanted whether it is to be the default of its host; undefined: if it would be by itself, and there is no other
 * @returns the value of `default_for`
 */
async function becomesDefault(
  transaction: Database,
  id: string,
  address: string,
  wanted: boolean | undefined,
  byItself: boolean,
): Promise<string | null> {
  if (!(wanted ?? byItself)) return null;
  const others = transaction.selectFrom('registry').select('id').where('default_for', '=', address);
  const other = await others.where('id', '!=', id).executeTakeFirst();
  if (!other) return address;
  if (wanted === undefined) return null;
  await transaction.updateTable('registry').set({ default_for: null }).where('id', '=', other.id).execute();
  return address;
}

async function conflictOf<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new DomainError(
      'conflict',
      `There is a registry ${name} already, or another default for its host`,
      {
        cause: error,
      },
    );
  }
}

function toStored(row: Selectable<RegistryTable>): StoredRegistry {
  return {
    id: row.id,
    name: row.name,
    address: row.address,
    insecure: row.insecure === 1,
    ca: row.ca,
    username: row.username,
    isDefault: row.default_for !== null,
    revision: row.revision,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
