import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Actor } from '../common/actor.js';
import { runInRequestContext } from '../common/request-context.js';
import { openTemporaryDatabase, type TemporaryDatabase } from '../database/testing/temporary-database.js';
import { buildIdentity, type Identity } from './testing/identity-fixture.js';

const PASSWORD = 'correct horse battery';
const NOBODY = '00000000-0000-7000-8000-000000000000';

let database: TemporaryDatabase;
let identity: Identity;
let alice: Actor;
beforeEach(async () => {
  database = await openTemporaryDatabase();
  identity = buildIdentity(database);
  const { id } = await identity.users.create({ username: 'alice', password: PASSWORD });
  alice = { kind: 'user', id, name: 'alice', teamIds: [] };
});
afterEach(() => database.close());

/** Signs in as `username` from `address` with `userAgent`. */
async function signIn(userAgent?: string, address = '192.0.2.7', username = 'alice') {
  const credentials = await identity.users.findCredentials(username);
  if (!credentials) throw new Error('no such user');
  return runInRequestContext({ requestId: 'r', door: 'rest', address, userAgent }, () =>
    identity.sessions.begin(credentials),
  );
}
const list = async () => (await identity.userSessions.list(alice.id)).items;
const authenticate = (token: string) => identity.authentication.authenticate(token);
const UNAUTHENTICATED = { kind: 'unauthenticated' };

describe('a session', () => {
  it('tells when, from where and with what it began', async () => {
    const { sessionId } = await signIn('curl/8.0');
    const now = identity.clock.now();
    expect(await list()).toEqual([
      {
        id: sessionId,
        createdAt: now,
        lastUsedAt: now,
        expiresAt: now + 30 * 24 * 60 * 60_000,
        address: '192.0.2.7',
        userAgent: 'curl/8.0',
      },
    ]);
  });

  it('keeps what a client calls itself printable and short, and does without', async () => {
    await signIn(`evil\u001b[2J${'x'.repeat(5_000)}`);
    identity.clock.advance(1);
    await signIn(undefined, '');
    const [second, first] = await list();
    expect(first?.userAgent).toMatch(/^evil\\u\{1b\}\[2Jx+…$/);
    expect(first?.userAgent).toHaveLength(255);
    expect(second).toMatchObject({ userAgent: null, address: null });
  });

  it('notes when it was used, to the minute', async () => {
    const { accessToken } = await signIn();
    const began = identity.clock.now();
    identity.clock.advance(59_999);
    await authenticate(accessToken);
    expect(await list()).toMatchObject([{ lastUsedAt: began }]);
    identity.clock.advance(2_000);
    await authenticate(accessToken);
    expect(await list()).toMatchObject([{ lastUsedAt: began + 61_999 }]);
  });

  it('is no more once it can not be used', async () => {
    await signIn();
    await identity.users.disable(alice.id);
    expect(await list()).toEqual([]);
    await identity.users.enable(alice.id);
    await signIn();
    identity.clock.advance(30 * 24 * 60 * 60_000);
    expect(await list()).toEqual([]);
  });
});

describe('ending a session', () => {
  it('of one’s own refuses its tokens at once, leaves the others, and is recorded', async () => {
    const [first, second] = [await signIn(), await signIn()];
    await authenticate(first.accessToken);
    await identity.userSessions.endOwn(alice, first.sessionId);
    await expect(authenticate(first.accessToken)).rejects.toMatchObject(UNAUTHENTICATED);
    await expect(identity.sessions.refresh(first.refreshToken)).rejects.toMatchObject(UNAUTHENTICATED);
    await authenticate(second.accessToken);
    expect((await identity.audit.list({ operation: 'endSession' })).items).toMatchObject([
      { actor_name: 'alice', target_kind: 'session', target_id: first.sessionId, outcome: 'succeeded' },
    ]);
  });

  it('that is somebody else’s, or that there is not, finds none, which is on record', async () => {
    await identity.users.create({ username: 'bob', password: PASSWORD });
    const bobs = await signIn('x', '192.0.2.8', 'bob');
    for (const id of [bobs.sessionId, NOBODY]) {
      await expect(identity.userSessions.endOwn(alice, id)).rejects.toMatchObject({ kind: 'not_found' });
      await expect(identity.userSessions.end(alice.id, id)).rejects.toMatchObject({ kind: 'not_found' });
    }
    await authenticate(bobs.accessToken);
    expect((await identity.audit.list({ operation: 'endSession' })).items).toMatchObject([
      { outcome: 'refused', target_id: NOBODY },
      { outcome: 'refused', target_id: bobs.sessionId },
    ]);
  });

  it('of all a user has leaves none, nor one whose password was verified before', async () => {
    const verified = await identity.users.findCredentials('alice');
    const begun = [await signIn(), await signIn()];
    await identity.userSessions.endAll(alice.id);
    if (verified) begun.push(await identity.sessions.begin(verified));
    for (const { accessToken } of begun)
      await expect(authenticate(accessToken)).rejects.toMatchObject(UNAUTHENTICATED);
    expect(await list()).toEqual([]);
    await authenticate((await signIn()).accessToken);
  });
});

describe('one’s sessions', () => {
  it('are listed newest first, page by page', async () => {
    for (const userAgent of ['a', 'b', 'c']) {
      await signIn(userAgent);
      if (userAgent !== 'b') identity.clock.advance(1_000);
    }
    const first = await identity.userSessions.list(alice.id, { limit: 2 });
    const second = await identity.userSessions.list(alice.id, { limit: 2, after: first.nextCursor ?? '' });
    expect([first, second].map(({ items }) => items.map(({ userAgent }) => userAgent))).toEqual([
      ['c', 'b'],
      ['a'],
    ]);
    expect(first.totalCount).toBe(3);
    expect(second.nextCursor).toBeNull();
  });
});
