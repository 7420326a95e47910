import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { DomainError } from './errors.js';

const VERSION = 'v1';
const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What whoever runs the program is to do where secrets do not open with the key in use. */
export const PUT_KEY_BACK =
  'Put back the `secret-key` file that belongs to this database, or set DOCKMASTER_SECRET_KEY to the key that it was used with';

/**
 * Encrypts what has to be stored and read back: second factors, credentials of registries, secrets of webhooks.
 * AES-256-GCM with a random nonce of 96 bits (NIST SP 800-38D), and with what the secret belongs to as associated data,
 * so that a sealed text that is moved to another row does not open there.
 *
 * A sealed text is `v1.KEY.NONCE.TEXT`: the id of the key, the nonce, and the ciphertext with its tag, in base64url.
 */
export class SecretBox {
  private readonly key: Buffer;
  /** Tells keys apart, and nothing about the key. */
  readonly keyId: string;

  /** @param secret at least 256 bits that nobody can guess, in any form */
  constructor(secret: string) {
    this.key = Buffer.from(hkdfSync('sha256', secret, '', 'dockmaster secret box', KEY_BYTES));
    this.keyId = createHash('sha256').update('key id').update(this.key).digest('hex').slice(0, 8);
  }

  /**
   * @param belongsTo names the one place where it will be stored, such as `totp:` and a user's id. Not kept: `open`
   *   needs the same
   */
  seal(text: string, belongsTo: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(this.associatedData(belongsTo));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return [VERSION, this.keyId, nonce.toString('base64url'), sealed.toString('base64url')].join('.');
  }

  /** What all that this key has sealed begins with. */
  get beginning(): string {
    return `${VERSION}.${this.keyId}.`;
  }

  /**
   * @throws DomainError `unavailable` for what was sealed with another key, for another place, or was changed since
   */
  open(sealed: string, belongsTo: string): string {
    const [version, keyId, nonce = '', body = '', ...more] = sealed.split('.');
    const bytes = Buffer.from(body, 'base64url');
    if (version !== VERSION || keyId === undefined || more.length > 0 || bytes.length < TAG_BYTES)
      throw broken();
    if (keyId !== this.keyId) throw otherKey(keyId, this.keyId);
    try {
      const decipher = createDecipheriv(CIPHER, this.key, Buffer.from(nonce, 'base64url'), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(this.associatedData(belongsTo));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString(
        'utf8',
      );
    } catch (error) {
      throw broken(error);
    }
  }

  private associatedData(belongsTo: string): Buffer {
    return Buffer.from(`${VERSION}.${this.keyId}.${belongsTo}`);
  }
}

function broken(cause?: unknown): DomainError {
  return new DomainError('unavailable', 'A stored secret is broken, or was moved from where it belongs', {
    cause,
  });
}

function otherKey(theirs: string, ours: string): DomainError {
  return new DomainError(
    'unavailable',
    `A stored secret was encrypted with another key (${theirs}) than the one in use (${ours}). ${PUT_KEY_BACK}`,
  );
}
