import { ArgsType, InputType } from '@nestjs/graphql';
import { InDateTime } from '../common/date-time.js';
import { InBoolean, InChoice, InInteger, InObject, InText } from '../common/input-fields.js';
import { MAX_LABEL_SELECTOR_LENGTH } from '../common/label-selector.js';
import { ConnectionArgs, PageQuery } from '../common/pagination.js';
import { InId } from '../identity/id-field.js';
import { DELIVERY_STATES, type DeliveryState } from './delivery-state.js';
import { MAX_TEMPLATE } from './template.js';

const MAX_OVERLAP_HOURS = 168;

const NAME = {
  description: 'What people call it. Each owner has a name once.',
  min: 1,
  max: 64,
  pattern: /^[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?$/,
  patternHint: 'lower-case letters, digits, ".", "_" and "-"',
  example: 'deployments',
} as const;
const ADDRESS = {
  description:
    'Where to send to, by POST: https://…; http://… only to hosts that DOCKMASTER_OUTGOING_ALLOW names. No user name and no password.',
  min: 10,
  max: 2_048,
  pattern: /^https?:\/\/[^\s#]+$/,
  patternHint: 'an address that begins with https:// or http://, without a fragment',
  example: 'https://receiver.example.com/dockmaster',
} as const;
const EVENT_TYPES = {
  description: 'What to tell of: types of events, or globs of them such as `container.*`. `*` for all.',
  min: 1,
  max: 64,
  list: { min: 1, max: 50 },
  pattern: /^[a-z*]+(\.[a-z*]+)*$/,
  patternHint: 'types of events such as container.died, where * stands for anything',
  example: ['container.died', 'container.health.*'],
} as const;
const ENGINES = {
  description:
    'Names of engines; `*` for all, also those that come later, and for what happens on none. Default: `*`.',
  min: 1,
  max: 63,
  list: { min: 1, max: 50 },
  pattern: /^(\*|[a-z0-9][a-z0-9-]{0,62})$/,
  patternHint: 'names of engines, or *',
  optional: true,
  example: ['local'],
} as const;
const LABEL_SELECTOR = {
  description:
    'Only what happens to objects with labels that meet this selector, such as `env=prod, tier in (web, api)`. Empty for all.',
  max: MAX_LABEL_SELECTOR_LENGTH,
  optional: true,
  example: 'env=prod',
} as const;
const TEMPLATE = {
  description:
    'The body instead of a CloudEvent: JSON, in whose texts `{{field}}` stands for a value. Empty for a CloudEvent.',
  max: MAX_TEMPLATE,
  multiline: true,
  optional: true,
  example: '{"text": "{{summary}}"}',
} as const;
const ENABLED = {
  description: 'Whether events are sent. To enable one that is paused lets it go on. Default: true.',
  optional: true,
} as const;

/** What may be left out, also of a new one. */
@InputType({ isAbstract: true })
class WebhookOptions {
  @InText(ENGINES)
  engines?: string[];

  @InText(LABEL_SELECTOR)
  labelSelector?: string;

  @InText(TEMPLATE)
  template?: string;

  @InBoolean(ENABLED)
  enabled?: boolean;
}

@InputType({ description: 'A webhook: somebody who is told of events by HTTP.' })
export class CreateWebhookInput extends WebhookOptions {
  @InText(NAME)
  name!: string;

  @InText(ADDRESS)
  address!: string;

  @InText(EVENT_TYPES)
  eventTypes!: string[];
}

@InputType({ description: 'What to change of a webhook. What is left out stays as it is.' })
export class UpdateWebhookInput extends WebhookOptions {
  @InText({ ...NAME, optional: true })
  name?: string;

  @InText({ ...ADDRESS, optional: true })
  address?: string;

  @InText({ ...EVENT_TYPES, optional: true })
  eventTypes?: string[];
}

@InputType({ description: 'How to change the secret of a webhook.' })
export class RotateWebhookSecretInput {
  @InInteger({
    description:
      'For how many hours what is sent is signed with the old secret too. 0: not at all, for one that is known to others. Default: 24.',
    min: 0,
    max: MAX_OVERLAP_HOURS,
    optional: true,
  })
  overlapHours?: number;
}

const InState = () => InChoice({ description: 'In this state.', values: DELIVERY_STATES, optional: true });
const InEventType = () =>
  InText({
    description: 'Of this type of event.',
    min: 1,
    max: 64,
    optional: true,
    example: 'container.died',
  });

@InputType({ description: 'Which deliveries to list. All that is given must hold.' })
export class WebhookDeliveryFilterInput {
  @InState()
  state?: DeliveryState;

  @InEventType()
  eventType?: string;
}

/** The query of `GET /webhooks/{id}/deliveries`. */
export class ListWebhookDeliveriesQuery extends PageQuery implements WebhookDeliveryFilterInput {
  @InState()
  state?: DeliveryState;

  @InEventType()
  eventType?: string;
}

@InputType({ description: 'Which deliveries to send again: those that were made in a time.' })
export class RedeliverWebhookInput {
  @InDateTime('Not made before this time.')
  from!: string;

  @InDateTime('Made before this time. Default: now.', { optional: true })
  to?: string;

  @InChoice({
    description: 'In this state. Default: failed.',
    values: ['failed', 'delivered'],
    optional: true,
  })
  state?: 'failed' | 'delivered';
}

/** What the path `/webhooks/{id}` carries, and the arguments of GraphQL's fields for one webhook. */
@ArgsType()
export class WebhookPath {
  @InId('The id of the webhook.')
  id!: string;
}

/** What the path `/webhooks/{id}/deliveries/{deliveryId}` carries, and the arguments of GraphQL's fields for one delivery. */
@ArgsType()
export class WebhookDeliveryPath extends WebhookPath {
  @InId('The id of the delivery: the `webhook-id` that the receiver got.')
  deliveryId!: string;
}

/** The arguments of GraphQL's `webhookDeliveries`. */
@ArgsType()
export class WebhookDeliveriesArgs extends ConnectionArgs {
  @InId('The id of the webhook.')
  id!: string;

  @InObject(() => WebhookDeliveryFilterInput, {
    description: 'Which deliveries. Default: all.',
    optional: true,
  })
  filter?: WebhookDeliveryFilterInput;
}
