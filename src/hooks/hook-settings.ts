import { checkAction } from '../automation/action-check.js';
import type { PayloadValue } from '../automation/action-kinds.js';
import type { ActionInput } from '../automation/action.inputs.js';
import { DomainError } from '../common/errors.js';
import { parseRange } from '../networks/ip-range.js';
import type { HookSourceInput } from './hook.inputs.js';
import type { PayloadFormat } from './payloads/payload.js';
import type { Pointers } from './payloads/sent-payload.js';
import type { HappeningFilter } from './payloads/wanted-values.js';
import type { SignatureSettings } from './signatures.js';

/** How a hook is called, as it is stored. */
export interface HookSettings extends HappeningFilter {
  readonly format: PayloadFormat;
  readonly signature: SignatureSettings;
  /** In lower case. */
  readonly deliveryHeader: string | null;
  readonly take: readonly PayloadValue[];
  readonly pointers: Pointers;
  /** In CIDR notation; empty for any. */
  readonly addresses: readonly string[];
  readonly ratePerMinute: number;
}

const DEFAULT_RATE = 30;
const DEFAULT_HEADER = 'x-signature';

/**
 * @param known what stays where it is not given
 * @throws DomainError `invalid_input` for what does not go together
 */
export function toSettings(
  {
    source,
    allowedAddresses,
    ratePerMinute,
  }: {
    readonly source?: HookSourceInput | undefined;
    readonly allowedAddresses?: readonly string[] | undefined;
    readonly ratePerMinute?: number | undefined;
  },
  known?: HookSettings,
): HookSettings {
  const addresses = allowedAddresses ?? known?.addresses ?? [];
  for (const [index, address] of addresses.entries())
    if (!parseRange(address))
      refuse(`allowedAddresses.${index}`, 'must be a range by its first address, such as 192.0.2.0/24');
  return {
    ...(source || !known ? fromSource(source ?? {}) : known),
    addresses,
    ratePerMinute: ratePerMinute ?? known?.ratePerMinute ?? DEFAULT_RATE,
  };
}

/** @throws DomainError `invalid_input` where the action does not go with what the hook takes of payloads */
export function checkHook(action: ActionInput, { take, format, pointers }: HookSettings): void {
  checkAction(action, take);
  if (format !== 'json') {
    if (take.includes('replicas')) refuse('source.take', `must not hold replicas: ${format} does not tell`);
    if (Object.values(pointers).some((pointer) => pointer !== undefined))
      refuse('source.pointers', 'goes with the format json only');
    return;
  }
  for (const value of take)
    if (pointers[value] === undefined)
      refuse(`source.pointers.${value}`, 'is needed, to take it from the payload');
}

function fromSource(source: HookSourceInput): Omit<HookSettings, 'addresses' | 'ratePerMinute'> {
  const { format = 'json', signature = 'none', repositories = [], tags = [], take = [] } = source;
  const { tag, digest, replicas, repository } = source.pointers ?? {};
  if (format === 'json' && repositories.length > 0 && repository === undefined)
    refuse('source.pointers.repository', 'is needed, to tell repositories apart');
  if (format === 'json' && tags.length > 0 && tag === undefined)
    refuse('source.pointers.tag', 'is needed, to tell tags apart');
  if (signature !== 'hmac' && (source.signatureHeader ?? source.signatureEncoding) !== undefined)
    refuse('source.signature', 'must be hmac, where its header or encoding is given');
  if (signature !== 'none' && source.deliveryHeader !== undefined)
    refuse('source.deliveryHeader', 'goes with unsigned calls: no signature covers it');
  return {
    format,
    repositories,
    tags,
    take: [...new Set(take)],
    pointers: { tag, digest, replicas, repository },
    signature: {
      kind: signature,
      header: (source.signatureHeader ?? DEFAULT_HEADER).toLowerCase(),
      encoding: source.signatureEncoding ?? 'hex',
    },
    deliveryHeader: source.deliveryHeader?.toLowerCase() ?? null,
  };
}

function refuse(field: string, message: string): never {
  throw new DomainError('invalid_input', `${field} ${message}`, { errors: [{ field, message }] });
}
