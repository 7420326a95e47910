import { Inject, Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import { Settings } from '../config/settings.js';
import type { Operation } from '../gate/operations.js';

const RETRY_AFTER_S = 5;

/**
 * What goes on at the door: each stream, terminal and transfer is one of its own on the engine, which has room for so many. One
 * actor's never take all of it, whichever ways it comes in by.
 */
@Injectable()
export class OpenStreams {
  private readonly open = new Map<string, number>();

  constructor(@Inject(Settings) private readonly settings: Settings) {}

  /** @throws DomainError `too_many_requests` for who has as many as may be; what `work` throws */
  async during(
    { actor, operation }: { readonly actor: Actor; readonly operation: Operation },
    work: () => Promise<void>,
  ): Promise<void> {
    if (operation.nature === 'plain') return work();
    const key = `${actor.kind} ${actor.id}`;
    const open = this.open.get(key) ?? 0;
    if (open >= this.settings.doorStreamsPerActor)
      throw new DomainError(
        'too_many_requests',
        `Too many streams: you have ${open} open at the Engine door, and may have no more`,
        { retryAfter: RETRY_AFTER_S },
      );
    this.open.set(key, open + 1);
    try {
      await work();
    } finally {
      const left = (this.open.get(key) ?? 1) - 1;
      if (left === 0) this.open.delete(key);
      else this.open.set(key, left);
    }
  }
}
