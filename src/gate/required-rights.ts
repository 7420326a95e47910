import { Injectable } from '@nestjs/common';
import { DomainError, notFound } from '../common/errors.js';
import type { Permission } from '../common/permissions.js';
import type { EngineRequest } from '../engine/engine-connection.js';
import { type Operation, type OperationId, permissionsFor } from '../engine/operations/index.js';
import type { Admission } from './admission.js';
import { Authoriser } from './authoriser.js';
import { namesIn } from './call-targets.js';
import { createdBy } from './created-object.js';
import type { Rights } from './rights.js';
import { listOfLooked, maySee, SHOWN } from './shown-objects.js';

/**
 * The rights that a call takes. Errors: `forbidden` for what may be seen but not done, `not_found` for what may not be seen.
 */
@Injectable()
export class RequiredRights {
  constructor(private readonly authoriser: Authoriser) {}

  /** @param reference by which the object was asked for */
  async onTarget(
    { actor, engine, operation, rights, target }: Admission,
    permissions: readonly Permission[],
    reference: string,
  ): Promise<void> {
    const facts = target?.object;
    if (!facts) {
      const missing = permissions.find((permission) => !rights.mayAlways(permission));
      if (!missing) return;
      const list = listOfLooked(operation.id);
      throw list === undefined || rights.mayAlways(list)
        ? forbidden(missing)
        : notFound(operation.target, reference);
    }
    const { kind, repositories } = facts;
    const object = this.authoriser.found(actor, engine, facts);
    for (const permission of permissions) {
      if (await rights.may(permission, object)) continue;
      const seeing =
        permission === SHOWN[kind].get && (await maySee(rights, permission, object, repositories));
      if (seeing) continue;
      const { get, list } = SHOWN[kind];
      for (const sight of [get, list])
        if (await maySee(rights, sight, object, repositories)) throw forbidden(permission);
      throw notFound(operation.target, reference);
    }
  }

  /** What names no object: a new one is held against the scope, everything else needs a right over all objects. */
  async withoutTarget(
    rights: Rights,
    permissions: readonly Permission[],
    id: OperationId,
    request: EngineRequest,
  ): Promise<void> {
    const created = createdBy(id, request);
    for (const permission of permissions) {
      const allowed = created
        ? await rights.may(permission, this.authoriser.created(created.labels, created.repositories))
        : rights.mayAlways(permission);
      if (!allowed)
        throw forbidden(permission, created ? ` for ${MADE_WITH[id] ?? 'this'}` : ' on the whole engine');
    }
  }
}

const MADE_WITH: Readonly<Partial<Record<OperationId, string>>> = {
  ContainerCreate: 'a container with these labels',
  NetworkCreate: 'a network with these labels',
  VolumeCreate: 'a volume with these labels',
  ServiceCreate: 'a service with these labels',
  SecretCreate: 'a secret with these labels',
  ConfigCreate: 'a config with these labels',
  ImageCreate: 'an image of this name',
  ImageBuild: 'an image with these names and labels',
};

/** To look at one of a kind of which one may see none is to look for what is not there. */
export function requireEver(rights: Rights, operation: Operation, request: EngineRequest): void {
  const missing = permissionsFor(operation, request.query ?? {}).find(
    (permission) => !rights.mayEver(permission),
  );
  if (!missing) return;
  const list = listOfLooked(operation.id);
  const [reference] = operation.targetParameter ? namesIn(request, operation.targetParameter) : [];
  if (list === undefined || reference === undefined || rights.mayEver(list)) throw forbidden(missing);
  throw notFound(operation.target, reference);
}

function forbidden(permission: Permission, where = ''): DomainError {
  return new DomainError('forbidden', `You need the permission ${permission}${where}`);
}
