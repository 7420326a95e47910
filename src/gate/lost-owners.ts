import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import { OwnershipService } from '../access/ownership.service.js';
import { Clock } from '../common/clock.js';
import { LOGGER } from '../common/logging.js';
import { type ObjectEnd, State } from '../state/state.js';

/** The engine's clock and ours are not quite the same. */
const TOLERANCE_MS = 1_000;

/**
 * Who owned what is gone must not own what takes its place, whoever removed it: a volume of the same name, or an image of the
 * same content. What was made anew since through Dockmaster is owned from then on, and stays so.
 */
@Injectable()
export class LostOwners implements OnApplicationBootstrap {
  constructor(
    private readonly state: State,
    private readonly ownership: OwnershipService,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.state.onEnd((end) => {
      this.forget(end).catch((error: unknown) =>
        this.logger.error({ err: error, ...end }, 'could not forget who owned what is gone'),
      );
    });
  }

  private async forget({ engine, kind, id, at }: ObjectEnd): Promise<void> {
    const owner = await this.ownership.find(engine, kind, id);
    if (!owner || owner.isClaim) return;
    // An engine whose clock is ahead does not tell of what is still to come.
    const ended = at === undefined ? Infinity : Math.min(at, this.clock.now()) - TOLERANCE_MS;
    if (owner.createdAt < ended) await this.ownership.forget(engine, kind, id, owner);
  }
}
