import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Clock } from '../common/clock.js';
import { databaseTime } from '../database/database-time.js';
import { DATABASE } from '../database/database.token.js';
import { isSqlite } from '../database/open-database.js';
import type { Database } from '../database/schema.js';
import { type DomainEvent, eventId, toOwner } from './domain-event.js';
import { EventBells, hasListeners, writeEvents } from './event-journal.js';
import type { FactsOf, KnownObject, ToldKind } from './known-object.js';

/** How long a process that says nothing is taken to be alive, where there may be several. */
export const LEASE_MS = 15_000;
const ROWS = 100;

/** Up to where the events of an engine were heard. */
export interface Seen {
  /** Of the last one: nanoseconds since the epoch. */
  readonly nano: number;
  /** The ids of those of about that time: the engine may tell them again. */
  readonly ids: readonly string[];
}

/** What is known of an engine that another process, or this one before it stopped, has told the events of. */
export interface StoredSource {
  readonly daemonId: string;
  readonly seen: Seen | undefined;
  readonly known: Map<string, KnownObject>;
}

/** What comes of events: they and what is known then are written down together. */
export interface Progress {
  readonly events: readonly DomainEvent[];
  readonly known: readonly KnownObject[];
  readonly gone: readonly Pick<KnownObject, 'kind' | 'id'>[];
  readonly seen?: Seen | undefined;
}

/**
 * How far the events of each engine are told. One process at a time holds an engine: nobody else writes of it. Should two
 * take themselves for the holder, what they write has the same ids.
 */
@Injectable()
export class EventSourceStore {
  /** This process, among those that share the database. */
  private readonly holder = randomUUID();
  private readonly isShared: boolean;

  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
    private readonly bells: EventBells,
  ) {
    this.isShared = !isSqlite(db);
  }

  /** Whether there is anybody to tell. */
  hasListeners(): Promise<boolean> {
    return hasListeners(this.db);
  }

  /** Since when there is somebody to tell, in milliseconds since the epoch. */
  async listeningSince(): Promise<number> {
    const first = await this.db
      .selectFrom('webhook')
      .select('created_at')
      .orderBy('created_at')
      .limit(1)
      .executeTakeFirst();
    return first?.created_at ?? this.clock.now();
  }

  /** @returns whether the engine is ours now */
  async acquire(engine: string): Promise<boolean> {
    const fresh = { daemon_id: '', seen: '', reachable: null };
    await this.db
      .insertInto('event_source')
      .values({ engine, holder: this.holder, lease_until: this.leaseEnd(), ...fresh })
      .onConflict((conflict) => conflict.column('engine').doNothing())
      .execute();
    const free = this.db
      .updateTable('event_source')
      .set({ holder: this.holder, lease_until: this.leaseEnd() })
      .where('engine', '=', engine);
    const { numUpdatedRows } = await (
      this.isShared
        ? free.where((eb) => eb.or([eb('holder', '=', this.holder), eb('lease_until', '<', databaseTime())]))
        : free
    ).executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }

  /** @throws LeaseLost */
  renew(engine: string): Promise<void> {
    return this.hold(this.db, engine, {});
  }

  /** Lets another process go on at once. */
  async release(engine: string): Promise<void> {
    await this.db
      .updateTable('event_source')
      .set({ lease_until: 0, holder: '' })
      .where('engine', '=', engine)
      .where('holder', '=', this.holder)
      .execute();
  }

  async load(engine: string): Promise<StoredSource> {
    const { daemon_id: daemonId, seen } = await this.db
      .selectFrom('event_source')
      .select(['daemon_id', 'seen'])
      .where('engine', '=', engine)
      .executeTakeFirstOrThrow();
    const rows = await this.db.selectFrom('known_object').selectAll().where('engine', '=', engine).execute();
    const known = new Map<string, KnownObject>();
    for (const row of rows) {
      const kind = row.kind as ToldKind;
      known.set(keyOf(kind, row.object_id), {
        kind,
        id: row.object_id,
        name: row.name,
        labels: JSON.parse(row.labels) as Record<string, string>,
        owner: toOwner(row),
        facts: JSON.parse(row.facts) as FactsOf[ToldKind],
      });
    }
    return { daemonId, seen: seen === '' ? undefined : (JSON.parse(seen) as Seen), known };
  }

  /** Begins anew: what was known was of another engine, or there was nobody to tell. @throws LeaseLost */
  async begin(engine: string, daemonId: string, seen: Seen, known: Iterable<KnownObject>): Promise<void> {
    await this.db.transaction().execute(async (transaction) => {
      await this.hold(transaction, engine, { daemon_id: daemonId, seen: JSON.stringify(seen) });
      await transaction.deleteFrom('known_object').where('engine', '=', engine).execute();
      await this.keep(transaction, engine, [...known]);
    });
  }

  /** Writes down what happened and what is known then; neither without the other. @throws LeaseLost */
  async commit(engine: string, { events, known, gone, seen }: Progress): Promise<void> {
    await this.db.transaction().execute(async (transaction) => {
      await this.hold(transaction, engine, seen ? { seen: JSON.stringify(seen) } : {});
      await writeEvents(transaction, events, this.clock.now());
      await this.keep(transaction, engine, known);
      for (const { kind, id } of gone) {
        await transaction
          .deleteFrom('known_object')
          .where('engine', '=', engine)
          .where('kind', '=', kind)
          .where('object_id', '=', id)
          .execute();
      }
    });
    if (events.length > 0) this.bells.written.ring();
  }

  /**
   * Writes down that an engine has turned reachable or unreachable, if that is new. Nothing where another process holds it.
   *
   * @param since RFC 3339
   */
  async turned(engine: string, reachable: boolean, since: string, reason: string | null): Promise<void> {
    await this.db.transaction().execute(async (transaction) => {
      const before = await transaction
        .selectFrom('event_source')
        .select('reachable')
        .where('engine', '=', engine)
        .where('holder', '=', this.holder)
        .executeTakeFirst();
      const now = reachable ? 1 : 0;
      if (!before || before.reachable === now) return;
      await transaction
        .updateTable('event_source')
        .set({ reachable: now })
        .where('engine', '=', engine)
        .execute();
      // How it was before anybody was to be told is no news.
      if (before.reachable === null) return;
      const type = reachable ? 'engine.reachable' : 'engine.unreachable';
      const event: DomainEvent = {
        id: eventId(engine, type, since),
        type,
        engine,
        subject: { kind: 'engine', id: engine, name: engine },
        labels: {},
        data: reachable ? {} : { reason },
        at: Date.parse(since),
      };
      await writeEvents(transaction, [event], this.clock.now());
    });
    this.bells.written.ring();
  }

  private async hold(
    db: Database,
    engine: string,
    change: { daemon_id?: string; seen?: string },
  ): Promise<void> {
    const { numUpdatedRows } = await db
      .updateTable('event_source')
      .set({ ...change, lease_until: this.leaseEnd() })
      .where('engine', '=', engine)
      .where('holder', '=', this.holder)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) throw new LeaseLost(engine);
  }

  private async keep(db: Database, engine: string, known: readonly KnownObject[]): Promise<void> {
    for (let start = 0; start < known.length; start += ROWS) {
      await db
        .insertInto('known_object')
        .values(
          known.slice(start, start + ROWS).map(({ kind, id, name, labels, owner, facts }) => ({
            engine,
            kind,
            object_id: id,
            name,
            labels: JSON.stringify(labels),
            owner_kind: owner?.ownerKind ?? null,
            owner_id: owner?.ownerId ?? null,
            facts: JSON.stringify(facts),
          })),
        )
        .onConflict((conflict) =>
          conflict.columns(['engine', 'kind', 'object_id']).doUpdateSet(({ ref }) => ({
            name: ref('excluded.name'),
            labels: ref('excluded.labels'),
            owner_kind: ref('excluded.owner_kind'),
            owner_id: ref('excluded.owner_id'),
            facts: ref('excluded.facts'),
          })),
        )
        .execute();
    }
  }

  private leaseEnd() {
    return this.isShared ? sql<number>`${databaseTime()} + ${sql.lit(LEASE_MS)}` : 0;
  }
}

/** Another process tells of the engine now, or nobody is to be told any more. */
export class LeaseLost extends Error {
  constructor(engine: string) {
    super(`another process tells the events of ${engine}`);
    this.name = 'LeaseLost';
  }
}

export function keyOf(kind: string, id: string): string {
  return `${kind}/${id}`;
}
