import { createHmac, randomBytes } from 'node:crypto';

/** As the Standard Webhooks specification writes secrets (https://www.standardwebhooks.com, "Symmetric signatures"). */
const SECRET_PREFIX = 'whsec_';
const SECRET_BYTES = 32;

/** What is signed: the body byte for byte, with the delivery's id and when it is sent. */
export interface SignedMessage {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly timestamp: number;
  readonly body: string;
}

/** A new secret: `whsec_` and 256 random bits in base64. */
export function newSecret(): string {
  return `${SECRET_PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`;
}

/**
 * The headers of the Standard Webhooks specification.
 *
 * @param secrets all that are valid: receivers accept a message that is signed with any that they know
 */
export function signatureHeaders(
  secrets: readonly string[],
  { id, timestamp, body }: SignedMessage,
): Record<string, string> {
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures.join(' '),
  };
}
