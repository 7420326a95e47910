import { createHash } from 'node:crypto';
import { DomainError } from '../common/errors.js';

/** How to sign in by ssh, and whom to trust, in place of the OpenSSH client's own configuration. */
export interface EngineSsh {
  /** A private key in OpenSSH's format, without a passphrase. Undefined: the OpenSSH client's own keys and agent. */
  readonly key?: string | undefined;
  /** Lines of a known_hosts file: the only keys that the host may show. Undefined: those that the OpenSSH client knows. */
  readonly knownHosts?: string | undefined;
}

const BEGIN = '-----BEGIN OPENSSH PRIVATE KEY-----';
const END = '-----END OPENSSH PRIVATE KEY-----';
const MAGIC = 'openssh-key-v1\0';
const HOST_KEY_TYPE = /^(?:ssh-|ecdsa-sha2-|sk-ssh-|sk-ecdsa-)[a-z0-9@.-]+$/;

/**
 * The fingerprint of a private key's public half, as `ssh-keygen -l` shows it: `SHA256:…`.
 *
 * @throws DomainError `invalid_input` for what is no private key in OpenSSH's format, or has a passphrase
 */
export function sshKeyFingerprint(key: string): string {
  const text = key.trim();
  if (!text.startsWith(BEGIN) || !text.endsWith(END))
    throw invalid('ssh.key', 'must be a private key in OpenSSH format');
  const reader = new WireReader(Buffer.from(text.slice(BEGIN.length, -END.length), 'base64'));
  try {
    reader.skip(MAGIC);
    const cipher = reader.next().toString();
    if (cipher !== 'none') throw invalid('ssh.key', 'must have no passphrase: nobody is there to enter it');
    reader.next();
    reader.next();
    reader.count();
    return fingerprint(reader.next());
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw invalid('ssh.key', 'must be a private key in OpenSSH format', error);
  }
}

/** A host's key that is trusted, as one line of a known_hosts file states it. */
export interface KnownHost {
  /** The names that the line is for; hashed ones as they stand. */
  readonly hosts: string;
  readonly type: string;
  /** `SHA256:…` */
  readonly fingerprint: string;
}

/** @throws DomainError `invalid_input` that names the line which is none of a known_hosts file, or for none at all */
export function parseKnownHosts(text: string): KnownHost[] {
  const hosts = text.split('\n').flatMap((line, index) => {
    const words = line.trim().split(/\s+/);
    if (words[0] === '' || words[0]?.startsWith('#') === true) return [];
    if (words[0]?.startsWith('@') === true) words.shift();
    const [names, type, key] = words;
    if (names === undefined || type === undefined || key === undefined || !HOST_KEY_TYPE.test(type))
      throw invalid('ssh.knownHosts', `has no host, key type and key in line ${index + 1}`);
    return [{ hosts: names, type, fingerprint: fingerprint(Buffer.from(key, 'base64')) }];
  });
  if (hosts.length === 0) throw invalid('ssh.knownHosts', 'must name at least one key');
  return hosts;
}

/** @throws DomainError `invalid_input` for a key or hosts that OpenSSH could not use */
export function assertUsableSsh({ key, knownHosts }: EngineSsh): void {
  if (key !== undefined) sshKeyFingerprint(key);
  if (knownHosts !== undefined) parseKnownHosts(knownHosts);
}

function fingerprint(publicKey: Buffer): string {
  return `SHA256:${createHash('sha256').update(publicKey).digest('base64').replace(/=+$/, '')}`;
}

/** Reads SSH's wire format (RFC 4251, section 5): strings with their length before them. */
class WireReader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  skip(text: string): void {
    const end = this.at + text.length;
    if (this.bytes.toString('latin1', this.at, end) !== text) throw new Error('another text');
    this.at = end;
  }

  count(): number {
    this.at += 4;
    return this.bytes.readUInt32BE(this.at - 4);
  }

  next(): Buffer {
    const length = this.count();
    const start = this.at;
    this.at += length;
    if (this.at > this.bytes.length) throw new Error('cut short');
    return this.bytes.subarray(start, this.at);
  }
}

function invalid(field: string, message: string, cause?: unknown): DomainError {
  return new DomainError('invalid_input', `${field} ${message}`, { errors: [{ field, message }], cause });
}
