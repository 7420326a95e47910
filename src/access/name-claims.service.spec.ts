import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '../common/clock.js';
import { openTemporaryDatabase, type TemporaryDatabase } from '../database/testing/temporary-database.js';
import { NameClaimsService } from './name-claims.service.js';

const DATA = { engine: 'local', kind: 'volume', name: 'data' };
const ALICES = { ...DATA, ownerKind: 'user', ownerId: 'u-alice' } as const;
const BOBS = { ...DATA, ownerKind: 'user', ownerId: 'u-bob' } as const;

describe('a claim to a name', () => {
  let database: TemporaryDatabase;
  let clock: ManualClock;
  let claims: NameClaimsService;
  beforeEach(async () => {
    database = await openTemporaryDatabase();
    clock = new ManualClock();
    claims = new NameClaimsService(database.db, clock);
  });
  afterEach(() => database.close());
  const taken = { kind: 'conflict' };

  it('keeps others out until it is released', async () => {
    await claims.claim(ALICES);
    await expect(claims.claim(BOBS)).rejects.toMatchObject(taken);
    await claims.claim({ ...BOBS, engine: 'edge' });
    await claims.claim({ ...BOBS, name: 'other' });
    await claims.release(BOBS); // not his
    await expect(claims.claim(BOBS)).rejects.toMatchObject(taken);
    await claims.release(ALICES);
    await claims.claim(BOBS);
  });

  it('is held by each call of its owner, and over with the last', async () => {
    await claims.claim(ALICES);
    await claims.claim(ALICES);
    await claims.release(ALICES);
    await expect(claims.claim(BOBS)).rejects.toMatchObject(taken);
    await claims.release(ALICES);
    await claims.claim(BOBS);
    await claims.release(ALICES); // once too often
    await expect(claims.claim(ALICES)).rejects.toMatchObject(taken);
  });

  it('is over when nobody renews it, and lasts while somebody does', async () => {
    await claims.claim(ALICES);
    clock.advance(80_000);
    await claims.renew(ALICES);
    clock.advance(80_000);
    await expect(claims.claim(BOBS)).rejects.toMatchObject(taken);
    clock.advance(10_001);
    await claims.claim(BOBS);
    await claims.renew(ALICES); // is not hers any more
    await claims.release(ALICES);
    await expect(claims.claim(ALICES)).rejects.toMatchObject(taken);
  });

  it('that was left behind is forgotten', async () => {
    await claims.claim(ALICES);
    await claims.forgetOver();
    await expect(claims.claim(BOBS)).rejects.toMatchObject(taken);
    clock.advance(90_001);
    await claims.forgetOver();
    expect(await database.db.selectFrom('name_claim').selectAll().execute()).toEqual([]);
  });
});
