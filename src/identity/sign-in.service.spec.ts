import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { DomainError } from '../common/errors.js';
import { openTemporaryDatabase, type TemporaryDatabase } from '../database/testing/temporary-database.js';
import { buildIdentity, type Identity, PlainHasher } from './testing/identity-fixture.js';
import type { User } from './users.service.js';

const PASSWORD = 'correct horse battery';
const WRONG = 'incorrect horse battery';
const HOME = '192.0.2.7';

let database: TemporaryDatabase;
let identity: Identity;
let hasher: PlainHasher;
let alice: User;
beforeEach(async () => {
  database = await openTemporaryDatabase();
  hasher = new PlainHasher();
  identity = buildIdentity({ ...database, hasher });
  alice = await identity.users.create({ username: 'alice', password: PASSWORD });
});
afterEach(() => database.close());

const signIn = (username: string, password: string, address = HOME) =>
  identity.signIn.signIn(username, password, address);
const failureOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => Promise.reject(new Error('was let in')),
    (error: unknown) => error as DomainError,
  );
const recorded = async (operation: string) => (await identity.audit.list({ operation })).items;

describe('signing in', () => {
  it('gives tokens for the right password, with the name in any case, and is recorded', async () => {
    const tokens = await signIn('ALICE', PASSWORD);
    expect(await identity.authentication.authenticate(tokens.accessToken)).toMatchObject({ name: 'alice' });
    expect(await recorded('signIn')).toEqual([
      expect.objectContaining({ outcome: 'succeeded', actor_id: alice.id, actor_name: 'alice' }),
    ]);
  });

  it('fails the same way for an unknown user, a wrong password and a disabled user, after the same work', async () => {
    await identity.users
      .create({ username: 'bob', password: PASSWORD })
      .then(({ id }) => identity.users.disable(id));
    const verify = jest.spyOn(hasher, 'verify');
    const failures = [
      await failureOf(signIn('alice', WRONG)),
      await failureOf(signIn('nobody', PASSWORD)),
      await failureOf(signIn('bob', PASSWORD)),
      await failureOf(signIn('not a username', PASSWORD)),
    ];
    expect(verify).toHaveBeenCalledTimes(failures.length);
    for (const { kind, message } of failures) {
      expect([kind, message]).toEqual(['unauthenticated', 'The username or password is wrong']);
    }
  });

  it('that fails is recorded with its true reason, but never with what was typed for an unknown user', async () => {
    await failureOf(signIn('alice', WRONG));
    await failureOf(signIn('my secret password', PASSWORD));
    expect(await recorded('signIn')).toEqual([
      expect.objectContaining({
        outcome: 'refused',
        reason: 'No such user',
        target_name: null,
        actor_kind: 'anonymous',
      }),
      expect.objectContaining({ outcome: 'refused', reason: 'Wrong password', target_name: 'alice' }),
    ]);
  });

  it('by many wrong guesses at the same time looks at five of them only', async () => {
    const verify = jest.spyOn(hasher, 'verify');
    const failures = await Promise.all(Array.from({ length: 40 }, () => failureOf(signIn('alice', WRONG))));
    expect(verify).toHaveBeenCalledTimes(5);
    expect(failures.filter(({ kind }) => kind === 'too_many_requests')).toHaveLength(35);
  });

  it('is refused while throttled even with the right password, and possible again after the delay', async () => {
    for (let index = 0; index < 5; index++) await failureOf(signIn('alice', WRONG));
    expect(await failureOf(signIn('alice', PASSWORD))).toMatchObject({
      kind: 'too_many_requests',
      retryAfter: 1,
    });
    await signIn('alice', PASSWORD, '192.0.2.8');
    identity.clock.advance(1_000);
    await signIn('alice', PASSWORD);
  });

  it('does not count where no password was looked at because too many came at once', async () => {
    const verify = jest
      .spyOn(hasher, 'verify')
      .mockRejectedValue(new DomainError('too_many_requests', 'busy'));
    for (let index = 0; index < 20; index++) {
      expect(await failureOf(signIn('alice', PASSWORD))).toMatchObject({ message: 'busy' });
    }
    verify.mockRestore();
    await signIn('alice', PASSWORD);
  });
});

describe('signing out', () => {
  it('is for sessions: an API token is revoked', async () => {
    const session = await identity.authentication.authenticate((await signIn('alice', PASSWORD)).accessToken);
    const { secret } = await identity.apiTokens.create(session, { name: 'ci' });
    const token = await identity.authentication.authenticate(secret);
    expect(await failureOf(identity.signIn.signOut(token))).toMatchObject({ kind: 'not_supported' });
    await identity.signIn.signOut(session);
    expect(await recorded('signOut')).toHaveLength(1);
  });
});

describe('changing one’s own password', () => {
  const NEXT = 'another long password';
  const me = async () => identity.authentication.authenticate((await signIn('alice', PASSWORD)).accessToken);

  it('needs the current one, ends all sessions and is recorded', async () => {
    const actor = await me();
    const other = await signIn('alice', PASSWORD);
    await identity.signIn.changePassword(actor, PASSWORD, NEXT, HOME);
    await expect(identity.authentication.authenticate(other.accessToken)).rejects.toMatchObject({
      kind: 'unauthenticated',
    });
    expect(await failureOf(signIn('alice', PASSWORD))).toMatchObject({ kind: 'unauthenticated' });
    await signIn('alice', NEXT);
    expect(await recorded('changePassword')).toEqual([
      expect.objectContaining({ outcome: 'succeeded', actor_name: 'alice', target_id: alice.id }),
    ]);
  });

  it('with a wrong current one is refused, recorded and throttled as signing in is', async () => {
    const actor = await me();
    for (let index = 0; index < 5; index++) {
      expect(await failureOf(identity.signIn.changePassword(actor, WRONG, NEXT, HOME))).toMatchObject({
        kind: 'invalid_input',
        errors: [{ field: 'currentPassword', message: 'is wrong' }],
      });
    }
    expect(await failureOf(identity.signIn.changePassword(actor, PASSWORD, NEXT, HOME))).toMatchObject({
      kind: 'too_many_requests',
    });
    expect(await recorded('changePassword')).toHaveLength(5);
  });

  it('to one against the rules names the field', async () => {
    expect(
      await failureOf(identity.signIn.changePassword(await me(), PASSWORD, 'short', HOME)),
    ).toMatchObject({
      errors: [expect.objectContaining({ field: 'newPassword' })],
    });
  });

  it('is not for API tokens', async () => {
    const { secret } = await identity.apiTokens.create(await me(), { name: 'ci' });
    const token = await identity.authentication.authenticate(secret);
    expect(await failureOf(identity.signIn.changePassword(token, PASSWORD, NEXT, HOME))).toMatchObject({
      kind: 'forbidden',
    });
  });
});
