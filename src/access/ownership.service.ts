import { Inject, Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import { DATABASE } from '../database/database.token.js';
import type { Database, OwnershipTable } from '../database/schema.js';
import type { SubjectKind } from './role-binding.js';

/** Ids in one query, below what either database allows as parameters. */
const IDS_PER_QUERY = 1_000;

/** Of these there is one in a whole swarm, whichever of its engines is asked; their ids are never used twice. */
const OF_SWARM: readonly string[] = ['service', 'secret', 'config'];

/** No engine has such a name. */
const ANY_ENGINE = '*';

/** Who created an object on an engine through Dockmaster. */
export interface Ownership {
  readonly engine: string;
  /** `container`, `volume`, `network`, … */
  readonly kind: string;
  /** The object's full id; its name for a volume. */
  readonly objectId: string;
  readonly name: string;
  readonly ownerKind: SubjectKind;
  readonly ownerId: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

type NewOwnership = Omit<Ownership, 'createdAt'>;

/** Who owns an object, or owned one that is gone. */
export type PastOwner = Pick<Ownership, 'ownerKind' | 'ownerId'>;

/** Who created what through Dockmaster. Kept here and not in labels, because callers can write labels. */
@Injectable()
export class OwnershipService {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes the given subject the owner, unless the object has one already: creating a volume that exists is no error to
   * the engine, and must not hand over somebody else's. What the same subject makes anew is its own from now on.
   *
   * @returns the ownership that holds now
   */
  async record(ownership: NewOwnership): Promise<Ownership> {
    await this.db
      .insertInto('ownership')
      .values(this.rowOf(ownership))
      .onConflict((conflict) =>
        conflict
          .columns(['engine', 'kind', 'object_id'])
          .doUpdateSet({ created_at: this.clock.now() })
          .where('ownership.owner_kind', '=', ownership.ownerKind)
          .where('ownership.owner_id', '=', ownership.ownerId),
      )
      .execute();
    const recorded = await this.find(ownership.engine, ownership.kind, ownership.objectId);
    if (!recorded) throw new DomainError('conflict', 'The object was removed while it was being created');
    return recorded;
  }

  /** @param id the object's full id; the name of a volume */
  async find(engine: string, kind: string, id: string): Promise<Ownership | undefined> {
    return (await this.findMany(engine, kind, [id])).get(id);
  }

  /** The ownerships of those of `ids` that have an owner, by id. */
  async findMany(engine: string, kind: string, ids: readonly string[]): Promise<Map<string, Ownership>> {
    const found = new Map<string, Ownership>();
    for (let start = 0; start < ids.length; start += IDS_PER_QUERY) {
      const rows = await this.db
        .selectFrom('ownership')
        .selectAll()
        .where('engine', '=', placeOf(engine, kind))
        .where('kind', '=', kind)
        .where('object_id', 'in', ids.slice(start, start + IDS_PER_QUERY))
        .execute();
      for (const row of rows) found.set(row.object_id, fromRow(row));
    }
    return found;
  }

  /**
   * What `look` finds of an object by an id that can be used again, such as the name of a volume. Where it finds nothing,
   * whoever owned the object before must not own what takes its place, so that is forgotten; an ownership that was
   * recorded since stays.
   */
  async lookAt<Found>(
    { engine, kind, id }: { engine: string; kind: string; id: string },
    look: () => Promise<Found | undefined>,
  ): Promise<Found | undefined> {
    const before = await this.find(engine, kind, id);
    const found = await look();
    if (before && found === undefined) await this.forget(engine, kind, id, { only: before });
    return found;
  }

  /**
   * For an object that is gone. Who owned it is known for a while: see `lastOwners`.
   *
   * @param limit if given, nothing is forgotten where another ownership than `only` holds by now, or one that was recorded
   *   after `before`, in milliseconds since the epoch
   */
  async forget(
    engine: string,
    kind: string,
    id: string,
    { only, before }: { readonly only?: Ownership; readonly before?: number } = {},
  ): Promise<void> {
    await this.db.transaction().execute(async (transaction) => {
      const ofObject = transaction
        .deleteFrom('ownership')
        .where('engine', '=', placeOf(engine, kind))
        .where('kind', '=', kind)
        .where('object_id', '=', id);
      const ofOwner = only
        ? ofObject
            .where('owner_kind', '=', only.ownerKind)
            .where('owner_id', '=', only.ownerId)
            .where('created_at', '=', only.createdAt)
        : ofObject;
      const deleted = before === undefined ? ofOwner : ofOwner.where('created_at', '<', before);
      const gone = await deleted
        .returning(['engine', 'kind', 'object_id', 'owner_kind', 'owner_id'])
        .executeTakeFirst();
      if (!gone) return;
      await transaction
        .insertInto('past_ownership')
        .values({ ...gone, forgotten_at: this.clock.now() })
        .onConflict((conflict) =>
          conflict.columns(['engine', 'kind', 'object_id']).doUpdateSet(({ ref }) => ({
            owner_kind: ref('excluded.owner_kind'),
            owner_id: ref('excluded.owner_id'),
            forgotten_at: ref('excluded.forgotten_at'),
          })),
        )
        .execute();
    });
  }

  /** Who owns those of `ids` that have an owner, or owned those that are gone for less than a few days, by id. */
  async lastOwners(engine: string, kind: string, ids: readonly string[]): Promise<Map<string, PastOwner>> {
    const owners = new Map<string, PastOwner>();
    for (let start = 0; start < ids.length; start += IDS_PER_QUERY) {
      const past = await this.db
        .selectFrom('past_ownership')
        .selectAll()
        .where('engine', '=', placeOf(engine, kind))
        .where('kind', '=', kind)
        .where('object_id', 'in', ids.slice(start, start + IDS_PER_QUERY))
        .execute();
      for (const { object_id, owner_kind, owner_id } of past)
        owners.set(object_id, { ownerKind: owner_kind, ownerId: owner_id });
    }
    for (const [id, owner] of await this.findMany(engine, kind, ids)) owners.set(id, owner);
    return owners;
  }

  /** Forgets for good who owned what was gone before `time`, in milliseconds since the epoch. */
  async forgetPast(time: number): Promise<void> {
    await this.db.deleteFrom('past_ownership').where('forgotten_at', '<', time).execute();
  }

  private rowOf(ownership: NewOwnership): OwnershipTable {
    return {
      engine: placeOf(ownership.engine, ownership.kind),
      kind: ownership.kind,
      object_id: ownership.objectId,
      name: ownership.name,
      owner_kind: ownership.ownerKind,
      owner_id: ownership.ownerId,
      created_at: this.clock.now(),
    };
  }

  /** Notes the new name of an object; its owner stays. */
  async rename(engine: string, kind: string, id: string, name: string): Promise<void> {
    await this.db
      .updateTable('ownership')
      .set({ name })
      .where('engine', '=', placeOf(engine, kind))
      .where('kind', '=', kind)
      .where('object_id', '=', id)
      .execute();
  }
}

function placeOf(engine: string, kind: string): string {
  return OF_SWARM.includes(kind) ? ANY_ENGINE : engine;
}

function fromRow(row: Selectable<OwnershipTable>): Ownership {
  return {
    engine: row.engine,
    kind: row.kind,
    objectId: row.object_id,
    name: row.name,
    ownerKind: row.owner_kind,
    ownerId: row.owner_id,
    createdAt: row.created_at,
  };
}
