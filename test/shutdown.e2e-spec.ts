import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import Dockerode from 'dockerode';
import type { AuditRecord } from '../src/audit/audit-record.model.js';
import type { TestActor } from './support/app.js';
import { DockmasterProcess, temporaryDataDir } from './support/dockmaster-process.js';
import { eventually } from './support/eventually.js';
import { HttpStream, type StreamType } from './support/http-stream.js';
import { sharedEngine } from './support/shared-peers.js';
import { graphqlClient, subscribe } from './support/subscriptions.js';

const CONTAINERS = '/api/v1/engines/local/containers';
const LOGS =
  'subscription ($id: String!) { containerLogs(engine: "local", id: $id, follow: true) { message } }';
const EVENTS = 'subscription { engineEvents(engine: "local") { action } }';
const SHUTTING_DOWN = expect.objectContaining({ code: 'unavailable', detail: 'Dockmaster is shutting down' });
/** Does not end when it is asked to, so that a stop takes as long as it is given. */
const DEAF = ['sh', '-c', "trap '' TERM; echo ready; while :; do sleep 0.1; done"];

describe('Dockmaster that is told to stop', () => {
  const engine = new Dockerode({ socketPath: sharedEngine().socketPath });
  let data: Awaited<ReturnType<typeof temporaryDataDir>>;
  let dockmaster: DockmasterProcess;
  let admin: TestActor;
  let id: string;

  const start = (environment = {}) =>
    DockmasterProcess.start({ dockerHost: sharedEngine().dockerHost, dataDir: data.path, environment });
  const open = (path: string, accept: StreamType) =>
    HttpStream.open(`${dockmaster.url}${CONTAINERS}/${path}`, { actor: admin, accept });
  /** Stops the container, which takes `seconds`; resolves with the status. */
  const stopContainer = (seconds: number) =>
    fetch(`${dockmaster.url}${CONTAINERS}/${id}/stop?timeoutSeconds=${String(seconds)}`, {
      method: 'POST',
      headers: { authorization: admin.authorization },
    }).then(
      ({ status }) => status,
      () => 'cut',
    );
  const stopRecord = async () => {
    const answer = await dockmaster
      .rest(admin)
      .get('/api/v1/audit')
      .query({ operation: 'ContainerStop', target: id })
      .expect(200);
    return (answer.body as { items: AuditRecord[] }).items[0];
  };
  const underWay = () => eventually(stopRecord, (record) => record?.outcome === 'pending');

  beforeAll(async () => {
    data = await temporaryDataDir();
  });
  afterAll(() => data.remove());
  beforeEach(async () => {
    dockmaster = await start();
    admin = await dockmaster.admin();
    const run = await dockmaster
      .rest(admin)
      .post(`${CONTAINERS}/run`)
      .send({ image: 'busybox', command: DEAF })
      .expect(201);
    ({ id } = run.body as { id: string });
  });
  afterEach(async () => {
    await dockmaster.end('SIGKILL');
    await engine.getContainer(id).remove({ force: true });
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('by %s ends at once when it has nothing to do', async (signal) => {
    expect(await dockmaster.end(signal)).toEqual({ code: 0, signal: null });
    expect(dockmaster.log).toContain('"stopped"');
  });

  it('finishes the requests in flight, and takes no new ones', async () => {
    const answer = stopContainer(3);
    await underWay();
    const ended = dockmaster.end('SIGTERM');
    const knock = () =>
      fetch(`${dockmaster.url}/healthz`).then(
        () => 'let in',
        () => 'refused',
      );
    await eventually(knock, (outcome) => outcome === 'refused');
    expect(await answer).toBe(204);
    expect(await ended).toEqual({ code: 0, signal: null });
    expect((await engine.getContainer(id).inspect()).State.Running).toBe(false);

    dockmaster = await start();
    expect(await stopRecord()).toMatchObject({ outcome: 'succeeded' });
  });

  it('ends every stream with an error that says so', async () => {
    const client = graphqlClient(dockmaster, admin);
    const logs = subscribe(client, LOGS, { id });
    const events = subscribe(client, EVENTS);
    const sse = [
      await open(`${id}/logs?follow=true`, 'text/event-stream'),
      await open(`${id}/stats`, 'text/event-stream'),
    ];
    const ndjson = await open(`${id}/stats`, 'application/x-ndjson');
    const plain = await open(`${id}/logs?follow=true`, 'text/plain');
    await logs.until((lines) => lines.length > 0);
    for (const stream of sse) await stream.until(({ events: seen }) => seen.length > 0);
    await ndjson.until(({ lines }) => lines.length > 0);
    await plain.until(({ lines }) => lines.length > 0);

    expect(await dockmaster.end('SIGTERM')).toEqual({ code: 0, signal: null });
    for (const { ended, errors } of [logs, events]) {
      await ended;
      expect(errors).toMatchObject([{ extensions: { code: 'unavailable' } }]);
    }
    for (const stream of sse) {
      await stream.ended;
      expect(stream.events.at(-1)).toEqual({ event: 'error', data: SHUTTING_DOWN });
    }
    await ndjson.ended;
    expect(ndjson.documents.at(-1)).toEqual({ error: SHUTTING_DOWN });
    expect(await plain.ended).toBe(false);
    await client.dispose();
  });

  it('does not wait longer than it may, and the next start tells what was cut', async () => {
    await dockmaster.end('SIGTERM');
    dockmaster = await start({ DOCKMASTER_SHUTDOWN_TIMEOUT_MS: '500' });
    admin = await dockmaster.admin();
    const answer = stopContainer(600);
    await underWay();
    expect(await dockmaster.end('SIGTERM')).toEqual({ code: 1, signal: null });
    expect(dockmaster.log).toContain('requests did not finish in time');
    expect(await answer).toBe('cut');

    dockmaster = await start();
    expect(await stopRecord()).toMatchObject({ outcome: 'interrupted' });
  });
});
