import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc'];

/** A certificate authority of our own, what it signed for an engine on 127.0.0.1, and what for a client of that. */
export interface Certificates {
  /** A folder with `ca.pem`, `cert.pem` and `key.pem` of the engine. */
  readonly engine: string;
  /** The same of the client: a value for DOCKER_CERT_PATH. */
  readonly client: string;
  /** A folder with `ca.pem` only. */
  readonly nobody: string;
  remove(): void;
}

export function makeCertificates(): Certificates {
  const directory = mkdtempSync(join(tmpdir(), 'dockmaster-certificates-'));
  const ca = { key: join(directory, 'ca-key.pem'), certificate: join(directory, 'ca.pem') };
  openssl('req', '-x509', ...NEW_KEY, '-subj', '/CN=authority', '-keyout', ca.key, '-out', ca.certificate);

  const sign = (name: string, extensions: string): string => {
    const folder = join(directory, name);
    mkdirSync(folder);
    const file = (what: string) => join(folder, what);
    writeFileSync(file('extensions'), extensions);
    openssl(
      'req',
      ...NEW_KEY,
      '-subj',
      `/CN=${name}`,
      '-keyout',
      file('key.pem'),
      '-out',
      file('request.pem'),
    );
    const by = ['-CA', ca.certificate, '-CAkey', ca.key, '-CAcreateserial', '-days', '1'];
    openssl(
      'x509',
      '-req',
      '-in',
      file('request.pem'),
      ...by,
      '-extfile',
      file('extensions'),
      '-out',
      file('cert.pem'),
    );
    copyFileSync(ca.certificate, file('ca.pem'));
    return folder;
  };
  return {
    engine: sign('engine', 'extendedKeyUsage = serverAuth\nsubjectAltName = IP:127.0.0.1\n'),
    client: sign('client', 'extendedKeyUsage = clientAuth\n'),
    nobody: directory,
    remove: () => rmSync(directory, { recursive: true }),
  };
}

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' });
}
