import { GRAPHQL_DOORWAY_SAMPLES } from './doorway-samples.js';
import { GRAPHQL_AUTOMATION_SAMPLES } from './graphql-automation-samples.js';
import { GRAPHQL_ENGINE_SAMPLES } from './graphql-engine-samples.js';
import { GRAPHQL_JOIN_SAMPLES } from './graphql-join-samples.js';
import { GRAPHQL_OBJECT_SAMPLES } from './graphql-object-samples.js';
import { GRAPHQL_SWARM_SAMPLES } from './graphql-swarm-samples.js';
import type { GraphqlSample } from './sample.js';
import { GRAPHQL_SERVICE_SAMPLES } from './service-samples.js';
import type { Call } from './scene.js';

const onContainer = (more: object = {}): GraphqlSample => ({
  on: 'container',
  args: ({ target }) => ({ id: target.container, ...more }),
});
const onUser = (more: object = {}): GraphqlSample => ({
  on: 'user',
  args: ({ target }) => ({ id: target.owner.id, ...more }),
});
const onTeam = (more: object = {}): GraphqlSample => ({
  on: 'team',
  args: ({ target }) => ({ id: target.team, ...more }),
});
const onServiceAccount = (more: object = {}): GraphqlSample => ({
  args: ({ scene }) => ({ id: scene.serviceAccount, ...more }),
});
const newContainer = ({ scene }: Call) => ({ input: { image: 'busybox', labels: scene.labels } });
const passwordOf = ({ scene, actor }: Call) => (actor ? scene.passwordOf(actor) : '');

/** Oneself cannot be deleted for a try: the call is about the caller only where it is sure to be refused. */
const expendableUser = async ({ scene, column, target }: Call) => ({
  id: column === 'own' ? target.owner.id : await scene.newUser(),
});

/** One operation for each field that is more than a property: `who-may-what.e2e-spec.ts` fails where one is missing. */
export const GRAPHQL_SAMPLES: Readonly<Record<string, GraphqlSample>> = {
  ...GRAPHQL_AUTOMATION_SAMPLES,
  ...GRAPHQL_ENGINE_SAMPLES,
  ...GRAPHQL_OBJECT_SAMPLES,
  ...GRAPHQL_DOORWAY_SAMPLES,
  ...GRAPHQL_JOIN_SAMPLES,
  ...GRAPHQL_SERVICE_SAMPLES,
  ...GRAPHQL_SWARM_SAMPLES,

  'Query.me': {},
  'Me.access': { below: () => 'me { % }' },
  'Query.sessions': { on: 'session', shows: ({ target }) => target.session },
  'Query.secondFactor': {},
  'Query.apiTokens': { on: 'token', shows: ({ target }) => target.token },
  'Query.apiToken': { on: 'token', args: ({ target }) => ({ id: target.token }) },
  'Query.users': { on: 'user', shows: ({ target }) => target.owner.id },
  'Query.user': onUser(),
  'Query.userSessions': onUser(),
  'Query.teams': { on: 'team', shows: ({ target }) => target.team },
  'Query.team': onTeam(),
  'Query.teamMembers': onTeam(),
  'Query.serviceAccounts': {},
  'Query.serviceAccount': onServiceAccount(),
  'Query.permissions': {},
  'Query.roles': {},
  'Query.role': { args: ({ scene }) => ({ name: scene.role }) },
  'Query.roleBindings': { on: 'binding', shows: ({ target }) => target.binding },
  'Query.roleBinding': { on: 'binding', args: ({ target }) => ({ id: target.binding }) },
  'Query.accessReview': {
    on: 'container',
    args: ({ target }) => ({
      input: {
        permission: 'containers:start',
        engine: 'local',
        target: { kind: 'container', id: target.container },
      },
    }),
  },
  'Query.auditRecords': {
    on: 'audit record',
    args: ({ target }) => ({ filter: { actor: target.owner.id } }),
    shows: ({ target }) => target.owner.id,
  },
  'Query.auditRecord': { on: 'audit record', args: ({ target }) => ({ id: target.auditRecord }) },
  'Query.settingsWarnings': {},
  'Query.containers': {
    on: 'container',
    args: ({ target }) => ({ filter: { name: target.containerName } }),
    shows: ({ target }) => target.container,
  },
  'Query.container': onContainer(),
  'Query.containerChanges': onContainer(),
  'Query.containerProcesses': onContainer(),

  'Mutation.endSession': {
    on: 'session',
    args: async ({ scene, target }) => ({ id: (await scene.newSession(target.owner)).sessionId }),
  },
  'Mutation.enrolTotp': { args: (call) => ({ input: { currentPassword: passwordOf(call) } }) },
  'Mutation.confirmTotp': {
    args: () => ({ input: { code: '000000' } }),
    meets: ['conflict', 'invalid_input'], // nothing to confirm, or the wrong code
  },
  'Mutation.renewRecoveryCodes': { args: () => ({ input: { totp: '000000' } }), meets: ['conflict'] },
  'Mutation.disableTotp': { args: () => ({ input: { totp: '000000' } }), meets: ['conflict'] },
  'Mutation.createApiToken': {
    args: () => ({ input: { name: 'sample', permissions: ['containers:list'], engines: ['local'] } }),
  },
  'Mutation.revokeApiToken': {
    on: 'token',
    args: async ({ scene, target }) => ({ id: await scene.newToken(target) }),
  },
  'Mutation.createUser': {
    args: ({ scene }) => ({ input: { username: scene.name(), password: 'a password for tests' } }),
  },
  'Mutation.updateUser': onUser({ input: { displayName: 'Sample' } }),
  'Mutation.deleteUser': { on: 'user', args: expendableUser },
  'Mutation.endUserSession': {
    on: 'session',
    args: async ({ scene, target }) => ({
      id: target.owner.id,
      sessionId: (await scene.newSession(target.owner)).sessionId,
    }),
  },
  'Mutation.endUserSessions': { on: 'user', args: expendableUser },
  'Mutation.resetUserTotp': onUser(),
  'Mutation.linkUserOidc': {
    on: 'user',
    args: ({ scene, target }) => ({ id: target.owner.id, input: { subject: scene.name() } }),
    meets: ['not_found', 'conflict'], // no provider
  },
  'Mutation.unlinkUserOidc': { ...onUser(), meets: ['not_found'] },
  'Mutation.createTeam': { args: ({ scene }) => ({ input: { name: scene.name() } }) },
  'Mutation.updateTeam': onTeam({ input: { description: 'A sample' } }),
  'Mutation.deleteTeam': { on: 'team', args: async ({ scene }) => ({ id: await scene.newTeam() }) },
  'Mutation.addTeamMember': {
    on: 'team',
    args: ({ target }) => ({ id: target.team, userId: target.owner.id }),
  },
  'Mutation.removeTeamMember': {
    on: 'team',
    args: async ({ scene, target }) => ({ id: target.team, userId: await scene.newMember(target) }),
  },
  'Mutation.createServiceAccount': { args: ({ scene }) => ({ input: { name: scene.name() } }) },
  'Mutation.updateServiceAccount': onServiceAccount({ input: { description: 'A sample' } }),
  'Mutation.deleteServiceAccount': { args: async ({ scene }) => ({ id: await scene.newServiceAccount() }) },
  'Mutation.createServiceAccountToken': onServiceAccount({ input: { name: 'sample' } }),
  'Mutation.createRole': {
    args: ({ scene }) => ({ input: { name: scene.name(), permissions: ['containers:list'] } }),
  },
  'Mutation.updateRole': {
    args: ({ scene }) => ({ name: scene.role, input: { description: 'A sample' } }),
  },
  'Mutation.deleteRole': { args: async ({ scene }) => ({ name: await scene.newRole() }) },
  'Mutation.createRoleBinding': {
    on: 'user',
    args: ({ target }) => ({
      input: {
        role: 'viewer',
        subject: { kind: 'user', id: target.owner.id },
        scope: { engines: ['local'], owned: true },
      },
    }),
  },
  'Mutation.updateRoleBinding': {
    on: 'binding',
    args: ({ target }) => ({ id: target.binding, input: { level: 'restricted' } }),
  },
  'Mutation.deleteRoleBinding': {
    on: 'binding',
    args: async ({ scene, target }) => ({ id: await scene.newBinding(target) }),
  },

  'Mutation.createContainer': { args: newContainer },
  'Mutation.runContainer': { args: newContainer },
  'Mutation.pruneContainers': {
    on: 'container',
    args: ({ target }) => ({ input: { label: [target.selector] } }),
    shows: ({ target }) => target.stopped,
  },
  'Mutation.removeContainer': onContainer(),
  'Mutation.updateContainer': onContainer({ input: { resources: { cpuShares: 2 } } }),
  'Mutation.startContainer': onContainer(),
  'Mutation.stopContainer': onContainer(),
  'Mutation.restartContainer': onContainer(),
  'Mutation.killContainer': onContainer(),
  'Mutation.pauseContainer': onContainer(),
  'Mutation.unpauseContainer': onContainer(),
  'Mutation.renameContainer': {
    on: 'container',
    args: ({ target }) => ({ id: target.container, input: { name: target.containerName } }),
  },
  'Mutation.waitContainer': onContainer(),
  'Mutation.commitContainer': onContainer(),

  'Subscription.containerLogs': onContainer({ follow: false }),
  'Subscription.containerStats': onContainer(),
  'Subscription.containerChanged': {
    on: 'container',
    poke: 'container',
    shows: ({ target }) => target.container,
  },
  'Subscription.engineEvents': {
    on: 'container',
    poke: 'container',
    shows: ({ target }) => target.container,
  },
  'Subscription.auditRecordAdded': { poke: 'audit' },
};
