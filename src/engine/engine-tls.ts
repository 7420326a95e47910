import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { DomainError, messageOf } from '../common/errors.js';
import { codeOf } from './engine-errors.js';

/** Certificates for an engine that listens with TLS, as PEM. The engine's own certificate is always verified. */
export interface EngineTls {
  /** Who may have signed the engine's certificate; undefined means the system's own authorities. */
  readonly ca?: string;
  /** What we show the engine, and its private key: both or neither. */
  readonly cert?: string;
  readonly key?: string;
}

/**
 * Reads `ca.pem`, and `cert.pem` with `key.pem` where there are such, from a folder as `DOCKER_CERT_PATH` names it.
 *
 * @throws DomainError `invalid_input` that names the file that cannot be read or used.
 */
export async function readTlsFiles(folder: string): Promise<EngineTls> {
  const [ca, cert, key] = await Promise.all([
    read(folder, 'ca.pem'),
    read(folder, 'cert.pem'),
    read(folder, 'key.pem'),
  ]);
  if (ca === undefined) throw new DomainError('invalid_input', `There is no ca.pem in ${folder}.`);
  if ((cert === undefined) !== (key === undefined)) {
    const [missing, present] = cert === undefined ? ['cert.pem', 'key.pem'] : ['key.pem', 'cert.pem'];
    throw new DomainError('invalid_input', `There is no ${missing} in ${folder}, but there is a ${present}.`);
  }
  const tls: EngineTls = { ca, ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) };
  assertUsableTls(tls, `ca.pem, cert.pem and key.pem in ${folder}`);
  return tls;
}

/** @throws DomainError `invalid_input` when these are no certificates, or the key is not the certificate's. */
export function assertUsableTls(tls: EngineTls, what: string): void {
  try {
    createSecureContext(tls);
  } catch (error) {
    throw new DomainError('invalid_input', `Cannot use ${what}: ${messageOf(error)}`, { cause: error });
  }
}

async function read(folder: string, file: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, file), 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new DomainError('invalid_input', `Cannot read ${file} for TLS: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
