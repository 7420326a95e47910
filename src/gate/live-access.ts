import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { DomainError, messageOf } from '../common/errors.js';
import { LOGGER } from '../common/logging.js';

/** How often the right of every open stream is looked at again; with the look-ups' own 2 s cache well below 5 s. */
const RECHECK_MS = 2_000;

interface LiveStream {
  readonly check: () => Promise<void>;
  readonly controller: AbortController;
}

/** Ends a stream soon after the right that opened it is gone: binding withdrawn, token expired or revoked, user disabled. */
@Injectable()
export class LiveAccess implements OnApplicationShutdown {
  private readonly streams = new Set<LiveStream>();
  private timer: NodeJS.Timeout | undefined;

  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  /**
   * @param check throws once the right is gone; what it throws is the reason that the stream ends with
   * @param ended aborted when the stream is over, from when on it is not looked at any more
   * @returns a signal that is aborted when the right is gone
   */
  watch(check: () => Promise<void>, ended: AbortSignal): AbortSignal {
    const stream: LiveStream = { check, controller: new AbortController() };
    if (ended.aborted) return stream.controller.signal;
    this.streams.add(stream);
    ended.addEventListener('abort', () => this.streams.delete(stream), { once: true });
    this.timer ??= setInterval(() => void this.recheck(), RECHECK_MS).unref();
    return stream.controller.signal;
  }

  /**
   * What `open` gives back, for as long as there is a right to it; `access_withdrawn` then, whatever else ends it.
   *
   * @param check throws once the right is gone
   * @param open reads until its signal is aborted, and gives back what it holds then also where nobody reads it
   */
  async whileLive<T>(
    check: () => Promise<void>,
    signal: AbortSignal,
    open: (live: AbortSignal) => AsyncIterable<T> | Promise<AsyncIterable<T>>,
  ): Promise<AsyncIterable<T>> {
    const ended = new AbortController();
    const withdrawn = this.watch(check, AbortSignal.any([signal, ended.signal]));
    try {
      const source = await open(AbortSignal.any([signal, withdrawn]));
      return untilWithdrawn(source, withdrawn, ended);
    } catch (error) {
      ended.abort();
      throw error;
    }
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
    this.streams.clear();
  }

  private async recheck(): Promise<void> {
    for (const stream of [...this.streams]) {
      try {
        await stream.check();
      } catch (error) {
        // A database that is away for a moment is no reason to cut every stream; the next round looks again.
        if (error instanceof DomainError && error.kind === 'unavailable') {
          this.logger.warn(`could not look at the right of a stream again: ${messageOf(error)}`);
          continue;
        }
        this.streams.delete(stream);
        stream.controller.abort(
          new DomainError('access_withdrawn', 'The right to this stream was withdrawn or its token ended'),
        );
      }
    }
  }
}

async function* untilWithdrawn<T>(
  source: AsyncIterable<T>,
  withdrawn: AbortSignal,
  ended: AbortController,
): AsyncGenerator<T> {
  try {
    yield* source;
    withdrawn.throwIfAborted();
  } catch (error) {
    withdrawn.throwIfAborted();
    throw error;
  } finally {
    ended.abort();
  }
}
