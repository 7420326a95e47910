import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import type { Permission } from '../common/permissions.js';
import { Gate } from '../gate/gate.js';
import { AuthenticationService } from '../identity/authentication.service.js';
import { ServiceAccountsService } from '../identity/service-accounts.service.js';
import { permissionsOf } from './action-check.js';
import type { ActionInput } from './action.inputs.js';

type Operation = Extract<Permission, `hooks:${string}` | `schedules:${string}`>;

/** A hook or schedule: as whom it acts, and what it must not outlive. */
export interface Automation {
  readonly serviceAccountId: string;
  readonly parentId: string | null;
}

/** The service accounts that hooks and schedules act as. */
@Injectable()
export class AutomationActors {
  constructor(
    private readonly gate: Gate,
    private readonly serviceAccounts: ServiceAccountsService,
    private readonly authentication: AuthenticationService,
  ) {}

  /**
   * @returns the service account as an actor, without any token
   * @throws DomainError `forbidden` where it is not there any more, or is disabled, and as `requireParent`
   */
  async actorOf({ serviceAccountId, parentId }: Automation): Promise<Actor> {
    await this.requireParent(parentId);
    const { name, disabled } = await this.serviceAccounts.get(serviceAccountId).catch(missing);
    if (disabled) throw new DomainError('forbidden', `The service account ${name} is disabled`);
    return { kind: 'serviceAccount', id: serviceAccountId, name, teamIds: [] };
  }

  /**
   * What somebody had done with a credential ends with it: who has stolen one keeps nothing.
   *
   * @param parentId of the credential that a hook or schedule was made or last changed with; null for none
   * @throws DomainError `forbidden` once that was withdrawn or has ended
   */
  async requireParent(parentId: string | null): Promise<void> {
    if (await this.authentication.isCredentialLive(parentId)) return;
    const message =
      'The credential that it was made or last changed with has ended; change it to have it act again';
    throw new DomainError('forbidden', message);
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
