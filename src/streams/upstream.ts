import { DomainError, messageOf } from '../common/errors.js';
import { Bell } from '../common/bell.js';

/**
 * Reads one stream of an engine: calls `opened` when the engine has accepted, then hands on what comes until the stream
 * ends. It returns when the engine ended the stream and throws when the stream broke. `signal` is aborted when nobody
 * wants the stream any more.
 */
export type ReadStream = (signal: AbortSignal, opened: () => void) => Promise<void>;

/** One stream from an engine, on behalf of any number of viewers. It starts at once and ends once. */
export class Upstream {
  /** Rung when something came, and when the stream ended. */
  readonly changed = new Bell();
  /** Resolves when the engine has accepted; rejects with the reason that ended the stream before that. */
  readonly opened: Promise<void>;
  /** Resolves when the stream is over, for whatever reason. */
  readonly finished: Promise<void>;

  private readonly stopping = new AbortController();
  private outcome: { readonly failure: DomainError | undefined } | undefined;
  private settle!: { opened: () => void; failed: (error: DomainError) => void; finished: () => void };

  constructor(read: ReadStream) {
    let finished!: () => void;
    this.finished = new Promise((resolve) => (finished = resolve));
    this.opened = new Promise((resolve, reject) => {
      this.settle = { opened: resolve, failed: reject, finished };
    });
    // Viewers get the failure from `opened` or from `failure`; an upstream that lost its last viewer has nobody to tell.
    this.opened.catch(() => undefined);
    read(this.stopping.signal, this.settle.opened).then(
      () => this.close(),
      (error: unknown) => this.close(asDomainError(error)),
    );
  }

  get over(): boolean {
    return this.outcome !== undefined;
  }

  /** Why it is over; undefined while it is not, and when the engine ended it in good order. */
  get failure(): DomainError | undefined {
    return this.outcome?.failure;
  }

  /** Ends the stream, for all its viewers, with `failure` if there is one. The first call decides. */
  close(failure?: DomainError): void {
    if (this.outcome !== undefined) return;
    this.outcome = { failure };
    if (failure) this.settle.failed(failure);
    else this.settle.opened();
    this.settle.finished();
    this.stopping.abort();
    this.changed.ring();
  }
}

function asDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  return new DomainError('internal', `A shared stream failed: ${messageOf(error)}`, { cause: error });
}
