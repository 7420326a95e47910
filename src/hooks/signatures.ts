import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { DomainError } from '../common/errors.js';

/** How senders sign. */
export const SIGNATURE_KINDS = ['none', 'github', 'standardWebhooks', 'hmac'] as const;
export type SignatureKind = (typeof SIGNATURE_KINDS)[number];

export const SIGNATURE_ENCODINGS = ['hex', 'base64'] as const;
export type SignatureEncoding = (typeof SIGNATURE_ENCODINGS)[number];

/** How far the clock of a sender may be off, or its delivery late: as the Standard Webhooks specification has it. */
const TOLERANCE_MS = 5 * 60_000;
const MOST_SIGNATURES = 10;
/** What secrets of the Standard Webhooks scheme begin with. */
const STANDARD_PREFIX = 'whsec_';

export interface SignatureSettings {
  readonly kind: SignatureKind;
  /** Of `hmac`: the header, in lower case. */
  readonly header: string;
  readonly encoding: SignatureEncoding;
}

/** A call as it came. */
export interface SignedCall {
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The very bytes: what is parsed and written again is something else. */
  readonly body: Buffer;
}

/**
 * @param secret what the sender signs with; undefined or empty verifies nothing
 * @param now milliseconds since the epoch
 * @returns what the signature covers besides the body, that tells one delivery from another: an id, where it covers one
 * @throws DomainError `forbidden`, the same whatever is wrong with the signature
 */
export function verify(
  { kind, header, encoding }: SignatureSettings,
  secret: string | undefined,
  call: SignedCall,
  now: number,
): { readonly signedId?: string } {
  if (kind === 'none') return {};
  if (secret === undefined || secret === '') throw notVerified();
  switch (kind) {
    case 'github':
      requireHmac(secret, call, 'x-hub-signature-256', 'hex');
      return {};
    case 'hmac':
      requireHmac(secret, call, header, encoding);
      return {};
    case 'standardWebhooks':
      return { signedId: requireStandard(secret, call, now) };
  }
}

/** @throws DomainError `invalid_input` for a secret that could not verify anything */
export function checkSecret(kind: SignatureKind, secret: string): void {
  if (kind !== 'standardWebhooks' || standardKey(secret).length > 0) return;
  const message = 'must be base64, perhaps after whsec_';
  throw new DomainError('invalid_input', `secret ${message}`, { errors: [{ field: 'secret', message }] });
}

function requireHmac(
  secret: string,
  { headers, body }: SignedCall,
  header: string,
  encoding: SignatureEncoding,
): void {
  const given = headers[header]?.replace(/^sha256=/, '');
  const mac = createHmac('sha256', secret).update(body).digest();
  if (given === undefined || !isSame(decoded(given, encoding), mac)) throw notVerified();
}

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
function requireStandard(secret: string, { headers, body }: SignedCall, now: number): string {
  const id = headers['webhook-id'] ?? '';
  const timestamp = headers['webhook-timestamp'] ?? '';
  const isInTime = /^\d{1,12}$/.test(timestamp) && Math.abs(now - Number(timestamp) * 1_000) <= TOLERANCE_MS;
  const key = standardKey(secret);
  if (id === '' || !isInTime || key.length === 0) throw notVerified();
  const mac = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
  const given = (headers['webhook-signature'] ?? '').split(' ').slice(0, MOST_SIGNATURES);
  // All are looked at: which one is right takes no other time.
  const right = given.filter((one) => one.startsWith('v1,') && isSame(decoded(one.slice(3), 'base64'), mac));
  if (right.length === 0) throw notVerified();
  return id;
}

function standardKey(secret: string): Buffer {
  return Buffer.from(
    secret.startsWith(STANDARD_PREFIX) ? secret.slice(STANDARD_PREFIX.length) : secret,
    'base64',
  );
}

function decoded(text: string, encoding: SignatureEncoding): Buffer {
  const pattern = encoding === 'hex' ? /^[0-9a-fA-F]{64}$/ : /^[A-Za-z0-9+/]{43}=$/;
  return pattern.test(text) ? Buffer.from(text, encoding) : Buffer.alloc(0);
}

/** In constant time, whatever the lengths. */
function isSame(given: Buffer, expected: Buffer): boolean {
  const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest();
  return timingSafeEqual(hash(given), hash(expected)) && given.length === expected.length;
}

function notVerified(): DomainError {
  return new DomainError('forbidden', 'The signature does not verify');
}
