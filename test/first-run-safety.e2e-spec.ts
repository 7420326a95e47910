import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { type TestActor, TestApp } from './support/app.js';
import { Authority } from './support/certificates.js';
import { DockmasterProcess, temporaryDataDir } from './support/dockmaster-process.js';
import { rawBytes, rawHttp } from './support/raw-http.js';
import { sharedEngine } from './support/shared-peers.js';

/** What a browser or program learns that opens a WebSocket: 101, or the status that it is refused with. */
async function upgradeStatus(url: string, path: string, headers: Record<string, string>): Promise<number> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}${path}`, 'graphql-transport-ws', { headers });
  socket.on('error', () => undefined);
  const refused = once(socket, 'unexpected-response').then(
    ([, response]) => (response as { statusCode: number }).statusCode,
  );
  const status = await Promise.race([once(socket, 'open').then(() => 101), refused]);
  socket.terminate();
  return status;
}

describe('the first start', () => {
  it('makes an admin with a random password that only the owner of the data can read, and no other way in', async () => {
    const dataDir = await temporaryDataDir();
    const start = () =>
      DockmasterProcess.start({
        dockerHost: `unix://${sharedEngine().socketPath}`,
        dataDir: dataDir.path,
        environment: { DOCKMASTER_ADMIN_PASSWORD: '' },
      });
    const dockmaster = await start();
    try {
      const file = join(dataDir.path, 'initial-admin-password');
      const password = (await readFile(file, 'utf8')).trim();
      expect(password.length).toBeGreaterThanOrEqual(20);
      for (const name of await readdir(dataDir.path)) {
        expect({ name, mode: (await stat(join(dataDir.path, name))).mode & 0o077 }).toEqual({
          name,
          mode: 0,
        });
      }
      const login = (guess: string) =>
        dockmaster.rest().post('/api/v1/auth/login').send({ username: 'admin', password: guess });
      await login('admin').expect(401);
      await login(password).expect(200);
      expect(dockmaster.log).not.toContain(password);
    } finally {
      await dockmaster.end();
      await dataDir.remove();
    }
  });

  it('warns of what is unsafe in its log', async () => {
    const dataDir = await temporaryDataDir();
    await chmod(dataDir.path, 0o755);
    const dockmaster = await DockmasterProcess.start({
      dockerHost: 'tcp://127.0.0.1:1',
      dataDir: dataDir.path,
      environment: {
        DOCKMASTER_AUDIT_RETENTION_DAYS: '0',
        DOCKMASTER_LISTEN: '0.0.0.0:0',
        DOCKMASTER_ALOWED_HOSTS: 'dock.test',
      },
    });
    try {
      const lines = dockmaster.log
        .split('\n')
        .flatMap((line) =>
          line.startsWith('{') ? [JSON.parse(line) as { level: string; check?: string }] : [],
        );
      const warned = lines.filter(({ level, check }) => level === 'warn' && check !== undefined);
      expect(warned.map(({ check }) => check)).toEqual(
        expect.arrayContaining([
          'listensWithoutTls',
          'answersToAnyHost',
          'engineWithoutTls',
          'dataDirectoryOpen',
          'auditKeptForEver',
          'unknownVariables',
        ]),
      );
      expect(dockmaster.log).toContain('did you mean DOCKMASTER_ALLOWED_HOSTS?');
    } finally {
      await dockmaster.end();
      await dataDir.remove();
    }
  });
});

describe('a start that cannot listen', () => {
  const authority = new Authority();
  const certificate = authority.sign('server', 'subjectAltName = IP:127.0.0.1\n');
  afterAll(() => authority.remove());

  it.each([
    ['DOCKMASTER_LISTEN', (taken: string) => ({ DOCKMASTER_LISTEN: taken })],
    [
      'DOCKMASTER_TLS_LISTEN',
      (taken: string) => ({
        DOCKMASTER_TLS_LISTEN: taken,
        DOCKMASTER_TLS_CERT_FILE: join(certificate, 'cert.pem'),
        DOCKMASTER_TLS_KEY_FILE: join(certificate, 'key.pem'),
        DOCKMASTER_TLS_CLIENT_CA_FILE: authority.certificate,
      }),
    ],
  ])('where %s says ends, with one line that names both', async (setting, environmentFor) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const taken = `127.0.0.1:${(other.address() as AddressInfo).port}`;
    const dataDir = await temporaryDataDir();
    const dockmaster = await DockmasterProcess.launch({
      dockerHost: 'unix:///nonexistent/engine.sock',
      dataDir: dataDir.path,
      environment: { DOCKMASTER_LOG_LEVEL: 'fatal', ...environmentFor(taken) },
    });
    try {
      expect(await dockmaster.ended).toEqual({ code: 1, signal: null });
      expect(dockmaster.log).toBe(
        `Can't listen on ${taken}: another program listens there already. To listen elsewhere, set ${setting}.\n`,
      );
    } finally {
      await dataDir.remove();
      other.close();
    }
  });
});

describe('a start with what can not be used', () => {
  it('tells of all wrong settings together, without a stack, and ends with status 2', async () => {
    const dataDir = await temporaryDataDir();
    const dockmaster = await DockmasterProcess.launch({
      dockerHost: 'localhost:2375',
      dataDir: dataDir.path,
      environment: { DOCKMASTER_ADMIN_PASSWORD: 'short', DOCKMASTER_LOG_LEVEL: 'loud' },
    });
    try {
      expect(await dockmaster.ended).toEqual({ code: 2, signal: null });
      expect(dockmaster.log).toBe(
        'The settings are not valid:\n' +
          '  DOCKMASTER_LOG_LEVEL must be one of: trace, debug, info, warn, error, fatal, silent\n' +
          '  DOCKER_HOST must be unix:///path, tcp://host:port, http(s)://host:port or ssh://[user@]host[:port][/path]\n' +
          '  DOCKMASTER_ADMIN_PASSWORD must be 15 to 256 characters long\n',
      );
    } finally {
      await dataDir.remove();
    }
  });

  it('as a data directory ends, with one line that says what to do', async () => {
    const dockmaster = await DockmasterProcess.launch({
      dockerHost: 'tcp://127.0.0.1:1',
      dataDir: '/proc/x',
    });
    expect(await dockmaster.ended).toEqual({ code: 1, signal: null });
    expect(dockmaster.log).toBe(
      "Can't use the data directory /proc/x: it can not be made there. Make it writable for the user that runs " +
        'Dockmaster, or choose another with DOCKMASTER_DATA_DIR.\n',
    );
  });
});

describe('by default', () => {
  let app: TestApp;
  let admin: TestActor;
  beforeAll(async () => {
    app = await TestApp.start();
    admin = await app.admin();
  });
  afterAll(() => app.stop());

  it.each([
    ['an answer', '/api/v1/me', 200],
    ['a problem', '/api/v1/engines/none', 404],
    ['a path that is not there', '/nowhere', 404],
    ['a path that cannot be read', '/api/v1/%zz', 400],
    ['a page', '/docs', 200],
    ['the health check', '/healthz', 200],
    ['GraphQL', '/graphql?query=%7Bme%7Bid%7D%7D', 400],
  ])('%s has the security headers', async (_what, path, status) => {
    const { headers, ...answer } = await rawHttp(app.url, {
      path,
      headers: { authorization: admin.authorization },
    });
    expect(answer.status).toBe(status);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'content-security-policy': expect.stringMatching(/frame-ancestors 'none'/),
    });
    expect(headers['strict-transport-security']).toBeUndefined();
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  it('what is not even HTTP has them too', async () => {
    const answer = await rawBytes(app.url, 'GET / HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toMatch(/x-content-type-options: nosniff/i);
  });

  it('answers with data are kept by the asker alone, those with tokens by nobody', async () => {
    const me = await app.rest(admin).get('/api/v1/me').expect(200);
    expect(me.headers['cache-control']).toBe('private, no-cache');
    const credentials = { username: 'admin', password: 'wrong wrong wrong' };
    const login = await app.rest().post('/api/v1/auth/login').send(credentials).expect(401);
    expect(login.headers['cache-control']).toBe('no-store');
  });

  it('pages of other origins may call nothing', async () => {
    const headers = {
      origin: 'https://evil.test',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    };
    const preflight = await rawHttp(app.url, { method: 'OPTIONS', path: '/api/v1/me', headers });
    expect(preflight.status).toBe(405);
    const answer = await rawHttp(app.url, { path: '/healthz', headers });
    for (const name of ['access-control-allow-origin', 'access-control-allow-credentials']) {
      expect(preflight.headers[name]).toBeUndefined();
      expect(answer.headers[name]).toBeUndefined();
    }
  });

  it('no WebSocket is opened for a page of another origin', async () => {
    const own = new URL(app.url).origin;
    const exec = `/api/v1/engines/local/execs/${'0'.repeat(64)}/start`;
    for (const path of ['/graphql', exec]) {
      expect(await upgradeStatus(app.url, path, {})).toBe(101);
      expect(await upgradeStatus(app.url, path, { origin: own })).toBe(101);
      for (const origin of ['https://evil.test', 'null', `${own}.evil.test`, own.replace(/\d+$/, '1')])
        expect(await upgradeStatus(app.url, path, { origin })).toBe(403);
    }
  });

  it('no page gets through by a name of its own that leads here', async () => {
    const { port } = new URL(app.url);
    const headers = { host: `evil.test:${port}`, authorization: admin.authorization };
    for (const path of ['/api/v1/me', '/healthz', '/docs', '/graphql', '/nowhere']) {
      const answer = await rawHttp(app.url, { path, headers });
      expect(answer.status).toBe(403);
      expect(answer.problem).toMatchObject({ code: 'forbidden' });
      expect(answer.text).toContain('DOCKMASTER_ALLOWED_HOSTS');
    }
    const origin = `http://evil.test:${port}`;
    expect(await upgradeStatus(app.url, '/graphql', { host: headers.host, origin })).toBe(403);
    for (const host of [`localhost:${port}`, `[::1]:${port}`, '127.0.0.1'])
      expect((await rawHttp(app.url, { path: '/healthz', headers: { host } })).status).toBe(200);
  });

  it('what a client says of its address and protocol is not believed', async () => {
    const forwarded = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' };
    const denied = await rawHttp(app.url, {
      path: '/api/v1/roles',
      headers: { ...forwarded, authorization: (await app.user('pia', [])).authorization },
    });
    expect(denied.status).toBe(403);
    expect(denied.headers['strict-transport-security']).toBeUndefined();
    const audit = await app.rest(admin).get('/api/v1/audit').query({ actor: 'pia', outcome: 'refused' });
    expect(audit.body).toMatchObject({ items: [{ address: expect.stringMatching(/127\.0\.0\.1$/) }] });
  });

  it('admins see what is unsafe, and nobody else', async () => {
    const seen = await app.rest(admin).get('/api/v1/settings/warnings').expect(200);
    const { items } = seen.body as { items: { name: string; message: string }[] };
    const root = process.getuid?.() === 0 ? ['runsAsRoot'] : [];
    expect(items.map(({ name }) => name)).toEqual(root);
    const byGraphql = await app.graphql(admin, '{ settingsWarnings { name message } }');
    expect(byGraphql.data).toEqual({ settingsWarnings: items });
    const quinn = await app.user('quinn', [{ role: 'developer' }]);
    await app.rest(quinn).get('/api/v1/settings/warnings').expect(403);
    expect((await app.graphql(quinn, '{ settingsWarnings { name } }')).errors?.[0]?.extensions.code).toBe(
      'forbidden',
    );
    await app.rest().get('/api/v1/settings/warnings').expect(401);
  });
});

describe('where the settings say so', () => {
  const UI = 'https://ui.test';
  let app: TestApp;
  let admin: TestActor;
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'dockmaster-safety-'));
    app = await TestApp.start({
      dataDir,
      environment: {
        DOCKMASTER_ALLOWED_ORIGINS: `${UI},https://other.test`,
        DOCKMASTER_ALLOWED_HOSTS: 'dock.test',
        DOCKMASTER_TRUST_PROXY: 'loopback',
      },
    });
    admin = await app.admin();
  });
  afterAll(async () => {
    await app.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('pages of exactly these origins may call, without what a browser adds by itself', async () => {
    const preflight = await rawHttp(app.url, {
      method: 'OPTIONS',
      path: '/api/v1/me',
      headers: {
        origin: UI,
        'access-control-request-method': 'PATCH',
        'access-control-request-headers': 'authorization, content-type',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': UI,
      'access-control-allow-methods': expect.stringMatching(/PATCH.*DELETE/),
      'access-control-allow-headers': expect.stringMatching(/Authorization/),
      vary: expect.stringMatching(/Origin/),
    });
    expect(preflight.headers['access-control-allow-credentials']).toBeUndefined();
    const answer = await rawHttp(app.url, {
      path: '/api/v1/me',
      headers: { origin: UI, authorization: admin.authorization },
    });
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': UI,
      'access-control-expose-headers': expect.stringMatching(/X-Request-Id/),
    });
    for (const origin of ['https://evil.test', 'http://ui.test', 'https://ui.test:444', 'null']) {
      const foreign = await rawHttp(app.url, { path: '/healthz', headers: { origin } });
      expect(foreign.headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  it('they may open WebSockets too', async () => {
    expect(await upgradeStatus(app.url, '/graphql', { origin: UI })).toBe(101);
    expect(await upgradeStatus(app.url, '/graphql', { origin: 'https://evil.test' })).toBe(403);
  });

  it('it goes by these names and by no other', async () => {
    expect((await rawHttp(app.url, { path: '/healthz', headers: { host: 'dock.test' } })).status).toBe(200);
    expect((await rawHttp(app.url, { path: '/healthz', headers: { host: 'a.dock.test' } })).status).toBe(403);
  });

  it('a proxy is believed what it says of the client, by HTTP and WebSocket', async () => {
    const rosa = await app.user('rosa', []);
    const forwarded = { 'x-forwarded-for': '1.1.1.1, 203.0.113.9', 'x-forwarded-proto': 'https' };
    const denied = await rawHttp(app.url, {
      path: '/api/v1/roles',
      headers: { ...forwarded, authorization: rosa.authorization },
    });
    expect(denied.headers['strict-transport-security']).toMatch(/^max-age=\d{8}$/);
    const socket = new WebSocket(`${app.webSocketUrl}/graphql`, 'graphql-transport-ws', {
      headers: forwarded,
    });
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: rosa.authorization } }));
    await once(socket, 'message');
    const payload = { query: '{ roles { name } }' };
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
    await once(socket, 'message');
    socket.terminate();
    const audit = await app.rest(admin).get('/api/v1/audit').query({ actor: 'rosa', outcome: 'refused' });
    expect(audit.body).toMatchObject({
      items: [
        { door: 'graphql', address: '203.0.113.9' },
        { door: 'rest', address: '203.0.113.9' },
      ],
    });
  });
});
