import pg from 'pg';
import {
  PostgresDialect,
  type Dialect,
  type PostgresCursor,
  type PostgresPool,
  type PostgresPoolClient,
  type PostgresQueryResult,
} from 'kysely';
import { DomainError } from '../common/errors.js';
import { unavailable } from './unavailable.js';

const MAX_CONNECTIONS = 10;
/** Callers that may wait for a connection; more are turned away at once. */
const MAX_WAITING = 500;
const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 15_000;
/** Ours, for a server that does not even answer that the statement took too long. */
const ANSWER_TIMEOUT_MS = 20_000;

export interface PostgresOptions {
  readonly url: string;
  /** Whether one statement may take as long as it likes, as a migration may. */
  readonly patient?: boolean;
  /** Told of connections that were lost while nobody used them. The pool replaces them by itself. */
  readonly onLostConnection?: (error: Error) => void;
}

/**
 * A pool of connections to PostgreSQL. It connects when first used and again after every loss; while the server is
 * away, calls fail with `unavailable`.
 */
export function openPostgres({ url, patient = false, onLostConnection }: PostgresOptions): Dialect {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'dockmaster',
    max: MAX_CONNECTIONS,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: ANSWER_TIMEOUT_MS,
    ...(patient ? {} : { statement_timeout: STATEMENT_TIMEOUT_MS, query_timeout: ANSWER_TIMEOUT_MS }),
    types: numbersForBigints(),
  });
  pool.on('error', (error) => onLostConnection?.(error));
  // A connection that breaks while in use also fails the query, which is where its user hears of it.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new PostgresDialect({ pool: withDomainErrors(pool) });
}

/** `bigint` columns and counts as numbers: ours are times and counts, far below 2^53. */
function numbersForBigints(): pg.TypeOverrides {
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, Number);
  return types;
}

function withDomainErrors(pool: pg.Pool): PostgresPool {
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      if (pool.waitingCount >= MAX_WAITING) {
        throw unavailable(new Error(`${MAX_WAITING} callers wait for a database connection`));
      }
      try {
        return new DomainErrorClient(await pool.connect());
      } catch (error) {
        throw unavailable(error);
      }
    },
  };
}

/** A connection whose losses are `unavailable`, and which never goes back into the pool after one. */
class DomainErrorClient implements PostgresPoolClient {
  private lost: DomainError | undefined;

  constructor(private readonly client: PostgresPoolClient) {}

  query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  query<R>(
    query: string | PostgresCursor<R>,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    if (typeof query !== 'string') throw new DomainError('internal', 'Cursors are not in use');
    return this.run<R>(query, parameters);
  }

  release(destroy = false): void {
    this.client.release(destroy || this.lost !== undefined);
  }

  private async run<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    if (this.lost) throw this.lost;
    try {
      return await this.client.query<R>(sql, [...parameters]);
    } catch (error) {
      if (isLostConnection(error)) throw (this.lost = unavailable(error));
      throw isTemporary(error) ? unavailable(error) : error;
    }
  }
}

/**
 * SQLSTATE classes and codes (PostgreSQL manual, appendix A) that say "not now": lack of resources (53), read-only
 * transaction after a failover (25006), statement time-out (57014), serialisation failure and deadlock (40001, 40P01),
 * lock time-out (55P03).
 */
const TEMPORARY = /^(53...|25006|57014|40001|40P01|55P03)$/;
/** Connection exceptions (08), the server stops or starts (57P), a transaction left idle too long (25P03). */
const CONNECTION_GONE = /^(08...|57P..|25P03)$/;
/** What `pg` says, without a code, of a connection that can't be used any more. */
const DRIVER_CONNECTION_ERRORS =
  /^(Connection terminated|Client (has encountered|was closed)|Query read timeout)/;

function isTemporary(error: unknown): boolean {
  return error instanceof pg.DatabaseError && TEMPORARY.test(error.code ?? '');
}

function isLostConnection(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return CONNECTION_GONE.test(error.code ?? '');
  if (typeof error !== 'object' || error === null) return false;
  return 'syscall' in error || ('message' in error && DRIVER_CONNECTION_ERRORS.test(String(error.message)));
}
