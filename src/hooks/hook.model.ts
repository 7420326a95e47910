import { ObjectType } from '@nestjs/graphql';
import { PAYLOAD_VALUES, type PayloadValue } from '../automation/action-kinds.js';
import { AutomationAction, toAutomationAction } from '../automation/action.model.js';
import { toDateTime } from '../common/date-time.js';
import { OutBoolean, OutChoice, OutInteger, OutObject, OutText, OutTime } from '../common/output-fields.js';
import { ConnectionOf, PageOf, type SortKey } from '../common/pagination.js';
import type { StoredHook } from './hook-store.js';
import { PAYLOAD_FORMATS, type PayloadFormat } from './payloads/payload.js';
import {
  SIGNATURE_ENCODINGS,
  SIGNATURE_KINDS,
  type SignatureEncoding,
  type SignatureKind,
} from './signatures.js';

@ObjectType({ description: 'Where values are in the payload of a hook.' })
export class HookPointers {
  @OutText('Where the tag is; null for nowhere.', { nullable: true })
  tag!: string | null;

  @OutText('Where the digest is; null for nowhere.', { nullable: true })
  digest!: string | null;

  @OutText('Where the number of replicas is; null for nowhere.', { nullable: true })
  replicas!: string | null;

  @OutText('Where the repository is; null for nowhere.', { nullable: true })
  repository!: string | null;
}

@ObjectType({ description: 'Who calls a hook, what it sends, and how it signs.' })
export class HookSource {
  @OutChoice(PAYLOAD_FORMATS, 'What is sent.')
  format!: PayloadFormat;

  @OutChoice(SIGNATURE_KINDS, 'How calls are signed.')
  signature!: SignatureKind;

  @OutText('The header of the signature `hmac`.')
  signatureHeader!: string;

  @OutChoice(SIGNATURE_ENCODINGS, 'How the signature `hmac` is written.')
  signatureEncoding!: SignatureEncoding;

  @OutText('The header by which deliveries are told apart; null for none.', { nullable: true })
  deliveryHeader!: string | null;

  @OutText('Repositories, of which the payload has to name one; empty for any.', { list: true })
  repositories!: string[];

  @OutText('Tags, of which the payload has to name one; empty for any.', { list: true })
  tags!: string[];

  @OutChoice(PAYLOAD_VALUES, 'Which values of the payload go into the action.', { list: true })
  take!: PayloadValue[];

  @OutObject(() => HookPointers, 'Where values are in the payload.')
  pointers!: HookPointers;
}

@ObjectType({
  description: 'An address that others call to have something done. Its token is shown once only.',
})
export class Hook {
  @OutText('Its id.')
  id!: string;

  @OutText('What people call it.')
  name!: string;

  @OutText('What it is for.')
  description!: string;

  @OutText('The id of the service account that it acts as.')
  serviceAccountId!: string;

  @OutBoolean('Whether it does anything.')
  enabled!: boolean;

  @OutObject(() => AutomationAction, 'What it does.')
  action!: AutomationAction;

  @OutObject(() => HookSource, 'Who calls it.')
  source!: HookSource;

  @OutBoolean('Whether there is a secret that its sender signs with.')
  hasSecret!: boolean;

  @OutText('From where it may be called: ranges of addresses; empty for anywhere.', { list: true })
  allowedAddresses!: string[];

  @OutInteger('How many calls a minute are taken.')
  ratePerMinute!: number;

  @OutTime('When it was made.')
  createdAt!: string;

  @OutTime('When it was last changed.')
  updatedAt!: string;
}

@ObjectType({ description: 'A hook as it was just made or changed, with what is shown once only.' })
export class HookWithToken {
  @OutObject(() => Hook, 'The hook.')
  hook!: Hook;

  @OutText('Its token, shown this once; null for a dry run.', { nullable: true })
  token!: string | null;

  @OutText('Its path on this server, with the token in it; null for a dry run.', { nullable: true })
  path!: string | null;

  @OutText('The secret that was made up for it, shown this once; null where none was.', { nullable: true })
  secret!: string | null;

  @OutText(
    'Permissions that its service account would need for the action and has on nothing of the engine; see role bindings.',
    { list: true },
  )
  missingPermissions!: string[];
}

@ObjectType({ description: 'What came of calling a hook.' })
export class HookReceipt {
  @OutText('The id of the run, whose outcome is at `Location`; null where nothing is done.', {
    nullable: true,
  })
  id!: string | null;

  @OutText('The id of the job; null where nothing is done, or it is being begun.', { nullable: true })
  jobId!: string | null;

  @OutBoolean('Whether the same delivery came before: the run is that one, and nothing is done again.')
  repeated!: boolean;

  @OutText('Why nothing is done; null where something is.', { nullable: true })
  ignored!: string | null;
}

export class HookPage extends PageOf(Hook) {}
export const HookConnection = ConnectionOf(Hook);

export function toHook(stored: StoredHook): Hook {
  const { id, name, description, serviceAccountId, enabled, action, settings, hasSecret } = stored;
  const { signature, pointers, addresses, ratePerMinute, ...source } = settings;
  return {
    id,
    name,
    description,
    serviceAccountId,
    enabled,
    action: toAutomationAction(action),
    source: {
      ...source,
      repositories: [...source.repositories],
      tags: [...source.tags],
      take: [...source.take],
      signature: signature.kind,
      signatureHeader: signature.header,
      signatureEncoding: signature.encoding,
      pointers: {
        tag: pointers.tag ?? null,
        digest: pointers.digest ?? null,
        replicas: pointers.replicas ?? null,
        repository: pointers.repository ?? null,
      },
    },
    hasSecret,
    allowedAddresses: [...addresses],
    ratePerMinute,
    createdAt: toDateTime(stored.createdAt),
    updatedAt: toDateTime(stored.updatedAt),
  };
}

/** What hooks are sorted by, ascending. */
export function hookSortKey({ name, id }: Hook): SortKey {
  return [name, id];
}
