import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { OwnershipService } from '../access/ownership.service.js';
import { openTemporaryDatabase, type TemporaryDatabase } from '../database/testing/temporary-database.js';
import { buildIdentity, type Identity } from './testing/identity-fixture.js';

const PASSWORD = 'correct horse battery';

let database: TemporaryDatabase;
let identity: Identity;
beforeEach(async () => {
  database = await openTemporaryDatabase();
  identity = buildIdentity(database);
});
afterEach(() => database.close());

describe('a user', () => {
  it('is found by id, and by name in any case', async () => {
    const { users, clock } = identity;
    const alice = await users.create({ username: 'Alice', password: PASSWORD });
    expect(alice).toEqual({
      id: expect.any(String),
      username: 'alice',
      displayName: null,
      disabled: false,
      createdAt: clock.now(),
      updatedAt: clock.now(),
    });
    expect(await users.get(alice.id)).toEqual(alice);
    expect(await users.findByName('ALICE')).toEqual(alice);
  });

  it('has a name of its own', async () => {
    const { users } = identity;
    await users.create({ username: 'alice', password: PASSWORD });
    await expect(users.create({ username: 'ALICE', password: PASSWORD })).rejects.toMatchObject({
      kind: 'conflict',
    });
    expect(await users.count()).toBe(1);
  });

  it('is not made twice by two who try at the same time', async () => {
    const { users } = identity;
    const results = await Promise.allSettled(
      [1, 2, 3].map(() => users.create({ username: 'alice', password: PASSWORD })),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await users.count()).toBe(1);
  });

  it.each([
    ['a name that is none', { username: 'a b', password: PASSWORD }, 'username'],
    ['a short password', { username: 'alice', password: 'short' }, 'password'],
  ])('is not made with %s', async (_what, input, field) => {
    await expect(identity.users.create(input)).rejects.toMatchObject({
      kind: 'invalid_input',
      errors: [expect.objectContaining({ field })],
    });
    expect(await identity.users.count()).toBe(0);
  });

  it.each(['nope', '00000000-0000-7000-8000-000000000000', '\0'])(
    'with the id %j is not there',
    async (id) => {
      const { users } = identity;
      for (const attempt of [
        users.get(id),
        users.disable(id),
        users.enable(id),
        users.setPassword(id, PASSWORD),
        users.delete(id),
      ]) {
        await expect(attempt).rejects.toMatchObject({ kind: 'not_found' });
      }
    },
  );

  it('that is not there is not found by name', async () => {
    expect(await identity.users.findByName('nobody')).toBeUndefined();
    expect(await identity.users.findByName('\0')).toBeUndefined();
  });

  it('can be disabled and enabled again', async () => {
    const { users, clock } = identity;
    const { id } = await users.create({ username: 'alice', password: PASSWORD });
    clock.advance(1_000);
    expect(await users.disable(id)).toMatchObject({ disabled: true, updatedAt: clock.now() });
    expect(await users.get(id)).toMatchObject({ disabled: true });
    expect(await users.enable(id)).toMatchObject({ disabled: false });
  });
});

describe('what people call a user', () => {
  it('can be said, changed and taken away', async () => {
    const { users } = identity;
    const { id } = await users.create({ username: 'alice', password: PASSWORD, displayName: 'Alice' });
    expect(await users.get(id)).toMatchObject({ displayName: 'Alice' });
    expect(await users.update(id, { displayName: 'Dr. Alice' })).toMatchObject({ displayName: 'Dr. Alice' });
    expect(await users.update(id, { disabled: false })).toMatchObject({ displayName: 'Dr. Alice' });
    expect(await users.update(id, { displayName: '' })).toMatchObject({ displayName: null });
  });
});

describe('a dry run of creating a user', () => {
  it('answers with the user and makes none', async () => {
    const { users } = identity;
    const input = { username: 'Alice', password: PASSWORD };
    expect(await users.create(input, { dryRun: true })).toMatchObject({ username: 'alice' });
    expect(await users.count()).toBe(0);
  });

  it('tells of a name that is taken and of a password against the rules', async () => {
    const { users } = identity;
    await users.create({ username: 'alice', password: PASSWORD });
    await expect(
      users.create({ username: 'alice', password: PASSWORD }, { dryRun: true }),
    ).rejects.toMatchObject({ kind: 'conflict' });
    await expect(
      users.create({ username: 'bob', password: 'short' }, { dryRun: true }),
    ).rejects.toMatchObject({ kind: 'invalid_input' });
  });
});

describe('deleting a user', () => {
  it('takes its sessions, API tokens, memberships and role bindings along, and nobody else’s', async () => {
    const { users, teams, members, apiTokens, sessions, roleBindings, authentication } = identity;
    const team = await teams.create({ name: 'web' });
    const secrets: string[] = [];
    const ids: string[] = [];
    for (const username of ['alice', 'bob']) {
      const { id } = await users.create({ username, password: PASSWORD });
      const actor = { kind: 'user', id, name: username, teamIds: [] } as const;
      await members.add(team.id, id);
      await roleBindings.bind({
        role: 'viewer',
        subject: { kind: 'user', id },
        scope: { engines: ['*'] },
        createdBy: 'test',
      });
      secrets.push((await apiTokens.create(actor, { name: 'ci' })).secret);
      const credentials = await users.findCredentials(username);
      if (!credentials) throw new Error('no such user');
      await sessions.begin(credentials);
      ids.push(id);
    }
    const [alice = '', bob = ''] = ids;
    const ownership = new OwnershipService(database.db, identity.clock);
    const volume = { engine: 'local', kind: 'volume', objectId: 'data', name: 'data' };
    await ownership.record({ ...volume, ownerKind: 'user', ownerId: alice });
    await users.delete(alice);
    // what it owned is nobody's: the next who makes it does not get it
    expect(await ownership.record({ ...volume, ownerKind: 'user', ownerId: bob })).toMatchObject({
      ownerId: alice,
    });
    await expect(users.get(alice)).rejects.toMatchObject({ kind: 'not_found' });
    await expect(authentication.authenticate(secrets[0] ?? '')).rejects.toMatchObject({
      kind: 'unauthenticated',
    });
    await authentication.authenticate(secrets[1] ?? '');
    const { db } = database;
    const left = {
      tokens: await db.selectFrom('api_token').select('owner_id as id').execute(),
      sessions: await db.selectFrom('session').select('user_id as id').execute(),
      members: await db.selectFrom('team_member').select('user_id as id').execute(),
      bindings: await db.selectFrom('role_binding').select('subject_id as id').execute(),
    };
    const bobs = [{ id: bob }];
    expect(left).toEqual({ tokens: bobs, sessions: bobs, members: bobs, bindings: bobs });
  });
});

describe('the last admin', () => {
  const LAST = { kind: 'conflict', message: expect.stringContaining('last enabled user') };
  const create = (username: string) => identity.users.create({ username, password: PASSWORD });
  const bind = (subject: { kind: 'user' | 'team'; id: string }, scope = {}) =>
    identity.roleBindings.bind({
      role: 'admin',
      subject,
      scope: { engines: ['*'], ...scope },
      level: 'privileged',
      createdBy: 'test',
    });

  it('can be neither disabled nor deleted, while anybody else can', async () => {
    const { users } = identity;
    const admin = await create('admin');
    const other = await create('other');
    await bind({ kind: 'user', id: admin.id });
    await expect(users.disable(admin.id)).rejects.toMatchObject(LAST);
    await expect(users.delete(admin.id)).rejects.toMatchObject(LAST);
    expect(await users.get(admin.id)).toMatchObject({ disabled: false });
    expect(
      await identity.roleBindings.forActor({ kind: 'user', id: admin.id, name: '', teamIds: [] }),
    ).toHaveLength(1);
    await users.disable(other.id);
    await users.delete(other.id);
  });

  it.each([
    ['on some engines', { engines: ['local'] }],
    ['of what has labels', { labelSelector: 'team=web' }],
    ['of what it owns', { owned: true }],
    ['of some images', { imageRepositories: ['shop/*'] }],
  ])('is not replaced by an admin %s', async (_what, scope) => {
    const admin = await create('admin');
    await bind({ kind: 'user', id: admin.id });
    await bind({ kind: 'user', id: (await create('lesser')).id }, scope);
    await expect(identity.users.disable(admin.id)).rejects.toMatchObject(LAST);
  });

  it('is not replaced by one who is disabled, but by one who is not', async () => {
    const { users } = identity;
    const [first, second] = [await create('first'), await create('second')];
    await bind({ kind: 'user', id: first.id });
    await bind({ kind: 'user', id: second.id });
    await users.disable(second.id);
    await expect(users.disable(first.id)).rejects.toMatchObject(LAST);
    await users.enable(second.id);
    await users.disable(first.id);
  });

  it('may be one by its team, which keeps it and is kept', async () => {
    const { users, teams, members } = identity;
    const [first, second] = [await create('first'), await create('second')];
    const team = await teams.create({ name: 'admins' });
    await bind({ kind: 'user', id: first.id });
    await bind({ kind: 'team', id: team.id });
    await expect(users.delete(first.id)).rejects.toMatchObject(LAST);
    await members.add(team.id, second.id);
    await users.delete(first.id);
    await expect(members.remove(team.id, second.id)).rejects.toMatchObject(LAST);
    await expect(teams.delete(team.id)).rejects.toMatchObject(LAST);
    expect((await members.list(team.id)).items).toHaveLength(1);
  });
});

describe('users', () => {
  it('are listed by how their name begins, and by whether they are disabled', async () => {
    const { users } = identity;
    for (const username of ['web_one', 'web-two', 'webxone', 'db'])
      await users.create({ username, password: PASSWORD });
    const { id } = await users.create({ username: 'web_off', password: PASSWORD });
    await users.disable(id);
    const names = async (filter: object) => {
      const { items, totalCount } = await users.list({}, filter);
      expect(totalCount).toBe(items.length);
      return items.map(({ username }) => username).sort();
    };
    expect(await names({ username: 'WEB_' })).toEqual(['web_off', 'web_one']);
    expect(await names({ username: '%' })).toEqual([]);
    expect(await names({ username: 'web_', disabled: false })).toEqual(['web_one']);
    expect(await names({ disabled: true })).toEqual(['web_off']);
  });

  it('are listed by name, page by page', async () => {
    const { users } = identity;
    for (const username of ['carol', 'alice', 'dave', 'bob', 'erin'])
      await users.create({ username, password: PASSWORD });
    const first = await users.list({ limit: 2 });
    const second = await users.list({ limit: 2, after: first.nextCursor ?? '' });
    const third = await users.list({ limit: 2, after: second.nextCursor ?? '' });
    expect([first, second, third].map(({ items }) => items.map(({ username }) => username))).toEqual([
      ['alice', 'bob'],
      ['carol', 'dave'],
      ['erin'],
    ]);
    expect(first.totalCount).toBe(5);
    expect(third.nextCursor).toBeNull();
  });

  it('are not listed from a cursor that no list answered with', async () => {
    await expect(identity.users.list({ after: '!!' })).rejects.toMatchObject({ kind: 'invalid_input' });
  });
});
