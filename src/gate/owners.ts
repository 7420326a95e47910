import { Injectable } from '@nestjs/common';
import { OwnershipService } from '../access/ownership.service.js';
import type { EngineRequest } from '../engine/engine-connection.js';
import type { Admission } from './admission.js';

/** Keeps the record of who owns what in step with what the gate let through. */
@Injectable()
export class Owners {
  constructor(private readonly ownership: OwnershipService) {}

  /** Called after the engine carried the operation out. */
  async follow(
    { actor, engine, operation: { id }, target, request }: Admission,
    answer: unknown,
  ): Promise<void> {
    if (id === 'ContainerCreate' && actor.kind !== 'system') {
      const { Id: objectId } = answer as { Id: string };
      await this.ownership.record({
        engine,
        kind: 'container',
        objectId,
        name: nameIn(request),
        ownerKind: actor.kind,
        ownerId: actor.id,
      });
    }
    if (id === 'ContainerDelete' && target) await this.ownership.forget(engine, 'container', target.id);
    if (id === 'ContainerRename' && target) {
      await this.ownership.rename(engine, 'container', target.id, nameIn(request));
    }
  }
}

function nameIn({ query }: EngineRequest): string {
  return typeof query?.['name'] === 'string' ? query['name'] : '';
}
