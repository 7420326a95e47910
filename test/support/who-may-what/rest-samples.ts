import { REST_DOORWAY_SAMPLES } from './doorway-samples.js';
import { REST_AUTOMATION_SAMPLES } from './rest-automation-samples.js';
import { REST_ENGINE_SAMPLES } from './rest-engine-samples.js';
import { REST_OBJECT_SAMPLES } from './rest-object-samples.js';
import { REST_SWARM_SAMPLES } from './rest-swarm-samples.js';
import type { RestSample } from './sample.js';
import { REST_SERVICE_SAMPLES } from './service-samples.js';
import type { Call } from './scene.js';

const ENGINE = '/api/v1/engines/{engine}';
const CONTAINER = `${ENGINE}/containers/{id}`;
const EXEC = `${ENGINE}/execs/{id}`;

const onContainer = (more: RestSample = {}): RestSample => ({
  on: 'container',
  path: ({ target }) => ({ id: target.container }),
  ...more,
});
const onExec = (more: RestSample = {}): RestSample => ({
  on: 'exec',
  path: ({ target }) => ({ id: target.exec }),
  ...more,
});
const onUser = (more: RestSample = {}): RestSample => ({
  on: 'user',
  path: ({ target }) => ({ id: target.owner.id }),
  ...more,
});
const onTeam = (more: RestSample = {}): RestSample => ({
  on: 'team',
  path: ({ target }) => ({ id: target.team }),
  ...more,
});
const onBinding = (more: RestSample = {}): RestSample => ({
  on: 'binding',
  path: ({ target }) => ({ id: target.binding }),
  ...more,
});
const onServiceAccount = (more: RestSample = {}): RestSample => ({
  path: ({ scene }) => ({ id: scene.serviceAccount }),
  ...more,
});
const onRole = (more: RestSample = {}): RestSample => ({
  path: ({ scene }) => ({ name: scene.role }),
  ...more,
});

const newContainer = ({ scene }: Call) => ({ image: 'busybox', labels: scene.labels });
const passwordOf = ({ scene, actor }: Call) => (actor ? scene.passwordOf(actor) : '');
const sessionOf = ({ scene, actor, target }: Call) => scene.newSession(actor ?? target.owner);

/** Oneself cannot be deleted for a try: the call is about the caller only where it is sure to be refused. */
const expendableUser = async ({ scene, column, target }: Call) => ({
  id: column === 'own' ? target.owner.id : await scene.newUser(),
});

/** One call of each route that there is: `who-may-what.e2e-spec.ts` fails where one is missing. */
export const REST_SAMPLES: Readonly<Record<string, RestSample>> = {
  ...REST_AUTOMATION_SAMPLES,
  ...REST_ENGINE_SAMPLES,
  ...REST_OBJECT_SAMPLES,
  ...REST_SWARM_SAMPLES,
  ...REST_SERVICE_SAMPLES,
  ...REST_DOORWAY_SAMPLES,

  'POST /api/v1/auth/login': {
    body: ({ scene, target: { owner } }) => ({
      username: owner.username,
      password: scene.passwordOf(owner),
    }),
  },
  'POST /api/v1/auth/refresh': {
    body: async (call) => ({ refreshToken: (await sessionOf(call)).refreshToken }),
  },
  'POST /api/v1/auth/logout': {
    // A session of its own, to be ended; what has none says so.
    with: async (call) => (call.column === 'token' ? undefined : (await sessionOf(call)).accessToken),
    refusedBy: ['not_supported'],
  },
  'GET /api/v1/auth/methods': {},
  'POST /api/v1/auth/oidc/start': {
    body: () => ({ redirectUri: 'https://ui.example.com/callback' }),
    meets: ['not_found'], // it is not set up
  },
  'POST /api/v1/auth/oidc/complete': {
    body: () => ({ transactionId: 'none', callbackUrl: 'https://ui.example.com/callback' }),
    meets: ['not_found'],
  },
  'GET /api/v1/me': {},
  'GET /api/v1/me/access': {},
  'POST /api/v1/me/password': {
    body: (call) => ({ currentPassword: passwordOf(call), newPassword: 'short' }),
    meets: ['invalid_input'],
  },
  'GET /api/v1/me/sessions': { on: 'session', shows: ({ target }) => target.session },
  'DELETE /api/v1/me/sessions/{id}': {
    on: 'session',
    path: async ({ scene, target }) => ({ id: (await scene.newSession(target.owner)).sessionId }),
  },
  'GET /api/v1/me/totp': {},
  'POST /api/v1/me/totp': { body: (call) => ({ currentPassword: passwordOf(call) }) },
  'POST /api/v1/me/totp/confirm': {
    body: () => ({ code: '000000' }),
    meets: ['conflict', 'invalid_input'], // nothing to confirm, or the wrong code
  },
  'POST /api/v1/me/totp/recovery-codes': { body: () => ({ totp: '000000' }), meets: ['conflict'] },
  'POST /api/v1/me/totp/disable': { body: () => ({ totp: '000000' }), meets: ['conflict'] },

  'GET /api/v1/tokens': { on: 'token', shows: ({ target }) => target.token },
  'POST /api/v1/tokens': {
    body: () => ({ name: 'sample', permissions: ['containers:list'], engines: ['local'] }),
  },
  'GET /api/v1/tokens/{id}': { on: 'token', path: ({ target }) => ({ id: target.token }) },
  'DELETE /api/v1/tokens/{id}': {
    on: 'token',
    path: async ({ scene, target }) => ({ id: await scene.newToken(target) }),
  },

  'GET /api/v1/users': { on: 'user', shows: ({ target }) => target.owner.id },
  'POST /api/v1/users': {
    body: ({ scene }) => ({ username: scene.name(), password: 'a password for tests' }),
  },
  'GET /api/v1/users/{id}': onUser(),
  'PATCH /api/v1/users/{id}': onUser({ body: () => ({ displayName: 'Sample' }) }),
  'DELETE /api/v1/users/{id}': onUser({ path: expendableUser }),
  'GET /api/v1/users/{id}/sessions': onUser(),
  'DELETE /api/v1/users/{id}/sessions': onUser({ path: expendableUser }),
  'DELETE /api/v1/users/{id}/sessions/{sessionId}': {
    on: 'session',
    path: async ({ scene, target }) => ({
      id: target.owner.id,
      sessionId: (await scene.newSession(target.owner)).sessionId,
    }),
  },
  'POST /api/v1/users/{id}/totp/reset': onUser(),
  'POST /api/v1/users/{id}/oidc/link': onUser({
    body: ({ scene }) => ({ subject: scene.name() }),
    meets: ['not_found', 'conflict'], // no provider
  }),
  'POST /api/v1/users/{id}/oidc/unlink': onUser({ meets: ['not_found'] }),

  'GET /api/v1/teams': { on: 'team', shows: ({ target }) => target.team },
  'POST /api/v1/teams': { body: ({ scene }) => ({ name: scene.name() }) },
  'GET /api/v1/teams/{id}': onTeam(),
  'PATCH /api/v1/teams/{id}': onTeam({ body: () => ({ description: 'A sample' }) }),
  'DELETE /api/v1/teams/{id}': onTeam({ path: async ({ scene }) => ({ id: await scene.newTeam() }) }),
  'GET /api/v1/teams/{id}/members': onTeam(),
  'PUT /api/v1/teams/{id}/members/{userId}': onTeam({
    path: ({ target }) => ({ id: target.team, userId: target.owner.id }),
  }),
  'DELETE /api/v1/teams/{id}/members/{userId}': onTeam({
    path: async ({ scene, target }) => ({ id: target.team, userId: await scene.newMember(target) }),
  }),

  'GET /api/v1/service-accounts': {},
  'POST /api/v1/service-accounts': { body: ({ scene }) => ({ name: scene.name() }) },
  'GET /api/v1/service-accounts/{id}': onServiceAccount(),
  'PATCH /api/v1/service-accounts/{id}': onServiceAccount({ body: () => ({ description: 'A sample' }) }),
  'DELETE /api/v1/service-accounts/{id}': {
    path: async ({ scene }) => ({ id: await scene.newServiceAccount() }),
  },
  'GET /api/v1/service-accounts/{id}/tokens': onServiceAccount(),
  'POST /api/v1/service-accounts/{id}/tokens': onServiceAccount({ body: () => ({ name: 'sample' }) }),
  'DELETE /api/v1/service-accounts/{id}/tokens/{tokenId}': {
    path: async ({ scene }) => ({
      id: scene.serviceAccount,
      tokenId: await scene.newServiceAccountToken(),
    }),
  },

  'GET /api/v1/permissions': {},
  'GET /api/v1/roles': {},
  'POST /api/v1/roles': { body: ({ scene }) => ({ name: scene.name(), permissions: ['containers:list'] }) },
  'GET /api/v1/roles/{name}': onRole(),
  'PATCH /api/v1/roles/{name}': onRole({ body: () => ({ description: 'A sample' }) }),
  'DELETE /api/v1/roles/{name}': { path: async ({ scene }) => ({ name: await scene.newRole() }) },
  'GET /api/v1/role-bindings': { on: 'binding', shows: ({ target }) => target.binding },
  'POST /api/v1/role-bindings': {
    on: 'user',
    body: ({ target }) => ({
      role: 'viewer',
      subject: { kind: 'user', id: target.owner.id },
      scope: { engines: ['local'], owned: true },
    }),
  },
  'GET /api/v1/role-bindings/{id}': onBinding(),
  'PATCH /api/v1/role-bindings/{id}': onBinding({ body: () => ({ level: 'restricted' }) }),
  'DELETE /api/v1/role-bindings/{id}': onBinding({
    path: async ({ scene, target }) => ({ id: await scene.newBinding(target) }),
  }),
  'POST /api/v1/access-reviews': {
    on: 'container',
    body: ({ target }) => ({
      permission: 'containers:start',
      engine: 'local',
      target: { kind: 'container', id: target.container },
    }),
  },

  'GET /api/v1/audit': {
    on: 'audit record',
    query: ({ target }) => ({ actor: target.owner.id }),
    shows: ({ target }) => target.owner.id,
  },
  'GET /api/v1/audit/export': {
    on: 'audit record',
    query: ({ target }) => ({ actor: target.owner.id }),
    shows: ({ target }) => target.owner.id,
  },
  'GET /api/v1/audit/stream': { stream: 'application/x-ndjson', poke: 'audit' },
  'GET /api/v1/audit/{id}': { on: 'audit record', path: ({ target }) => ({ id: target.auditRecord }) },

  [`GET ${ENGINE}/containers`]: {
    on: 'container',
    query: ({ target }) => ({ name: target.containerName }),
    shows: ({ target }) => target.container,
  },
  [`GET ${ENGINE}/containers?watch=true`]: {
    on: 'container',
    stream: 'application/x-ndjson',
    poke: 'container',
    shows: ({ target }) => target.container,
  },
  [`POST ${ENGINE}/containers`]: { body: newContainer },
  [`POST ${ENGINE}/containers/run`]: { body: newContainer },
  [`POST ${ENGINE}/containers/prune`]: {
    on: 'container',
    body: ({ target }) => ({ label: [target.selector] }),
    shows: ({ target }) => target.stopped,
  },
  [`GET ${CONTAINER}`]: onContainer(),
  [`DELETE ${CONTAINER}`]: onContainer(),
  [`PATCH ${CONTAINER}`]: onContainer({ body: () => ({ resources: { cpuShares: 2 } }) }),
  [`POST ${CONTAINER}/start`]: onContainer(),
  [`POST ${CONTAINER}/stop`]: onContainer(),
  [`POST ${CONTAINER}/restart`]: onContainer(),
  [`POST ${CONTAINER}/kill`]: onContainer(),
  [`POST ${CONTAINER}/pause`]: onContainer(),
  [`POST ${CONTAINER}/unpause`]: onContainer(),
  [`POST ${CONTAINER}/rename`]: onContainer({
    body: ({ target }) => ({ name: target.containerName }),
  }),
  [`POST ${CONTAINER}/resize`]: onContainer({ body: () => ({ width: 80, height: 24 }) }),
  [`POST ${CONTAINER}/wait`]: onContainer(),
  [`GET ${CONTAINER}/top`]: onContainer(),
  [`GET ${CONTAINER}/changes`]: onContainer(),
  [`POST ${CONTAINER}/commit`]: onContainer({ body: () => ({}) }),
  [`GET ${CONTAINER}/logs`]: onContainer({ query: () => ({ follow: 'false' }) }),
  [`GET ${CONTAINER}/stats`]: onContainer({ stream: 'application/x-ndjson' }),
  [`GET ${CONTAINER}/export`]: onContainer(),
  [`HEAD ${CONTAINER}/archive`]: onContainer({ query: () => ({ path: '/etc/passwd' }) }),
  [`GET ${CONTAINER}/archive`]: onContainer({ query: () => ({ path: '/etc/passwd' }) }),
  [`PUT ${CONTAINER}/archive`]: onContainer({ query: () => ({ path: '/' }), archive: true }),
  [`POST ${CONTAINER}/execs`]: onContainer({ body: () => ({ command: ['true'] }) }),
  [`GET ${EXEC}`]: onExec(),
  [`POST ${EXEC}/start`]: onExec({ body: () => ({}) }),
  [`POST ${EXEC}/start-detached`]: onExec(),
  [`POST ${EXEC}/resize`]: onExec({ body: () => ({ width: 80, height: 24 }) }),
  [`WS ${CONTAINER}/attach`]: onContainer(),
  [`WS ${EXEC}/start`]: onExec(),

  'GET /': {},
  'GET /healthz': {},
  'GET /readyz': {},
  'GET /metrics': {},
  'GET /api/v1/settings/warnings': {},

  'GET /openapi.json': {},
  'GET /openapi.yaml': {},
  'GET /docs': {},
  'GET /docs/': {},
  'GET /docs/index.html': {},
  'GET /docs/LICENSE': { meets: ['not_found'] }, // the package brings none
  'GET /docs/swagger-ui-init.js': {},
  'GET /docs/docs/swagger-ui-init.js': {},
  'GET /docs/*': { path: () => ({ '*': 'swagger-ui.css' }) },
  'GET /graphql': {
    query: () => ({ query: '{ __typename }' }),
    headers: { 'apollo-require-preflight': 'true' },
  },
  'POST /graphql': { body: () => ({ query: '{ __typename }' }) },
  // Is not answered, which it says to who is signed in.
  'OPTIONS /graphql': { body: () => ({ query: '{ __typename }' }), meets: ['invalid_input'] },
  'GET /graphql/assets/*': { path: () => ({ '*': 'none.js' }), meets: ['not_found'] },
  'WS /graphql': {},
};
