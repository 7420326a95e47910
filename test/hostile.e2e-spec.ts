import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from 'graphql-ws';
import type { CreateContainerInput } from '../src/containers/container-create.inputs.js';
import type { CreatedApiToken } from '../src/identity/api-token.model.js';
import { type GraphqlAnswer, type TestActor, TestApp } from './support/app.js';
import { RecordingEngine } from './support/recording-engine.js';
import { sharedEngine } from './support/shared-peers.js';
import { graphqlClient, subscribe } from './support/subscriptions.js';
import { TerminalClient } from './support/terminal-client.js';
import { TestContainers } from './support/test-containers.js';

type Method = 'get' | 'head' | 'post' | 'put' | 'patch' | 'delete';
type Who = keyof Actors;
type OnRoute = [who: Who, ...route: (typeof ROUTES)[number]];

interface Actors {
  viewer: TestActor;
  operator: TestActor;
  labelled: TestActor;
  owner: TestActor;
  developer: TestActor;
  narrowed: TestActor;
}

/** What a request was answered with: the status and code by REST, the code alone by GraphQL. */
interface Answer {
  readonly status?: number;
  readonly code: string | undefined;
}

const SECRET = 'hunter2-of-the-admin';

/** Every REST route on one container: method, path below it, body. */
const ROUTES: readonly (readonly [method: Method, path: string, body?: object | string])[] = [
  ['get', ''],
  ['delete', '?force=true'],
  ['patch', '', { resources: { cpuShares: 2 } }],
  ['post', '/start'],
  ['post', '/stop'],
  ['post', '/restart'],
  ['post', '/kill'],
  ['post', '/pause'],
  ['post', '/unpause'],
  ['post', '/rename', { name: 'taken-over' }],
  ['post', '/resize', { width: 80, height: 24 }],
  ['post', '/wait?timeoutSeconds=1'],
  ['get', '/top'],
  ['get', '/changes'],
  ['post', '/commit', {}],
  ['post', '/execs', { command: ['id'] }],
  ['get', '/logs'],
  ['get', '/stats?stream=false'],
  ['get', '/export'],
  ['head', '/archive?path=/etc/passwd'],
  ['get', '/archive?path=/etc/passwd'],
  ['put', '/archive?path=/', ''],
];
/** Below an exec. */
const EXEC_ROUTES: typeof ROUTES = [
  ['get', ''],
  ['post', '/start', {}],
  ['post', '/start-detached'],
  ['post', '/resize', { width: 80, height: 24 }],
];
const VIEWER_MAY = new Set(['get ', 'get /top', 'get /changes', 'get /logs', 'get /stats?stream=false']);
const OPERATOR_MAY = /^post \/(start|stop|restart|kill|pause|unpause|wait.*)$/;

const FIELDS: Readonly<Record<string, string>> = {
  container: 'query ($id: String!) { container(engine: "local", id: $id) { id } }',
  containerProcesses: 'query ($id: String!) { containerProcesses(engine: "local", id: $id) { __typename } }',
  containerChanges: 'query ($id: String!) { containerChanges(engine: "local", id: $id) { __typename } }',
  commitContainer: 'mutation ($id: String!) { commitContainer(engine: "local", id: $id) { imageId } }',
  startContainer: 'mutation ($id: String!) { startContainer(engine: "local", id: $id) { id } }',
  stopContainer: 'mutation ($id: String!) { stopContainer(engine: "local", id: $id) { id } }',
  restartContainer: 'mutation ($id: String!) { restartContainer(engine: "local", id: $id) { id } }',
  killContainer: 'mutation ($id: String!) { killContainer(engine: "local", id: $id) { id } }',
  pauseContainer: 'mutation ($id: String!) { pauseContainer(engine: "local", id: $id) { id } }',
  unpauseContainer: 'mutation ($id: String!) { unpauseContainer(engine: "local", id: $id) { id } }',
  waitContainer:
    'mutation ($id: String!) { waitContainer(engine: "local", id: $id, input: { timeoutSeconds: 1 }) { exitCode } }',
  removeContainer:
    'mutation ($id: String!) { removeContainer(engine: "local", id: $id, input: { force: true }) }',
  renameContainer:
    'mutation ($id: String!) { renameContainer(engine: "local", id: $id, input: { name: "taken-over" }) { id } }',
  updateContainer:
    'mutation ($id: String!) { updateContainer(engine: "local", id: $id, input: { resources: { cpuShares: 2 } }) { id } }',
};
const VIEWER_MAY_QUERY = ['container', 'containerProcesses', 'containerChanges'];
const OPERATOR_MAY_MUTATE = /^(start|stop|restart|kill|pause|unpause|wait)Container$/;

const SUBSCRIPTIONS: Readonly<Record<string, string>> = {
  containerLogs:
    'subscription ($id: String!) { containerLogs(engine: "local", id: $id, follow: true) { message } }',
  containerStats: 'subscription ($id: String!) { containerStats(engine: "local", id: $id) { pids } }',
};
const CREATE = `mutation ($input: CreateContainerInput!) { createContainer(engine: "local", input: $input) { id } }`;
const RUN = `mutation ($input: RunContainerInput!) { runContainer(engine: "local", input: $input) { id } }`;

/** What no one may create at level baseline. */
const ABOVE_BASELINE: Readonly<Record<string, Partial<CreateContainerInput>>> = {
  'a bind mount': { mounts: [{ type: 'bind', source: '/', target: '/host' }] },
  'a bind of a file below': {
    mounts: [{ type: 'bind', source: '/etc/shadow', target: '/s', readOnly: true }],
  },
  'a bind in the short form': { binds: ['/:/host'] },
  'the docker socket': { binds: ['/var/run/docker.sock:/s:ro'] },
  'a bind by a path with dots': { binds: ['/tmp/../etc:/host'] },
  'a relative bind': { binds: ['./etc:/host'] },
  'a bind by a path for an anonymous volume': { volumes: ['/etc:/host'] },
  'the local driver mounting a path': {
    mounts: [
      {
        type: 'volume',
        target: '/host',
        volume: { driverOptions: { type: 'none', device: '/etc', o: 'bind' } },
      },
    ],
  },
  'the local driver, type tmpfs, binding all the same': {
    mounts: [
      {
        type: 'volume',
        target: '/host',
        volume: { driver: 'local', driverOptions: { type: 'tmpfs', device: '/etc', o: 'bind' } },
      },
    ],
  },
  'the local driver mounting NFS': {
    mounts: [
      {
        type: 'volume',
        target: '/n',
        volume: { driverOptions: { type: 'nfs', device: ':/', o: 'addr=127.0.0.1' } },
      },
    ],
  },
  'another volume driver': { mounts: [{ type: 'volume', target: '/n', volume: { driver: 'sshfs' } }] },
  'another default volume driver': { volumeDriver: 'sshfs', volumes: ['/n'] },
  'bind options on a volume': {
    mounts: [{ type: 'volume', target: '/n', bind: { propagation: 'rshared' } }],
  },
  'a tmpfs with suid and devices': { tmpfs: { '/n': 'suid,dev,exec' } },
  'privileged mode': { security: { privileged: true } },
  'every capability': { security: { capAdd: ['ALL'] } },
  'a capability': { security: { capAdd: ['SYS_ADMIN'] } },
  'a capability by its long name': { security: { capAdd: ['cap_sys_ptrace'] } },
  'the network capability': { security: { capAdd: ['Net_Admin'] } },
  'no seccomp': { security: { securityOptions: ['seccomp=unconfined'] } },
  'no seccomp, the old way': { security: { securityOptions: ['seccomp:unconfined'] } },
  'a seccomp profile of its own': {
    security: { securityOptions: ['seccomp={"defaultAction":"SCMP_ACT_ALLOW"}'] },
  },
  'no AppArmor': { security: { securityOptions: ['apparmor=unconfined'] } },
  'no SELinux': { security: { securityOptions: ['label=disable'] } },
  'no SELinux in a word': { security: { securityOptions: ['disable'] } },
  'an SELinux type': { security: { securityOptions: ['label=type:spc_t'] } },
  'writable cgroups': { security: { securityOptions: ['writable-cgroups=true'] } },
  'unmasked paths': { security: { maskedPaths: [] } },
  'a writable /proc/sys': { security: { readonlyPaths: ['/proc/bus'] } },
  "the host's processes": { namespaces: { pid: 'host' } },
  "the host's shared memory": { namespaces: { ipc: 'host' } },
  "the host's network": { namespaces: { network: 'host' } },
  "the host's network as an attachment": { networks: [{ name: 'host' }] },
  "the host's name": { namespaces: { uts: 'host' } },
  "the host's users": { namespaces: { userns: 'host' } },
  'a cgroup parent': { resources: { cgroupParent: '/' } },
  'a device': { resources: { devices: [{ pathOnHost: '/dev/kmsg' }] } },
  'a device rule': { resources: { deviceCgroupRules: ['a *:* rwm'] } },
  'a GPU': { resources: { deviceRequests: [{ count: -1, capabilities: ['gpu'] }] } },
  'a limit that names a device': {
    resources: { blkioReadBytesPerSecond: [{ path: '/dev/sda', rate: 1_000 }] },
  },
  'an unkillable process': { oomScoreAdj: -1_000 },
  'real time': { resources: { cpuRealtimeRuntime: 1_000 } },
  'a kernel parameter': { sysctls: { 'kernel.core_pattern': '|/evil' } },
  'another runtime': { runtime: 'io.containerd.kata.v2' },
  'a log sent elsewhere': { logging: { driver: 'syslog', options: { 'syslog-address': 'tcp://192.0.2.1' } } },
  'a storage option': { storageOptions: { dm: 'x' } },
};

/** What refers to something of the admin's. @param of name or id of its container */
const USES_HIDDEN: Readonly<Record<string, (of: string) => Partial<CreateContainerInput>>> = {
  'its processes': (of) => ({ namespaces: { pid: `container:${of}` } }),
  'its shared memory': (of) => ({ namespaces: { ipc: `container:${of}` } }),
  'its network': (of) => ({ namespaces: { network: `container:${of}` } }),
  'its network as an attachment': (of) => ({ networks: [{ name: `container:${of}` }] }),
  'its volumes': (of) => ({ volumesFrom: [of] }),
  'its volumes, read-only': (of) => ({ volumesFrom: [`${of}:ro`] }),
  'a link': (of) => ({ links: [`${of}:db`] }),
  'a link on the default network': (of) => ({ networks: [{ name: 'bridge', links: [`${of}:db`] }] }),
};

describe('a hostile user', () => {
  let recording: RecordingEngine;
  let app: TestApp;
  let admin: TestActor;
  let actors: Actors;
  let containers: TestContainers;
  let hidden: { id: string; name: string };
  let exec: string;
  let volume: string;
  let network: string;
  const clients: Client[] = [];

  beforeAll(async () => {
    recording = await RecordingEngine.start(sharedEngine().socketPath);
    app = await TestApp.start({ dockerHost: recording.dockerHost });
    admin = await app.admin();
    containers = new TestContainers(app, admin);
    volume = containers.name('volume');
    network = containers.name('network');
    await containers.engine.createNetwork({ Name: network });
    hidden = await containers.run({
      name: containers.name('hidden'),
      env: [`PASSWORD=${SECRET}`],
      labels: { team: 'db' },
      mounts: [{ type: 'volume', source: volume, target: '/data' }],
      logging: { driver: 'json-file', options: { 'max-size': '7m' } },
    });
    const prepared = await app
      .rest(admin)
      .post(`${containers.path}/${hidden.id}/execs`)
      .send({ command: ['sh', '-c', 'true'] })
      .expect(201);
    exec = (prepared.body as { id: string }).id;
    const web = { engines: ['*'], labelSelector: 'team=web' };
    const developer = await app.user('developer', [{ role: 'developer' }]);
    actors = {
      viewer: await app.user('viewer', [{ role: 'viewer' }]),
      operator: await app.user('operator', [{ role: 'operator' }]),
      labelled: await app.user('labelled', [{ role: 'developer', scope: web, level: 'baseline' }]),
      owner: await app.user('owner', [{ role: 'developer', scope: { engines: ['*'], owned: true } }]),
      developer,
      narrowed: (await tokenOf(developer, ['containers:get', 'containers:list'])).actor,
    };
  });
  afterAll(async () => {
    for (const client of clients) await client.dispose();
    await containers.removeAll();
    await containers.engine.getVolume(volume).remove();
    await containers.engine.getNetwork(network).remove();
    await app.stop();
    await recording.stop();
  });

  async function tokenOf(owner: TestActor, permissions?: string[]) {
    const made = await app
      .rest(owner)
      .post('/api/v1/tokens')
      .send({ name: 'token', permissions })
      .expect(201);
    const { id, token } = made.body as CreatedApiToken;
    return { id, actor: { ...owner, token, authorization: `Bearer ${token}` } };
  }

  const refusals = async (actor?: TestActor) => {
    const query = { outcome: 'refused', limit: 1, ...(actor ? { actor: actor.id } : {}) };
    const audit = await app.rest(admin).get('/api/v1/audit').query(query).expect(200);
    return (audit.body as { items: { id: string; reason: string }[] }).items[0]?.id;
  };

  const changesSince = (start: number) =>
    recording.requests.slice(start).filter((request) => !/^(GET|HEAD) /.test(request));

  /** Sends it, and holds it against what every refusal must be: recorded, and nothing that the engine hears of. */
  async function refused<T extends Answer>(actor: TestActor, send: () => Promise<T>): Promise<T> {
    const before = await refusals(actor);
    const start = recording.requests.length;
    const answer = await send();
    expect(changesSince(start)).toEqual([]);
    expect(await refusals(actor)).not.toBe(before);
    return answer;
  }

  async function rest(
    actor: TestActor | undefined,
    [method, path, body]: (typeof ROUTES)[number],
    base: string,
  ): Promise<Answer> {
    const request = app.rest(actor)[method](`${base}${path}`);
    if (typeof body === 'string') void request.set('content-type', 'application/x-tar');
    const answer = await request.send(body);
    return { status: answer.status, code: (answer.body as { code?: string }).code };
  }
  const codeOf = ({ errors }: GraphqlAnswer) => errors?.[0]?.extensions.code;
  const graphql = async (actor: TestActor, query: string, variables: object): Promise<Answer> => ({
    code: codeOf(await app.graphql(actor, query, { ...variables })),
  });
  const creating = async (actor: TestActor, options: Partial<CreateContainerInput>, action = '') => {
    const made = await app
      .rest(actor)
      .post(`${containers.path}${action}`)
      .send({
        image: 'busybox',
        ...options,
        labels: { ...containers.labels, team: 'web', ...options.labels },
      });
    return { status: made.status, code: (made.body as { code?: string }).code };
  };
  const clientOf = (actor: TestActor) => {
    const client = graphqlClient(app, actor);
    clients.push(client);
    return client;
  };
  const notFound = (method: Method) =>
    method === 'head' ? { status: 404 } : { status: 404, code: 'not_found' };
  const forbidden = (method: Method) =>
    method === 'head' ? { status: 403 } : { status: 403, code: 'forbidden' };

  describe('without signing in', () => {
    it.each(ROUTES)('%s container%s is 401', async (...route) => {
      const start = recording.requests.length;
      const answer = await rest(undefined, route, `${containers.path}/${hidden.id}`);
      expect(answer.status).toBe(401);
      expect(changesSince(start)).toEqual([]);
    });
  });

  describe.each<Who>(['labelled', 'owner'])('%s, to whom the container is hidden', (who) => {
    it.each(ROUTES)('%s container%s is 404', async (...route) => {
      const base = `${containers.path}/${hidden.id}`;
      const answer = await refused(actors[who], () => rest(actors[who], route, base));
      expect(answer).toMatchObject(notFound(route[0]));
    });

    it.each(EXEC_ROUTES)('%s exec%s is 404', async (...route) => {
      const base = `/api/v1/engines/local/execs/${exec}`;
      const answer = await refused(actors[who], () => rest(actors[who], route, base));
      expect(answer).toMatchObject(notFound(route[0]));
    });

    it.each(Object.entries(FIELDS))('GraphQL %s is not found', async (_, query) => {
      const answer = await refused(actors[who], () => graphql(actors[who], query, hidden));
      expect(answer.code).toBe('not_found');
    });

    it.each(Object.entries(SUBSCRIPTIONS))('subscription %s is not found', async (_, query) => {
      await refused(actors[who], async () => {
        const { ended, values, errors } = subscribe(clientOf(actors[who]), query, { id: hidden.id });
        await ended;
        expect(values).toEqual([]);
        expect(errors).toMatchObject([{ extensions: { code: 'not_found' } }]);
        return { code: 'not_found' };
      });
    });

    it.each(['attach', 'exec'])('WebSocket %s closes with 4404', async (kind) => {
      await refused(actors[who], async () => {
        const path = kind === 'attach' ? `/containers/${hidden.id}/attach` : `/execs/${exec}/start`;
        const terminal = TerminalClient.open(app, path, actors[who]);
        expect(await terminal.closed).toBe(4404);
        expect(terminal.events).toMatchObject([{ type: 'error', problem: { code: 'not_found' } }]);
        return { code: 'not_found' };
      });
    });

    it('finds it by neither name nor prefix, in words that tell it from nothing', async () => {
      const problemOf = async (reference: string) => {
        const answer = await app.rest(actors[who]).get(`${containers.path}/${reference}`).expect(404);
        const { code, title, detail } = answer.body as Record<string, string>;
        return { code, title, detail: detail?.replaceAll(reference, '…') };
      };
      const missing = await problemOf('no-such-container');
      for (const reference of [hidden.id, hidden.name, hidden.id.slice(0, 12), hidden.id.slice(0, 32)])
        expect(await problemOf(reference)).toEqual(missing);
    });

    it('lists and counts it nowhere', async () => {
      const listed = await app
        .rest(actors[who])
        .get(containers.path)
        .query({ name: hidden.name })
        .expect(200);
      expect(listed.body).toMatchObject({ items: [], totalCount: 0 });
      const query = 'query { containers(engine: "local") { totalCount nodes { id } } }';
      expect(JSON.stringify(await app.graphql(actors[who], query))).not.toContain(hidden.id);
    });

    it('prunes nothing of others', async () => {
      const { id } = await containers.create({ labels: { team: 'db' } });
      const start = recording.requests.length;
      const pruned = await app.rest(actors[who]).post(`${containers.path}/prune`).send({}).expect(200);
      expect(pruned.body).toMatchObject({ deletedIds: [] });
      expect(changesSince(start)).toEqual([]);
      expect(await containers.exists(id)).toBe(true);
    });

    it.each(Object.entries(USES_HIDDEN))('creates nothing that uses %s', async (_, options) => {
      for (const reference of [hidden.id, hidden.name, hidden.id.slice(0, 12)]) {
        const answer = await refused(actors[who], () => creating(actors[who], options(reference)));
        expect(answer).toEqual({ status: 404, code: 'not_found' });
      }
    });

    it.each<[string, () => Partial<CreateContainerInput>, number]>([
      ['volume', () => ({ mounts: [{ type: 'volume', source: volume, target: '/d' }] }), 404],
      ['volume in the short form', () => ({ binds: [`${volume}:/d:ro`] }), 404],
      ['network', () => ({ networks: [{ name: network }] }), 404],
    ])('creates nothing with the %s of others', async (_, options, status) => {
      const answer = await refused(actors[who], () => creating(actors[who], options()));
      expect(answer.status).toBe(status);
    });
  });

  describe('who sees the container but may not act on it', () => {
    const forViewer = ROUTES.filter(([method, path]) => !VIEWER_MAY.has(`${method} ${path}`));
    const forOperator = forViewer.filter(([method, path]) => !OPERATOR_MAY.test(`${method} ${path}`));
    const cases: OnRoute[] = [
      ...forViewer.map((route): OnRoute => ['viewer', ...route]),
      ...forOperator.map((route): OnRoute => ['operator', ...route]),
      ...ROUTES.slice(1).map((route): OnRoute => ['narrowed', ...route]),
    ];
    it.each(cases)('%s: %s container%s is 403', async (who, ...route) => {
      const base = `${containers.path}/${hidden.id}`;
      const answer = await refused(actors[who], () => rest(actors[who], route, base));
      expect(answer).toMatchObject(forbidden(route[0]));
    });

    const onExec = (['viewer', 'operator', 'narrowed'] as const).flatMap((who) =>
      EXEC_ROUTES.map((route): OnRoute => [who, ...route]),
    );
    it.each(onExec)('%s: %s exec%s is 403', async (who, ...route) => {
      const base = `/api/v1/engines/local/execs/${exec}`;
      const answer = await refused(actors[who], () => rest(actors[who], route, base));
      expect(answer).toMatchObject(forbidden(route[0]));
    });

    const mutations = Object.keys(FIELDS).filter((name) => !VIEWER_MAY_QUERY.includes(name));
    const onField = [
      ...mutations.map((name) => ['viewer', name] as const),
      ...mutations
        .filter((name) => !OPERATOR_MAY_MUTATE.test(name))
        .map((name) => ['operator', name] as const),
      ...Object.keys(FIELDS)
        .slice(1)
        .map((name) => ['narrowed', name] as const),
    ];
    it.each(onField)('%s: GraphQL %s is forbidden', async (who, name) => {
      const answer = await refused(actors[who], () => graphql(actors[who], FIELDS[name] ?? '', hidden));
      expect(answer.code).toBe('forbidden');
    });

    it.each<Who>(['viewer', 'operator', 'narrowed'])('%s: neither attaches nor executes', async (who) => {
      for (const path of [`/containers/${hidden.id}/attach`, `/execs/${exec}/start`]) {
        await refused(actors[who], async () => {
          expect(await TerminalClient.open(app, path, actors[who]).closed).toBe(4403);
          return { code: 'forbidden' };
        });
      }
    });

    it.each<Who>(['viewer', 'operator', 'narrowed'])('%s: creates nothing', async (who) => {
      for (const action of ['', '/run']) {
        const answer = await refused(actors[who], () => creating(actors[who], {}, action));
        expect(answer).toEqual({ status: 403, code: 'forbidden' });
      }
      for (const mutation of [CREATE, RUN]) {
        const input = { image: 'busybox' };
        const answer = await refused(actors[who], () => graphql(actors[who], mutation, { input }));
        expect(answer.code).toBe('forbidden');
      }
    });

    it.each<Who>(['viewer', 'operator', 'narrowed'])('%s: reads no environment value', async (who) => {
      const seen = await app.rest(actors[who]).get(`${containers.path}/${hidden.id}`).expect(200);
      expect(seen.body).toMatchObject({ id: hidden.id, env: null });
      const query = 'query ($id: String!) { container(engine: "local", id: $id) { id env raw } }';
      const asked = await app.graphql(actors[who], query, { id: hidden.id });
      expect(asked).toMatchObject({ data: { container: { id: hidden.id, env: null } } });
      for (const text of [seen.text, JSON.stringify(asked)]) {
        expect(text).not.toContain(SECRET);
        expect(text).not.toContain('"max-size"');
      }
    });

    it.each(['e', 'auxe', 'axeww', '-o pid,environ', '-eo pid,args e', '-ef --format environ', '-F\te'])(
      'viewer: ps %j is not to be had',
      async (psArgs) => {
        const start = recording.requests.length;
        const top = await app
          .rest(actors.viewer)
          .get(`${containers.path}/${hidden.id}/top`)
          .query({ psArgs });
        expect(top.status).toBe(400);
        const query = `query ($id: String!, $psArgs: String) {
          containerProcesses(engine: "local", id: $id, input: { psArgs: $psArgs }) { __typename }
        }`;
        const asked = await graphql(actors.viewer, query, { id: hidden.id, psArgs });
        expect(asked.code).toBe('invalid_input');
        expect(recording.requests.slice(start)).toEqual([]);
      },
    );
  });

  describe('at level baseline', () => {
    const cases = (['labelled', 'owner', 'developer'] as const).flatMap((who) =>
      Object.keys(ABOVE_BASELINE).map((what) => [who, what] as const),
    );
    it.each(cases)('%s creates nothing with %s', async (who, what) => {
      const options = ABOVE_BASELINE[what] ?? {};
      const answer = await refused(actors[who], () => creating(actors[who], options));
      expect(answer).toEqual({ status: 403, code: 'policy_violation' });
    });

    it.each(Object.keys(ABOVE_BASELINE))('nobody does by GraphQL either: %s', async (what) => {
      const input = { image: 'busybox', ...ABOVE_BASELINE[what], labels: { team: 'web' } };
      const answer = await refused(actors.labelled, () => graphql(actors.labelled, CREATE, { input }));
      expect(answer.code).toBe('policy_violation');
    });

    it('the host network is refused by its id too', async () => {
      const { Id } = (await containers.engine.getNetwork('host').inspect()) as { Id: string };
      for (const name of [Id, Id.slice(0, 12)]) {
        const answer = await refused(actors.developer, () =>
          creating(actors.developer, { networks: [{ name }] }),
        );
        expect(answer).toEqual({ status: 403, code: 'policy_violation' });
      }
    });

    it.each<{ labels: Record<string, string> }>([
      { labels: { 'io.dockmaster.owner': 'admin' } },
      { labels: { 'io.dockmaster.': '' } },
      { labels: { 'IO.Dockmaster.team': 'web' } },
    ])('nobody writes the label $labels', async ({ labels }) => {
      const start = recording.requests.length;
      expect(await creating(actors.developer, { labels })).toEqual({ status: 400, code: 'invalid_input' });
      const mounts = [{ type: 'volume' as const, target: '/d', volume: { labels } }];
      expect(await creating(actors.developer, { mounts })).toEqual({ status: 400, code: 'invalid_input' });
      expect(changesSince(start)).toEqual([]);
    });

    it.each([{ team: 'db' }, { team: 'WEB' }, { team: 'web ' }, { team: '' }])(
      'a label scope creates nothing labelled %j',
      async (labels) => {
        const answer = await refused(actors.labelled, () => creating(actors.labelled, { labels }));
        expect(answer).toEqual({ status: 403, code: 'forbidden' });
      },
    );

    it('a container above it is not entered, written to or changed', async () => {
      const { id } = await containers.run({ labels: { team: 'web' }, namespaces: { pid: 'host' } });
      const entering: typeof ROUTES = [
        ['post', '/execs', { command: ['id'] }],
        ['put', '/archive?path=/', ''],
        ['patch', '', { resources: { cpuShares: 2 } }],
      ];
      for (const route of entering) {
        const answer = await refused(actors.labelled, () =>
          rest(actors.labelled, route, `${containers.path}/${id}`),
        );
        expect(answer).toEqual({ status: 403, code: 'policy_violation' });
      }
      const made = await app
        .rest(admin)
        .post(`${containers.path}/${id}/execs`)
        .send({ command: ['id'] });
      const { id: execId } = made.body as { id: string };
      for (const path of [`/containers/${id}/attach`, `/execs/${execId}/start`]) {
        await refused(actors.labelled, async () => {
          expect(await TerminalClient.open(app, path, actors.labelled).closed).toBe(4403);
          return { code: 'policy_violation' };
        });
      }
      for (const options of Object.values(USES_HIDDEN)) {
        const answer = await refused(actors.labelled, () => creating(actors.labelled, options(id)));
        expect(answer).toEqual({ status: 403, code: 'policy_violation' });
      }
    });

    it('an exec is not privileged', async () => {
      const { id } = await containers.run({ labels: { team: 'web' } });
      const answer = await refused(actors.labelled, () =>
        rest(
          actors.labelled,
          ['post', '/execs', { command: ['id'], privileged: true }],
          `${containers.path}/${id}`,
        ),
      );
      expect(answer).toEqual({ status: 403, code: 'policy_violation' });
    });
  });

  describe('with tokens', () => {
    it.each([['*:*'], ['containers:*'], ['containers:exec']])(
      'a narrowed one makes none for %s',
      async (permission) => {
        const made = await app
          .rest(actors.narrowed)
          .post('/api/v1/tokens')
          .send({ name: 'wider', permissions: [permission] });
        const { status } = made;
        if (status !== 201) {
          expect(status).toBe(403);
          return;
        }
        const authorization = `Bearer ${(made.body as CreatedApiToken).token}`;
        const wider = { ...actors.narrowed, authorization };
        const answer = await refused(wider, () =>
          rest(wider, ['post', '/execs', { command: ['id'] }], `${containers.path}/${hidden.id}`),
        );
        expect(answer).toEqual({ status: 403, code: 'forbidden' });
      },
    );

    it('one made by a narrowed one without limits has the same limits, and goes with it', async () => {
      const parent = await tokenOf(actors.developer, ['containers:get']);
      const child = await tokenOf(parent.actor);
      const execute = () =>
        rest(child.actor, ['post', '/execs', { command: ['id'] }], `${containers.path}/${hidden.id}`);
      expect(await refused(child.actor, execute)).toEqual({ status: 403, code: 'forbidden' });
      await app.rest(actors.developer).delete(`/api/v1/tokens/${parent.id}`).expect(204);
      expect(await execute()).toMatchObject({ status: 401 });
    });

    it('a revoked one ends its subscriptions', async () => {
      const { id, actor } = await tokenOf(actors.viewer);
      const client = clientOf(actor);
      const logs = subscribe<object>(client, SUBSCRIPTIONS['containerLogs'] ?? '', { id: hidden.id });
      await logs.until((lines) => lines.length > 0);
      await app.rest(actors.viewer).delete(`/api/v1/tokens/${id}`).expect(204);
      await logs.ended;
      const again = subscribe<object>(client, SUBSCRIPTIONS['containerStats'] ?? '', { id: hidden.id });
      await again.ended;
      expect(again.values).toEqual([]);
    });
  });

  it('a scoped subscription to events tells of nobody else', async () => {
    const query = 'subscription { engineEvents(engine: "local") { type action actorId attributes } }';
    const events = subscribe<{ actorId: string }>(clientOf(actors.labelled), query);
    const all = subscribe<{ actorId: string }>(clientOf(admin), query);
    const poke = setInterval(() => void containers.create({ labels: { team: 'web' } }), 200);
    await events.until(({ length }) => length > 0);
    await all.until(({ length }) => length > 0);
    clearInterval(poke);
    await app.rest(admin).post(`${containers.path}/${hidden.id}/pause`).expect(204);
    await app.rest(admin).post(`${containers.path}/${hidden.id}/unpause`).expect(204);
    await all.until((seen) => seen.some(({ actorId }) => actorId === hidden.id));
    const { id } = await containers.create({ labels: { team: 'web' } });
    await events.until((seen) => seen.some(({ actorId }) => actorId === id));
    const told = JSON.stringify(events.values);
    expect(told).not.toContain(hidden.id);
    expect(events.errors).toEqual([]);
  });

  it.each<Who>(['viewer', 'operator', 'developer', 'labelled', 'narrowed'])(
    '%s reads no audit trail',
    async (who) => {
      const audit = await refused(actors[who], () => rest(actors[who], ['get', ''], '/api/v1/audit'));
      expect(audit).toEqual({ status: 403, code: 'forbidden' });
    },
  );
});
