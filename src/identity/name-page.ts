import { decodeCursor, encodeCursor, type Page } from '../common/pagination.js';
import { isUsername } from './username.js';

/**
 * The name that the page before ended with; the empty one, which is before all, where no list answered with it.
 *
 * @throws DomainError `invalid_input` for a cursor that no list by name answered with
 */
export function nameOf(cursor: string): string {
  const [name] = decodeCursor(cursor, 'string');
  return isUsername(name) ? name : '';
}

/** A page of `rows`, which were read by name, one more than `limit`. */
export function namePage<T extends { readonly id: string }>(
  rows: readonly T[],
  limit: number,
  totalCount: number,
  name: (item: T) => string,
): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    nextCursor: last && rows.length > limit ? encodeCursor([name(last), last.id]) : null,
    totalCount,
  };
}
