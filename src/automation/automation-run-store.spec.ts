import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '../common/clock.js';
import { openTemporaryDatabase, type TemporaryDatabase } from '../database/testing/temporary-database.js';
import { AutomationRunHistory, CLAIM_MS, RUNS_KEPT_MS } from './automation-run-history.js';
import { AutomationRunStore } from './automation-run-store.js';

let database: TemporaryDatabase;
let clock: ManualClock;
let store: AutomationRunStore;
let history: AutomationRunHistory;
beforeEach(async () => {
  database = await openTemporaryDatabase();
  clock = new ManualClock();
  store = new AutomationRunStore(database.db, clock);
  history = new AutomationRunHistory(database.db, clock);
});
afterEach(() => database.close());

const HOOK = { kind: 'hook', id: randomUUID() } as const;
const SCHEDULE = { kind: 'schedule', id: randomUUID() } as const;

describe('a key', () => {
  it('is taken by one of all who try, and for its source only', async () => {
    const tries = await Promise.all(Array.from({ length: 5 }, () => store.claim(HOOK, { key: 'a' })));
    expect(tries.filter((id) => id !== undefined)).toHaveLength(1);
    expect(await store.claim(SCHEDULE, { key: 'a' })).toBeDefined();
    expect(await store.claim({ kind: 'hook', id: randomUUID() }, { key: 'a' })).toBeDefined();
  });

  it('is free again where what it was taken for could not be begun', async () => {
    const id = (await store.claim(HOOK, { key: 'a' })) ?? '';
    await store.release(id);
    expect(await store.claim(HOOK, { key: 'a' })).toBeDefined();
  });

  it('is free again where who took it was not heard of, and not where it led to a job', async () => {
    await store.claim(HOOK, { key: 'lost' });
    const begun = (await store.claim(HOOK, { key: 'begun' })) ?? '';
    await store.started(begun, randomUUID());
    for (const key of ['lost', 'begun']) await store.releaseAbandoned(HOOK, key, clock.now());
    expect(await store.claim(HOOK, { key: 'lost' })).toBeUndefined();
    clock.advance(1);
    for (const key of ['lost', 'begun']) await store.releaseAbandoned(HOOK, key, clock.now());
    expect(await store.claim(HOOK, { key: 'lost' })).toBeDefined();
    expect(await store.claim(HOOK, { key: 'begun' })).toBeUndefined();
  });
});

describe('runs', () => {
  it('are shown to who asks for their source, newest first', async () => {
    for (const key of ['a', 'b']) {
      await store.claim(HOOK, { key });
      clock.advance(1);
    }
    const other = (await store.claim(SCHEDULE, { key: 'c' })) ?? '';
    const { items, totalCount } = await store.list(HOOK, {});
    expect(totalCount).toBe(2);
    expect(items.map(({ createdAt }) => createdAt)).toEqual(
      items
        .map(({ createdAt }) => createdAt)
        .sort()
        .reverse(),
    );
    await expect(store.get(HOOK, other)).rejects.toMatchObject({ kind: 'not_found' });
    await expect(store.get(HOOK, 'none')).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('whose job is forgotten say so', async () => {
    const id = (await store.claim(HOOK, { key: 'a' })) ?? '';
    await store.started(id, randomUUID());
    expect(await store.get(HOOK, id)).toMatchObject({ state: 'forgotten' });
  });

  it('are forgotten after 30 days, and where there are too many', async () => {
    await store.claim(HOOK, { key: 'old' });
    clock.advance(RUNS_KEPT_MS + 1);
    for (const key of ['a', 'b', 'c']) {
      clock.advance(1);
      await store.claim(HOOK, { key });
    }
    expect(await history.run()).toBe(1);
    expect(await history.run(2)).toBe(1);
    expect((await store.list(HOOK, {})).totalCount).toBe(2);
    expect(await store.claim(HOOK, { key: 'c' })).toBeUndefined();
  });

  it('of one source push out none of another: what it has seen it does not do again', async () => {
    await store.claim(HOOK, { key: 'seen' });
    for (const key of ['a', 'b', 'c', 'd']) {
      clock.advance(1);
      await store.claim(SCHEDULE, { key });
    }
    expect(await history.run(2)).toBe(2);
    expect((await store.list(SCHEDULE, {})).totalCount).toBe(2);
    expect(await store.claim(HOOK, { key: 'seen' })).toBeUndefined();
  });

  it('of a schedule that were never begun are told as failed; those of a hook wait to be tried again', async () => {
    const due = (await store.claim(SCHEDULE, { key: 'due' })) ?? '';
    const called = (await store.claim(HOOK, { key: 'call' })) ?? '';
    await history.run();
    expect(await store.get(SCHEDULE, due)).toMatchObject({ state: 'claimed' });
    clock.advance(CLAIM_MS + 1);
    await history.run();
    expect(await store.get(SCHEDULE, due)).toMatchObject({ state: 'failed', reason: expect.any(String) });
    expect(await store.get(HOOK, called)).toMatchObject({ state: 'claimed' });
  });
});
