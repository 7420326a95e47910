import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AccessReview } from '../src/access/access-review.model.js';
import type { MyAccess } from '../src/access/my-access.model.js';
import type { RoleBinding } from '../src/access/role-binding.model.js';
import type { AuditRecord } from '../src/audit/audit-record.model.js';
import type { CreatedApiToken } from '../src/identity/api-token.model.js';
import { type TestActor, TestApp } from './support/app.js';
import { eventually } from './support/eventually.js';
import { freshDatabase, type FreshDatabase } from './support/postgres.js';
import { TestContainers } from './support/test-containers.js';
import { TestImages } from './support/test-images.js';

const ROLES = '/api/v1/roles';
const BINDINGS = '/api/v1/role-bindings';
const REVIEWS = '/api/v1/access-reviews';
const EVERYWHERE = { engines: ['*'] };
const WEB = { engines: ['local'], labelSelector: 'team=web' };
const NOBODY = '01890a5d-ac96-774b-bcce-b302099a8057';

describe.each(['sqlite', 'postgres'] as const)('managing access on %s', (kind) => {
  let server: FreshDatabase | undefined;
  let app: TestApp;
  let admin: TestActor;
  let containers: TestContainers;
  beforeAll(async () => {
    server = kind === 'postgres' ? await freshDatabase() : undefined;
    app = await TestApp.start({ environment: server ? { DATABASE_URL: server.url } : {} });
    admin = await app.admin();
    containers = new TestContainers(app, admin);
  });
  afterAll(async () => {
    await containers.removeAll();
    await app.stop();
    await server?.drop();
  });

  const userNamed = (name: string) => app.user(`${name}-${kind}`, []);
  const bind = async (to: { id: string }, role: string, rest: object = {}): Promise<RoleBinding> => {
    const body = { role, subject: { kind: 'user', id: to.id }, scope: EVERYWHERE, ...rest };
    return (await app.rest(admin).post(BINDINGS).send(body).expect(201)).body as RoleBinding;
  };
  const bindingsOf = async ({ id }: { id: string }) => {
    const listed = await app.rest(admin).get(BINDINGS).query({ subjectKind: 'user', subjectId: id });
    return (listed.body as { items: RoleBinding[] }).items;
  };
  const refusals = async (actor: TestActor, operation: string) => {
    const listed = await app
      .rest(admin)
      .get('/api/v1/audit')
      .query({ actor: actor.id, operation, outcome: 'refused' })
      .expect(200);
    return (listed.body as { items: AuditRecord[] }).items;
  };
  const review = async (actor: TestActor, question: object): Promise<AccessReview> =>
    (await app.rest(actor).post(REVIEWS).send(question).expect(200)).body as AccessReview;

  describe('a developer of team=web at baseline', () => {
    let dev: TestActor;
    let binding: RoleBinding;
    beforeAll(async () => {
      dev = await userNamed('dev');
      binding = await bind(dev, 'developer', { scope: WEB });
    });

    it('works in it', async () => {
      const mine = new TestContainers(app, dev);
      const { id } = await containers.run({ labels: { team: 'web' } });
      await app.rest(dev).get(`${mine.path}/${id}`).expect(200);
      await app.rest(dev).post(`${mine.path}/${id}/stop`).expect(204);
      const made = await app
        .rest(dev)
        .post(mine.path)
        .send({ image: 'busybox', labels: { team: 'web', ...containers.labels } })
        .expect(201);
      await app
        .rest(dev)
        .delete(`${mine.path}/${(made.body as { id: string }).id}`)
        .expect(204);
    });

    it('sees nothing else, and makes nothing else', async () => {
      const other = await containers.create({ labels: { team: 'db' } });
      await app.rest(dev).get(`${containers.path}/${other.id}`).expect(404);
      const listed = await app
        .rest(dev)
        .get(containers.path)
        .query({ label: containers.selector, limit: 500 });
      expect((listed.body as { items: { id: string }[] }).items.map(({ id }) => id)).not.toContain(other.id);
      await app
        .rest(dev)
        .post(containers.path)
        .send({ image: 'busybox', labels: { team: 'db' } })
        .expect(403);
    });

    it('is no more than baseline', async () => {
      const privileged = { image: 'busybox', labels: { team: 'web' }, security: { privileged: true } };
      const refused = await app.rest(dev).post(containers.path).send(privileged).expect(403);
      expect(refused.body).toMatchObject({ code: 'policy_violation' });
    });

    it('manages nobody', async () => {
      await app.rest(dev).get(BINDINGS).expect(403);
      await app.rest(dev).get(`${BINDINGS}/${binding.id}`).expect(403);
      await app
        .rest(dev)
        .post(ROLES)
        .send({ name: 'mine', permissions: ['containers:list'] })
        .expect(403);
    });

    it('has the binding, with the name of who has it', async () => {
      expect(binding).toEqual({
        id: expect.any(String),
        role: 'developer',
        subject: { kind: 'user', id: dev.id, name: dev.username },
        scope: { engines: ['local'], labelSelector: 'team=web', owned: false, imageRepositories: null },
        level: 'baseline',
        createdAt: expect.any(String),
        createdBy: admin.id,
      });
      await app.rest(admin).get(`${BINDINGS}/${binding.id}`).expect(200, binding);
    });

    it('has another scope as soon as the binding has', async () => {
      const { id } = await containers.create({ labels: { team: 'db' } });
      const scope = { engines: ['local'], labelSelector: 'team=db' };
      await app.rest(admin).patch(`${BINDINGS}/${binding.id}`).send({ scope }).expect(200);
      await app.rest(dev).get(`${containers.path}/${id}`).expect(200);
      await app.rest(admin).patch(`${BINDINGS}/${binding.id}`).send({ scope: WEB }).expect(200);
      await app.rest(dev).get(`${containers.path}/${id}`).expect(404);
    });
  });

  describe('a role of one’s own', () => {
    it('is effective at once, when made, changed and taken away', async () => {
      const reader = await userNamed('reader');
      const { id } = await containers.create();
      const permissions = ['containers:list', 'containers:get'];
      const role = await app.rest(admin).post(ROLES).send({ name: 'reader', permissions }).expect(201);
      expect(role.body).toEqual({ name: 'reader', description: '', permissions, builtIn: false });
      await app.rest(reader).get(`${containers.path}/${id}`).expect(404);

      const binding = await bind(reader, 'reader');
      await app.rest(reader).get(`${containers.path}/${id}`).expect(200);
      await app.rest(reader).post(`${containers.path}/${id}/start`).expect(403);

      const change = { permissions: [...permissions, 'containers:start'], description: 'Starts too' };
      await app.rest(admin).patch(`${ROLES}/reader`).send(change).expect(200);
      await app.rest(reader).post(`${containers.path}/${id}/start`).expect(204);

      const inUse = await app.rest(admin).delete(`${ROLES}/reader`).expect(409);
      expect((inUse.body as { detail: string }).detail).toContain('1 role binding');

      await app.rest(admin).delete(`${BINDINGS}/${binding.id}`).expect(204);
      await app.rest(reader).get(`${containers.path}/${id}`).expect(404);
      await app.rest(admin).delete(`${ROLES}/reader`).expect(204);
      await app.rest(admin).get(`${ROLES}/reader`).expect(404);
    });

    it('holds only permissions that there are', async () => {
      const body = { name: 'wrong', permissions: ['containers:list', 'containers:fly'] };
      const refused = await app.rest(admin).post(ROLES).send(body).expect(400);
      expect(refused.body).toMatchObject({ errors: [{ field: 'permissions.1' }] });
    });

    it('does not replace a built-in one', async () => {
      await app
        .rest(admin)
        .post(ROLES)
        .send({ name: 'viewer', permissions: ['*:*'] })
        .expect(409);
      await app
        .rest(admin)
        .patch(`${ROLES}/viewer`)
        .send({ permissions: ['*:*'] })
        .expect(409);
      const refused = await app.rest(admin).delete(`${ROLES}/viewer`).expect(409);
      expect((refused.body as { detail: string }).detail).toBe(
        'The role viewer is built in and can not be changed',
      );
      expect((await app.rest(admin).get(`${ROLES}/viewer`).expect(200)).body).toMatchObject({
        builtIn: true,
      });
    });
  });

  describe('who manages roles without being admin', () => {
    let manager: TestActor;
    let friend: TestActor;
    beforeAll(async () => {
      manager = await userNamed('manager');
      friend = await userNamed('friend');
      const permissions = ['roles:*', 'roleBindings:*', 'users:*'];
      await app.rest(admin).post(ROLES).send({ name: 'manager', permissions }).expect(201);
      await bind(manager, 'manager');
      await bind(manager, 'operator', { scope: { engines: ['local'] } });
    });
    const giving = (role: string, rest: object = {}) =>
      app
        .rest(manager)
        .post(BINDINGS)
        .send({ role, subject: { kind: 'user', id: friend.id }, scope: { engines: ['local'] }, ...rest });

    it('gives what he has', async () => {
      await giving('viewer').expect(201);
      await giving('operator', { scope: WEB, level: 'restricted' }).expect(201);
      expect((await bindingsOf(friend)).map(({ role }) => role)).toEqual(['viewer', 'operator']);
    });

    it.each([
      ['a role with more', 'admin', {}],
      ['it on other engines', 'operator', { scope: EVERYWHERE }],
      ['it up to a higher level', 'operator', { level: 'privileged' }],
      ['himself more', 'developer', {}],
    ])('does not give %s, and that is on record', async (what, role, rest) => {
      const before = (await refusals(manager, 'roleBindings:create')).length;
      const subject = what.startsWith('himself') ? { subject: { kind: 'user', id: manager.id } } : {};
      await giving(role, { ...rest, ...subject }).expect(403);
      const after = await refusals(manager, 'roleBindings:create');
      expect(after).toHaveLength(before + 1);
      expect(after[0]).toMatchObject({ reason: expect.stringMatching(/what you do not have yourself/) });
    });

    it('does not widen a binding, nor a role, to more than he has', async () => {
      const [own] = await bindingsOf(manager);
      const binding = await giving('operator').expect(201);
      const { id } = binding.body as RoleBinding;
      await app.rest(manager).patch(`${BINDINGS}/${id}`).send({ level: 'privileged' }).expect(403);
      await app.rest(manager).patch(`${BINDINGS}/${id}`).send({ scope: EVERYWHERE }).expect(403);
      await app
        .rest(manager)
        .patch(`${ROLES}/manager`)
        .send({ permissions: ['*:*'] })
        .expect(403);
      await app
        .rest(manager)
        .post(ROLES)
        .send({ name: 'more', permissions: ['containers:exec'] })
        .expect(403);
      expect(await refusals(manager, 'roleBindings:update')).toHaveLength(2);
      expect(await refusals(manager, 'roles:update')).toHaveLength(1);
      expect(await refusals(manager, 'roles:create')).toHaveLength(1);
      expect(own).toMatchObject({ role: 'manager' });
      await app.rest(admin).get(`${ROLES}/more`).expect(404);
    });

    it('does not get round it with a token that may less', async () => {
      const made = await app
        .rest(admin)
        .post('/api/v1/tokens')
        .send({ name: 'narrow', permissions: ['roleBindings:*'] })
        .expect(201);
      const { token } = made.body as CreatedApiToken;
      const narrowed = { ...admin, token, authorization: `Bearer ${token}` };
      const body = { role: 'viewer', subject: { kind: 'user', id: friend.id }, scope: EVERYWHERE };
      await app.rest(narrowed).post(BINDINGS).send(body).expect(403);
    });
  });

  describe('an admin of one engine', () => {
    it('is none of what belongs to no engine', async () => {
      const local = await userNamed('local-admin');
      await bind(local, 'admin', { scope: { engines: ['local'] }, level: 'privileged' });
      await app.rest(local).get(containers.path).query({ limit: 1 }).expect(200);
      await app.rest(local).get('/api/v1/audit').expect(403);
      await app.rest(local).get(BINDINGS).expect(403);
    });
  });

  describe('the last admin', () => {
    it('keeps the role, until there is another', async () => {
      const [own] = await bindingsOf(admin);
      const path = `${BINDINGS}/${String(own?.id)}`;
      await app.rest(admin).delete(path).expect(409);
      await app.rest(admin).patch(path).send({ scope: WEB }).expect(409);
      expect(await bindingsOf(admin)).toEqual([own]);

      const second = await userNamed('second');
      const given = await bind(second, 'admin', { level: 'privileged' });
      await app.rest(second).delete(path).expect(204);
      await app.rest(second).delete(`${BINDINGS}/${given.id}`).expect(409);
      const back = {
        role: 'admin',
        subject: { kind: 'user', id: admin.id },
        scope: EVERYWHERE,
        level: 'privileged',
      };
      await app.rest(second).post(BINDINGS).send(back).expect(201);
      await app.rest(admin).delete(`${BINDINGS}/${given.id}`).expect(204);
    });
  });

  describe('a binding', () => {
    it.each([
      ['a role that there is not', { role: 'no-such-role' }, 'role'],
      ['somebody who there is not', { subject: { kind: 'user', id: NOBODY } }, 'subject.id'],
      ['a team that there is not', { subject: { kind: 'team', id: NOBODY } }, 'subject.id'],
      ['a selector that is none', { scope: { engines: ['*'], labelSelector: 'a b c' } }, 'labelSelector'],
      ['no engine', { scope: { engines: [] } }, 'scope.engines'],
      ['a level that there is not', { level: 'root' }, 'level'],
      ['a field that there is not', { verb: 'x' }, 'verb'],
    ])('is refused for %s', async (_, rest, field) => {
      const body = { role: 'viewer', subject: { kind: 'user', id: admin.id }, scope: EVERYWHERE, ...rest };
      const refused = await app.rest(admin).post(BINDINGS).send(body).expect(400);
      expect(refused.body).toMatchObject({ errors: [{ field }] });
    });

    it('is listed by role and subject, page by page', async () => {
      const many = await userNamed('many');
      for (const role of ['viewer', 'operator', 'viewer']) await bind(many, role);
      const query = { subjectId: many.id, role: 'viewer', limit: 1 };
      const first = await app.rest(admin).get(BINDINGS).query(query).expect(200);
      const page = first.body as { items: RoleBinding[]; nextCursor: string; totalCount: number };
      expect(page).toMatchObject({ items: [{ role: 'viewer' }], totalCount: 2 });
      const second = await app
        .rest(admin)
        .get(BINDINGS)
        .query({ ...query, after: page.nextCursor })
        .expect(200);
      const next = second.body as { items: RoleBinding[]; nextCursor: string | null };
      expect(next).toMatchObject({ items: [{ role: 'viewer' }], nextCursor: null });
      expect(next.items[0]?.id).not.toBe(page.items[0]?.id);
    });

    it('that is not there is not found', async () => {
      await app.rest(admin).get(`${BINDINGS}/${NOBODY}`).expect(404);
      await app.rest(admin).patch(`${BINDINGS}/${NOBODY}`).send({ level: 'baseline' }).expect(404);
      await app.rest(admin).delete(`${BINDINGS}/${NOBODY}`).expect(404);
    });
  });

  describe('a dry run', () => {
    it('answers what would be made, and writes nothing', async () => {
      const user = await userNamed('rehearsed');
      const role = { name: 'rehearsed', permissions: ['containers:list'] };
      const shown = await app.rest(admin).post(ROLES).query({ dryRun: true }).send(role).expect(201);
      expect(shown.body).toMatchObject(role);
      await app.rest(admin).get(`${ROLES}/rehearsed`).expect(404);

      const body = { role: 'viewer', subject: { kind: 'user', id: user.id }, scope: EVERYWHERE };
      const bound = await app.rest(admin).post(BINDINGS).query({ dryRun: true }).send(body).expect(201);
      expect(bound.body).toMatchObject(body);
      expect(await bindingsOf(user)).toEqual([]);
      const audit = await app.rest(admin).get('/api/v1/audit').query({ target: 'rehearsed' });
      expect((audit.body as { items: unknown[] }).items).toEqual([]);
    });

    it('refuses what would be refused', async () => {
      const user = await userNamed('rehearser');
      const body = { role: 'viewer', subject: { kind: 'user', id: user.id }, scope: EVERYWHERE };
      await app.rest(user).post(BINDINGS).query({ dryRun: true }).send(body).expect(403);
      const taken = { name: 'viewer', permissions: ['*:*'] };
      await app.rest(admin).post(ROLES).query({ dryRun: true }).send(taken).expect(409);
    });
  });

  describe('an access review', () => {
    let dev: TestActor;
    let binding: RoleBinding;
    let web: string;
    let db: string;
    beforeAll(async () => {
      dev = await userNamed('reviewed');
      await bind(dev, 'viewer', { scope: { engines: ['edge'] } });
      binding = await bind(dev, 'developer', { scope: WEB });
      web = (await containers.create({ labels: { team: 'web' } })).id;
      db = (await containers.create({ labels: { team: 'db' } })).id;
    });
    const about = (target: object | undefined, rest: object = {}) => ({
      subject: { kind: 'user', id: dev.id },
      permission: 'containers:exec',
      engine: 'local',
      ...(target ? { target } : {}),
      ...rest,
    });

    it('names the binding that allows it', async () => {
      expect(await review(admin, about({ kind: 'container', id: web }))).toEqual({
        allowed: true,
        reason: 'The role developer allows containers:exec here, up to baseline',
        decidedBy: { binding: binding.id, role: 'developer', scope: binding.scope, rule: 'roleBinding' },
        considered: [
          expect.objectContaining({
            role: 'viewer',
            outcome: 'doesNotAllow',
            why: expect.stringContaining('edge'),
          }),
          expect.objectContaining({ binding: binding.id, outcome: 'allows' }),
        ],
      });
    });

    it('tells why not, and that the container is hidden then', async () => {
      const answer = await review(admin, about({ kind: 'container', id: db }));
      expect(answer).toMatchObject({
        allowed: false,
        reason: expect.stringContaining('does not exist for it'),
        decidedBy: null,
        considered: [{}, { outcome: 'doesNotAllow', why: 'the labels do not meet team=web' }],
      });
    });

    it.each<[what: string, question: object, allowed: boolean, rule: string | undefined]>([
      ['an operation', { permission: undefined, operation: 'ContainerExec' }, false, undefined],
      ['everything', {}, false, undefined],
      ['a list, which is cut down', { permission: 'containers:list' }, true, 'roleBinding'],
      [
        'a container to be made',
        { permission: 'containers:create', target: { kind: 'container', labels: { team: 'web' } } },
        true,
        'roleBinding',
      ],
      [
        'a container to be made for others',
        { permission: 'containers:create', target: { kind: 'container', labels: { team: 'db' } } },
        false,
        undefined,
      ],
      [
        'a level that the binding does not reach',
        { level: 'privileged', target: { kind: 'container', labels: { team: 'web' } } },
        false,
        'securityLevel',
      ],
      ['what belongs to no engine', { permission: 'users:list', engine: undefined }, false, undefined],
    ])('answers about %s', async (_, question, allowed, rule) => {
      const answer = await review(admin, about(undefined, question));
      expect({ allowed: answer.allowed, rule: answer.decidedBy?.rule }).toEqual({ allowed, rule });
    });

    it('answers as the gate decides', async () => {
      for (const [id, permission, path] of [
        [web, 'containers:stats', `${web}/stats?stream=false`],
        [web, 'containers:get', web],
        [db, 'containers:get', db],
      ] as const) {
        const { allowed } = await review(admin, about({ kind: 'container', id }, { permission }));
        const { status } = await app.rest(dev).get(`${containers.path}/${path}`);
        expect(status < 400).toBe(allowed);
      }
    });

    it('answers about volumes, networks and images as the gate decides', async () => {
      const images = new TestImages(app, admin);
      const shop = images.repository('shop');
      const scope = { engines: ['local'], imageRepositories: [`${images.suite}/shop-*`] };
      await bind(dev, 'developer', { scope });
      const make = async (kind: string, team: string) => {
        const body = { name: `${team}-${images.suite}-${kind}`, labels: { team } };
        await app.rest(admin).post(`/api/v1/engines/local/${kind}s`).send(body).expect(201);
        return body.name;
      };
      const other = images.repository('other');
      await images.make(shop);
      await images.make(other);
      for (const [kind, name, expected] of [
        ['volume', await make('volume', 'web'), true],
        ['volume', await make('volume', 'db'), false],
        ['network', await make('network', 'web'), true],
        ['network', await make('network', 'db'), false],
        ['image', shop, true],
        ['image', other, false],
      ] as const) {
        const target = { kind, id: name };
        const question = about(target, { permission: `${kind}s:delete` });
        expect({ name, ...(await review(admin, question)) }).toMatchObject({ name, allowed: expected });
        const path = `/api/v1/engines/local/${kind}s/${encodeURIComponent(name)}`;
        await app
          .rest(dev)
          .delete(path)
          .expect(expected ? (kind === 'image' ? 200 : 204) : 404);
        if (!expected) await app.rest(admin).delete(path);
        // Gone now: for whoever asks.
        await eventually(
          async () => (await app.rest(admin).post(REVIEWS).send(question)).status,
          (status) => status === 404,
        );
      }
    });

    it('is of oneself without any permission, with the limits of the token in use', async () => {
      const question = {
        permission: 'containers:start',
        engine: 'local',
        target: { kind: 'container', id: web },
      };
      expect(await review(dev, question)).toMatchObject({ allowed: true });
      const made = await app
        .rest(dev)
        .post('/api/v1/tokens')
        .send({ name: 'narrow', permissions: ['containers:list', 'containers:get'] })
        .expect(201);
      const { token } = made.body as CreatedApiToken;
      const narrowed = { ...dev, token, authorization: `Bearer ${token}` };
      expect(await review(narrowed, question)).toMatchObject({
        allowed: false,
        decidedBy: { rule: 'tokenLimits', binding: binding.id },
      });
    });

    it('is of others only for who may list role bindings', async () => {
      await app
        .rest(dev)
        .post(REVIEWS)
        .send({ ...about(undefined), subject: { kind: 'user', id: admin.id } })
        .expect(403);
    });

    it('finds only what the one who asks may see', async () => {
      const question = {
        permission: 'containers:start',
        engine: 'local',
        target: { kind: 'container', id: db },
      };
      const hidden = await app.rest(dev).post(REVIEWS).send(question).expect(404);
      const missing = await app
        .rest(dev)
        .post(REVIEWS)
        .send({ ...question, target: { kind: 'container', id: 'f'.repeat(64) } })
        .expect(404);
      const words = (body: unknown) => (body as { detail: string }).detail.replace(/: .*/, '');
      expect(words(hidden.body)).toBe(words(missing.body));
      await app
        .rest(dev)
        .post(REVIEWS)
        .send({ ...question, engine: 'edge' })
        .expect(404);
      await app
        .rest(admin)
        .post(REVIEWS)
        .send(about(undefined, { subject: { kind: 'team', id: NOBODY } }))
        .expect(404);
    });

    it.each([
      ['neither permission nor operation', { permission: undefined }, 'permission'],
      ['both', { operation: 'ContainerStart' }, 'permission'],
      ['a permission that there is not', { permission: 'containers:fly' }, 'permission'],
      ['an operation that there is not', { permission: undefined, operation: 'ContainerFly' }, 'operation'],
      ['a target of another kind', { target: { kind: 'image', id: 'busybox' } }, 'target.kind'],
      ['a target without id and labels', { target: { kind: 'container' } }, 'target.id'],
      ['a target on no engine', { engine: undefined, target: { kind: 'container', id: 'x' } }, 'engine'],
    ])('refuses %s', async (_, rest, field) => {
      const refused = await app.rest(admin).post(REVIEWS).send(about(undefined, rest)).expect(400);
      expect(refused.body).toMatchObject({ errors: [{ field }] });
    });
  });

  describe('what one may do oneself', () => {
    it('is told with its roles, its engines and the limits of the token', async () => {
      const dev = await userNamed('self');
      const { id } = await bind(dev, 'viewer', { scope: WEB });
      const mine = (await app.rest(dev).get('/api/v1/me/access').expect(200)).body as MyAccess;
      expect(mine).toMatchObject({
        roles: [{ binding: id, role: 'viewer', via: 'user', viaId: dev.id, level: 'baseline', scope: WEB }],
        tokenPermissions: null,
        everywhere: [],
        engines: [{ engine: 'local', everywhere: [] }],
      });
      expect(mine.engines[0]?.permissions).toContain('containers:logs');
      expect(mine.engines[0]?.permissions).not.toContain('containers:start');
    });

    it('is nothing without a role', async () => {
      const told = await app
        .rest(await userNamed('roleless'))
        .get('/api/v1/me/access')
        .expect(200);
      expect(told.body).toMatchObject({ roles: [], everywhere: [], engines: [] });
    });
  });

  it('does the same by GraphQL', async () => {
    const user = await userNamed('graph');
    const run = async (actor: TestActor, query: string, variables: object = {}) => {
      const { data, errors } = await app.graphql(actor, query, { ...variables });
      expect(errors).toBeUndefined();
      return data;
    };
    const input = { name: 'graph', permissions: ['containers:list'] };
    const create =
      'mutation ($input: CreateRoleInput!, $dryRun: Boolean) { createRole(input: $input, dryRun: $dryRun) { name builtIn } }';
    await run(admin, create, { input, dryRun: true });
    await run(admin, create, { input });
    await run(
      admin,
      'mutation { updateRole(name: "graph", input: { permissions: ["containers:get"] }) { permissions } }',
    );
    expect(await run(admin, '{ role(name: "graph") { permissions } roles { name } }')).toMatchObject({
      role: { permissions: ['containers:get'] },
      roles: expect.arrayContaining([{ name: 'graph' }, { name: 'admin' }]),
    });

    const bound = await run(
      admin,
      'mutation ($input: CreateRoleBindingInput!) { createRoleBinding(input: $input) { id subject { name } } }',
      { input: { role: 'graph', subject: { kind: 'user', id: user.id }, scope: { engines: ['local'] } } },
    );
    const { id } = bound?.['createRoleBinding'] as { id: string };
    await run(
      admin,
      'mutation ($id: String!) { updateRoleBinding(id: $id, input: { level: "restricted" }) { level } }',
      { id },
    );
    const listed = await run(
      admin,
      `query ($id: String!, $user: String!) {
        roleBinding(id: $id) { level scope { engines } }
        roleBindings(filter: { subjectId: $user }) { totalCount nodes { id } }
        accessReview(input: { subject: { kind: "user", id: $user }, permission: "containers:get", engine: "local" }) {
          allowed decidedBy { binding rule }
        }
      }`,
      { id, user: user.id },
    );
    expect(listed).toEqual({
      roleBinding: { level: 'restricted', scope: { engines: ['local'] } },
      roleBindings: { totalCount: 1, nodes: [{ id }] },
      accessReview: { allowed: true, decidedBy: { binding: id, rule: 'roleBinding' } },
    });
    expect(await run(user, '{ me { access { everywhere engines { engine everywhere } } } }')).toEqual({
      me: { access: { everywhere: [], engines: [{ engine: 'local', everywhere: ['containers:get'] }] } },
    });
    await run(admin, 'mutation ($id: String!) { deleteRoleBinding(id: $id) }', { id });
    await run(admin, 'mutation { deleteRole(name: "graph") }');
    const refused = await app.graphql(user, '{ roleBindings { totalCount } }');
    expect(refused.errors?.[0]?.extensions.code).toBe('forbidden');
  });
});
