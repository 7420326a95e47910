import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StoredActions } from '../automation/stored-actions.js';
import { ManualClock } from '../common/clock.js';
import { SecretBox } from '../common/secret-box.js';
import { openTemporaryDatabase, type TemporaryDatabase } from '../database/testing/temporary-database.js';
import { toSettings } from './hook-settings.js';
import { HookStore } from './hook-store.js';

let database: TemporaryDatabase;
let clock: ManualClock;
let store: HookStore;
beforeEach(async () => {
  database = await openTemporaryDatabase();
  clock = new ManualClock();
  const box = new SecretBox('a key for tests');
  store = new HookStore(database.db, box, new StoredActions(box), clock);
});
afterEach(() => database.close());

describe('refused calls of a hook', () => {
  it('are recorded ten times a minute, and take nothing from the rate of those that are not', async () => {
    const hook = await store.create(
      {
        name: 'hook',
        description: '',
        serviceAccountId: 'robot',
        parentId: 'token',
        enabled: true,
        settings: { ...toSettings({}), ratePerMinute: 1 },
        action: { kind: 'startContainer', engine: 'local', target: 'web' },
        secret: undefined,
        tokenHash: 'hash',
      },
      {},
    );
    expect(hook.parentId).toBe('token');
    for (let turn = 0; turn < 12; turn++) expect(await store.mayRecordRefusal(hook.id)).toBe(turn < 10);
    await store.count(hook);
    await expect(store.count(hook)).rejects.toMatchObject({ kind: 'too_many_requests' });
    clock.advance(60_000);
    expect(await store.mayRecordRefusal(hook.id)).toBe(true);
  });
});
