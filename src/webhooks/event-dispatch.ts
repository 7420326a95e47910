import { Inject, Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Clock } from '../common/clock.js';
import { DATABASE } from '../database/database.token.js';
import { isSqlite } from '../database/open-database.js';
import type { Database } from '../database/schema.js';
import { fromRow, type StoredEvent } from '../events/domain-event.js';
import { newDelivery } from './new-delivery.js';
import { interestOf, limitsIn, wants } from './stored-webhook.js';
import { WebhookOwners } from './webhook-owners.js';
import { WebhookPauses } from './webhook-pauses.js';

/** Events that are given to the webhooks in one go. */
const DISPATCHED = 200;
/** Deliveries that may wait for one webhook; with more it is paused, and events are counted instead. */
export const MAX_PENDING = 10_000;
const ROWS = 50;
/** PostgreSQL's advisory lock of who gives events to webhooks: "dmwh". */
const DISPATCH_LOCK = 0x646d7768;

/**
 * Makes the deliveries: one for each event and webhook that wants it, in a transaction with the mark that the event has its
 * deliveries.
 */
@Injectable()
export class EventDispatch {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
    private readonly pauses: WebhookPauses,
    private readonly owners: WebhookOwners,
  ) {}

  /**
   * Gives what was written down of late to the webhooks that want it, in its order. One process at a time does.
   *
   * @returns how many events
   */
  async dispatch(maxPending = MAX_PENDING): Promise<number> {
    // Before the transaction: SQLite has one connection, which that keeps to itself.
    const found = (await undispatched(this.db).execute()).map(fromRow);
    if (found.length === 0) return 0;
    const hidden = await this.hidden(found);
    return this.db.transaction().execute(async (transaction) => {
      if (!isSqlite(this.db) && !(await isAlone(transaction))) return 0;
      const rows = await undispatched(transaction)
        .where(
          'position',
          'in',
          found.map(({ position }) => position),
        )
        .execute();
      const last = rows.at(-1);
      if (!last) return 0;
      const events = rows.map(fromRow);
      const webhooks = await enabled(transaction).execute();
      for (const webhook of webhooks) {
        const wanted = events.filter(wants(interestOf(webhook)));
        const own = wanted.filter(({ id, type, owner, subject }) => {
          if (hidden.get(webhook.id)?.has(id) === true) return false;
          if (type !== 'webhook.paused') return true;
          const isOwners = owner?.ownerKind === webhook.owner_kind && owner.ownerId === webhook.owner_id;
          return isOwners && subject.id !== webhook.id;
        });
        if (own.length > 0) await this.queue(transaction, webhook.id, own, maxPending);
      }
      await transaction
        .updateTable('domain_event')
        .set({ dispatched: 1 })
        .where('dispatched', '=', 0)
        .where('position', '<=', last.position)
        .where(
          'position',
          'in',
          rows.map(({ position }) => position),
        )
        .execute();
      return rows.length;
    });
  }

  /** What is not for the owner of a webhook, by the webhook's id: it takes no room of it, and is not counted. */
  private async hidden(events: readonly StoredEvent[]): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const hidden = new Map<string, ReadonlySet<string>>();
    for (const webhook of await enabled(this.db).execute()) {
      const wanted = events.filter(wants(interestOf(webhook)));
      const owner = { kind: webhook.owner_kind, id: webhook.owner_id };
      hidden.set(webhook.id, await this.owners.hiddenFrom({ owner, limits: limitsIn(webhook) }, wanted));
    }
    return hidden;
  }

  private async queue(
    db: Database,
    webhook: string,
    events: readonly StoredEvent[],
    maxPending: number,
  ): Promise<void> {
    const now = this.clock.now();
    const { pending } = await db
      .selectFrom('webhook_delivery')
      .select(({ fn }) => fn.countAll<number>().as('pending'))
      .where('webhook_id', '=', webhook)
      .where('state', '=', 'pending')
      .executeTakeFirstOrThrow();
    const room = Math.max(0, maxPending - pending);
    const rows = events.slice(0, room).map((event) => newDelivery(webhook, event, now));
    for (let start = 0; start < rows.length; start += ROWS) {
      await db
        .insertInto('webhook_delivery')
        .values(rows.slice(start, start + ROWS))
        .onConflict((conflict) => conflict.columns(['webhook_id', 'event_id']).doNothing())
        .execute();
    }
    const missed = events.length - rows.length;
    if (missed === 0) return;
    await db
      .updateTable('webhook')
      .set((eb) => ({
        missed: eb('missed', '+', missed),
        missed_since: eb.fn.coalesce('missed_since', eb.val(events[room]?.at ?? now)),
      }))
      .where('id', '=', webhook)
      .execute();
    await this.pauses.pause(webhook, 'overflow', db);
  }
}

function undispatched(db: Database) {
  return db
    .selectFrom('domain_event')
    .selectAll()
    .where('dispatched', '=', 0)
    .orderBy('position')
    .limit(DISPATCHED);
}

function enabled(db: Database) {
  return db
    .selectFrom('webhook')
    .select(['id', 'owner_kind', 'owner_id', 'limits', 'event_types', 'engines', 'label_selector'])
    .where('enabled', '=', 1);
}

async function isAlone(db: Database): Promise<boolean> {
  const { rows } = await sql<{
    free: boolean;
  }>`select pg_try_advisory_xact_lock(${sql.lit(DISPATCH_LOCK)}) as free`.execute(db);
  return rows[0]?.free === true;
}
