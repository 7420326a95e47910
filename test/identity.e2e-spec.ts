import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestActor, TestApp } from './support/app.js';
import { freshDatabase, type FreshDatabase } from './support/postgres.js';

const NEXT_PASSWORD = 'another long password';

interface Tokens {
  accessToken: string;
  refreshToken: string;
}

describe.each(['sqlite', 'postgres'] as const)('signing in to Dockmaster on %s', (kind) => {
  let server: FreshDatabase | undefined;
  let app: TestApp;
  let admin: TestActor;
  beforeAll(async () => {
    server = kind === 'postgres' ? await freshDatabase() : undefined;
    app = await TestApp.start({ environment: server ? { DATABASE_URL: server.url } : {} });
    admin = await app.admin();
  });
  afterAll(async () => {
    await app.stop();
    await server?.drop();
  });

  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const login = async (username: string, password: string) =>
    (await app.rest().post('/api/v1/auth/login').send({ username, password }).expect(200)).body as Tokens;

  it('gives tokens, and a new pair for a refresh token, once', async () => {
    await app.user('alice', []);
    const first = await login('alice', 'a password for tests');
    expect(first).toEqual({
      accessToken: expect.stringMatching(/^dma_/),
      refreshToken: expect.stringMatching(/^dmr_/),
      tokenType: 'Bearer',
      expiresIn: 600,
    });
    const { refreshToken } = first;
    const refresh = () => app.rest().post('/api/v1/auth/refresh').send({ refreshToken });
    const second = (await refresh().expect(200)).body as Tokens;
    await app.rest().get('/api/v1/me').set(bearer(second.accessToken)).expect(200);
    expect((await refresh().expect(401)).body).toMatchObject({ code: 'unauthenticated' });
    await app.rest().get('/api/v1/me').set(bearer(second.accessToken)).expect(401);
  });

  it('ends by signing out', async () => {
    const bob = await app.user('bob', []);
    await app.rest(bob).post('/api/v1/auth/logout').expect(204);
    await app.rest(bob).get('/api/v1/me').expect(401);
  });

  it('fails alike for a wrong password and an unknown user, and is slowed down', async () => {
    await app.user('carol', []);
    const guess = (username: string) =>
      app.rest().post('/api/v1/auth/login').send({ username, password: 'a wrong guess' });
    const problems = [];
    for (const username of ['carol', 'nobody']) {
      const answer = await guess(username).expect(401);
      problems.push({ ...(answer.body as object), requestId: undefined });
    }
    expect(problems[0]).toEqual(problems[1]);
    let answer = await guess('carol');
    for (let guesses = 2; answer.status === 401 && guesses < 50; guesses++) answer = await guess('carol');
    expect(answer.status).toBe(429);
    expect(answer.body).toMatchObject({ code: 'too_many_requests' });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
  });

  it('tells who one is, by REST and GraphQL', async () => {
    const expected = {
      kind: 'user',
      id: admin.id,
      name: 'admin',
      teamIds: [],
      tokenId: null,
      permissions: null,
      engines: null,
      expiresAt: expect.any(String),
    };
    expect((await app.rest(admin).get('/api/v1/me').expect(200)).body).toEqual(expected);
    const query = '{ me { kind id name teamIds tokenId permissions engines expiresAt } }';
    expect(await app.graphql(admin, query)).toEqual({ data: { me: expected } });
  });

  it('lets one change one’s password, which ends all sessions', async () => {
    const dave = await app.user('dave', []);
    const change = (currentPassword: string, newPassword: string) =>
      app.rest(dave).post('/api/v1/me/password').send({ currentPassword, newPassword });
    expect((await change('wrong', NEXT_PASSWORD).expect(400)).body).toMatchObject({
      errors: [{ field: 'currentPassword' }],
    });
    expect((await change('a password for tests', 'short').expect(400)).body).toMatchObject({
      errors: [{ field: 'newPassword' }],
    });
    await change('a password for tests', NEXT_PASSWORD).expect(204);
    await app.rest(dave).get('/api/v1/me').expect(401);
    await login('dave', NEXT_PASSWORD);
  });

  it('is refused without a token, with a broken one and in the query', async () => {
    for (const authorization of [
      '',
      'Bearer',
      'Bearer x',
      'Basic YWRtaW46eA==',
      `Bearer dma_${'x'.repeat(43)}`,
    ]) {
      await app.rest().get('/api/v1/me').set({ authorization }).expect(401);
    }
    await app.rest().get('/api/v1/me').query({ access_token: admin.token }).expect(401);
  });

  it('refuses a body that is not what it should be', async () => {
    for (const body of [
      {},
      { username: 'admin' },
      { username: 1, password: 'x' },
      { username: 'a', password: 'b', admin: true },
    ]) {
      expect((await app.rest().post('/api/v1/auth/login').send(body).expect(400)).body).toMatchObject({
        code: 'invalid_input',
      });
    }
  });

  describe('with an API token', () => {
    it('made by REST, a program is its owner within the token’s limits, until it is revoked', async () => {
      const made = await app
        .rest(admin)
        .post('/api/v1/tokens')
        .send({ name: 'ci', permissions: ['containers:list'], engines: ['local'] })
        .expect(201);
      const { token, ...stored } = made.body as { token: string; id: string };
      const me = await app.rest().get('/api/v1/me').set(bearer(token)).expect(200);
      expect(me.body).toMatchObject({
        id: admin.id,
        tokenId: stored.id,
        permissions: ['containers:list'],
        engines: ['local'],
      });
      await app.rest().get('/api/v1/audit').set(bearer(token)).expect(403);
      await app
        .rest()
        .post('/api/v1/tokens')
        .set(bearer(token))
        .send({ name: 'x', permissions: ['*:*'] })
        .expect(403);

      const list = await app.rest(admin).get('/api/v1/tokens').expect(200);
      const { items } = list.body as { items: { id: string }[] };
      expect(items).toContainEqual({ ...stored, lastUsedAt: expect.any(String) });
      expect(JSON.stringify(list.body)).not.toContain(token);

      await app.rest(admin).delete(`/api/v1/tokens/${stored.id}`).expect(204);
      await app.rest().get('/api/v1/me').set(bearer(token)).expect(401);
      await app.rest(admin).delete(`/api/v1/tokens/${stored.id}`).expect(404);
    });

    it('made by GraphQL, the same', async () => {
      const made = await app.graphql(
        admin,
        `mutation { createApiToken(input: { name: "cd", expiresAt: "2030-01-01T00:00:00Z" }) {
          id token name permissions expiresAt lastUsedAt
        } }`,
      );
      const created = made.data?.['createApiToken'];
      const { token, id } = created as { token: string; id: string };
      expect(created).toMatchObject({
        name: 'cd',
        permissions: null,
        expiresAt: '2030-01-01T00:00:00.000Z',
        lastUsedAt: null,
      });
      await app.rest().get('/api/v1/me').set(bearer(token)).expect(200);
      const list = await app.graphql(admin, '{ apiTokens(first: 500) { totalCount nodes { id name } } }');
      expect(list.data).toMatchObject({
        apiTokens: { nodes: expect.arrayContaining([{ id, name: 'cd' }]) },
      });
      const revoke = 'mutation ($id: String!) { revokeApiToken(id: $id) }';
      expect(await app.graphql(admin, revoke, { id })).toEqual({ data: { revokeApiToken: true } });
      await app.rest().get('/api/v1/me').set(bearer(token)).expect(401);
    });

    it.each([
      [{ name: '' }, 'name'],
      [{ name: 'x', permissions: ['containers:fly'] }, 'permissions.0'],
      [{ name: 'x', permissions: [] }, 'permissions'],
      [{ name: 'x', engines: ['Not An Engine'] }, 'engines'],
      [{ name: 'x', expiresAt: 'tomorrow' }, 'expiresAt'],
      [{ name: 'x', expiresAt: '2001-01-01T00:00:00Z' }, 'expiresAt'],
      [{ name: 'x', owner: 'root' }, 'owner'],
    ])('that %j asks for, nothing is made', async (body, field) => {
      const answer = await app.rest(admin).post('/api/v1/tokens').send(body).expect(400);
      expect(answer.body).toMatchObject({ code: 'invalid_input', errors: [{ field }] });
    });
  });

  describe('leaves a trail', () => {
    it('that an admin can search by REST and GraphQL', async () => {
      await app.user('erin', []);
      const list = await app
        .rest(admin)
        .get('/api/v1/audit')
        .query({
          operation: 'signIn',
          actor: 'erin',
          outcome: 'succeeded',
          from: '2020-01-01T00:00:00Z',
          limit: 1,
        })
        .expect(200);
      const { items } = list.body as { items: object[] };
      expect(items).toEqual([
        expect.objectContaining({
          actorKind: 'user',
          actorName: 'erin',
          door: 'rest',
          operation: 'signIn',
          outcome: 'succeeded',
          requestId: expect.stringMatching(/./),
          address: expect.stringMatching(/127\.0\.0\.1/),
        }),
      ]);
      const byGraphql = await app.graphql(
        admin,
        `{ auditRecords(first: 1, filter: { operation: "signIn", actor: "erin" }) {
          totalCount pageInfo { hasNextPage } nodes { actorName operation outcome at }
        } }`,
      );
      expect(byGraphql).toMatchObject({
        data: { auditRecords: { totalCount: 1, nodes: [{ actorName: 'erin', operation: 'signIn' }] } },
      });
    });

    it('that is not for everybody; trying to read it is part of it', async () => {
      const frank = await app.user('frank', [{ role: 'viewer' }]);
      expect((await app.rest(frank).get('/api/v1/audit').expect(403)).body).toMatchObject({
        code: 'forbidden',
      });
      const byGraphql = await app.graphql(frank, '{ auditRecords { totalCount } }');
      expect(byGraphql.errors?.[0]?.extensions.code).toBe('forbidden');
      const refusals = await app
        .rest(admin)
        .get('/api/v1/audit')
        .query({ actor: frank.id, outcome: 'refused' })
        .expect(200);
      expect(refusals.body).toMatchObject({ totalCount: 2, items: [{ door: 'graphql' }, { door: 'rest' }] });
    });

    it.each([
      { from: 'yesterday' },
      { outcome: 'maybe' },
      { after: 'rubbish' },
      { after: 'WzEuNSwiXHUwMDAwIl0' },
    ])('that is not searched by %j', async (query) => {
      expect((await app.rest(admin).get('/api/v1/audit').query(query).expect(400)).body).toMatchObject({
        code: 'invalid_input',
      });
    });
  });

  it('tells who may see them the roles and permissions that there are', async () => {
    const roles = await app.rest(admin).get('/api/v1/roles').expect(200);
    const { items } = roles.body as { items: { name: string }[] };
    expect(items.map(({ name }) => name)).toEqual(['admin', 'developer', 'operator', 'viewer']);
    const permissions = await app.rest(admin).get('/api/v1/permissions').query({ limit: 500 }).expect(200);
    expect((permissions.body as { items: object[] }).items).toContainEqual({
      name: 'containers:start',
      description: 'Start a container',
    });
    const byGraphql = await app.graphql(admin, '{ roles { name permissions builtIn } permissions { name } }');
    expect(byGraphql.data).toMatchObject({
      roles: expect.arrayContaining([{ name: 'admin', permissions: ['*:*'], builtIn: true }]),
    });
    const grace = await app.user('grace', []);
    await app.rest(grace).get('/api/v1/roles').expect(403);
  });
});
