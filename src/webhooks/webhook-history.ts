import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { Housekeeping } from '../common/housekeeping.js';
import { DATABASE } from '../database/database.token.js';
import type { Database } from '../database/schema.js';

const INTERVAL_MS = 10 * 60_000;
/** How long deliveries that have ended are kept, and how many of a webhook at most. */
export const KEPT_MS = 30 * 24 * 60 * 60_000;
export const KEPT = 5_000;
const BATCH = 200;

/** Forgets, at start and every ten minutes, deliveries that ended 30 days ago, and all but the newest 5,000 of a webhook. */
@Injectable()
export class WebhookHistory extends Housekeeping {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
  ) {
    super({ everyMs: INTERVAL_MS, logger: 'Webhooks', failure: "old deliveries can't be forgotten" });
  }

  /** @returns how many were forgotten */
  async run(kept = KEPT): Promise<number> {
    let deleted = await this.deleteEndedBefore(this.clock.now() - KEPT_MS);
    for (const { id } of await this.db.selectFrom('webhook').select('id').execute()) {
      const last = await this.db
        .selectFrom('webhook_delivery')
        .select('ended_at')
        .where('webhook_id', '=', id)
        .where('ended_at', 'is not', null)
        .orderBy('ended_at', 'desc')
        .orderBy('id', 'desc')
        .offset(kept)
        .limit(1)
        .executeTakeFirst();
      // Those of the same millisecond go together: a few fewer are kept then.
      if (last?.ended_at != null) deleted += await this.deleteEndedBefore(last.ended_at + 1, id);
    }
    return deleted;
  }

  private async deleteEndedBefore(time: number, webhook?: string): Promise<number> {
    let deleted = 0;
    while (!this.stopping) {
      let old = this.db.selectFrom('webhook_delivery').select('id').where('ended_at', '<', time);
      if (webhook !== undefined) old = old.where('webhook_id', '=', webhook);
      const { numDeletedRows } = await this.db
        .deleteFrom('webhook_delivery')
        .where('id', 'in', old.orderBy('ended_at').orderBy('id').limit(BATCH))
        .executeTakeFirstOrThrow();
      deleted += Number(numDeletedRows);
      if (numDeletedRows < BigInt(BATCH)) break;
    }
    return deleted;
  }
}
