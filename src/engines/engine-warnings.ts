import { certificatesIn } from './engine-certificates.js';
import type { StoredEngine } from './engine-store.js';

const SOON_MS = 30 * 24 * 60 * 60_000;

/** What is unsafe, or soon broken, about how an engine is reached. */
export function engineWarnings(
  { address, tls }: Pick<StoredEngine, 'address' | 'tls'>,
  now = Date.now(),
): string[] {
  return [...plainWarning(address, tls !== undefined), ...expiryWarnings(tls, now)];
}

function plainWarning(address: string, tls: boolean): string[] {
  const isPlain = address.startsWith('http://') || (address.startsWith('tcp://') && !tls);
  if (!isPlain) return [];
  return [
    'It is reached without TLS: whoever can connect to it owns that machine, past Dockmaster, and what is sent can be read on the way. Give it certificates, or use unix:// or ssh://.',
  ];
}

function expiryWarnings(tls: StoredEngine['tls'], now: number): string[] {
  const certificates = [
    ...(tls?.ca === undefined ? [] : certificatesIn(tls.ca, 'tls.ca')),
    ...(tls?.cert === undefined ? [] : certificatesIn(tls.cert, 'tls.certificate')),
  ];
  return certificates.flatMap(({ subject, expiresAt }) => {
    const left = Date.parse(expiresAt) - now;
    if (left > SOON_MS) return [];
    return [`The certificate ${subject} ${left > 0 ? 'ends' : 'ended'} at ${expiresAt}.`];
  });
}

/** Those of all stored engines, each with the name of its check. */
export function storedEngineWarnings(
  engines: readonly StoredEngine[],
): { readonly name: string; readonly message: string }[] {
  return engines.flatMap((engine) =>
    engineWarnings(engine).map((message) => ({
      name: message.startsWith('The certificate') ? 'engineCertificateEnds' : 'engineWithoutTls',
      message: `Engine "${engine.name}": ${message}`,
    })),
  );
}
