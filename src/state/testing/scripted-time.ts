import { jest } from '@jest/globals';

/** Time that passes only when the test says so, for `Date.now` and `AbortSignal.timeout`. For tests. */
export class ScriptedTime {
  now = Date.UTC(2026, 0, 1);
  private readonly timeouts = new Set<{ at: number; controller: AbortController }>();

  /** Until `restore`. */
  install(): void {
    jest.spyOn(Date, 'now').mockImplementation(() => this.now);
    jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      const controller = new AbortController();
      this.timeouts.add({ at: this.now + ms, controller });
      return controller.signal;
    });
  }

  restore(): void {
    jest.restoreAllMocks();
  }

  /** Lets `ms` pass at once: what ends in between ends now. */
  pass(ms: number): void {
    this.now += ms;
    for (const timeout of [...this.timeouts]) {
      if (timeout.at > this.now) continue;
      this.timeouts.delete(timeout);
      timeout.controller.abort(new DOMException('The operation timed out', 'TimeoutError'));
    }
  }
}
