import { Bell } from '../common/bell.js';

/** Where one viewer stands in a ring. Only `Readers` moves it. */
export interface Reader {
  /** The number of the item that it reads next. */
  next: number;
}

/** Who reads a ring, and how far they are. */
export class Readers {
  /** Rung when one of them moved on or left. */
  readonly moved = new Bell();
  private readonly all = new Set<Reader>();
  /** What comes before this number has been read by every reader that is still in the ring. */
  private readByAll = Infinity;

  add(next: number): Reader {
    const reader: Reader = { next };
    this.all.add(reader);
    this.readByAll = Math.min(this.readByAll, next);
    return reader;
  }

  move(reader: Reader, next: number): void {
    reader.next = next;
    this.readByAll = Math.min(this.readByAll, next);
    this.moved.ring();
  }

  remove(reader: Reader): void {
    this.all.delete(reader);
    this.moved.ring();
  }

  /** Whether item `number` has been read by every reader, save those that lost their place in the ring before it. */
  allHaveRead(number: number): boolean {
    if (number < this.readByAll) return true;
    this.readByAll = Infinity;
    for (const { next } of this.all) {
      if (next >= number && next < this.readByAll) this.readByAll = next;
    }
    return number < this.readByAll;
  }

  /** The number that the reader who is furthest on reads next; Infinity without readers. */
  get furthest(): number {
    let furthest = this.all.size === 0 ? Infinity : 0;
    for (const { next } of this.all) if (next > furthest) furthest = next;
    return furthest;
  }
}
