import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '../common/clock.js';
import { openTemporaryDatabase, type TemporaryDatabase } from '../database/testing/temporary-database.js';
import { RecreationStore } from './recreation-store.js';

let database: TemporaryDatabase;
let store: RecreationStore;
beforeEach(async () => {
  database = await openTemporaryDatabase();
  store = new RecreationStore(database.db, new ManualClock());
});
afterEach(() => database.close());

const recreation = (name: string, engine = 'local') => ({
  job_id: randomUUID(),
  engine,
  service_account_id: randomUUID(),
  name,
});
const never = new AbortController().signal;

describe('a container', () => {
  it('is re-created by one job at a time, and others wait for it', async () => {
    const [first, second] = [recreation('web'), recreation('web')];
    await store.begin(first, never);
    await store.begin(recreation('web', 'edge'), never);
    await store.begin(recreation('db'), never);
    let begun = false;
    const waiting = store.begin(second, never).then(() => (begun = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(begun).toBe(false);
    await store.end(first.job_id);
    await waiting;
    expect(begun).toBe(true);
  });

  it('is not waited for by a job that was cancelled', async () => {
    await store.begin(recreation('web'), never);
    const left = new AbortController();
    const waiting = store.begin(recreation('web'), left.signal);
    left.abort(new Error('cancelled'));
    await expect(waiting).rejects.toThrow();
  });

  it('whose job is no more is to be looked after, with what had happened to it', async () => {
    const lost = recreation('web');
    await store.begin(lost, never);
    await store.note(lost.job_id, { new_id: 'new' });
    await store.note(lost.job_id, { old_id: 'old', was_running: 1 });
    expect(await store.abandoned()).toEqual([
      expect.objectContaining({ ...lost, old_id: 'old', new_id: 'new', was_running: 1 }),
    ]);
    await store.end(lost.job_id);
    expect(await store.abandoned()).toEqual([]);
  });
});
