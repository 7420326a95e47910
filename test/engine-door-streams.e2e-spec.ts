import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { RoleBindingsService } from '../src/access/role-bindings.service.js';
import type { ScopedSocket } from '../src/scoped-sockets/scoped-socket.model.js';
import { type TestActor, TestApp } from './support/app.js';
import { DoorClient } from './support/door-client.js';
import { DoorwayCalls, overSocket } from './support/doorways.js';
import { eventually } from './support/eventually.js';
import { sharedEngine } from './support/shared-peers.js';
import { TestImages } from './support/test-images.js';

const MOST = 3;
const LABELS = ['web', 'ops'] as const;

let app: TestApp;
let admin: TestActor;
let images: TestImages;
const open = new Set<ClientRequest>();

beforeAll(async () => {
  app = await TestApp.start({ environment: { DOCKMASTER_DOOR_STREAMS_PER_ACTOR: String(MOST) } });
  admin = await app.admin();
  images = new TestImages(app, admin);
});
afterEach(() => {
  for (const request of open) request.destroy();
  open.clear();
});
afterAll(async () => {
  await images.removeAll();
  await app.stop();
});

function ask(
  actor: TestActor,
  path: string,
  { method = 'GET', headers = {}, root = '/docker/local/v1.41' } = {},
): ClientRequest {
  const { hostname: host, port } = new URL(app.url);
  const sent = { authorization: actor.authorization, ...headers };
  const request = httpRequest({ host, port, method, path: `${root}${path}`, headers: sent, agent: false });
  request.on('error', () => undefined);
  open.add(request);
  return request;
}
async function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  return answer.on('error', () => undefined);
}
async function textOf(answer: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) text += String(chunk);
  return text;
}

describe('what one may have open at the same time', () => {
  const events = async (actor: TestActor) => answerTo(ask(actor, '/events').end());

  it('is bounded, for each user by itself, and by all ways in together', async () => {
    const viewer = await app.user('many', [{ role: 'viewer' }]);
    const other = await app.user('other', [{ role: 'viewer' }]);
    const sockets = new DoorwayCalls<ScopedSocket>(app, admin, 'scoped-sockets');
    const subject = { kind: 'user', id: viewer.id };
    const socket = await sockets.create({ name: 'many', subject, engine: 'local' });
    const [first] = await Promise.all(Array.from({ length: MOST }, () => events(viewer)));

    const refused = await events(viewer);
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '5']);
    expect(JSON.parse(await textOf(refused))).toEqual({
      message: `Too many streams: you have ${MOST} open, and may have no more`,
    });
    expect((await overSocket(socket.path, '/events')).status).toBe(429);
    const client = await DoorClient.of(app.url, viewer);
    expect(await client.run(['events'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Too many streams'),
    });
    // What is over at once is not counted, nor is what others have.
    expect((await client.run(['ps', '-q'])).code).toBe(0);
    expect((await events(other)).statusCode).toBe(200);

    first?.destroy();
    await eventually(
      async () => (await events(viewer)).statusCode,
      (status) => status === 200,
    );
    await client.remove();
  });

  it('is what one has open by REST, too', async () => {
    const developer = await app.user('both', [{ role: 'developer' }]);
    const { text } = await sharedEngine().call('POST', '/containers/create', { body: { Image: 'busybox' } });
    const { Id } = JSON.parse(text) as { Id: string };
    const volume = `looked-into-${Id.slice(0, 8)}`;
    await sharedEngine().call('POST', '/volumes/create', { body: { Name: volume } });
    const rest = (path: string) =>
      answerTo(ask(developer, path, { root: '/api/v1/engines/local', headers: { accept: '*/*' } }).end());
    const exported = () => rest(`/containers/${Id}/export`);
    try {
      const past = await rest('/events?since=2026-01-01T00:00:00Z');
      const held = [past, ...(await Promise.all([events(developer), events(developer)]))];
      expect(held.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);

      const refused = await exported();
      expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '5']);
      expect(JSON.parse(await textOf(refused))).toMatchObject({
        code: 'too_many_requests',
        detail: `Too many streams: you have ${MOST} open, and may have no more`,
      });
      expect((await events(developer)).statusCode).toBe(429);
      expect((await rest(`/volumes/${volume}/files`)).statusCode).toBe(429);
      // What viewers share is no stream of its own on the engine.
      expect((await rest('/events')).statusCode).toBe(200);

      past.destroy();
      const again = await eventually(exported, ({ statusCode }) => statusCode === 200);
      again.resume();
      await once(again, 'end');
      // Twice: what was looked into is closed again.
      for (let index = 0; index < 2; index++)
        await eventually(
          () => rest(`/volumes/${volume}/files`),
          ({ statusCode }) => statusCode === 200,
        );
    } finally {
      await sharedEngine().call('DELETE', `/containers/${Id}?force=1`);
      await sharedEngine().call('DELETE', `/volumes/${volume}`);
    }
  });

  it('counts terminals and attached containers too', async () => {
    const developer = await app.user('attached', [{ role: 'developer' }]);
    const { text } = await sharedEngine().call('POST', '/containers/create', {
      body: { Image: 'busybox', Cmd: ['sleep', '600'], StopSignal: 'KILL' },
    });
    const { Id } = JSON.parse(text) as { Id: string };
    await sharedEngine().call('POST', `/containers/${Id}/start`);
    try {
      const attach = () =>
        ask(developer, `/containers/${Id}/attach?stream=1&stdout=1`, {
          method: 'POST',
          headers: { connection: 'Upgrade', upgrade: 'tcp' },
        }).end();
      const upgraded = async () => ((await once(attach(), 'upgrade')) as [unknown, Duplex])[1];
      await Promise.all(Array.from({ length: MOST }, upgraded));
      expect((await answerTo(attach())).statusCode).toBe(429);
    } finally {
      await sharedEngine().call('DELETE', `/containers/${Id}?force=1`);
    }
  });
});

describe('what goes on ends when a right to a part of it is withdrawn', () => {
  /** Somebody with a role for objects of each label, one of which may be taken from him. */
  const holder = async (username: string, bindings: Parameters<TestApp['user']>[1]) => {
    const actor = await app.user(username, bindings);
    const service = app.nest.get(RoleBindingsService);
    const held = await service.forActor({ kind: 'user', id: actor.id, name: username, teamIds: [] });
    const withdraw = async (which: (role: string, selector: string | undefined) => boolean) => {
      for (const { id, role, scope } of held) if (which(role, scope.labelSelector)) await service.unbind(id);
    };
    return { actor, withdraw };
  };
  const role = async (name: string, permissions: string[]) => {
    await app.rest(admin).post('/api/v1/roles').send({ name, permissions }).expect(201);
    return name;
  };

  it('of several images that are saved', async () => {
    const labelled = (label: string) => ({
      role: 'developer' as const,
      scope: { engines: ['*'], labelSelector: `team=${label}` },
    });
    const { actor, withdraw } = await holder('saves', LABELS.map(labelled));
    const names: string[] = [];
    for (const label of LABELS) names.push(await large(label));
    const answer = await answerTo(
      ask(actor, `/images/get?${names.map((name) => `names=${name}`).join('&')}`).end(),
    );
    expect(answer.statusCode).toBe(200);
    await once(answer, 'readable');
    await withdraw((_, selector) => selector === 'team=ops');
    await expect(readSlowly(answer)).rejects.toThrow('aborted');
  });

  it('of an upload that is about no object', async () => {
    const { actor, withdraw } = await holder('loads', [
      { role: await role('loader', ['images:load']) },
      { role: 'developer', scope: { engines: ['*'], labelSelector: 'team=web' } },
    ]);
    const load = ask(actor, '/images/load', {
      method: 'POST',
      headers: { 'content-type': 'application/x-tar' },
    });
    load.write(Buffer.alloc(512, 'a'));
    const recorded = () =>
      app.rest(admin).get('/api/v1/audit').query({ operation: 'ImageLoad', actor: actor.id }).expect(200);
    await eventually(recorded, ({ body }) => (body as { items: unknown[] }).items.length === 1);
    await withdraw((name) => name === 'loader');
    const answer = await answerTo(load);
    expect([answer.statusCode, await textOf(answer)]).toEqual([403, expect.stringContaining('withdrawn')]);
    expect((await recorded()).body).toMatchObject({ items: [{ outcome: 'failed' }] });
  });

  it('of a session with BuildKit', async () => {
    const { actor, withdraw } = await holder('builds', [
      { role: await role('image-builder', ['images:build', 'images:get']) },
      { role: await role('buildkit', ['builder:control']) },
    ]);
    const session = ask(actor, '/session', {
      method: 'POST',
      headers: { connection: 'Upgrade', upgrade: 'h2c', 'x-docker-expose-session-uuid': 'withdrawn' },
    }).end();
    const [, socket] = (await once(session, 'upgrade')) as [IncomingMessage, Duplex];
    const closed = once(socket.resume(), 'close');
    await withdraw((name) => name === 'buildkit');
    await closed;
  });
});

/** An image of so many bytes that a connection does not hold them. */
async function large(team: string): Promise<string> {
  const engine = sharedEngine();
  const repository = images.repository(team);
  const made = await engine.call('POST', '/containers/create', {
    body: {
      Image: 'busybox',
      Cmd: ['dd', 'if=/dev/zero', 'of=/big', 'bs=1M', 'count=32'],
      Labels: { team, suite: images.suite },
    },
  });
  const { Id } = JSON.parse(made.text) as { Id: string };
  await engine.call('POST', `/containers/${Id}/start`);
  await engine.call('POST', `/containers/${Id}/wait`);
  await engine.call('POST', `/commit?container=${Id}&repo=${repository}&tag=latest`);
  await engine.call('DELETE', `/containers/${Id}`);
  const name = `${repository}:latest`;
  await eventually(
    () => app.rest(admin).get(images.at(name)),
    ({ status }) => status === 200,
  );
  return name;
}

/** Slowly enough that what goes on is not over before a right is looked at again. */
async function readSlowly(answer: IncomingMessage): Promise<void> {
  for await (const chunk of answer) if ((chunk as Buffer).length > 0) await pause(50);
}
