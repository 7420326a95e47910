import { Inject, Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import { Settings } from '../config/settings.js';

const RETRY_AFTER_S = 5;

/**
 * What goes on at engines: each stream, terminal and transfer is one of its own there, and an engine has room for so many. One
 * actor's never take all of it, whichever doors it comes in by.
 */
@Injectable()
export class OpenStreams {
  private readonly open = new Map<string, number>();

  constructor(@Inject(Settings) private readonly settings: Settings) {}

  /**
   * @returns to be called when it is over, once or several times
   * @throws DomainError `too_many_requests` for who has as many as may be
   */
  begin({ kind, id }: Actor): () => void {
    if (kind === 'system') return () => undefined;
    const key = `${kind} ${id}`;
    const open = this.open.get(key) ?? 0;
    if (open >= this.settings.doorStreamsPerActor)
      throw new DomainError(
        'too_many_requests',
        `Too many streams: you have ${open} open, and may have no more`,
        { retryAfter: RETRY_AFTER_S },
      );
    this.open.set(key, open + 1);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      const left = (this.open.get(key) ?? 1) - 1;
      if (left === 0) this.open.delete(key);
      else this.open.set(key, left);
    };
  }

  /** What `work` opens counts until it is closed. */
  async until<T>(
    actor: Actor,
    work: () => Promise<T>,
    opened: (result: T) => NodeJS.ReadableStream & { readonly closed: boolean },
  ): Promise<T> {
    const release = this.begin(actor);
    try {
      const result = await work();
      const stream = opened(result);
      if (stream.closed) release();
      else stream.once('close', release);
      return result;
    } catch (error) {
      release();
      throw error;
    }
  }

  /** What `work` gives counts until it is read to its end, left, or `signal` is aborted. */
  async whileRead<T>(
    actor: Actor,
    signal: AbortSignal,
    work: () => Promise<AsyncIterable<T>>,
  ): Promise<AsyncIterable<T>> {
    const release = this.begin(actor);
    signal.addEventListener('abort', release, { once: true });
    try {
      return releasing(await work(), release);
    } catch (error) {
      release();
      throw error;
    }
  }
}

async function* releasing<T>(source: AsyncIterable<T>, release: () => void): AsyncGenerator<T> {
  try {
    yield* source;
  } finally {
    release();
  }
}
