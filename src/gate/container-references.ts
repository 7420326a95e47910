import { Injectable } from '@nestjs/common';
import { DomainError, notFound } from '../common/errors.js';
import type { Admission } from './admission.js';
import { Authoriser } from './authoriser.js';
import { EngineFacts } from './engine-facts.js';
import type { ContainerFacts } from './object-finder.js';
import type { Rights } from './rights.js';
import { ServiceVolumes } from './service-volumes.js';
import type { EndpointBody } from './policy/container-body.js';
import { type ContainerSpec, referencesOf } from './policy/container-spec.js';

/** Named volumes of one container. Each is looked up, and claimed where it is new. */
const MOST_VOLUMES = 200;

/** Networks that every container may be on; `host` is the policy's to judge. */
const COMMON_NETWORKS: ReadonlySet<string> = new Set(['', 'default', 'bridge', 'none', 'host']);

/** Other objects that a new container uses: the actor must be allowed to use each of them. */
@Injectable()
export class ContainerReferences {
  constructor(
    private readonly authoriser: Authoriser,
    private readonly facts: EngineFacts,
    private readonly serviceVolumes: ServiceVolumes,
  ) {}

  /**
   * @returns the body with containers and networks by full id, so that a rename, or another network of the name, changes
   *   nothing; and the names of the volumes that there are not yet
   * @throws DomainError `not_found` for an object that does not exist for the actor
   */
  async pin(
    admission: Admission,
    spec: ContainerSpec,
  ): Promise<{ readonly body: unknown; readonly newVolumes: readonly string[] }> {
    const { containers, volumes, networks, images } = referencesOf(spec);
    const networkIds = new Map<string, string>();
    for (const network of networks) {
      const id = await this.requireNetwork(admission, network);
      if (id !== undefined) networkIds.set(network, id);
    }
    if (volumes.length > MOST_VOLUMES) throw tooManyVolumes();
    const newVolumes: string[] = [];
    for (const name of volumes) if (!(await this.requireVolume(admission, name))) newVolumes.push(name);
    for (const image of images) await this.requireImage(admission, image);
    const ids = new Map<string, string>();
    for (const reference of containers) {
      const container = await this.facts.usableContainer(admission, reference);
      if (!container) throw notFound('container', reference);
      ids.set(reference, container.id);
    }
    const body = withNetworkIds(admission.request.body, networkIds);
    return { body: ids.size === 0 ? body : pinned(body, ids), newVolumes };
  }

  /** @returns whether there is such a volume */
  async requireVolume(admission: Admission, name: string): Promise<boolean> {
    const volume = await this.facts.volume(admission, name);
    if (mayUseAllVolumes(admission.rights)) return volume !== undefined;
    if (!volume) await this.serviceVolumes.requireFree(admission, name);
    else if (!(await this.mayMount(admission, name, volume.labels))) throw notFound('volume', name);
    return volume !== undefined;
  }

  /**
   * A volume that is there already holds somebody's data: the actor's own, or it may use the data of all volumes. What a
   * container mounts, the one in its place may mount too, or it could not take its place.
   */
  async mayMount(
    { actor, engine, rights, replaces }: Admission,
    name: string,
    labels: Readonly<Record<string, string>>,
  ): Promise<boolean> {
    if (replaces && (await mountedVolumes(replaces)).has(name)) return true;
    const object = this.authoriser.existing(actor, engine, 'volume', name, labels);
    if (await object.ownedByActor()) return true;
    return (await rights.may('volumes:browse', object)) && (await rights.may('volumes:restore', object));
  }

  /**
   * A network that somebody made connects what is on it.
   *
   * @returns its id; undefined for one of every engine, and for an actor to whom it makes no difference
   */
  private async requireNetwork(admission: Admission, reference: string): Promise<string | undefined> {
    const { actor, engine, rights } = admission;
    if (COMMON_NETWORKS.has(reference) || mayConnectToAll(rights)) return undefined;
    const network = await this.facts.network(admission, reference);
    if (!network) throw notFound('network', reference);
    const object = this.authoriser.existing(actor, engine, 'network', network.id, network.labels);
    if (await rights.may('networks:connect', object)) return network.id;
    if (!(await rights.may('networks:get', object))) throw notFound('network', reference);
    throw new DomainError('forbidden', `You need the permission networks:connect on network ${reference}`);
  }

  /**
   * An image that somebody committed holds what was in the container, environment values among it. One that is not there
   * is refused here too, unless it may be fetched later: the engine would say so in other words.
   */
  async requireImage(admission: Admission, image: string, { there = true } = {}): Promise<void> {
    const { actor, engine, rights } = admission;
    if (rights.mayAlways('images:get')) return;
    // From memory alone: the engine would be asked only for one that is not there, which takes longer.
    const found = await this.facts.image(admission, image, { seesAll: false });
    if (!found && !there) return;
    if (!found) throw notFound('image', image);
    if (await this.authoriser.ownedByAnother(actor, engine, 'image', found.id)) {
      const { id, labels, repositories } = found;
      const object = this.authoriser.existing(actor, engine, 'image', id, labels, repositories);
      if (!(await rights.may('images:get', object))) throw notFound('image', image);
    }
  }
}

/** Mounting a volume is reading and writing its files. */
export function mayUseAllVolumes(rights: Rights): boolean {
  return rights.mayAlways('volumes:browse') && rights.mayAlways('volumes:restore');
}

/** Whoever is on a network reaches all that is on it. */
export function mayConnectToAll(rights: Rights): boolean {
  return rights.mayAlways('networks:connect');
}

/** The names of the volumes that a container mounts, those without a name of their own too. */
async function mountedVolumes(container: ContainerFacts): Promise<ReadonlySet<string>> {
  const { Mounts } = await container.document();
  return new Set(Mounts.flatMap(({ Type, Name }) => (Type === 'volume' && Name ? [Name] : [])));
}

function tooManyVolumes(): DomainError {
  const message = `must name at most ${MOST_VOLUMES} volumes`;
  return new DomainError('invalid_input', `The mounts ${message}`, {
    errors: [{ field: 'HostConfig.Mounts', message }],
  });
}

interface NamingBody {
  HostConfig?: Record<string, unknown> | null;
}

const NAMESPACE_FIELDS = [
  'NetworkMode',
  'PidMode',
  'IpcMode',
  'UTSMode',
  'UsernsMode',
  'CgroupnsMode',
  'Cgroup',
];

interface AttachingBody {
  HostConfig?: { NetworkMode?: string | null } | null;
  NetworkingConfig?: { EndpointsConfig?: Record<string, EndpointBody | null> | null } | null;
}

/**
 * A container that is started later joins the network that has the name by then, unless its endpoint has an id: that one comes
 * before the name, so an id that came with the request must not be sent on.
 */
function withNetworkIds(body: unknown, ids: ReadonlyMap<string, string>): unknown {
  const { HostConfig: host, NetworkingConfig: networking } = body as AttachingBody;
  const endpoints = Object.entries(networking?.EndpointsConfig ?? {});
  const mode = host?.NetworkMode ?? '';
  if (endpoints.length === 0 && ids.has(mode)) endpoints.push([mode, {}]);
  if (endpoints.length === 0) return body;
  const EndpointsConfig = Object.fromEntries(
    endpoints.map(([name, endpoint]) => [name, endpointOn(ids.get(name), endpoint)]),
  );
  return { ...(body as object), NetworkingConfig: { ...networking, EndpointsConfig } };
}

/** How a container is on the network of this id; without one, on the network that it is asked for by. */
export function endpointOn(id: string | undefined, endpoint: EndpointBody | null | undefined): object | null {
  if (id !== undefined) return { ...endpoint, NetworkID: id };
  if (!endpoint) return null;
  const { NetworkID: _given, ...asked } = endpoint;
  return asked;
}

function pinned(body: unknown, ids: ReadonlyMap<string, string>): unknown {
  const { HostConfig: host, ...rest } = body as NamingBody;
  if (!host) return body;
  const result = { ...host };
  for (const field of NAMESPACE_FIELDS) {
    const mode = host[field];
    if (typeof mode !== 'string' || !mode.startsWith('container:')) continue;
    result[field] = `container:${idOf(ids, mode.slice('container:'.length))}`;
  }
  // `ref`, `ref:ro`, `ref:alias`: what comes after the first colon stays.
  for (const field of ['VolumesFrom', 'Links']) {
    const entries = host[field];
    if (!Array.isArray(entries)) continue;
    result[field] = entries.map((entry: string) => {
      const [written = '', ...more] = entry.split(':');
      const reference = written.replace(/^\//, '');
      return [idOf(ids, reference), ...more].join(':');
    });
  }
  return { ...rest, HostConfig: result };
}

function idOf(ids: ReadonlyMap<string, string>, reference: string): string {
  const id = ids.get(reference);
  if (id === undefined) throw new DomainError('internal', 'A container was named that was not looked up');
  return id;
}
