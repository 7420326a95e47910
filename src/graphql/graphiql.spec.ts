import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { registerGraphiql } from './graphiql.js';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
const SCRIPT = 'console.log("GraphiQL");';

let folder: string;
let server: FastifyInstance;

/** A server with Apollo's route in name only, and GraphiQL as the build script lays it out. */
async function start(built: string): Promise<FastifyInstance> {
  const started = fastify();
  started.addHook('onRequest', (_request, reply, done) => {
    void reply.header('cache-control', 'no-store');
    done();
  });
  registerGraphiql(started, built);
  started.route({
    url: '/graphql',
    method: ['GET', 'POST', 'OPTIONS'],
    handler: () => ({ data: 'from Apollo' }),
  });
  started.get('/api/v1/me', () => ({ id: 'me' }));
  await started.ready();
  return started;
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'graphiql-'));
  const assets = join(folder, 'built', 'assets', 'abc123');
  mkdirSync(assets, { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'outside');
  writeFileSync(join(folder, 'built', 'LICENSES.txt'), 'beside the assets');
  writeFileSync(join(folder, 'built', 'index.html'), '<!doctype html><div id="graphiql"></div>');
  writeFileSync(join(assets, 'page.js'), SCRIPT);
  writeFileSync(join(assets, 'page.js.gz'), gzipSync(SCRIPT));
  writeFileSync(join(assets, 'page.css'), 'body { margin: 0 }');
  writeFileSync(join(assets, '.hidden'), 'not for the web');
  server = await start(join(folder, 'built'));
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

describe('GraphiQL for a browser', () => {
  it('is the answer to GET /graphql, with or without a query string', async () => {
    for (const url of ['/graphql', '/graphql?query=%7B__typename%7D']) {
      const answer = await server.inject({ url, headers: { accept: BROWSER } });
      expect(answer.statusCode).toBe(200);
      expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(answer.headers['cache-control']).toBe('no-store');
      expect(answer.body).toContain('<div id="graphiql">');
    }
  });

  it('may load from this server alone, run no inline script and be framed by nobody', async () => {
    const answer = await server.inject({ url: '/graphql', headers: { accept: BROWSER } });
    const policy = directivesOf(answer.headers['content-security-policy']);
    expect(policy).toMatchObject({
      'default-src': "'self'",
      'frame-ancestors': "'none'",
      'object-src': "'none'",
      'base-uri': "'none'",
      'form-action': "'none'",
    });
    expect(policy).not.toHaveProperty('script-src');
    expect(Object.values(policy).join(' ')).not.toMatch(/https?:|\*|unsafe-eval|blob:/);
  });

  it('answers HEAD with the same headers and no body', async () => {
    const answer = await server.inject({ method: 'HEAD', url: '/graphql', headers: { accept: BROWSER } });
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.body).toBe('');
  });

  it('says what is missing where it has not been built, and leaves the rest alone', async () => {
    const bare = await start(join(folder, 'nowhere'));
    try {
      const page = await bare.inject({ url: '/graphql', headers: { accept: BROWSER } });
      expect(page.statusCode).toBe(500);
      expect(page.json()).toMatchObject({ message: 'GraphiQL has not been built: run "npm run build"' });
      expect((await bare.inject({ url: '/graphql' })).json()).toEqual({ data: 'from Apollo' });
    } finally {
      await bare.close();
    }
  });
});

describe('Apollo keeps', () => {
  it.each([
    ['no Accept header', undefined],
    ['any type', '*/*'],
    ['JSON', 'application/json'],
    ['a GraphQL response', 'application/graphql-response+json, application/json;q=0.9'],
    ['JSON rather than HTML', 'text/html;q=0.5, application/json'],
    ['anything but HTML', 'text/html;q=0, */*'],
    ['HTML with a weight that is no number', 'text/html;q=much'],
  ])('GET /graphql from a client that asks for %s', async (_name, accept) => {
    const answer = await server.inject({ url: '/graphql', headers: accept === undefined ? {} : { accept } });
    expect(answer.json()).toEqual({ data: 'from Apollo' });
    expect(answer.headers).not.toHaveProperty('content-security-policy');
  });

  it('every POST, whatever it accepts', async () => {
    const answer = await server.inject({
      method: 'POST',
      url: '/graphql',
      headers: { accept: BROWSER },
      payload: {},
    });
    expect(answer.json()).toEqual({ data: 'from Apollo' });
  });

  it('its neighbours out of it: other routes never show the page', async () => {
    expect((await server.inject({ url: '/api/v1/me', headers: { accept: BROWSER } })).json()).toEqual({
      id: 'me',
    });
    expect((await server.inject({ url: '/graphql/', headers: { accept: BROWSER } })).statusCode).toBe(404);
  });
});

describe('an asset of GraphiQL', () => {
  it.each([
    ['page.js', /^(text|application)\/javascript/],
    ['page.css', /^text\/css/],
  ])('%s comes with its type, to be kept for a year', async (name, type) => {
    const answer = await server.inject({ url: `/graphql/assets/abc123/${name}` });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toMatch(type);
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(answer.headers['content-security-policy']).toContain("default-src 'self'");
  });

  it('is sent compressed to who can read that, and plain to others', async () => {
    const url = '/graphql/assets/abc123/page.js';
    const compressed = await server.inject({ url, headers: { 'accept-encoding': 'gzip, deflate, br' } });
    expect(compressed.headers['content-encoding']).toBe('gzip');
    expect(compressed.headers.vary).toMatch(/accept-encoding/i);
    expect(compressed.headers['content-type']).toMatch(/javascript/);
    expect(gunzipSync(compressed.rawPayload).toString()).toBe(SCRIPT);
    expect((await server.inject({ url })).body).toBe(SCRIPT);
  });

  it.each([
    '/graphql/assets/../LICENSES.txt',
    '/graphql/assets/..%2FLICENSES.txt',
    '/graphql/assets/%2e%2e/LICENSES.txt',
    '/graphql/assets/abc123/../../LICENSES.txt',
    '/graphql/assets/abc123/..%2f..%2fLICENSES.txt',
    '/graphql/assets/abc123/..%5c..%5cLICENSES.txt',
    '/graphql/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
    '/graphql/assets/%252e%252e/LICENSES.txt',
    '/graphql/assets//etc/passwd',
    '/graphql/assets/%00/page.js',
    '/graphql/assets/abc123/.hidden',
    '/graphql/assets/abc123/',
    '/graphql/assets/',
    '/graphql/assets/abc123/nothing.js',
  ])('is never found at %s', async (path) => {
    const answer = await getAsIs(path);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.body).not.toMatch(/beside the assets|outside|root:|not for the web/);
    expect(answer.cacheControl).not.toContain('immutable');
  });
});

/** GET without the tidying of `..` that `inject` and `fetch` do before they send. */
async function getAsIs(path: string): Promise<{ status: number; cacheControl: string; body: string }> {
  const url = new URL(await server.listen({ host: '127.0.0.1', port: 0 }));
  const sent = request({ host: url.hostname, port: url.port, path, agent: false }).end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return {
    status: answer.statusCode ?? 0,
    cacheControl: answer.headers['cache-control'] ?? '',
    body: await text(answer),
  };
}

function directivesOf(header: unknown): Record<string, string> {
  const directives = String(header).split('; ');
  return Object.fromEntries(
    directives.map((directive): [string, string] => {
      const [name = '', ...sources] = directive.split(' ');
      return [name, sources.join(' ')];
    }),
  );
}
