import { type Freshness, toFreshness } from '../common/freshness.js';
import { markImmutable } from '../common/immutable.js';
import {
  decodeCursor,
  DEFAULT_PAGE_SIZE,
  encodeCursor,
  MAX_PAGE_SIZE,
  type Page,
  type PageConnection,
  type PageQuery,
  type SortKey,
  toConnection,
} from '../common/pagination.js';
import { RecentlyUsed } from '../common/recently-used.js';
import type { CatalogEntry, ObjectCatalog } from './object-catalog.js';
import { entityTag, PreparedJson } from './prepared-json.js';

/** Different questions about one state of things whose answers are kept. */
const KEPT_PAGES = 32;

/** What an actor may see of one kind of an engine's objects: the gate's answer from memory. */
export interface ListedView<Kept extends object> {
  /** Sorted by the catalog's key. The same array for as long as nothing in it changes. */
  readonly records: readonly Kept[];
  readonly revision: string;
  readonly syncedAt: number;
  readonly staleSince: number | undefined;
}

/** Which objects to show. */
export interface ListedFilter<T> {
  /** Equal for equal questions: the filter itself, and whatever else the answer depends on besides the records. */
  readonly question: unknown;
  /** @throws DomainError `invalid_input` for a filter that can't be read */
  readonly matcher: () => (object: T) => boolean;
}

/** What the page is cut from. */
export interface ListedFrom<Kept extends object, T extends { readonly id: string }> {
  readonly catalog: ObjectCatalog<Kept, T>;
  readonly engine: string;
  readonly view: ListedView<Kept>;
  /** Undefined shows all. */
  readonly filter?: ListedFilter<T> | undefined;
}

interface KeptPage<T> {
  readonly page: Page<T>;
  readonly keys: ReadonlyMap<T, SortKey>;
  /** Until when nothing on it changes by itself, in milliseconds since the epoch. */
  readonly until: number;
  connection?: { readonly freshness: string; readonly connection: FollowedConnection<T> };
  /** All but how fresh it is. */
  text?: { readonly text: string; readonly etag: string };
  json?: { readonly freshness: string; readonly body: Buffer; readonly etag: string };
}

type FollowedConnection<T> = Readonly<PageConnection<T> & Freshness & { revision: string }>;

/** By what they are of: they go when what the actor may see changes. */
const pages = new WeakMap<readonly object[], RecentlyUsed<string, KeptPage<unknown>>>();

/** Pages of the objects that an actor may see, each made once for as long as nothing on it changes. */
export class ObjectPages<Kept extends object, T extends { readonly id: string }> {
  constructor(
    private readonly from: ListedFrom<Kept, T>,
    private readonly query: PageQuery,
  ) {}

  /** @throws DomainError `invalid_input` for a filter that can't be read, or a cursor that no list answered with */
  asConnection() {
    const kept = this.kept();
    const freshness = this.freshness();
    const ofFreshness = JSON.stringify(freshness);
    if (kept.connection?.freshness !== ofFreshness) {
      const keyOf = (object: T) => kept.keys.get(object) ?? ['', object.id];
      const connection = Object.assign(toConnection(kept.page, keyOf), freshness);
      kept.connection = { freshness: ofFreshness, connection: markImmutable(connection) };
    }
    return kept.connection.connection;
  }

  /** @throws as `asConnection` */
  asJson(): PreparedJson {
    const kept = this.kept();
    const freshness = JSON.stringify(this.freshness());
    if (kept.json?.freshness !== freshness) {
      kept.text ??= this.write(kept.page);
      kept.json = {
        freshness,
        body: Buffer.from(`${kept.text.text},${freshness.slice(1)}`),
        // When memory was last compared with the engine is no change, but that it is away is one.
        etag:
          this.from.view.staleSince === undefined ? kept.text.etag : entityTag(kept.text.etag + freshness),
      };
    }
    return new PreparedJson(kept.json.body, kept.json.etag);
  }

  private freshness() {
    return { revision: this.from.view.revision, ...toFreshness(this.from.view) };
  }

  private kept(): KeptPage<T> {
    const { records } = this.from.view;
    const now = Date.now();
    const ofRecords = pages.get(records) ?? new RecentlyUsed<string, KeptPage<unknown>>(KEPT_PAGES);
    pages.set(records, ofRecords);
    const question = JSON.stringify([this.from.filter?.question, this.query.limit, this.query.after]);
    const known = ofRecords.get(question) as KeptPage<T> | undefined;
    if (known && now < known.until) return known;
    const kept = this.make(now);
    ofRecords.set(question, kept);
    return kept;
  }

  private make(now: number): KeptPage<T> {
    const { limit = DEFAULT_PAGE_SIZE, after } = this.query;
    const start = after === undefined ? 0 : this.firstAfter(after);
    const { shown, totalCount } = this.matching(start, now);
    const entries = shown.slice(0, limit);
    const keys = new Map(entries.map(({ entry, key }) => [entry.object, key]));
    const items = entries.map(({ entry }) => entry.object);
    markImmutable(items);
    const last = entries.at(-1);
    return {
      page: {
        items,
        nextCursor: last && shown.length > limit ? encodeCursor(last.key) : null,
        totalCount,
      },
      keys,
      until: entries.reduce(
        (earliest, { entry: { until } }) => Math.min(earliest, until),
        Number.POSITIVE_INFINITY,
      ),
    };
  }

  /** What is shown from the record at `start` on, by at least one more than a page, and how many there are in all. */
  private matching(start: number, now: number): { shown: Shown<T>[]; totalCount: number } {
    const { catalog, engine, filter, view } = this.from;
    const shownOf = (record: Kept) => ({
      entry: catalog.entryOf(engine, record, now),
      key: catalog.keyOf(record),
    });
    if (!filter) {
      return {
        shown: view.records.slice(start, start + MAX_PAGE_SIZE + 1).map(shownOf),
        totalCount: view.records.length,
      };
    }
    const matches = filter.matcher();
    const shown: Shown<T>[] = [];
    let totalCount = 0;
    for (const [index, record] of view.records.entries()) {
      const one = shownOf(record);
      if (!matches(one.entry.object)) continue;
      totalCount += 1;
      if (index >= start) shown.push(one);
    }
    return { shown, totalCount };
  }

  /** Where the page after the one that ended with `cursor` begins. */
  private firstAfter(cursor: string): number {
    const { catalog, view } = this.from;
    const { records } = view;
    const key: SortKey =
      catalog.order === 'string' ? decodeCursor(cursor, 'string') : decodeCursor(cursor, 'number');
    let low = 0;
    let high = records.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const record = records[middle];
      if (record && isAfter(catalog.keyOf(record), key)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** All but the last brace: how fresh it is comes after. */
  private write({ items, nextCursor, totalCount }: Page<T>): { text: string; etag: string } {
    const objects = items.map((object) => this.from.catalog.jsonOf(object)).join(',');
    const text = `{"items":[${objects}],"nextCursor":${JSON.stringify(nextCursor)},"totalCount":${totalCount}`;
    return { text, etag: entityTag(text) };
  }
}

interface Shown<T> {
  readonly entry: CatalogEntry<T>;
  readonly key: SortKey;
}

function isAfter([order, id]: SortKey, [otherOrder, otherId]: SortKey): boolean {
  return order === otherOrder ? id > otherId : order > otherOrder;
}

/** The filter of a list: undefined, which is quicker, where none of its fields is given. */
export function listedFilter<F extends object, T>(
  filter: F,
  matcher: (filter: F) => (object: T) => boolean,
  besides?: unknown,
): ListedFilter<T> | undefined {
  if (Object.values(filter).every((value) => value === undefined)) return undefined;
  return { question: [filter, besides], matcher: () => matcher(filter) };
}
