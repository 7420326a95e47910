import { Injectable } from '@nestjs/common';
import { type Actor, parentOf } from '../common/actor.js';
import { changeOrDryRun, type DryRunQuery } from '../common/dry-run.js';
import { DomainError } from '../common/errors.js';
import { parseLabelSelector } from '../common/label-selector.js';
import { type Page, paginate } from '../common/pagination.js';
import { isEventGlob } from '../events/event-types.js';
import { Gate } from '../gate/gate.js';
import { OutgoingHttp } from '../outgoing/outgoing-http.js';
import type { WebhookOwner } from './stored-webhook.js';
import { Template } from './template.js';
import { limitsOf, WebhookAccess } from './webhook-access.js';
import type { CreateWebhookInput, RotateWebhookSecretInput, UpdateWebhookInput } from './webhook.inputs.js';
import {
  toWebhook,
  type Webhook,
  WEBHOOK_EVENT_TYPES,
  type WebhookEventType,
  webhookSortKey,
  type WebhookWithSecret,
} from './webhook.model.js';
import { WebhookStore } from './webhook-store.js';

const HOUR_MS = 60 * 60_000;
const DEFAULT_OVERLAP_HOURS = 24;

/** Which webhooks there are, for who may see and change them. Secrets are shown once, in the answer that they are made for. */
@Injectable()
export class WebhooksService {
  constructor(
    private readonly gate: Gate,
    private readonly access: WebhookAccess,
    private readonly store: WebhookStore,
    private readonly http: OutgoingHttp,
  ) {}

  /** @throws DomainError `forbidden` without `webhooks:list` */
  async eventTypes(actor: Actor): Promise<readonly WebhookEventType[]> {
    await this.gate.as(actor).require('webhooks:list');
    return WEBHOOK_EVENT_TYPES;
  }

  /**
   * By name: the actor's own, and those of who may do no more than it may.
   *
   * @throws DomainError `forbidden` without `webhooks:list`; `invalid_input` for a cursor that is none
   */
  async list(
    actor: Actor,
    page: { limit?: number | undefined; after?: string | undefined },
  ): Promise<Page<Webhook>> {
    return paginate((await this.access.all(actor)).map(toWebhook), webhookSortKey, page);
  }

  /** @throws DomainError `forbidden` without `webhooks:get`; `not_found` */
  async get(actor: Actor, id: string): Promise<Webhook> {
    return toWebhook(await this.access.visible(actor, id, 'webhooks:get'));
  }

  /**
   * It is the actor's, and told what the actor may see, within the limits of the token that it is made with.
   *
   * @throws DomainError `forbidden` without `webhooks:create`, and for an address that may not be called; `invalid_input`;
   *   `conflict`
   */
  create(actor: Actor, input: CreateWebhookInput, { dryRun }: DryRunQuery): Promise<WebhookWithSecret> {
    const { name } = input;
    const change = { dryRun, operation: 'webhooks:create', target: { kind: 'webhook', name } } as const;
    return changeOrDryRun(this.gate.as(actor), change, async () => {
      this.check(input);
      const { webhook, secret } = await this.store.create(
        {
          name,
          owner: ownerOf(actor),
          limits: limitsOf(actor),
          parentId: parentOf(actor),
          address: input.address,
          eventTypes: input.eventTypes,
          engines: input.engines ?? ['*'],
          labelSelector: textOrNull(input.labelSelector),
          template: textOrNull(input.template),
          enabled: input.enabled ?? true,
        },
        { dryRun: dryRun ?? false },
      );
      return { ...toWebhook(webhook), secret: dryRun === true ? null : secret };
    });
  }

  /**
   * With another address comes a new secret. What waits is sent to where the webhook leads then.
   *
   * @throws DomainError `forbidden` without `webhooks:update`, and for an address that may not be called; `not_found`;
   *   `invalid_input`; `conflict`
   */
  async update(actor: Actor, id: string, input: UpdateWebhookInput): Promise<WebhookWithSecret> {
    const known = await this.access.visible(actor, id, 'webhooks:update');
    const target = { kind: 'webhook', id, name: known.name };
    return this.gate.as(actor).change('webhooks:update', target, async () => {
      this.check(input);
      const { labelSelector, template, ...rest } = input;
      const { webhook, secret } = await this.store.update(known, {
        ...rest,
        parentId: parentOf(actor),
        labelSelector: labelSelector === undefined ? undefined : textOrNull(labelSelector),
        template: template === undefined ? undefined : textOrNull(template),
      });
      return { ...toWebhook(webhook), secret };
    });
  }

  /** @throws DomainError `forbidden` without `webhooks:update`; `not_found`; `conflict` */
  async rotateSecret(actor: Actor, id: string, input: RotateWebhookSecretInput): Promise<WebhookWithSecret> {
    const known = await this.access.visible(actor, id, 'webhooks:update');
    const target = { kind: 'webhook', id, name: known.name };
    const overlapMs = (input.overlapHours ?? DEFAULT_OVERLAP_HOURS) * HOUR_MS;
    return this.gate.as(actor).change('webhooks:update', target, async () => {
      const { webhook, secret } = await this.store.rotateSecret(known, overlapMs);
      return { ...toWebhook(webhook), secret };
    });
  }

  /** With its deliveries. @throws DomainError `forbidden` without `webhooks:delete`; `not_found` */
  async delete(actor: Actor, id: string): Promise<void> {
    const { name } = await this.access.visible(actor, id, 'webhooks:delete');
    const target = { kind: 'webhook', id, name };
    await this.gate.as(actor).change('webhooks:delete', target, () => this.store.delete(id));
  }

  private check({ address, eventTypes = [], labelSelector, template }: UpdateWebhookInput): void {
    const unknown = eventTypes.find((glob) => !isEventGlob(glob));
    if (unknown !== undefined) {
      const message = `must be types of events that there are, and ${unknown} is none`;
      throw new DomainError('invalid_input', `eventTypes ${message}`, {
        errors: [{ field: 'eventTypes', message }],
      });
    }
    if (labelSelector !== undefined) parseLabelSelector(labelSelector);
    if (textOrNull(template) !== null) Template.parse(template ?? '');
    if (address !== undefined) this.http.checkAddress(address);
  }
}

function ownerOf({ kind, id }: Actor): WebhookOwner {
  if (kind === 'system') throw new DomainError('internal', 'A webhook of nobody');
  return { kind, id };
}

function textOrNull(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}
