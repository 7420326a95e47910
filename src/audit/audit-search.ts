import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../database/schema.js';
import { type AuditFilter, conditions, leadingWish, type StoredAuditRecord } from './audit-filter.js';

/** Records looked at in one query: what a query costs has this bound, however many records there are. */
const STEP = 2_000;
/** Queries of one search; after them it answers with what it has, and where to go on. */
const MAX_STEPS = 100;
/** Records looked at to count. */
const COUNTED = 10_000;

/** The place of a record in the trail. */
export interface Position {
  readonly at: number;
  readonly id: string;
}

export interface AuditSearch {
  readonly filter: AuditFilter;
  readonly order: 'asc' | 'desc';
  readonly limit: number;
  /** What comes after this place, in that order. */
  readonly after?: Position | undefined;
  /** Nothing later than this. */
  readonly until?: Position | undefined;
}

export interface Found {
  readonly records: StoredAuditRecord[];
  /** Where to go on; undefined where there is no more. There may be more though few or no records were found. */
  readonly next: Position | undefined;
}

/**
 * Searches the trail along an index, in steps of bounded cost, so that a rare match in millions of records holds up
 * nobody: other work has its turn between steps.
 */
export async function searchAudit(db: Database, search: AuditSearch): Promise<Found> {
  const { order, limit } = search;
  const found = await Promise.all(ways(search.filter).map((way) => searchAlong(db, search, way)));
  const isBefore = (place: Position, other: Position) => compare(place, other, order) < 0;
  // What one way has not looked at yet may lie between what another one found.
  const [end] = found.flatMap(({ next }) => next ?? []).sort((a, b) => compare(a, b, order));
  const records = found
    .flatMap((part) => part.records)
    .filter((record) => !end || !isBefore(end, record))
    .sort((a, b) => compare(a, b, order))
    .slice(0, limit);
  const last = records.length === limit ? records.at(-1) : undefined;
  return { records, next: last ? positionOf(last) : end };
}

/** How many match among the newest 10,000 that an index leads to. */
export async function countAudit(db: Database, filter: AuditFilter): Promise<number> {
  let total = 0;
  for (const way of ways(filter)) {
    const { count } = await db
      .selectFrom(along(db, { filter, order: 'desc' }, way, COUNTED).as('audit_record'))
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where((eb) => conditions(eb, filter))
      .executeTakeFirstOrThrow();
    total += count;
  }
  return Math.min(total, COUNTED);
}

/** The place of the newest record. */
export async function newestPosition(db: Database): Promise<Position | undefined> {
  return db
    .selectFrom('audit_record')
    .select(['at', 'id'])
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export function positionOf({ at, id }: Position): Position {
  return { at, id };
}

/** An index to go along: that of a column that has a value, and of others that have not; or that by time. */
interface Way {
  readonly column?: keyof StoredAuditRecord;
  readonly not?: readonly (keyof StoredAuditRecord)[];
  readonly value?: string;
}

/** An id or a name are two ways, each by its own index: one query for both would use neither. No record is on two. */
function ways(filter: AuditFilter): Way[] {
  const wish = leadingWish(filter);
  if (!wish) return [{}];
  const { columns, value } = wish;
  return columns.map((column, index) => ({ column, not: columns.slice(0, index), value }));
}

async function searchAlong(db: Database, search: AuditSearch, way: Way): Promise<Found> {
  const { limit, filter, order } = search;
  const records: StoredAuditRecord[] = [];
  let after = search.after;
  for (let step = 0; step < MAX_STEPS; step++) {
    if (step > 0) await nextTurn();
    const here = { ...search, after };
    const matches = await db
      .selectFrom(along(db, here, way, STEP).as('audit_record'))
      .selectAll()
      .where((eb) => conditions(eb, filter))
      .orderBy('at', order)
      .orderBy('id', order)
      .limit(limit - records.length)
      .execute();
    records.push(...matches);
    const last = matches.at(-1);
    if (last && records.length === limit) return { records, next: positionOf(last) };
    const end = await along(db, here, way, 1)
      .offset(STEP - 1)
      .executeTakeFirst();
    if (!end) return { records, next: undefined };
    // A record that came in between has moved the end of the step: nothing may be found twice.
    after = positionOf(last && compare(end, last, order) < 0 ? last : end);
  }
  return { records, next: after };
}

/** The next `limit` records on the way, within the times of the filter. */
function along(
  db: Database,
  { filter, order, after, until }: Omit<AuditSearch, 'limit'>,
  { column, not = [], value = '' }: Way,
  limit: number,
) {
  let query = db
    .selectFrom('audit_record')
    .selectAll()
    .orderBy('at', order)
    .orderBy('id', order)
    .limit(limit);
  if (column) query = query.where(column, '=', value);
  for (const other of not)
    query = query.where((eb) => eb.or([eb(other, 'is', null), eb(other, '<>', value)]));
  if (filter.from !== undefined) query = query.where('at', '>=', filter.from);
  if (filter.to !== undefined) query = query.where('at', '<', filter.to);
  if (after) {
    const comparison = order === 'desc' ? '<' : '>';
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('at', 'id'), comparison, tuple(after.at, after.id)),
    );
  }
  if (until)
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('at', 'id'), '<=', tuple(until.at, until.id)),
    );
  return query;
}

/** Negative where `a` comes before `b` in that order. */
function compare(a: Position, b: Position, order: 'asc' | 'desc'): number {
  const ascending = a.at === b.at ? (a.id < b.id ? -1 : Number(a.id > b.id)) : a.at - b.at;
  return order === 'asc' ? ascending : -ascending;
}
