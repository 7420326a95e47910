export interface RingLimits {
  /** At most so many items. */
  readonly items: number;
  /** At most so many bytes, by the ring's own reckoning. One item is held whatever its size. */
  readonly bytes: number;
}

/**
 * The most recent items of a stream, numbered from 0 in the order in which they came. It holds the numbers from `start` up to,
 * not including, `end`; what is older is forgotten.
 */
export class Ring<T> {
  private readonly slots: (T | undefined)[];
  private first = 0;
  private next = 0;
  private size = 0;

  constructor(
    private readonly limits: RingLimits,
    private readonly bytesOf: (item: T) => number,
  ) {
    this.slots = new Array<T | undefined>(limits.items).fill(undefined);
  }

  /** The number of the oldest item held; equal to `end` when the ring is empty. */
  get start(): number {
    return this.first;
  }

  /** The number that the next item gets: how many have come so far. */
  get end(): number {
    return this.next;
  }

  get length(): number {
    return this.next - this.first;
  }

  get bytes(): number {
    return this.size;
  }

  /** Whether `item` can be added without forgetting another. */
  fits(item: T): boolean {
    if (this.length === 0) return true;
    return this.length < this.limits.items && this.size + this.bytesOf(item) <= this.limits.bytes;
  }

  /** Whether it is more than half full. */
  get overHalfFull(): boolean {
    return this.length > this.limits.items / 2 || (this.length > 0 && this.size > this.limits.bytes / 2);
  }

  /** Adds `item`, forgetting the oldest ones where it does not fit. */
  push(item: T): void {
    while (!this.fits(item)) this.forgetOldest();
    this.slots[this.next % this.limits.items] = item;
    this.next++;
    this.size += this.bytesOf(item);
  }

  forgetOldest(): void {
    const oldest = this.at(this.first);
    if (oldest === undefined) return;
    this.slots[this.first % this.limits.items] = undefined;
    this.first++;
    this.size -= this.bytesOf(oldest);
  }

  /** Item number `number`, undefined where it is not held. */
  at(number: number): T | undefined {
    return number >= this.first && number < this.next ? this.slots[number % this.limits.items] : undefined;
  }

  /** Up to `most` items from number `from` on. */
  slice(from: number, most: number): T[] {
    const items: T[] = [];
    const stop = Math.min(this.next, from + most);
    for (let number = Math.max(from, this.first); number < stop; number++) {
      const item = this.at(number);
      if (item !== undefined) items.push(item);
    }
    return items;
  }
}
