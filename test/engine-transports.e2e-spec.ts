import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ContainerDetails } from '../src/containers/container-details.model.js';
import type { Exec } from '../src/containers/exec.model.js';
import { type TestActor, TestApp } from './support/app.js';
import { type Certificates, makeCertificates } from './support/certificates.js';
import { DockmasterProcess, temporaryDataDir } from './support/dockmaster-process.js';
import { eventually } from './support/eventually.js';
import { HttpStream } from './support/http-stream.js';
import { freePort } from './support/ports.js';
import { startTlsEngine, type TlsEngine } from './support/tls-engine.js';
import { sharedEngine } from './support/shared-peers.js';
import { SshServer } from './support/ssh-server.js';
import { TerminalClient } from './support/terminal-client.js';

const ENGINE = '/api/v1/engines/local';
const CONTAINERS = `${ENGINE}/containers`;
type Dockmaster = Pick<TestApp, 'rest' | 'url' | 'webSocketUrl'>;

/** The main job, whatever lies between: list, run, follow a log, run a command, stop, remove. */
async function doTheMainJob(dockmaster: Dockmaster, actor: TestActor): Promise<void> {
  const rest = dockmaster.rest(actor);
  const engine = await eventually(
    async () => (await dockmaster.rest(actor).get(ENGINE).expect(200)).body as { reachable: boolean },
    ({ reachable }) => reachable,
  );
  expect(engine).toMatchObject({ error: null, apiVersion: expect.any(String) });
  const run = await rest.post(`${CONTAINERS}/run`).send({
    image: 'busybox',
    command: ['sh', '-c', "trap 'echo bye; exit 0' TERM; echo hello; while :; do sleep 0.05; done"],
    networks: [{ name: 'none' }],
  });
  expect([run.status, run.body]).toEqual([201, expect.objectContaining({ state: 'running' })]);
  const { id } = run.body as ContainerDetails;
  const list = await rest.get(CONTAINERS).expect(200);
  expect(list.body).toMatchObject({ items: expect.arrayContaining([expect.objectContaining({ id })]) });

  const log = await HttpStream.open(`${dockmaster.url}${CONTAINERS}/${id}/logs?follow=true`, {
    actor,
    accept: 'text/event-stream',
  });
  await log.until(({ events }) => events.length > 0);

  const exec = { command: ['cat'], attachStdin: true };
  const created = await rest.post(`${CONTAINERS}/${id}/execs`).send(exec).expect(201);
  const terminal = TerminalClient.open(dockmaster, `/execs/${(created.body as Exec).id}/start`, actor);
  await terminal.ready();
  terminal.type('there and back');
  await terminal.reads('stdout', 'there and back');
  terminal.tell({ type: 'end' });
  await terminal.closed;
  expect(terminal.events.at(-1)).toEqual({ type: 'exit', exitCode: 0 });

  await rest.post(`${CONTAINERS}/${id}/stop`).expect(204);
  await log.ended;
  expect(log.events).toMatchObject([
    { event: 'log', data: { message: 'hello' } },
    { event: 'log', data: { message: 'bye' } },
    { event: 'end' },
  ]);
  await rest.delete(`${CONTAINERS}/${id}`).expect(204);
}

async function expectUnavailable(dockmaster: Dockmaster, actor: TestActor, detail: RegExp): Promise<void> {
  const answer = await dockmaster.rest(actor).get(CONTAINERS);
  expect([answer.status, answer.body]).toEqual([
    503,
    expect.objectContaining({ code: 'engine_unavailable', detail: expect.stringMatching(detail) }),
  ]);
}

describe('an engine by plain TCP', () => {
  let relay: Server;
  beforeAll(async () => {
    relay = createServer((client) => {
      const engine = connect(sharedEngine().socketPath);
      client.pipe(engine).pipe(client);
      for (const socket of [client, engine])
        socket.on('error', () => [client, engine].forEach((one) => one.destroy()));
    }).listen(0, '127.0.0.1');
    await once(relay, 'listening');
  });
  afterAll(() => {
    relay.close();
  });

  it.each(['tcp', 'http'])('does the main job, as %s://', async (scheme) => {
    const { port } = relay.address() as AddressInfo;
    const app = await TestApp.start({ dockerHost: `${scheme}://127.0.0.1:${String(port)}` });
    await doTheMainJob(app, await app.admin());
    await app.stop();
  });

  it('is said to be away where nobody listens', async () => {
    const app = await TestApp.start({ dockerHost: `tcp://127.0.0.1:${String(await freePort())}` });
    await expectUnavailable(app, await app.admin(), /^Engine "local" is not running\.$/);
    await app.stop();
  });
});

describe('an engine by TLS', () => {
  let certificates: Certificates;
  let strangers: Certificates;
  let tls: TlsEngine;
  let address: string;

  beforeAll(async () => {
    certificates = makeCertificates();
    strangers = makeCertificates();
    tls = await startTlsEngine(certificates.engine);
    ({ address } = tls);
    await tls.engine.importBusybox();
  });
  afterAll(async () => {
    await tls.stop();
    certificates.remove();
    strangers.remove();
  });

  const start = (certPath: string | undefined, environment: Record<string, string> = {}) =>
    TestApp.start({
      dockerHost: `tcp://${address}`,
      environment: {
        DOCKER_TLS_VERIFY: '1',
        ...(certPath === undefined ? {} : { DOCKER_CERT_PATH: certPath }),
        ...environment,
      },
    });

  it('does the main job with the certificates that DOCKER_CERT_PATH names', async () => {
    const app = await start(certificates.client);
    await doTheMainJob(app, await app.admin());
    await app.stop();
  });

  it('is not trusted where another authority signed its certificate', async () => {
    const app = await start(strangers.client);
    await expectUnavailable(
      app,
      await app.admin(),
      /cannot be reached by TLS: .*(SIGNATURE|UNABLE_TO|SELF_SIGNED)/,
    );
    await app.stop();
  });

  it('lets nobody in who shows no certificate', async () => {
    const app = await start(certificates.nobody);
    await expectUnavailable(app, await app.admin(), /cannot be reached by TLS: .*CERTIFICATE/);
    await app.stop();
  });

  it('is not trusted by the authorities of the system', async () => {
    const app = await start(undefined);
    await expectUnavailable(app, await app.admin(), /cannot be reached by TLS/);
    await app.stop();
  });

  it('is not spoken to without TLS', async () => {
    const app = await start(undefined, { DOCKER_TLS_VERIFY: '' });
    const answer = await app.rest(await app.admin()).get(CONTAINERS);
    expect([answer.status, answer.body]).toEqual([
      502,
      expect.objectContaining({
        code: 'engine_error',
        detail: expect.stringMatching(/HTTP request to an HTTPS server/),
      }),
    ]);
    await app.stop();
  });

  it('needs certificates that can be read, or Dockmaster does not start', async () => {
    await expect(start(`${certificates.client}/nothing-here`)).rejects.toThrow(
      /There is no ca\.pem in .*nothing-here/,
    );
  });
});

describe('an engine by ssh', () => {
  let ssh: SshServer;
  let data: Awaited<ReturnType<typeof temporaryDataDir>>;
  let dockmaster: DockmasterProcess | undefined;

  beforeAll(async () => {
    ssh = await SshServer.start(sharedEngine().dockerHost);
    data = await temporaryDataDir();
  });
  afterAll(async () => {
    await dockmaster?.end();
    await ssh.stop();
    await data.remove();
  });

  const start = async (dockerHost: string) => {
    await dockmaster?.end();
    dockmaster = await DockmasterProcess.start({
      dockerHost,
      dataDir: data.path,
      environment: { PATH: ssh.path },
    });
    return dockmaster;
  };

  it("does the main job through the far side's docker client", async () => {
    const app = await start(ssh.dockerHost());
    await doTheMainJob(app, await app.admin());
  });

  it('can be another than that client would find: its socket is named in the address', async () => {
    const app = await start(ssh.dockerHost(sharedEngine().socketPath));
    await app
      .rest(await app.admin())
      .get(CONTAINERS)
      .expect(200);
    const missing = await start(ssh.dockerHost('/run/no-such/docker.sock'));
    await expectUnavailable(missing, await missing.admin(), /cannot be reached: .*no-such/);
  });

  it('ends its streams with an error when the connection is lost, and is used again after', async () => {
    const app = await start(ssh.dockerHost());
    const admin = await app.admin();
    const run = await app
      .rest(admin)
      .post(`${CONTAINERS}/run`)
      .send({ image: 'busybox', command: ['sh', '-c', 'echo hello; exec sleep 600'] })
      .expect(201);
    const { id } = run.body as ContainerDetails;
    const log = await HttpStream.open(`${app.url}${CONTAINERS}/${id}/logs?follow=true`, {
      actor: admin,
      accept: 'text/event-stream',
    });
    await log.until(({ events }) => events.length > 0);
    await ssh.dropConnections();
    await log.ended;
    expect(log.events.at(-1)).toMatchObject({ event: 'error', data: { code: 'engine_unavailable' } });
    await eventually(
      async () => (await app.rest(admin).get(CONTAINERS)).status,
      (status) => status === 200,
    );
    await app.rest(admin).delete(`${CONTAINERS}/${id}`).query({ force: true }).expect(204);
  });

  it('is not trusted where its host key is not known', async () => {
    ssh.forget();
    const app = await start(ssh.dockerHost());
    await expectUnavailable(app, await app.admin(), /cannot be reached: .*Host key verification failed/);
  });
});
