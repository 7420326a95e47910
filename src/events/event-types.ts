import { matchesGlob } from '../common/glob.js';
import type { WatchedKindName } from '../gate/engine-chronicle.js';

/** Who may know of events of a type: who may see the object, the engine, the job; or the audit trail; or the owner alone. */
type About = WatchedKindName | 'engine' | 'job' | 'audit' | 'own';

interface EventTypeDefinition {
  readonly description: string;
  /** What it is made from. */
  readonly from: string;
  readonly about: About;
  /** What `data` tells besides `engine`, `kind`, `id`, `name` and `labels`. */
  readonly data?: Readonly<Record<string, string>>;
}

const IMAGE = { image: 'The image that the container was made of' } as const;
const EXIT_CODE = {
  ...IMAGE,
  exitCode: 'Exit code of the main process; null where it is not known',
} as const;
const REFERENCE = { reference: 'The name of the image; null where it is not known' } as const;
const CONTAINER = {
  container: 'Full id of the container; null where you may not list all containers of the engine',
  containerName: 'Its name; null where it is not known',
} as const;
const JOB = {
  jobKind: 'What work it was',
  target: 'Name of what it worked on; null for none',
  startedBy: 'Name of who started it',
} as const;

/** All that webhooks can tell of. A closed list: what is not here is not told. */
const DEFINITIONS = {
  'container.created': {
    description: 'A container was made',
    from: 'engine event `create`',
    about: 'container',
    data: IMAGE,
  },
  'container.started': {
    description: 'A container was started',
    from: 'engine event `start`',
    about: 'container',
    data: IMAGE,
  },
  'container.stopped': {
    description: 'A container was stopped on request; `container.died` comes before it',
    from: 'engine event `stop`',
    about: 'container',
    data: IMAGE,
  },
  'container.died': {
    description: 'The main process of a container ended, for whatever reason',
    from: 'engine event `die`',
    about: 'container',
    data: EXIT_CODE,
  },
  'container.restarted': {
    description: 'A container was restarted on request',
    from: 'engine event `restart`',
    about: 'container',
    data: IMAGE,
  },
  'container.paused': {
    description: 'The processes of a container were suspended',
    from: 'engine event `pause`',
    about: 'container',
    data: IMAGE,
  },
  'container.unpaused': {
    description: 'The processes of a container were resumed',
    from: 'engine event `unpause`',
    about: 'container',
    data: IMAGE,
  },
  'container.renamed': {
    description: 'A container got another name',
    from: 'engine event `rename`',
    about: 'container',
    data: { ...IMAGE, oldName: 'The name before' },
  },
  'container.updated': {
    description: 'Limits or the restart policy of a container were changed',
    from: 'engine event `update`',
    about: 'container',
    data: IMAGE,
  },
  'container.removed': {
    description: 'A container was removed',
    from: 'engine event `destroy`',
    about: 'container',
    data: IMAGE,
  },
  'container.oom': {
    description: 'The kernel ended a process of a container for want of memory',
    from: 'engine event `oom`',
    about: 'container',
    data: IMAGE,
  },
  'container.health.healthy': {
    description: 'The health check of a container succeeds',
    from: 'engine event `health_status`',
    about: 'container',
    data: IMAGE,
  },
  'container.health.unhealthy': {
    description: 'The health check of a container fails',
    from: 'engine event `health_status`',
    about: 'container',
    data: IMAGE,
  },

  'image.pulled': {
    description: 'An image was pulled',
    from: 'engine event `pull`',
    about: 'image',
    data: REFERENCE,
  },
  'image.tagged': {
    description: 'An image got a name',
    from: 'engine event `tag`',
    about: 'image',
    data: REFERENCE,
  },
  'image.untagged': {
    description: 'A name of an image was removed',
    from: 'engine event `untag`',
    about: 'image',
    data: REFERENCE,
  },
  'image.loaded': {
    description: 'An image was loaded from an archive',
    from: 'engine event `load`',
    about: 'image',
    data: REFERENCE,
  },
  'image.imported': {
    description: 'An image was made of a file system archive',
    from: 'engine event `import`',
    about: 'image',
    data: REFERENCE,
  },
  'image.removed': {
    description: 'An image was removed',
    from: 'engine event `delete`',
    about: 'image',
    data: REFERENCE,
  },

  'network.created': { description: 'A network was made', from: 'engine event `create`', about: 'network' },
  'network.connected': {
    description: 'A container joined a network',
    from: 'engine event `connect`',
    about: 'network',
    data: CONTAINER,
  },
  'network.disconnected': {
    description: 'A container left a network',
    from: 'engine event `disconnect`',
    about: 'network',
    data: CONTAINER,
  },
  'network.removed': {
    description: 'A network was removed',
    from: 'engine event `destroy`',
    about: 'network',
  },

  'volume.created': { description: 'A volume was made', from: 'engine event `create`', about: 'volume' },
  'volume.removed': { description: 'A volume was removed', from: 'engine event `destroy`', about: 'volume' },

  'service.created': {
    description: 'A service was made',
    from: 'engine event `create` of a swarm manager',
    about: 'service',
  },
  'service.updated': {
    description: 'A service was changed, or an update of it went on',
    from: 'engine event `update` of a swarm manager',
    about: 'service',
  },
  'service.removed': {
    description: 'A service was removed',
    from: 'engine event `remove` of a swarm manager',
    about: 'service',
  },

  'node.joined': {
    description: 'A node joined the swarm',
    from: 'engine event `create` of a swarm manager',
    about: 'node',
  },
  'node.ready': {
    description: 'A node is up',
    from: 'engine event `update` of a swarm manager, with a new state',
    about: 'node',
  },
  'node.down': {
    description: 'A node is down',
    from: 'engine event `update` of a swarm manager, with a new state',
    about: 'node',
  },
  'node.removed': {
    description: 'A node left the swarm',
    from: 'engine event `remove` of a swarm manager',
    about: 'node',
  },

  'engine.unreachable': {
    description: 'An engine does not answer any more',
    from: 'the ping every 5 s',
    about: 'engine',
    data: { reason: 'Why, in words' },
  },
  'engine.reachable': {
    description: 'An engine answers again',
    from: 'the ping every 5 s',
    about: 'engine',
  },

  'job.succeeded': { description: 'A job succeeded', from: 'the job', about: 'job', data: JOB },
  'job.failed': {
    description: 'A job failed, or was interrupted',
    from: 'the job',
    about: 'job',
    data: { ...JOB, errorCode: 'The code of its error' },
  },
  'job.cancelled': { description: 'A job was cancelled', from: 'the job', about: 'job', data: JOB },

  'access.denied': {
    description: 'Something was refused: a call without the right to it, or a sign-in',
    from: 'the audit record of the refusal',
    about: 'audit',
    data: {
      operation: 'What was tried',
      actor: 'Name of who tried; null for nobody who was signed in',
      actorKind: 'What kind of actor that is',
      door: 'The way in',
      reason: 'Why it was refused',
    },
  },

  'webhook.paused': {
    description: 'A webhook of yours is not sent to any more, until it is enabled again',
    from: 'its deliveries',
    about: 'own',
    data: { reason: 'Why: `gone`, `failing`, `overflow`, `ownerGone` or `credentialGone`' },
  },
  'webhook.test': { description: 'A test delivery, on request', from: 'the request', about: 'own' },
} as const satisfies Record<string, EventTypeDefinition>;

export type EventType = keyof typeof DEFINITIONS;

export const EVENT_TYPES: Readonly<Record<EventType, EventTypeDefinition>> = DEFINITIONS;

export const ALL_EVENT_TYPES = Object.keys(DEFINITIONS) as readonly EventType[];

/** What everything that happens tells in `data`. */
export const COMMON_DATA = {
  engine: 'Name of the engine; null for what happened on none',
  kind: 'What it happened to: `container`, `image`, `job`, …',
  id: 'Its full id; the name of a volume',
  name: 'Its name; null for none',
  labels: 'Its labels',
} as const;

/** `*` stands for any characters, also for none: `container.*`, `*.removed`, `*`. */
export function matchesEventType(glob: string, type: string): boolean {
  return matchesGlob(glob, type);
}

/** Whether there is anything that the glob stands for. */
export function isEventGlob(glob: string): boolean {
  return ALL_EVENT_TYPES.some((type) => matchesEventType(glob, type));
}
