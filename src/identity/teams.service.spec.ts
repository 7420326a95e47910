import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openTemporaryDatabase, type TemporaryDatabase } from '../database/testing/temporary-database.js';
import { buildIdentity, type Identity } from './testing/identity-fixture.js';

const PASSWORD = 'correct horse battery';
const NOBODY = '00000000-0000-7000-8000-000000000000';

let database: TemporaryDatabase;
let identity: Identity;
beforeEach(async () => {
  database = await openTemporaryDatabase();
  identity = buildIdentity(database);
});
afterEach(() => database.close());

const user = (username: string) => identity.users.create({ username, password: PASSWORD });
const signIn = async (username: string) => {
  const credentials = await identity.users.findCredentials(username);
  if (!credentials) throw new Error('no such user');
  return (await identity.sessions.begin(credentials)).accessToken;
};

describe('a team', () => {
  it('has a name of its own, in lower case, which can be changed', async () => {
    const { teams, clock } = identity;
    const web = await teams.create({ name: 'Web', description: 'makes pages' });
    expect(web).toEqual({
      id: expect.any(String),
      name: 'web',
      description: 'makes pages',
      createdAt: clock.now(),
      updatedAt: clock.now(),
    });
    clock.advance(1_000);
    expect(await teams.update(web.id, { name: 'Pages' })).toEqual({
      ...web,
      name: 'pages',
      updatedAt: clock.now(),
    });
    expect(await teams.get(web.id)).toMatchObject({ name: 'pages', description: 'makes pages' });
  });

  it('can not take the name of another', async () => {
    const { teams } = identity;
    await teams.create({ name: 'web' });
    const { id } = await teams.create({ name: 'db' });
    await expect(teams.create({ name: 'WEB' })).rejects.toMatchObject({ kind: 'conflict' });
    await expect(teams.create({ name: 'web' }, { dryRun: true })).rejects.toMatchObject({ kind: 'conflict' });
    await expect(teams.update(id, { name: 'Web' })).rejects.toMatchObject({
      kind: 'conflict',
      message: 'There is a team web already',
    });
  });

  it('goes with its role bindings and memberships, without its members', async () => {
    const { teams, members, roleBindings, users } = identity;
    const { id } = await teams.create({ name: 'web' });
    const alice = await user('alice');
    await members.add(id, alice.id);
    await roleBindings.bind({
      role: 'viewer',
      subject: { kind: 'team', id },
      scope: { engines: ['*'] },
      createdBy: 'test',
    });
    await teams.delete(id);
    expect(await database.db.selectFrom('role_binding').selectAll().execute()).toEqual([]);
    expect(await members.teamIdsOf(alice.id)).toEqual([]);
    await users.get(alice.id);
  });

  it.each(['nope', NOBODY])('with the id %j is not there', async (id) => {
    const { teams, members } = identity;
    const alice = await user('alice');
    for (const attempt of [
      teams.get(id),
      teams.update(id, { description: 'x' }),
      teams.delete(id),
      members.add(id, alice.id),
      members.remove(id, alice.id),
    ]) {
      await expect(attempt).rejects.toMatchObject({ kind: 'not_found' });
    }
  });
});

describe('the members of a team', () => {
  it('are users that there are, each once', async () => {
    const { teams, members, clock } = identity;
    const { id } = await teams.create({ name: 'web' });
    for (const username of ['carol', 'alice', 'bob']) await members.add(id, (await user(username)).id);
    const alice = await identity.users.findByName('alice');
    const joined = clock.now();
    clock.advance(1_000);
    await members.add(id, alice?.id ?? '');
    const first = await members.list(id, { limit: 2 });
    const second = await members.list(id, { limit: 2, after: first.nextCursor ?? '' });
    expect(first).toMatchObject({
      items: [{ id: alice?.id, username: 'alice', addedAt: joined }, { username: 'bob' }],
      totalCount: 3,
    });
    expect(second).toMatchObject({ items: [{ username: 'carol' }], nextCursor: null });
    for (const nobody of ['nope', NOBODY]) {
      await expect(members.add(id, nobody)).rejects.toMatchObject({ kind: 'not_found' });
      await expect(members.remove(id, nobody)).rejects.toMatchObject({ kind: 'not_found' });
    }
  });

  it('carry their teams from the next request on, by session and by API token', async () => {
    const { teams, members, authentication, apiTokens } = identity;
    const alice = await user('alice');
    const session = await signIn('alice');
    const me = await authentication.authenticate(session);
    const { secret } = await apiTokens.create(me, { name: 'ci' });
    const { id } = await teams.create({ name: 'web' });
    await authentication.authenticate(secret);
    await members.add(id, alice.id);
    for (const token of [session, secret])
      expect(await authentication.authenticate(token)).toMatchObject({ teamIds: [id] });
    await members.remove(id, alice.id);
    for (const token of [session, secret])
      expect(await authentication.authenticate(token)).toMatchObject({ teamIds: [] });
  });

  it('that were removed by another replica are so here within 2 s', async () => {
    const { teams, members, authentication, clock } = identity;
    const elsewhere = buildIdentity({ ...database, clock });
    const alice = await user('alice');
    const { id } = await teams.create({ name: 'web' });
    await members.add(id, alice.id);
    const session = await signIn('alice');
    const actor = await authentication.authenticate(session);
    await elsewhere.members.remove(id, alice.id);
    clock.advance(2_000);
    await expect(authentication.requireLive(actor)).rejects.toMatchObject({ kind: 'access_withdrawn' });
    expect(await authentication.authenticate(session)).toMatchObject({ teamIds: [] });
  });

  it('keep what they opened when they join one more team, and lose it when they leave one', async () => {
    const { teams, members, authentication } = identity;
    const alice = await user('alice');
    const [web, db] = [await teams.create({ name: 'web' }), await teams.create({ name: 'db' })];
    await members.add(web.id, alice.id);
    const actor = await authentication.authenticate(await signIn('alice'));
    await members.add(db.id, alice.id);
    await authentication.requireLive(actor);
    await members.remove(web.id, alice.id);
    await expect(authentication.requireLive(actor)).rejects.toMatchObject({ kind: 'access_withdrawn' });
  });
});

describe('teams', () => {
  it('are listed by name, page by page', async () => {
    const { teams } = identity;
    for (const name of ['c', 'a', 'b']) await teams.create({ name });
    const first = await teams.list({ limit: 2 });
    const second = await teams.list({ limit: 2, after: first.nextCursor ?? '' });
    expect([first, second].map(({ items }) => items.map(({ name }) => name))).toEqual([['a', 'b'], ['c']]);
    expect(first.totalCount).toBe(3);
  });
});
