import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { uuidV7 } from '../common/uuid-v7.js';
import { openTemporaryDatabase, type TemporaryDatabase } from '../database/testing/temporary-database.js';
import { newAccessToken, newApiToken } from './secret-token.js';
import { buildIdentity, type Identity } from './testing/identity-fixture.js';

const PASSWORD = 'correct horse battery';
const HOME = '192.0.2.7';
const UNAUTHENTICATED = { kind: 'unauthenticated', message: 'The token is not valid; sign in again' };

let database: TemporaryDatabase;
let here: Identity;
/** Another replica on the same database. */
let there: Identity;
let userId: string;
beforeEach(async () => {
  database = await openTemporaryDatabase();
  here = buildIdentity(database);
  there = buildIdentity({ ...database, clock: here.clock });
  userId = (await here.users.create({ username: 'alice', password: PASSWORD })).id;
});
afterEach(() => database.close());

const signIn = async () => (await here.signIn.signIn('alice', PASSWORD, HOME)).accessToken;

describe('authentication', () => {
  it('fails the same way whatever is wrong with the token', async () => {
    const ended = await signIn();
    await here.users.setPassword(userId, PASSWORD);
    for (const token of ['', 'rubbish', newAccessToken(), newApiToken(), ended, 'x'.repeat(1_000_000)]) {
      await expect(here.authentication.authenticate(token)).rejects.toMatchObject(UNAUTHENTICATED);
    }
  });

  it('asks the database at most every two seconds for a token in use', async () => {
    const token = await signIn();
    const lookUp = jest.spyOn(here.sessions, 'findByAccessToken');
    for (let index = 0; index < 10; index++) await here.authentication.authenticate(token);
    expect(lookUp).toHaveBeenCalledTimes(1);
    here.clock.advance(2_000);
    await here.authentication.authenticate(token);
    expect(lookUp).toHaveBeenCalledTimes(2);
  });

  it('asks the database at most every two seconds for an unknown token too', async () => {
    const token = newAccessToken();
    const lookUp = jest.spyOn(here.sessions, 'findByAccessToken');
    for (let index = 0; index < 10; index++) {
      await expect(here.authentication.authenticate(token)).rejects.toMatchObject(UNAUTHENTICATED);
    }
    expect(lookUp).toHaveBeenCalledTimes(1);
  });

  it('refuses within two seconds what another replica has withdrawn', async () => {
    const token = await signIn();
    await here.authentication.authenticate(token);
    await there.users.disable(userId);
    here.clock.advance(2_000);
    await expect(here.authentication.authenticate(token)).rejects.toMatchObject(UNAUTHENTICATED);
  });

  it('is not mistaken about a token because the database was away for a moment', async () => {
    const token = await signIn();
    const lookUp = jest.spyOn(here.sessions, 'findByAccessToken').mockRejectedValueOnce(new Error('away'));
    await expect(here.authentication.authenticate(token)).rejects.toThrow('away');
    await here.authentication.authenticate(token);
    expect(lookUp).toHaveBeenCalledTimes(2);
  });
});

describe('work that goes on', () => {
  const live = async (token: string) => {
    const actor = await here.authentication.authenticate(token);
    await here.authentication.requireLive(actor);
    return () => here.authentication.requireLive(actor);
  };

  it.each([
    [
      'the user signs out',
      async (token: string) => here.signIn.signOut(await here.authentication.authenticate(token)),
    ],
    ['the user is disabled', () => here.users.disable(userId)],
    ['the password changes', () => here.users.setPassword(userId, PASSWORD)],
    ['the access token expires', () => here.clock.advance(600_000)],
    [
      'another replica disables the user',
      async () => {
        await there.users.disable(userId);
        here.clock.advance(2_000);
      },
    ],
  ])('with a session has no right to when %s', async (_what, end) => {
    const token = await signIn();
    const check = await live(token);
    await end(token);
    await expect(check()).rejects.toMatchObject(UNAUTHENTICATED);
  });

  it.each([
    ['it is revoked', (tokenId: string) => revoke(tokenId)],
    ['it expires', () => here.clock.advance(91 * 24 * 60 * 60_000)],
    ['its owner is disabled', () => here.users.disable(userId)],
  ])('with an API token has no right to when %s', async (_what, end) => {
    const { secret, token } = await here.apiTokens.create(
      await here.authentication.authenticate(await signIn()),
      { name: 'ci' },
    );
    const check = await live(secret);
    await end(token.id);
    await expect(check()).rejects.toMatchObject(UNAUTHENTICATED);
  });
  it.each([
    ['is revoked', (tokenId: string) => revoke(tokenId)],
    ['expires', () => here.clock.advance(91 * 24 * 60 * 60_000)],
  ])('lets what was made with an API token act no more when that %s', async (_what, end) => {
    const alice = await here.authentication.authenticate(await signIn());
    const { token } = await here.apiTokens.create(alice, { name: 'ci' });
    expect(await here.authentication.isCredentialLive(token.id)).toBe(true);
    await end(token.id);
    expect(await here.authentication.isCredentialLive(token.id)).toBe(false);
    expect(await here.authentication.isCredentialLive(null)).toBe(true);
  });

  it('lets what was made by a scoped socket act no more when that is disabled', async () => {
    const { db } = database;
    const id = uuidV7(here.clock.now());
    await db
      .insertInto('doorway')
      .values({
        id,
        kind: 'scopedSocket',
        name: 'ci',
        description: '',
        subject_kind: 'user',
        subject_id: userId,
        parent_id: null,
        engine: 'local',
        permissions: null,
        disabled: 0,
        expires_at: null,
        mode: null,
        file_owner: null,
        file_group: null,
        certificate: null,
        revision: 1,
        created_at: here.clock.now(),
        updated_at: here.clock.now(),
        last_used_at: null,
      })
      .execute();
    expect(await here.authentication.isCredentialLive(id)).toBe(true);
    await db.updateTable('doorway').set({ disabled: 1 }).where('id', '=', id).execute();
    here.clock.advance(2_000);
    expect(await here.authentication.isCredentialLive(id)).toBe(false);
  });

  const revoke = async (tokenId: string) =>
    here.apiTokens.revoke(await here.authentication.authenticate(await signIn()), tokenId);

  it('of the system itself has', async () => {
    await here.authentication.requireLive({ kind: 'system', id: 'system', name: 'system', teamIds: [] });
  });

  it('without a credential has none', async () => {
    const actor = { kind: 'user', id: userId, name: 'alice', teamIds: [] } as const;
    await expect(here.authentication.requireLive(actor)).rejects.toMatchObject(UNAUTHENTICATED);
  });
});

describe('a service account that acts without a token', () => {
  it('may go on until it is disabled or deleted', async () => {
    const { id } = await here.serviceAccounts.create({ name: 'robot' });
    const robot = { kind: 'serviceAccount', id, name: 'robot', teamIds: [] } as const;
    await here.authentication.requireLive(robot);
    await here.serviceAccounts.update(id, { disabled: true });
    await expect(here.authentication.requireLive(robot)).rejects.toMatchObject(UNAUTHENTICATED);
    await here.serviceAccounts.update(id, { disabled: false });
    await here.authentication.requireLive(robot);
    await here.serviceAccounts.delete(id);
    await expect(here.authentication.requireLive(robot)).rejects.toMatchObject(UNAUTHENTICATED);
  });
});
