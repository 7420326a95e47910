import { Bell } from './bell.js';

/** The values of several sources, as they come. Of each source one value is held: it is read no faster than it is taken. */
export class MergedSources<T> {
  private readonly ready: { readonly value: T; readonly taken: () => void }[] = [];
  private readonly arrived = new Bell();
  private failure: { readonly error: unknown } | undefined;
  private open = 0;
  private closed = false;

  /** How many sources have not ended. */
  get size(): number {
    return this.open;
  }

  /** Reads it from now on. */
  add(source: AsyncIterable<T>): void {
    this.open += 1;
    this.read(source)
      .catch((error: unknown) => (this.failure ??= { error }))
      .finally(() => {
        this.open -= 1;
        this.arrived.ring();
      });
  }

  /**
   * What comes until `signal` is aborted. It can be called again after that, and goes on with what came meanwhile.
   *
   * @throws what a source threw
   */
  async *until(signal: AbortSignal): AsyncGenerator<T> {
    while (!signal.aborted) {
      const next = this.ready.shift();
      if (next) {
        next.taken();
        yield next.value;
      } else if (this.failure) {
        throw this.failure.error;
      } else {
        await this.arrived.wait(signal);
      }
    }
  }

  /** Ends the reading of all sources, each as soon as its next value comes. */
  close(): void {
    this.closed = true;
    for (const { taken } of this.ready.splice(0)) taken();
  }

  private async read(source: AsyncIterable<T>): Promise<void> {
    for await (const value of source) {
      if (this.closed) return;
      await new Promise<void>((taken) => {
        this.ready.push({ value, taken });
        this.arrived.ring();
      });
    }
  }
}
