import type { ContainerInfo, ContainerInspectInfo } from 'dockerode';
import { isVolumeHelper } from '../common/reserved-labels.js';
import { fingerprintOf, orEmpty, orNone, READ_TIMEOUT_MS } from './listed.js';
import type { Hint, ListedObject, ObjectRecord, WatchedKind } from './watched-kind.js';

/** What is kept of each container: what lists answer with, and the gate decides by. Its environment is not among it. */
export type KeptContainer = Pick<
  ContainerInspectInfo,
  'Id' | 'Name' | 'Created' | 'Path' | 'Args' | 'Image' | 'State' | 'Mounts'
> & {
  readonly Config: Pick<ContainerInspectInfo['Config'], 'Image' | 'Labels' | 'Tty'>;
  readonly NetworkSettings: Pick<ContainerInspectInfo['NetworkSettings'], 'Ports' | 'Networks'>;
  /** By which a container is told that shares the network of another. */
  readonly HostConfig?: Pick<ContainerInspectInfo['HostConfig'], 'NetworkMode'>;
};

export type ContainerRecord = ObjectRecord<KeptContainer>;

/** Events of containers after which nothing is different that lists or the gate look at. */
const DOCUMENT_ONLY = new Set([
  'archive-path',
  'attach',
  'checkpoint',
  'commit',
  'copy',
  'detach',
  'exec_create',
  'exec_detach',
  'exec_die',
  'exec_start',
  'export',
  'extract-to-dir',
  'kill',
  'prune',
  'resize',
  'top',
]);

const JUST_NOW = /(second|minute)s? ago$/;

/** `Health` from API 1.52 on. */
type ListedContainer = ContainerInfo & { readonly Health?: { readonly Status: string } };

/** Containers: ContainerList, ContainerInspect, and the events of containers and of networks that they join or leave. */
export const WATCHED_CONTAINERS: WatchedKind<KeptContainer, ContainerInspectInfo> = {
  name: 'container',

  async list(connection, signal) {
    const { body } = await connection.json<ListedContainer[]>('ContainerList', {
      query: { all: true },
      signal,
    });
    return body.filter(({ Labels, Names }) => !isVolumeHelper(Labels, Names)).map(toListed);
  },

  async read(connection, id, signal) {
    const document = await orNone(
      connection.json<ContainerInspectInfo>('ContainerInspect', {
        params: { id },
        signal,
        timeoutMs: READ_TIMEOUT_MS,
      }),
    );
    const { Config, Name } = (document ?? {}) as Partial<ContainerInspectInfo>;
    return isVolumeHelper(Config?.Labels, [Name]) ? undefined : document;
  },

  toRecord(document): ContainerRecord {
    const { Id, Name, Created, Path, Args, Image, State, Mounts, Config, NetworkSettings } = document;
    const { NetworkMode } = (document.HostConfig as Partial<typeof document.HostConfig> | undefined) ?? {};
    return {
      id: Id,
      name: Name.replace(/^\//, ''),
      labels: orEmpty(Config.Labels),
      createdAt: Date.parse(Created),
      kept: {
        Id,
        Name,
        Created,
        Path,
        Args,
        Image,
        State: withoutProbes(State),
        Mounts,
        Config: { Image: Config.Image, Labels: Config.Labels, Tty: Config.Tty },
        NetworkSettings: { Ports: NetworkSettings.Ports, Networks: NetworkSettings.Networks },
        ...(NetworkMode?.startsWith('container:') ? { HostConfig: { NetworkMode } } : {}),
      },
    };
  },

  hint({ type, action, actorId, attributes }): Hint | undefined {
    if (type === 'container') {
      const [verb = ''] = action.split(':', 1);
      if (actorId === '' || isVolumeHelper(attributes, [attributes['name']])) return undefined;
      return { id: actorId, changes: DOCUMENT_ONLY.has(verb) ? 'document' : 'object' };
    }
    const { container } = attributes;
    return type === 'network' && container !== undefined && container !== ''
      ? { id: container, changes: 'object' }
      : undefined;
  },
};

/** What health probes say, and how often they failed, comes with no event of its own. */
function withoutProbes(state: ContainerInspectInfo['State']): ContainerInspectInfo['State'] {
  const { Health: health } = state;
  return health ? { ...state, Health: { ...health, FailingStreak: 0, Log: [] } } : state;
}

/**
 * The status text of what runs counts up all the time; its state of health stands there too, before API 1.52. That of what
 * does not run tells when it stopped, by which a run that was missed is seen; unless it stopped so short a time ago that one
 * short time looks like another.
 */
function toListed({ Status, Health, ...document }: ListedContainer): ListedObject {
  const runs = document.State !== 'exited' && document.State !== 'created' && document.State !== 'dead';
  const active = runs || JUST_NOW.test(Status);
  const status = runs ? (/\([^()]*\)$/.exec(Status)?.[0] ?? '') : Status;
  return { id: document.Id, fingerprint: fingerprintOf([document, status, Health?.Status]), active };
}
