import { Injectable } from '@nestjs/common';
import { isDeepStrictEqual } from 'node:util';
import type { Actor } from '../common/actor.js';
import { notFound } from '../common/errors.js';
import type { Permission } from '../common/permissions.js';
import { Gate } from '../gate/gate.js';
import type { StoredWebhook } from './stored-webhook.js';
import { WebhookStore } from './webhook-store.js';

/**
 * Who may see and change which webhooks. A webhook is told what its owner may see: whoever reads its log, or sends it elsewhere, has to
 * be allowed all that its owner is.
 */
@Injectable()
export class WebhookAccess {
  constructor(
    private readonly gate: Gate,
    private readonly store: WebhookStore,
  ) {}

  /** By name. @throws DomainError `forbidden` */
  async all(actor: Actor): Promise<StoredWebhook[]> {
    await this.gate.as(actor).require('webhooks:list');
    const reaches = new Map<string, boolean>();
    const visible: StoredWebhook[] = [];
    for (const webhook of await this.store.all()) {
      const key = JSON.stringify([webhook.owner, webhook.limits]);
      const known = reaches.get(key) ?? (await this.reaches(actor, webhook));
      reaches.set(key, known);
      if (known) visible.push(webhook);
    }
    return visible;
  }

  /** @throws DomainError `forbidden`; `not_found`, recorded, also for one that the actor may not see */
  async visible(actor: Actor, id: string, permission: Permission): Promise<StoredWebhook> {
    await this.gate.as(actor).require(permission);
    const webhook = await this.store.get(id);
    if (await this.reaches(actor, webhook)) return webhook;
    const missing = notFound('webhook', id);
    await this.gate.as(actor).refused(permission, { kind: 'webhook', id, name: webhook.name }, missing);
    throw missing;
  }

  /** One's own is nobody else's matter, but for a token that is narrower than what the webhook was made with. */
  private async reaches(actor: Actor, { owner, limits }: StoredWebhook): Promise<boolean> {
    const isOwn = owner.kind === actor.kind && owner.id === actor.id;
    const mine = limitsOf(actor);
    if (isOwn && (mine === undefined || isDeepStrictEqual(mine, limits))) return true;
    return this.gate.as(actor).isAtLeast(owner);
  }
}

/** The limits of the actor's token; undefined for one that is not limited. */
export function limitsOf({ limits }: Actor): Actor['limits'] {
  return limits?.permissions || limits?.engines ? limits : undefined;
}
