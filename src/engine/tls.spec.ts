import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import type { EngineTls } from './engine-tls.js';
import { readTlsFiles } from './engine-tls.js';
import { HttpEngineConnection } from './http-engine-connection.js';

const run = promisify(execFile);

/** Holds the folders `client`, `stranger`, and the servers' certificates. */
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'engine-tls-'));
  await makeAuthority('ca');
  await makeAuthority('other-ca');
  await makeCertificate('server', 'ca', 'IP:127.0.0.1,DNS:localhost');
  await makeCertificate('elsewhere', 'ca', 'DNS:elsewhere.example');
  await makeCertificate('me', 'ca', 'DNS:me');
  await makeFolder('client', { 'ca.pem': 'ca.crt', 'cert.pem': 'me.crt', 'key.pem': 'me.key' });
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function makeAuthority(name: string): Promise<void> {
  const subject = ['-subj', `/CN=${name}`, '-days', '2'];
  await run('openssl', [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    ...subject,
    ...files(name),
  ]);
}

async function makeCertificate(name: string, authority: string, alternativeName: string): Promise<void> {
  const signer = [
    '-CA',
    join(folder, `${authority}.crt`),
    '-CAkey',
    join(folder, `${authority}.key`),
    '-days',
    '2',
  ];
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${alternativeName}`];
  await run('openssl', [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    ...signer,
    ...subject,
    ...files(name),
  ]);
}

function files(name: string): string[] {
  return ['-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.crt`)];
}

async function makeFolder(name: string, content: Record<string, string>): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  for (const [target, file] of Object.entries(content))
    await copyFile(join(folder, file), join(path, target));
  return path;
}

describe('an engine that listens with TLS', () => {
  let server: Server | undefined;
  let connection: HttpEngineConnection | undefined;

  beforeEach(() => {
    server = undefined;
    connection = undefined;
  });

  afterEach(async () => {
    await connection?.close();
    server?.closeAllConnections();
    server?.close();
  });

  /** Listens with a certificate, for clients of our authority. */
  async function listen(certificate: string): Promise<number> {
    const [ca, cert, key] = await Promise.all(
      ['ca.crt', `${certificate}.crt`, `${certificate}.key`].map((file) => readFile(join(folder, file))),
    );
    const engine = createServer(
      { ca, cert, key, requestCert: true, rejectUnauthorized: true },
      (_, response) => {
        response.setHeader('Api-Version', '1.47').end('{"over":"TLS"}');
      },
    );
    engine.on('upgrade', (_request, socket) => {
      socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
      let input = '';
      socket.on('data', (chunk: Buffer) => (input += chunk.toString()));
      socket.on('end', () => socket.end(`got ${input}`));
    });
    server = engine.listen(0, '127.0.0.1');
    await once(engine, 'listening');
    return (engine.address() as AddressInfo).port;
  }

  function connect(port: number, tls: EngineTls | undefined): HttpEngineConnection {
    connection = new HttpEngineConnection(
      'far',
      { transport: 'tcp', host: '127.0.0.1', port, tls: true },
      { tls },
    );
    return connection;
  }

  it('is called with the certificates of a folder', async () => {
    const client = connect(await listen('server'), await readTlsFiles(join(folder, 'client')));

    expect(await client.json('SystemInfo')).toMatchObject({ status: 200 });
    expect(await text((await client.stream('SystemEvents')).body)).toBe('{"over":"TLS"}');
  });

  it('gives connections up, and sees our side end', async () => {
    const client = connect(await listen('server'), await readTlsFiles(join(folder, 'client')));

    const { socket } = await client.hijack('ContainerAttach', { params: { id: 'c' } });
    socket.end('input');

    expect(await text(socket)).toBe('got input');
  });

  it('is refused when another authority signed its certificate', async () => {
    const tls = {
      ...(await readTlsFiles(join(folder, 'client'))),
      ca: await readFile(join(folder, 'other-ca.crt'), 'utf8'),
    };

    await expect(connect(await listen('server'), tls).json('SystemInfo')).rejects.toMatchObject({
      kind: 'engine_unavailable',
      message: 'Engine "far" cannot be reached by TLS: SELF_SIGNED_CERT_IN_CHAIN.',
    });
  });

  it('is refused when no authority is given and the system knows none for it', async () => {
    await expect(connect(await listen('server'), undefined).json('SystemInfo')).rejects.toMatchObject({
      kind: 'engine_unavailable',
      message: 'Engine "far" cannot be reached by TLS: SELF_SIGNED_CERT_IN_CHAIN.',
    });
  });

  it('is refused when its certificate is for another host', async () => {
    const tls = await readTlsFiles(join(folder, 'client'));

    await expect(connect(await listen('elsewhere'), tls).json('SystemInfo')).rejects.toMatchObject({
      kind: 'engine_unavailable',
      message: 'Engine "far" cannot be reached by TLS: ERR_TLS_CERT_ALTNAME_INVALID.',
    });
  });

  it('refuses us without a certificate of ours', async () => {
    const { ca } = await readTlsFiles(join(folder, 'client'));

    await expect(
      connect(await listen('server'), { ...(ca !== undefined && { ca }) }).json('SystemInfo'),
    ).rejects.toMatchObject({
      kind: 'engine_unavailable',
      message: expect.stringMatching(/by TLS: ERR_SSL_.*CERTIFICATE_REQUIRED/) as unknown,
    });
  });

  it('is unavailable when it does not speak TLS', async () => {
    const plain = createHttpServer((_, response) => response.end()).listen(0, '127.0.0.1');
    await once(plain, 'listening');

    await expect(
      connect((plain.address() as AddressInfo).port, undefined).json('SystemInfo'),
    ).rejects.toMatchObject({
      kind: 'engine_unavailable',
      message: expect.stringContaining('cannot be reached by TLS') as unknown,
    });
    plain.close();
  });
});

describe('certificates in a folder', () => {
  it('need no client certificate', async () => {
    const path = await makeFolder('only-ca', { 'ca.pem': 'ca.crt' });

    expect(Object.keys(await readTlsFiles(path))).toEqual(['ca']);
  });

  it('are refused without ca.pem, or with half of the pair', async () => {
    const empty = await makeFolder('empty', {});
    const noKey = await makeFolder('no-key', { 'ca.pem': 'ca.crt', 'cert.pem': 'me.crt' });
    const noCertificate = await makeFolder('no-certificate', { 'ca.pem': 'ca.crt', 'key.pem': 'me.key' });

    await expect(readTlsFiles(empty)).rejects.toThrow(`There is no ca.pem in ${empty}.`);
    await expect(readTlsFiles(noKey)).rejects.toThrow(
      `There is no key.pem in ${noKey}, but there is a cert.pem.`,
    );
    await expect(readTlsFiles(noCertificate)).rejects.toThrow(/There is no cert.pem/);
  });

  it('are refused when a file cannot be read', async () => {
    const path = await makeFolder('unreadable', { 'cert.pem': 'me.crt', 'key.pem': 'me.key' });
    await mkdir(join(path, 'ca.pem'));

    await expect(readTlsFiles(path)).rejects.toMatchObject({
      kind: 'invalid_input',
      message: expect.stringMatching(/^Cannot read ca.pem for TLS: .*EISDIR/) as unknown,
    });
  });

  it('are refused when the key is of another certificate, or nothing is PEM', async () => {
    const mixed = await makeFolder('mixed', {
      'ca.pem': 'ca.crt',
      'cert.pem': 'me.crt',
      'key.pem': 'server.key',
    });
    const broken = await makeFolder('broken', { 'ca.pem': 'ca.crt', 'key.pem': 'me.key' });
    await writeFile(join(broken, 'cert.pem'), 'not PEM');

    await expect(readTlsFiles(mixed)).rejects.toMatchObject({
      kind: 'invalid_input',
      message: expect.stringMatching(/key values mismatch/) as unknown,
    });
    await expect(readTlsFiles(broken)).rejects.toMatchObject({ kind: 'invalid_input' });
  });
});
