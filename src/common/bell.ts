/** Wakes all who wait. It remembers nothing: look at what you wait for first, and wait only when it is not there. */
export class Bell {
  private readonly waiting = new Set<() => void>();

  /** Resolves at the next ring, or when `signal` is aborted, whichever comes first. */
  wait(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        this.waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.waiting.add(wake);
      signal.addEventListener('abort', wake);
    });
  }

  ring(): void {
    if (this.waiting.size === 0) return;
    for (const wake of [...this.waiting]) wake();
  }
}
