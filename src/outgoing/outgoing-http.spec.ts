import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Certificates, makeCertificates } from '../../test/support/certificates.js';
import { readSettings } from '../config/settings.js';
import { HostResolver } from './host-resolver.js';
import { OutgoingHttp } from './outgoing-http.js';
import type { OutgoingRequest } from './outgoing-request.js';
import { LocalServer, ScriptedResolver } from './testing/local-servers.js';

const open: { stop: () => Promise<void> }[] = [];

function client(allow: string, resolver: HostResolver = new HostResolver()): OutgoingHttp {
  const http = new OutgoingHttp(readSettings({ DOCKMASTER_OUTGOING_ALLOW: allow }), resolver);
  open.push({ stop: () => http.onModuleDestroy() });
  return http;
}

async function serve(...parameters: Parameters<typeof LocalServer.start>): Promise<LocalServer> {
  const server = await LocalServer.start(...parameters);
  open.push(server);
  return server;
}

const hello = () =>
  serve((_request, response) => {
    response.setHeader('X-Kind', 'greeting').end('hello');
  });

async function failureOf(http: OutgoingHttp, request: OutgoingRequest): Promise<unknown> {
  try {
    const answer = await http.request(request);
    await answer.text();
    return `answered ${answer.status}`;
  } catch (error) {
    return error instanceof Error && 'failure' in error ? error.failure : error;
  }
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.stop()));
});

describe('an outgoing request', () => {
  it('gets an answer from where it may go', async () => {
    const server = await hello();
    const http = client(`127.0.0.1:${server.port}`);
    const answer = await http.request({
      url: `http://127.0.0.1:${server.port}/a?b=c`,
      method: 'POST',
      headers: { 'Content-Type': 'text/plain' },
      body: 'body',
    });
    expect(answer.status).toBe(200);
    expect(answer.headers['x-kind']).toBe('greeting');
    expect(answer.url.pathname).toBe('/a');
    expect(await answer.text()).toBe('hello');
    expect(server.asked).toMatchObject([
      {
        method: 'POST',
        path: '/a?b=c',
        headers: { 'content-type': 'text/plain', 'content-length': '4', 'user-agent': 'dockmaster' },
      },
    ]);
  });

  it.each([
    'http://127.0.0.1:PORT',
    'http://localhost:PORT',
    'http://2130706433:PORT',
    'http://0x7f000001:PORT',
    'http://0x7f.1:PORT',
    'http://017700000001:PORT',
    'http://0177.0.0.1:PORT',
    'http://127.1:PORT',
    'http://0:PORT',
    'http://0.0.0.0:PORT',
    'http://[::1]:PORT',
    'http://[::]:PORT',
    'http://[::ffff:127.0.0.1]:PORT',
    'http://[::ffff:7f00:1]:PORT',
    'http://[::127.0.0.1]:PORT',
    'http://[64:ff9b::127.0.0.1]:PORT',
    'http://[2002:7f00:1::]:PORT',
    'http://①②⑦.⓪.⓪.①:PORT',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/latest/meta-data/',
    'http://[fe80::1]/',
    'http://10.0.0.1/',
    'http://100.64.0.1/',
    'https://192.168.0.1/',
  ])('is refused to %s, and nothing is sent', async (url) => {
    const server = await hello();
    expect(await failureOf(client(''), { url: url.replace('PORT', String(server.port)) })).toBe('refused');
    expect(server.asked).toEqual([]);
  });

  it.each([
    'file:///etc/passwd',
    'ftp://example.com/',
    'gopher://127.0.0.1/',
    'unix:///var/run/docker.sock',
    'data:text/plain,x',
    'javascript:alert(1)',
    'http://user:password@example.com/',
    'http://user@example.com/',
    'http://1.2.3.4.5/',
    'example.com',
    '//example.com',
    'http://',
    '',
    `http://example.com/${'a'.repeat(9000)}`,
  ])('to %j is no request', async (url) => {
    expect(await failureOf(client('0.0.0.0/0'), { url })).toBe('invalid');
  });

  it.each<Record<string, string>>([
    { Host: 'other' },
    { 'Content-Length': '5' },
    { 'Transfer-Encoding': 'chunked' },
    { 'x-a': 'b\r\nc: d' },
  ])('may not set %j', async (headers) => {
    expect(await failureOf(client(''), { url: 'http://1.1.1.1/', headers })).toBe('invalid');
  });

  it('tells neither what a name resolves to nor what was sent', async () => {
    const http = client('', new ScriptedResolver({ 'db.internal': [['10.9.8.7']] }));
    const headers = { authorization: 'Bearer of-bad-news' };
    const error = await http
      .request({ url: 'http://db.internal/', headers })
      .catch((failure: unknown) => String(failure));
    expect(error).toContain('db.internal has an address that is not public');
    expect(error).not.toMatch(/10\.9\.8\.7|bad-news/);
  });
});

describe('a name', () => {
  it('is refused for what it resolves to', async () => {
    const server = await hello();
    const http = client('', new ScriptedResolver({ 'a.example': [['127.0.0.1']] }));
    expect(await failureOf(http, { url: `http://a.example:${server.port}/` })).toBe('refused');
    expect(server.asked).toEqual([]);
  });

  it('that resolves to public and private addresses is refused', async () => {
    const http = client('', new ScriptedResolver({ 'a.example': [['93.184.216.34', '127.0.0.1']] }));
    expect(await failureOf(http, { url: 'http://a.example/' })).toBe('refused');
  });

  it('that resolves to something else a moment later gains nothing: it is looked up once, and that is called', async () => {
    const server = await hello();
    // First what is allowed here, then, as a rebinding name server would say, what is not.
    const resolver = new ScriptedResolver({ 'a.example': [['127.0.0.1'], ['127.0.0.2']] });
    const http = client(`127.0.0.1:${server.port}`, resolver);
    const url = `http://a.example:${server.port}/`;
    expect(await (await http.request({ url })).text()).toBe('hello');
    expect(resolver.asked).toEqual(['a.example']);
  });

  it('is checked again for each new connection', async () => {
    const server = await serve((_request, response) => {
      response.setHeader('Connection', 'close').end('hello');
    });
    const resolver = new ScriptedResolver({ 'a.example': [['127.0.0.1'], ['127.0.0.2']] });
    const http = client(`127.0.0.1:${server.port}`, resolver);
    const url = `http://a.example:${server.port}/`;
    expect(await (await http.request({ url })).text()).toBe('hello');
    expect(await failureOf(http, { url })).toBe('refused');
    expect(resolver.asked).toHaveLength(2);
    expect(server.asked).toHaveLength(1);
  });

  it('that is allowed may resolve to a private address, and to none of link-local ones', async () => {
    const server = await hello();
    const resolver = new ScriptedResolver({
      'registry.internal': [['127.0.0.1']],
      'cloud.internal': [['169.254.169.254']],
    });
    const http = client('*.internal', resolver);
    expect(await failureOf(http, { url: `http://registry.internal:${server.port}/` })).toBe('answered 200');
    expect(await failureOf(http, { url: 'http://cloud.internal/' })).toBe('refused');
  });

  it('is tried at its next address where one does not answer', async () => {
    const server = await hello();
    const http = client('127.0.0.0/8', new ScriptedResolver({ 'a.example': [['127.0.0.9', '127.0.0.1']] }));
    expect(await failureOf(http, { url: `http://a.example:${server.port}/` })).toBe('answered 200');
  });

  it('that there is not is unreachable', async () => {
    expect(await failureOf(client('', new ScriptedResolver({})), { url: 'http://a.example/' })).toBe(
      'unreachable',
    );
  });
});

describe('a redirect', () => {
  const redirecting = (location: string, status = 302) =>
    serve((_request, response) => {
      response.writeHead(status, { Location: location }).end();
    });

  it('is the answer unless it is to be followed', async () => {
    const server = await redirecting('http://169.254.169.254/');
    const answer = await client('127.0.0.1').request({ url: `http://127.0.0.1:${server.port}/` });
    expect([answer.status, answer.headers['location']]).toEqual([302, 'http://169.254.169.254/']);
    answer.discard();
  });

  it.each(['http://169.254.169.254/', 'http://127.0.0.2/', 'http://[::1]/', 'http://2852039166/'])(
    'to %s is refused',
    async (location) => {
      const server = await redirecting(location);
      const http = client(`127.0.0.1:${server.port}`);
      const request = { url: `http://127.0.0.1:${server.port}/`, redirects: 3 };
      expect(await failureOf(http, request)).toBe('refused');
    },
  );

  it.each(['file:///etc/passwd', 'http://user:password@127.0.0.1/', 'gopher://127.0.0.1/'])(
    'to %s is not followed',
    async (location) => {
      const server = await redirecting(location);
      const request = { url: `http://127.0.0.1:${server.port}/`, redirects: 3 };
      expect(await failureOf(client('127.0.0.1'), request)).toBe('invalid');
    },
  );

  it('is followed as often as was asked, and no more', async () => {
    const server = await serve((request, response) => {
      const turn = Number(request.url?.slice(1));
      response.writeHead(302, { Location: `/${turn + 1}` }).end();
    });
    const http = client('127.0.0.1');
    const request = { url: `http://127.0.0.1:${server.port}/0`, redirects: 2 };
    expect(await failureOf(http, request)).toBe('redirect');
    expect(server.asked.map(({ path }) => path)).toEqual(['/0', '/1', '/2']);
  });

  it('keeps credentials within the origin, and loses them for good outside of it', async () => {
    const other = await serve((request, response) => {
      const back = `http://127.0.0.1:${first.port}/end`;
      response.writeHead(302, { Location: request.url === '/away' ? back : '/' }).end();
    });
    const first = await serve((request, response) => {
      const next: Record<string, string> = {
        '/start': '/same',
        '/same': `http://127.0.0.1:${other.port}/away`,
      };
      const location = next[request.url ?? ''];
      if (location === undefined) response.end('done');
      else response.writeHead(307, { Location: location }).end();
    });
    const answer = await client('127.0.0.1').request({
      url: `http://127.0.0.1:${first.port}/start`,
      headers: { Authorization: 'Basic c2VjcmV0', Cookie: 'a=b', 'X-Token': 'secret', Accept: 'text/plain' },
      redirects: 5,
    });
    expect(await answer.text()).toBe('done');
    expect(first.asked.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/start', 'Basic c2VjcmV0'],
      ['/same', 'Basic c2VjcmV0'],
      ['/end', undefined],
    ]);
    expect(other.asked[0]?.headers).toMatchObject({ accept: 'text/plain' });
    expect(JSON.stringify(other.asked)).not.toMatch(/c2VjcmV0|a=b|secret/);
  });

  it('of a POST is never followed', async () => {
    const server = await redirecting('/', 307);
    const request = { url: `http://127.0.0.1:${server.port}/`, method: 'POST', redirects: 3 } as const;
    expect(await failureOf(client('127.0.0.1'), request)).toBe('answered 307');
    expect(server.asked).toHaveLength(1);
  });
});

describe('an answer', () => {
  it('is cut off where it is longer than was asked for', async () => {
    const server = await serve((_request, response) => {
      response.write('a'.repeat(600));
      response.end('a'.repeat(600));
    });
    const http = client('127.0.0.1');
    const url = `http://127.0.0.1:${server.port}/`;
    expect(await failureOf(http, { url, maxBytes: 1199 })).toBe('tooLarge');
    expect(await failureOf(http, { url, maxBytes: 1200 })).toBe('answered 200');
  });

  it.each([
    ['that does not begin', () => undefined, { headersMs: 50 }],
    [
      'that does not end',
      (write: () => void) => {
        write();
      },
      { totalMs: 300 },
    ],
  ] as const)('%s is given up in time', async (_, behave, timeouts) => {
    const server = await serve((_request, response) => {
      behave(() => {
        response.write('a');
      });
    });
    const request = { url: `http://127.0.0.1:${server.port}/`, timeouts };
    expect(await failureOf(client('127.0.0.1'), request)).toBe('timeout');
  });

  it('is not waited for by who gives up', async () => {
    const giveUp = new AbortController();
    const server = await serve(() => {
      giveUp.abort();
    });
    const request = { url: `http://127.0.0.1:${server.port}/`, signal: giveUp.signal };
    expect(await failureOf(client('127.0.0.1'), request)).toMatchObject({ kind: 'cancelled' });
  });

  it('from where nobody listens does not come', async () => {
    const server = await hello();
    const { port } = server;
    await server.stop();
    open.splice(open.indexOf(server), 1);
    expect(await failureOf(client('127.0.0.1'), { url: `http://127.0.0.1:${port}/` })).toBe('unreachable');
  });
});

describe('TLS', () => {
  let certificates: Certificates;
  let ca: string;
  let tls: { key: string; cert: string };
  beforeAll(() => {
    certificates = makeCertificates();
    ca = readFileSync(join(certificates.nobody, 'ca.pem'), 'utf8');
    tls = {
      key: readFileSync(join(certificates.engine, 'key.pem'), 'utf8'),
      cert: readFileSync(join(certificates.engine, 'cert.pem'), 'utf8'),
    };
  });
  afterAll(() => {
    certificates.remove();
  });

  const secret = () =>
    serve((_request, response) => {
      response.end('secret');
    }, tls);

  it('is verified against the authorities that are given for the request, and those alone', async () => {
    const server = await secret();
    const http = client('127.0.0.1');
    const url = `https://127.0.0.1:${server.port}/`;
    expect(await failureOf(http, { url, ca })).toBe('answered 200');
    expect(await failureOf(http, { url })).toBe('tls');
    expect(server.asked).toHaveLength(1);
  });

  it('is verified for the name that was asked for, not for the address that it resolves to', async () => {
    const server = await secret();
    const http = client('127.0.0.1', new ScriptedResolver({ 'a.example': [['127.0.0.1']] }));
    expect(await failureOf(http, { url: `https://a.example:${server.port}/`, ca })).toBe('tls');
  });

  it('is not left by a redirect', async () => {
    const plain = await hello();
    const server = await serve((_request, response) => {
      response.writeHead(302, { Location: `http://127.0.0.1:${plain.port}/` }).end();
    }, tls);
    const request = { url: `https://127.0.0.1:${server.port}/`, ca, redirects: 3 };
    expect(await failureOf(client('127.0.0.1'), request)).toBe('redirect');
    expect(plain.asked).toEqual([]);
  });
});
