import { ArgsType, InputType } from '@nestjs/graphql';
import { PAYLOAD_VALUES, type PayloadValue } from '../automation/action-kinds.js';
import { ActionInput } from '../automation/action.inputs.js';
import { InAutomationName, InPurpose, InServiceAccount } from '../automation/automation-fields.js';
import { InBoolean, InChoice, InInteger, InObject, InText } from '../common/input-fields.js';
import { ConnectionArgs } from '../common/pagination.js';
import { InId } from '../identity/id-field.js';
import { JSON_POINTER } from './payloads/json-pointer.js';
import { PAYLOAD_FORMATS, type PayloadFormat } from './payloads/payload.js';
import {
  SIGNATURE_ENCODINGS,
  SIGNATURE_KINDS,
  type SignatureEncoding,
  type SignatureKind,
} from './signatures.js';

const ENABLED = {
  description: 'Whether it does anything. While not, it is as if it were not there.',
  optional: true,
};
const ADDRESSES = {
  description:
    'From where it may be called: ranges of addresses. Default, and where it is empty: from anywhere.',
  min: 3,
  max: 49,
  pattern: /^[0-9a-fA-F:.]{2,45}\/\d{1,3}$/,
  patternHint: 'a range of addresses, such as 192.0.2.0/24 or 192.0.2.7/32',
  list: { max: 64 },
  optional: true,
  example: ['192.0.2.0/24'],
} as const;
const RATE = {
  description: 'How many calls a minute are taken, on all replicas together. Default 30.',
  min: 1,
  max: 600,
  optional: true,
} as const;
const SECRET = {
  description:
    'What the sender signs with. For the Standard Webhooks scheme base64, perhaps after `whsec_`. Kept encrypted and never shown again. Default, where calls are signed: one that is made up and shown once.',
  min: 16,
  max: 512,
  optional: true,
} as const;
const HEADER = {
  min: 1,
  max: 64,
  pattern: /^[A-Za-z0-9-]+$/,
  patternHint: 'the name of a header',
  optional: true,
} as const;

const InPointer = (what: string): PropertyDecorator =>
  InText({
    description: `Where ${what} is: a JSON pointer (RFC 6901).`,
    min: 1,
    max: 256,
    pattern: JSON_POINTER,
    patternHint: 'a JSON pointer, such as /image/tag',
    optional: true,
    example: '/image/tag',
  });

@InputType({ description: 'Where values are in the payload. For the format `json`.' })
export class HookPointersInput {
  @InPointer('the tag')
  tag?: string;

  @InPointer('the digest')
  digest?: string;

  @InPointer('the number of replicas')
  replicas?: string;

  @InPointer('the repository')
  repository?: string;
}

@InputType({ description: 'Who calls, what it sends, and how it signs.' })
export class HookSourceInput {
  @InChoice({
    description: 'What is sent: `json` of any form (default), or the notifications of one of these.',
    values: PAYLOAD_FORMATS,
    optional: true,
  })
  format?: PayloadFormat;

  @InChoice({
    description:
      'How calls are signed: `github` by X-Hub-Signature-256; `standardWebhooks`; `hmac`, the HMAC-SHA256 of the body in a header; `none` (default).',
    values: SIGNATURE_KINDS,
    optional: true,
  })
  signature?: SignatureKind;

  @InText({ description: 'The header of the signature `hmac`. Default `x-signature`.', ...HEADER })
  signatureHeader?: string;

  @InChoice({
    description: 'How the signature `hmac` is written, perhaps after `sha256=`. Default `hex`.',
    values: SIGNATURE_ENCODINGS,
    optional: true,
  })
  signatureEncoding?: SignatureEncoding;

  @InText({
    description:
      'A header by which one delivery is told from another: what comes again with the same value is done once. Default: signed and well-known payloads are told apart by what they say.',
    ...HEADER,
  })
  deliveryHeader?: string;

  @InText({
    description: 'Repositories, of which the payload has to name one: `team/app`, or with its registry.',
    min: 1,
    max: 255,
    list: { max: 64 },
    optional: true,
    example: ['team/app'],
  })
  repositories?: string[];

  @InText({
    description: 'Tags, of which the payload has to name one; `*` stands for anything.',
    min: 1,
    max: 128,
    pattern: /^[\w.*-]+$/,
    patternHint: 'a tag, perhaps with *',
    list: { max: 64 },
    optional: true,
    example: ['v*'],
  })
  tags?: string[];

  @InChoice({
    description: 'Which values of the payload go into the action. Default: none.',
    values: PAYLOAD_VALUES,
    list: { max: PAYLOAD_VALUES.length },
    optional: true,
  })
  take?: PayloadValue[];

  @InObject(() => HookPointersInput, {
    description: 'Where the values are. For the format `json`.',
    optional: true,
  })
  pointers?: HookPointersInput;
}

@InputType({ description: 'A hook to make.' })
export class CreateHookInput {
  @InAutomationName()
  name!: string;

  @InPurpose()
  description?: string;

  @InServiceAccount()
  serviceAccountId!: string;

  @InObject(() => ActionInput, { description: 'What it does.' })
  action!: ActionInput;

  @InObject(() => HookSourceInput, { description: 'Who calls it. Default: unsigned JSON.', optional: true })
  source?: HookSourceInput;

  @InText(SECRET)
  secret?: string;

  @InText(ADDRESSES)
  allowedAddresses?: string[];

  @InInteger(RATE)
  ratePerMinute?: number;

  @InBoolean({ ...ENABLED, description: `${ENABLED.description} Default: true.` })
  enabled?: boolean;
}

@InputType({
  description: 'What to change of a hook; what is left out stays. `action` and `source` change as a whole.',
})
export class UpdateHookInput {
  @InAutomationName({ optional: true })
  name?: string;

  @InPurpose()
  description?: string;

  @InServiceAccount({ optional: true })
  serviceAccountId?: string;

  @InObject(() => ActionInput, { description: 'What it does.', optional: true })
  action?: ActionInput;

  @InObject(() => HookSourceInput, { description: 'Who calls it.', optional: true })
  source?: HookSourceInput;

  @InText({ ...SECRET, description: 'Another secret, in place of the one that there is.' })
  secret?: string;

  @InText(ADDRESSES)
  allowedAddresses?: string[];

  @InInteger(RATE)
  ratePerMinute?: number;

  @InBoolean(ENABLED)
  enabled?: boolean;
}

/** What the path `/hooks/{id}` carries. */
@ArgsType()
export class HookPath {
  @InId('The id of the hook.')
  id!: string;
}

/** The arguments of GraphQL's `hookRuns`. */
@ArgsType()
export class HookRunsArgs extends ConnectionArgs {
  @InId('The id of the hook.')
  id!: string;
}
