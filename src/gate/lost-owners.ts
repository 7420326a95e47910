import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import { OwnershipService } from '../access/ownership.service.js';
import { Clock } from '../common/clock.js';
import { LOGGER } from '../common/logging.js';
import { type ObjectEnd, State } from '../state/state.js';

/** The engine's clock and ours are not quite the same. */
const TOLERANCE_MS = 1_000;
const TRIED_AGAIN_MS = 1_000;
/** More ends than this are not waiting unless the database is away; of each that is dropped the log tells. */
const MOST_WAITING = 50_000;

/**
 * Who owned what is gone must not own what takes its place, whoever removed it: a volume of the same name, or an image of the
 * same content. What was made anew since through Dockmaster is owned from then on, and stays so.
 */
@Injectable()
export class LostOwners implements OnApplicationBootstrap {
  /** The last end of each object, by engine, kind and id. */
  private readonly waiting = new Map<string, ObjectEnd>();
  private working: Promise<void> | undefined;

  constructor(
    private readonly state: State,
    private readonly ownership: OwnershipService,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.state.onEnd((end) => this.heard(end));
  }

  /** Resolves when all that was heard of so far is looked at, or has failed once. */
  async settled(): Promise<void> {
    await this.working;
  }

  private heard(end: ObjectEnd): void {
    const { engine, kind, id } = end;
    if (this.waiting.size >= MOST_WAITING) {
      this.logger.error({ engine, kind, id }, 'too much is gone at once to forget who owned it');
      return;
    }
    this.waiting.set(JSON.stringify([engine, kind, id]), end);
    this.work();
  }

  private work(): void {
    this.working ??= this.forgetAll().then(
      () => {
        this.working = undefined;
        if (this.waiting.size > 0) this.work();
      },
      (error: unknown) => {
        this.working = undefined;
        this.logger.error({ err: error }, 'could not forget who owned what is gone: it is tried again');
        setTimeout(() => this.work(), TRIED_AGAIN_MS).unref();
      },
    );
  }

  private async forgetAll(): Promise<void> {
    for (const [key, end] of this.waiting) {
      await this.forget(end);
      if (this.waiting.get(key) === end) this.waiting.delete(key);
    }
  }

  private async forget({ engine, kind, id, at }: ObjectEnd): Promise<void> {
    // An engine whose clock is ahead does not tell of what is still to come.
    await this.ownership.forget(engine, kind, id, { before: Math.min(at, this.clock.now()) - TOLERANCE_MS });
  }
}
