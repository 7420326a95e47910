import { Injectable } from '@nestjs/common';
import { DomainError, notFound } from '../common/errors.js';
import type { Admission } from './admission.js';
import { Authoriser } from './authoriser.js';
import { EngineFacts } from './engine-facts.js';
import type { Rights } from './rights.js';
import { type ContainerSpec, referencesOf } from './policy/container-spec.js';

/** Networks that every container may be on; `host` is the policy's to judge. */
const COMMON_NETWORKS: ReadonlySet<string> = new Set(['', 'default', 'bridge', 'none', 'host']);

/** Other objects that a new container uses: the actor must be allowed to use each of them. */
@Injectable()
export class ContainerReferences {
  constructor(
    private readonly authoriser: Authoriser,
    private readonly facts: EngineFacts,
  ) {}

  /**
   * @returns the body with containers named by full id, so that a rename meanwhile changes nothing
   * @throws DomainError `not_found` for an object that does not exist for the actor
   */
  async pin(admission: Admission, spec: ContainerSpec): Promise<unknown> {
    const { containers, volumes, networks, images } = referencesOf(spec);
    requireNetworks(admission, networks);
    for (const name of volumes) await this.requireVolume(admission, name);
    for (const image of images) await this.requireImage(admission, image);
    const ids = new Map<string, string>();
    for (const reference of containers) {
      const container = await this.facts.usableContainer(admission, reference);
      if (!container) throw notFound('container', reference);
      ids.set(reference, container.id);
    }
    return ids.size === 0 ? admission.request.body : pinned(admission.request.body, ids);
  }

  /** A volume that is there already holds somebody's data: the actor's own, or it may use the data of all volumes. */
  private async requireVolume(admission: Admission, name: string): Promise<void> {
    const { actor, engine, rights } = admission;
    if (mayUseAllVolumes(rights)) return;
    if (await this.authoriser.existing(actor, engine, 'volume', name, {}).ownedByActor()) return;
    if ((await this.facts.volume(admission, name)) !== undefined) throw notFound('volume', name);
  }

  /** An image that somebody committed holds what was in the container, environment values among it. */
  private async requireImage(admission: Admission, image: string): Promise<void> {
    const { actor, engine, rights } = admission;
    if (rights.mayAlways('images:get')) return;
    const id = await this.facts.imageId(admission, image);
    if (id !== undefined && (await this.authoriser.ownedByAnother(actor, engine, 'image', id))) {
      throw notFound('image', image);
    }
  }
}

/** Mounting a volume is reading and writing its files. */
export function mayUseAllVolumes(rights: Rights): boolean {
  return rights.mayAlways('volumes:browse') && rights.mayAlways('volumes:restore');
}

function requireNetworks({ rights }: Admission, networks: readonly string[]): void {
  const other = networks.find((network) => !COMMON_NETWORKS.has(network));
  if (other === undefined || rights.mayAlways('networks:connect')) return;
  throw new DomainError('forbidden', `You need the permission networks:connect on network ${other}`);
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
