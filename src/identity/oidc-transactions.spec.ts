import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '../common/clock.js';
import { SecretBox } from '../common/secret-box.js';
import { openTemporaryDatabase, type TemporaryDatabase } from '../database/testing/temporary-database.js';
import { type OidcTransaction, OidcTransactions } from './oidc-transactions.service.js';

const HOME = '192.0.2.7';
const TRANSACTION: OidcTransaction = {
  issuer: 'https://id.example.com',
  redirectUri: 'https://ui.example.com/callback',
  state: 'a-state',
  nonce: 'a-nonce',
  codeVerifier: 'a-verifier',
};

let database: TemporaryDatabase;
let clock: ManualClock;
let transactions: OidcTransactions;
beforeEach(async () => {
  database = await openTemporaryDatabase();
  clock = new ManualClock();
  transactions = new OidcTransactions(database.db, clock, new SecretBox('a key for tests'));
});
afterEach(() => database.close());

const stored = () => database.db.selectFrom('oidc_transaction').selectAll().execute();

describe('a sign-in that was begun', () => {
  it('is taken once by who holds its id', async () => {
    const id = await transactions.begin(TRANSACTION, HOME);
    expect(id).toMatch(/^dmo_[\w-]{43}$/);
    expect(await transactions.take(`${id}x`)).toBeUndefined();
    expect(await transactions.take(id)).toEqual(TRANSACTION);
    expect(await transactions.take(id)).toBeUndefined();
  });

  it('is worth nothing after ten minutes, and is forgotten', async () => {
    const id = await transactions.begin(TRANSACTION, HOME);
    clock.advance(10 * 60_000);
    expect(await transactions.take(id)).toBeUndefined();
    await transactions.begin(TRANSACTION, HOME);
    clock.advance(10 * 60_000);
    await transactions.begin(TRANSACTION, HOME);
    expect(await stored()).toHaveLength(1);
  });

  it('shows nothing of itself, of its id or of who began it in the database', async () => {
    const id = await transactions.begin(TRANSACTION, HOME);
    const text = JSON.stringify(await stored());
    for (const secret of [id, ...Object.values({ ...TRANSACTION } as Record<string, string>), HOME])
      expect(text).not.toContain(secret);
  });

  it('makes room for the next, beyond a hundred of one address', async () => {
    const first = await transactions.begin(TRANSACTION, HOME);
    const other = await transactions.begin(TRANSACTION, '192.0.2.8');
    for (let index = 0; index < 100; index++) {
      clock.advance(1);
      await transactions.begin(TRANSACTION, HOME);
    }
    expect(await stored()).toHaveLength(101);
    expect(await transactions.take(first)).toBeUndefined();
    expect(await transactions.take(other)).toEqual(TRANSACTION);
  });
});
