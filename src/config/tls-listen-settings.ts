import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { messageOf } from '../common/errors.js';
import type { SettingsSource } from './oidc-settings.js';

/** Where the Engine API is served by TLS to who shows a client certificate. */
export interface TlsListenSettings {
  /** `DOCKMASTER_TLS_LISTEN`. */
  readonly listen: { readonly host: string; readonly port: number };
  /** The server's certificate with those in between, as PEM. `DOCKMASTER_TLS_CERT_FILE`. */
  readonly certFile: string;
  /** Its private key, as PEM without a passphrase. `DOCKMASTER_TLS_KEY_FILE`. */
  readonly keyFile: string;
  /** The authorities that sign the certificates of clients, as PEM. `DOCKMASTER_TLS_CLIENT_CA_FILE`. */
  readonly clientCaFile: string;
}

/** What a TLS server needs of the files. Read anew whenever they may have changed. */
export interface TlsFiles {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca: Buffer;
}

const FILES = ['CERT_FILE', 'KEY_FILE', 'CLIENT_CA_FILE'] as const;
const name = (suffix: string) => `DOCKMASTER_TLS_${suffix}`;

/** @returns undefined where `DOCKMASTER_TLS_LISTEN` is unset: then nobody comes in by a certificate */
export function readTlsListenSettings(
  source: SettingsSource,
  parseListen: (text: string) => TlsListenSettings['listen'],
): TlsListenSettings | undefined {
  const listen = source.optional(name('LISTEN'), parseListen);
  const isSet = (suffix: string) => source.optional(name(suffix), () => true) === true;
  const [certFile, keyFile, clientCaFile] = FILES.map((suffix) =>
    source.optional(name(suffix), (text) => resolve(text)),
  );
  for (const suffix of FILES) {
    if (isSet('LISTEN') && !isSet(suffix)) source.problem(name(suffix), `is needed with ${name('LISTEN')}`);
    if (!isSet('LISTEN') && isSet(suffix)) source.problem(name('LISTEN'), `is needed with ${name(suffix)}`);
  }
  if (!listen || certFile === undefined || keyFile === undefined || clientCaFile === undefined)
    return undefined;
  const settings = { listen, certFile, keyFile, clientCaFile };
  try {
    readTlsFiles(settings);
  } catch (error) {
    source.problem(name('LISTEN'), `can't be served: ${messageOf(error)}`);
  }
  return settings;
}

/** @throws Error that tells which file can't be read, or that they do not belong together */
export function readTlsFiles({ certFile, keyFile, clientCaFile }: TlsListenSettings): TlsFiles {
  const files = { cert: readFileSync(certFile), key: readFileSync(keyFile), ca: readFileSync(clientCaFile) };
  if (!files.ca.includes('-----BEGIN CERTIFICATE-----'))
    throw new Error(`${clientCaFile} holds no certificate in PEM`);
  createSecureContext(files);
  return files;
}
