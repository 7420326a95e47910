import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '../common/clock.js';
import { openTemporaryDatabase, type TemporaryDatabase } from '../database/testing/temporary-database.js';
import { SignInThrottle } from './sign-in-throttle.js';

const HOME = '192.0.2.7';

let database: TemporaryDatabase;
let clock: ManualClock;
let throttle: SignInThrottle;
beforeEach(async () => {
  database = await openTemporaryDatabase();
  clock = new ManualClock();
  throttle = new SignInThrottle(database.db, clock);
});
afterEach(() => database.close());

/** Attempts that all fail; gives how many were let through before the first that was not. */
async function failUntilThrottled(account: (index: number) => string, address: (index: number) => string) {
  for (let index = 0; index < 1_000; index++) {
    try {
      await throttle.begin(account(index), address(index));
    } catch (error) {
      expect(error).toMatchObject({ kind: 'too_many_requests', retryAfter: 1 });
      return index;
    }
  }
  throw new Error('never throttled');
}

const addressNumber = (index: number) => `10.0.${Math.floor(index / 256)}.${index % 256}`;

describe('attempts to sign in that fail', () => {
  it.each([
    ['5 by one address on one account', () => 'alice', () => HOME, 5],
    ['20 by one address on many accounts', (index: number) => `user-${index}`, () => HOME, 20],
    ['50 on one account from many addresses', () => 'alice', addressNumber, 50],
  ])('are free up to %s', async (_what, account, address, expected) => {
    expect(await failUntilThrottled(account, address)).toBe(expected);
  });

  it('that are about no account count by address, together with all others of it', async () => {
    for (let index = 0; index < 10; index++) await throttle.begin(undefined, HOME);
    expect(
      await failUntilThrottled(
        (index) => `user-${index}`,
        () => HOME,
      ),
    ).toBe(10);
    await expect(throttle.begin(undefined, HOME)).rejects.toMatchObject({ kind: 'too_many_requests' });
    await throttle.begin(undefined, '192.0.2.8');
  });

  it('then have to wait for a time that doubles up to 15 minutes', async () => {
    const delays: number[] = [];
    for (let index = 0; index < 5; index++) await throttle.begin('alice', HOME);
    for (let index = 0; index < 13; index++) {
      const refusal = await throttle.begin('alice', HOME).then(
        () => Promise.reject(new Error('was let through')),
        (error: unknown) => error as { retryAfter: number },
      );
      delays.push(refusal.retryAfter);
      clock.advance(refusal.retryAfter * 1_000 - 1);
      await expect(throttle.begin('alice', HOME)).rejects.toMatchObject({
        kind: 'too_many_requests',
        retryAfter: 1,
      });
      clock.advance(1);
      await throttle.begin('alice', HOME);
    }
    expect(delays).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
  });

  it('do not get through by being many at the same time', async () => {
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => throttle.begin('alice', HOME)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  });

  it('of an IPv6 network count together', async () => {
    for (let index = 0; index < 5; index++) await throttle.begin('alice', `2001:db8::${index}`);
    await expect(throttle.begin('alice', '2001:db8::ffff:1')).rejects.toMatchObject({
      kind: 'too_many_requests',
    });
    await throttle.begin('alice', '2001:db8:0:1::1');
  });

  it('do not count while they are refused, for any of the counts', async () => {
    for (let index = 0; index < 5; index++) await throttle.begin('alice', HOME);
    for (let index = 0; index < 100; index++) {
      await expect(throttle.begin('alice', HOME)).rejects.toMatchObject({ kind: 'too_many_requests' });
    }
    await throttle.begin('bob', HOME);
    await throttle.begin('alice', '192.0.2.8');
  });

  it('are forgotten after a day without any', async () => {
    for (let index = 0; index < 12; index++) {
      await throttle.begin('alice', HOME);
      clock.advance(900_000);
    }
    clock.advance(24 * 60 * 60_000);
    expect(
      await failUntilThrottled(
        () => 'alice',
        () => HOME,
      ),
    ).toBe(5);
  });

  it('of long ago are deleted, later ones kept', async () => {
    await throttle.begin('alice', HOME);
    clock.advance(24 * 60 * 60_000);
    await throttle.begin('bob', HOME);
    clock.advance(1);
    await throttle.purge();
    const { length } = await database.db.selectFrom('sign_in_throttle').select('key').execute();
    expect(length).toBe(3); // of alice: alone and at home are gone; home itself was seen again
  });

  it('are stored without the account or address', async () => {
    await throttle.begin('alice', HOME);
    const rows = await database.db.selectFrom('sign_in_throttle').select('key').execute();
    expect(rows).toHaveLength(3);
    for (const { key } of rows) expect(key).toMatch(/^(accountAndAddress|address|account):[0-9a-f]{64}$/);
  });
});

describe('an attempt that succeeds', () => {
  it('forgives this address its failures on this account', async () => {
    for (let index = 0; index < 4; index++) await throttle.begin('alice', HOME);
    await throttle.succeeded(await throttle.begin('alice', HOME));
    expect(
      await failUntilThrottled(
        () => 'alice',
        () => HOME,
      ),
    ).toBe(5);
  });

  it('is no failure of the address or the account: a script may sign in as often as it likes', async () => {
    for (let index = 0; index < 200; index++) await throttle.succeeded(await throttle.begin('alice', HOME));
  });

  it('does not forgive the address what it tried on other accounts', async () => {
    for (let index = 0; index < 19; index++) await throttle.begin(`user-${index}`, HOME);
    for (let index = 0; index < 10; index++) await throttle.succeeded(await throttle.begin('mallory', HOME));
    await throttle.begin('user-20', HOME);
    await expect(throttle.begin('user-21', HOME)).rejects.toMatchObject({ kind: 'too_many_requests' });
  });

  it('does not shorten a delay that another attempt has caused meanwhile', async () => {
    for (let index = 0; index < 19; index++) await throttle.begin(`user-${index}`, HOME);
    const slow = await throttle.begin('mallory', HOME);
    clock.advance(1_000);
    await throttle.begin('user-20', HOME);
    await throttle.succeeded(slow);
    await expect(throttle.begin('user-21', HOME)).rejects.toMatchObject({
      kind: 'too_many_requests',
      retryAfter: 2,
    });
  });
});

describe('an attempt whose password was never looked at', () => {
  it('does not count', async () => {
    for (let index = 0; index < 100; index++) await throttle.withdraw(await throttle.begin('alice', HOME));
    expect(
      await failUntilThrottled(
        () => 'alice',
        () => HOME,
      ),
    ).toBe(5);
  });
});
