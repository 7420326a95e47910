import { type RawBuilder, sql } from 'kysely';

/** Milliseconds since the epoch by the clock of a PostgreSQL server, which all replicas share. */
export function databaseTime(): RawBuilder<number> {
  return sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`;
}
