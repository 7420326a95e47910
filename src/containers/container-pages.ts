import { toFreshness } from '../common/freshness.js';
import { markImmutable } from '../common/immutable.js';
import {
  decodeCursor,
  DEFAULT_PAGE_SIZE,
  encodeCursor,
  MAX_PAGE_SIZE,
  type Page,
  type PageQuery,
  toConnection,
} from '../common/pagination.js';
import { RecentlyUsed } from '../common/recently-used.js';
import type { ContainerRecord, ContainersView } from '../gate/engine-handle.js';
import { entityTag, PreparedJson } from '../http/prepared-json.js';
import { type ContainerEntry, containerOf, jsonOf } from './container-catalog.js';
import { containerMatcher } from './container-filter.js';
import type { ContainerFilter } from './container-list.inputs.js';
import type { Container } from './container.model.js';

/** Different questions about one state of things whose answers are kept. */
const KEPT_PAGES = 32;

/** Newest first; the id makes the order total. */
const sortKey = ({ createdAt, id }: Container) => [-Date.parse(createdAt), id] as const;

interface KeptPage {
  readonly page: Page<Container>;
  /** When a status text on it counts on, in milliseconds since the epoch. */
  readonly until: number;
  /** All but how fresh it is. */
  text?: { readonly text: string; readonly etag: string };
  json?: { readonly freshness: string; readonly body: Buffer; readonly etag: string };
}

/** By what they are of: they go when what the actor may see changes. */
const pages = new WeakMap<ContainersView['records'], RecentlyUsed<string, KeptPage>>();

/** Pages of the containers that an actor may see, each made once for as long as nothing on it changes. */
export class ContainerPages {
  /**
   * @throws DomainError `invalid_input` for a filter that can't be read, or a cursor that no list answered with
   */
  constructor(
    private readonly engine: string,
    private readonly view: ContainersView,
    private readonly filter: ContainerFilter,
    private readonly query: PageQuery,
  ) {}

  asConnection() {
    return Object.assign(toConnection(this.kept().page, sortKey), this.freshness());
  }

  asJson(): PreparedJson {
    const kept = this.kept();
    const freshness = JSON.stringify(this.freshness());
    if (kept.json?.freshness !== freshness) {
      kept.text ??= write(kept.page);
      kept.json = {
        freshness,
        body: Buffer.from(`${kept.text.text},${freshness.slice(1)}`),
        // When memory was last compared with the engine is no change, but that it is away is one.
        etag: this.view.staleSince === undefined ? kept.text.etag : entityTag(kept.text.etag + freshness),
      };
    }
    return new PreparedJson(kept.json.body, kept.json.etag);
  }

  private freshness() {
    return { revision: this.view.revision, ...toFreshness(this.view) };
  }

  private kept(): KeptPage {
    const { records } = this.view;
    const now = Date.now();
    const ofRecords = pages.get(records) ?? new RecentlyUsed<string, KeptPage>(KEPT_PAGES);
    pages.set(records, ofRecords);
    const question = JSON.stringify([this.filter, this.query.limit, this.query.after]);
    const known = ofRecords.get(question);
    if (known && now < known.until) return known;
    const kept = this.make(now);
    ofRecords.set(question, kept);
    return kept;
  }

  private make(now: number): KeptPage {
    const { limit = DEFAULT_PAGE_SIZE, after } = this.query;
    const start = after === undefined ? 0 : firstAfter(this.view.records, decodeCursor(after, 'number'));
    const { shown, totalCount } = this.matching(start, now);
    const entries = shown.slice(0, limit);
    const items = entries.map(({ container }) => container);
    markImmutable(items);
    const last = items.at(-1);
    return {
      page: {
        items,
        nextCursor: last && shown.length > limit ? encodeCursor(sortKey(last)) : null,
        totalCount,
      },
      until: entries.reduce((earliest, { until }) => Math.min(earliest, until), Number.POSITIVE_INFINITY),
    };
  }

  /** What is shown from the record at `start` on, by at least one more than a page, and how many there are in all. */
  private matching(start: number, now: number): { shown: ContainerEntry[]; totalCount: number } {
    const { records } = this.view;
    const entryOf = (record: ContainerRecord) => containerOf(this.engine, record, now);
    if (Object.values(this.filter).every((value) => value === undefined)) {
      return {
        shown: records.slice(start, start + MAX_PAGE_SIZE + 1).map(entryOf),
        totalCount: records.length,
      };
    }
    const matches = containerMatcher(this.filter);
    const shown: ContainerEntry[] = [];
    let totalCount = 0;
    for (const [index, record] of records.entries()) {
      const entry = entryOf(record);
      if (!matches(entry.container)) continue;
      totalCount += 1;
      if (index >= start) shown.push(entry);
    }
    return { shown, totalCount };
  }
}

/** Where the page after the one that ended with `cursor` begins. */
function firstAfter(records: ContainersView['records'], [order, id]: readonly [number, string]): number {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const record = records[middle];
    const isAfter = record && (-record.createdAt > order || (-record.createdAt === order && record.id > id));
    if (isAfter === true) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** All but the last brace: how fresh it is comes after. */
function write({ items, nextCursor, totalCount }: Page<Container>): { text: string; etag: string } {
  const text = `{"items":[${items.map(jsonOf).join(',')}],"nextCursor":${JSON.stringify(nextCursor)},"totalCount":${totalCount}`;
  return { text, etag: entityTag(text) };
}
