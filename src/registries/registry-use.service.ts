import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { familiarReference } from '../common/image-reference.js';
import { Gate, type RepositoryReach } from '../gate/gate.js';

/** Who may use what is stored for registries: whoever has `registries:use`, perhaps for some repositories only. */
@Injectable()
export class RegistryUse {
  constructor(private readonly gate: Gate) {}

  reach(actor: Actor): Promise<RepositoryReach> {
    return this.gate.as(actor).onRepositories('registries:use');
  }

  /** @throws DomainError `forbidden`, recorded, unless the actor may use the whole registry */
  require(actor: Actor): Promise<void> {
    return this.gate.as(actor).require('registries:use');
  }

  /** @throws DomainError `forbidden`, recorded, unless the actor may use the registry for this repository */
  async requireFor(actor: Actor, address: string, repository: string): Promise<void> {
    const { covers } = await this.reach(actor);
    if (!(await covers(repositoryName(address, repository)))) await this.require(actor);
  }
}

/** A repository as role bindings name it. */
export function repositoryName(address: string, repository: string): string {
  return familiarReference({ domain: address, path: repository });
}
