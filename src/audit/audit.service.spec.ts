import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '../common/clock.js';
import { encodeCursor } from '../common/pagination.js';
import { openTemporaryDatabase, type TemporaryDatabase } from '../database/testing/temporary-database.js';
import type { AuditEntry } from './audit-record.js';
import { AuditService } from './audit.service.js';

const ALICE = { kind: 'user', id: 'u-alice', name: 'alice', tokenId: 't-1' } as const;
const start = (overrides: Partial<AuditEntry> = {}): AuditEntry => ({
  actor: ALICE,
  door: 'rest',
  requestId: 'r-1',
  address: '192.0.2.7',
  operation: 'ContainerStart',
  engine: 'local',
  targetKind: 'container',
  targetId: 'c0ffee',
  targetName: 'web',
  ...overrides,
});

let database: TemporaryDatabase;
let clock: ManualClock;
let audit: AuditService;
beforeEach(async () => {
  database = await openTemporaryDatabase();
  clock = new ManualClock();
  audit = new AuditService(database.db, clock);
});
afterEach(() => database.close());

const all = async () => (await audit.list({})).items;

describe('an audit record', () => {
  it('is pending while the change is under way, with everything that identifies it', async () => {
    const id = await audit.begin(start());
    expect(await all()).toEqual([
      {
        id,
        at: clock.now(),
        actor_kind: 'user',
        actor_id: 'u-alice',
        actor_name: 'alice',
        token_id: 't-1',
        door: 'rest',
        operation: 'ContainerStart',
        engine: 'local',
        target_kind: 'container',
        target_id: 'c0ffee',
        target_name: 'web',
        other_id: null,
        other_name: null,
        outcome: 'pending',
        reason: null,
        request_id: 'r-1',
        address: '192.0.2.7',
        settled_at: null,
      },
    ]);
  });

  it('gets its outcome once; a second one changes nothing', async () => {
    const id = await audit.begin(start());
    await audit.complete(id, 'failed', 'port is taken');
    await audit.complete(id, 'succeeded');
    expect(await all()).toEqual([expect.objectContaining({ outcome: 'failed', reason: 'port is taken' })]);
  });

  it('gets the ids of what was made with its outcome, and keeps those that it had', async () => {
    const made = await audit.begin(start({ targetId: undefined, otherName: 'app:v1' }));
    await audit.complete(made, 'succeeded', undefined, { targetId: 'told', otherId: 'sha256:told' });
    const had = await audit.begin(start({ targetId: 'had', otherId: 'had' }));
    await audit.complete(had, 'succeeded', undefined, { targetId: 'told', otherId: 'told' });
    expect(await all()).toMatchObject([
      { target_id: 'had', other_id: 'had' },
      { target_id: 'told', other_id: 'sha256:told', other_name: 'app:v1' },
    ]);
  });

  it('is found by the id and the name of each object that it is about, once', async () => {
    const names = { targetId: 'x', targetName: 'old', otherId: 'y', otherName: 'new' };
    const id = await audit.begin(start(names));
    const same = await audit.begin(start({ targetId: 'z', targetName: 'z', otherId: 'z', otherName: 'z' }));
    const found = async (target: string) => (await audit.list({ target })).items.map((item) => item.id);
    for (const target of Object.values(names)) expect(await found(target)).toEqual([id]);
    expect(await found('z')).toEqual([same]);
    expect((await audit.list({ target: 'z' })).totalCount).toBe(1);
    expect(await found('web')).toEqual([]);
  });

  it('of a refusal has its reason, also where nobody is signed in', async () => {
    await audit.refused(start({ actor: undefined }), 'no such right');
    expect(await all()).toEqual([
      expect.objectContaining({
        outcome: 'refused',
        reason: 'no such right',
        actor_kind: 'anonymous',
        actor_id: null,
        actor_name: null,
      }),
    ]);
  });

  it('of a change of our own data is written with it, or not at all', async () => {
    const work = database.db.transaction().execute(async (transaction) => {
      await audit.succeeded(start(), transaction);
      throw new Error('undone');
    });
    await expect(work).rejects.toThrow('undone');
    expect(await all()).toEqual([]);
  });

  it('holds callers’ text bounded and without control characters', async () => {
    const hostile = `web\n{"level":"info"}\u001b[2J${'x'.repeat(10_000)}`;
    await audit.refused(
      start({ targetId: hostile, targetName: hostile, operation: hostile, address: hostile }),
      hostile,
    );
    const [record] = await all();
    for (const text of [record?.target_id, record?.target_name, record?.operation, record?.address]) {
      expect(text).toMatch(/^web\\u\{a\}\{"level":"info"\}\\u\{1b\}\[2Jx+…$/);
      expect(text).toHaveLength(255);
    }
    expect(record?.reason).toHaveLength(1_000);
  });
});

describe('what was pending when Dockmaster stopped', () => {
  it('is interrupted at the next start, and stays so', async () => {
    const done = await audit.begin(start());
    await audit.complete(done, 'succeeded');
    const open = await audit.begin(start());
    expect(await audit.closeInterrupted()).toBe(1);
    await audit.complete(open, 'succeeded');
    expect((await all()).map(({ id, outcome }) => [id, outcome])).toEqual([
      [open, 'interrupted'],
      [done, 'succeeded'],
    ]);
  });
});

describe('the audit trail', () => {
  it('is listed newest first, page by page, while new records come in', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 5; index++) {
      if (index !== 2) clock.advance(1_000);
      ids.push(await audit.begin(start()));
    }
    const first = await audit.list({}, { limit: 2 });
    await audit.begin(start());
    const second = await audit.list({}, { limit: 2, after: first.nextCursor ?? '' });
    const third = await audit.list({}, { limit: 2, after: second.nextCursor ?? '' });
    expect([first, second, third].flatMap(({ items }) => items.map(({ id }) => id))).toEqual(
      [...ids].reverse(),
    );
    expect(first.totalCount).toBe(5);
    expect(third.nextCursor).toBeNull();
  });

  it.each([
    ['actor, by id', { actor: 'u-bob' }, ['other']],
    ['actor, by name', { actor: 'bob' }, ['other']],
    ['operation', { operation: 'ContainerStop' }, ['other']],
    ['engine', { engine: 'edge' }, ['other']],
    ['outcome', { outcome: 'refused' as const }, ['refused']],
    ['target, by id', { target: 'beef' }, ['other']],
    ['target, by name', { target: 'db' }, ['other']],
    ['start of a period, which is in it', { from: Date.UTC(2026, 0, 1) + 2_000 }, ['refused']],
    ['end of a period, which is not in it', { to: Date.UTC(2026, 0, 1) + 1_000 }, ['first']],
    ['several, of which all must hold', { actor: 'bob', engine: 'local' }, []],
    ['nothing', {}, ['refused', 'other', 'first']],
  ])('is filtered by %s', async (_what, filter, expected) => {
    await audit.begin(start({ requestId: 'first' }));
    clock.advance(1_000);
    await audit.begin(
      start({
        requestId: 'other',
        actor: { kind: 'user', id: 'u-bob', name: 'bob' },
        operation: 'ContainerStop',
        engine: 'edge',
        targetId: 'beef',
        targetName: 'db',
      }),
    );
    clock.advance(1_000);
    await audit.refused(start({ requestId: 'refused' }), 'no');
    const { items, totalCount } = await audit.list(filter);
    expect(items.map(({ request_id }) => request_id)).toEqual(expected);
    expect(totalCount).toBe(expected.length);
  });

  it.each([
    ['rubbish', '!!'],
    ['of another list', encodeCursor(['name', 'id'])],
    ['with a fraction', encodeCursor([1.5, '00000000-0000-7000-8000-000000000000'])],
    ['with a NUL', encodeCursor([1, '\0'])],
  ])('refuses a cursor that is %s', async (_what, after) => {
    await expect(audit.list({}, { after })).rejects.toMatchObject({
      kind: 'invalid_input',
      errors: [expect.objectContaining({ field: 'after' })],
    });
  });
});
