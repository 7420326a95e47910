import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { RoleBindingsService } from '../src/access/role-bindings.service.js';
import { MIGRATIONS } from '../src/database/migrations/index.js';
import { openDatabase } from '../src/database/open-database.js';
import { openPostgres } from '../src/database/postgres.js';
import type { Schema } from '../src/database/schema.js';
import { openSqlite } from '../src/database/sqlite.js';
import { UsersService } from '../src/identity/users.service.js';
import { type TestActor, TestApp } from './support/app.js';
import { HttpStream } from './support/http-stream.js';
import { freshDatabase, type FreshDatabase } from './support/postgres.js';
import { TestContainers } from './support/test-containers.js';

const PASSWORD = 'a password for tests';
const NEXT_PASSWORD = 'another long password';
const NOBODY = '00000000-0000-7000-8000-000000000000';

interface Named {
  readonly id: string;
  readonly name: string;
}
interface Made extends Named {
  readonly token: string;
}
interface Session {
  readonly id: string;
  readonly current: boolean;
  readonly userAgent: string | null;
}
interface Item {
  readonly operation: string;
  readonly outcome: string;
  readonly targetKind: string;
  readonly targetId: string | null;
  readonly targetName: string | null;
}

describe.each(['sqlite', 'postgres'] as const)('users, teams and service accounts on %s', (kind) => {
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

  const withToken = (token: string): TestActor => ({
    ...admin,
    token,
    authorization: `Bearer ${token}`,
  });
  const post = async <T>(actor: TestActor, path: string, body: object, status = 201): Promise<T> =>
    (await app.rest(actor).post(`/api/v1/${path}`).send(body).expect(status)).body as T;
  const get = async <T>(actor: TestActor, path: string, status = 200): Promise<T> =>
    (await app.rest(actor).get(`/api/v1/${path}`).expect(status)).body as T;
  const patch = async <T>(actor: TestActor, path: string, body: object, status = 200): Promise<T> =>
    (await app.rest(actor).patch(`/api/v1/${path}`).send(body).expect(status)).body as T;
  const put = (actor: TestActor, path: string, status = 204) =>
    app.rest(actor).put(`/api/v1/${path}`).expect(status);
  const remove = async (actor: TestActor, path: string, status = 204): Promise<object> =>
    (await app.rest(actor).delete(`/api/v1/${path}`).expect(status)).body as object;
  const createUser = (username: string) =>
    post<{ id: string }>(admin, 'users', { username, password: PASSWORD });
  const bind = (role: string, subjectKind: 'user' | 'team' | 'serviceAccount', id: string) =>
    app.nest
      .get(RoleBindingsService)
      .bind({ role, subject: { kind: subjectKind, id }, scope: { engines: ['*'] }, createdBy: 'test' });
  const login = (username: string, password: string) =>
    app.rest().post('/api/v1/auth/login').send({ username, password });
  const audit = async (query: Record<string, string>): Promise<Item[]> =>
    ((await app.rest(admin).get('/api/v1/audit').query(query).expect(200)).body as { items: Item[] }).items;
  /** Somebody who manages users, teams, service accounts and their tokens, and may do nothing else. */
  const manager = async (username: string): Promise<TestActor> => {
    const name = `managers-of-${username}`;
    await post(admin, 'roles', {
      name,
      description: 'Manages who there is',
      permissions: ['users:*', 'teams:*', 'serviceAccounts:*', 'tokens:*'],
    });
    return app.user(username, [{ role: name }]);
  };

  /** Opens a stream as `actor`, carries `withdraw` out, and waits until the stream ends for it. */
  const whileReadingLogs = async (actor: TestActor, withdraw: () => Promise<unknown>) => {
    const containers = new TestContainers(app, admin);
    try {
      const { id } = await containers.run();
      const url = `${app.url}${containers.path}/${id}/logs?follow=true`;
      const logs = await HttpStream.open(url, { actor, accept: 'text/event-stream' });
      await logs.until(({ events }) => events.length >= 1);
      await withdraw();
      await logs.until(({ events }) => JSON.stringify(events).includes('access_withdrawn'));
    } finally {
      await containers.removeAll();
    }
  };

  describe('a user', () => {
    it('is created, seen, changed and deleted by an admin, and each change is in the audit trail', async () => {
      const input = { username: 'Alice', displayName: 'Alice Example', password: PASSWORD };
      const alice = await post<{ id: string }>(admin, 'users', input);
      expect(alice).toEqual({
        id: expect.any(String),
        username: 'alice',
        displayName: 'Alice Example',
        disabled: false,
        createdAt: expect.any(String),
        updatedAt: expect.any(String),
      });
      expect(await get(admin, `users/${alice.id}`)).toEqual(alice);
      expect(await get(admin, 'users?username=ALI')).toEqual({
        items: [alice],
        nextCursor: null,
        totalCount: 1,
      });
      await login('alice', PASSWORD).expect(200);
      const changed = await patch(admin, `users/${alice.id}`, { displayName: '', password: NEXT_PASSWORD });
      expect(changed).toMatchObject({ displayName: null, disabled: false });
      await login('alice', PASSWORD).expect(401);
      await login('alice', NEXT_PASSWORD).expect(200);
      await remove(admin, `users/${alice.id}`);
      await get(admin, `users/${alice.id}`, 404);
      await login('alice', NEXT_PASSWORD).expect(401);

      const trail = await audit({ target: 'alice', actor: 'admin' });
      expect(trail.map(({ operation, outcome }) => `${operation} ${outcome}`)).toEqual([
        'users:delete succeeded',
        'users:update succeeded',
      ]);
      expect(trail[0]).toMatchObject({ targetKind: 'user', targetId: alice.id });
      expect(await audit({ target: 'Alice', operation: 'users:create' })).toHaveLength(1);
      expect(JSON.stringify(await audit({}))).not.toContain(NEXT_PASSWORD);
    });

    it('is turned away while it is disabled', async () => {
      const bob = await app.user('bob', []);
      await patch(admin, `users/${bob.id}`, { disabled: true });
      await app.rest(bob).get('/api/v1/me').expect(401);
      await login('bob', PASSWORD).expect(401);
      expect(await get(admin, 'users?disabled=true')).toMatchObject({ items: [{ username: 'bob' }] });
      await patch(admin, `users/${bob.id}`, { disabled: false });
      await login('bob', PASSWORD).expect(200);
    });

    it.each([
      [{ username: 'a b', password: PASSWORD }, 'username'],
      [{ username: 'x'.repeat(65), password: PASSWORD }, 'username'],
      [{ username: 'short', password: 'short' }, 'password'],
      [{ username: 'same.as.password', password: 'same.as.password' }, 'password'],
      [{ username: 'admin2', password: PASSWORD, role: 'admin' }, 'role'],
      [{ username: 'named', password: PASSWORD, displayName: 'a\u0000b' }, 'displayName'],
    ])('is not created by %j', async (body, field) => {
      for (const path of ['users', 'users?dryRun=true']) {
        expect(await post(admin, path, body, 400)).toMatchObject({ errors: [{ field }] });
      }
    });

    it('has a name of its own', async () => {
      await createUser('unique');
      const body = { username: 'UNIQUE', password: PASSWORD };
      expect(await post(admin, 'users', body, 409)).toMatchObject({ code: 'conflict' });
      expect(await post(admin, 'users?dryRun=true', body, 409)).toMatchObject({ code: 'conflict' });
    });

    it('of a dry run is answered with, and neither made nor recorded', async () => {
      const body = { username: 'rehearsed', password: PASSWORD };
      expect(await post(admin, 'users?dryRun=true', body)).toMatchObject({ username: 'rehearsed' });
      expect(await get(admin, 'users?username=rehearsed')).toMatchObject({ totalCount: 0 });
      expect(await audit({ target: 'rehearsed' })).toEqual([]);
      await post(admin, 'users?dryRun=maybe', body, 400);
    });

    it('who is the last admin can be neither disabled nor deleted, by nobody', async () => {
      for (const attempt of [
        patch(admin, `users/${admin.id}`, { disabled: true }, 409),
        remove(admin, `users/${admin.id}`, 409),
      ]) {
        expect(await attempt).toMatchObject({ code: 'conflict' });
      }
      await app.rest(admin).get('/api/v1/me').expect(200);
      expect(await audit({ target: 'admin', operation: 'users:delete' })).toMatchObject([
        { outcome: 'failed' },
      ]);
    });

    it('who is one of two admins, that disable each other at the same time, is not lost with the other', async () => {
      const two = await app.user('rival', [{ role: 'admin', level: 'privileged' }]);
      const users = app.nest.get(UsersService);
      for (let round = 0; round < 5; round++) {
        const results = await Promise.allSettled([admin, two].map(({ id }) => users.disable(id)));
        expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
        for (const { id } of [admin, two]) await users.enable(id);
      }
      await users.delete(two.id);
      admin = await app.admin();
    });
  });

  describe('who may not', () => {
    const ROUTES = [
      ['get', 'users'],
      ['post', 'users', { username: 'new', password: PASSWORD }],
      ['post', 'users?dryRun=true', { username: 'new', password: PASSWORD }],
      ['get', 'users/ID'],
      ['patch', 'users/ID', { disabled: true }],
      ['delete', 'users/ID'],
      ['get', 'users/ID/sessions'],
      ['delete', 'users/ID/sessions'],
      ['delete', `users/ID/sessions/${NOBODY}`],
      ['get', 'teams'],
      ['post', 'teams', { name: 'new' }],
      ['get', `teams/${NOBODY}`],
      ['patch', `teams/${NOBODY}`, { name: 'new' }],
      ['delete', `teams/${NOBODY}`],
      ['get', `teams/${NOBODY}/members`],
      ['put', `teams/${NOBODY}/members/ID`],
      ['delete', `teams/${NOBODY}/members/ID`],
      ['get', 'service-accounts'],
      ['post', 'service-accounts', { name: 'new' }],
      ['get', `service-accounts/${NOBODY}`],
      ['patch', `service-accounts/${NOBODY}`, { disabled: true }],
      ['delete', `service-accounts/${NOBODY}`],
      ['get', `service-accounts/${NOBODY}/tokens`],
      ['post', `service-accounts/${NOBODY}/tokens`, { name: 'ci' }],
      ['get', 'tokens?owner=ID'],
    ] as const;
    const QUERIES = [
      '{ users { totalCount } }',
      '{ user(id: "ID") { id } }',
      `mutation { createUser(input: { username: "new", password: "${PASSWORD}" }) { id } }`,
      'mutation { updateUser(id: "ID", input: { disabled: true }) { id } }',
      'mutation { deleteUser(id: "ID") }',
      '{ userSessions(id: "ID") { totalCount } }',
      `mutation { endUserSession(id: "ID", sessionId: "${NOBODY}") }`,
      'mutation { endUserSessions(id: "ID") }',
      '{ teams { totalCount } }',
      `{ team(id: "${NOBODY}") { id } }`,
      `{ teamMembers(id: "${NOBODY}") { totalCount } }`,
      'mutation { createTeam(input: { name: "new" }) { id } }',
      `mutation { updateTeam(id: "${NOBODY}", input: { name: "new" }) { id } }`,
      `mutation { deleteTeam(id: "${NOBODY}") }`,
      `mutation { addTeamMember(id: "${NOBODY}", userId: "ID") }`,
      `mutation { removeTeamMember(id: "${NOBODY}", userId: "ID") }`,
      '{ serviceAccounts { totalCount } }',
      `{ serviceAccount(id: "${NOBODY}") { id } }`,
      'mutation { createServiceAccount(input: { name: "new" }) { id } }',
      `mutation { updateServiceAccount(id: "${NOBODY}", input: { disabled: true }) { id } }`,
      `mutation { deleteServiceAccount(id: "${NOBODY}") }`,
      `mutation { createServiceAccountToken(id: "${NOBODY}", input: { name: "ci" }) { id } }`,
      '{ apiTokens(owner: "ID") { totalCount } }',
    ];

    it.each(['viewer', 'operator', 'developer'])(
      'as a %s does none of it by any way, and each attempt is recorded',
      async (role) => {
        const actor = await app.user(`mere-${role}`, [{ role }]);
        for (const [method, path, body] of ROUTES) {
          const agent = app.rest(actor);
          const answer = await agent[method](`/api/v1/${path.replace('ID', admin.id)}`).send(body);
          expect([method, path, answer.status, (answer.body as { code?: string }).code]).toEqual([
            method,
            path,
            403,
            'forbidden',
          ]);
        }
        for (const query of QUERIES) {
          const { errors } = await app.graphql(actor, query.replace('ID', admin.id));
          expect([query, errors?.[0]?.extensions.code]).toEqual([query, 'forbidden']);
        }
        const { totalCount } = await get<{ totalCount: number }>(
          admin,
          `audit?actor=${actor.id}&outcome=refused`,
        );
        expect(totalCount).toBe(ROUTES.length + QUERIES.length);
        expect(await get(admin, 'users?username=new')).toMatchObject({ totalCount: 0 });
      },
    );

    it('is not signed in', async () => {
      for (const path of ['users', 'teams', 'service-accounts', 'tokens', 'me/sessions'])
        await app.rest().get(`/api/v1/${path}`).expect(401);
      expect((await app.graphql(undefined, '{ users { totalCount } }')).errors?.[0]?.extensions.code).toBe(
        'unauthenticated',
      );
    });
  });

  describe('a manager of users who is no admin', () => {
    it('creates and changes who may do less, but takes over nobody who may do more', async () => {
      const actor = await manager('mallory');
      const peon = await post<{ id: string }>(actor, 'users', { username: 'peon', password: PASSWORD });
      await patch(actor, `users/${peon.id}`, { password: NEXT_PASSWORD, disabled: true });

      const { id: operator } = await app.user('operator', [{ role: 'operator' }]);
      for (const id of [admin.id, operator]) {
        for (const attempt of [
          patch(actor, `users/${id}`, { password: NEXT_PASSWORD }, 403),
          patch(actor, `users/${id}`, { disabled: true }, 403),
          remove(actor, `users/${id}`, 403),
        ]) {
          expect(await attempt).toMatchObject({ code: 'forbidden' });
        }
      }
      await login('operator', PASSWORD).expect(200);
      expect(await audit({ actor: actor.id, target: operator, outcome: 'refused' })).toHaveLength(3);
      await remove(actor, `users/${peon.id}`);
    });

    it('gives nobody, and neither itself, the rights of a team that may do more', async () => {
      const actor = await manager('mona');
      const { id } = await post<Named>(actor, 'teams', { name: 'operators' });
      await put(actor, `teams/${id}/members/${actor.id}`);
      await remove(actor, `teams/${id}/members/${actor.id}`);
      await bind('operator', 'team', id);
      await put(actor, `teams/${id}/members/${actor.id}`, 403);
      await patch(actor, `teams/${id}`, { name: 'mine' }, 403);
      expect(await get(admin, `teams/${id}/members`)).toMatchObject({ totalCount: 0 });
      expect(await audit({ actor: actor.id, target: id, outcome: 'refused' })).toHaveLength(2);
    });

    it('does not become a service account that may do more', async () => {
      const actor = await manager('mike');
      const { id } = await post<Named>(actor, 'service-accounts', { name: 'mighty' });
      await post(actor, `service-accounts/${id}/tokens`, { name: 'fine' });
      await bind('admin', 'serviceAccount', id);
      await post(actor, `service-accounts/${id}/tokens`, { name: 'no' }, 403);
      await post(actor, `service-accounts/${id}/tokens?dryRun=true`, { name: 'no' }, 403);
      await patch(actor, `service-accounts/${id}`, { disabled: true }, 403);
      await remove(actor, `service-accounts/${id}`, 403);
      expect(await get(admin, `service-accounts/${id}/tokens`)).toMatchObject({ totalCount: 1 });
    });

    it('with a narrower token of an admin is no admin: the token’s limits count', async () => {
      const { token } = await post<Made>(admin, 'tokens', { name: 'users', permissions: ['users:*'] });
      const { id } = await app.user('mid-operator', [{ role: 'operator' }]);
      await patch(withToken(token), `users/${id}`, { password: NEXT_PASSWORD }, 403);
      await patch(withToken(token), `users/${admin.id}`, { password: NEXT_PASSWORD }, 403);
      await patch(withToken(token), `users/${(await createUser('nil')).id}`, { password: NEXT_PASSWORD });
    });
  });

  describe('a team', () => {
    it('is created, seen, changed and deleted', async () => {
      const team = await post<Named>(admin, 'teams', { name: 'Web', description: 'makes pages' });
      expect(team).toMatchObject({ name: 'web', description: 'makes pages' });
      expect(await get(admin, `teams/${team.id}`)).toEqual(team);
      expect(await get<{ items: Named[] }>(admin, 'teams?limit=500')).toMatchObject({
        items: expect.arrayContaining([team]),
      });
      expect(await patch(admin, `teams/${team.id}`, { name: 'pages' })).toMatchObject({ name: 'pages' });
      await post(admin, 'teams', { name: 'other' });
      await patch(admin, `teams/${team.id}`, { name: 'OTHER' }, 409);
      await post(admin, 'teams', { name: 'pages' }, 409);
      expect(await post(admin, 'teams?dryRun=true', { name: 'unmade' })).toMatchObject({ name: 'unmade' });
      expect(JSON.stringify(await get(admin, 'teams?limit=500'))).not.toContain('unmade');
      await remove(admin, `teams/${team.id}`);
      await get(admin, `teams/${team.id}`, 404);
    });

    it('gives its members its rights, at once, for as long as they are in it', async () => {
      const { id } = await post<Named>(admin, 'teams', { name: 'watchers' });
      await bind('viewer', 'team', id);
      const carol = await app.user('carol', []);
      const { token } = await post<Made>(carol, 'tokens', { name: 'ci' });
      const containers = 'engines/local/containers';
      await get(carol, containers, 404);
      await put(admin, `teams/${id}/members/${carol.id}`);
      await put(admin, `teams/${id}/members/${carol.id}`);
      for (const actor of [carol, withToken(token)]) {
        await get(actor, containers);
        expect(await get(actor, 'me')).toMatchObject({ teamIds: [id] });
      }
      expect(await get(admin, `teams/${id}/members`)).toEqual({
        items: [{ id: carol.id, username: 'carol', displayName: null, addedAt: expect.any(String) }],
        nextCursor: null,
        totalCount: 1,
      });
      await remove(admin, `teams/${id}/members/${carol.id}`);
      await get(carol, containers, 404);
      await get(withToken(token), containers, 404);
      await remove(admin, `teams/${id}/members/${carol.id}`, 404);
      const trail = await audit({ target: id, actor: 'admin', outcome: 'succeeded' });
      expect(trail.map(({ targetName }) => targetName)).toEqual([
        'watchers: remove carol',
        'watchers: add carol',
        'watchers: add carol',
      ]);
    });

    it('ends the streams of a member who leaves it', async () => {
      const { id } = await post<Named>(admin, 'teams', { name: 'loggers' });
      await bind('viewer', 'team', id);
      const actor = await app.user('leaver', []);
      await put(admin, `teams/${id}/members/${actor.id}`);
      await whileReadingLogs(actor, () => remove(admin, `teams/${id}/members/${actor.id}`));
    });
  });

  describe('a service account', () => {
    it('is created, seen, changed and deleted', async () => {
      const account = await post<Named>(admin, 'service-accounts', { name: 'Deployer' });
      expect(account).toMatchObject({ name: 'deployer', description: '', disabled: false });
      expect(await get(admin, `service-accounts/${account.id}`)).toEqual(account);
      expect(await get(admin, 'service-accounts?limit=500')).toMatchObject({
        items: expect.arrayContaining([account]),
      });
      await post(admin, 'service-accounts', { name: 'deployer' }, 409);
      await post(admin, 'service-accounts?dryRun=true', { name: 'unmade' });
      expect(JSON.stringify(await get(admin, 'service-accounts?limit=500'))).not.toContain('unmade');
      expect(await patch(admin, `service-accounts/${account.id}`, { description: 'ships' })).toMatchObject({
        description: 'ships',
        disabled: false,
      });
      await remove(admin, `service-accounts/${account.id}`);
      await get(admin, `service-accounts/${account.id}`, 404);
    });

    it('does by its API token what it has role bindings for, until it is disabled', async () => {
      const { id } = await post<Named>(admin, 'service-accounts', { name: 'lister' });
      await bind('viewer', 'serviceAccount', id);
      const made = await post<Made>(admin, `service-accounts/${id}/tokens`, {
        name: 'ci',
        engines: ['local'],
      });
      const program = withToken(made.token);
      expect(await get(program, 'me')).toMatchObject({
        kind: 'serviceAccount',
        id,
        name: 'lister',
        engines: ['local'],
      });
      await get(program, 'engines/local/containers');
      await get(program, 'users', 403);
      await get(program, 'me/sessions', 403);
      const tokens = await get<{ items: object[] }>(admin, `service-accounts/${id}/tokens`);
      expect(tokens.items).toMatchObject([{ id: made.id, ownerKind: 'serviceAccount', ownerId: id }]);
      expect(JSON.stringify(tokens)).not.toContain(made.token);
      expect(await get(admin, `tokens?owner=${id}`)).toEqual(tokens);
      await patch(admin, `service-accounts/${id}`, { disabled: true });
      await get(program, 'me', 401);
      await patch(admin, `service-accounts/${id}`, { disabled: false });
      await get(program, 'me');
      await remove(admin, `service-accounts/${id}/tokens/${made.id}`);
      await get(program, 'me', 401);
      await remove(admin, `service-accounts/${id}/tokens/${made.id}`, 404);
    });

    it('gets no token that is wider than the one that makes it, nor by a dry run', async () => {
      const { id } = await post<Named>(admin, 'service-accounts', { name: 'limited' });
      const { token } = await post<Made>(admin, 'tokens', {
        name: 'provisioning',
        permissions: ['tokens:*', 'serviceAccounts:*'],
      });
      const path = `service-accounts/${id}/tokens`;
      await post(withToken(token), path, { name: 'x', permissions: ['*:*'] }, 403);
      expect(await post(withToken(token), path, { name: 'x' })).toMatchObject({
        permissions: ['tokens:*', 'serviceAccounts:*'],
      });
      const dry = await post<Made>(admin, `${path}?dryRun=true`, { name: 'dry' });
      expect(dry).toMatchObject({ name: 'dry', token: '' });
      expect(await get(admin, path)).toMatchObject({ totalCount: 1 });
    });
  });

  describe('API tokens of others', () => {
    it('are listed and revoked with the permissions for it, and hidden without', async () => {
      const dave = await app.user('dave', []);
      const { id, token } = await post<Made>(dave, 'tokens', { name: 'daves' });
      const list = await get<{ items: object[] }>(admin, `tokens?owner=${dave.id}`);
      expect(list.items).toMatchObject([
        { id, name: 'daves', ownerKind: 'user', ownerId: dave.id, permissions: null },
      ]);
      expect(JSON.stringify(list)).not.toContain(token);
      expect(await get(admin, `tokens/${id}`)).toEqual(list.items[0]);
      expect((await app.graphql(dave, `{ apiToken(id: "${id}") { name } }`)).data).toEqual({
        apiToken: { name: 'daves' },
      });
      await get(admin, `tokens?owner=${NOBODY}`, 404);

      const eve = await app.user('eve', [{ role: 'developer' }]);
      const [real, none] = [
        await remove(eve, `tokens/${id}`, 404),
        await remove(eve, `tokens/${NOBODY}`, 404),
      ].map((problem) => ({ ...problem, requestId: '', detail: '', instance: '' }));
      expect(real).toEqual(none);
      await get(eve, `tokens/${id}`, 404);
      expect(await audit({ actor: eve.id, operation: 'tokens:delete' })).toMatchObject([
        { outcome: 'refused' },
        { outcome: 'refused' },
      ]);

      await remove(admin, `tokens/${id}`);
      await get(withToken(token), 'me', 401);
      expect(await audit({ target: id, operation: 'tokens:delete' })).toMatchObject([
        { outcome: 'succeeded', targetKind: 'apiToken', targetName: 'daves' },
      ]);
    });

    it('and wider ones of the same owner are out of a narrow token’s reach', async () => {
      const wide = await post<Made>(admin, 'tokens', { name: 'wide' });
      const narrow = await post<Made>(admin, 'tokens', { name: 'narrow', permissions: ['containers:list'] });
      const program = withToken(narrow.token);
      const { items } = await get<{ items: Named[] }>(program, 'tokens');
      expect(items.map(({ name }) => name)).toEqual(['narrow']);
      expect((await app.graphql(program, '{ apiTokens { nodes { name } } }')).data).toEqual({
        apiTokens: { nodes: [{ name: 'narrow' }] },
      });
      await remove(program, `tokens/${wide.id}`, 404);
      const byGraphql = await app.graphql(program, `mutation { revokeApiToken(id: "${wide.id}") }`);
      expect(byGraphql.errors?.[0]?.extensions.code).toBe('not_found');
      await get(withToken(wide.token), 'me');
      await remove(program, `tokens/${narrow.id}`);
    });
  });

  describe('sessions', () => {
    const begin = async (username: string, userAgent: string): Promise<TestActor> => {
      const signedIn = await login(username, PASSWORD).set('user-agent', userAgent).expect(200);
      return withToken((signedIn.body as { accessToken: string }).accessToken);
    };

    it('are seen and ended by their user, who knows which one is in use', async () => {
      await createUser('frank');
      const laptop = await begin('frank', 'laptop/1.0');
      const phone = await begin('frank', 'phone/1.0');
      const { items } = await get<{ items: Session[] }>(laptop, 'me/sessions');
      expect(items.map(({ current, userAgent }) => [current, userAgent]).sort()).toEqual([
        [false, 'phone/1.0'],
        [true, 'laptop/1.0'],
      ]);
      expect(items[0]).toEqual({
        id: expect.any(String),
        current: expect.any(Boolean),
        createdAt: expect.any(String),
        lastUsedAt: expect.any(String),
        expiresAt: expect.any(String),
        address: expect.stringContaining('127.0.0.1'),
        userAgent: expect.any(String),
      });
      const other = items.find(({ current }) => !current);
      await remove(laptop, `me/sessions/${other?.id ?? ''}`);
      await get(phone, 'me', 401);
      await get(laptop, 'me');
      await remove(laptop, `me/sessions/${other?.id ?? ''}`, 404);
    });

    it('are not for API tokens, nor for other users', async () => {
      const grace = await app.user('grace', []);
      const { token } = await post<Made>(grace, 'tokens', { name: 'ci' });
      const { items } = await get<{ items: Session[] }>(grace, 'me/sessions');
      const path = `me/sessions/${items[0]?.id ?? ''}`;
      await get(withToken(token), 'me/sessions', 403);
      await remove(withToken(token), path, 403);
      await remove(await app.user('henry', []), path, 404);
      await get(grace, 'me');
    });

    it('of any user are listed and ended by an admin', async () => {
      const { id } = await createUser('ivan');
      const all = [await begin('ivan', 'a'), await begin('ivan', 'b'), await begin('ivan', 'c')];
      const { items } = await get<{ items: Session[] }>(admin, `users/${id}/sessions`);
      expect(items.map(({ current }) => current)).toEqual([false, false, false]);
      await remove(admin, `users/${admin.id}/sessions/${items[0]?.id ?? ''}`, 404);
      await remove(admin, `users/${id}/sessions/${items[0]?.id ?? ''}`);
      const alive = async () => {
        const answers = await Promise.all(all.map((actor) => app.rest(actor).get('/api/v1/me')));
        return answers.filter(({ status }) => status === 200).length;
      };
      expect(await alive()).toBe(2);
      await remove(admin, `users/${id}/sessions`);
      expect(await alive()).toBe(0);
      expect(await get(admin, `users/${id}/sessions`)).toMatchObject({ totalCount: 0 });
      expect(await audit({ target: 'ivan', operation: 'users:update' })).toMatchObject([
        { targetKind: 'session' },
        { targetKind: 'session', targetId: items[0]?.id },
      ]);
    });

    it('that end take their streams with them', async () => {
      const actor = await app.user('judy', [{ role: 'viewer' }]);
      const { items } = await get<{ items: Session[] }>(actor, 'me/sessions');
      await whileReadingLogs(actor, () => remove(actor, `me/sessions/${items[0]?.id ?? ''}`));
    });
  });

  it('goes on from a database of before there were teams', async () => {
    const old = kind === 'postgres' ? await freshDatabase() : undefined;
    const dataDir = await mkdtemp(join(tmpdir(), 'dockmaster-before-'));
    const dialect = old ? openPostgres({ url: old.url }) : openSqlite(join(dataDir, 'dockmaster.db'));
    const before = new Kysely<Schema>({ dialect });
    const [first = ''] = Object.keys(MIGRATIONS);
    const provider = { getMigrations: () => Promise.resolve({ [first]: MIGRATIONS[first] as Migration }) };
    expect((await new Migrator({ db: before, provider }).migrateToLatest()).error).toBeUndefined();
    await sql`insert into user_account values ('u', 'olga', 'hash', 0, 3, 1, 2)`.execute(before);
    await before.destroy();

    const db = await openDatabase({ dataDir, databaseUrl: old?.url });
    expect(await db.selectFrom('user_account').selectAll().execute()).toMatchObject([
      { id: 'u', username: 'olga', display_name: null, session_epoch: 3, created_at: 1 },
    ]);
    for (const table of ['team', 'team_member', 'service_account'] as const)
      expect(await db.selectFrom(table).selectAll().execute()).toEqual([]);
    await db.destroy();
    await old?.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('all of it goes by GraphQL too', async () => {
    const run = async (query: string, variables: Record<string, unknown> = {}) => {
      const { data, errors } = await app.graphql(admin, query, variables);
      expect(errors).toBeUndefined();
      return (data ?? {}) as Record<string, Record<string, unknown>>;
    };
    const user = `id username displayName disabled createdAt updatedAt`;
    const input = { username: 'kim', displayName: 'Kim', password: PASSWORD };
    const create = `mutation ($input: CreateUserInput!, $dryRun: Boolean) {
      createUser(input: $input, dryRun: $dryRun) { ${user} }
    }`;
    expect((await run(create, { input, dryRun: true }))['createUser']).toMatchObject({ username: 'kim' });
    const { createUser: kim = {} } = await run(create, { input });
    const id = kim['id'];
    expect(await run(`query ($id: String!) { user(id: $id) { ${user} } }`, { id })).toEqual({ user: kim });
    expect(
      await run(`{ users(first: 1, filter: { username: "kim", disabled: false }) {
        totalCount nodes { id } pageInfo { hasNextPage }
      } }`),
    ).toEqual({ users: { totalCount: 1, nodes: [{ id }], pageInfo: { hasNextPage: false } } });
    const update = `mutation ($id: String!, $input: UpdateUserInput!) {
      updateUser(id: $id, input: $input) { displayName }
    }`;
    expect(await run(update, { id, input: { displayName: 'K.' } })).toEqual({
      updateUser: { displayName: 'K.' },
    });

    const { createTeam: team = {} } = await run(
      'mutation { createTeam(input: { name: "kims" }, dryRun: false) { id name description } }',
    );
    const members = { id: team['id'], userId: id };
    const membership = 'mutation ($id: String!, $userId: String!) {';
    await run(`${membership} addTeamMember(id: $id, userId: $userId) }`, members);
    expect(
      await run('query ($id: String!) { team(id: $id) { name } teamMembers(id: $id) { nodes { id } } }', {
        id: team['id'],
      }),
    ).toEqual({ team: { name: 'kims' }, teamMembers: { nodes: [{ id }] } });
    await run(`${membership} removeTeamMember(id: $id, userId: $userId) }`, members);
    await run(
      `mutation ($id: String!) { updateTeam(id: $id, input: { description: "x" }) { id } deleteTeam(id: $id) }`,
      { id: team['id'] },
    );
    expect(JSON.stringify(await run('{ teams { nodes { name } } }'))).not.toContain('kims');

    const { createServiceAccount: account = {} } = await run(
      'mutation { createServiceAccount(input: { name: "kims-bot" }) { id name } }',
    );
    const made = await run(
      `mutation ($id: String!) {
        updateServiceAccount(id: $id, input: { description: "bot" }) { description }
        createServiceAccountToken(id: $id, input: { name: "ci" }) { id token ownerId }
      }`,
      { id: account['id'] },
    );
    const token = made['createServiceAccountToken'];
    expect(await get(withToken(String(token?.['token'])), 'me')).toMatchObject({ name: 'kims-bot' });
    expect(
      await run(
        `query ($id: String!) {
          serviceAccount(id: $id) { description } serviceAccounts { nodes { name } } apiTokens(owner: $id) { nodes { id } }
        }`,
        { id: account['id'] },
      ),
    ).toMatchObject({
      serviceAccount: { description: 'bot' },
      serviceAccounts: { nodes: expect.arrayContaining([{ name: 'kims-bot' }]) },
      apiTokens: { nodes: [{ id: token?.['id'] }] },
    });
    await run('mutation ($id: String!) { deleteServiceAccount(id: $id) }', { id: account['id'] });

    await login('kim', PASSWORD).expect(200);
    await login('kim', PASSWORD).expect(200);
    const { userSessions } = await run(
      'query ($id: String!) { userSessions(id: $id) { nodes { id current } } sessions { nodes { current } } }',
      { id },
    );
    const [session] = userSessions?.['nodes'] as Session[];
    expect(
      await run(
        `mutation ($id: String!, $sessionId: String!) {
          endUserSession(id: $id, sessionId: $sessionId) endUserSessions(id: $id)
        }`,
        { id, sessionId: session?.id },
      ),
    ).toEqual({ endUserSession: true, endUserSessions: true });
    const own = await app.user('lou', []);
    const mine = await app.graphql(own, '{ sessions { nodes { id current } } }');
    const [current] = (mine.data?.['sessions'] as { nodes: Session[] }).nodes;
    expect(current).toMatchObject({ current: true });
    expect(await app.graphql(own, `mutation { endSession(id: "${current?.id ?? ''}") }`)).toEqual({
      data: { endSession: true },
    });
    await get(own, 'me', 401);
    expect(await run('mutation ($id: String!) { deleteUser(id: $id) }', { id })).toEqual({
      deleteUser: true,
    });
  });
});
