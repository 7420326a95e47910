import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditRecord } from '../src/audit/audit-record.model.js';
import type { ContainerDetails } from '../src/containers/container-details.model.js';
import type { CreatedApiToken } from '../src/identity/api-token.model.js';
import { Streams } from '../src/streams/streams.js';
import { type TestActor, TestApp } from './support/app.js';
import { type DockmasterOptions, DockmasterProcess, temporaryDataDir } from './support/dockmaster-process.js';
import { EngineProxy } from './support/engine-proxy.js';
import { eventually } from './support/eventually.js';
import { HttpStream, type StreamType } from './support/http-stream.js';
import { PrivateEngine } from './support/private-engine.js';
import { graphqlClient, subscribe } from './support/subscriptions.js';

const CONTAINERS = '/api/v1/engines/local/containers';
const LOGS =
  'subscription ($id: String!) { containerLogs(engine: "local", id: $id, follow: true) { message } }';
const STATS = 'subscription ($id: String!) { containerStats(engine: "local", id: $id) { pids } }';
const EVENTS = 'subscription { engineEvents(engine: "local") { action } }';
const UNAVAILABLE = expect.objectContaining({ code: 'engine_unavailable', status: 503 });

describe('faults', () => {
  let engine: PrivateEngine;

  beforeAll(async () => {
    engine = await PrivateEngine.start({ name: 'faulty' });
    await engine.importBusybox();
  });
  afterAll(() => engine.stop());

  const engineHealth = async (app: TestApp, actor: TestActor) =>
    (await app.rest(actor).get('/api/v1/engines/local').expect(200)).body as {
      reachable: boolean;
      error: string | null;
    };
  const upstreams = (app: TestApp) => app.nest.get(Streams, { strict: false }).activeUpstreams();
  const NO_UPSTREAMS = { logs: 0, stats: 0, events: 0 };
  const run = async (app: Pick<TestApp, 'rest'>, actor: TestActor, script: string) => {
    const answer = await app
      .rest(actor)
      .post(`${CONTAINERS}/run`)
      .send({ image: 'busybox', command: ['sh', '-c', script] })
      .expect(201);
    return answer.body as ContainerDetails;
  };

  describe('an engine that is killed', () => {
    let app: TestApp;
    let admin: TestActor;
    let id: string;
    beforeAll(async () => {
      app = await TestApp.start({ dockerHost: engine.dockerHost });
      admin = await app.admin();
      ({ id } = await run(app, admin, "trap 'exit 0' TERM; while :; do echo tick; sleep 0.1; done"));
    });
    afterAll(() => app.stop());

    const open = (path: string, accept: StreamType) =>
      HttpStream.open(`${app.url}${CONTAINERS}/${path}`, { actor: admin, accept });
    const openFiles = () => readdirSync('/proc/self/fd').length;

    it('ends every stream with an error that says so', async () => {
      const filesBefore = openFiles();
      const client = graphqlClient(app, admin);
      const subscriptions = [
        subscribe(client, LOGS, { id }),
        subscribe(client, STATS, { id }),
        subscribe(client, EVENTS),
      ];
      const streams = {
        sse: [
          await open(`${id}/logs?follow=true`, 'text/event-stream'),
          await open(`${id}/stats`, 'text/event-stream'),
        ],
        ndjson: [
          await open(`${id}/logs?follow=true`, 'application/x-ndjson'),
          await open(`${id}/stats`, 'application/x-ndjson'),
        ],
        plain: [await open(`${id}/logs?follow=true`, 'text/plain')],
      };
      for (const subscription of subscriptions.slice(0, 2))
        await subscription.until((values) => values.length > 0);
      for (const stream of streams.sse) await stream.until(({ events }) => events.length > 0);
      for (const stream of [...streams.ndjson, ...streams.plain])
        await stream.until(({ lines }) => lines.length > 0);
      expect(upstreams(app)).toEqual({ logs: 1, stats: 1, events: 1 });

      await engine.kill();
      for (const subscription of subscriptions) {
        await subscription.ended;
        expect(subscription.errors).toMatchObject([{ extensions: { code: 'engine_unavailable' } }]);
      }
      for (const stream of streams.sse) {
        await stream.ended;
        expect(stream.events.at(-1)).toEqual({ event: 'error', data: UNAVAILABLE });
      }
      for (const stream of streams.ndjson) {
        await stream.ended;
        expect(stream.documents.at(-1)).toEqual({ error: UNAVAILABLE });
      }
      for (const stream of streams.plain) expect(await stream.ended).toBe(false);
      expect(upstreams(app)).toEqual(NO_UPSTREAMS);
      await client.dispose();
      await eventually(openFiles, (count) => count <= filesBefore);
    });

    it('is said to be away, with the reason, while everything else goes on', async () => {
      for (const path of [CONTAINERS, `${CONTAINERS}/${id}`]) {
        const known = await app.rest(admin).get(path).expect(200);
        expect(known.body).toMatchObject({ stale: true, staleSeconds: expect.any(Number) });
      }
      for (const path of [`${CONTAINERS}?fresh=true`, `${CONTAINERS}/${id}/logs`]) {
        const answer = await app.rest(admin).get(path);
        expect([answer.status, answer.headers['content-type']]).toEqual([
          503,
          expect.stringContaining('application/problem+json'),
        ]);
        expect(answer.body).toEqual(UNAVAILABLE);
        expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      }
      const start = await app.rest(admin).post(`${CONTAINERS}/${id}/start`);
      expect([start.status, start.body]).toEqual([503, UNAVAILABLE]);
      const byGraphql = await app.graphql(admin, '{ containers(engine: "local") { totalCount stale } }');
      expect(byGraphql.data).toMatchObject({ containers: { totalCount: 1, stale: true } });
      const fresh = await app.graphql(admin, '{ containers(engine: "local", fresh: true) { totalCount } }');
      expect(fresh.errors).toMatchObject([{ extensions: { code: 'engine_unavailable' } }]);

      const health = await eventually(
        () => engineHealth(app, admin),
        ({ reachable }) => !reachable,
      );
      expect(health.error).toMatch(/^Engine "local" is not running/);
      for (const path of ['/healthz', '/readyz', '/api/v1/me']) await app.rest(admin).get(path).expect(200);
    });

    it('is used again, with the same containers, as soon as it is back', async () => {
      await engine.restart();
      const list = await app.rest(admin).get(CONTAINERS).expect(200);
      expect(list.body).toMatchObject({ items: [{ id }] });
      await app.rest(admin).post(`${CONTAINERS}/${id}/start`).expect(204);
      const log = await open(`${id}/logs?follow=true&tail=0`, 'text/event-stream');
      await log.until(({ events }) => events.length > 0);
      log.vanish();
      await eventually(
        () => engineHealth(app, admin),
        ({ reachable, error }) => reachable && error === null,
      );
      await eventually(
        () => upstreams(app),
        ({ logs }) => logs === 0,
      );
    });
  });

  describe('an engine that is not there when Dockmaster starts', () => {
    it('keeps nothing but itself away, and is used once it appears', async () => {
      const directory = mkdtempSync(join(tmpdir(), 'dockmaster-absent-'));
      const socket = join(directory, 'docker.sock');
      const app = await TestApp.start({ dockerHost: `unix://${socket}` });
      const admin = await app.admin();
      for (const path of ['/healthz', '/readyz']) await app.rest().get(path).expect(200);
      const away = await app.rest(admin).get(CONTAINERS).expect(503);
      expect(away.body).toEqual(UNAVAILABLE);
      await eventually(
        () => engineHealth(app, admin),
        ({ reachable, error }) =>
          !reachable && error === 'Engine "local" is not running: there is no socket at its address.',
      );

      symlinkSync(engine.socketPath, socket);
      await app.rest(admin).get(CONTAINERS).expect(200);
      await eventually(
        () => engineHealth(app, admin),
        ({ reachable }) => reachable,
      );
      await app.stop();
      rmSync(directory, { recursive: true });
    });
  });

  describe('a bad line to the engine', () => {
    let proxy: EngineProxy;
    let app: TestApp;
    let admin: TestActor;
    let id: string;
    beforeAll(async () => {
      proxy = await EngineProxy.start(engine.socketPath);
      app = await TestApp.start({ dockerHost: proxy.dockerHost });
      admin = await app.admin();
      ({ id } = await run(app, admin, 'echo hello; exec sleep 600'));
    });
    afterAll(async () => {
      await app.stop();
      await proxy.stop();
    });

    it.each([
      ['before the answer', 0],
      ['in its head', 20],
      ['in its body', 400],
    ])('that is cut %s gives 503, and the next call works', async (_where, afterBytes) => {
      proxy.cut(/\/containers\/json/, { afterBytes });
      const cut = await app.rest(admin).get(`${CONTAINERS}?fresh=true`);
      expect([cut.status, cut.body]).toEqual([503, UNAVAILABLE]);
      proxy.heal();
      await app.rest(admin).get(`${CONTAINERS}?fresh=true`).expect(200);
    });

    it('that is cut amid a followed log ends it with an error, and the next viewer sees it whole', async () => {
      proxy.cut(/\/logs\?/, { afterBytes: 220 });
      const open = () =>
        HttpStream.open(`${app.url}${CONTAINERS}/${id}/logs?follow=true`, {
          actor: admin,
          accept: 'text/event-stream',
        });
      const broken = await open();
      await broken.ended;
      expect(broken.events.at(-1)).toEqual({ event: 'error', data: UNAVAILABLE });
      proxy.heal();
      const whole = await open();
      await whole.until(({ events }) => events.length > 0);
      expect(whole.events).toMatchObject([{ event: 'log', data: { message: 'hello' } }]);
      whole.vanish();
    });

    it('on which the engine is long silent is left with the client that waited for it', async () => {
      const waits = new RegExp(`/${id}/wait`);
      const client = new AbortController();
      const answer = fetch(`${app.url}${CONTAINERS}/${id}/wait`, {
        method: 'POST',
        headers: { authorization: admin.authorization },
        signal: client.signal,
      });
      await eventually(
        () => proxy.open(waits),
        (count) => count === 1,
      );
      client.abort();
      await expect(answer).rejects.toThrow();
      await eventually(
        () => proxy.open(waits),
        (count) => count === 0,
      );
    });
  });

  describe('Dockmaster itself', () => {
    const processes: DockmasterProcess[] = [];
    const start = async (options: DockmasterOptions) => {
      const dockmaster = await DockmasterProcess.start(options);
      processes.push(dockmaster);
      return dockmaster;
    };
    afterEach(async () => {
      for (const dockmaster of processes.splice(0)) await dockmaster.end('SIGKILL');
    });

    const auditOf = async (app: DockmasterProcess, actor: TestActor, query: Record<string, string>) =>
      ((await app.rest(actor).get('/api/v1/audit').query(query).expect(200)).body as { items: AuditRecord[] })
        .items;

    it('survives kill -9 with its data whole, and says which change it did not see the end of', async () => {
      const data = await temporaryDataDir();
      const options = { dockerHost: engine.dockerHost, dataDir: data.path };
      const prepared = await TestApp.start(options);
      const developer = await prepared.user('developer', [
        { role: 'developer', scope: { engines: ['*'], owned: true } },
      ]);
      await prepared.stop();

      const first = await start(options);
      const admin = await first.admin();
      const owned = await run(first, developer, 'exec sleep 600');
      const made = await first.rest(admin).post('/api/v1/tokens').send({ name: 'kept' }).expect(201);
      const { token } = made.body as CreatedApiToken;
      const deaf = await run(first, admin, "trap '' TERM; echo ready; while :; do sleep 1; done");
      const log = await HttpStream.open(`${first.url}${CONTAINERS}/${deaf.id}/logs?follow=true`, {
        actor: admin,
        accept: 'text/event-stream',
      });
      await log.until(({ events }) => events.length > 0);
      const stop = first
        .rest(admin)
        .post(`${CONTAINERS}/${deaf.id}/stop`)
        .query({ timeoutSeconds: 600 })
        .then(
          () => 'answered',
          () => 'cut',
        );
      await eventually(
        () => auditOf(first, admin, { operation: 'ContainerStop' }),
        ([record]) => record?.outcome === 'pending',
      );
      const before = await auditOf(first, admin, {});

      expect(await first.end('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
      expect(await stop).toBe('cut');

      const second = await start(options);
      await second.rest(admin).get('/api/v1/me').expect(200); // the session goes on
      const byToken = { authorization: `Bearer ${token}` };
      const me = await second.rest(byToken).get('/api/v1/me').expect(200);
      expect(me.body).toMatchObject({ id: admin.id, name: 'admin' });
      const again = await second.admin();
      const [interrupted] = await auditOf(second, again, { operation: 'ContainerStop' });
      expect(interrupted).toMatchObject({
        outcome: 'interrupted',
        actorName: 'admin',
        targetId: deaf.id,
        reason: 'Dockmaster stopped before the outcome was known',
      });
      const after = await auditOf(second, again, { limit: '200' });
      const kept = before.map((record) => (record.id === interrupted?.id ? interrupted : record));
      expect(after.filter(({ id }) => before.some((record) => record.id === id))).toEqual(kept);
      const seen = await second.rest(developer).get(CONTAINERS).expect(200);
      expect(seen.body).toMatchObject({ items: [{ id: owned.id }] });
      await second.rest(developer).get(`${CONTAINERS}/${deaf.id}`).expect(404);
      await second.rest(again).get(`${CONTAINERS}/${deaf.id}`).expect(200);
      await second.end();
      await data.remove();
    });

    it('refuses to be started twice on the same data, and says what to do', async () => {
      const data = await temporaryDataDir();
      const options = { dockerHost: engine.dockerHost, dataDir: data.path };
      const first = await start(options);
      const second = await DockmasterProcess.launch(options);
      expect(await second.ended).toEqual({ code: 1, signal: null });
      expect(second.log).toContain('is in use by another Dockmaster process');
      expect(second.log).toContain('DOCKMASTER_DATA_DIR');

      const unread = await DockmasterProcess.launch(options);
      unread.stopReading();
      processes.push(unread);
      expect(await unread.ended).toEqual({ code: 1, signal: null }); // though nobody can be told
      await first.rest().get('/readyz').expect(200);
      await first.end();
      await data.remove();
    });
  });
});
