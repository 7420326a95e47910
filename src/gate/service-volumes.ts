import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import type { ServiceSpec } from '../state/swarm-documents.js';
import type { Admission } from './admission.js';
import { Authoriser } from './authoriser.js';
import { SwarmEngines } from './swarm-engines.js';

/**
 * The names of volumes that services mount. The swarm starts tasks by itself, at any time, and each takes the volume that has
 * the name by then: who makes one of such a name gives its data away, or takes over what the service keeps there.
 */
@Injectable()
export class ServiceVolumes {
  constructor(
    private readonly authoriser: Authoriser,
    private readonly swarm: SwarmEngines,
  ) {}

  /** @throws DomainError `forbidden` where a service that the actor may not update mounts it, or would after a rollback */
  async requireFree({ actor, engine }: Pick<Admission, 'actor' | 'engine'>, name: string): Promise<void> {
    const { manager, services } = await this.swarm.servicesOf(engine);
    for (const { id, labels, kept } of services) {
      const mounts = mountsVolume(kept.Spec, name) || mountsVolume(kept.PreviousSpec, name);
      if (mounts && !(await this.mayUpdate(actor, manager, id, labels)))
        throw new DomainError('forbidden', `The name ${name} is that of a volume which a service mounts`);
    }
  }

  /**
   * What is removed leaves its name to others, for a task that the swarm starts later.
   *
   * @throws DomainError `conflict` where a service mounts it
   */
  async requireUnused(engine: string, name: string): Promise<void> {
    const { services } = await this.swarm.servicesOf(engine);
    if (services.some(({ kept }) => mountsVolume(kept.Spec, name)))
      throw new DomainError('conflict', `A service mounts the volume ${name}: change or remove that first`);
  }

  private async mayUpdate(
    actor: Actor,
    manager: string,
    id: string,
    labels: Readonly<Record<string, string>>,
  ): Promise<boolean> {
    const rights = await this.authoriser.rights(actor, manager);
    return rights.may('services:update', this.authoriser.existing(actor, manager, 'service', id, labels));
  }
}

function mountsVolume(spec: ServiceSpec | null | undefined, name: string): boolean {
  const mounts = spec?.TaskTemplate?.ContainerSpec?.Mounts ?? [];
  return mounts.some(({ Type, Source }) => Type === 'volume' && mayMean(Source ?? '', name));
}

/** Engines fill templates in for each task, such as `data-{{.Task.Slot}}`: what they may come to is anything. */
export function mayMean(source: string, name: string): boolean {
  const from = source.indexOf('{{');
  const to = source.lastIndexOf('}}');
  // Between the two it may hold the marks as texts and span lines: only what is outside stands as it is.
  if (from < 0 || to < from) return source === name;
  return name.startsWith(source.slice(0, from)) && name.endsWith(source.slice(to + 2));
}
