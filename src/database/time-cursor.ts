import { type SelectQueryBuilder, sql, type SqlBool } from 'kysely';
import { DomainError } from '../common/errors.js';
import {
  decodeCursor,
  DEFAULT_PAGE_SIZE,
  encodeCursor,
  type Page,
  type PageRequest,
} from '../common/pagination.js';
import { isUuid } from '../common/uuid-v7.js';

/**
 * Reads the cursor of a list that is sorted by time and id, which are a `bigint` and a UUID in the database.
 *
 * @throws DomainError `invalid_input` for any other cursor: PostgreSQL would take it for a fault of ours
 */
export function decodeTimeCursor(cursor: string): { at: number; id: string } {
  const [at, id] = decodeCursor(cursor, 'number');
  if (!Number.isSafeInteger(at) || !isUuid(id)) {
    throw new DomainError('invalid_input', 'The cursor is not one that this list answered with', {
      errors: [{ field: 'after', message: 'must be the cursor of an earlier page of this list' }],
    });
  }
  return { at, id };
}

/** What a page is cut from by {@link timePage}. */
export interface TimeList<DB, TB extends keyof DB & string, Row, T> {
  /** All rows of the list, in no order, with what an item is made of. */
  readonly rows: SelectQueryBuilder<DB, TB, Row>;
  /** The table whose `created_at` and `id` the list is sorted by. */
  readonly table: TB;
  readonly order: 'oldest first' | 'newest first';
  readonly toItem: (row: Row) => T;
}

/**
 * A page of a list that is sorted by when its items were made.
 *
 * @throws DomainError `invalid_input` for a cursor that no such list answered with
 */
export async function timePage<
  DB,
  TB extends keyof DB & string,
  Row extends { readonly id: string; readonly created_at: number },
  T,
>(
  { rows, table, order, toItem }: TimeList<DB, TB, Row, T>,
  { limit = DEFAULT_PAGE_SIZE, after }: PageRequest,
): Promise<Page<T>> {
  const at = sql.ref<number>(`${table}.created_at`);
  const id = sql.ref<string>(`${table}.id`);
  const [direction, isAfter] =
    order === 'oldest first' ? (['asc', sql`>`] as const) : (['desc', sql`<`] as const);
  let query = rows
    .orderBy(at, direction)
    .orderBy(id, direction)
    .limit(limit + 1);
  if (after !== undefined) {
    const from = decodeTimeCursor(after);
    query = query.where(sql<SqlBool>`(${at}, ${id}) ${isAfter} (${from.at}, ${from.id})`);
  }
  const found = await query.execute();
  const { count } = await rows
    .clearSelect()
    .select(({ fn }) => fn.countAll().as('count'))
    .$castTo<{ count: number }>()
    .executeTakeFirstOrThrow();
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  return {
    items: page.map(toItem),
    nextCursor: last ? encodeCursor([last.created_at, last.id]) : null,
    totalCount: count,
  };
}
