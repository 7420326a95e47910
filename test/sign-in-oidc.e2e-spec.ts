import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RoleBindingsService } from '../src/access/role-bindings.service.js';
import { type TestActor, TestApp } from './support/app.js';
import { OIDC_CLIENT, type OidcAccounts, OidcProvider } from './support/oidc-provider.js';
import { freshDatabase, type FreshDatabase } from './support/postgres.js';

const REDIRECT_URI = 'http://127.0.0.1:8765/callback';
const OTHER_REDIRECT_URI = 'http://127.0.0.1:8765/other';
const ALICE = { preferred_username: 'Alice', name: 'Alice Example' };
const START = '/api/v1/auth/oidc/start';
const COMPLETE = '/api/v1/auth/oidc/complete';

interface Begun {
  readonly authorizationUrl: string;
  readonly transactionId: string;
}

let provider: OidcProvider;
let app: TestApp;

const environmentFor = (issuer: string, more: Record<string, string> = {}) => ({
  DOCKMASTER_TRUST_PROXY: '127.0.0.1',
  DOCKMASTER_OIDC_ISSUER: issuer,
  DOCKMASTER_OIDC_CLIENT_ID: OIDC_CLIENT.id,
  DOCKMASTER_OIDC_CLIENT_SECRET: OIDC_CLIENT.secret,
  DOCKMASTER_OIDC_SCOPES: 'openid profile groups',
  DOCKMASTER_OIDC_REDIRECT_URIS: [REDIRECT_URI, OTHER_REDIRECT_URI].join(','),
  DOCKMASTER_OIDC_GROUP_TEAMS: '{"docker-web": "web", "docker-ops": ["ops"]}',
  ...more,
});

async function begin(redirectUri = REDIRECT_URI): Promise<Begun> {
  return (await app.rest().post(START).send({ redirectUri }).expect(200)).body as Begun;
}

/** Each from an address of its own, unless told, so that what is refused on purpose does not throttle the next test. */
const complete = (transactionId: string, callbackUrl: string, address = nextAddress()) =>
  app.rest().post(COMPLETE).set('x-forwarded-for', address).send({ transactionId, callbackUrl });
const nextAddress = () => `10.0.${Math.floor(++addresses / 256)}.${addresses % 256}`;
let addresses = 0;

/** The whole way, as a person with a browser and a frontend goes it. */
async function signIn(subject: string): Promise<TestActor> {
  const { authorizationUrl, transactionId } = await begin();
  const callbackUrl = await provider.browse(authorizationUrl, subject);
  const completed = await complete(transactionId, callbackUrl).expect(200);
  const { accessToken: token } = completed.body as { accessToken: string };
  const authorization = `Bearer ${token}`;
  const me = await app.rest().get('/api/v1/me').set({ authorization }).expect(200);
  const { id, name: username } = me.body as { id: string; name: string };
  return { id, username, token, authorization };
}

/** With one parameter of the query another way, or gone. */
function altered(url: string, parameter: string, value: string | undefined): string {
  const changed = new URL(url);
  if (value === undefined) changed.searchParams.delete(parameter);
  else changed.searchParams.set(parameter, value);
  return changed.href;
}

async function auditOf(actor: TestActor, query: Record<string, string>) {
  const found = await app.rest(actor).get('/api/v1/audit').query(query).expect(200);
  return (found.body as { items: { outcome: string; reason: string | null; targetName: string | null }[] })
    .items;
}

describe.each(['sqlite', 'postgres'] as const)('signing in by OpenID Connect on %s', (kind) => {
  let server: FreshDatabase | undefined;
  let admin: TestActor;
  beforeAll(async () => {
    server = kind === 'postgres' ? await freshDatabase() : undefined;
    provider = await OidcProvider.start(
      { redirectUris: [REDIRECT_URI, OTHER_REDIRECT_URI] },
      { alice: ALICE },
    );
    app = await TestApp.start({
      environment: environmentFor(provider.issuer, server ? { DATABASE_URL: server.url } : {}),
    });
    admin = await app.admin();
  });
  afterAll(async () => {
    await app.stop();
    await provider.stop();
    await server?.drop();
  });

  it('is told to frontends', async () => {
    expect((await app.rest().get('/api/v1/auth/methods').expect(200)).body).toEqual({
      password: true,
      oidc: true,
      oidcIssuer: provider.issuer,
    });
  });

  it('asks the provider for a code, with PKCE, state and nonce of its own each time', async () => {
    const [first, second] = [await begin(), await begin()].map(
      ({ authorizationUrl }) => new URL(authorizationUrl).searchParams,
    );
    expect(Object.fromEntries(first ?? [])).toEqual({
      client_id: 'dockmaster',
      response_type: 'code',
      redirect_uri: REDIRECT_URI,
      scope: 'openid profile groups',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    });
    for (const parameter of ['code_challenge', 'state', 'nonce']) {
      expect(first?.get(parameter)).not.toBe(second?.get(parameter));
    }
  });

  it('makes a user once, who has the usual session and no rights', async () => {
    const alice = await signIn('alice');
    expect(alice.username).toBe('alice');
    expect((await signIn('alice')).id).toBe(alice.id);
    await app.rest(alice).get('/api/v1/engines/local/containers').expect(404);
    const user = await app.rest(admin).get(`/api/v1/users/${alice.id}`).expect(200);
    expect(user.body).toMatchObject({ username: 'alice', displayName: 'Alice Example' });
    const sessions = await app.rest(alice).get('/api/v1/me/sessions').expect(200);
    const [session] = (sessions.body as { items: { createdAt: string; expiresAt: string }[] }).items;
    const lifetime = Date.parse(session?.expiresAt ?? '') - Date.parse(session?.createdAt ?? '');
    expect(lifetime).toBe(24 * 60 * 60_000);
    await app.rest(alice).post('/api/v1/auth/logout').expect(204);
    await app.rest(alice).get('/api/v1/me').expect(401);
    expect((await auditOf(admin, { operation: 'signIn', actor: 'alice' }))[0]).toMatchObject({
      outcome: 'succeeded',
      reason: 'OpenID Connect',
    });
    expect(await auditOf(admin, { operation: 'users:create', target: 'alice' })).toHaveLength(1);
  });

  it('makes one user of a person who comes twice at the same time', async () => {
    await provider.know({ alice: ALICE, twin: { preferred_username: 'twin' } });
    const begun = await Promise.all([1, 2, 3].map(() => begin()));
    const callbacks = await Promise.all(
      begun.map(({ authorizationUrl }) => provider.browse(authorizationUrl, 'twin')),
    );
    const answers = await Promise.all(
      begun.map(({ transactionId }, index) => complete(transactionId, callbacks[index] ?? '')),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it('gives no password: any is as wrong as for a user who has one', async () => {
    const { username } = await signIn('alice');
    for (const password of ['!', 'a password for tests']) {
      const answer = await app.rest().post('/api/v1/auth/login').send({ username, password }).expect(401);
      expect(answer.body).toMatchObject({ detail: 'The username or password is wrong' });
    }
  });

  it('sets up no second factor of ours: that is the provider’s', async () => {
    const alice = await signIn('alice');
    const answer = await app.rest(alice).post('/api/v1/me/totp').send({ currentPassword: '!' }).expect(409);
    expect(answer.body).toMatchObject({ code: 'conflict' });
  });

  describe('follows the groups of the provider', () => {
    const people = (groups: readonly string[]): OidcAccounts => ({
      alice: ALICE,
      bob: { preferred_username: 'bob', groups },
    });
    let web: string;
    let ops: string;
    beforeAll(async () => {
      const team = async (name: string) =>
        ((await app.rest(admin).post('/api/v1/teams').send({ name }).expect(201)).body as { id: string }).id;
      web = await team('web');
      ops = await team('ops');
      await app.nest.get(RoleBindingsService).bind({
        role: 'viewer',
        subject: { kind: 'team', id: web },
        scope: { engines: ['*'] },
        level: 'restricted',
        createdBy: 'test',
      });
    });
    const teamsOf = async (actor: TestActor) =>
      ((await app.rest(actor).get('/api/v1/me').expect(200)).body as { teamIds: string[] }).teamIds;

    it('into teams, whose rights they have from then on, and out of them', async () => {
      await provider.know(people(['docker-web', 'unknown']));
      const inside = await signIn('bob');
      expect(await teamsOf(inside)).toEqual([web]);
      await app.rest(inside).get('/api/v1/engines/local/containers').expect(200);
      await provider.know(people(['docker-ops']));
      const outside = await signIn('bob');
      expect(await teamsOf(outside)).toEqual([ops]);
      // The session from before has the rights that its user has now.
      for (const actor of [inside, outside]) {
        await app.rest(actor).get('/api/v1/engines/local/containers').expect(404);
      }
      expect(await auditOf(admin, { operation: 'teams:update', target: 'web' })).toHaveLength(2);
    });

    it('and leaves memberships alone that somebody gave by hand', async () => {
      await provider.know(people([]));
      const bob = await signIn('bob');
      expect(await teamsOf(bob)).toEqual([]);
      await app.rest(admin).put(`/api/v1/teams/${ops}/members/${bob.id}`).expect(204);
      await provider.know(people(['docker-ops', 'docker-web']));
      expect(await teamsOf(await signIn('bob'))).toEqual([web, ops].sort());
      await provider.know(people([]));
      expect(await teamsOf(await signIn('bob'))).toEqual([ops]);
    });
  });

  describe('is refused', () => {
    const refused = async (transactionId: string, callbackUrl: string, status = 401) => {
      const answer = await complete(transactionId, callbackUrl).expect(status);
      expect(answer.text).not.toMatch(/accessToken|dma_/);
      return answer.body as { code: string; detail: string };
    };

    it('a second time with the same transaction', async () => {
      const { authorizationUrl, transactionId } = await begin();
      const callbackUrl = await provider.browse(authorizationUrl, 'alice');
      await complete(transactionId, callbackUrl).expect(200);
      expect(await refused(transactionId, callbackUrl)).toMatchObject({ code: 'unauthenticated' });
      expect((await auditOf(admin, { operation: 'signIn', outcome: 'refused' }))[0]).toMatchObject({
        reason: expect.stringContaining('completed already'),
        targetName: null,
      });
    });

    it('at the same time with the same transaction', async () => {
      const { authorizationUrl, transactionId } = await begin();
      const callbackUrl = await provider.browse(authorizationUrl, 'alice');
      const answers = await Promise.all([1, 2, 3].map(() => complete(transactionId, callbackUrl)));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
    });

    it('with a code that was used, or is of another sign-in', async () => {
      const first = await begin();
      const used = await provider.browse(first.authorizationUrl, 'alice');
      await complete(first.transactionId, used).expect(200);
      const code = new URL(used).searchParams.get('code') ?? '';
      const second = await begin();
      const fresh = await provider.browse(second.authorizationUrl, 'alice');
      await refused(second.transactionId, altered(fresh, 'code', code));

      // As somebody would slip in a code of one's own.
      const own = await provider.browse((await begin()).authorizationUrl, 'alice');
      const victim = await begin();
      const callbackUrl = await provider.browse(victim.authorizationUrl, 'alice');
      const injected = new URL(own).searchParams.get('code') ?? '';
      await refused(victim.transactionId, altered(callbackUrl, 'code', injected));
    });

    it('with the transaction of somebody else', async () => {
      const [mine, theirs] = [await begin(), await begin()];
      await refused(mine.transactionId, await provider.browse(theirs.authorizationUrl, 'alice'));
    });

    it.each([
      ['state', 'x'.repeat(43)],
      ['state', undefined],
      ['iss', 'https://evil.example.com'],
      ['iss', undefined],
      ['code', 'x'.repeat(43)],
      ['code', undefined],
    ])('when the %s that comes back is %j', async (parameter, value) => {
      const { authorizationUrl, transactionId } = await begin();
      const callbackUrl = await provider.browse(authorizationUrl, 'alice');
      await refused(transactionId, altered(callbackUrl, parameter, value));
    });

    it.each([
      ['nonce', 'x'.repeat(43)],
      ['nonce', undefined],
      ['code_challenge', 'x'.repeat(43)],
    ])('when the %s that the provider was asked with was %j', async (parameter, value) => {
      const { authorizationUrl, transactionId } = await begin();
      const callbackUrl = await provider.browse(altered(authorizationUrl, parameter, value), 'alice');
      await refused(transactionId, callbackUrl);
    });

    it('when a parameter comes back twice', async () => {
      const { authorizationUrl, transactionId } = await begin();
      const callbackUrl = await provider.browse(authorizationUrl, 'alice');
      await refused(transactionId, `${callbackUrl}&state=${new URL(callbackUrl).searchParams.get('state')}`);
    });

    it('when it comes back elsewhere', async () => {
      for (const elsewhere of [OTHER_REDIRECT_URI, 'https://evil.example.com/callback']) {
        const { authorizationUrl, transactionId } = await begin();
        const { search } = new URL(await provider.browse(authorizationUrl, 'alice'));
        await refused(transactionId, `${elsewhere}${search}`);
      }
      await refused((await begin()).transactionId, 'not an address');
    });

    it.each([
      'https://evil.example.com/callback',
      `${REDIRECT_URI}/`,
      `${REDIRECT_URI}?next=x`,
      'http://localhost:8765/callback',
      'http://127.0.0.1:8766/callback',
    ])('before it begins, to come back to %s', async (redirectUri) => {
      const answer = await app.rest().post(START).send({ redirectUri }).expect(400);
      expect(answer.body).toMatchObject({ code: 'invalid_input', errors: [{ field: 'redirectUri' }] });
    });

    it('to whom the provider does not sign in', async () => {
      const { authorizationUrl, transactionId } = await begin();
      const callbackUrl = await provider.browse(authorizationUrl, 'nobody');
      expect(new URL(callbackUrl).searchParams.get('error')).toBe('access_denied');
      await refused(transactionId, callbackUrl);
    });

    it('to a disabled user', async () => {
      await provider.know({ carol: { preferred_username: 'carol' } });
      const carol = await signIn('carol');
      await app.rest(admin).patch(`/api/v1/users/${carol.id}`).send({ disabled: true }).expect(200);
      const { authorizationUrl, transactionId } = await begin();
      const callbackUrl = await provider.browse(authorizationUrl, 'carol');
      expect(await refused(transactionId, callbackUrl, 403)).toMatchObject({ code: 'forbidden' });
    });

    it('to who has the name of a local user, unless an admin links the two', async () => {
      const dave = await app.user('dave', [{ role: 'viewer' }]);
      await provider.know({ 'dave-there': { preferred_username: 'Dave' } });
      const attempt = async () => {
        const { authorizationUrl, transactionId } = await begin();
        return [transactionId, await provider.browse(authorizationUrl, 'dave-there')] as const;
      };
      expect(await refused(...(await attempt()), 409)).toMatchObject({
        code: 'conflict',
        detail: expect.stringContaining('dave'),
      });
      const link = (actor: TestActor, id: string, subject: string) =>
        app.rest(actor).post(`/api/v1/users/${id}/oidc/link`).send({ subject });
      await link(dave, admin.id, 'dave-there').expect(403);
      await link(admin, dave.id, 'dave-there').expect(204);
      await link(admin, admin.id, 'dave-there').expect(409);
      expect((await signIn('dave-there')).id).toBe(dave.id);
      await app.rest(admin).post(`/api/v1/users/${dave.id}/oidc/unlink`).expect(204);
      await app.rest(admin).post(`/api/v1/users/${dave.id}/oidc/unlink`).expect(404);
      await refused(...(await attempt()), 409);
    });

    it('to whose name at the provider can’t be a username', async () => {
      await provider.know({ erin: { preferred_username: 'erin@example.com' }, frank: {} });
      for (const subject of ['erin', 'frank']) {
        const { authorizationUrl, transactionId } = await begin();
        const callbackUrl = await provider.browse(authorizationUrl, subject);
        expect(await refused(transactionId, callbackUrl, 403)).toMatchObject({
          detail: expect.stringContaining('preferred_username'),
        });
      }
    });
  });

  it('goes by who somebody is, not by what they are called', async () => {
    await provider.know({ 'id-1': { preferred_username: 'grace' } });
    const grace = await signIn('id-1');
    await provider.know({
      'id-1': { preferred_username: 'renamed' },
      'id-2': { preferred_username: 'grace' },
    });
    expect((await signIn('id-1')).id).toBe(grace.id);
    const { authorizationUrl, transactionId } = await begin();
    await complete(transactionId, await provider.browse(authorizationUrl, 'id-2')).expect(409);
  });
});

describe('an OpenID provider', () => {
  beforeEach(async () => {
    provider = await OidcProvider.away({ redirectUris: [REDIRECT_URI] }, { alice: ALICE });
  });
  afterEach(async () => {
    await app.stop();
    await provider.stop();
  });

  it('may be away: signing in by it waits for it, and nothing else does', async () => {
    app = await TestApp.start({ environment: environmentFor(provider.issuer) });
    const away = await app.rest().post(START).send({ redirectUri: REDIRECT_URI }).expect(503);
    expect(away.body).toMatchObject({
      code: 'unavailable',
      detail: 'The identity provider is not available at the moment',
    });
    expect(Number(away.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    await app.admin();
    await provider.comeBack();
    await signIn('alice');

    const { authorizationUrl, transactionId } = await begin();
    const callbackUrl = await provider.browse(authorizationUrl, 'alice');
    await provider.stop();
    expect((await complete(transactionId, callbackUrl).expect(503)).body).toMatchObject({
      code: 'unavailable',
    });
    await provider.comeBack();
    await signIn('alice');
  });

  it('may make no users here', async () => {
    app = await TestApp.start({
      environment: environmentFor(provider.issuer, { DOCKMASTER_OIDC_CREATE_USERS: 'false' }),
    });
    await provider.comeBack();
    const { authorizationUrl, transactionId } = await begin();
    const callbackUrl = await provider.browse(authorizationUrl, 'alice');
    expect((await complete(transactionId, callbackUrl).expect(403)).body).toMatchObject({
      code: 'forbidden',
    });
    const admin = await app.admin();
    await app.user('local', []);
    const users = await app.rest(admin).get('/api/v1/users').expect(200);
    const local = (users.body as { items: { id: string; username: string }[] }).items.find(
      ({ username }) => username === 'local',
    );
    await app
      .rest(admin)
      .post(`/api/v1/users/${local?.id ?? ''}/oidc/link`)
      .send({ subject: 'alice' })
      .expect(204);
    expect((await signIn('alice')).username).toBe('local');
  });

  it('that does not know our secret is reported as unavailable, and guessing is slowed down', async () => {
    app = await TestApp.start({
      environment: environmentFor(provider.issuer, { DOCKMASTER_OIDC_CLIENT_SECRET: 'another secret' }),
    });
    await provider.comeBack();
    const { authorizationUrl, transactionId } = await begin();
    const callbackUrl = await provider.browse(authorizationUrl, 'alice');
    expect((await complete(transactionId, callbackUrl).expect(503)).body).toMatchObject({
      code: 'unavailable',
    });
    let guesses = 0;
    const guess = () => complete('x', REDIRECT_URI, '192.0.2.7');
    let answer = await guess();
    for (; answer.status === 401 && guesses < 100; guesses++) answer = await guess();
    expect(answer.status).toBe(429);
    expect(guesses).toBe(20);
  });

  it('that is not set up has no routes', async () => {
    app = await TestApp.start();
    expect((await app.rest().get('/api/v1/auth/methods').expect(200)).body).toEqual({
      password: true,
      oidc: false,
      oidcIssuer: null,
    });
    await app.rest().post(START).send({ redirectUri: REDIRECT_URI }).expect(404);
    await complete('x', REDIRECT_URI).expect(404);
  });
});
