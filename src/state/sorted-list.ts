/** Items in order, with a copy of all of them only when it is asked for and something has changed since the last. */
export class SortedList<T> {
  private items: T[] = [];
  /** Whether somebody holds `items`: it is copied before the next change. */
  private lent = false;

  /** @param compare a total order: 0 only for what takes the place of one another */
  constructor(private readonly compare: (a: T, b: T) => number) {}

  /** The same array until something changes; never changed afterwards. */
  all(): readonly T[] {
    this.lent = true;
    return this.items;
  }

  add(item: T): void {
    const at = this.lowerBound((other) => this.compare(other, item));
    const there = this.items[at];
    const replaced = there !== undefined && this.compare(there, item) === 0 ? 1 : 0;
    this.own().splice(at, replaced, item);
  }

  remove(item: T): void {
    const at = this.lowerBound((other) => this.compare(other, item));
    const there = this.items[at];
    if (there === undefined || this.compare(there, item) !== 0) return;
    this.own().splice(at, 1);
  }

  /** The first items that are not before what `order` places (negative: the item is before it), at most `limit`. */
  from(order: (item: T) => number, limit: number): T[] {
    const at = this.lowerBound(order);
    return this.items.slice(at, at + limit);
  }

  private own(): T[] {
    if (this.lent) {
      this.items = [...this.items];
      this.lent = false;
    }
    return this.items;
  }

  private lowerBound(order: (item: T) => number): number {
    let low = 0;
    let high = this.items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const item = this.items[middle];
      if (item !== undefined && order(item) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
