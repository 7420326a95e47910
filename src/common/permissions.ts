/**
 * Every permission there is: `resource:verb` and what it lets its holder do. A closed list: what is not here cannot be
 * granted, and what is not granted is refused.
 *
 * `read…` verbs reveal a part of an object that `get` leaves out, because it may hold secrets.
 */
const DESCRIPTIONS = {
  'containers:list': 'List containers',
  'containers:get': 'See a container, without its environment values',
  'containers:readEnvironment':
    'See environment values and options of log and volume drivers, also by the columns of top',
  'containers:readMounts': 'See which paths of the host are mounted in a container',
  'containers:create': 'Create a container',
  'containers:update': 'Change resource limits and the restart policy',
  'containers:rename': 'Rename a container',
  'containers:start': 'Start a container',
  'containers:stop': 'Stop a container',
  'containers:restart': 'Restart a container',
  'containers:kill': 'Send a signal to a container',
  'containers:pause': 'Suspend the processes of a container',
  'containers:unpause': 'Resume the processes of a container',
  'containers:wait': 'Wait until a container stops',
  'containers:delete': 'Remove a container',
  'containers:prune': 'Remove all stopped containers',
  'containers:top': 'List the processes of a container',
  'containers:changes': 'List the paths that changed in a container, not their contents',
  'containers:logs': 'Read the logs of a container',
  'containers:stats': 'Read resource usage of a container',
  'containers:attach': 'Connect to input and output of the main process',
  'containers:resize': 'Resize the terminal of a container',
  'containers:exec': 'Run commands in a container',
  'containers:commit': 'Make an image of a container',
  'containers:export': 'Download the whole file system of a container',
  'containers:readFiles': 'Download and look up files of a container',
  'containers:writeFiles': 'Upload files into a container',

  'images:list': 'List images',
  'images:get': 'See an image, without its environment values',
  'images:readEnvironment': 'See environment values of an image',
  'images:history': 'See the build steps of an image, with the values they set',
  'images:readAttestations': 'Read provenance and bills of materials of an image',
  'images:pull': 'Pull an image from a registry',
  'images:push': 'Push an image to a registry',
  'images:build': 'Build an image',
  'images:import': 'Make an image of a file system archive, uploaded or downloaded by the engine',
  'images:load': 'Load images from an archive',
  'images:save': 'Download images with all their files',
  'images:tag': 'Give an image another name',
  'images:delete': 'Remove an image or a name of it',
  'images:prune': 'Remove all unused images',
  'images:search': 'Search for images in a registry',

  'builder:prune': 'Delete the build cache',
  'builder:control': 'Talk to BuildKit itself, past every check on builds',

  'distribution:get': 'Look up an image in its registry',

  'networks:list': 'List networks',
  'networks:get': 'See a network',
  'networks:create': 'Create a network',
  'networks:connect': 'Connect a container to a network',
  'networks:disconnect': 'Disconnect a container from a network',
  'networks:delete': 'Remove a network',
  'networks:prune': 'Remove all unused networks',

  'volumes:list': 'List volumes',
  'volumes:get': 'See a volume, without its driver options',
  'volumes:readOptions': 'See driver options of a volume, which may hold passwords of a share',
  'volumes:create': 'Create a volume',
  'volumes:update': 'Change a cluster volume',
  'volumes:delete': 'Remove a volume',
  'volumes:prune': 'Remove all unused volumes',
  'volumes:browse': 'List and read files of a volume',
  'volumes:backup': 'Download all files of a volume',
  'volumes:restore': 'Replace the files of a volume',

  'system:ping': 'Ask whether the engine is there',
  'system:version': 'See versions of the engine',
  'system:info': 'See the set-up and capacity of the engine',
  'system:df': 'See disk usage',
  'system:events': 'Follow events',
  'system:auth': 'Have the engine check registry credentials',

  'plugins:list': 'List plugins',
  'plugins:get': 'See a plugin, without its environment values',
  'plugins:readEnvironment': 'See environment values and arguments of a plugin',
  'plugins:create': 'Create a plugin from an archive',
  'plugins:pull': 'Install a plugin and see the privileges that it asks for',
  'plugins:push': 'Push a plugin to a registry',
  'plugins:enable': 'Enable a plugin',
  'plugins:disable': 'Disable a plugin',
  'plugins:configure': 'Change settings of a plugin',
  'plugins:upgrade': 'Upgrade a plugin',
  'plugins:delete': 'Remove a plugin',

  'swarm:get': 'See the swarm, without its join tokens',
  'swarm:readJoinTokens': 'See the tokens with which machines join the swarm',
  'swarm:readUnlockKey': 'See the key that unlocks managers',
  'swarm:init': 'Make the engine the first manager of a new swarm',
  'swarm:join': 'Make the engine join a swarm',
  'swarm:leave': 'Make the engine leave its swarm',
  'swarm:update': 'Change settings of the swarm and rotate its tokens',
  'swarm:unlock': 'Unlock a locked manager',

  'nodes:list': 'List nodes',
  'nodes:get': 'See a node',
  'nodes:update': 'Change role, availability and labels of a node',
  'nodes:delete': 'Remove a node from the swarm',

  'services:list': 'List services',
  'services:get': 'See a service, without its environment values',
  'services:readEnvironment': 'See environment values and options of log and volume drivers of a service',
  'services:create': 'Create a service',
  'services:update': 'Change, scale, restart and roll back a service',
  'services:delete': 'Remove a service',
  'services:logs': 'Read the logs of a service',

  'tasks:list': 'List tasks',
  'tasks:get': 'See a task, without its environment values',
  'tasks:readEnvironment': 'See environment values and options of log and volume drivers of a task',
  'tasks:logs': 'Read the logs of a task',

  'secrets:list': 'List secrets; their data is never shown',
  'secrets:get': 'See a secret; its data is never shown',
  'secrets:use': 'Give a secret to a service, whose containers read its data',
  'secrets:create': 'Create a secret',
  'secrets:update': 'Change labels of a secret',
  'secrets:delete': 'Remove a secret',

  'configs:list': 'List configs, without their data',
  'configs:get': 'See a config, without its data',
  'configs:readData': 'Read the data of a config',
  'configs:create': 'Create a config',
  'configs:update': 'Change labels of a config',
  'configs:delete': 'Remove a config',

  'engines:list': 'List engines',
  'engines:get': 'See an engine and its health',
  'engines:create': 'Add an engine',
  'engines:update': 'Change the connection of an engine',
  'engines:delete': 'Remove an engine from Dockmaster',

  'users:list': 'List users',
  'users:get': 'See a user',
  'users:create': 'Create a user',
  'users:update': 'Change a user, disable one, set a password',
  'users:delete': 'Delete a user',

  'teams:list': 'List teams',
  'teams:get': 'See a team and its members',
  'teams:create': 'Create a team',
  'teams:update': 'Change a team and its members',
  'teams:delete': 'Delete a team',

  'serviceAccounts:list': 'List service accounts',
  'serviceAccounts:get': 'See a service account',
  'serviceAccounts:create': 'Create a service account',
  'serviceAccounts:update': 'Change or disable a service account',
  'serviceAccounts:delete': 'Delete a service account',

  'tokens:list': "List other owners' API tokens; one's own need no permission",
  'tokens:get': "See another owner's API token, never the token itself",
  'tokens:create': 'Create an API token for another owner',
  'tokens:delete': "Revoke another owner's API token",

  'scopedSockets:list': 'List scoped sockets',
  'scopedSockets:get': 'See a scoped socket',
  'scopedSockets:create': 'Open a unix socket that stands for somebody',
  'scopedSockets:update': 'Change, disable or enable a scoped socket',
  'scopedSockets:delete': 'Remove a scoped socket',

  'clientCertificates:list': 'List the client certificates that stand for somebody',
  'clientCertificates:get': 'See what a client certificate stands for',
  'clientCertificates:create': 'Let a client certificate stand for somebody',
  'clientCertificates:update': 'Change, disable or enable what a client certificate stands for',
  'clientCertificates:delete': 'Have a client certificate stand for nobody',

  'roles:list': 'List roles and the permissions that there are',
  'roles:get': 'See a role',
  'roles:create': 'Create a role',
  'roles:update': 'Change a role',
  'roles:delete': 'Delete a role',

  'roleBindings:list': 'List role bindings',
  'roleBindings:get': 'See a role binding',
  'roleBindings:create': 'Give a role to a subject',
  'roleBindings:update': 'Change the scope or security level of a role binding',
  'roleBindings:delete': 'Take a role from a subject',

  'audit:list': 'Search the audit trail',
  'audit:get': 'See an audit record',
  'audit:export': 'Download the audit trail',

  'jobs:list': 'List jobs',
  'jobs:get': 'See and follow a job',
  'jobs:cancel': 'Cancel a job',
  'jobs:readLog': 'Read the output of a job that somebody else started, such as of a build',

  'webhooks:list': 'List webhooks',
  'webhooks:get': 'See a webhook and its deliveries, never its secret',
  'webhooks:create': 'Create a webhook',
  'webhooks:update': 'Change a webhook',
  'webhooks:delete': 'Delete a webhook',
  'webhooks:test': 'Send a test delivery',
  'webhooks:redeliver': 'Send a delivery again',

  'hooks:list': 'List hooks',
  'hooks:get': 'See a hook and its runs, never its token',
  'hooks:create': 'Create a hook',
  'hooks:update': 'Change a hook',
  'hooks:delete': 'Delete a hook',

  'schedules:list': 'List schedules',
  'schedules:get': 'See a schedule and its runs',
  'schedules:create': 'Create a schedule',
  'schedules:update': 'Change a schedule',
  'schedules:delete': 'Delete a schedule',
  'schedules:run': 'Run a schedule now',

  'registries:list': 'List registries',
  'registries:get': 'See a registry, never its password',
  'registries:create': 'Store credentials of a registry',
  'registries:update': 'Change a registry and its credentials',
  'registries:delete': 'Delete a registry and its credentials',
  'registries:use': 'Pull and push with stored credentials',
  'registries:deleteTags': 'Delete tags and their images in a registry',

  'metrics:get': 'Read metrics of Dockmaster',

  'settings:get': 'See warnings about unsafe settings',
} as const;

/** One thing that a role can allow, such as `containers:start`. */
export type Permission = keyof typeof DESCRIPTIONS;

type ResourceOf<P> = P extends `${infer Resource}:${string}` ? Resource : never;
type VerbOf<P> = P extends `${string}:${infer Verb}` ? Verb : never;

/** The first half of a permission: what it is about. */
export type PermissionResource = ResourceOf<Permission>;
/** The second half of a permission: what is done. */
export type PermissionVerb = VerbOf<Permission>;

/** What a role or a token's limits hold: a permission, or several by `*` on either side or both. */
export type PermissionPattern = Permission | `${PermissionResource}:*` | `*:${PermissionVerb}` | '*:*';

/** Every permission with its one-line description. */
export const PERMISSIONS: Readonly<Record<Permission, string>> = DESCRIPTIONS;

/** The names of all permissions, in the order in which they are documented. */
export const ALL_PERMISSIONS = Object.keys(DESCRIPTIONS) as readonly Permission[];

/**
 * Permissions that reveal what may hold secrets: environment values, file contents, a process' input and output by
 * attach and exec, swarm keys. None of them belongs in a role that only sees.
 */
export const REVEALING_PERMISSIONS: ReadonlySet<Permission> = new Set<Permission>([
  'containers:readEnvironment',
  'containers:readMounts',
  'containers:attach',
  'containers:exec',
  'containers:commit',
  'containers:export',
  'containers:readFiles',
  'images:readEnvironment',
  'images:history',
  'images:readAttestations',
  'images:push',
  'images:save',
  'builder:control',
  'volumes:readOptions',
  'volumes:browse',
  'volumes:backup',
  'plugins:readEnvironment',
  'plugins:push',
  'swarm:readJoinTokens',
  'swarm:readUnlockKey',
  'services:readEnvironment',
  'tasks:readEnvironment',
  'secrets:use',
  'configs:readData',
  'jobs:readLog',
]);

/** Whether `pattern` allows `permission`. `*` stands for a whole side, never for a part of one. */
export function permissionMatches(pattern: PermissionPattern, permission: Permission): boolean {
  const [resource, verb] = pattern.split(':');
  const [wantedResource, wantedVerb] = permission.split(':');
  return (resource === '*' || resource === wantedResource) && (verb === '*' || verb === wantedVerb);
}

/** Whether `text`, given by a caller, is a permission. */
export function isPermission(text: string): text is Permission {
  return Object.hasOwn(DESCRIPTIONS, text);
}

/** Whether `text`, given by a caller, is a pattern that allows at least one permission. */
export function isPermissionPattern(text: string): text is PermissionPattern {
  return (
    text.split(':').length === 2 &&
    ALL_PERMISSIONS.some((permission) => permissionMatches(text as PermissionPattern, permission))
  );
}
