import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import type { Permission } from '../common/permissions.js';
import { Gate } from '../gate/gate.js';
import { ServiceAccountsService } from '../identity/service-accounts.service.js';
import { permissionsOf } from './action-check.js';
import type { ActionInput } from './action.inputs.js';

type Operation = Extract<Permission, `hooks:${string}` | `schedules:${string}`>;

/** The service accounts that hooks and schedules act as. */
@Injectable()
export class AutomationActors {
  constructor(
    private readonly gate: Gate,
    private readonly serviceAccounts: ServiceAccountsService,
  ) {}

  /**
   * @returns the service account as an actor, without any token
   * @throws DomainError `forbidden` where it is not there any more, or is disabled
   */
  async actorOf(serviceAccountId: string): Promise<Actor> {
    const { name, disabled } = await this.serviceAccounts.get(serviceAccountId).catch(missing);
    if (disabled) throw new DomainError('forbidden', `The service account ${name} is disabled`);
    return { kind: 'serviceAccount', id: serviceAccountId, name, teamIds: [] };
  }

  /**
   * Who decides what a service account does acts as it: that takes as much as the service account may do.
   *
   * @throws DomainError `invalid_input` for a service account that there is not; `forbidden`, recorded, for one that may do more
   */
  async requireMayDirect(actor: Actor, serviceAccountId: string, operation: Operation): Promise<void> {
    await this.serviceAccounts.get(serviceAccountId).catch(() => {
      const message = 'must be the id of a service account';
      throw new DomainError('invalid_input', `serviceAccountId ${message}`, {
        errors: [{ field: 'serviceAccountId', message }],
      });
    });
    await this.gate.as(actor).requireAtLeast({ kind: 'serviceAccount', id: serviceAccountId }, operation);
  }

  /** What a service account would need for an action, and has on nothing of the engine. */
  async missingPermissions(serviceAccountId: string, action: ActionInput): Promise<Permission[]> {
    const actor: Actor = { kind: 'serviceAccount', id: serviceAccountId, name: '', teamIds: [] };
    const gate = this.gate.as(actor);
    const missing: Permission[] = [];
    for (const permission of permissionsOf(action)) {
      const engines = await gate.engines(permission);
      if (!engines.some(({ name }) => name === action.engine)) missing.push(permission);
    }
    return missing;
  }
}

function missing(cause: unknown): never {
  if (cause instanceof DomainError && cause.kind === 'not_found')
    throw new DomainError('forbidden', 'Its service account is not there any more', { cause });
  throw cause;
}
