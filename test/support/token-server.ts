import { createPrivateKey, sign, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { makeCertificates } from './certificates.js';
import { REGISTRY_USER } from './local-registry.js';

/** What a token server was asked. */
export interface AskedForToken {
  readonly authorization: string | undefined;
  readonly service: string | null;
  readonly scopes: readonly string[];
}

/** A token server as registries send clients to, on 127.0.0.1: signs tokens that a real registry believes. */
export class TokenServer {
  readonly asked: AskedForToken[] = [];
  private readonly certificates = makeCertificates();
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      const { searchParams } = new URL(request.url ?? '', 'http://127.0.0.1');
      const { authorization } = request.headers;
      const scopes = searchParams.getAll('scope');
      this.asked.push({ authorization, service: searchParams.get('service'), scopes });
      const { username, password } = REGISTRY_USER;
      const expected = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
      if (authorization === expected) response.end(JSON.stringify({ token: this.token(scopes) }));
      else
        response.writeHead(401).end(JSON.stringify({ errors: [{ code: 'UNAUTHORIZED', message: 'who?' }] }));
    });
  }

  static async start(): Promise<TokenServer> {
    const started = new TokenServer();
    started.server.listen(0, '127.0.0.1');
    await once(started.server, 'listening');
    return started;
  }

  /** For a registry's configuration. */
  get auth() {
    const { port } = this.server.address() as AddressInfo;
    return {
      realm: `http://127.0.0.1:${port}/token`,
      service: 'test-registry',
      issuer: 'test-issuer',
      rootcertbundle: join(this.certificates.nobody, 'ca.pem'),
    };
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
    this.certificates.remove();
  }

  /** A JSON web token with all that is asked for. */
  private token(scopes: readonly string[]): string {
    const folder = this.certificates.engine;
    const certificate = new X509Certificate(readFileSync(join(folder, 'cert.pem')));
    const header = { typ: 'JWT', alg: 'ES256', x5c: [certificate.raw.toString('base64')] };
    const now = Math.floor(Date.now() / 1000);
    const access = scopes.map((scope) => {
      const [type = '', name = '', actions = ''] = scope.split(':');
      return { type, name, actions: actions.split(',') };
    });
    const claims = {
      iss: 'test-issuer',
      sub: 'alice',
      aud: 'test-registry',
      exp: now + 300,
      nbf: now - 60,
      iat: now - 60,
      jti: 'x',
      access,
    };
    const text = [header, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const key = createPrivateKey(readFileSync(join(folder, 'key.pem')));
    const signature = sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' });
    return `${text}.${signature.toString('base64url')}`;
  }
}
