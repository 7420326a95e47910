import { DomainError } from '../common/errors.js';
import type { Query } from './query.js';

/** The values of each filter of a query that was read. */
export function filtersOf({ filters }: Query): ReadonlyMap<string, readonly string[]> {
  if (typeof filters !== 'string') return new Map();
  const parsed = JSON.parse(filters) as Record<string, Record<string, true>>;
  return new Map(Object.entries(parsed).map(([name, values]) => [name, Object.keys(values)]));
}

/** As they stand in a query. */
export function withFilters(query: Query, filters: ReadonlyMap<string, readonly string[]>): Query {
  const entries = [...filters].map(([name, values]) => [
    name,
    Object.fromEntries(values.map((value) => [value, true])),
  ]);
  return { ...query, filters: JSON.stringify(Object.fromEntries(entries)) };
}

/** @throws DomainError `invalid_input`, in the engine's own words, for a filter that is none of these */
export function requireFilters(filters: ReadonlyMap<string, unknown>, known: readonly string[]): void {
  const other = [...filters.keys()].find((name) => !known.includes(name));
  if (other !== undefined) throw new DomainError('invalid_input', `Invalid filter '${other.slice(0, 100)}'`);
}
