import { Inject, Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import { Clock } from '../common/clock.js';
import { notFound } from '../common/errors.js';
import type { Page, PageRequest } from '../common/pagination.js';
import { DATABASE } from '../database/database.token.js';
import type { Database, WebhookAttemptTable } from '../database/schema.js';
import { timePage } from '../database/time-cursor.js';
import { fromRow, type StoredEvent } from '../events/domain-event.js';
import { EventBells } from '../events/event-journal.js';
import type { DeliveryState } from './delivery-state.js';
import type { StoredDelivery } from './outbox.js';

export type StoredAttempt = Selectable<WebhookAttemptTable>;

export interface DeliveryFilter {
  readonly state?: DeliveryState | undefined;
  readonly eventType?: string | undefined;
}

const MAX_ATTEMPTS_SHOWN = 50;
/** Deliveries that are sent again in one go. */
export const MAX_REDELIVERED = 1_000;
const MAX_CHANGES = 200;

/** What was sent, and what is to be. Who may read it is the caller's to decide. */
@Injectable()
export class DeliveryLog {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
    private readonly bells: EventBells,
  ) {}

  /** Newest first. */
  list(
    webhook: string,
    { state, eventType }: DeliveryFilter,
    page: PageRequest,
  ): Promise<Page<StoredDelivery>> {
    let rows = this.db.selectFrom('webhook_delivery').selectAll().where('webhook_id', '=', webhook);
    if (state !== undefined) rows = rows.where('state', '=', state);
    if (eventType !== undefined) rows = rows.where('event_type', '=', eventType);
    const toItem = (row: StoredDelivery) => row;
    return timePage({ rows, table: 'webhook_delivery', order: 'newest first', toItem }, page);
  }

  /** @throws DomainError `not_found` */
  async get(webhook: string, id: string): Promise<StoredDelivery> {
    const row = await this.db
      .selectFrom('webhook_delivery')
      .selectAll()
      .where('webhook_id', '=', webhook)
      .where('id', '=', id)
      .executeTakeFirst();
    if (!row) throw notFound('delivery', id);
    return row;
  }

  /** The last ones, the oldest first. */
  async attempts(delivery: string): Promise<StoredAttempt[]> {
    const rows = await this.db
      .selectFrom('webhook_attempt')
      .selectAll()
      .where('delivery_id', '=', delivery)
      .orderBy('at', 'desc')
      .limit(MAX_ATTEMPTS_SHOWN)
      .execute();
    return rows.reverse();
  }

  /** The events of deliveries, by id. */
  async events(deliveries: readonly StoredDelivery[]): Promise<Map<string, StoredEvent>> {
    const ids = [...new Set(deliveries.map(({ event_id }) => event_id))];
    if (ids.length === 0) return new Map();
    const rows = await this.db.selectFrom('domain_event').selectAll().where('id', 'in', ids).execute();
    return new Map(rows.map((row) => [row.id, fromRow(row)]));
  }

  /** Has one sent again. @returns whether it had ended */
  async redeliver(webhook: string, id: string): Promise<boolean> {
    return (await this.sendAgain(webhook, [id])) > 0;
  }

  /** Has those sent again that were made from one time to another, the oldest 1,000 at most. @returns how many */
  async redeliverMade(
    webhook: string,
    { from, to, state }: { from: number; to: number; state: DeliveryState },
  ): Promise<number> {
    const rows = await this.db
      .selectFrom('webhook_delivery')
      .select('id')
      .where('webhook_id', '=', webhook)
      .where('state', '=', state)
      .where('event_type', '<>', 'webhook.test')
      .where('created_at', '>=', from)
      .where('created_at', '<', to)
      .orderBy('created_at')
      .orderBy('id')
      .limit(MAX_REDELIVERED)
      .execute();
    return this.sendAgain(
      webhook,
      rows.map(({ id }) => id),
    );
  }

  /** What changed at or after a time, in milliseconds since the epoch; the oldest change first, 200 at most. */
  changedSince(webhook: string, time: number): Promise<StoredDelivery[]> {
    return this.db
      .selectFrom('webhook_delivery')
      .selectAll()
      .where('webhook_id', '=', webhook)
      .where('updated_at', '>=', time)
      .orderBy('updated_at')
      .orderBy('id')
      .limit(MAX_CHANGES)
      .execute();
  }

  private async sendAgain(webhook: string, ids: readonly string[]): Promise<number> {
    if (ids.length === 0) return 0;
    const now = this.clock.now();
    const { numUpdatedRows } = await this.db
      .updateTable('webhook_delivery')
      .set({ state: 'pending', attempts: 0, next_at: now, ended_at: null, updated_at: now })
      .where('webhook_id', '=', webhook)
      .where('id', 'in', ids)
      .where('state', '<>', 'pending')
      .executeTakeFirstOrThrow();
    this.bells.written.ring();
    return Number(numUpdatedRows);
  }
}
