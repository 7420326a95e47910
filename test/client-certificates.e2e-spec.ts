import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request as httpsRequest, type RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ClientCertificate } from '../src/client-certificates/client-certificate.model.js';
import { TlsListener } from '../src/client-certificates/tls-listener.js';
import { readSettings } from '../src/config/settings.js';
import type { Problem } from '../src/http/problem.js';
import { type TestActor, TestApp } from './support/app.js';
import { Authority } from './support/certificates.js';
import {
  audited,
  DoorwayCalls,
  holderOf,
  program,
  RunningDocker,
  type TestProgram,
} from './support/doorways.js';
import { eventually } from './support/eventually.js';
import { TestContainers } from './support/test-containers.js';

const CLIENT = 'extendedKeyUsage = clientAuth\n';
const SERVER = 'extendedKeyUsage = serverAuth\nsubjectAltName = IP:127.0.0.1\n';
/** What a right that is gone may last. */
const WITHDRAWN_MS = 5_000;

const authority = new Authority();
const stranger = new Authority();
const files = mkdtempSync(join(tmpdir(), 'dockmaster-tls-'));
const server = authority.sign('server', SERVER);

let app: TestApp;
let admin: TestActor;
let certificates: DoorwayCalls<ClientCertificate>;
let viewer: TestProgram;
let containers: TestContainers;
let container: string;
const running: RunningDocker[] = [];

const environment = {
  DOCKMASTER_TLS_LISTEN: '127.0.0.1:0',
  DOCKMASTER_TLS_CERT_FILE: join(files, 'cert.pem'),
  DOCKMASTER_TLS_KEY_FILE: join(files, 'key.pem'),
  DOCKMASTER_TLS_CLIENT_CA_FILE: join(files, 'ca.pem'),
};
function put(folder: string, ...names: string[]): void {
  for (const name of names) copyFileSync(join(folder, name), join(files, name));
}

beforeAll(async () => {
  put(server, 'cert.pem', 'key.pem', 'ca.pem');
  app = await TestApp.start({ environment });
  admin = await app.admin();
  certificates = new DoorwayCalls(app, admin, 'client-certificates');
  viewer = await program(app, 'viewer-program', { role: 'viewer' });
  containers = new TestContainers(app, admin);
  container = (await containers.run()).id;
  await containers.said(container, 'ready');
});
afterEach(() => {
  for (const client of running.splice(0)) client.kill();
});
afterAll(async () => {
  await containers.removeAll();
  await app.stop();
  for (const each of [authority, stranger]) each.remove();
  rmSync(files, { recursive: true });
});

let count = 0;
/** A client's certificate, and what lets it in unless the body says otherwise: its fingerprint. */
function client(
  extensions = CLIENT,
  options: { subject?: string; days?: number } = {},
  by = authority,
): { folder: string; fingerprint: string } {
  const folder = by.sign(`client-${++count}`, extensions, options);
  const { fingerprint256 } = new X509Certificate(readFileSync(join(folder, 'cert.pem')));
  return { folder, fingerprint: fingerprint256 };
}
const body = (value: string, more: object = {}) => ({
  name: `certificate-${++count}`,
  subject: viewer.subject,
  engine: 'local',
  knownBy: 'fingerprint',
  value,
  ...more,
});
const port = () => app.nest.get(TlsListener).port ?? 0;

/** The real client, as people set it up: DOCKER_TLS_VERIFY and DOCKER_CERT_PATH. */
function docker(folder: string, ...args: string[]): RunningDocker {
  const settings = { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder };
  const made = new RunningDocker(`tcp://127.0.0.1:${port()}`, settings, ...args);
  running.push(made);
  return made;
}
async function ran(folder: string, ...args: string[]): Promise<string> {
  const made = docker(folder, ...args);
  expect({ code: await made.ended, output: made.output }).toMatchObject({ code: 0 });
  return made.output;
}
async function failed(folder: string, ...args: string[]): Promise<string> {
  const made = docker(folder, ...args);
  expect(await made.ended).not.toBe(0);
  return made.output;
}

const pem = (folder: string | undefined, ca = authority) => ({
  ca: readFileSync(ca.certificate),
  ...(folder === undefined
    ? {}
    : { cert: readFileSync(join(folder, 'cert.pem')), key: readFileSync(join(folder, 'key.pem')) }),
});

async function ask(
  folder: string | undefined,
  path: string,
  options: RequestOptions = {},
): Promise<{ status: number; text: string }> {
  const request = httpsRequest({
    host: '127.0.0.1',
    port: port(),
    path,
    agent: false,
    ...pem(folder),
    ...options,
  }).end();
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) text += String(chunk);
  return { status: answer.statusCode ?? 0, text };
}

describe('client certificates', () => {
  it('are made, seen, changed and removed by REST and GraphQL, all on record', async () => {
    const { fingerprint } = client();
    const plain = fingerprint.replaceAll(':', '').toLowerCase();
    const made = await certificates.create(body(plain, { name: 'build', permissions: ['containers:*'] }));
    expect(made).toEqual({
      id: expect.any(String),
      name: 'build',
      description: '',
      subject: { ...viewer.subject, name: 'viewer-program' },
      engine: 'local',
      permissions: ['containers:*'],
      disabled: false,
      expiresAt: null,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
      lastUsedAt: null,
      knownBy: 'fingerprint',
      value: fingerprint,
    });
    expect(await certificates.get(made.id)).toEqual(made);
    expect(await certificates.create(body(fingerprint), 409)).toMatchObject({
      detail: 'There is a client certificate that is known by the same value already',
    });
    expect(
      await certificates.create(body('CN=other', { knownBy: 'subject', name: 'build' }), 409),
    ).toMatchObject({ detail: 'There is a client certificate build already' });
    expect(await certificates.patch(made.id, { description: 'of the night', permissions: [] })).toMatchObject(
      {
        description: 'of the night',
        permissions: null,
      },
    );
    const create = `mutation ($input: CreateClientCertificateInput!) {
      createClientCertificate(input: $input) { id knownBy value subject { name } }
    }`;
    const input = body('URI:spiffe://example.com/graphql', { knownBy: 'subjectAltName' });
    const answer = await app.graphql(admin, create, { input });
    expect(answer.data).toMatchObject({
      createClientCertificate: { value: 'URI:spiffe://example.com/graphql' },
    });
    const { id } = answer.data?.['createClientCertificate'] as { id: string };
    const fields = `clientCertificate(id: $id) { knownBy } clientCertificates(first: 1) { totalCount nodes { name } }`;
    expect((await app.graphql(admin, `query ($id: String!) { ${fields} }`, { id })).data).toEqual({
      clientCertificate: { knownBy: 'subjectAltName' },
      clientCertificates: { totalCount: 2, nodes: [{ name: 'build' }] },
    });
    const change = `mutation ($id: String!) {
      updateClientCertificate(id: $id, input: { disabled: true }) { disabled }
      deleteClientCertificate(id: $id)
    }`;
    expect((await app.graphql(admin, change, { id })).data).toEqual({
      updateClientCertificate: { disabled: true },
      deleteClientCertificate: true,
    });
    await certificates.delete(made.id);
    await certificates.get(made.id, 404);
    const trail = await audited(app, admin, { targetKind: 'clientCertificate', limit: 8 });
    expect(trail.map(({ operation, door, outcome }) => `${door} ${operation} ${outcome}`)).toEqual([
      'rest clientCertificates:delete succeeded',
      'graphql clientCertificates:delete succeeded',
      'graphql clientCertificates:update succeeded',
      'graphql clientCertificates:create succeeded',
      'rest clientCertificates:update succeeded',
      'rest clientCertificates:create failed',
      'rest clientCertificates:create failed',
      'rest clientCertificates:create succeeded',
    ]);
  });

  it.each([
    ['what no certificate could have', { value: 'abc' }, 'value'],
    [
      'an address as an alternative name',
      { knownBy: 'subjectAltName', value: 'IP Address:10.0.0.1' },
      'value',
    ],
    ['several alternative names', { knownBy: 'subjectAltName', value: 'DNS:a, DNS:b' }, 'value'],
    ['a subject that is none', { knownBy: 'subject', value: 'ci' }, 'value'],
    ['something else to be known by', { knownBy: 'issuer', value: 'CN=ci' }, 'knownBy'],
    [
      'a team, which nobody is',
      { subject: { kind: 'team', id: '00000000-0000-7000-8000-000000000000' } },
      'subject.kind',
    ],
  ])('are not made with %s', async (_what, wrong, field) => {
    const problem = await certificates.create<Problem>(body('AB'.repeat(32), wrong), 400);
    expect(problem.errors.map((error) => error.field)).toContain(field);
  });

  it('are not made by a dry run, nor to stand for who may more than who makes them', async () => {
    const { fingerprint } = client();
    await certificates.create(body(fingerprint), 201, { dryRun: true });
    const holder = await holderOf(app, admin, 'holder', [
      'clientCertificates:*',
      'engines:*',
      'containers:list',
    ]);
    await certificates.as(holder).create(body(fingerprint), 403);
    const made = await certificates.create(body(fingerprint, { permissions: ['containers:list'] }));
    await certificates.as(holder).patch(made.id, { permissions: [] }, 403);
    const nobody = await app.user('may-not', [{ role: 'developer' }]);
    await certificates.as(nobody).create(body(fingerprint), 403);
    await certificates.as(nobody).get('', 403);
  });
});

describe('the Engine API by TLS', () => {
  it('lets a Docker client in as whom its certificate stands for, with the rights of that one', async () => {
    const { folder, fingerprint } = client();
    const made = await certificates.create(body(fingerprint));
    expect(await ran(folder, 'ps', '--no-trunc', '-q')).toContain(container);
    expect(await ran(folder, 'logs', container)).toContain('ready');
    expect(await failed(folder, 'stop', container)).toMatch(/containers:stop/);
    expect((await containers.inspect(container)).State.Running).toBe(true);
    const [refusal] = await audited(app, admin, { door: 'certificate', operation: 'ContainerStop' });
    expect(refusal).toMatchObject({
      actorName: 'viewer-program',
      tokenId: made.id,
      outcome: 'refused',
      address: '127.0.0.1',
    });
    expect((await certificates.get(made.id)).lastUsedAt).not.toBeNull();
  });

  it('gives all output to a client that sends no more, as without a terminal', async () => {
    const maker = await program(app, 'maker', { role: 'developer' });
    const { folder, fingerprint } = client();
    await certificates.create(body(fingerprint, { subject: maker.subject }));
    expect(await ran(folder, 'exec', container, 'sh', '-c', 'echo first; sleep 1; echo last')).toBe(
      'first\nlast\n',
    );
  });

  it('knows a certificate by its fingerprint before its alternative names, and by those before its subject', async () => {
    const extensions = `${CLIENT}subjectAltName = URI:spiffe://example.com/order, DNS:Order.example.com\n`;
    const { folder, fingerprint } = client(extensions, { subject: '/O=Example/CN=order' });
    const who = async () => (await ask(folder, '/containers/json')).status;
    expect(await who()).toBe(403);
    const bySubject = await certificates.create(body('CN=order,O=Example', { knownBy: 'subject' }));
    expect(await who()).toBe(200);
    const byName = { knownBy: 'subjectAltName', permissions: ['images:*'] };
    const byUri = await certificates.create(body('URI:spiffe://example.com/order', byName));
    expect(await who()).toBe(403);
    await certificates.delete(byUri.id);
    const byHost = await certificates.create(body('DNS:order.EXAMPLE.com', byName));
    expect(await who()).toBe(403);
    const exact = await certificates.create(body(fingerprint));
    expect(await who()).toBe(200);
    await certificates.patch(exact.id, { disabled: true });
    await certificates.delete(byHost.id);
    expect((await certificates.get(bySubject.id)).disabled).toBe(false);
    expect((await ask(folder, '/containers/json')).status).toBe(401);
  });

  it.each([
    ['none at all', () => undefined, /Show a client certificate/],
    ['one of another authority', () => client(CLIENT, {}, stranger).folder, /not trusted/],
    ['one that has ended', () => client(CLIENT, { days: 0 }).folder, /CERT_HAS_EXPIRED/],
    ['one that is for servers', () => client(SERVER).folder, /not trusted/],
    ['one that stands for nobody', () => client().folder, /stands for nobody/],
  ])('refuses who shows %s, which is on record once', async (_what, make, why) => {
    let message = '';
    // Another certificate each time: whoever makes them up is recorded no more often.
    for (const path of ['/_ping', '/v1.41/containers/json', '/_ping']) {
      const { status, text } = await ask(make(), path);
      ({ message } = JSON.parse(text) as { message: string });
      expect([401, 403]).toContain(status);
      expect(JSON.parse(text)).toEqual({ message: expect.stringMatching(why) });
    }
    const records = await audited(app, admin, { door: 'certificate', operation: 'connect', limit: 100 });
    const mine = records.filter(({ reason }) => reason === message);
    const since = Date.now() - 59_000;
    expect(mine[0]).toMatchObject({ outcome: 'refused', actorKind: 'anonymous' });
    expect(mine.filter(({ at }) => Date.parse(at) > since).length).toBeLessThanOrEqual(1);
  });

  it('speaks TLS 1.2 at least, and takes up no connection of before', async () => {
    const { folder, fingerprint } = client();
    await certificates.create(body(fingerprint));
    const dial = async (options: object) => {
      const socket = connect({ host: '127.0.0.1', port: port(), ...pem(folder), ...options });
      const [error] = (await Promise.race([
        once(socket, 'secureConnect'),
        new Promise((resolve) => socket.once('error', (failure) => resolve([failure]))),
      ])) as [Error?];
      const session = error ? undefined : socket.getSession();
      socket.destroy();
      return { error, session };
    };
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' };
    expect((await dial(old)).error).toBeDefined();
    const { session } = await dial({ maxVersion: 'TLSv1.2' });
    const again = connect({
      host: '127.0.0.1',
      port: port(),
      ...pem(folder),
      maxVersion: 'TLSv1.2',
      session,
    });
    await once(again, 'secureConnect');
    expect(again.isSessionReused()).toBe(false);
    again.destroy();
  });

  it('takes neither a second identity nor a browser', async () => {
    const { folder, fingerprint } = client();
    await certificates.create(body(fingerprint));
    for (const headers of [
      { authorization: admin.authorization },
      { 'sec-fetch-site': 'same-origin' },
      { origin: 'https://evil.example' },
    ]) {
      const { status } = await ask(folder, '/containers/json', { headers });
      expect(status).toBe(403);
    }
    expect((await ask(folder, '/containers/json')).status).toBe(200);
  });

  it.each([
    ['what it stands for is taken away', (id: string) => certificates.delete(id)],
    ['it is disabled', (id: string) => certificates.patch(id, { disabled: true })],
    ['its permissions are narrowed', (id: string) => certificates.patch(id, { permissions: ['system:*'] })],
  ])('ends what goes on within 5 s when %s', async (_when, withdraw) => {
    const { folder, fingerprint } = client();
    const made = await certificates.create(body(fingerprint));
    const following = docker(folder, 'logs', '-f', container);
    await eventually(
      () => following.output,
      (text) => text.includes('ready'),
    );
    await withdraw(made.id);
    expect(await following.endsIn()).toBeLessThan(WITHDRAWN_MS);
    expect((await ask(folder, `/containers/${container}/logs?stdout=1`)).status).toBeGreaterThan(400);
  });

  it('ends a connection that is kept open when whom it stands for is disabled', async () => {
    const who = await program(app, 'kept', { role: 'viewer' });
    const { folder, fingerprint } = client();
    await certificates.create(body(fingerprint, { subject: who.subject }));
    const agent = new Agent({ keepAlive: true });
    expect((await ask(folder, '/_ping', { agent })).status).toBe(200);
    const [socket] = Object.values(agent.freeSockets).flat();
    const closed = once(socket ?? agent, 'close');
    await app
      .rest(admin)
      .patch(`/api/v1/service-accounts/${who.subject.id}`)
      .send({ disabled: true })
      .expect(200);
    await closed;
    agent.destroy();
  });

  it('takes up new files without a restart, keeps the old where they are of no use, and cuts off who came by an old authority', async () => {
    const { folder, fingerprint } = client();
    await certificates.create(body(fingerprint));
    const listener = app.nest.get(TlsListener);
    const fresh = authority.sign('server-2', SERVER);
    const shown = async () => {
      const socket = connect({ host: '127.0.0.1', port: port(), ...pem(folder) });
      await once(socket, 'secureConnect');
      const { fingerprint256 } = socket.getPeerCertificate();
      socket.destroy();
      return fingerprint256;
    };
    const before = await shown();
    put(fresh, 'cert.pem');
    listener.reload();
    expect(await shown()).toBe(before);
    put(fresh, 'key.pem');
    listener.reload();
    expect(await shown()).toBe(new X509Certificate(readFileSync(join(fresh, 'cert.pem'))).fingerprint256);
    expect((await ask(folder, '/_ping')).status).toBe(200);
    copyFileSync(stranger.certificate, join(files, 'ca.pem'));
    listener.reload();
    expect((await ask(folder, '/_ping')).status).toBe(401);
    put(server, 'ca.pem');
    listener.reload();
    expect((await ask(folder, '/_ping')).status).toBe(200);
  });
});

describe('the settings of the TLS listener', () => {
  it.each([
    [
      'one without the others',
      { DOCKMASTER_TLS_LISTEN: ':2376' },
      /CERT_FILE is needed[\s\S]*KEY_FILE is needed[\s\S]*CLIENT_CA_FILE is needed/,
    ],
    [
      'files without a place to listen',
      { DOCKMASTER_TLS_CERT_FILE: join(server, 'cert.pem') },
      /TLS_LISTEN is needed/,
    ],
    [
      'a key of another certificate',
      { ...environment, DOCKMASTER_TLS_KEY_FILE: join(client().folder, 'key.pem') },
      /can't be served/,
    ],
    [
      'a file that is not there',
      { ...environment, DOCKMASTER_TLS_CERT_FILE: '/nonexistent' },
      /can't be served.*nonexistent/,
    ],
    [
      'authorities that are none',
      { ...environment, DOCKMASTER_TLS_CLIENT_CA_FILE: join(server, 'key.pem') },
      /holds no certificate/,
    ],
  ])('are refused with %s', (_what, given, problem) => {
    put(server, 'cert.pem', 'key.pem', 'ca.pem');
    expect(() => readSettings(given)).toThrow(problem);
  });
});
