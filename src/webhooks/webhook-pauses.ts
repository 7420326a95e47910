import { Inject, Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { Clock } from '../common/clock.js';
import { DATABASE } from '../database/database.token.js';
import type { Database } from '../database/schema.js';
import { eventId } from '../events/domain-event.js';
import { writeEvents } from '../events/event-journal.js';
import type { PauseReason } from './stored-webhook.js';

const SYSTEM = { kind: 'system', id: 'system', name: 'system' } as const;

/** Pauses webhooks that make no sense to send to, and tells their owners: by a field, an event, and an audit record. */
@Injectable()
export class WebhookPauses {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: AuditService,
  ) {}

  /** Sends nothing more, until the webhook is enabled again; the owner is told. Nothing where it is paused already. */
  async pause(webhook: string, reason: PauseReason, db?: Database): Promise<void> {
    if (!db) {
      await this.db.transaction().execute((transaction) => this.pause(webhook, reason, transaction));
      return;
    }
    const now = this.clock.now();
    const paused = await db
      .updateTable('webhook')
      .set((eb) => ({ paused_reason: reason, paused_at: now, revision: eb('revision', '+', 1) }))
      .where('id', '=', webhook)
      .where('paused_reason', 'is', null)
      .returning(['name', 'owner_kind', 'owner_id'])
      .executeTakeFirst();
    if (!paused) return;
    const { name } = paused;
    await this.audit.succeeded(
      {
        actor: SYSTEM,
        operation: 'webhookPaused',
        targetKind: 'webhook',
        targetId: webhook,
        targetName: name,
        door: 'system',
        requestId: '',
        address: '',
      },
      db,
    );
    const event = {
      id: eventId('webhook', webhook, 'paused', now),
      type: 'webhook.paused',
      engine: null,
      subject: { kind: 'webhook', id: webhook, name },
      labels: {},
      owner: { ownerKind: paused.owner_kind, ownerId: paused.owner_id },
      data: { reason },
      at: now,
    } as const;
    await writeEvents(db, [event], now);
  }
}
