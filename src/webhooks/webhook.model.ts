import { ObjectType } from '@nestjs/graphql';
import { toDateTime } from '../common/date-time.js';
import {
  OutBigInteger,
  OutBoolean,
  OutChoice,
  OutInteger,
  OutObject,
  OutText,
  OutTextMap,
  OutTime,
} from '../common/output-fields.js';
import { ConnectionOf, PageOf, type SortKey } from '../common/pagination.js';
import { ALL_EVENT_TYPES, EVENT_TYPES, COMMON_DATA } from '../events/event-types.js';
import { PAUSE_REASONS, type PauseReason, type StoredWebhook } from './stored-webhook.js';

const STATES = ['active', 'paused', 'disabled'] as const;

@ObjectType({
  description: 'Whose a webhook is: what that user or service account may see is what it is told of.',
})
export class WebhookOwner {
  @OutText('`user` or `serviceAccount`.')
  kind!: string;

  @OutText('Its id.')
  id!: string;
}

@ObjectType({
  description: 'Somebody who is told of events by HTTP. Its secret is in no answer but that which made it.',
})
export class Webhook {
  @OutText('Its id.')
  id!: string;

  @OutText('What people call it.')
  name!: string;

  @OutText('Where it is sent to.')
  address!: string;

  @OutText('What it is told of: types of events, or globs of them.', { list: true })
  eventTypes!: string[];

  @OutText('Of which engines; `*` for all.', { list: true })
  engines!: string[];

  @OutText('The labels that objects must have; null for all.', { nullable: true })
  labelSelector!: string | null;

  @OutText('The body that is sent instead of a CloudEvent; null for a CloudEvent.', { nullable: true })
  template!: string | null;

  @OutBoolean('Whether events are to be sent.')
  enabled!: boolean;

  @OutChoice(STATES, 'Whether events are sent: `paused` where they are to be, and are not.')
  state!: (typeof STATES)[number];

  @OutChoice(
    PAUSE_REASONS,
    'Why it is paused: the receiver wants no more (410), nothing got through for a day, too many deliveries wait, its owner is gone or disabled, the credential that it was made or last changed with has ended. Null where it is not.',
    { nullable: true },
  )
  pausedReason!: PauseReason | null;

  @OutTime('Since when it is paused.', { nullable: true })
  pausedAt!: string | null;

  @OutTime('Since when no attempt succeeds; null where the last one did.', { nullable: true })
  failingSince!: string | null;

  @OutBigInteger(
    'How many events were not kept for it since too many deliveries waited. Counted anew once it is enabled again.',
  )
  missedEvents!: number;

  @OutTime('When the first of those happened.', { nullable: true })
  missedSince!: string | null;

  @OutTime('When something was last delivered.', { nullable: true })
  lastDeliveredAt!: string | null;

  @OutTime('Until when what is sent is signed with an old secret too; null where it is not.', {
    nullable: true,
  })
  oldSecretUntil!: string | null;

  @OutObject(() => WebhookOwner, 'Whose it is.')
  owner!: WebhookOwner;

  @OutTime('When it was made.')
  createdAt!: string;

  @OutTime('When it was last changed.')
  updatedAt!: string;
}

@ObjectType({ description: 'A webhook, with its secret where that is new: it is shown once.' })
export class WebhookWithSecret extends Webhook {
  @OutText(
    'What deliveries are signed with, `whsec_…`, by the Standard Webhooks scheme. Null where it is not new.',
    {
      nullable: true,
    },
  )
  secret!: string | null;
}

@ObjectType({ description: 'A type of events that webhooks can be told of.' })
export class WebhookEventType {
  @OutText('Its name.')
  type!: string;

  @OutText('What it tells.')
  description!: string;

  @OutText('What it is made from.')
  madeFrom!: string;

  @OutTextMap('The fields of `data`, with their meaning.')
  data!: Record<string, string>;
}

@ObjectType({ description: 'How many deliveries are to be sent again.' })
export class WebhookRedelivery {
  @OutInteger('How many.')
  count!: number;
}

export class WebhookPage extends PageOf(Webhook) {}
export const WebhookConnection = ConnectionOf(Webhook);

export function toWebhook(stored: StoredWebhook): Webhook {
  const { id, name, address, eventTypes, engines, labelSelector, template, enabled, pausedReason } = stored;
  const old = stored.secrets.flatMap(({ until }) => until ?? []).filter((until) => until > Date.now());
  return {
    id,
    name,
    address,
    eventTypes: [...eventTypes],
    engines: [...engines],
    labelSelector,
    template,
    enabled,
    state: !enabled ? 'disabled' : pausedReason === null ? 'active' : 'paused',
    pausedReason,
    pausedAt: timeOrNull(stored.pausedAt),
    failingSince: timeOrNull(stored.failingSince),
    missedEvents: stored.missed,
    missedSince: timeOrNull(stored.missedSince),
    lastDeliveredAt: timeOrNull(stored.deliveredAt),
    oldSecretUntil: old.length === 0 ? null : toDateTime(Math.max(...old)),
    owner: stored.owner,
    createdAt: toDateTime(stored.createdAt),
    updatedAt: toDateTime(stored.updatedAt),
  };
}

/** What webhooks are sorted by, ascending. */
export function webhookSortKey({ name, id }: Webhook): SortKey {
  return [name, id];
}

export function timeOrNull(epochMs: number | null): string | null {
  return epochMs === null ? null : toDateTime(epochMs);
}

/** The whole catalogue. */
export const WEBHOOK_EVENT_TYPES: readonly WebhookEventType[] = ALL_EVENT_TYPES.map((type) => {
  const { description, from, data = {} } = EVENT_TYPES[type];
  return { type, description, madeFrom: from, data: { ...COMMON_DATA, ...data } };
});
