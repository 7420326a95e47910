import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UsersService } from '../src/identity/users.service.js';
import type { TestActor } from './support/app.js';
import { type Call, HostileGround } from './support/hostile-ground.js';

const PASSWORD = 'a password for tests';
const NEXT_PASSWORD = 'another password for tests';
const EVERYWHERE = { engines: ['*'] };
const LOCAL = { engines: ['local'] };
const WEB = { engines: ['local'], labelSelector: 'team=web' };
const MANAGES = ['roles:*', 'roleBindings:*', 'users:*', 'teams:*', 'serviceAccounts:*', 'tokens:*'];

/** Nobody becomes more than he is by managing who is what: users, teams, service accounts, tokens, roles, bindings. */
describe('becoming more', () => {
  let ground: HostileGround;
  /** Who is above: by a binding of its own, by a team only, and the admin. */
  let above: Record<'chief' | 'member' | 'admin', string>;
  let team: string;
  let robot: string;
  /** Of who has little. */
  let friend: TestActor;
  let ids: Record<string, string>;
  let managers: Record<'everywhere' | 'web' | 'owner' | 'images', TestActor>;

  beforeAll(async () => {
    ground = await HostileGround.start();
    const { app, admin } = ground;
    await ground.make('roles', { name: 'manager', permissions: MANAGES });
    await ground.make('roles', { name: 'power', permissions: ['containers:list', 'containers:exec'] });
    await ground.make('roles', { name: 'lister', permissions: ['users:list'] });
    const manager = (name: string, role: string, rest: object) =>
      app.user(name, [{ role: 'manager' }, { role, ...rest }]);
    managers = {
      everywhere: await manager('manager', 'operator', { scope: LOCAL }),
      web: await manager('web-manager', 'developer', { scope: WEB }),
      owner: await manager('own-manager', 'developer', { scope: { ...LOCAL, owned: true } }),
      images: await manager('image-manager', 'developer', {
        scope: { ...LOCAL, imageRepositories: ['shop/*'] },
      }),
    };
    friend = await app.user('friend', []);
    const chief = await app.user('chief', [{ role: 'developer' }]);
    const member = await app.user('member', []);
    above = { chief: chief.id, member: member.id, admin: admin.id };
    team = (await ground.make('teams', { name: 'chiefs' })).id;
    await ground.bind({ kind: 'team', id: team }, 'admin', { level: 'privileged' });
    await app.rest(admin).put(`/api/v1/teams/${team}/members/${member.id}`).expect(204);
    robot = (await ground.make('service-accounts', { name: 'robot' })).id;
    await ground.bind({ kind: 'serviceAccount', id: robot }, 'developer');
    await ground.bind(friend, 'lister', { level: 'privileged' });
    ids = {
      FRIEND: friend.id,
      CHIEF: chief.id,
      MEMBER: member.id,
      ADMIN: admin.id,
      TEAM: team,
      ROBOT: robot,
      WEB: await ground.bind(friend, 'developer', { scope: WEB }),
      OWNED: await ground.bind(friend, 'operator', { scope: { ...LOCAL, owned: true } }),
      IMAGES: await ground.bind(friend, 'developer', {
        scope: { ...LOCAL, imageRepositories: ['shop/*'] },
      }),
      OPERATOR: await ground.bind(friend, 'operator', { scope: LOCAL, level: 'restricted' }),
      ADMINS: await ground.bind(chief, 'admin', { scope: LOCAL, level: 'baseline' }),
    };
  });
  afterAll(() => ground.stop());

  const filled = <T>(value: T): T =>
    JSON.parse(
      Object.entries(ids).reduce(
        (text, [name, id]) => text.replaceAll(`<${name}>`, id),
        JSON.stringify(value),
      ),
    ) as T;
  const refusedTo = (actor: TestActor, operation: string, call: Call, rest = {}) =>
    ground.refusedCall(actor, operation, filled(call), rest);

  describe('by taking over who may do more', () => {
    const CHANGES: readonly (readonly [what: string, operation: string, ...call: Call])[] = [
      ['sets a password', 'users:update', 'patch', '', { password: NEXT_PASSWORD }],
      ['disables', 'users:update', 'patch', '', { disabled: true }],
      ['enables', 'users:update', 'patch', '', { disabled: false }],
      ['renames', 'users:update', 'patch', '', { displayName: 'Me' }],
      ['deletes', 'users:delete', 'delete', ''],
      ['takes the second factor away', 'users:update', 'post', '/totp/reset'],
      ['signs in by its own provider', 'users:update', 'post', '/oidc/link', { subject: 'me' }],
      ['unlinks the provider', 'users:update', 'post', '/oidc/unlink'],
    ];
    const cases = (['chief', 'member', 'admin'] as const).flatMap((who) =>
      CHANGES.map(([what, ...change]) => [who, what, change] as const),
    );
    it.each(cases)('of %s: nobody %s', async (who, _, [operation, method, path, body]) => {
      await refusedTo(managers.everywhere, operation, [method, `users/${above[who]}${path}`, body]);
      const user = await ground.app.nest.get(UsersService).get(above[who]);
      expect(user).toMatchObject({ disabled: false });
    });

    it.each<[what: string, operation: string, call: Call]>([
      ['describes', 'serviceAccounts:update', ['patch', '', { description: 'mine' }]],
      ['disables', 'serviceAccounts:update', ['patch', '', { disabled: true }]],
      ['deletes', 'serviceAccounts:delete', ['delete', '']],
      ['makes a token of', 'tokens:create', ['post', '/tokens', { name: 'mine' }]],
      [
        'makes a narrow token of',
        'tokens:create',
        ['post', '/tokens', { name: 'mine', permissions: ['containers:list'] }],
      ],
      ['tries a token of', 'tokens:create', ['post', '/tokens?dryRun=true', { name: 'mine' }]],
    ])('nobody %s a service account above him', async (_, operation, [method, path, body]) => {
      await refusedTo(managers.everywhere, operation, [method, `service-accounts/<ROBOT>${path}`, body]);
    });

    it.each<[what: string, operation: string, call: Call]>([
      ['renames', 'teams:update', ['patch', '', { name: 'mine' }]],
      ['describes', 'teams:update', ['patch', '', { description: 'mine' }]],
      ['deletes', 'teams:delete', ['delete', '']],
      ['joins', 'teams:update', ['put', '/members/<SELF>']],
      ['puts a friend into', 'teams:update', ['put', '/members/<FRIEND>']],
    ])('nobody %s a team above him', async (_, operation, [method, path, body]) => {
      const actor = managers.everywhere;
      await refusedTo(actor, operation, [method, `teams/<TEAM>${path.replace('<SELF>', actor.id)}`, body]);
    });

    it.each([
      ['users:update', 'mutation { updateUser(id: "<CHIEF>", input: { disabled: true }) { id } }'],
      [
        'users:update',
        `mutation { updateUser(id: "<MEMBER>", input: { password: "${NEXT_PASSWORD}" }) { id } }`,
      ],
      ['users:delete', 'mutation { deleteUser(id: "<ADMIN>") }'],
      ['users:update', 'mutation { resetUserTotp(id: "<CHIEF>") }'],
      ['users:update', 'mutation { linkUserOidc(id: "<CHIEF>", input: { subject: "me" }) }'],
      ['users:update', 'mutation { unlinkUserOidc(id: "<CHIEF>") }'],
      ['teams:update', 'mutation { addTeamMember(id: "<TEAM>", userId: "<FRIEND>") }'],
      ['teams:update', 'mutation { updateTeam(id: "<TEAM>", input: { name: "mine" }) { id } }'],
      ['teams:delete', 'mutation { deleteTeam(id: "<TEAM>") }'],
      [
        'serviceAccounts:update',
        'mutation { updateServiceAccount(id: "<ROBOT>", input: { disabled: true }) { id } }',
      ],
      ['serviceAccounts:delete', 'mutation { deleteServiceAccount(id: "<ROBOT>") }'],
      ['tokens:create', 'mutation { createServiceAccountToken(id: "<ROBOT>", input: { name: "x" }) { id } }'],
      [
        'tokens:create',
        'mutation { createServiceAccountToken(id: "<ROBOT>", input: { name: "x" }, dryRun: true) { id } }',
      ],
    ])('nor by GraphQL: %s, %s', async (operation, query) => {
      await ground.refusedGraphql(managers.everywhere, operation, filled(query));
    });

    it.each(['chiefs', 'CHIEFS', 'Chiefs'])(
      'a team of one’s own does not get the name %s, by which a provider would put people in it',
      async (name) => {
        const { app } = ground;
        const path = '/api/v1/teams';
        const own = await app
          .rest(managers.everywhere)
          .post(path)
          .send({ name: ground.containers.name('low') });
        const { id } = own.body as { id: string };
        await app.rest(managers.everywhere).patch(`${path}/${id}`).send({ name }).expect(409);
        await app.rest(managers.everywhere).post(path).send({ name }).expect(409);
        await app.rest(managers.everywhere).post(`${path}?dryRun=true`).send({ name }).expect(409);
      },
    );
  });

  describe('by a role', () => {
    const WIDER: Readonly<Record<string, readonly string[]>> = {
      everything: ['*:*'],
      'all of containers': ['containers:*'],
      'all of what he has on one engine only': ['containers:list'],
      'every exec': ['*:exec'],
      'every list': ['*:list'],
      'his own and one more': [...MANAGES, 'audit:list'],
      'the trail': ['audit:*'],
      'settings, that are no business of his': ['settings:get'],
    };
    it.each(Object.keys(WIDER))('nobody makes one with %s, also not as a dry run', async (what) => {
      const body = { name: 'wider', permissions: WIDER[what] };
      await refusedTo(managers.everywhere, 'roles:create', ['post', 'roles', body]);
      await refusedTo(managers.everywhere, 'roles:create', ['post', 'roles?dryRun=true', body]);
      await ground.app.rest(ground.admin).get('/api/v1/roles/wider').expect(404);
    });

    it.each(Object.keys(WIDER))('nobody widens his own to %s', async (what) => {
      const permissions = WIDER[what];
      await refusedTo(managers.everywhere, 'roles:update', ['patch', 'roles/manager', { permissions }]);
    });

    it('nobody widens one that others have up to a higher level than he has himself', async () => {
      const permissions = ['users:list', 'users:create'];
      await refusedTo(managers.everywhere, 'roles:update', ['patch', 'roles/lister', { permissions }]);
    });

    it.each(['admin', 'viewer', 'operator', 'developer'])('the built-in %s stays as it is', async (role) => {
      const { app, admin } = ground;
      const before = (await app.rest(admin).get(`/api/v1/roles/${role}`)).text;
      for (const actor of [managers.everywhere, admin]) {
        for (const call of [
          ['patch', `roles/${role}`, { permissions: ['*:*'] }],
          ['patch', `roles/${role}`, { description: 'x' }],
          ['delete', `roles/${role}`],
        ] as const) {
          expect(await ground.rest(actor, call)).toMatchObject({ status: 409, code: 'conflict' });
        }
      }
      expect((await app.rest(admin).get(`/api/v1/roles/${role}`)).text).toBe(before);
    });

    it.each([
      ['roles:create', 'mutation { createRole(input: { name: "w", permissions: ["*:*"] }) { name } }'],
      [
        'roles:create',
        'mutation { createRole(input: { name: "w", permissions: ["*:*"] }, dryRun: true) { name } }',
      ],
      ['roles:update', 'mutation { updateRole(name: "manager", input: { permissions: ["*:*"] }) { name } }'],
    ])('nor by GraphQL: %s, %s', async (operation, query) => {
      await ground.refusedGraphql(managers.everywhere, operation, query);
    });

    it.each([
      ['a pattern within a word', 'containers:re*'],
      ['a third part', 'containers:list:*'],
      ['blanks', ' *:*'],
      ['other letters', 'Containers:list'],
      ['a name of all objects', '__proto__:*'],
      ['nothing after the colon', 'containers:'],
      ['a comma', 'containers:list,containers:exec'],
    ])('there is no permission with %s', async (_, permission) => {
      const call: Call = ['post', 'roles', { name: 'odd', permissions: [permission] }];
      expect(await ground.rest(ground.admin, call)).toMatchObject({ status: 400, code: 'invalid_input' });
    });
  });

  describe('by a role binding', () => {
    const giving = (who: keyof typeof managers, body: object): Promise<unknown> =>
      refusedTo(managers[who], 'roleBindings:create', [
        'post',
        'role-bindings',
        { subject: { kind: 'user', id: '<FRIEND>' }, scope: LOCAL, ...body },
      ]);

    it.each<[what: string, who: keyof typeof managers, body: object]>([
      ['admin', 'everywhere', { role: 'admin' }],
      ['admin to a team', 'everywhere', { role: 'admin', subject: { kind: 'team', id: '<TEAM>' } }],
      [
        'admin to a service account',
        'everywhere',
        { role: 'admin', subject: { kind: 'serviceAccount', id: '<ROBOT>' } },
      ],
      ['a role of one’s own above him', 'everywhere', { role: 'power' }],
      ['his role on all engines', 'everywhere', { role: 'operator', scope: EVERYWHERE }],
      ['it on his and all engines', 'everywhere', { role: 'operator', scope: { engines: ['local', '*'] } }],
      ['it on another engine too', 'everywhere', { role: 'operator', scope: { engines: ['local', 'edge'] } }],
      ['it up to privileged', 'everywhere', { role: 'operator', level: 'privileged' }],
      ['his management up to privileged', 'everywhere', { role: 'manager', level: 'privileged' }],
      ['no selector', 'web', { role: 'developer' }],
      [
        'only that there is the label',
        'web',
        { role: 'developer', scope: { ...LOCAL, labelSelector: 'team' } },
      ],
      ['another value', 'web', { role: 'developer', scope: { ...LOCAL, labelSelector: 'team in (web,db)' } }],
      ['all values but one', 'web', { role: 'developer', scope: { ...LOCAL, labelSelector: 'team!=db' } }],
      ['another label', 'web', { role: 'developer', scope: { ...LOCAL, labelSelector: 'tier=web' } }],
      [
        'the value in other letters',
        'web',
        { role: 'developer', scope: { ...LOCAL, labelSelector: 'team=WEB' } },
      ],
      ['the selector on all engines', 'web', { role: 'developer', scope: { ...WEB, engines: ['*'] } }],
      ['the selector up to privileged', 'web', { role: 'developer', scope: WEB, level: 'privileged' }],
      ['what one owns for the selector', 'web', { role: 'developer', scope: { ...LOCAL, owned: true } }],
      [
        'images for the selector',
        'web',
        { role: 'developer', scope: { ...LOCAL, imageRepositories: ['*'] } },
      ],
      ['viewer of all', 'web', { role: 'viewer' }],
      ['what somebody else owns', 'owner', { role: 'developer', scope: { ...LOCAL, owned: true } }],
      ['all for what one owns', 'owner', { role: 'developer' }],
      ['a selector for what one owns', 'owner', { role: 'developer', scope: WEB }],
      ['all for images', 'images', { role: 'developer' }],
      [
        'further images',
        'images',
        { role: 'developer', scope: { ...LOCAL, imageRepositories: ['shop/*', 'bank/*'] } },
      ],
      ['all images', 'images', { role: 'developer', scope: { ...LOCAL, imageRepositories: ['*'] } }],
    ])('nobody gives %s', async (_, who, body) => {
      await giving(who, body);
    });

    it.each<keyof typeof managers>(['web', 'owner', 'images'])(
      '%s does not give himself all of what he has in a scope',
      async (who) => {
        await giving(who, { role: 'developer', subject: { kind: 'user', id: managers[who].id } });
        await giving(who, { role: 'viewer', subject: { kind: 'user', id: managers[who].id } });
      },
    );

    it.each<[what: string, who: keyof typeof managers, binding: string, change: object]>([
      ['drops the selector', 'web', '<WEB>', { scope: LOCAL }],
      ['widens the selector', 'web', '<WEB>', { scope: { ...LOCAL, labelSelector: 'team' } }],
      ['adds engines', 'web', '<WEB>', { scope: { ...WEB, engines: ['*'] } }],
      ['raises the level', 'web', '<WEB>', { level: 'privileged' }],
      ['adds engines', 'everywhere', '<OPERATOR>', { scope: EVERYWHERE }],
      ['raises the level', 'everywhere', '<OPERATOR>', { level: 'privileged' }],
      ['drops the owner', 'owner', '<OWNED>', { scope: LOCAL }],
      ['gives what others own', 'owner', '<OWNED>', { scope: { ...LOCAL, owned: true } }],
      ['drops the images', 'images', '<IMAGES>', { scope: LOCAL }],
      ['adds images', 'images', '<IMAGES>', { scope: { ...LOCAL, imageRepositories: ['shop/*', 'x'] } }],
      ['moves the scope of who is above', 'everywhere', '<ADMINS>', { scope: { engines: ['edge'] } }],
      ['lowers the level of who is above', 'everywhere', '<ADMINS>', { level: 'restricted' }],
    ])('nobody %s (%s)', async (_, who, binding, change) => {
      await refusedTo(managers[who], 'roleBindings:update', ['patch', `role-bindings/${binding}`, change]);
    });

    it.each([{ role: 'admin' }, { role: 'viewer', scope: EVERYWHERE }, { role: 'power' }])(
      'a dry run of %j tells nothing but the refusal',
      async (body) => {
        const subject = { kind: 'user', id: '<FRIEND>' };
        await refusedTo(managers.everywhere, 'roleBindings:create', [
          'post',
          'role-bindings?dryRun=true',
          { subject, scope: LOCAL, ...body },
        ]);
      },
    );

    it.each([
      [
        'roleBindings:create',
        'mutation { createRoleBinding(input: { role: "admin", subject: { kind: "user", id: "<FRIEND>" }, scope: { engines: ["local"] } }) { id } }',
      ],
      [
        'roleBindings:create',
        'mutation { createRoleBinding(dryRun: true, input: { role: "admin", subject: { kind: "user", id: "<FRIEND>" }, scope: { engines: ["local"] } }) { id } }',
      ],
      [
        'roleBindings:update',
        'mutation { updateRoleBinding(id: "<OPERATOR>", input: { level: "privileged" }) { id } }',
      ],
    ])('nor by GraphQL: %s, %s', async (operation, query) => {
      await ground.refusedGraphql(managers.everywhere, operation, filled(query));
    });
  });

  describe('without any right to manage', () => {
    const ROUTES: readonly (readonly [operation: string, ...call: Call])[] = [
      ['roles:list', 'get', 'roles'],
      ['roles:list', 'get', 'permissions'],
      ['roles:get', 'get', 'roles/power'],
      ['roles:get', 'get', 'roles/none'],
      ['roles:create', 'post', 'roles', { name: 'mine', permissions: ['containers:list'] }],
      ['roles:create', 'post', 'roles?dryRun=true', { name: 'power', permissions: ['containers:list'] }],
      ['roles:update', 'patch', 'roles/power', { permissions: ['*:*'] }],
      ['roles:delete', 'delete', 'roles/power'],
      ['roleBindings:list', 'get', 'role-bindings'],
      ['roleBindings:get', 'get', 'role-bindings/<WEB>'],
      [
        'roleBindings:create',
        'post',
        'role-bindings',
        { role: 'viewer', subject: { kind: 'user', id: '<FRIEND>' }, scope: LOCAL },
      ],
      ['roleBindings:update', 'patch', 'role-bindings/<WEB>', { level: 'restricted' }],
      ['roleBindings:delete', 'delete', 'role-bindings/<WEB>'],
      [
        'roleBindings:list',
        'post',
        'access-reviews',
        { subject: { kind: 'user', id: '<ADMIN>' }, permission: 'users:list' },
      ],
      ['settings:get', 'get', 'settings/warnings'],
    ];
    let actors: Record<string, TestActor>;
    beforeAll(async () => {
      const { app } = ground;
      const localAdmin = { role: 'admin', scope: LOCAL, level: 'privileged' } as const;
      const webAdmin = { ...localAdmin, scope: { ...EVERYWHERE, labelSelector: 'team=web' } };
      const boss = await app.user('boss', [{ role: 'admin', level: 'privileged' }]);
      actors = {
        developer: await app.user('mere-developer', [{ role: 'developer', level: 'privileged' }]),
        'the admin of one engine': await app.user('local-admin', [localAdmin]),
        'the admin of some labels': await app.user('web-admin', [webAdmin]),
        'an admin’s token for one engine': (await ground.token(boss, { engines: ['local'] })).actor,
      };
    });
    const cases = [
      'developer',
      'the admin of one engine',
      'the admin of some labels',
      'an admin’s token for one engine',
    ].flatMap((who) => ROUTES.map(([operation, ...call]) => [who, operation, call] as const));
    it.each(cases)('%s is refused %s: %j', async (who, operation, call) => {
      const actor = actors[who];
      if (!actor) throw new Error('nobody');
      await refusedTo(actor, operation, call);
    });
  });

  describe('by a token', () => {
    let developer: TestActor;
    let narrowed: TestActor;
    let local: TestActor;
    beforeAll(async () => {
      developer = await ground.app.user('token-owner', [{ role: 'developer' }]);
      narrowed = (await ground.token(developer, { permissions: ['containers:list', 'images:*'] })).actor;
      local = (await ground.token(developer, { engines: ['local'] })).actor;
    });

    it.each<[what: string, body: object]>([
      ['everything', { permissions: ['*:*'] }],
      ['all of a resource', { permissions: ['containers:*'] }],
      ['a verb on everything', { permissions: ['*:list'] }],
      ['what the owner has and it has not', { permissions: ['containers:exec'] }],
      ['its own and one more', { permissions: ['containers:list', 'containers:get'] }],
    ])('with limits no one is made with %s', async (_, body) => {
      for (const dryRun of ['', '?dryRun=true']) {
        const call: Call = ['post', `tokens${dryRun}`, { name: 'wider', ...body }];
        await ground.refusedCall(narrowed, 'createApiToken', call);
      }
    });

    it.each([[['*']], [['edge']], [['local', 'edge']]])(
      'for one engine no one is made for %j',
      async (engines) => {
        await ground.refusedCall(local, 'createApiToken', ['post', 'tokens', { name: 'wider', engines }]);
      },
    );

    it('nor by GraphQL', async () => {
      const query = 'mutation { createApiToken(input: { name: "w", permissions: ["*:*"] }) { id } }';
      await ground.refusedGraphql(narrowed, 'createApiToken', query);
    });

    it('no one is made that outlives it', async () => {
      const expiresAt = new Date(Date.now() + 365 * 24 * 60 * 60_000).toISOString();
      const call: Call = ['post', 'tokens', { name: 'longer', expiresAt }];
      expect(await ground.rest(narrowed, call)).toMatchObject({ status: 400, code: 'invalid_input' });
    });

    it.each<[operation: string, call: Call]>([
      ['listSessions', ['get', 'me/sessions']],
      ['endSession', ['delete', 'me/sessions/01890a5d-ac96-774b-bcce-b302099a8057']],
      ['enrolTotp', ['post', 'me/totp', { currentPassword: PASSWORD }]],
      ['confirmTotp', ['post', 'me/totp/confirm', { code: '123456' }]],
      ['disableTotp', ['post', 'me/totp/disable', { totp: '123456' }]],
      ['renewRecoveryCodes', ['post', 'me/totp/recovery-codes', { totp: '123456' }]],
      ['changePassword', ['post', 'me/password', { currentPassword: PASSWORD, newPassword: NEXT_PASSWORD }]],
    ])('%s is not for programs, even unlimited ones', async (operation, call) => {
      const unlimited = (await ground.token(developer)).actor;
      await ground.refusedCall(unlimited, operation, call);
      await ground.refusedCall(narrowed, operation, call);
    });

    it('with *:* is no more than its owner', async () => {
      const viewer = await ground.app.user('token-viewer', [{ role: 'viewer' }]);
      const all = (await ground.token(viewer, { permissions: ['*:*'], engines: ['*'] })).actor;
      await ground.refusedCall(all, 'users:list', ['get', 'users']);
      const create: Call = ['post', 'engines/local/containers', { image: 'busybox' }];
      await ground.refusedCall(all, 'ContainerCreate', create);
    });

    it.each(['disabled', 'deleted'])('of a %s user is none any more', async (end) => {
      const { app, admin } = ground;
      const user = await app.user(`${end}-owner`, [{ role: 'viewer' }]);
      const { actor } = await ground.token(user);
      await app.rest(actor).get('/api/v1/me').expect(200);
      if (end === 'deleted') await app.rest(admin).delete(`/api/v1/users/${user.id}`).expect(204);
      else await app.rest(admin).patch(`/api/v1/users/${user.id}`).send({ disabled: true }).expect(200);
      for (const by of [actor, user]) {
        for (const call of [
          ['get', 'me'],
          ['get', 'engines/local/containers'],
          ['post', 'tokens', { name: 'again' }],
        ] as const) {
          expect(await ground.rest(by, call)).toMatchObject({ status: 401, code: 'unauthenticated' });
        }
      }
    });

    it.each(['disabled', 'deleted'])('of a %s service account is none any more', async (end) => {
      const { app, admin } = ground;
      const { id } = await ground.make('service-accounts', { name: `${end}-robot` });
      await ground.bind({ kind: 'serviceAccount', id }, 'viewer');
      const made = await ground.make<{ token: string }>(`service-accounts/${id}/tokens`, { name: 't' });
      const robotActor = { ...admin, id, token: made.token, authorization: `Bearer ${made.token}` };
      await app.rest(robotActor).get('/api/v1/me').expect(200);
      const path = `/api/v1/service-accounts/${id}`;
      if (end === 'deleted') await app.rest(admin).delete(path).expect(204);
      else await app.rest(admin).patch(path).send({ disabled: true }).expect(200);
      expect(await ground.rest(robotActor, ['get', 'me'])).toMatchObject({ status: 401 });
    });

    it('a name that comes back brings no rights, tokens or objects back', async () => {
      const { app, admin } = ground;
      const first = await app.user('phoenix', [{ role: 'admin', level: 'privileged' }]);
      const { actor } = await ground.token(first);
      await app.rest(admin).delete(`/api/v1/users/${first.id}`).expect(204);
      const second = await app.user('phoenix', []);
      expect(second.id).not.toBe(first.id);
      expect(await ground.rest(actor, ['get', 'me'])).toMatchObject({ status: 401 });
      await ground.refusedCall(second, 'users:list', ['get', 'users']);
    });

    it('a refresh token opens no door', async () => {
      const { app } = ground;
      const body = { username: developer.username, password: PASSWORD };
      const signedIn = await app.rest().post('/api/v1/auth/login').send(body).expect(200);
      const { refreshToken } = signedIn.body as { refreshToken: string };
      const actor = { ...developer, authorization: `Bearer ${refreshToken}` };
      expect(await ground.rest(actor, ['get', 'me'])).toMatchObject({ status: 401 });
    });
  });
});
