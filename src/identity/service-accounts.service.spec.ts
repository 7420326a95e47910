import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openTemporaryDatabase, type TemporaryDatabase } from '../database/testing/temporary-database.js';
import { buildIdentity, type Identity } from './testing/identity-fixture.js';

const ADMIN = { kind: 'user', id: 'u-admin', name: 'admin', teamIds: [] } as const;

let database: TemporaryDatabase;
let identity: Identity;
beforeEach(async () => {
  database = await openTemporaryDatabase();
  identity = buildIdentity(database);
});
afterEach(() => database.close());

/** A service account with a token. */
async function deployer() {
  const { id } = await identity.serviceAccounts.create({ name: 'deployer' });
  const made = await identity.apiTokens.createFor(ADMIN, { kind: 'serviceAccount', id }, { name: 'ci' });
  return { id, ...made };
}
const authenticate = (secret: string) => identity.authentication.authenticate(secret);
const UNAUTHENTICATED = { kind: 'unauthenticated' };

describe('a service account', () => {
  it('has a name of its own, in lower case', async () => {
    const { serviceAccounts, clock } = identity;
    const made = await serviceAccounts.create({ name: 'Deployer', description: 'ships' });
    expect(made).toEqual({
      id: expect.any(String),
      name: 'deployer',
      description: 'ships',
      disabled: false,
      createdAt: clock.now(),
      updatedAt: clock.now(),
    });
    expect(await serviceAccounts.get(made.id)).toEqual(made);
    await expect(serviceAccounts.create({ name: 'DEPLOYER' })).rejects.toMatchObject({ kind: 'conflict' });
    await expect(serviceAccounts.create({ name: 'a b' })).rejects.toMatchObject({
      kind: 'invalid_input',
      errors: [expect.objectContaining({ field: 'name' })],
    });
  });

  it('is somebody of its own by its token, which it can make more of', async () => {
    const { id, token, secret } = await deployer();
    const actor = await authenticate(secret);
    expect(actor).toMatchObject({
      kind: 'serviceAccount',
      id,
      name: 'deployer',
      teamIds: [],
      tokenId: token.id,
    });
    const { secret: own } = await identity.apiTokens.create(actor, { name: 'own' });
    expect(await authenticate(own)).toMatchObject({ kind: 'serviceAccount', id });
    await identity.authentication.requireLive(actor);
  });

  it('is turned away while it is disabled', async () => {
    const { id, secret } = await deployer();
    const actor = await authenticate(secret);
    await identity.serviceAccounts.update(id, { disabled: true });
    await expect(authenticate(secret)).rejects.toMatchObject(UNAUTHENTICATED);
    await expect(identity.authentication.requireLive(actor)).rejects.toMatchObject(UNAUTHENTICATED);
    await identity.serviceAccounts.update(id, { disabled: false });
    await authenticate(secret);
  });

  it('goes with its API tokens and role bindings', async () => {
    const { id, secret } = await deployer();
    await identity.roleBindings.bind({
      role: 'viewer',
      subject: { kind: 'serviceAccount', id },
      scope: { engines: ['*'] },
      createdBy: 'test',
    });
    const actor = await authenticate(secret);
    expect(await identity.roleBindings.forActor(actor)).toHaveLength(1);
    await identity.serviceAccounts.delete(id);
    await expect(authenticate(secret)).rejects.toMatchObject(UNAUTHENTICATED);
    expect(await identity.roleBindings.forActor(actor)).toEqual([]);
    expect(await database.db.selectFrom('api_token').selectAll().execute()).toEqual([]);
  });

  it.each(['nope', '00000000-0000-7000-8000-000000000000'])('with the id %j is not there', async (id) => {
    const { serviceAccounts } = identity;
    for (const attempt of [
      serviceAccounts.get(id),
      serviceAccounts.update(id, { disabled: true }),
      serviceAccounts.delete(id),
    ]) {
      await expect(attempt).rejects.toMatchObject({ kind: 'not_found' });
    }
  });
});

describe('service accounts', () => {
  it('are listed by name, page by page', async () => {
    const { serviceAccounts } = identity;
    for (const name of ['c', 'a', 'b']) await serviceAccounts.create({ name });
    const first = await serviceAccounts.list({ limit: 2 });
    const second = await serviceAccounts.list({ limit: 2, after: first.nextCursor ?? '' });
    expect([first, second].map(({ items }) => items.map(({ name }) => name))).toEqual([['a', 'b'], ['c']]);
    expect(first.totalCount).toBe(3);
    expect(second.nextCursor).toBeNull();
  });
});
