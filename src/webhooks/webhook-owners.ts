import { Injectable } from '@nestjs/common';
import { type ActorGate, Gate } from '../gate/gate.js';
import { AuthenticationService } from '../identity/authentication.service.js';
import type { PauseReason, StoredWebhook } from './stored-webhook.js';

/** Those that webhooks are told for. */
@Injectable()
export class WebhookOwners {
  constructor(
    private readonly gate: Gate,
    private readonly authentication: AuthenticationService,
  ) {}

  /** With the owner's rights of now; or why nothing may be sent for him. */
  async of({
    owner,
    limits,
    parentId,
  }: Pick<StoredWebhook, 'owner' | 'limits' | 'parentId'>): Promise<
    { readonly gate: ActorGate } | { readonly gone: PauseReason }
  > {
    if (!(await this.authentication.isCredentialLive(parentId))) return { gone: 'credentialGone' };
    const gate = await this.gate.onBehalfOf(owner, limits);
    return gate ? { gate } : { gone: 'ownerGone' };
  }
}
