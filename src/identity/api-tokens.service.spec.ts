import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Actor } from '../common/actor.js';
import { openTemporaryDatabase, type TemporaryDatabase } from '../database/testing/temporary-database.js';
import type { NewApiToken } from './api-tokens.service.js';
import { hashToken } from './secret-token.js';
import { buildIdentity, type Identity } from './testing/identity-fixture.js';

const DAY_MS = 24 * 60 * 60_000;

let database: TemporaryDatabase;
let identity: Identity;
let alice: Actor;
beforeEach(async () => {
  database = await openTemporaryDatabase();
  identity = buildIdentity(database);
  alice = await actorNamed('alice');
});
afterEach(() => database.close());

async function actorNamed(username: string): Promise<Actor> {
  const { id } = await identity.users.create({ username, password: 'correct horse battery' });
  return { kind: 'user', id, name: username, teamIds: [] };
}
const create = (input: Partial<NewApiToken> = {}, actor = alice) =>
  identity.apiTokens.create(actor, { name: 'ci', ...input });
const authenticate = (secret: string) => identity.authentication.authenticate(secret);
const UNAUTHENTICATED = { kind: 'unauthenticated' };

describe('an API token', () => {
  it('stands for its owner, with its own id, limits and end', async () => {
    const { token, secret } = await create({ permissions: ['containers:*'], engines: ['local'] });
    expect(await authenticate(secret)).toEqual({
      kind: 'user',
      id: alice.id,
      name: 'alice',
      teamIds: [],
      tokenId: token.id,
      limits: { permissions: ['containers:*'], engines: ['local'] },
      expiresAt: identity.clock.now() + 90 * DAY_MS,
    });
  });

  it('has no limits unless asked for', async () => {
    expect((await authenticate((await create()).secret)).limits).toEqual({});
  });

  it('is stored as a hash only, and its making is recorded without it', async () => {
    const { secret, token } = await create();
    const stored = JSON.stringify(await database.db.selectFrom('api_token').selectAll().execute());
    const { items } = await identity.audit.list({ operation: 'createApiToken' });
    expect(items).toEqual([
      expect.objectContaining({ actor_name: 'alice', target_id: token.id, target_name: 'ci' }),
    ]);
    expect(stored).toContain(hashToken(secret));
    expect(stored + JSON.stringify(items)).not.toContain(secret.slice(4));
  });

  it('ends when it was said to, and is still listed', async () => {
    const { secret } = await create({ expiresAt: identity.clock.now() + 1_000 });
    await authenticate(secret);
    identity.clock.advance(1_000);
    await expect(authenticate(secret)).rejects.toMatchObject(UNAUTHENTICATED);
    expect((await identity.apiTokens.list(alice)).items).toHaveLength(1);
  });

  it.each([
    ['now', 0],
    ['in the past', -1],
    ['more than ten years ahead', 3_653 * DAY_MS + 1],
  ])('can not end %s', async (_what, ahead) => {
    await expect(create({ expiresAt: identity.clock.now() + ahead })).rejects.toMatchObject({
      kind: 'invalid_input',
      errors: [expect.objectContaining({ field: 'expiresAt' })],
    });
  });

  it('is refused while its owner is disabled, and survives a change of password', async () => {
    const { secret } = await create();
    await identity.users.disable(alice.id);
    await expect(authenticate(secret)).rejects.toMatchObject(UNAUTHENTICATED);
    await identity.users.enable(alice.id);
    await authenticate(secret);
    await identity.users.setPassword(alice.id, 'another long password');
    await authenticate(secret);
  });

  it('notes when it was used, to the minute', async () => {
    const { secret } = await create();
    const lastUsed = async () => (await identity.apiTokens.list(alice)).items[0]?.lastUsedAt;
    expect(await lastUsed()).toBeNull();
    const first = identity.clock.now();
    await authenticate(secret);
    identity.clock.advance(59_999);
    await authenticate(secret);
    expect(await lastUsed()).toBe(first);
    identity.clock.advance(2_000);
    await authenticate(secret);
    expect(await lastUsed()).toBe(first + 61_999);
  });
});

describe('revoking an API token', () => {
  it('ends it at once, and is recorded', async () => {
    const { token, secret } = await create();
    await authenticate(secret);
    await identity.apiTokens.revoke(alice, token.id);
    await expect(authenticate(secret)).rejects.toMatchObject(UNAUTHENTICATED);
    expect((await identity.audit.list({ operation: 'revokeApiToken' })).items).toHaveLength(1);
  });

  it('is for its owner: for anybody else it is not there', async () => {
    const { token, secret } = await create();
    const bob = await actorNamed('bob');
    await expect(identity.apiTokens.revoke(bob, token.id)).rejects.toMatchObject({
      kind: 'not_found',
      message: `No such API token: ${token.id}`,
    });
    await expect(identity.apiTokens.revoke(alice, 'nope')).rejects.toMatchObject({ kind: 'not_found' });
    await authenticate(secret);
  });
});

describe('a token made with a token', () => {
  const limited = async (input: Partial<NewApiToken>) => authenticate((await create(input)).secret);

  it('has the same limits and end unless asked for less', async () => {
    const parent = await limited({
      permissions: ['containers:list'],
      expiresAt: identity.clock.now() + DAY_MS,
    });
    const { token } = await create({}, parent);
    expect(token).toMatchObject({
      limits: { permissions: ['containers:list'] },
      expiresAt: parent.expiresAt,
    });
  });

  it('is never wider, and never outlives it', async () => {
    const parent = await limited({
      permissions: ['containers:*'],
      engines: ['local'],
      expiresAt: identity.clock.now() + DAY_MS,
    });
    await expect(create({ permissions: ['images:list'] }, parent)).rejects.toMatchObject({
      kind: 'forbidden',
    });
    await expect(create({ engines: ['*'] }, parent)).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(create({ expiresAt: (parent.expiresAt ?? 0) + 1 }, parent)).rejects.toMatchObject({
      kind: 'invalid_input',
    });
    await create(
      { permissions: ['containers:list'], engines: ['local'], expiresAt: parent.expiresAt },
      parent,
    );
  });

  it('goes with the token that made it', async () => {
    const parent = await limited({});
    const child = await create({}, parent);
    const grandchild = await create({}, await authenticate(child.secret));
    await identity.apiTokens.revoke(alice, parent.tokenId ?? '');
    await expect(authenticate(child.secret)).rejects.toMatchObject(UNAUTHENTICATED);
    await expect(authenticate(grandchild.secret)).rejects.toMatchObject(UNAUTHENTICATED);
  });

  it('can not be made with one that was revoked meanwhile', async () => {
    const parent = await limited({});
    await identity.apiTokens.revoke(alice, parent.tokenId ?? '');
    await expect(create({}, parent)).rejects.toMatchObject(UNAUTHENTICATED);
  });
});

describe('with a token that has limits', () => {
  const limits = { permissions: ['containers:list'] } as const;
  const named = async (actor: Actor) => (await identity.apiTokens.list(actor)).items.map(({ name }) => name);

  it('one sees that token and those made with it, not the wider ones beside it', async () => {
    await create({ name: 'wide' });
    const narrow = await authenticate((await create({ name: 'narrow', ...limits })).secret);
    const child = await authenticate((await create({ name: 'child' }, narrow)).secret);
    await create({ name: 'grandchild' }, child);
    expect(await named(narrow)).toEqual(['narrow', 'child', 'grandchild']);
    expect((await identity.apiTokens.list(narrow)).totalCount).toBe(3);
    expect(await named(child)).toEqual(['child', 'grandchild']);
    expect(await named(alice)).toHaveLength(4);
  });

  it('one can not revoke the wider ones beside it, nor the one that made it', async () => {
    const wide = await create({ name: 'wide' });
    const narrow = await authenticate((await create({ name: 'narrow', engines: ['local'] })).secret);
    const child = await authenticate((await create({ name: 'child' }, narrow)).secret);
    for (const [actor, id] of [
      [narrow, wide.token.id],
      [child, narrow.tokenId ?? ''],
    ] as const) {
      await expect(identity.apiTokens.revoke(actor, id)).rejects.toMatchObject({ kind: 'not_found' });
    }
    await authenticate(wide.secret);
    await identity.apiTokens.revoke(narrow, child.tokenId ?? '');
    await identity.apiTokens.revoke(narrow, narrow.tokenId ?? '');
  });

  it('that has none, one sees all of them', async () => {
    await create({ name: 'other' });
    expect(await named(await authenticate((await create({ name: 'all' })).secret))).toEqual(['other', 'all']);
  });
});

describe('a dry run of making a token', () => {
  it('makes and records nothing', async () => {
    const { token, secret } = await identity.apiTokens.create(alice, { name: 'ci' }, { dryRun: true });
    expect(token).toMatchObject({ name: 'ci', owner: { kind: 'user', id: alice.id } });
    expect((await identity.apiTokens.list(alice)).items).toEqual([]);
    expect((await identity.audit.list({})).items).toEqual([]);
    await expect(authenticate(secret)).rejects.toMatchObject(UNAUTHENTICATED);
  });
});

describe('one’s API tokens', () => {
  it('are listed oldest first, page by page, without anybody else’s', async () => {
    await create({ name: 'bobs' }, await actorNamed('bob'));
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      if (name !== 'c') identity.clock.advance(1_000);
      await create({ name });
    }
    const first = await identity.apiTokens.list(alice, { limit: 2 });
    const second = await identity.apiTokens.list(alice, { limit: 2, after: first.nextCursor ?? '' });
    const third = await identity.apiTokens.list(alice, { limit: 2, after: second.nextCursor ?? '' });
    expect([first, second, third].map(({ items }) => items.map(({ name }) => name))).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['e'],
    ]);
    expect(first.totalCount).toBe(5);
    expect(third.nextCursor).toBeNull();
  });

  it('are a hundred at most', async () => {
    for (let index = 0; index < 100; index++) await create();
    await expect(create()).rejects.toMatchObject({ kind: 'conflict' });
    await create({}, await actorNamed('bob'));
  });

  it('are not for the system', async () => {
    await expect(
      create({}, { kind: 'system', id: 'system', name: 'system', teamIds: [] }),
    ).rejects.toMatchObject({
      kind: 'forbidden',
    });
  });
});
