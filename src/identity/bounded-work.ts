import { DomainError } from '../common/errors.js';

const RETRY_AFTER_S = 1;

/** Runs at most `concurrency` pieces of work at once; at most `maxWaiting` more wait for their turn, in order. */
export class BoundedWork {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly concurrency: number,
    private readonly maxWaiting: number,
  ) {}

  /** @throws DomainError `too_many_requests` where too many wait already */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.enter();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private enter(): Promise<void> {
    if (this.running < this.concurrency) {
      this.running++;
      return Promise.resolve();
    }
    if (this.waiting.length >= this.maxWaiting) {
      throw new DomainError('too_many_requests', 'Too many sign-ins at the same time', {
        retryAfter: RETRY_AFTER_S,
      });
    }
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private leave(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.running--;
  }
}
