import { markImmutable } from '../common/immutable.js';
import type { SortKey } from '../common/pagination.js';

/** An object as lists show it, and for how long. */
export interface CatalogEntry<T> {
  readonly object: T;
  /** Until when it can be shown as it is, in milliseconds since the epoch. */
  readonly until: number;
}

export interface CatalogOptions<Kept extends object, T extends { readonly id: string }> {
  /**
   * What lists show of a record, with nothing in it that depends on who asks or on what else there is.
   *
   * @param now the time that it is shown at, in milliseconds since the epoch
   */
  readonly toModel: (engine: string, record: Kept, now: number) => T;
  /** For how long it stays as it is while the record does, in milliseconds. Default: for ever. */
  readonly lasts?: (record: Kept, now: number) => number;
  /** What the first part of the key is. */
  readonly order: 'number' | 'string';
  /** What the gate's records are sorted by, ascending. */
  readonly keyOf: (record: Kept) => SortKey;
}

/**
 * How one kind of objects is shown in lists and to watchers: each record is mapped and written as JSON once, for all who
 * see it, for as long as it does not change.
 */
export class ObjectCatalog<Kept extends object, T extends { readonly id: string }> {
  private readonly entries = new WeakMap<Kept, CatalogEntry<T>>();
  private readonly texts = new WeakMap<T, string>();

  constructor(private readonly options: CatalogOptions<Kept, T>) {}

  /** The same object until the record changes, or its time is over. Never to be changed. */
  entryOf(engine: string, record: Kept, now: number): CatalogEntry<T> {
    const known = this.entries.get(record);
    if (known && now < known.until) return known;
    const { toModel, lasts } = this.options;
    const object = toModel(engine, record, now);
    markImmutable(object);
    const entry = { object, until: lasts ? now + lasts(record, now) : Number.POSITIVE_INFINITY };
    this.entries.set(record, entry);
    return entry;
  }

  /** The object as JSON, written once. */
  jsonOf(object: T): string {
    const known = this.texts.get(object);
    if (known !== undefined) return known;
    const text = JSON.stringify(object);
    this.texts.set(object, text);
    return text;
  }

  get order(): 'number' | 'string' {
    return this.options.order;
  }

  keyOf(record: Kept): SortKey {
    return this.options.keyOf(record);
  }
}
