import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { messageOf } from '../common/errors.js';
import { DATABASE } from '../database/database.token.js';
import type { Database } from '../database/schema.js';
import { delayAfter } from './back-off.js';
import type { AttemptOutcome } from './delivery-sender.js';
import { Outbox, type StoredDelivery } from './outbox.js';
import { WebhookPauses } from './webhook-pauses.js';

/** A webhook to which nothing got through for so long is paused. */
export const PAUSE_AFTER_MS = 24 * 60 * 60_000;
/** The same where a delivery was given up. */
const PAUSE_AT_END_AFTER_MS = 12 * 60 * 60_000;
const RETRY_MS = 1_000;

interface Waiting {
  readonly delivery: StoredDelivery;
  readonly outcome: AttemptOutcome;
  readonly isTest: boolean;
  readonly written: () => void;
}

/** Writes down how attempts ended; those that end at about the same time together. */
@Injectable()
export class DeliveryRecords {
  private waiting: Waiting[] = [];
  private isWriting = false;

  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly pauses: WebhookPauses,
  ) {}

  /**
   * Resolves when it is written down. While the database is away it is tried again; where the program ends before, the delivery is
   * sent again under its id.
   *
   * @param stop gives it up
   */
  record(
    delivery: StoredDelivery,
    outcome: AttemptOutcome,
    stop: AbortSignal,
    { isTest = false } = {},
  ): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push({ delivery, outcome, isTest, written: resolve });
      stop.addEventListener('abort', () => resolve(), { once: true });
      if (!this.isWriting) void this.write(stop);
    });
  }

  private async write(stop: AbortSignal): Promise<void> {
    this.isWriting = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0);
      try {
        await this.db.transaction().execute(async (transaction) => {
          for (const one of batch) await this.writeOne(transaction, one);
        });
        for (const { written } of batch) written();
        this.outbox.changed.ring();
      } catch (error) {
        this.waiting.unshift(...batch);
        new Logger('Webhooks').warn(`how deliveries went can't be written down now: ${messageOf(error)}`);
        if (stop.aborted) break;
        await pause(RETRY_MS, undefined, { signal: stop, ref: false }).catch(() => undefined);
      }
    }
    this.isWriting = false; // in the same turn as the look at what waits: nobody is left waiting in between
  }

  private async writeOne(db: Database, { delivery, outcome, isTest }: Waiting): Promise<void> {
    const { id, webhook_id: webhook } = delivery;
    const { verdict, at, durationMs, status, error, request, responseHeaders } = outcome;
    const now = this.clock.now();
    const attempts = delivery.attempts + 1;
    const delay = verdict === 'failed' && !isTest ? delayAfter(attempts, outcome.askedMs) : undefined;
    const isOver = delay === undefined;
    const change = db
      .updateTable('webhook_delivery')
      .set({
        state: verdict === 'delivered' ? 'delivered' : isOver ? 'failed' : 'pending',
        attempts,
        next_at: now + (delay ?? 0),
        holder: '',
        lease_until: 0,
        status,
        error,
        attempted_at: at,
        duration_ms: durationMs,
        updated_at: now,
        ended_at: isOver ? now : null,
      })
      .where('id', '=', id)
      .where('state', '=', 'pending');
    // That it was delivered is so, whoever holds it by now; that it failed, only the holder can tell.
    const { numUpdatedRows } = await (
      verdict === 'delivered' ? change : change.where('holder', '=', this.outbox.holder)
    ).executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) return;
    await db
      .insertInto('webhook_attempt')
      .values({
        delivery_id: id,
        at,
        duration_ms: durationMs,
        status,
        error,
        request: JSON.stringify(request),
        response_headers: responseHeaders && JSON.stringify(responseHeaders),
      })
      .execute();
    if (isTest) return;
    if (verdict === 'delivered')
      await db
        .updateTable('webhook')
        .set({ failing_since: null, delivered_at: now })
        .where('id', '=', webhook)
        .execute();
    else await this.failed(db, webhook, { at, isOver, isGone: verdict === 'gone' });
  }

  private async failed(
    db: Database,
    webhook: string,
    { at, isOver, isGone }: { at: number; isOver: boolean; isGone: boolean },
  ): Promise<void> {
    const row = await db
      .updateTable('webhook')
      .set(({ fn, val }) => ({ failing_since: fn.coalesce('failing_since', val(at)) }))
      .where('id', '=', webhook)
      .returning('failing_since')
      .executeTakeFirst();
    const failingFor = this.clock.now() - (row?.failing_since ?? at);
    if (isGone) await this.pauses.pause(webhook, 'gone', db);
    else if (failingFor >= (isOver ? PAUSE_AT_END_AFTER_MS : PAUSE_AFTER_MS))
      await this.pauses.pause(webhook, 'failing', db);
  }
}
