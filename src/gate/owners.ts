import { Injectable } from '@nestjs/common';
import { OwnershipService } from '../access/ownership.service.js';
import type { EngineRequest } from '../engine/engine-connection.js';
import type { Admission } from './admission.js';
import { mayUseAllVolumes } from './container-references.js';
import { referencesOf } from './policy/container-spec.js';
import { normaliseCreate } from './policy/normalise-container.js';

/** Keeps the record of who owns what in step with what the gate let through. */
@Injectable()
export class Owners {
  constructor(private readonly ownership: OwnershipService) {}

  /** Called after the engine carried the operation out. */
  async follow(admission: Admission, answer: unknown): Promise<void> {
    const { engine, operation, target, request } = admission;
    switch (operation.id) {
      case 'ContainerCreate':
        await this.record(admission, 'container', (answer as { Id: string }).Id, nameIn(request));
        await this.recordVolumes(admission);
        break;
      case 'ImageCommit':
        await this.record(admission, 'image', (answer as { Id: string }).Id, '');
        break;
      case 'ContainerDelete':
        if (target) await this.ownership.forget(engine, 'container', target.id);
        break;
      case 'ContainerRename':
        if (target) await this.ownership.rename(engine, 'container', target.id, nameIn(request));
        break;
      default:
    }
  }

  /** Whoever may not use all volumes was let through with its own and with new ones only: those are its own now. */
  private async recordVolumes(admission: Admission): Promise<void> {
    if (mayUseAllVolumes(admission.rights)) return;
    const { volumes } = referencesOf(normaliseCreate(admission.request.body));
    for (const name of volumes) await this.record(admission, 'volume', name, name);
  }

  private async record(
    { actor, engine }: Admission,
    kind: string,
    objectId: string,
    name: string,
  ): Promise<void> {
    if (actor.kind === 'system') return;
    await this.ownership.record({ engine, kind, objectId, name, ownerKind: actor.kind, ownerId: actor.id });
  }
}

function nameIn({ query }: EngineRequest): string {
  return typeof query?.['name'] === 'string' ? query['name'] : '';
}
