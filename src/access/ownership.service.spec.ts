import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '../common/clock.js';
import { openTemporaryDatabase, type TemporaryDatabase } from '../database/testing/temporary-database.js';
import { OwnershipService } from './ownership.service.js';

const ALICE = { ownerKind: 'user', ownerId: 'u-alice' } as const;
const BOB = { ownerKind: 'user', ownerId: 'u-bob' } as const;
const DATA = { engine: 'local', kind: 'volume', objectId: 'data', name: 'data' };

let database: TemporaryDatabase;
let clock: ManualClock;
let ownership: OwnershipService;
beforeEach(async () => {
  database = await openTemporaryDatabase();
  clock = new ManualClock();
  ownership = new OwnershipService(database.db, clock);
});
afterEach(() => database.close());

describe('ownership', () => {
  it('belongs to the first who creates the object, not to who creates it again', async () => {
    const first = await ownership.record({ ...DATA, ...ALICE });
    expect(first).toEqual({ ...DATA, ...ALICE, createdAt: clock.now() });
    expect(await ownership.record({ ...DATA, ...BOB })).toEqual(first);
  });

  it('is of one object: the same id on another engine or of another kind is somebody else’s', async () => {
    await ownership.record({ ...DATA, ...ALICE });
    expect(await ownership.find('edge', 'volume', 'data')).toBeUndefined();
    expect(await ownership.find('local', 'network', 'data')).toBeUndefined();
    expect(await ownership.record({ ...DATA, engine: 'edge', ...BOB })).toMatchObject(BOB);
    expect(await ownership.find('local', 'volume', 'data')).toMatchObject(ALICE);
  });

  it('survives a rename', async () => {
    await ownership.record({ ...DATA, ...ALICE });
    await ownership.rename('local', 'volume', 'data', 'other');
    expect(await ownership.find('local', 'volume', 'data')).toMatchObject({ name: 'other', ...ALICE });
  });

  it('ends with the object, and is free for the next', async () => {
    await ownership.record({ ...DATA, ...ALICE });
    await ownership.forget('local', 'volume', 'data');
    expect(await ownership.find('local', 'volume', 'data')).toBeUndefined();
    expect(await ownership.record({ ...DATA, ...BOB })).toMatchObject(BOB);
  });

  it('ends where the object is looked for and is not there, and goes on where it is', async () => {
    const where = { engine: 'local', kind: 'volume', id: 'data' };
    await ownership.record({ ...DATA, ...ALICE });
    expect(await ownership.lookAt(where, () => Promise.resolve('there'))).toBe('there');
    expect(await ownership.find('local', 'volume', 'data')).toMatchObject(ALICE);
    await ownership.lookAt(where, () => Promise.resolve(undefined));
    expect(await ownership.record({ ...DATA, ...BOB })).toMatchObject(BOB);
  });

  it('goes on where the same subject makes the object anew while it was looked for', async () => {
    await ownership.record({ ...DATA, ...ALICE });
    clock.advance(1);
    await ownership.lookAt({ engine: 'local', kind: 'volume', id: 'data' }, async () => {
      await ownership.record({ ...DATA, ...ALICE });
      return undefined;
    });
    expect(await ownership.find('local', 'volume', 'data')).toMatchObject(ALICE);
  });

  it('is not forgotten with an earlier object where it was recorded since', async () => {
    await ownership.record({ ...DATA, ...ALICE });
    await ownership.forget('local', 'volume', 'data', { before: clock.now() });
    expect(await ownership.find('local', 'volume', 'data')).toMatchObject(ALICE);
    await ownership.forget('local', 'volume', 'data', { before: clock.now() + 1 });
    expect(await ownership.find('local', 'volume', 'data')).toBeUndefined();
  });

  it('stays with who made the object while it was looked for', async () => {
    await ownership.record({ ...DATA, ...ALICE });
    clock.advance(1);
    await ownership.lookAt({ engine: 'local', kind: 'volume', id: 'data' }, async () => {
      await ownership.forget('local', 'volume', 'data');
      await ownership.record({ ...DATA, ...BOB });
      return undefined;
    });
    expect(await ownership.find('local', 'volume', 'data')).toMatchObject(BOB);
  });

  it('is found for thousands of objects at once, without those that have no owner', async () => {
    const ids = Array.from({ length: 2_500 }, (_, index) => `c${index}`);
    for (const objectId of ['c0', 'c999', 'c1000', 'c2499']) {
      await ownership.record({ engine: 'local', kind: 'container', objectId, name: objectId, ...ALICE });
    }
    const found = await ownership.findMany('local', 'container', ids);
    expect([...found.keys()]).toEqual(['c0', 'c999', 'c1000', 'c2499']);
    expect(await ownership.findMany('local', 'container', [])).toEqual(new Map());
  });
});
