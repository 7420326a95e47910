import { cancelledError, closedError, timeoutError } from '../engine-errors.js';

export interface CallLimits {
  /** The caller's: aborting it ends the call with `cancelled`. */
  readonly signal?: AbortSignal | undefined;
  /** The longest time without progress, in milliseconds; 0 means no limit. */
  readonly timeoutMs: number;
  /** Aborted when the connection to the engine is closed for good. */
  readonly closed: AbortSignal;
}

/** Ends one call before its time: when its caller leaves, when it takes too long, or when the connection is closed. */
export class CallGuard {
  readonly #controller = new AbortController();
  readonly #engine: string;
  readonly #limits: CallLimits;
  #timer: NodeJS.Timeout | undefined;

  constructor(engine: string, limits: CallLimits) {
    this.#engine = engine;
    this.#limits = limits;
    limits.closed.addEventListener('abort', this.#onClosed);
    limits.signal?.addEventListener('abort', this.#onCancelled);
    if (limits.closed.aborted) this.#onClosed();
    else if (limits.signal?.aborted === true) this.#onCancelled();
    else if (limits.timeoutMs > 0) this.#timer = setTimeout(this.#onTimeout, limits.timeoutMs);
  }

  /** Aborted when the call has to end; its reason is the DomainError to end it with. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The engine is at work: the time without progress begins anew. */
  progress(): void {
    this.#timer?.refresh();
  }

  /** From now on the call may take as long as it likes. */
  stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** The call is over, and nothing can end it any more. */
  release(): void {
    this.stopTimer();
    this.#limits.closed.removeEventListener('abort', this.#onClosed);
    this.#limits.signal?.removeEventListener('abort', this.#onCancelled);
  }

  /** `promise`, or a rejection with the signal's reason if that comes first. */
  async race<T>(promise: Promise<T>): Promise<T> {
    const { signal } = this;
    signal.throwIfAborted();
    let onAbort: (() => void) | undefined;
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => reject(signal.reason as Error);
      signal.addEventListener('abort', onAbort);
    });
    try {
      return await Promise.race([promise, aborted]);
    } finally {
      if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
    }
  }

  #abort(reason: Error): void {
    this.release();
    this.#controller.abort(reason);
  }

  readonly #onCancelled = () => this.#abort(cancelledError(this.#limits.signal?.reason));
  readonly #onClosed = () => this.#abort(closedError(this.#engine));
  readonly #onTimeout = () => this.#abort(timeoutError(this.#engine, this.#limits.timeoutMs));
}
