import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ContainerDetails } from '../src/containers/container-details.model.js';
import type { DaemonConfig, DaemonConfigValidation } from '../src/system/daemon-config.model.js';
import type { DiskUsage } from '../src/system/disk-usage.model.js';
import type { SystemPruneInput } from '../src/system/prune.inputs.js';
import type { SystemPruneReport } from '../src/system/prune.model.js';
import type { SystemInfo } from '../src/system/system.model.js';
import { type TestActor, TestApp } from './support/app.js';
import { eventually } from './support/eventually.js';
import { HttpStream } from './support/http-stream.js';
import { PrivateEngine } from './support/private-engine.js';
import { RecordingEngine } from './support/recording-engine.js';
import { graphqlClient, subscribe } from './support/subscriptions.js';

const ENGINE = '/api/v1/engines/local';
const SYSTEM = `${ENGINE}/system`;

let engine: PrivateEngine;
let recording: RecordingEngine;
let app: TestApp;
let admin: TestActor;
/** Sees and removes only what it made itself. */
let owner: TestActor;
/** Sees everything, and removes nothing. */
let viewer: TestActor;

beforeAll(async () => {
  engine = await PrivateEngine.start({
    name: 'system',
    flags: ['--insecure-registry=registry.example:5000'],
  });
  await engine.importBusybox();
  recording = await RecordingEngine.start(engine.socketPath);
  app = await TestApp.start({ dockerHost: recording.dockerHost });
  admin = await app.admin();
  owner = await app.user('system-owner', [{ role: 'developer', scope: { engines: ['*'], owned: true } }]);
  viewer = await app.user('system-viewer', [{ role: 'viewer' }]);
  await eventually(
    async () => (await app.rest(admin).get(`${ENGINE}/containers`)).status,
    (status) => status === 200,
  );
});
afterAll(async () => {
  await app.stop();
  await recording.stop();
  await engine.stop();
});

async function get<T>(path: string, actor = admin): Promise<T> {
  const answer = await app.rest(actor).get(path);
  expect([answer.status, answer.body]).toEqual([200, expect.anything()]);
  return answer.body as T;
}

async function make(actor: TestActor, labels: Record<string, string> = {}): Promise<ContainerDetails> {
  const input = { image: 'busybox', labels, networks: [{ name: 'none' }] };
  const answer = await app.rest(actor).post(`${ENGINE}/containers`).send(input);
  expect([answer.status, answer.body]).toEqual([201, expect.anything()]);
  return answer.body as ContainerDetails;
}

async function prune(input: SystemPruneInput, actor = admin): Promise<SystemPruneReport> {
  const answer = await app.rest(actor).post(`${SYSTEM}/prune`).send(input);
  expect([answer.status, answer.body]).toEqual([200, expect.anything()]);
  return answer.body as SystemPruneReport;
}

const idsIn = ({ items }: SystemPruneReport) => items.map(({ id }) => id);

describe('an engine tells of itself', () => {
  it('what it is, its versions, and that it is there', async () => {
    const info = await get<SystemInfo>(`${SYSTEM}/info`);
    expect(info).toMatchObject({
      hostName: 'system',
      osType: 'linux',
      containers: { total: expect.any(Number) },
      images: 1,
      runtimes: expect.arrayContaining(['runc']),
      swarm: 'inactive',
      dataRoot: expect.stringMatching(/^\//),
      raw: { ServerVersion: info.serverVersion },
    });
    expect(await get(`${SYSTEM}/version`)).toMatchObject({
      version: info.serverVersion,
      components: expect.arrayContaining([expect.objectContaining({ name: 'Engine' })]),
    });
    expect(await get(`${SYSTEM}/ping`)).toMatchObject({ osType: 'linux', latencyMs: expect.any(Number) });
  });

  it('by GraphQL too', async () => {
    const { data, errors } = await app.graphql(
      admin,
      `{ systemInfo(engine: "local") { hostName images } systemVersion(engine: "local") { apiVersion }
         systemPing(engine: "local") { apiVersion } diskUsage(engine: "local") { scope kinds { kind count } }
         daemonConfig(engine: "local") { storageDriver advice { name } } plugins(engine: "local") { name } }`,
    );
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      systemInfo: { hostName: 'system', images: 1 },
      diskUsage: { scope: 'engine' },
      plugins: [],
    });
  });

  it('no counts of what is hidden', async () => {
    const counter = await app.user('system-counter', [
      { role: 'viewer', scope: { engines: ['*'], labelSelector: 'team=web' } },
    ]);
    await app.rest(counter).get(`${SYSTEM}/info`).expect(403);
    await app
      .rest(admin)
      .post('/api/v1/roles')
      .send({ name: 'informed', permissions: ['system:info'] })
      .expect(201);
    const informed = await app.user('system-informed', [
      { role: 'informed' },
      { role: 'viewer', scope: { engines: ['*'], owned: true } },
    ]);
    const info = await get<SystemInfo>(`${SYSTEM}/info`, informed);
    expect(info).toMatchObject({ hostName: 'system', containers: null, images: null });
    expect(Object.keys(info.raw as object)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(Containers|Images)/)]),
    );
  });
});

describe('disk usage', () => {
  it('is told by kind, measured once for all who ask', async () => {
    const made = await make(admin);
    const dfCalls = () => recording.requests.filter((request) => request.includes('/system/df')).length;
    const before = dfCalls();
    const answers = await Promise.all(
      [admin, viewer, admin].map((actor) => get<DiskUsage>(`${SYSTEM}/disk-usage`, actor)),
    );
    expect(dfCalls() - before).toBeLessThanOrEqual(1);
    for (const answer of answers) {
      expect(answer.scope).toBe('engine');
      expect(answer.kinds.map(({ kind }) => kind)).toEqual(['images', 'containers', 'volumes', 'buildCache']);
      expect(answer.kinds[0]).toMatchObject({ count: 1, sizeBytes: expect.any(Number) });
    }
    await app.rest(admin).delete(`${ENGINE}/containers/${made.id}`).expect(204);
  });

  it('leaves out what the actor may not see', async () => {
    const [hidden, mine] = [await make(admin), await make(owner)];
    const usage = await get<DiskUsage>(`${SYSTEM}/disk-usage`, owner);
    expect(usage.scope).toBe('visible');
    expect(usage.kinds.find(({ kind }) => kind === 'containers')).toMatchObject({ count: 1, active: 0 });
    for (const { id } of [hidden, mine])
      await app.rest(admin).delete(`${ENGINE}/containers/${id}`).expect(204);
  });
});

describe('pruning everything', () => {
  it('shows what would go, and then just that goes', async () => {
    const stopped = await make(admin, { prune: 'me' });
    const kept = await make(admin);
    await engine.call('POST', '/networks/create', {
      body: { Name: 'unused', Labels: { prune: 'me' }, Driver: 'bridge' },
    });
    await engine.call('POST', '/volumes/create', { body: { Name: 'unused', Labels: { prune: 'me' } } });
    const wish: SystemPruneInput = {
      kinds: ['containers', 'networks', 'volumes'],
      allVolumes: true,
      label: ['prune=me'],
    };

    const before = recording.requests.length;
    const preview = await prune({ ...wish, dryRun: true });
    expect(recording.requests.slice(before).filter((request) => !request.startsWith('GET '))).toEqual([]);
    expect(preview).toMatchObject({ dryRun: true, removedCount: 0 });
    expect(preview.items.map(({ kind, name }) => [kind, name])).toEqual([
      ['containers', stopped.name],
      ['networks', 'unused'],
      ['volumes', 'unused'],
    ]);

    const done = await prune(wish);
    expect(idsIn(done)).toEqual(idsIn(preview));
    expect(done).toMatchObject({ dryRun: false, removedCount: 3 });
    expect(idsIn(await prune({ ...wish, dryRun: true }))).toEqual([]);
    await app.rest(admin).get(`${ENGINE}/containers/${stopped.id}`).expect(404);
    await app.rest(admin).get(`${ENGINE}/containers/${kept.id}`).expect(200);
    await app.rest(admin).delete(`${ENGINE}/containers/${kept.id}`).expect(204);
  });

  it('writes each removal down', async () => {
    const { id } = await make(admin, { prune: 'audited' });
    await prune({ kinds: ['containers'], label: ['prune=audited'] });
    const audit = await get<{ items: { operation: string; targetId: string }[] }>(
      '/api/v1/audit?operation=ContainerDelete',
    );
    expect(audit.items).toContainEqual(expect.objectContaining({ targetId: id, outcome: 'succeeded' }));
  });

  it('takes only what the actor may remove, and shows nothing else', async () => {
    const [theirs, mine] = [await make(admin), await make(owner)];
    const preview = await prune({ kinds: ['containers'], dryRun: true }, owner);
    expect(idsIn(preview)).toEqual([mine.id]);
    expect(idsIn(await prune({}, owner))).toEqual([mine.id]);
    await app.rest(admin).get(`${ENGINE}/containers/${theirs.id}`).expect(200);
    await app.rest(viewer).post(`${SYSTEM}/prune`).send({}).expect(403);
    await app
      .rest(owner)
      .post(`${SYSTEM}/prune`)
      .send({ kinds: ['buildCache'] })
      .expect(403);
    await app.rest(admin).delete(`${ENGINE}/containers/${theirs.id}`).expect(204);
  });

  it('takes unused images with their names, when asked', async () => {
    await engine.importBusybox('example/unused:1');
    await eventually(
      () => prune({ kinds: ['images'], allImages: true, dryRun: true }),
      ({ items }) => items.some(({ name }) => name === 'example/unused:1'),
    );
    expect(idsIn(await prune({ kinds: ['images'], dryRun: true }))).toEqual([]);
    const user = await make(admin);
    const { items } = await prune({ kinds: ['images', 'buildCache'], allImages: true });
    expect(items).toContainEqual(expect.objectContaining({ name: 'example/unused:1', removed: true }));
    expect(items).not.toContainEqual(expect.objectContaining({ name: 'busybox:latest' }));
    await app.rest(admin).delete(`${ENGINE}/containers/${user.id}`).expect(204);
  });
});

describe('events', () => {
  it('are followed by SSE and subscription, filtered', async () => {
    const stream = await HttpStream.open(`${app.url}${ENGINE}/events?type=container&action=create`, {
      actor: admin,
      accept: 'text/event-stream',
    });
    const client = graphqlClient(app, admin);
    const subscription = subscribe<{ actorId: string }>(
      client,
      'subscription { engineEvents(engine: "local", filter: {type: ["container"], action: ["create"]}) { actorId } }',
    );
    const made: string[] = [];
    await eventually(
      async () => {
        made.push((await make(admin)).id);
        return [stream.events.length, subscription.values.length];
      },
      ([byRest = 0, bySubscription = 0]) => byRest > 0 && bySubscription > 0,
    );
    expect(made).toContain((stream.events[0]?.data as { actorId: string }).actorId);
    expect(stream.events[0]).toMatchObject({ event: 'event', data: { type: 'container', action: 'create' } });
    await client.dispose();
    await prune({ kinds: ['containers'] });
  });

  it('of the past are told with since and until, as far as the actor may see them', async () => {
    const since = String(Math.floor(Date.now() / 1_000) - 1);
    const [hidden, mine] = [await make(admin), await make(owner)];
    const until = String(Math.ceil(Date.now() / 1_000) + 1);
    const past = async (actor: TestActor) => {
      const stream = await HttpStream.open(`${app.url}${ENGINE}/events?since=${since}&until=${until}`, {
        actor,
        accept: 'application/x-ndjson',
      });
      await stream.ended;
      return (stream.documents as { actorId: string; action: string }[])
        .filter(({ action }) => action === 'create')
        .map(({ actorId }) => actorId);
    };
    expect(await past(admin)).toEqual(expect.arrayContaining([hidden.id, mine.id]));
    const seen = await past(owner);
    expect(seen).toContain(mine.id);
    expect(seen).not.toContain(hidden.id);
    await prune({ kinds: ['containers'] });
  });
});

describe('the configuration of the engine', () => {
  it('is shown with advice', async () => {
    const config = await get<DaemonConfig>(`${ENGINE}/daemon-config`);
    expect(config).toMatchObject({
      storageDriver: expect.any(String),
      logDriver: 'json-file',
      liveRestore: false,
      insecureRegistries: expect.arrayContaining(['registry.example:5000']),
      dns: null,
    });
    expect(config.advice.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['insecureRegistries', 'liveRestoreOff', 'jsonFileUnbounded']),
    );
    expect(config.advice[0]?.level).toBe('danger');
  });

  it('can be proposed: what is wrong, and what needs a restart', async () => {
    const content = JSON.stringify({
      'live-restore': true,
      'data-root': '/elsewhere',
      'log-opts': { 'max-size': 10 },
      'registry-mirror': ['https://mirror.example'],
    });
    const answer = await app
      .rest(viewer)
      .post(`${ENGINE}/daemon-config/validate`)
      .send({ content })
      .expect(200);
    const validation = answer.body as DaemonConfigValidation;
    expect(validation).toMatchObject({
      valid: false,
      reload: ['live-restore'],
      restart: ['data-root', 'log-opts'],
    });
    expect(validation.findings.map(({ key, kind }) => [key, kind])).toEqual([
      ['log-opts.max-size', 'wrongType'],
      ['registry-mirror', 'unknownKey'],
      ['data-root', 'conflict'],
    ]);
  });
});

describe('plugins', () => {
  it('are listed and missed; to install one takes its privileges', async () => {
    expect(await get(`${ENGINE}/plugins`)).toMatchObject({ items: [], totalCount: 0 });
    await app
      .rest(admin)
      .get(`${ENGINE}/plugins/${encodeURIComponent('example/none:latest')}`)
      .expect(404);
    await app.rest(admin).post(`${ENGINE}/plugins/none/enable`).expect(404);
    await app
      .rest(viewer)
      .get(`${ENGINE}/plugins/privileges`)
      .query({ reference: 'example/none' })
      .expect(403);
    await app
      .rest(viewer)
      .post(`${ENGINE}/plugins`)
      .send({ reference: 'example/none', privileges: [] })
      .expect(403);
  });
});
