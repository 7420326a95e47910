import { Bell } from '../common/bell.js';

/** How often all is compared though nothing gives reason to, give or take a fifth so that engines take turns. */
const EVERY_MS = 300_000;
const JITTER = 0.2;
/** How long a comparison is followed by none, as a multiple of how long it took: with reason, and without. */
const REST_AFTER = { doubt: 5, none: 100 };
const LEAST_REST_MS = 500;
const BACK_OFF_MS = { first: 100, most: 5_000 };

/** When to compare all objects with the engine's lists: soon after a doubt, now and then without, never all the time. */
export class ComparePace {
  private readonly hurried = new Bell();
  private comparedAt = 0;
  private lastTookMs = 0;

  /** Resolves when the next comparison is due, or when `signal` is aborted. */
  async next(inDoubt: () => boolean, signal: AbortSignal): Promise<void> {
    const regular = Math.max(
      EVERY_MS * (1 + JITTER * (2 * Math.random() - 1)),
      this.lastTookMs * REST_AFTER.none,
    );
    const due = AbortSignal.any([signal, AbortSignal.timeout(Math.round(regular))]);
    while (!inDoubt() && !due.aborted) await this.hurried.wait(due);
    const rest = Math.max(LEAST_REST_MS, this.lastTookMs * REST_AFTER.doubt);
    const left = this.comparedAt + rest - Date.now();
    if (left > 0) await new Bell().wait(AbortSignal.any([signal, AbortSignal.timeout(left)]));
  }

  /** There is a doubt. */
  hurry(): void {
    this.hurried.ring();
  }

  compared(tookMs: number): void {
    this.comparedAt = Date.now();
    this.lastTookMs = tookMs;
  }

  /** How long to wait before the next attempt to follow an engine, in milliseconds. */
  backOff(failures: number): number {
    const full = Math.min(BACK_OFF_MS.first * 2 ** Math.min(failures, 10), BACK_OFF_MS.most);
    return Math.round(full * (0.5 + Math.random() / 2));
  }
}
