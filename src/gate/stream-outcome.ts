import { finished, type Readable } from 'node:stream';
import { DomainError } from '../common/errors.js';

/** What came of a call whose answer goes on: only at its end is it known, and an engine tells of a failure within it. */
export class StreamOutcome {
  /** Resolves when the stream is over and everything that has to follow is done. */
  readonly settled: Promise<void>;
  private failure: unknown;

  /** @param settle is told why it failed, or undefined where it did not */
  constructor(body: Readable, settle: (failure: unknown) => Promise<void>) {
    this.settled = new Promise((resolve, reject) => {
      finished(body, { writable: false }, (error) => {
        settle(this.failure ?? (error ? whyEnded(error) : undefined)).then(resolve, reject);
      });
    });
  }

  /** The engine told of a failure. The first one counts. */
  fail(message: string): void {
    this.failure ??= new DomainError('engine_error', message);
  }
}

function whyEnded(error: Error): unknown {
  return (error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE'
    ? new DomainError('cancelled', 'It was left before it had ended')
    : error;
}

/** The message of a progress document that tells of a failure; undefined for any other. */
export function failureIn(document: unknown): string | undefined {
  if (typeof document !== 'object' || document === null) return undefined;
  const { error } = document as { error?: unknown };
  return typeof error === 'string' ? error : undefined;
}
