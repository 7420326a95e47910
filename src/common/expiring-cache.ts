import type { Clock } from './clock.js';

interface Entry<T> {
  value: Promise<T>;
  expiresAt: number;
}

/**
 * Answers that may be up to `ttlMs` old, at most `capacity` of them: the least recently asked for goes first. Several
 * who ask for the same key at once share one look-up. A look-up that fails is not kept.
 */
export class ExpiringCache<T> {
  private readonly entries = new Map<string, Entry<T>>();

  constructor(
    private readonly clock: Clock,
    private readonly options: { readonly ttlMs: number; readonly capacity: number },
  ) {}

  get(key: string, lookUp: () => Promise<T>): Promise<T> {
    const known = this.peek(key);
    if (known) return known;
    // The age counts from before the look-up: what changes while it runs is at most `ttlMs` late.
    const entry: Entry<T> = { value: lookUp(), expiresAt: this.clock.now() + this.options.ttlMs };
    this.entries.delete(key);
    this.entries.set(key, entry);
    this.evict();
    return entry.value.catch((error: unknown) => {
      if (this.entries.get(key) === entry) this.entries.delete(key);
      throw error;
    });
  }

  /** What is known of `key`, without a look-up. */
  peek(key: string): Promise<T> | undefined {
    const known = this.entries.get(key);
    if (!known || known.expiresAt <= this.clock.now()) return undefined;
    this.entries.delete(key); // and last again: a Map's order is the order of use
    this.entries.set(key, known);
    return known.value;
  }

  delete(key: string): void {
    this.entries.delete(key);
  }

  /** Forgets everything, also look-ups under way: who asks from now on gets a new one. */
  clear(): void {
    this.entries.clear();
  }

  get size(): number {
    return this.entries.size;
  }

  private evict(): void {
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.options.capacity) return;
      this.entries.delete(oldest);
    }
  }
}
