import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import { DATABASE } from '../database/database.token.js';
import type { Database } from '../database/schema.js';
import { subscriberOf } from './subscriber-address.js';

const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 15 * 60_000;
/** From this many doublings on, the delay is the longest. */
const MAX_DOUBLINGS = Math.ceil(Math.log2(MAX_DELAY_MS / FIRST_DELAY_MS));
/** A count is forgotten when there was no attempt for so long. */
const FORGET_AFTER_MS = 24 * 60 * 60_000;

/** Attempts without a delay: by one address on one account, by one address on any, and on one account from anywhere. */
const FREE_ATTEMPTS = { accountAndAddress: 5, address: 20, account: 50 } as const;
type KeyKind = keyof typeof FREE_ATTEMPTS;

/** An attempt that was let through, to be settled by `succeeded` or `withdraw`; one that failed needs neither. */
export interface SignInAttempt {
  readonly keys: readonly { readonly kind: KeyKind; readonly key: string; readonly nextAt: number }[];
}

/**
 * Slows down guessing of passwords and codes. Each attempt is counted before what was guessed is looked at, in one statement, so
 * that many at the same time can't slip through, also on several replicas. After the free attempts the next one has
 * to wait 1 s, then 2 s, 4 s, … up to 15 min.
 */
@Injectable()
export class SignInThrottle {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Counts an attempt.
   *
   * @param account a username in normal form, known or not; undefined for what is not about one account, which counts by
   *   address only
   * @throws DomainError `too_many_requests` with the seconds to wait; such an attempt is not counted
   */
  async begin(account: string | undefined, address: string): Promise<SignInAttempt> {
    const keys = keysOf(account, subscriberOf(address));
    return this.db.transaction().execute(async (transaction) => {
      const counted = [];
      for (const { kind, key } of keys) {
        const nextAt = await this.count(key, FREE_ATTEMPTS[kind], transaction);
        if (nextAt === undefined)
          throw await this.tooMany(
            keys.map((entry) => entry.key),
            transaction,
          );
        counted.push({ kind, key, nextAt });
      }
      return { keys: counted };
    });
  }

  /** Forgives the address its attempts on this account; this attempt was no failure for the other counts either. */
  async succeeded({ keys }: SignInAttempt): Promise<void> {
    await this.db.transaction().execute(async (transaction) => {
      for (const { kind, key, nextAt } of keys) {
        if (kind === 'accountAndAddress') {
          await transaction.deleteFrom('sign_in_throttle').where('key', '=', key).execute();
        } else {
          await uncount(key, nextAt, transaction);
        }
      }
    });
  }

  /** For an attempt in which nothing was guessed wrong or right. */
  async withdraw({ keys }: SignInAttempt): Promise<void> {
    await this.db.transaction().execute(async (transaction) => {
      for (const { key, nextAt } of keys) await uncount(key, nextAt, transaction);
    });
  }

  /** Forgets counts of long ago. */
  async purge(): Promise<void> {
    await this.db
      .deleteFrom('sign_in_throttle')
      .where('last_at', '<', this.clock.now() - FORGET_AFTER_MS)
      .execute();
  }

  /** @returns when the next attempt may be made; undefined where this one may not be made yet, and is not counted */
  private async count(key: string, free: number, db: Database): Promise<number | undefined> {
    const now = this.clock.now();
    const attempts = sql<number>`case when sign_in_throttle.last_at < ${now - FORGET_AFTER_MS}
      then 1 else sign_in_throttle.attempts + 1 end`;
    const counted = await db
      .insertInto('sign_in_throttle')
      .values({ key, attempts: 1, next_at: 0, last_at: now })
      .onConflict((conflict) =>
        conflict
          .column('key')
          .doUpdateSet({ attempts, next_at: delayed(attempts, free, now), last_at: now })
          .where('sign_in_throttle.next_at', '<=', now),
      )
      .returning('next_at')
      .executeTakeFirst();
    return counted?.next_at;
  }

  private async tooMany(keys: readonly string[], db: Database): Promise<DomainError> {
    const now = this.clock.now();
    const { next_at } = await db
      .selectFrom('sign_in_throttle')
      .select(({ fn }) => fn.max('next_at').as('next_at'))
      .where('key', 'in', keys)
      .executeTakeFirstOrThrow();
    const retryAfter = Math.max(1, Math.ceil((next_at - now) / 1_000));
    const wait = retryAfter === 1 ? '1 second' : `${retryAfter} seconds`;
    return new DomainError('too_many_requests', `Too many attempts to sign in; try again in ${wait}`, {
      retryAfter,
    });
  }
}

/** Everybody takes the rows in this order, so that two transactions never wait for each other. */
function keysOf(account: string | undefined, subscriber: string): readonly { kind: KeyKind; key: string }[] {
  const byAddress = { kind: 'address', key: keyOf('address', subscriber) } as const;
  if (account === undefined) return [byAddress];
  return [
    { kind: 'accountAndAddress', key: keyOf('accountAndAddress', account, subscriber) },
    byAddress,
    { kind: 'account', key: keyOf('account', account) },
  ];
}

/** When the attempt after this one may be made: at once within the free ones, then after a delay that doubles. */
function delayed(attempts: ReturnType<typeof sql<number>>, free: number, now: number) {
  const excess = sql`(${attempts} - ${sql.lit(free)})`;
  return sql<number>`case
    when ${excess} < 0 then 0
    when ${excess} >= ${sql.lit(MAX_DOUBLINGS)} then cast(${now + MAX_DELAY_MS} as bigint)
    else cast(${now} as bigint) + (${sql.lit(FIRST_DELAY_MS)} << ${excess})
  end`;
}

/** Takes back one attempt, with the delay that it caused unless another attempt has caused one since. */
async function uncount(key: string, nextAt: number, db: Database): Promise<void> {
  await db
    .updateTable('sign_in_throttle')
    .set(({ eb }) => ({
      attempts: eb('attempts', '-', 1),
      next_at: sql<number>`case when next_at = ${nextAt} then 0 else next_at end`,
    }))
    .where('key', '=', key)
    .where('attempts', '>', 0)
    .execute();
}

/** Keys are hashed: they are of a fixed length, and a password typed as username is not kept. */
function keyOf(kind: KeyKind, ...parts: string[]): string {
  return `${kind}:${createHash('sha256').update(JSON.stringify(parts)).digest('hex')}`;
}
