import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
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

describe('users', () => {
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
