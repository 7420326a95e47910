interface Reading<T> {
  readonly value: Promise<T>;
  /** When it was done, in milliseconds since the epoch; undefined while it goes on. */
  doneAt?: number;
}

const MAX_READINGS = 200;

/**
 * Slow readings that all who ask share: one that goes on is joined, one that was done less than `ttlMs` ago is answered
 * with. One that fails is not kept.
 */
export class SharedReadings<T> {
  private readonly readings = new Map<string, Reading<T>>();

  constructor(private readonly ttlMs: number) {}

  async read(key: string, read: () => Promise<T>): Promise<T> {
    const known = this.readings.get(key);
    if (known && (known.doneAt === undefined || Date.now() - known.doneAt < this.ttlMs)) return known.value;
    const reading: Reading<T> = { value: read() };
    this.readings.delete(key);
    this.readings.set(key, reading);
    for (const oldest of this.readings.keys()) {
      if (this.readings.size <= MAX_READINGS) break;
      this.readings.delete(oldest);
    }
    try {
      return await reading.value;
    } catch (error) {
      if (this.readings.get(key) === reading) this.readings.delete(key);
      throw error;
    } finally {
      reading.doneAt = Date.now();
    }
  }
}
