import { Injectable } from '@nestjs/common';
import { matterOf, type StoredEvent } from '../events/domain-event.js';
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

  /**
   * The ids of the events that the owner may not know of, for sure, at this moment. None for an owner who is gone: nothing is sent for
   * him, and what he may know is looked at again before anything is.
   */
  async hiddenFrom(
    { owner, limits }: Pick<StoredWebhook, 'owner' | 'limits'>,
    events: readonly StoredEvent[],
  ): Promise<ReadonlySet<string>> {
    const hidden = new Set<string>();
    const gate = events.length === 0 ? undefined : await this.gate.onBehalfOf(owner, limits);
    if (!gate) return hidden;
    for (const event of events) if ((await gate.maySee(matterOf(event))) === 'hidden') hidden.add(event.id);
    return hidden;
  }
}
