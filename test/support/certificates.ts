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

/** An authority of our own, with a folder for each certificate that it signed. */
export class Authority {
  private readonly directory = mkdtempSync(join(tmpdir(), 'dockmaster-certificates-'));
  private readonly key = join(this.directory, 'ca-key.pem');
  /** Its own certificate. */
  readonly certificate = join(this.directory, 'ca.pem');

  constructor() {
    openssl(
      'req',
      '-x509',
      ...NEW_KEY,
      '-subj',
      '/CN=authority',
      '-keyout',
      this.key,
      '-out',
      this.certificate,
    );
  }

  /** A folder with `ca.pem` only. */
  get folder(): string {
    return this.directory;
  }

  /**
   * @param extensions as openssl.cnf has them, by lines
   * @param subject default: the name alone
   * @param days that it is good for; 0 for one that has ended
   * @returns a folder with `ca.pem`, `cert.pem` and `key.pem`: a value for DOCKER_CERT_PATH
   */
  sign(name: string, extensions: string, { subject = `/CN=${name}`, days = 1 } = {}): string {
    const folder = join(this.directory, name);
    mkdirSync(folder);
    const file = (what: string) => join(folder, what);
    writeFileSync(file('extensions'), extensions);
    openssl('req', ...NEW_KEY, '-subj', subject, '-keyout', file('key.pem'), '-out', file('request.pem'));
    const by = ['-CA', this.certificate, '-CAkey', this.key, '-CAcreateserial', '-days', String(days)];
    const request = ['-req', '-in', file('request.pem'), '-extfile', file('extensions')];
    openssl('x509', ...request, ...by, '-out', file('cert.pem'));
    copyFileSync(this.certificate, file('ca.pem'));
    return folder;
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }
}

export function makeCertificates(): Certificates {
  const authority = new Authority();
  return {
    engine: authority.sign('engine', 'extendedKeyUsage = serverAuth\nsubjectAltName = IP:127.0.0.1\n'),
    client: authority.sign('client', 'extendedKeyUsage = clientAuth\n'),
    nobody: authority.folder,
    remove: () => authority.remove(),
  };
}

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' });
}
