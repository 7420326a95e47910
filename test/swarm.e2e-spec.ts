import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditRecord } from '../src/audit/audit-record.model.js';
import type { Job } from '../src/jobs/job.model.js';
import type { NodeChange } from '../src/nodes/node-change.model.js';
import type { Node, NodeDetails } from '../src/nodes/node.model.js';
import type { Swarm, SwarmJoinTokens, SwarmMembership, SwarmUnlockKey } from '../src/swarm/swarm.model.js';
import { type TestActor, TestApp } from './support/app.js';
import { eventually } from './support/eventually.js';
import { HttpStream } from './support/http-stream.js';
import { RecordingEngine } from './support/recording-engine.js';
import { graphqlClient, subscribe } from './support/subscriptions.js';
import { TestSwarm } from './support/swarm.js';

const ENGINES = ['local', 'two', 'three'] as const;
type EngineName = (typeof ENGINES)[number];
type Method = 'get' | 'post' | 'patch' | 'delete';

interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly { readonly field: string }[];
}

interface TaskOfEngine {
  readonly NodeID?: string;
  readonly ServiceID: string;
  readonly Status: { readonly State: string };
}

/** One story, told in order: a swarm is made of three engines, is used, loses its managers, and ends. */
describe('a swarm of three engines', () => {
  let swarm: TestSwarm;
  let recording: RecordingEngine;
  let app: TestApp;
  let admin: TestActor;
  let viewer: TestActor;

  beforeAll(async () => {
    swarm = await TestSwarm.start({ managers: 0 });
    recording = await RecordingEngine.start(swarm.engine(0).socketPath);
    app = await TestApp.start({ dockerHost: recording.dockerHost });
    admin = await app.admin();
    viewer = await app.user('viewer', [{ role: 'viewer' }]);
    for (const [index, name] of ENGINES.entries()) {
      if (index === 0) continue;
      const address = swarm.engine(index).dockerHost;
      await app.rest(admin).post('/api/v1/engines').send({ name, address }).expect(201);
    }
  });
  afterAll(async () => {
    try {
      await app.stop();
    } finally {
      await recording.stop();
      await swarm.stop();
    }
  });

  const ask = (
    method: Method,
    path: string,
    { engine = 'local', actor = admin, body }: { engine?: EngineName; actor?: TestActor; body?: object } = {},
  ) => app.rest(actor)[method](`/api/v1/engines/${engine}/${path}`).send(body);
  const read = async <T>(path: string, engine: EngineName = 'local') =>
    (await ask('get', path, { engine }).expect(200)).body as T;
  const problem = async (
    method: Method,
    path: string,
    status: number,
    options: Parameters<typeof ask>[2] = {},
  ) => (await ask(method, path, options).expect(status)).body as Problem;
  const membership = (engine: EngineName) => read<SwarmMembership>('swarm/membership', engine);
  const tokens = () => read<SwarmJoinTokens>('swarm/join-tokens');
  const node = (name: string) => read<NodeDetails>(`nodes/${name}?fresh=true`);
  const nodes = async (query = '') => (await read<{ items: Node[] }>(`nodes?fresh=true&${query}`)).items;
  const join = (engine: EngineName, joinToken: string) => {
    const own = swarm.address(ENGINES.indexOf(engine));
    const body = {
      managers: [swarm.address(0)],
      joinToken,
      listenAddress: own,
      advertiseAddress: own,
    };
    return ask('post', 'swarm/join', { engine, body });
  };
  const tasksOf = async (service: string) => {
    const { text } = await swarm.engine(0).call('GET', '/tasks');
    return (JSON.parse(text) as TaskOfEngine[]).filter(({ ServiceID }) => ServiceID === service);
  };
  const running = async (service: string) =>
    (await tasksOf(service)).filter(({ Status }) => Status.State === 'running');
  /** A service that sleeps, made on the engine itself, once all its tasks run. */
  const service = async (replicas: number, spec: object = {}): Promise<string> => {
    const ContainerSpec = { Image: 'busybox', Command: ['sleep', '1000'], StopGracePeriod: 0 };
    const { text } = await swarm.engine(0).call('POST', '/services/create', {
      body: {
        Name: `sleep-${replicas}-${Math.random().toString(36).slice(2, 8)}`,
        TaskTemplate: { ContainerSpec, ...spec },
        Mode: { Replicated: { Replicas: replicas } },
      },
    });
    const { ID } = JSON.parse(text) as { ID: string };
    await eventually(
      () => running(ID),
      (tasks) => tasks.length === replicas,
    );
    return ID;
  };

  describe('before there is one', () => {
    it.each(['nodes', 'swarm', 'secrets', 'configs', 'nodes/x', 'swarm/unlock-key', 'swarm/join-tokens'])(
      '%s say so, and what to do',
      async (path) => {
        const { code, detail } = await problem('get', path, 409);
        expect([code, detail]).toEqual(['swarm_inactive', expect.stringContaining('Initialise a swarm')]);
      },
    );

    it('GraphQL says so too', async () => {
      const { errors } = await app.graphql(admin, '{ nodes(engine: "local") { totalCount } }');
      expect(errors?.[0]?.extensions.code).toBe('swarm_inactive');
    });

    it('an engine knows that it is in none', async () => {
      expect(await membership('local')).toMatchObject({
        engine: 'local',
        state: 'inactive',
        nodeId: null,
        manager: false,
        managers: [],
        nodeCount: null,
      });
    });
  });

  describe('is made', () => {
    it('not by a viewer, and the engine hears nothing of it', async () => {
      recording.requests.length = 0;
      for (const path of ['init', 'join', 'leave', 'unlock']) {
        const body = {
          join: { managers: ['192.0.2.1:2377'], joinToken: 'SWMTKN-1-a-b' },
          unlock: { unlockKey: 'SWMKEY-1-a' },
        }[path];
        await ask('post', `swarm/${path}`, { actor: viewer, body: body ?? {} }).expect(403);
      }
      expect(recording.requests).toEqual([]);
    });

    it('by its first manager', async () => {
      const body = {
        listenAddress: swarm.address(0),
        advertiseAddress: swarm.address(0),
        heartbeatSeconds: 1,
        taskHistoryRetentionLimit: 2,
        raft: { electionTick: 3, heartbeatTick: 1 },
        labels: { stage: 'test' },
        defaultAddressPools: ['10.30.0.0/16'],
        subnetSize: 25,
      };
      const answer = await ask('post', 'swarm/init', { body }).expect(201);
      expect(answer.body).toMatchObject({
        engine: 'local',
        heartbeatSeconds: 1,
        taskHistoryRetentionLimit: 2,
        raft: { electionTick: 3, heartbeatTick: 1 },
        labels: { stage: 'test' },
        defaultAddressPools: ['10.30.0.0/16'],
        subnetSize: 25,
        dataPathPort: 4789,
        autoLockManagers: false,
        rootRotationInProgress: false,
        tls: { trustRoot: expect.stringContaining('BEGIN CERTIFICATE') },
      });
      expect(answer.text).not.toMatch(/SWMTKN|SigningCAKey/);
      expect(await problem('post', 'swarm/init', 409, { body })).toMatchObject({ code: 'conflict' });
    });

    it('and joined with a token, whichever it is, and with no other', async () => {
      const { worker, manager } = await tokens();
      expect((await join('two', 'x').expect(400)).body).toMatchObject({ code: 'invalid_input' });
      await join('two', worker).expect(204);
      await join('three', manager).expect(204);
      expect((await join('two', worker).expect(409)).body).toMatchObject({ code: 'conflict' });
      expect(await membership('two')).toMatchObject({ state: 'active', manager: false, nodeCount: null });
      expect(await membership('three')).toMatchObject({
        state: 'active',
        manager: true,
        nodeCount: 3,
        managerCount: 2,
      });
    });

    it('of which a worker can tell nothing', async () => {
      const { code, detail } = await problem('get', 'nodes', 409, { engine: 'two' });
      expect([code, detail]).toEqual(['swarm_worker', expect.stringContaining('promote this node')]);
      expect(await problem('patch', 'swarm', 409, { engine: 'two', body: {} })).toMatchObject({
        code: 'swarm_worker',
      });
    });

    it('on whose workers volumes can be made, for a manager tells which names services mount', async () => {
      const web = await app.user('web', [
        { role: 'developer', scope: { engines: ['*'], labelSelector: 'team=web' } },
      ]);
      const body = { name: 'of-web', labels: { team: 'web' } };
      await ask('post', 'volumes', { engine: 'two', actor: web, body }).expect(201);
      await ask('delete', 'volumes/of-web', { engine: 'two', actor: web }).expect(204);
    });
  });

  describe('is set up', () => {
    it('by changes at a version; a lost race names the one that there is', async () => {
      const { version } = await read<Swarm>('swarm');
      const body = { taskHistoryRetentionLimit: 3, heartbeatSeconds: 1.5, version };
      const changed = (await ask('patch', 'swarm', { body }).expect(200)).body as Swarm;
      expect(changed).toMatchObject({
        taskHistoryRetentionLimit: 3,
        heartbeatSeconds: 1.5,
        labels: { stage: 'test' },
        raft: { electionTick: 3 },
      });
      const { code, detail } = await problem('patch', 'swarm', 409, { body });
      expect([code, detail]).toEqual([
        'conflict',
        expect.stringContaining(`version ${String(changed.version)}`),
      ]);
      await ask('patch', 'swarm', { body: { heartbeatSeconds: 1 } }).expect(200);
    });

    it.each([
      [{ raft: { electionTick: 2, heartbeatTick: 2 } }, 'raft.electionTick'],
      [{ nodeCertExpirySeconds: 60 }, 'nodeCertExpirySeconds'],
      [{ externalCas: [{ url: 'http://ca.example.com/' }] }, 'externalCas.0.url'],
      [{ labels: { a: 5 } }, 'labels'],
    ])('not with %j', async (body, field) => {
      const { errors } = await problem('patch', 'swarm', 400, { body });
      expect(errors?.map((error) => error.field)).toEqual([field]);
    });

    it('with tokens that only their reader sees, and that can be replaced', async () => {
      const before = await tokens();
      recording.requests.length = 0;
      const refused = await ask('get', 'swarm/join-tokens', { actor: viewer }).expect(403);
      expect(refused.text).not.toContain('SWMTKN');
      const byGraphql = await app.graphql(viewer, '{ swarmJoinTokens(engine: "local") { worker } }');
      expect(byGraphql.errors?.[0]?.extensions.code).toBe('forbidden');
      expect(recording.requests).toEqual([]);
      expect((await ask('get', 'swarm', { actor: viewer }).expect(200)).text).not.toContain('SWMTKN');

      await ask('post', 'swarm/join-tokens/rotate', { body: { worker: true } }).expect(204);
      const after = await tokens();
      expect(after.worker).not.toBe(before.worker);
      expect(after.manager).toBe(before.manager);
      const { errors } = await problem('post', 'swarm/join-tokens/rotate', 400, { body: {} });
      expect(errors?.[0]?.field).toBe('worker');
    });

    it('with an unlock key, for its reader, that can be replaced', async () => {
      expect(await read<SwarmUnlockKey>('swarm/unlock-key')).toEqual({ unlockKey: null });
      await ask('patch', 'swarm', { body: { autoLockManagers: true } }).expect(200);
      const { unlockKey } = await read<SwarmUnlockKey>('swarm/unlock-key');
      expect(unlockKey).toMatch(/^SWMKEY-/);
      await ask('get', 'swarm/unlock-key', { actor: viewer }).expect(403);
      await ask('post', 'swarm/unlock-key/rotate').expect(204);
      expect((await read<SwarmUnlockKey>('swarm/unlock-key')).unlockKey).not.toBe(unlockKey);
      await ask('patch', 'swarm', { body: { autoLockManagers: false } }).expect(200);
      expect(await problem('post', 'swarm/unlock', 409, { body: { unlockKey } })).toMatchObject({
        code: 'conflict',
      });
    });

    it('with another certificate authority, which all its nodes get', async () => {
      const before = await read<Swarm>('swarm');
      await ask('post', 'swarm/ca/rotate', { body: {} }).expect(200);
      const after = await eventually(
        () => read<Swarm>('swarm'),
        ({ rootRotationInProgress }) => !rootRotationInProgress,
      );
      expect(after.tls.trustRoot).not.toBe(before.tls.trustRoot);
    });

    it('and none of its tokens and keys is in the audit trail', async () => {
      const answer = await app.rest(admin).get('/api/v1/audit').query({ limit: 500 }).expect(200);
      const { items } = answer.body as { items: AuditRecord[] };
      const operations = items.map(({ operation }) => operation);
      expect(operations).toEqual(expect.arrayContaining(['SwarmInit', 'SwarmJoin', 'SwarmUpdate']));
      const refused = items.filter(({ operation }) => operation === 'swarm:readJoinTokens');
      expect(refused).toHaveLength(2);
      expect(answer.text).not.toMatch(/SWMTKN|SWMKEY/);
    });
  });

  describe('has nodes', () => {
    it('that are listed, by filters too', async () => {
      const names = async (query?: string) => (await nodes(query)).map(({ name }) => name).sort();
      expect(await names()).toEqual(['node-1', 'node-2', 'node-3']);
      expect(await names('role=manager')).toEqual(['node-1', 'node-3']);
      expect(await names('leader=true')).toEqual(['node-1']);
      expect(await names('state=ready&state=down&availability=active&name=-2')).toEqual(['node-2']);
      expect(await names('label=zone=a')).toEqual([]);
      const first = await read<{ items: Node[]; nextCursor: string; totalCount: number }>('nodes?limit=2');
      const rest = await read<{ items: Node[] }>(`nodes?limit=2&after=${first.nextCursor}`);
      expect(first.totalCount).toBe(3);
      expect([...first.items, ...rest.items].map(({ name }) => name).sort()).toEqual(await names());
    });

    it('with what they are and have, by REST and GraphQL alike', async () => {
      const one = await node('node-1');
      expect(one).toMatchObject({
        engine: 'local',
        name: 'node-1',
        role: 'manager',
        availability: 'active',
        state: 'ready',
        leader: true,
        reachability: 'reachable',
        managerAddress: swarm.address(0),
        os: 'linux',
        stale: false,
        raw: { ID: one.id, ManagerStatus: { Leader: true } },
      });
      expect(one.cpus).toBeGreaterThan(0);
      expect(one.plugins).toContainEqual({ type: 'Volume', name: 'local' });
      expect(await node('node-2')).toMatchObject({ reachability: null, managerAddress: null, leader: false });
      const { data } = await app.graphql(
        admin,
        `{ node(engine: "local", id: "${one.id.slice(0, 10)}") { id name role leader labels plugins { name } } }`,
      );
      expect(data?.['node']).toMatchObject({ id: one.id, name: 'node-1', role: 'manager', leader: true });
    });

    it('whose changes watchers hear of', async () => {
      const client = graphqlClient(app, viewer);
      const watched = subscribe<NodeChange>(
        client,
        'subscription { nodeChanged(engine: "local") { kind node { name labels } } }',
      );
      const stream = await HttpStream.open(
        `${app.url}/api/v1/engines/local/nodes?watch=true&label=zone%3Da`,
        { actor: viewer, accept: 'application/x-ndjson' },
      );
      await watched.until((changes) => changes.some(({ kind }) => kind === 'synced'));
      await stream.until(({ documents }) =>
        (documents as NodeChange[]).some(({ kind }) => kind === 'synced'),
      );
      await ask('patch', 'nodes/node-2', { body: { labels: { zone: 'a' } } }).expect(200);
      await watched.until((changes) => changes.some((change) => change.node?.labels['zone'] === 'a'));
      await stream.until(({ documents }) =>
        (documents as NodeChange[]).some(({ kind, node: changed }) => kind === 'added' && changed !== null),
      );
      stream.vanish();
      await client.dispose();
    });

    it('that are changed at a version; a lost race names the one that there is', async () => {
      const before = await node('node-2');
      const body = { labels: { zone: 'b' }, version: before.version };
      const changed = (await ask('patch', `nodes/${before.id}`, { body }).expect(200)).body as NodeDetails;
      expect(changed).toMatchObject({ labels: { zone: 'b' }, role: 'worker', availability: 'active' });
      const { code, detail } = await problem('patch', `nodes/${before.id}`, 409, {
        body: { labels: { zone: 'lost' }, version: before.version },
      });
      expect([code, detail]).toEqual([
        'conflict',
        expect.stringContaining(`version ${String(changed.version)}`),
      ]);
      expect((await node('node-2')).labels).toEqual({ zone: 'b' });
    });

    it('but not by who may not, nor with labels that are reserved or beyond the scope', async () => {
      const scoped = await app.user('zone-b', [
        { role: 'admin', scope: { engines: ['local'], labelSelector: 'zone=b' } },
      ]);
      recording.requests.length = 0;
      await ask('patch', 'nodes/node-2', { actor: viewer, body: { role: 'manager' } }).expect(403);
      await ask('delete', 'nodes/node-2', { actor: viewer }).expect(403);
      await ask('post', 'nodes/node-2/drain', { actor: viewer, body: {} }).expect(403);
      await ask('patch', 'nodes/node-1', { actor: scoped, body: { role: 'worker' } }).expect(404);
      await ask('post', 'nodes/node-2/drain', { actor: scoped, body: {} }).expect(403);
      for (const labels of [{}, { zone: 'a' }])
        await ask('patch', 'nodes/node-2', { actor: scoped, body: { labels } }).expect(403);
      const reserved = { labels: { zone: 'b', 'io.dockmaster.role': 'x' } };
      const { errors } = await problem('patch', 'nodes/node-2', 400, { body: reserved });
      expect(errors?.[0]?.field).toBe('labels.io.dockmaster.role');
      const changes = recording.requests.filter((request) => !request.startsWith('GET '));
      expect(changes).toEqual([]);
      const seen = await ask('get', 'nodes', { actor: scoped }).expect(200);
      expect((seen.body as { items: Node[] }).items.map(({ name }) => name)).toEqual(['node-2']);
      const own = { labels: { zone: 'b', disk: 'ssd' } };
      await ask('patch', 'nodes/node-2', { actor: scoped, body: own }).expect(200);
    });

    it('that are drained: the job ends when their tasks run elsewhere', async () => {
      const web = await service(4);
      const two = await node('node-2');
      const had = (await running(web)).filter(({ NodeID }) => NodeID === two.id).length;
      expect(had).toBeGreaterThan(0);
      const job = (await ask('post', 'nodes/node-2/drain', { body: {} }).expect(202)).body as Job;
      expect(job).toMatchObject({
        kind: 'nodeDrain',
        engine: 'local',
        target: { kind: 'node', name: 'node-2' },
      });
      const stream = await HttpStream.open(`${app.url}/api/v1/jobs/${job.id}/progress`, {
        actor: admin,
        accept: 'application/x-ndjson',
      });
      await stream.ended;
      expect(stream.documents.at(-1)).toMatchObject({
        state: 'succeeded',
        result: { node: two.id, moved: had, stopped: 0 },
        progress: { current: had, total: had, percent: 100 },
      });
      const now = await running(web);
      expect(now).toHaveLength(4);
      expect(now.filter(({ NodeID }) => NodeID === two.id)).toEqual([]);
      expect(await node('node-2')).toMatchObject({ availability: 'drain' });
      await ask('patch', 'nodes/node-2', { body: { availability: 'active' } }).expect(200);
      await swarm.engine(0).call('DELETE', `/services/${web}`);
    });

    it('and where tasks find no other place, it says which and why; cancelled, it leaves the node drained', async () => {
      const pinned = await service(1, {
        Placement: { Constraints: ['node.hostname==node-2'] },
      });
      const ended = async (id: string) =>
        eventually(
          async () => (await app.rest(admin).get(`/api/v1/jobs/${id}`).expect(200)).body as Job,
          ({ state }) => !['queued', 'running'].includes(state),
        );
      const drain = async (body: object) =>
        ((await ask('post', 'nodes/node-2/drain', { body }).expect(202)).body as Job).id;
      expect(await ended(await drain({ timeoutSeconds: 3 }))).toMatchObject({
        state: 'failed',
        error: {
          code: 'conflict',
          message: expect.stringMatching(/1 tasks have not moved: .*no suitable node/),
        },
      });
      await ask('patch', 'nodes/node-2', { body: { availability: 'active' } }).expect(200);
      await eventually(
        () => running(pinned),
        (tasks) => tasks.length === 1,
      );
      const { data } = await app.graphql(
        admin,
        'mutation { drainNode(engine: "local", id: "node-2") { id kind } }',
      );
      const { id } = data?.['drainNode'] as Job;
      await app.rest(admin).post(`/api/v1/jobs/${id}/cancel`).expect(202);
      expect(await ended(id)).toMatchObject({ state: 'cancelled' });
      expect(await node('node-2')).toMatchObject({ availability: 'drain' });
      await ask('patch', 'nodes/node-2', { body: { availability: 'active' } }).expect(200);
      await swarm.engine(0).call('DELETE', `/services/${pinned}`);
    });

    it('that are demoted, leave, and are removed when they are down', async () => {
      expect(await problem('delete', 'nodes/node-3', 409)).toMatchObject({ code: 'conflict' });
      await ask('patch', 'nodes/node-3', { body: { role: 'worker' } }).expect(200);
      await eventually(
        () => node('node-3'),
        ({ reachability }) => reachability === null,
      );
      await eventually(
        () => membership('three'),
        ({ manager }) => !manager,
      );
      expect(await problem('delete', 'nodes/node-3', 409)).toMatchObject({ code: 'conflict' });
      await ask('post', 'swarm/leave', { engine: 'three', body: {} }).expect(204);
      expect(await membership('three')).toMatchObject({ state: 'inactive' });
      await eventually(
        () => node('node-3'),
        ({ state }) => state === 'down',
      );
      await ask('delete', 'nodes/node-3').expect(204);
      expect((await nodes()).map(({ name }) => name).sort()).toEqual(['node-1', 'node-2']);
    });

    it('that are promoted, or join as managers', async () => {
      await join('three', (await tokens()).manager).expect(204);
      await ask('patch', 'nodes/node-2', { body: { role: 'manager' } }).expect(200);
      const managers = await eventually(
        () => nodes('role=manager'),
        (found) => found.length === 3 && found.every(({ reachability }) => reachability === 'reachable'),
      );
      expect(managers.filter(({ leader }) => leader)).toHaveLength(1);
    });
  });

  describe('loses managers', () => {
    it('and goes on while more than half of them are there', async () => {
      await swarm.engine(2).kill();
      const body = { labels: { after: 'one' } };
      expect((await ask('patch', 'nodes/node-1', { body }).expect(200)).body).toMatchObject(body);
      await eventually(
        () => node('node-3'),
        ({ reachability }) => reachability === 'unreachable',
      );
      expect(await read<Swarm>('swarm')).toMatchObject({ labels: { stage: 'test' } });
    });

    it('and says that it cannot decide when half are left, soon and every time', async () => {
      await swarm.engine(1).kill();
      const timed = async (path: string) => {
        const began = Date.now();
        const answer = await ask('get', path);
        expect(Date.now() - began).toBeLessThan(25_000);
        return { status: answer.status, ...(answer.body as Problem) };
      };
      // Until then the leader answers from what it knows, and does not know that nobody follows it.
      const until = Date.now() + 60_000;
      while ((await timed('nodes?fresh=true')).code !== 'swarm_no_quorum')
        if (Date.now() > until) throw new Error('the engine never says so');
      const answers = await Promise.all(['nodes', 'swarm', 'secrets', 'nodes/node-1?fresh=true'].map(timed));
      for (const { status, detail } of answers)
        expect([status, detail]).toEqual([503, expect.stringContaining('more than half of them')]);
      const change = { body: { labels: {} } };
      expect(await problem('patch', 'nodes/node-1', 503, change)).toMatchObject({ code: 'swarm_no_quorum' });
      const client = graphqlClient(app, admin);
      const watched = subscribe<NodeChange>(client, 'subscription { nodeChanged(engine: "local") { kind } }');
      await watched.ended;
      expect(watched.errors[0]?.extensions.code).toBe('swarm_no_quorum');
      await client.dispose();
    }, 120_000);

    it('and goes on alone where they are lost for good', async () => {
      const address = swarm.address(0);
      const body = { forceNewCluster: true, listenAddress: address, advertiseAddress: address };
      await ask('post', 'swarm/init', { body }).expect(201);
      await eventually(
        () => node('node-1'),
        ({ leader }) => leader,
      );
      expect((await node('node-1')).labels).toEqual({ after: 'one' });
      expect(await problem('patch', 'nodes/node-1', 409, { body: { role: 'worker' } })).toMatchObject({
        code: 'conflict',
        detail: expect.stringMatching(/last manager|loss of quorum/),
      });
    });
  });

  it('ends with its last manager, who has to mean it', async () => {
    expect(await problem('post', 'swarm/leave', 409, { body: {} })).toMatchObject({ code: 'conflict' });
    await ask('post', 'swarm/leave', { body: { force: true } }).expect(204);
    expect(await membership('local')).toMatchObject({ state: 'inactive' });
    expect(await problem('get', 'nodes', 409)).toMatchObject({ code: 'swarm_inactive' });
  });
});
