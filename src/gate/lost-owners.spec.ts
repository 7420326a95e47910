import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { OwnershipService } from '../access/ownership.service.js';
import { ManualClock } from '../common/clock.js';
import { openTemporaryDatabase, type TemporaryDatabase } from '../database/testing/temporary-database.js';
import type { ObjectEnd, State } from '../state/state.js';
import { LostOwners } from './lost-owners.js';

const DATA = { engine: 'local', kind: 'volume', objectId: 'data', name: 'data' } as const;
const ALICE = { ownerKind: 'user', ownerId: 'u-alice' } as const;

describe('who owned what is gone', () => {
  let database: TemporaryDatabase;
  let clock: ManualClock;
  let ownership: OwnershipService;
  let lost: LostOwners;
  let end: (end: ObjectEnd) => void;
  beforeEach(async () => {
    database = await openTemporaryDatabase();
    clock = new ManualClock();
    ownership = new OwnershipService(database.db, clock);
    const state = { onEnd: (listener: typeof end) => (end = listener) } as unknown as State;
    lost = new LostOwners(state, ownership, clock, pino({ level: 'silent' }));
    lost.onApplicationBootstrap();
    await ownership.record({ ...DATA, ...ALICE });
  });
  afterEach(() => database.close());
  const ended = async (at: number, id = 'data') => {
    end({ engine: 'local', kind: 'volume', id, at });
    await lost.settled();
  };
  const owner = () => ownership.find('local', 'volume', 'data');

  it('is forgotten, and remembered for the events of it', async () => {
    clock.advance(5_000);
    await ended(clock.now(), 'other');
    expect(await owner()).toMatchObject(ALICE);
    await ended(clock.now());
    expect(await owner()).toBeUndefined();
    expect((await ownership.lastOwners('local', 'volume', ['data'])).get('data')).toEqual(ALICE);
  });

  it('owns what it has made anew since', async () => {
    clock.advance(5_000);
    const gone = clock.now();
    clock.advance(1);
    await ownership.record({ ...DATA, ...ALICE });
    clock.advance(60_000); // it is heard of late
    await ended(gone);
    expect(await owner()).toMatchObject(ALICE);
  });

  it('owns what it has made just now, whatever an engine says whose clock is ahead', async () => {
    await ended(clock.now() + 3_600_000);
    expect(await owner()).toMatchObject(ALICE);
  });

  it('is forgotten later where the database is away, once, whoever else is gone by then', async () => {
    clock.advance(5_000);
    const { db } = database;
    const broken = { forget: () => Promise.reject(new Error('away')) } as unknown as OwnershipService;
    let calls = 0;
    const state = { onEnd: (listener: typeof end) => (end = listener) } as unknown as State;
    const failing = {
      forget: (...args: Parameters<OwnershipService['forget']>) =>
        (calls++ === 0 ? broken : new OwnershipService(db, clock)).forget(...args),
    } as unknown as OwnershipService;
    lost = new LostOwners(state, failing, clock, pino({ level: 'silent' }));
    lost.onApplicationBootstrap();
    await ended(clock.now());
    expect(await owner()).toMatchObject(ALICE);
    await ended(clock.now(), 'other'); // what waits is looked at with the next
    expect(await owner()).toBeUndefined();
  });
});
