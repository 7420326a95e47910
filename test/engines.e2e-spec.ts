import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ContainerDetails } from '../src/containers/container-details.model.js';
import { DATABASE } from '../src/database/database.token.js';
import type { Database } from '../src/database/schema.js';
import type { ContainersPage } from '../src/engines/containers-on-engines.service.js';
import type { Engine, EngineHealth, EngineTestResult } from '../src/engines/engine.model.js';
import { type TestActor, TestApp } from './support/app.js';
import { type Certificates, makeCertificates } from './support/certificates.js';
import { eventually } from './support/eventually.js';
import { HttpStream } from './support/http-stream.js';
import { freePort } from './support/ports.js';
import { freshDatabase } from './support/postgres.js';
import { PrivateEngine } from './support/private-engine.js';
import { startTlsEngine, type TlsEngine } from './support/tls-engine.js';
import { sharedEngine } from './support/shared-peers.js';
import { SshServer } from './support/ssh-server.js';

const ENGINES = '/api/v1/engines';

let app: TestApp;
let admin: TestActor;
let second: PrivateEngine;

beforeAll(async () => {
  [app, second] = await Promise.all([TestApp.start(), PrivateEngine.start({ name: 'second' })]);
  admin = await app.admin();
  await second.importBusybox();
});
afterAll(async () => {
  await app.stop();
  await second.stop();
});

async function add(input: { name: string; address: string } & Record<string, unknown>): Promise<Engine> {
  const answer = await app.rest(admin).post(ENGINES).send(input);
  expect([answer.status, answer.body]).toEqual([201, expect.objectContaining({ name: input.name })]);
  return answer.body as Engine;
}

async function remove(name: string): Promise<void> {
  await app.rest(admin).delete(`${ENGINES}/${name}`).expect(204);
}

async function see(name: string, actor = admin): Promise<Engine> {
  return (await app.rest(actor).get(`${ENGINES}/${name}`).expect(200)).body as Engine;
}

const reachable = (name: string) =>
  eventually(
    () => see(name),
    (engine) => engine.reachable,
  );

async function run(engine: string, name: string): Promise<ContainerDetails> {
  const answer = await app
    .rest(admin)
    .post(`${ENGINES}/${engine}/containers/run`)
    .send({
      name,
      image: 'busybox',
      command: ['sh', '-c', 'echo ready; sleep 600'],
      networks: [{ name: 'none' }],
    });
  expect([answer.status, answer.body]).toEqual([201, expect.objectContaining({ state: 'running' })]);
  return answer.body as ContainerDetails;
}

async function everywhere(actor = admin, query: Record<string, unknown> = {}): Promise<ContainersPage> {
  const answer = await app.rest(actor).get('/api/v1/containers').query(query);
  expect([answer.status, answer.body]).toEqual([200, expect.objectContaining({ items: expect.anything() })]);
  return answer.body as ContainersPage;
}

describe('two engines side by side', () => {
  let here: ContainerDetails;
  let there: ContainerDetails;
  const label = 'on-two-engines';

  beforeAll(async () => {
    await add({ name: 'second', address: second.dockerHost, description: 'the other one' });
    await reachable('second');
    here = await run('local', `${label}-here`);
    there = await run('second', `${label}-there`);
  });
  afterAll(async () => {
    await app.rest(admin).delete(`${ENGINES}/local/containers/${here.id}`).query({ force: true });
    await remove('second');
  });

  it('are listed with how they are', async () => {
    const { body } = (await app.rest(admin).get(ENGINES).expect(200)) as { body: unknown };
    expect(body).toMatchObject({
      items: [
        { name: 'local', builtIn: true, reachable: true, connection: null },
        {
          name: 'second',
          builtIn: false,
          reachable: true,
          description: 'the other one',
          connection: { address: second.dockerHost, transport: 'unix', tls: false, warnings: [] },
        },
      ],
    });
  });

  it('answer together: one list, newest first, by pages', async () => {
    const { items, engines, totalCount } = await everywhere(admin, { name: label });
    expect(items.map(({ id, engine }) => [engine, id])).toEqual([
      ['second', there.id],
      ['local', here.id],
    ]);
    expect(totalCount).toBe(2);
    expect(engines).toMatchObject([
      { name: 'local', status: 'ok', totalCount: 1, error: null },
      { name: 'second', status: 'ok', totalCount: 1, error: null },
    ]);

    const first = await everywhere(admin, { name: label, limit: 1 });
    expect(first.items.map(({ id }) => id)).toEqual([there.id]);
    const last = await everywhere(admin, { name: label, limit: 1, after: first.nextCursor });
    expect([last.items.map(({ id }) => id), last.nextCursor]).toEqual([[here.id], null]);
    const named = await everywhere(admin, { name: label, engine: 'second' });
    expect(named.engines.map(({ name }) => name)).toEqual(['second']);
  });

  it('answer together by GraphQL', async () => {
    const { data, errors } = await app.graphql(
      admin,
      `query ($name: String) { containersOnEngines(filter: {name: $name}, first: 1) {
        nodes { id engine } totalCount pageInfo { hasNextPage endCursor } engines { name status } } }`,
      { name: label },
    );
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      containersOnEngines: {
        nodes: [{ id: there.id, engine: 'second' }],
        totalCount: 2,
        pageInfo: { hasNextPage: true },
        engines: [
          { name: 'local', status: 'ok' },
          { name: 'second', status: 'ok' },
        ],
      },
    });
  });

  it('are seen only by whose role binding has them', async () => {
    const scoped = await app.user('engine-scoped', [{ role: 'viewer', scope: { engines: ['second'] } }]);
    const { body } = (await app.rest(scoped).get(ENGINES).expect(200)) as { body: unknown };
    expect((body as { items: Engine[] }).items).toMatchObject([{ name: 'second', connection: null }]);
    await app.rest(scoped).get(`${ENGINES}/local`).expect(404);
    await app.rest(scoped).get(`${ENGINES}/local/health`).expect(404);
    await app.rest(scoped).post(`${ENGINES}/local/test`).expect(404);
    const { items, engines } = await everywhere(scoped, { name: label });
    expect(items.map(({ id }) => id)).toEqual([there.id]);
    expect(engines.map(({ name }) => name)).toEqual(['second']);
    const elsewhere = await app.user('engine-elsewhere', [{ role: 'viewer', scope: { engines: ['local'] } }]);
    await app.rest(elsewhere).get(`${ENGINES}/second/containers/${there.id}`).expect(404);
  });

  it('go on alone where the other is killed; it is told of, and comes back', async () => {
    await second.kill();
    const away = await eventually(
      () => everywhere(admin, { name: label }),
      ({ engines }) => engines.some(({ status }) => status !== 'ok'),
    );
    expect(away.engines).toMatchObject([
      { name: 'local', status: 'ok', error: null },
      { name: 'second', status: 'stale', errorCode: 'engine_unavailable', error: expect.any(String) },
    ]);
    expect(away.items.map(({ id }) => id).sort()).toEqual([here.id, there.id].sort());
    await app.rest(admin).get(`${ENGINES}/local/containers/${here.id}`).expect(200);
    await eventually(
      () => see('second'),
      (engine) => !engine.reachable,
    );

    await second.ensureReady();
    await eventually(
      () => everywhere(admin, { name: label }),
      ({ engines }) => engines.every(({ status }) => status === 'ok'),
    );
    const health = await eventually(
      async () => (await app.rest(admin).get(`${ENGINES}/second/health`).expect(200)).body as EngineHealth,
      (answer) => answer.reachable,
    );
    expect(health.turns).toMatchObject([
      { reachable: true, error: null },
      { reachable: false, error: expect.stringMatching(/^Engine "second" /) },
      { reachable: true, error: null },
    ]);
    expect(health.turns[0]?.at).toBe(health.since);
    expect((await see('local')).reachable).toBe(true);
  });
});

describe('adding an engine', () => {
  it('is tried first, without storing anything', async () => {
    const input = { address: second.dockerHost };
    const { body } = (await app.rest(admin).post(`${ENGINES}/test`).send(input).expect(200)) as {
      body: unknown;
    };
    expect(body).toMatchObject({
      reachable: true,
      apiVersion: expect.stringMatching(/^1\.\d+$/),
      version: expect.any(String),
      operatingSystem: 'linux',
      latencyMs: expect.any(Number),
      error: null,
      warnings: [],
    });
    const missing = { address: `tcp://127.0.0.1:${String(await freePort())}` };
    const away = await app.rest(admin).post(`${ENGINES}/test`).send(missing).expect(200);
    expect(away.body).toMatchObject({
      reachable: false,
      version: null,
      latencyMs: null,
      error: 'The engine is not running.',
      warnings: [expect.stringContaining('without TLS')],
    });
    const { data } = await app.graphql(
      admin,
      'mutation ($input: TestEngineInput!) { testEngine(input: $input) { reachable error } }',
      { input },
    );
    expect(data).toEqual({ testEngine: { reachable: true, error: null } });
    expect((await app.rest(admin).get(ENGINES).expect(200)).body).toMatchObject({ totalCount: 1 });
  });

  it('is rehearsed with dryRun', async () => {
    const { body } = (await app
      .rest(admin)
      .post(ENGINES)
      .query({ dryRun: true })
      .send({ name: 'rehearsed', address: 'tcp://192.0.2.1:2375' })
      .expect(201)) as { body: unknown };
    expect(body).toMatchObject({ connection: { warnings: [expect.stringContaining('without TLS')] } });
    await app.rest(admin).get(`${ENGINES}/rehearsed`).expect(404);
  });

  it('is for who may on all engines, and is written down', async () => {
    const operator = await app.user('engine-developer', [{ role: 'developer' }]);
    const scoped = await app.user('engine-scoped-admin', [{ role: 'admin', scope: { engines: ['other'] } }]);
    const input = { name: 'other', address: second.dockerHost };
    for (const actor of [operator, scoped]) {
      await app.rest(actor).post(ENGINES).send(input).expect(403);
      await app.rest(actor).post(`${ENGINES}/test`).send({ address: input.address }).expect(403);
      await app.rest(actor).patch(`${ENGINES}/local`).send({ description: 'x' }).expect(403);
      await app.rest(actor).delete(`${ENGINES}/local`).expect(403);
    }
    await add(input);
    await remove('other');
    const { body } = (await app
      .rest(admin)
      .get('/api/v1/audit')
      .query({ operation: 'engines:create' })
      .expect(200)) as { body: unknown };
    expect((body as { items: object[] }).items).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ outcome: 'succeeded', targetKind: 'engine', targetName: 'other' }),
        expect.objectContaining({ outcome: 'refused', actorName: 'engine-scoped-admin' }),
      ]),
    );
  });

  it.each([
    [{ name: 'local', address: 'unix:///x' }, 409],
    [{ name: 'Not-A-Name', address: 'unix:///x' }, 400],
    [{ name: 'bad', address: 'ftp://host:1' }, 400],
    [{ name: 'bad', address: 'tcp://user:pass@host:1' }, 400],
    [{ name: 'bad', address: 'ssh://-oProxyCommand=touch/x' }, 400],
    [{ name: 'bad', address: 'unix:///x', tls: {} }, 400],
    [{ name: 'bad', address: 'tcp://host:1', ssh: {} }, 400],
    [{ name: 'bad', address: 'tcp://host:1', tls: { ca: 'no certificate' } }, 400],
    [{ name: 'bad', address: 'ssh://host', ssh: { key: 'no key' } }, 400],
    [{ name: 'bad', address: 'ssh://host', ssh: { knownHosts: 'host' } }, 400],
  ])('%j is refused with %i', async (input, status) => {
    const answer = await app.rest(admin).post(ENGINES).send(input);
    expect([answer.status, answer.body]).toEqual([status, expect.anything()]);
  });

  it('takes no name twice', async () => {
    await add({ name: 'twice', address: second.dockerHost });
    await app.rest(admin).post(ENGINES).send({ name: 'twice', address: second.dockerHost }).expect(409);
    await remove('twice');
  });
});

describe('changing and removing an engine', () => {
  it('leaves the one of DOCKER_HOST as it is', async () => {
    await app.rest(admin).patch(`${ENGINES}/local`).send({ description: 'x' }).expect(409);
    await app.rest(admin).delete(`${ENGINES}/local`).expect(409);
    await app.rest(admin).delete(`${ENGINES}/no-such`).expect(404);
  });

  it('follows the engine at its new address', async () => {
    await add({ name: 'moved', address: `tcp://127.0.0.1:${String(await freePort())}` });
    const unreachable = await app.rest(admin).get(`${ENGINES}/moved/containers`);
    expect(unreachable.status).toBe(503);
    const { body } = (await app
      .rest(admin)
      .patch(`${ENGINES}/moved`)
      .send({ address: second.dockerHost, description: 'elsewhere' })
      .expect(200)) as { body: unknown };
    expect(body).toMatchObject({ description: 'elsewhere', connection: { address: second.dockerHost } });
    await reachable('moved');
    await app.rest(admin).get(`${ENGINES}/moved/containers`).expect(200);
    await remove('moved');
    await app.rest(admin).get(`${ENGINES}/moved/containers`).expect(404);
  });

  it('ends streams and watches of the engine', async () => {
    await add({ name: 'leaving', address: second.dockerHost });
    await reachable('leaving');
    const { id } = await run('leaving', 'followed');
    const options = { actor: admin, accept: 'text/event-stream' } as const;
    const path = `${app.url}${ENGINES}/leaving`;
    const log = await HttpStream.open(`${path}/containers/${id}/logs?follow=true`, options);
    const watch = await HttpStream.open(`${path}/containers?watch=true`, options);
    const events = await HttpStream.open(`${path}/events`, options);
    await log.until(({ events: lines }) => lines.length > 0);
    await watch.until(({ events: changes }) => changes.some(({ event }) => event === 'synced'));

    await remove('leaving');
    await Promise.all([log.ended, watch.ended, events.ended]);
    for (const stream of [log, watch, events])
      expect(stream.events.at(-1)).toMatchObject({ event: 'error', data: { code: 'engine_unavailable' } });
  });

  it('forgets who owned what on it: another engine of that name hands nothing over', async () => {
    const developer = await app.user('engine-owner', [
      { role: 'developer', scope: { engines: ['*'], owned: true } },
    ]);
    await add({ name: 'reused', address: second.dockerHost });
    await reachable('reused');
    const path = `${ENGINES}/reused/containers`;
    const made = await app
      .rest(developer)
      .post(path)
      .send({ image: 'busybox', networks: [{ name: 'none' }] })
      .expect(201);
    const { id } = made.body as ContainerDetails;
    await app.rest(developer).get(`${path}/${id}`).expect(200);
    await remove('reused');
    await add({ name: 'reused', address: second.dockerHost });
    await reachable('reused');
    await app.rest(admin).get(`${path}/${id}`).expect(200);
    await app.rest(developer).get(`${path}/${id}`).expect(404);
    await app.rest(admin).delete(`${path}/${id}`).expect(204);
    await remove('reused');
  });
});

describe('an engine by TLS', () => {
  let certificates: Certificates;
  let tls: TlsEngine;
  let address: string;
  const pem = (folder: string, file: string) => readFileSync(join(folder, file), 'utf8');

  beforeAll(async () => {
    certificates = makeCertificates();
    tls = await startTlsEngine(certificates.engine);
    address = `tcp://${tls.address}`;
  });
  afterAll(async () => {
    await tls.stop();
    certificates.remove();
  });

  it('is reached with certificates whose key is stored sealed and never shown', async () => {
    const { client } = certificates;
    const tls = {
      ca: pem(client, 'ca.pem'),
      certificate: pem(client, 'cert.pem'),
      key: pem(client, 'key.pem'),
    };
    const tried = await app.rest(admin).post(`${ENGINES}/test`).send({ address, tls }).expect(200);
    expect(tried.body).toMatchObject({ reachable: true, error: null });

    const added = await add({ name: 'by-tls', address, tls });
    expect(added.connection).toMatchObject({
      tls: true,
      transport: 'tcp',
      authorities: [{ subject: 'CN=authority', expiresAt: expect.any(String) }],
      certificate: {
        subject: 'CN=client',
        issuer: 'CN=authority',
        fingerprint: expect.stringMatching(/^[0-9A-F:]{95}$/),
      },
      sshKeyFingerprint: null,
      // It ends within a day.
      warnings: expect.arrayContaining([expect.stringMatching(/^The certificate CN=client ends at/)]),
    });
    const shown = await reachable('by-tls');
    expect(JSON.stringify([added, shown])).not.toContain('PRIVATE KEY');
    const row = await app.nest
      .get<Database>(DATABASE)
      .selectFrom('engine')
      .selectAll()
      .where('name', '=', 'by-tls')
      .executeTakeFirstOrThrow();
    expect(row.sealed_key).toMatch(/^v1\./);
    const keyLines = tls.key.split('\n').filter((line) => line.length > 20 && !line.startsWith('-----'));
    for (const line of keyLines) expect(JSON.stringify(row)).not.toContain(line);
    await app.rest(admin).get(`${ENGINES}/by-tls/containers`).expect(200);
  });

  it('stays reachable when only its description is changed', async () => {
    await app.rest(admin).patch(`${ENGINES}/by-tls`).send({ description: 'with TLS' }).expect(200);
    await reachable('by-tls');
  });

  it('is away with certificates of strangers, which is told', async () => {
    const strangers = makeCertificates();
    try {
      const tls = { ca: pem(strangers.client, 'ca.pem') };
      const { body } = (await app.rest(admin).post(`${ENGINES}/test`).send({ address, tls }).expect(200)) as {
        body: unknown;
      };
      expect(body).toMatchObject({
        reachable: false,
        error: expect.stringMatching(/cannot be reached by TLS/),
      });
    } finally {
      strangers.remove();
    }
  });

  it('is refused with a certificate and another key', async () => {
    const tls = {
      certificate: pem(certificates.client, 'cert.pem'),
      key: pem(certificates.engine, 'key.pem'),
    };
    const { body } = (await app
      .rest(admin)
      .post(ENGINES)
      .send({ name: 'mixed', address, tls })
      .expect(400)) as { body: unknown };
    expect(JSON.stringify(body)).not.toContain('PRIVATE KEY');
    await remove('by-tls');
  });
});

describe('an engine by ssh', () => {
  let ssh: SshServer;
  beforeAll(async () => {
    ssh = await SshServer.start(sharedEngine().dockerHost);
  });
  afterAll(async () => {
    await ssh.stop();
  });

  it('is reached with a key and known hosts of its own', async () => {
    const address = `${ssh.plainAddress}${sharedEngine().socketPath}`;
    const given = { key: ssh.userKey, knownHosts: ssh.knownHosts };
    const added = await add({ name: 'by-ssh', address, ssh: given });
    expect(added.connection).toMatchObject({
      transport: 'ssh',
      sshKeyFingerprint: expect.stringMatching(/^SHA256:/),
      knownHosts: [{ type: 'ssh-ed25519', fingerprint: expect.stringMatching(/^SHA256:/) }],
      warnings: [],
    });
    expect(JSON.stringify(added)).not.toContain('PRIVATE KEY');
    await reachable('by-ssh');
    await eventually(
      () => app.rest(admin).get(`${ENGINES}/by-ssh/containers`),
      ({ status }) => status === 200, // each new connection is a process that signs in
    );
    await remove('by-ssh');
  });

  it('is not trusted where it shows another key than the known one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'other-host-key-'));
    try {
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'key')]);
      const other = readFileSync(join(folder, 'key.pub'), 'utf8');
      const knownHosts = `${ssh.knownHosts.split(' ', 1)[0] ?? ''} ${other}`;
      const { body } = (await app
        .rest(admin)
        .post(`${ENGINES}/test`)
        .send({ address: ssh.plainAddress, ssh: { key: ssh.userKey, knownHosts } })
        .expect(200)) as { body: unknown };
      expect(body as EngineTestResult).toMatchObject({
        reachable: false,
        error: expect.stringMatching(/Host key verification failed/),
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('refuses a key with a passphrase: nobody is there to enter it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'locked-key-'));
    try {
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'a passphrase', '-f', join(folder, 'key')]);
      const key = readFileSync(join(folder, 'key'), 'utf8');
      const { body } = (await app
        .rest(admin)
        .post(`${ENGINES}/test`)
        .send({ address: ssh.plainAddress, ssh: { key } })
        .expect(400)) as { body: unknown };
      expect(body).toMatchObject({
        errors: [{ field: 'ssh.key', message: expect.stringContaining('passphrase') }],
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('what is stored', () => {
  it('is connected again after a restart; what was sealed with another key is told of, and the others work', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'dockmaster-engines-'));
    const environment = { DOCKMASTER_SECRET_KEY: 'the first key of these tests, long enough' };
    try {
      const before = await TestApp.start({ dataDir, environment });
      const actor = await before.admin();
      const ssh = { key: throwAwayKey() };
      await before.rest(actor).post(ENGINES).send({ name: 'kept', address: second.dockerHost }).expect(201);
      await before
        .rest(actor)
        .post(ENGINES)
        .send({ name: 'sealed', address: 'ssh://192.0.2.1', ssh })
        .expect(201);
      await before.stop();

      const after = await TestApp.start({
        dataDir,
        environment: { DOCKMASTER_SECRET_KEY: 'another key of these tests, as long' },
      });
      const again = await after.admin();
      await eventually(
        async () => (await after.rest(again).get(`${ENGINES}/kept`).expect(200)).body as Engine,
        (engine) => engine.reachable,
      );
      const sealed = await after.rest(again).get(`${ENGINES}/sealed/containers`);
      expect([sealed.status, sealed.body]).toEqual([
        503,
        expect.objectContaining({ detail: expect.stringContaining('DOCKMASTER_SECRET_KEY') }),
      ]);
      await after.rest(again).delete(`${ENGINES}/sealed`).expect(204);
      await after.stop();
    } finally {
      rmSync(dataDir, { recursive: true });
    }
  });

  it('is seen by other replicas', async () => {
    const server = await freshDatabase();
    const environment = {
      DATABASE_URL: server.url,
      DOCKMASTER_SECRET_KEY: 'one key for the replicas of these tests',
    };
    const one = await TestApp.start({ environment });
    const two = await TestApp.start({ environment });
    try {
      const actor = await one.admin();
      const names = async () =>
        ((await two.rest(actor).get(ENGINES).expect(200)).body as { items: Engine[] }).items.map(
          ({ name }) => name,
        );
      await one.rest(actor).post(ENGINES).send({ name: 'shared', address: second.dockerHost }).expect(201);
      await eventually(names, (known) => known.includes('shared'));
      await eventually(
        async () => (await two.rest(actor).get(`${ENGINES}/shared`).expect(200)).body as Engine,
        (engine) => engine.reachable,
      );
      await one.rest(actor).delete(`${ENGINES}/shared`).expect(204);
      await eventually(names, (known) => !known.includes('shared'));
    } finally {
      await two.stop();
      await one.stop();
      await server.drop();
    }
  });
});

function throwAwayKey(): string {
  const folder = mkdtempSync(join(tmpdir(), 'throw-away-key-'));
  try {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'key')]);
    return readFileSync(join(folder, 'key'), 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
