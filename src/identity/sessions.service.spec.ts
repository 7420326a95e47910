import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openTemporaryDatabase, type TemporaryDatabase } from '../database/testing/temporary-database.js';
import { hashToken, newFamily, newRefreshToken } from './secret-token.js';
import { type IssuedTokens, REFRESH_TOKEN_LIFETIME_MS } from './sessions.service.js';
import { buildIdentity, type Identity } from './testing/identity-fixture.js';
import type { User } from './users.service.js';

const PASSWORD = 'correct horse battery';
const HOME = '192.0.2.7';
const DAY_MS = 24 * 60 * 60_000;

let database: TemporaryDatabase;
let identity: Identity;
let alice: User;
beforeEach(async () => {
  database = await openTemporaryDatabase();
  identity = buildIdentity(database);
  alice = await identity.users.create({ username: 'alice', password: PASSWORD });
});
afterEach(() => database.close());

const signIn = () => identity.signIn.signIn('alice', PASSWORD, HOME);
const refresh = (tokens: IssuedTokens) => identity.sessions.refresh(tokens.refreshToken);
const authenticate = (tokens: IssuedTokens) => identity.authentication.authenticate(tokens.accessToken);
const UNAUTHENTICATED = { kind: 'unauthenticated' };

describe('an access token', () => {
  it('is good for ten minutes, and not a moment longer', async () => {
    const tokens = await signIn();
    expect(tokens).toMatchObject({ tokenType: 'Bearer', expiresIn: 600 });
    identity.clock.advance(600_000 - 1);
    expect(await authenticate(tokens)).toMatchObject({ kind: 'user', id: alice.id, name: 'alice' });
    identity.clock.advance(1);
    await expect(authenticate(tokens)).rejects.toMatchObject(UNAUTHENTICATED);
  });

  it('lives its time out when the session is refreshed, so that requests under way do not fail', async () => {
    const first = await signIn();
    identity.clock.advance(300_000);
    const second = await refresh(first);
    expect((await authenticate(first)).expiresAt).toBe(identity.clock.now() + 300_000);
    expect((await authenticate(second)).expiresAt).toBe(identity.clock.now() + 600_000);
    identity.clock.advance(300_000);
    await expect(authenticate(first)).rejects.toMatchObject(UNAUTHENTICATED);
    await authenticate(second);
  });

  it('never outlives the session', async () => {
    let tokens = await signIn();
    for (let day = 0; day < 90; day += 18) {
      identity.clock.advance(18 * DAY_MS - (day === 72 ? 60_000 : 0));
      tokens = await refresh(tokens);
    }
    expect(tokens.expiresIn).toBe(60);
    expect((await authenticate(tokens)).expiresAt).toBe(identity.clock.now() + 60_000);
  });

  it('and its refresh token are stored as hashes only', async () => {
    const tokens = await signIn();
    const stored = JSON.stringify(await database.db.selectFrom('session').selectAll().execute());
    expect(stored).toContain(hashToken(tokens.accessToken));
    for (const token of [tokens.accessToken, tokens.refreshToken])
      expect(stored).not.toContain(token.slice(4, 40));
  });
});

describe('a refresh token', () => {
  it('gives new tokens, of which the refresh token can be used again', async () => {
    let tokens = await signIn();
    for (let round = 0; round < 5; round++) {
      const next = await refresh(tokens);
      expect(next.refreshToken).not.toBe(tokens.refreshToken);
      expect(next.accessToken).not.toBe(tokens.accessToken);
      tokens = next;
    }
    expect(await authenticate(tokens)).toMatchObject({ id: alice.id });
  });

  it('that is used twice ends the whole session, and is recorded', async () => {
    const first = await signIn();
    const second = await refresh(first);
    const third = await refresh(second);
    await expect(refresh(first)).rejects.toMatchObject(UNAUTHENTICATED);
    await expect(refresh(third)).rejects.toMatchObject(UNAUTHENTICATED);
    await expect(authenticate(third)).rejects.toMatchObject(UNAUTHENTICATED);
    const { items } = await identity.audit.list({ operation: 'refreshSession' });
    expect(items).toEqual([
      expect.objectContaining({ outcome: 'refused', actor_name: 'alice', target_kind: 'session' }),
    ]);
  });

  it('that is used by two at the same time works for one at most, and then the session ends', async () => {
    const tokens = await signIn();
    const results = await Promise.allSettled([refresh(tokens), refresh(tokens), refresh(tokens)]);
    const winners = results.filter((result) => result.status === 'fulfilled').map(({ value }) => value);
    expect(winners.length).toBeLessThanOrEqual(1);
    for (const winner of winners) {
      await expect(authenticate(winner)).rejects.toMatchObject(UNAUTHENTICATED);
      await expect(refresh(winner)).rejects.toMatchObject(UNAUTHENTICATED);
    }
  });

  it('ends after 30 days without use, and starts anew with each use', async () => {
    let tokens = await signIn();
    identity.clock.advance(REFRESH_TOKEN_LIFETIME_MS - 1);
    tokens = await refresh(tokens);
    identity.clock.advance(REFRESH_TOKEN_LIFETIME_MS - 1);
    tokens = await refresh(tokens);
    identity.clock.advance(REFRESH_TOKEN_LIFETIME_MS);
    await expect(refresh(tokens)).rejects.toMatchObject(UNAUTHENTICATED);
  });

  it('ends after 90 days, however often it was used', async () => {
    let tokens = await signIn();
    for (let day = 0; day < 89; day++) {
      identity.clock.advance(DAY_MS);
      tokens = await refresh(tokens);
    }
    identity.clock.advance(DAY_MS);
    await expect(refresh(tokens)).rejects.toMatchObject(UNAUTHENTICATED);
  });

  it.each([
    ['rubbish', () => 'rubbish'],
    ['an access token', (tokens: IssuedTokens) => tokens.accessToken],
    ['of no family that we know', () => newRefreshToken(newFamily())],
    ['cut off', (tokens: IssuedTokens) => tokens.refreshToken.slice(0, -1)],
  ])('that is %s is refused, and ends nobody’s session', async (_what, forge) => {
    const tokens = await signIn();
    await expect(identity.sessions.refresh(forge(tokens))).rejects.toMatchObject(UNAUTHENTICATED);
    await refresh(tokens);
  });

  it('is not an access token', async () => {
    const { refreshToken } = await signIn();
    await expect(identity.authentication.authenticate(refreshToken)).rejects.toMatchObject(UNAUTHENTICATED);
  });
});

describe('a session', () => {
  it('ends by signing out; the user’s other sessions go on', async () => {
    const tokens = await signIn();
    const other = await signIn();
    await identity.signIn.signOut(await authenticate(tokens));
    await expect(authenticate(tokens)).rejects.toMatchObject(UNAUTHENTICATED);
    await expect(refresh(tokens)).rejects.toMatchObject(UNAUTHENTICATED);
    await authenticate(other);
  });

  it('ends when its user is disabled, and stays so when the user is enabled again', async () => {
    const tokens = await signIn();
    await identity.users.disable(alice.id);
    await expect(authenticate(tokens)).rejects.toMatchObject(UNAUTHENTICATED);
    await identity.users.enable(alice.id);
    await expect(authenticate(tokens)).rejects.toMatchObject(UNAUTHENTICATED);
    await expect(refresh(tokens)).rejects.toMatchObject(UNAUTHENTICATED);
  });

  it('ends when the password changes', async () => {
    const tokens = await signIn();
    await identity.users.setPassword(alice.id, 'another long password');
    await expect(authenticate(tokens)).rejects.toMatchObject(UNAUTHENTICATED);
    await expect(refresh(tokens)).rejects.toMatchObject(UNAUTHENTICATED);
  });

  it('that begins with the old password while the password changes is no session', async () => {
    const verified = await identity.users.findCredentials('alice');
    await identity.users.setPassword(alice.id, 'another long password');
    if (!verified) throw new Error('alice is gone');
    const tokens = await identity.sessions.begin(verified);
    await expect(authenticate(tokens)).rejects.toMatchObject(UNAUTHENTICATED);
    await expect(refresh(tokens)).rejects.toMatchObject(UNAUTHENTICATED);
  });

  it('beyond a hundred of one user ends the one that was not refreshed for the longest time', async () => {
    const oldest = await signIn();
    const refreshed = await signIn();
    identity.clock.advance(1);
    const kept = await refresh(refreshed);
    for (let index = 0; index < 99; index++) {
      identity.clock.advance(1);
      await signIn();
    }
    await expect(authenticate(oldest)).rejects.toMatchObject(UNAUTHENTICATED);
    await authenticate(kept);
  });

  it('is deleted once nobody can use it any more', async () => {
    await signIn();
    identity.clock.advance(REFRESH_TOKEN_LIFETIME_MS);
    const later = await signIn();
    identity.clock.advance(1);
    await identity.sessions.purge();
    expect(await database.db.selectFrom('session').select('access_hash').execute()).toEqual([
      { access_hash: hashToken(later.accessToken) },
    ]);
  });
});
