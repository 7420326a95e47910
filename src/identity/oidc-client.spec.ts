import { createHmac, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { readSettings } from '../config/settings.js';
import { OidcClient } from './oidc-client.js';

Logger.overrideLogger(false);

const REDIRECT_URI = 'http://127.0.0.1:8765/callback';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
const PUBLIC_JWK = { ...publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' };

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
function signed(claims: object, key: KeyObject = privateKey, alg = 'RS256'): string {
  const text = `${encode({ alg, kid: 'one' })}.${encode(claims)}`;
  if (alg === 'none') return `${text}.`;
  if (alg === 'HS256') {
    const secret = publicKey.export({ type: 'spki', format: 'pem' });
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  }
  return `${text}.${createSign('sha256').update(text).sign(key, 'base64url')}`;
}

/** A provider that answers what a test wants, right or wrong. */
class ScriptedProvider {
  readonly asked: string[] = [];
  issuer = '';
  discovery: Record<string, unknown> = {};
  idToken: (claims: Record<string, unknown>) => string = signed;
  userinfo: Record<string, unknown> = {};
  answer: ((path: string, response: ServerResponse) => boolean) | undefined;
  private server: Server | undefined;

  async start(): Promise<void> {
    this.server = createServer((request, response) => this.serve(request, response)).listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.issuer = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    const { issuer } = this;
    const path = request.url ?? '';
    this.asked.push(path);
    request.resume();
    if (this.answer?.(path, response)) return;
    const now = Math.floor(Date.now() / 1_000);
    const claims = { iss: issuer, sub: 'id-1', aud: 'dockmaster', nonce, iat: now, exp: now + 60 };
    const answers: Record<string, unknown> = {
      '/.well-known/openid-configuration': {
        issuer,
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: `${issuer}/token`,
        userinfo_endpoint: `${issuer}/me`,
        jwks_uri: `${issuer}/jwks`,
        response_types_supported: ['code'],
        id_token_signing_alg_values_supported: ['RS256'],
        ...this.discovery,
      },
      '/jwks': { keys: [PUBLIC_JWK] },
      '/token': { access_token: 'x', token_type: 'Bearer', expires_in: 60, id_token: this.idToken(claims) },
      '/me': { sub: 'id-1', ...this.userinfo },
    };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answers[path]));
  }
}

let provider: ScriptedProvider;
let client: OidcClient;
let nonce: string;
beforeEach(async () => {
  provider = new ScriptedProvider();
  await provider.start();
  client = clientFor(provider.issuer);
});
afterEach(() => provider.stop());

function clientFor(issuer: string, more: Record<string, string> = {}): OidcClient {
  const settings = readSettings({
    DOCKMASTER_OIDC_ISSUER: issuer,
    DOCKMASTER_OIDC_CLIENT_ID: 'dockmaster',
    DOCKMASTER_OIDC_CLIENT_SECRET: 'secret',
    DOCKMASTER_OIDC_REDIRECT_URIS: REDIRECT_URI,
    ...more,
  });
  return new OidcClient(settings, new Clock());
}

/** Comes back from the provider as one should. */
async function redeem(using = client) {
  const checks = using.newChecks(REDIRECT_URI);
  ({ nonce } = checks);
  return using.redeem(new URL(`${REDIRECT_URI}?code=abc&state=${checks.state}`), checks);
}

describe('the OpenID Connect client', () => {
  it('believes an ID token that is signed by the provider for it', async () => {
    provider.idToken = (claims) => signed({ ...claims, preferred_username: 'alice' });
    expect(await redeem()).toMatchObject({
      issuer: provider.issuer,
      subject: 'id-1',
      claims: { preferred_username: 'alice' },
    });
    expect(provider.asked).not.toContain('/me');
  });

  it('asks for claims that the ID token leaves out, and lets none of them overrule it', async () => {
    provider.idToken = (claims) => signed({ ...claims, name: 'signed' });
    provider.userinfo = { preferred_username: 'alice', name: 'unsigned' };
    expect((await redeem()).claims).toMatchObject({ preferred_username: 'alice', name: 'signed' });
    provider.userinfo = { sub: 'id-2', preferred_username: 'mallory' };
    await expect(redeem()).rejects.toMatchObject({ kind: 'unauthenticated' });
  });

  const now = Math.floor(Date.now() / 1_000);
  it.each<[string, (claims: Record<string, unknown>) => string]>([
    ['is signed by another key', (claims) => signed(claims, stranger)],
    ['is not signed', (claims) => signed(claims, privateKey, 'none')],
    ['is signed with the public key as a secret', (claims) => signed(claims, privateKey, 'HS256')],
    ['was changed after it was signed', (claims) => withPayload(signed(claims), { ...claims, sub: 'id-2' })],
    ['is of another issuer', (claims) => signed({ ...claims, iss: 'https://evil.example.com' })],
    ['is for another client', (claims) => signed({ ...claims, aud: 'another' })],
    [
      'is for another client too, by another party',
      (claims) => signed({ ...claims, aud: ['dockmaster', 'another'], azp: 'another' }),
    ],
    ['has ended', (claims) => signed({ ...claims, iat: now - 120, exp: now - 60 })],
    ['says nothing of its end', ({ exp, ...claims }) => signed(claims)],
    ['is of another sign-in', (claims) => signed({ ...claims, nonce: 'another' })],
    ['is of no sign-in', ({ nonce: own, ...claims }) => signed(claims)],
    ['names nobody', ({ sub, ...claims }) => signed(claims)],
    ['is no token', () => 'x.y.z'],
  ])('refuses an ID token that %s', async (_what, idToken) => {
    provider.idToken = idToken;
    await expect(redeem()).rejects.toMatchObject({ kind: 'unauthenticated' });
  });

  it('takes a clock for right that is a few seconds off', async () => {
    provider.idToken = (claims) =>
      signed({ ...claims, preferred_username: 'a', iat: now - 60, exp: Math.floor(Date.now() / 1_000) - 5 });
    expect(await redeem()).toMatchObject({ subject: 'id-1' });
  });

  it.each<[string, (path: string, response: ServerResponse) => boolean]>([
    ['fails', (_path, response) => (response.writeHead(500).end('{}'), true)],
    ['hangs up', (_path, response) => (response.destroy(), true)],
    ['answers without end', (_path, response) => (response.write('x'.repeat(2 * 1024 * 1024)), true)],
    ['has too much to do', (_path, response) => (response.writeHead(429).end('{}'), true)],
  ])('reports a provider that %s as unavailable, and goes on when it is well', async (_what, answer) => {
    provider.answer = answer;
    const error = await redeem().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'unavailable', retryAfter: 5 });
    provider.answer = undefined;
    provider.idToken = (claims) => signed({ ...claims, preferred_username: 'alice' });
    expect(await redeem()).toMatchObject({ subject: 'id-1' });
    provider.answer = (path, response) => path === '/token' && answer(path, response);
    await expect(redeem()).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('sends its secret to no other address, also when told to', async () => {
    const other = new ScriptedProvider();
    await other.start();
    provider.answer = (path, response) => {
      if (path !== '/token') return false;
      response.writeHead(307, { location: `${other.issuer}/token` }).end();
      return true;
    };
    await expect(redeem()).rejects.toMatchObject({ kind: 'unauthenticated' });
    expect(other.asked).toEqual([]);
    other.stop();
  });

  it('does not believe a provider that calls itself another', async () => {
    provider.discovery = { issuer: 'https://other.example.com' };
    await expect(redeem()).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('looks the provider up once for many at a time', async () => {
    const checks = client.newChecks(REDIRECT_URI);
    await Promise.all(Array.from({ length: 10 }, () => client.authorizationUrl(checks)));
    expect(provider.asked).toEqual(['/.well-known/openid-configuration']);
  });

  it.each([
    [['client_secret_post'], undefined, 'client_id=dockmaster&client_secret=secret'],
    [['client_secret_post', 'client_secret_basic'], `Basic ${btoa('dockmaster:secret')}`, ''],
    [undefined, `Basic ${btoa('dockmaster:secret')}`, ''],
  ])('shows its secret as a provider wants it that supports %j', async (methods, header, body) => {
    provider.discovery = { token_endpoint_auth_methods_supported: methods };
    let authorization: string | undefined = 'none came';
    let sent = '';
    provider.answer = (path, response) => {
      if (path !== '/token') return false;
      ({ authorization } = response.req.headers);
      response.req.on('data', (chunk: Buffer) => (sent += chunk.toString()));
      return false;
    };
    await redeem();
    expect(authorization).toBe(header);
    if (body === '') expect(sent).not.toContain('secret');
    else expect(sent).toContain(body);
    expect(sent).toMatch(/code_verifier=[\w-]{43}(&|$)/);
  });

  it('is none where there are no settings', () => {
    expect(() => new OidcClient(readSettings({}), new Clock()).settings).toThrow(
      expect.objectContaining({ kind: 'not_found' }),
    );
  });
});

function withPayload(token: string, claims: object): string {
  const [head, , signature] = token.split('.');
  return [head, encode(claims), signature].join('.');
}
