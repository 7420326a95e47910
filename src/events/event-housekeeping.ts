import { Inject, Injectable } from '@nestjs/common';
import { NameClaimsService } from '../access/name-claims.service.js';
import { OwnershipService } from '../access/ownership.service.js';
import { Clock } from '../common/clock.js';
import { Housekeeping } from '../common/housekeeping.js';
import { DATABASE } from '../database/database.token.js';
import type { Database } from '../database/schema.js';

const INTERVAL_MS = 10 * 60_000;
/** How long an event is kept that no delivery refers to. */
export const KEPT_MS = 60 * 60_000;
/** How long it is known who owned what is gone. */
const OWNERS_KEPT_MS = 3 * 24 * 60 * 60_000;
const BATCH = 500;

/** Forgets, at start and every ten minutes, events of which everybody was told, who owned what is long gone, and claims that are over. */
@Injectable()
export class EventHousekeeping extends Housekeeping {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
    private readonly ownership: OwnershipService,
    private readonly claims: NameClaimsService,
  ) {
    super({ everyMs: INTERVAL_MS, logger: 'Events', failure: "old events can't be forgotten" });
  }

  /** @returns how many events were forgotten */
  async run(): Promise<number> {
    const now = this.clock.now();
    await this.ownership.forgetPast(now - OWNERS_KEPT_MS);
    await this.claims.forgetOver();
    let deleted = 0;
    while (!this.stopping) {
      const { numDeletedRows } = await this.db
        .deleteFrom('domain_event')
        .where('position', 'in', (eb) =>
          eb
            .selectFrom('domain_event')
            .select('position')
            .where('dispatched', '=', 1)
            .where('recorded_at', '<', now - KEPT_MS)
            .where(({ not, exists, selectFrom }) =>
              not(
                exists(
                  selectFrom('webhook_delivery')
                    .select('webhook_delivery.id')
                    .whereRef('webhook_delivery.event_id', '=', 'domain_event.id'),
                ),
              ),
            )
            .orderBy('position')
            .limit(BATCH),
        )
        .executeTakeFirstOrThrow();
      deleted += Number(numDeletedRows);
      if (numDeletedRows < BigInt(BATCH)) break;
    }
    return deleted;
  }
}
