import { createHash } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Actor } from '../common/actor.js';
import { type LabelSelector, matchesLabels, parseLabelSelector } from '../common/label-selector.js';
import type { SecretBox } from '../common/secret-box.js';
import type { WebhookTable } from '../database/schema.js';
import type { StoredEvent } from '../events/domain-event.js';
import { matchesEventType } from '../events/event-types.js';

export const PAUSE_REASONS = ['gone', 'failing', 'overflow', 'ownerGone', 'credentialGone'] as const;
export type PauseReason = (typeof PAUSE_REASONS)[number];

/** A secret as it is kept. */
export interface StoredSecret {
  readonly sealed: string;
  /** Until when it is valid besides the new one, in milliseconds since the epoch; null for the new one. */
  readonly until: number | null;
}

export interface WebhookOwner {
  readonly kind: 'user' | 'serviceAccount';
  readonly id: string;
}

/** What a webhook wants to be told of. */
export interface Interest {
  readonly eventTypes: readonly string[];
  /** Names, or `*`. */
  readonly engines: readonly string[];
  readonly labelSelector: string | null;
}

export interface StoredWebhook extends Interest {
  readonly id: string;
  readonly name: string;
  readonly owner: WebhookOwner;
  /** Of the API token that it was made with. */
  readonly limits: Actor['limits'];
  /** The credential that it was made or last changed with; null for a session. It does not outlive it. */
  readonly parentId: string | null;
  readonly address: string;
  readonly secrets: readonly StoredSecret[];
  readonly template: string | null;
  readonly enabled: boolean;
  readonly pausedReason: PauseReason | null;
  /** Milliseconds since the epoch, as all times here. */
  readonly pausedAt: number | null;
  readonly failingSince: number | null;
  readonly missed: number;
  readonly missedSince: number | null;
  readonly deliveredAt: number | null;
  readonly revision: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export function fromWebhookRow(row: Selectable<WebhookTable>, box: SecretBox): StoredWebhook {
  return {
    id: row.id,
    name: row.name,
    owner: { kind: row.owner_kind, id: row.owner_id },
    limits: limitsIn(row),
    parentId: row.parent_id,
    address: box.open(row.sealed_address, addressPurpose(row.id)),
    secrets: JSON.parse(row.secrets) as StoredSecret[],
    ...interestOf(row),
    template: row.template,
    enabled: row.enabled === 1,
    pausedReason: row.paused_reason,
    pausedAt: row.paused_at,
    failingSince: row.failing_since,
    missed: row.missed,
    missedSince: row.missed_since,
    deliveredAt: row.delivered_at,
    revision: row.revision,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function limitsIn({ limits }: Pick<Selectable<WebhookTable>, 'limits'>): Actor['limits'] {
  return limits === null ? undefined : (JSON.parse(limits) as Actor['limits']);
}

type InterestColumns = Pick<Selectable<WebhookTable>, 'event_types' | 'engines' | 'label_selector'>;

export function interestOf(row: InterestColumns): Interest {
  return {
    eventTypes: JSON.parse(row.event_types) as string[],
    engines: JSON.parse(row.engines) as string[],
    labelSelector: row.label_selector,
  };
}

/** Tells which events a webhook wants. That its owner may not see some of them is decided later. */
export function wants({ eventTypes, engines, labelSelector }: Interest): (event: StoredEvent) => boolean {
  const selector: LabelSelector = labelSelector === null ? [] : parseLabelSelector(labelSelector);
  return ({ type, engine, labels }) =>
    type !== 'webhook.test' &&
    eventTypes.some((glob) => matchesEventType(glob, type)) &&
    (engines.includes('*') || (engine !== null && engines.includes(engine))) &&
    matchesLabels(selector, labels);
}

export function addressPurpose(id: string): string {
  return `webhook:${id}:address`;
}

/** What a secret is sealed for: should its row ever name another address, it does not open. */
export function secretPurpose({ id, address }: Pick<StoredWebhook, 'id' | 'address'>): string {
  return `webhook:${id}:secret:${createHash('sha256').update(address).digest('hex')}`;
}

/** The secrets that are valid at a time, the newest first. */
export function validSecrets(webhook: StoredWebhook, box: SecretBox, now: number): string[] {
  return webhook.secrets
    .filter(({ until }) => until === null || until > now)
    .map(({ sealed }) => box.open(sealed, secretPurpose(webhook)));
}
