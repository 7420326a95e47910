import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type Selectable, sql } from 'kysely';
import { Bell } from '../common/bell.js';
import { Clock } from '../common/clock.js';
import { uuidV7 } from '../common/uuid-v7.js';
import { Settings } from '../config/settings.js';
import { databaseTime } from '../database/database-time.js';
import { DATABASE } from '../database/database.token.js';
import { isSqlite } from '../database/open-database.js';
import type { Database, WebhookDeliveryTable } from '../database/schema.js';
import { eventId, fromRow, type StoredEvent } from '../events/domain-event.js';
import { hasListeners, writeEvents } from '../events/event-journal.js';
import { newDelivery } from './new-delivery.js';

/** So often a delivery holds up the ones after it of the same subject; then order has to give way. */
const HOLDING_ATTEMPTS = 4;
/** From an attempt's time limit to when another process may try. */
const LEASE_MARGIN_MS = 5_000;

export type StoredDelivery = Selectable<WebhookDeliveryTable>;

/**
 * What is to be sent. A process claims what it tries with a lease; where it dies, another one tries again under the same id.
 */
@Injectable()
export class Outbox {
  /** Rings when a delivery has changed. */
  readonly changed = new Bell();
  /** This process, among those that share the database. */
  readonly holder = randomUUID();
  readonly isShared: boolean;

  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {
    this.isShared = !isSqlite(db);
  }

  hasWebhooks(): Promise<boolean> {
    return hasListeners(this.db);
  }

  /** The webhooks that have something to be tried now. */
  async due(): Promise<string[]> {
    const rows = await this.db
      .selectFrom('webhook_delivery')
      .innerJoin('webhook', 'webhook.id', 'webhook_delivery.webhook_id')
      .select('webhook.id')
      .distinct()
      .where('state', '=', 'pending')
      .where('next_at', '<=', this.clock.now())
      .where('enabled', '=', 1)
      .where('paused_reason', 'is', null)
      .execute();
    return rows.map(({ id }) => id);
  }

  /**
   * Takes up to `count` deliveries of a webhook, the oldest first. Of one subject only one at a time, so that what happened to it is
   * told in its order, until that has failed several times.
   */
  async claim(webhook: string, count: number): Promise<StoredDelivery[]> {
    const candidates = await this.db
      .selectFrom('webhook_delivery as d')
      .select('d.id')
      .where('d.webhook_id', '=', webhook)
      .where('d.state', '=', 'pending')
      .where('d.next_at', '<=', this.clock.now())
      .where('d.lease_until', '<', this.freeBefore())
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('webhook_delivery as e')
              .select('e.id')
              .whereRef('e.webhook_id', '=', 'd.webhook_id')
              .whereRef('e.resource', '=', 'd.resource')
              .where('e.state', '=', 'pending')
              .whereRef('e.position', '<', 'd.position')
              .where('e.attempts', '<', HOLDING_ATTEMPTS),
          ),
        ),
      )
      .orderBy('d.position')
      .limit(count)
      .execute();
    if (candidates.length === 0) return [];
    const claimed = await this.db
      .updateTable('webhook_delivery')
      .set({ holder: this.holder, lease_until: this.leaseEnd() })
      .where(
        'id',
        'in',
        candidates.map(({ id }) => id),
      )
      .where('state', '=', 'pending')
      .where('lease_until', '<', this.freeBefore())
      .returningAll()
      .execute();
    return claimed.sort((a, b) => a.position - b.position);
  }

  /** Gives up what an earlier process of a database that is not shared had claimed. */
  async freeAll(): Promise<void> {
    if (this.isShared) return;
    await this.db
      .updateTable('webhook_delivery')
      .set({ holder: '', lease_until: 0 })
      .where('holder', '<>', '')
      .execute();
  }

  /** Lets a claimed delivery be tried later, as if it had not been claimed. */
  async postpone(id: string, byMs: number): Promise<void> {
    await this.db
      .updateTable('webhook_delivery')
      .set({ holder: '', lease_until: 0, next_at: this.clock.now() + byMs })
      .where('id', '=', id)
      .where('holder', '=', this.holder)
      .execute();
  }

  /** For what the owner of the webhook may not see: to him it has not happened. */
  async withhold(id: string): Promise<void> {
    await this.db.deleteFrom('webhook_delivery').where('id', '=', id).execute();
  }

  async event(id: string): Promise<StoredEvent | undefined> {
    const row = await this.db.selectFrom('domain_event').selectAll().where('id', '=', id).executeTakeFirst();
    return row && fromRow(row);
  }

  /** A test delivery, claimed already: nobody else tries it. */
  async queueTest(webhook: { id: string; name: string }): Promise<StoredDelivery> {
    const now = this.clock.now();
    return this.db.transaction().execute(async (transaction) => {
      const id = eventId('webhook', webhook.id, 'test', uuidV7(now));
      const event = {
        id,
        type: 'webhook.test',
        engine: null,
        subject: { kind: 'webhook', id: webhook.id, name: webhook.name },
        labels: {},
        owner: await ownerOf(transaction, webhook.id),
        data: {},
        at: now,
        resource: `test/${id}`,
      } as const;
      await writeEvents(transaction, [event], now);
      const row = await transaction
        .updateTable('domain_event')
        .set({ dispatched: 1 })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow();
      return transaction
        .insertInto('webhook_delivery')
        .values({
          ...newDelivery(webhook.id, fromRow(row), now),
          holder: this.holder,
          lease_until: this.leaseEnd(),
        })
        .returningAll()
        .executeTakeFirstOrThrow();
    });
  }

  private freeBefore() {
    return this.isShared ? databaseTime() : 1;
  }

  private leaseEnd() {
    const leaseMs = this.settings.webhookTimeoutMs + LEASE_MARGIN_MS;
    return this.isShared ? sql<number>`${databaseTime()} + ${sql.lit(leaseMs)}` : 1;
  }
}

async function ownerOf(db: Database, webhook: string) {
  const { owner_kind: ownerKind, owner_id: ownerId } = await db
    .selectFrom('webhook')
    .select(['owner_kind', 'owner_id'])
    .where('id', '=', webhook)
    .executeTakeFirstOrThrow();
  return { ownerKind, ownerId };
}
