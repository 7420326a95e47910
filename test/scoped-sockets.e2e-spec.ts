import { existsSync, lstatSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Problem } from '../src/http/problem.js';
import { ServiceAccountsService } from '../src/identity/service-accounts.service.js';
import type { ScopedSocket } from '../src/scoped-sockets/scoped-socket.model.js';
import { type TestActor, TestApp } from './support/app.js';
import { docker } from './support/docker-cli.js';
import {
  audited,
  DoorwayCalls,
  holderOf,
  overSocket,
  program,
  RunningDocker,
  type TestProgram,
} from './support/doorways.js';
import { eventually } from './support/eventually.js';
import { freshDatabase } from './support/postgres.js';
import { TestContainers } from './support/test-containers.js';

const NOBODY = '00000000-0000-7000-8000-000000000000';
/** What a right that is gone may last. */
const WITHDRAWN_MS = 5_000;

let app: TestApp;
let admin: TestActor;
let sockets: DoorwayCalls<ScopedSocket>;
let viewer: TestProgram;
let containers: TestContainers;
let container: string;
const running: RunningDocker[] = [];

beforeAll(async () => {
  app = await TestApp.start();
  admin = await app.admin();
  sockets = new DoorwayCalls(app, admin, 'scoped-sockets');
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
});

let count = 0;
const body = (more: object = {}) => ({
  name: `socket-${++count}`,
  subject: viewer.subject,
  engine: 'local',
  ...more,
});
const host = ({ path }: ScopedSocket) => `unix://${path}`;
function follow(socket: ScopedSocket, ...args: string[]): RunningDocker {
  const client = new RunningDocker(host(socket), {}, ...args);
  running.push(client);
  return client;
}

describe.each(['sqlite', 'postgres'] as const)('scoped sockets on %s', (kind) => {
  it('are made, seen, changed and removed by REST and GraphQL, all on record', async () => {
    const database = kind === 'postgres' ? await freshDatabase() : undefined;
    const own = await TestApp.start(database ? { environment: { DATABASE_URL: database.url } } : {});
    try {
      const boss = await own.admin();
      const calls = new DoorwayCalls<ScopedSocket>(own, boss, 'scoped-sockets');
      const { subject } = await program(own, 'proxy', { role: 'viewer' });
      const made = await calls.create({
        name: 'proxy',
        subject,
        engine: 'local',
        permissions: ['containers:*'],
      });
      expect(made).toEqual({
        id: expect.any(String),
        name: 'proxy',
        description: '',
        subject: { ...subject, name: 'proxy' },
        engine: 'local',
        permissions: ['containers:*'],
        disabled: false,
        expiresAt: null,
        createdAt: expect.any(String),
        updatedAt: expect.any(String),
        lastUsedAt: null,
        path: expect.stringMatching(/\/sockets\/proxy\/docker\.sock$/),
        mode: '0660',
        owner: null,
        group: null,
        state: 'listening',
        problem: null,
      });
      expect(await calls.get(made.id)).toEqual(made);
      expect(await calls.get('')).toEqual({ items: [made], nextCursor: null, totalCount: 1 });
      await calls.create({ name: 'proxy', subject, engine: 'local' }, 409);
      expect(
        await calls.patch(made.id, { description: 'of the front', disabled: true, mode: '600' }),
      ).toMatchObject({
        description: 'of the front',
        disabled: true,
        mode: '0600',
        state: 'disabled',
        permissions: ['containers:*'],
      });
      expect(existsSync(made.path)).toBe(false);

      const fields = 'id name mode state permissions subject { kind name }';
      const create = `mutation ($input: CreateScopedSocketInput!) { createScopedSocket(input: $input) { ${fields} } }`;
      const answer = await own.graphql(boss, create, { input: { name: 'second', subject, engine: 'local' } });
      expect(answer.data).toMatchObject({ createScopedSocket: { name: 'second', state: 'listening' } });
      const { id } = answer.data?.['createScopedSocket'] as { id: string };
      const all = await own.graphql(
        boss,
        `query ($id: String!) { scopedSockets { totalCount nodes { name } } scopedSocket(id: $id) { ${fields} } }`,
        { id },
      );
      expect(all.data).toEqual({
        scopedSockets: { totalCount: 2, nodes: [{ name: 'proxy' }, { name: 'second' }] },
        scopedSocket: expect.objectContaining({ id, subject: { kind: 'serviceAccount', name: 'proxy' } }),
      });
      const change = `mutation ($id: String!) {
        updateScopedSocket(id: $id, input: { permissions: ["system:*"] }) { permissions }
        deleteScopedSocket(id: $id)
      }`;
      expect((await own.graphql(boss, change, { id })).data).toEqual({
        updateScopedSocket: { permissions: ['system:*'] },
        deleteScopedSocket: true,
      });
      await calls.delete(made.id);
      await calls.delete(made.id, 404);
      expect(await calls.get('')).toMatchObject({ items: [] });
      expect(existsSync(join(made.path, '..'))).toBe(false);
      const trail = await audited(own, boss, { targetKind: 'scopedSocket' });
      expect(trail.map(({ operation, door, outcome }) => `${door} ${operation} ${outcome}`)).toEqual([
        'rest scopedSockets:delete succeeded',
        'graphql scopedSockets:delete succeeded',
        'graphql scopedSockets:update succeeded',
        'graphql scopedSockets:create succeeded',
        'rest scopedSockets:update succeeded',
        'rest scopedSockets:create failed',
        'rest scopedSockets:create succeeded',
      ]);
    } finally {
      await own.stop();
      await database?.drop();
    }
  });
});

describe('a scoped socket', () => {
  it('lets a Docker client in as whom it stands for, with the rights of that one', async () => {
    const socket = await sockets.create(body());
    expect(await docker(host(socket), 'ps', '--no-trunc', '-q')).toContain(container);
    expect(await docker(host(socket), 'logs', container)).toContain('ready');
    expect(await docker(host(socket), 'version', '--format', '{{.Server.Version}}')).toMatch(/^\d+\./);
    await expect(docker(host(socket), 'stop', container)).rejects.toThrow(
      /permission|not allowed|containers:stop/i,
    );
    await expect(docker(host(socket), 'run', 'busybox')).rejects.toThrow(
      /permission|not allowed|containers:create/i,
    );
    expect((await containers.inspect(container)).State.Running).toBe(true);
    const [refusal] = await audited(app, admin, { door: 'socket', operation: 'ContainerStop' });
    expect(refusal).toMatchObject({
      actorKind: 'serviceAccount',
      actorName: 'viewer-program',
      tokenId: socket.id,
      outcome: 'refused',
      engine: 'local',
      address: `unix:${socket.name}`,
    });
    expect((await sockets.get(socket.id)).lastUsedAt).not.toBeNull();
  });

  it('is for what its own limits leave of that', async () => {
    const socket = await sockets.create(
      body({ permissions: ['containers:list', 'system:ping', 'system:version'] }),
    );
    expect(await docker(host(socket), 'ps', '--no-trunc', '-q')).toContain(container);
    await expect(docker(host(socket), 'logs', container)).rejects.toThrow();
    await expect(docker(host(socket), 'images')).rejects.toThrow(/images:list/);
    const none = await program(app, 'without-rights');
    const useless = await sockets.create(body({ subject: none.subject }));
    await expect(docker(host(useless), 'ps')).rejects.toThrow();
  });

  it('has a file with the mode, owner and group that it was given, in a folder that others cannot look into', async () => {
    const plain = await sockets.create(body());
    const facts = lstatSync(plain.path);
    expect(facts.isSocket()).toBe(true);
    expect(facts.mode & 0o777).toBe(0o660);
    expect([facts.uid, facts.gid]).toEqual([process.geteuid?.(), process.getegid?.()]);
    expect(lstatSync(join(plain.path, '..')).mode & 0o777).toBe(0o711);
    expect(lstatSync(join(plain.path, '../..')).mode & 0o777).toBe(0o711);
    const given = await sockets.create(body({ mode: '0620', owner: '65534', group: 'daemon' }));
    expect(given).toMatchObject({ mode: '0620', owner: '65534', group: 'daemon', state: 'listening' });
    const changed = lstatSync(given.path);
    expect([changed.mode & 0o777, changed.uid, changed.gid]).toEqual([0o620, 65534, 1]);
    await sockets.patch(given.id, { group: '4' });
    const again = lstatSync(given.path);
    expect([again.mode & 0o777, again.uid, again.gid]).toEqual([0o620, 65534, 4]);
  });

  it('is not made with a dry run, which checks all the same', async () => {
    const name = 'rehearsed';
    const query = { dryRun: true };
    expect(await sockets.create(body({ name }), 201, query)).toMatchObject({ name, state: 'ended' });
    await sockets.create(body({ name, owner: 'nobody-by-this-name' }), 400, query);
    const { items } = await sockets.get<{ items: ScopedSocket[] }>();
    expect(items.filter((socket) => socket.name === name)).toEqual([]);
    expect(existsSync((await sockets.create(body())).path.replace(/[^/]+\/docker\.sock$/, name))).toBe(false);
  });

  it.each([
    ['a name that leads elsewhere', { name: '../outside' }, 'name'],
    ['a name with a slash', { name: 'a/b' }, 'name'],
    ['a name in upper case', { name: 'Proxy' }, 'name'],
    ['the name of the folder itself', { name: '.' }, 'name'],
    ['an empty name', { name: '' }, 'name'],
    ['a name of 41 characters', { name: 'a'.repeat(41) }, 'name'],
    ['a mode with more than permission bits', { mode: '4777' }, 'mode'],
    ['a mode that is no number', { mode: 'rw-rw' }, 'mode'],
    ['an owner that there is not', { owner: 'nobody-by-this-name' }, 'owner'],
    ['a group that there is not', { group: 'nobody-by-this-name' }, 'group'],
    ['a number that means nobody', { owner: '4294967295' }, 'owner'],
    ['a team, which nobody is', { subject: { kind: 'team', id: NOBODY } }, 'subject.kind'],
    ['somebody who is not there', { subject: { kind: 'user', id: NOBODY } }, 'subject.id'],
    ['an engine that is not there', { engine: 'elsewhere' }, 'engine'],
    ['a permission that there is not', { permissions: ['containers:own'] }, 'permissions.0'],
    ['an end in the past', { expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    ['a path of its own', { path: '/run/docker.sock' }, 'path'],
  ])('is not made with %s', async (_what, wrong, field) => {
    const problem = await sockets.create<Problem>(body(wrong), 400);
    expect(problem.errors.map((error) => error.field)).toContain(field);
  });
});

describe('who may make a scoped socket', () => {
  const ALL = ['scopedSockets:*', 'engines:*', 'containers:list'];

  it('is not who lacks the permission, and the refusal is on record', async () => {
    const nobody = await app.user('may-not', [{ role: 'developer' }]);
    await sockets.as(nobody).create(body(), 403);
    await sockets.as(nobody).get('', 403);
    const [record] = await audited(app, admin, { actor: nobody.id, operation: 'scopedSockets:create' });
    expect(record?.outcome).toBe('refused');
  });

  it('gives nobody more than it has: not to stand for who may more, nor to change or enable such a one', async () => {
    const socket = await sockets.create(body());
    await sockets.patch(socket.id, { disabled: true });
    const holder = await holderOf(app, admin, 'holder', ALL);
    const its = sockets.as(holder);
    await its.create(body(), 403);
    await its.create(body({ permissions: ['containers:list'] }), 403);
    await its.create(body({ subject: { kind: 'user', id: admin.id } }), 403);
    await its.patch(socket.id, { disabled: false }, 403);
    await its.patch(socket.id, { mode: '0666' }, 403);
    expect(await sockets.get(socket.id)).toMatchObject({ disabled: true, mode: '0660' });
    const less = await program(app, 'less', { role: 'holder-role' });
    expect((await its.create(body({ subject: less.subject }))).state).toBe('listening');
    await its.delete(socket.id);
  });

  it('gives no more than the API token in use has, and what it makes goes with the token', async () => {
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const limited = { name: 'limited', permissions: ALL, engines: ['*'], expiresAt };
    const token = await app.rest(admin).post('/api/v1/tokens').send(limited).expect(201);
    const { id, token: secret } = token.body as { id: string; token: string };
    const its = sockets.as({ ...admin, authorization: `Bearer ${secret}` });
    const less = await program(app, 'less-still', { role: 'holder-role' });
    await its.create(body({ subject: less.subject, permissions: ['containers:*'] }), 403);
    await its.create(body({ subject: { kind: 'user', id: admin.id } }), 403);
    const late = new Date(Date.now() + 7_200_000).toISOString();
    await its.create(body({ subject: less.subject, expiresAt: late }), 400);
    const made = await its.create(body({ subject: less.subject }));
    expect(made).toMatchObject({ permissions: ALL, expiresAt });
    await app.rest(admin).delete(`/api/v1/tokens/${id}`).expect(204);
    await sockets.get(made.id, 404);
    await eventually(
      () => existsSync(made.path),
      (there) => !there,
    );
  });
});

describe('what goes on through a scoped socket', () => {
  async function followed(more: object = {}) {
    const who = await program(app, `follower-${++count}`, { role: 'viewer' });
    const socket = await sockets.create(body({ subject: who.subject, ...more }));
    const client = follow(socket, 'logs', '-f', container);
    await eventually(
      () => client.output,
      (text) => text.includes('ready'),
    );
    return { socket, client, id: who.subject.id };
  }

  it.each([
    ['it is removed', ({ socket }) => sockets.delete(socket.id)],
    ['it is disabled', ({ socket }) => sockets.patch(socket.id, { disabled: true })],
    ['its permissions are narrowed', ({ socket }) => sockets.patch(socket.id, { permissions: ['system:*'] })],
    [
      'whom it stands for is disabled',
      ({ id }) =>
        app.rest(admin).patch(`/api/v1/service-accounts/${id}`).send({ disabled: true }).expect(200),
    ],
    [
      'whom it stands for is deleted',
      ({ id }) => app.rest(admin).delete(`/api/v1/service-accounts/${id}`).expect(204),
    ],
    [
      'whom it stands for loses the role',
      async ({ id }) => {
        const found = await app.rest(admin).get('/api/v1/role-bindings').query({ subjectId: id }).expect(200);
        for (const binding of (found.body as { items: { id: string }[] }).items)
          await app.rest(admin).delete(`/api/v1/role-bindings/${binding.id}`).expect(204);
      },
    ],
    [
      'somebody removes the file',
      ({ socket }) => {
        rmSync(socket.path);
        return Promise.resolve();
      },
    ],
  ] as [string, (what: { socket: ScopedSocket; id: string }) => Promise<unknown>][])(
    'ends within 5 s when %s',
    async (_when, withdraw) => {
      const { socket, client, id } = await followed();
      await withdraw({ socket, id });
      expect(await client.endsIn()).toBeLessThan(WITHDRAWN_MS);
    },
  );

  it('ends when its end has come, and nobody comes in after that', async () => {
    const { socket, client } = await followed({ expiresAt: new Date(Date.now() + 3_000).toISOString() });
    expect(await client.endsIn()).toBeLessThan(3_000 + WITHDRAWN_MS);
    await eventually(
      () => existsSync(socket.path),
      (there) => !there,
    );
    expect(await sockets.get(socket.id)).toMatchObject({ state: 'ended', problem: null });
  });

  it('opens again when it is enabled again', async () => {
    const socket = await sockets.create(body());
    await sockets.patch(socket.id, { disabled: true });
    await expect(overSocket(socket.path, '/_ping')).rejects.toThrow('ENOENT');
    expect((await sockets.patch(socket.id, { disabled: false })).state).toBe('listening');
    expect((await overSocket(socket.path, '/_ping')).status).toBe(200);
  });
});

describe('a request by a scoped socket', () => {
  it.each([
    ['a token of somebody else', () => ({ authorization: admin.authorization })],
    ['a token that is none', () => ({ authorization: 'Bearer nonsense' })],
    ['an empty Authorization header', () => ({ authorization: '' })],
    ['credentials for a proxy', () => ({ 'proxy-authorization': 'Basic YWRtaW46YWRtaW4=' })],
    ['the mark of a browser', () => ({ 'sec-fetch-site': 'none' })],
    ['a foreign origin', () => ({ origin: 'https://evil.example' })],
    ['an origin that is none', () => ({ origin: 'null' })],
  ])('with %s is refused, and that is on record', async (_what, headers) => {
    const socket = await sockets.create(body());
    const { status, text } = await overSocket(socket.path, '/containers/json', { headers: headers() });
    expect(status).toBe(403);
    expect(JSON.parse(text)).toEqual({
      message: expect.stringMatching(/stands for somebody|not for browsers/),
    });
    const upgrade = { ...headers(), connection: 'Upgrade', upgrade: 'tcp' };
    const upgraded = await overSocket(socket.path, `/containers/${container}/attach?stream=1`, {
      method: 'POST',
      headers: upgrade,
    });
    expect(upgraded.status).toBe(403);
    const records = await audited(app, admin, { door: 'socket', operation: 'connect', target: socket.id });
    expect(records.map(({ outcome, actorName }) => [outcome, actorName])).toEqual([
      ['refused', 'viewer-program'],
      ['refused', 'viewer-program'],
    ]);
  });
});

describe('the folder of the sockets', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'dockmaster-sockets-'));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const start = (dataDir: string, socketDir: string) =>
    TestApp.start({ dataDir, environment: { DOCKMASTER_SOCKET_DIR: socketDir } });

  it('survives a restart: what is stale is replaced, what is somebody else’s is not, and nothing is left over', async () => {
    const [data, folder] = [join(directory, 'data'), join(directory, 'run')];
    const first = await start(data, folder);
    const boss = await first.admin();
    const { subject } = await program(first, 'program', { role: 'viewer' });
    const calls = new DoorwayCalls<ScopedSocket>(first, boss, 'scoped-sockets');
    const made: Record<string, ScopedSocket> = {};
    for (const name of ['stale', 'taken', 'blocked', 'gone'])
      made[name] = await calls.create({ name, subject, engine: 'local' });
    const path = (name: string) => made[name]?.path ?? '';
    const socketLeftAt = async (target: string) => {
      const crashed = createServer().listen(`${target}.crashed`);
      await once(crashed, 'listening');
      renameSync(`${target}.crashed`, target);
      crashed.close();
    };
    await calls.delete(made['gone']?.id ?? '');
    await first.stop();
    expect(['stale', 'taken', 'blocked'].map((name) => existsSync(path(name)))).toEqual([
      false,
      false,
      false,
    ]);

    await socketLeftAt(path('stale'));
    writeFileSync(path('blocked'), 'precious');
    mkdirSync(join(path('gone'), '..'));
    await socketLeftAt(path('gone'));
    // Who only looks whether somebody listens is gone before it is answered.
    const other = createServer((socket) => socket.on('error', () => undefined).end()).listen(path('taken'));
    await once(other, 'listening');

    const second = await start(data, folder);
    try {
      const again = new DoorwayCalls<ScopedSocket>(second, await second.admin(), 'scoped-sockets');
      const status = async (name: string) => {
        const { state, problem } = await again.get(made[name]?.id ?? '');
        return `${state} ${problem ?? ''}`;
      };
      expect(await status('stale')).toBe('listening ');
      expect((await overSocket(path('stale'), '/_ping')).status).toBe(200);
      expect(await status('taken')).toMatch(/^failed Another process listens/);
      expect(await status('blocked')).toMatch(/^failed .*no socket/);
      expect(existsSync(join(path('gone'), '..'))).toBe(false);
      other.close();
      await eventually(
        () => status('taken'),
        (text) => text === 'listening ',
      );
      expect(await status('blocked')).toMatch(/^failed/);
    } finally {
      await second.stop();
    }
    expect(lstatSync(path('blocked')).isFile()).toBe(true);
  });

  it.each([
    [
      'holds what is not ours',
      (folder: string) => writeFileSync(join(folder, 'docker.sock'), ''),
      'name an empty folder',
    ],
    ['can be written to by others', (folder: string) => mkdirSync(join(folder, 'x'), { mode: 0o777 }), ''],
  ])('is left alone where it %s', async (what, spoil, problem) => {
    const folder = join(directory, what.replaceAll(/\W/g, '-'));
    mkdirSync(folder, { mode: 0o755 });
    spoil(folder);
    const own = await start(`${folder}-data`, folder);
    try {
      const calls = new DoorwayCalls<ScopedSocket>(own, await own.admin(), 'scoped-sockets');
      const { subject } = await program(own, 'program', { role: 'viewer' });
      const failed = await calls.create({ name: 'docker', subject, engine: 'local' });
      expect(failed).toMatchObject({ state: 'failed', problem: expect.stringContaining(problem) });
      expect(existsSync(failed.path)).toBe(false);
    } finally {
      await own.stop();
    }
  });

  it('may be so deep that no path fits, which is told before anything is made', async () => {
    const folder = join(directory, 'deep'.repeat(20));
    const own = await start(join(directory, 'deep-data'), folder);
    try {
      const calls = new DoorwayCalls<ScopedSocket>(own, await own.admin(), 'scoped-sockets');
      const { subject } = await program(own, 'program', { role: 'viewer' });
      const problem = await calls.create<Problem>({ name: 'proxy', subject, engine: 'local' }, 400);
      expect(problem.errors).toEqual([{ field: 'name', message: expect.stringContaining('107') }]);
      expect(existsSync(folder)).toBe(false);
    } finally {
      await own.stop();
    }
  });
});

describe('two that share a database and the folder', () => {
  it('do not take each other’s sockets; the other takes over', async () => {
    const database = await freshDatabase();
    const folder = mkdtempSync(join(tmpdir(), 'dockmaster-sockets-'));
    const environment = {
      DATABASE_URL: database.url,
      DOCKMASTER_SOCKET_DIR: folder,
      DOCKMASTER_SECRET_KEY: 'k'.repeat(32),
    };
    const [one, two] = [await TestApp.start({ environment }), await TestApp.start({ environment })];
    try {
      const boss = await one.admin();
      const calls = new DoorwayCalls<ScopedSocket>(one, boss, 'scoped-sockets');
      const { subject } = await program(one, 'program', { role: 'viewer' });
      const made = await calls.create({ name: 'shared', subject, engine: 'local' });
      const there = new DoorwayCalls<ScopedSocket>(two, boss, 'scoped-sockets');
      await eventually(
        () => there.get(made.id),
        ({ state }) => state === 'failed',
      );
      expect((await overSocket(made.path, '/_ping')).status).toBe(200);
      await one.stop();
      await eventually(
        () => there.get(made.id),
        ({ state }) => state === 'listening',
      );
      expect((await overSocket(made.path, '/_ping')).status).toBe(200);
      await two.nest.get(ServiceAccountsService).update(subject.id, { disabled: true });
      await eventually(
        () => existsSync(made.path),
        (still) => !still,
      );
    } finally {
      await two.stop();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
