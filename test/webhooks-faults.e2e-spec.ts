import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import Dockerode from 'dockerode';
import type { WebhookDelivery } from '../src/webhooks/webhook-delivery.model.js';
import type { Webhook, WebhookWithSecret } from '../src/webhooks/webhook.model.js';
import { type TestActor, TestApp } from './support/app.js';
import { DockmasterProcess, temporaryDataDir } from './support/dockmaster-process.js';
import { EngineProxy } from './support/engine-proxy.js';
import { eventually } from './support/eventually.js';
import { freshDatabase, type FreshDatabase } from './support/postgres.js';
import { sharedEngine } from './support/shared-peers.js';
import {
  ACCEPT,
  answering,
  type Behaviour,
  isSignedWith,
  WebhookReceiver,
} from './support/webhook-receiver.js';

const PATH = '/api/v1/webhooks';
/** More than the engine remembers. */
const FLOOD = 300;
const ENVIRONMENT = {
  DOCKMASTER_OUTGOING_ALLOW: '127.0.0.1',
  DOCKMASTER_WEBHOOK_TIMEOUT_MS: '1000',
  DOCKMASTER_SECRET_KEY: 'the same key for all of these replicas',
};
const SILENT: Behaviour = () => undefined;

type Rest = Pick<DockmasterProcess, 'rest'>;

const suite = `suite-${randomUUID().slice(0, 8)}`;
const engine = new Dockerode({ socketPath: sharedEngine().socketPath });

const create = (command = ['true']) =>
  engine.createContainer({ Image: 'busybox', Cmd: command, Labels: { suite } });
const createMany = async (count: number) => {
  const ids: string[] = [];
  for (let made = 0; made < count; made++) ids.push((await create()).id);
  return ids;
};
const removeAll = async () => {
  for (const { Id } of await engine.listContainers({ all: true, filters: { label: [`suite=${suite}`] } }))
    await engine.getContainer(Id).remove({ force: true });
};
const makeWebhook = async (
  app: Rest,
  admin: TestActor,
  { address }: { address: string },
  eventTypes = ['container.created'],
) => {
  const body = {
    name: `hook-${randomUUID().slice(0, 8)}`,
    address,
    eventTypes,
    labelSelector: `suite=${suite}`,
  };
  return (await app.rest(admin).post(PATH).send(body).expect(201)).body as WebhookWithSecret;
};
const deliveriesOf = async (app: Rest, admin: TestActor, id: string) =>
  (
    (await app.rest(admin).get(`${PATH}/${id}/deliveries?limit=500`).expect(200)).body as {
      items: WebhookDelivery[];
    }
  ).items;

/** Each event came at least once, and again only under the same id. */
function expectEach(receiver: WebhookReceiver, type: string, subjects: readonly string[]): void {
  const idsOf = (subject: string) => new Set(receiver.of(type, subject).map(({ id }) => id));
  expect(subjects.map((subject) => idsOf(subject).size)).toEqual(subjects.map(() => 1));
  const all = receiver.of(type);
  expect(new Set(all.map(({ id }) => id)).size).toBe(subjects.length);
  expect(new Set(all.map(({ event }) => event.id)).size).toBe(subjects.length);
}

afterEach(removeAll);

describe('receivers that fail', () => {
  let app: TestApp;
  let admin: TestActor;
  const receivers: WebhookReceiver[] = [];
  const receiver = async (behaviour: Behaviour) => {
    const made = await WebhookReceiver.start();
    made.behaviour = behaviour;
    receivers.push(made);
    return made;
  };
  beforeAll(async () => {
    app = await TestApp.start({ environment: { ...ENVIRONMENT, DOCKMASTER_WEBHOOK_TIMEOUT_MS: '10000' } });
    admin = await app.admin();
  });
  afterAll(async () => {
    for (const one of receivers) await one.stop();
    await app.stop();
  });

  it('hold up no other, and get everything once they are well again', async () => {
    const good = await receiver(ACCEPT);
    const bad = {
      slow: await receiver(SILENT),
      'closing at once': await receiver((response) => response.destroy()),
      'closing half-way through its head': await receiver((response) => {
        response.socket?.end('HTTP/1.1 200 OK\r\nContent-Le');
      }),
      failing: await receiver(answering(500)),
      busy: await receiver(answering(429, { 'retry-after': '1' })),
    };
    const down = await receiver(ACCEPT);
    await down.goDown();
    const all = { ...bad, down: down };
    await makeWebhook(app, admin, good);
    const hooks = new Map<string, Webhook>();
    for (const [name, one] of Object.entries(all)) hooks.set(name, await makeWebhook(app, admin, one));

    const ids = await createMany(6);
    await good.until((received) => received.length >= ids.length);
    expectEach(good, 'container.created', ids);
    // The slow one takes four at a time: the fifth waits until it was given up on the first.
    expect(bad.slow.received.length).toBeLessThan(5);
    await eventually(
      async () => {
        const states: [string, boolean][] = [];
        for (const [name, { id }] of hooks)
          states.push([name, (await deliveriesOf(app, admin, id)).every(({ attempts }) => attempts > 0)]);
        return states;
      },
      (states) => states.every(([, tried]) => tried),
    );
    for (const one of Object.values(bad)) one.behaviour = ACCEPT;
    await down.comeBack();
    for (const [name, one] of Object.entries(all)) {
      const { id = '' } = hooks.get(name) ?? {};
      await eventually(
        () => deliveriesOf(app, admin, id),
        (items) => items.length === ids.length && items.every(({ state }) => state === 'delivered'),
      );
      expectEach(one, 'container.created', ids);
    }
  });

  it('take what they answered 2xx to, though they close half-way through the rest', async () => {
    const half = await receiver((response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half', () => response.destroy());
    });
    const { id } = await makeWebhook(app, admin, half);
    await createMany(1);
    await eventually(
      () => deliveriesOf(app, admin, id),
      ([one]) => one?.state === 'delivered',
    );
    expect(half.received).toHaveLength(1);
  });
});

describe('an engine that goes away', () => {
  it('is told of, and that it is back, with what happened to its containers meanwhile', async () => {
    const proxy = await EngineProxy.start(sharedEngine().socketPath);
    const app = await TestApp.start({ dockerHost: proxy.dockerHost, environment: ENVIRONMENT });
    const receiver = await WebhookReceiver.start();
    try {
      const admin = await app.admin();
      const body = {
        name: 'engines',
        address: receiver.address,
        eventTypes: ['engine.*', 'container.created'],
      };
      await app.rest(admin).post(PATH).send(body).expect(201);
      const before = await create();
      await receiver.until(() => receiver.of('container.created', before.id).length === 1);
      proxy.cut(/./);
      proxy.drop();
      await receiver.until(() => receiver.of('engine.unreachable', 'local').length === 1);
      const meanwhile = await create();
      proxy.heal();
      await receiver.until(
        () =>
          receiver.of('engine.reachable', 'local').length === 1 &&
          receiver.of('container.created', meanwhile.id).length === 1,
      );
      for (const { id } of [before, meanwhile])
        expect(new Set(receiver.of('container.created', id).map((each) => each.id)).size).toBe(1);
      expect(receiver.of('engine.unreachable')[0]?.event.data['reason']).toEqual(expect.any(String));
    } finally {
      await app.stop();
      await receiver.stop();
      await proxy.stop();
    }
  });
});

describe('with Dockmaster killed', () => {
  let dataDir: { path: string; remove: () => Promise<void> };
  let receiver: WebhookReceiver;
  let dockmaster: DockmasterProcess | undefined;
  const start = async () => {
    dockmaster = await DockmasterProcess.start({
      dockerHost: `unix://${sharedEngine().socketPath}`,
      dataDir: dataDir.path,
      environment: ENVIRONMENT,
    });
    return { app: dockmaster, admin: await dockmaster.admin() };
  };
  beforeEach(async () => {
    dataDir = await temporaryDataDir();
    receiver = await WebhookReceiver.start();
  });
  afterEach(async () => {
    await dockmaster?.end('SIGKILL');
    await receiver.stop();
    await dataDir.remove();
  });

  it('each event is delivered, twice only under one id; and what happens meanwhile is told after', async () => {
    const types = ['container.created', 'container.died', 'container.removed'];
    const first = await start();
    const { id, secret } = await makeWebhook(first.app, first.admin, receiver, types);
    // Nobody answers: some are sent and not recorded, the others are committed and not sent.
    receiver.behaviour = SILENT;
    const ids = await createMany(12);
    await eventually(
      () => deliveriesOf(first.app, first.admin, id),
      (items) => items.length === ids.length,
    );
    await receiver.until((received) => received.length > 0);
    await first.app.end('SIGKILL');
    const sentBefore = receiver.ids.size;
    expect(sentBefore).toBeLessThan(ids.length);

    // What the engine remembers is told as it was.
    const remembered = await create(['sh', '-c', 'exit 3']);
    const forgotten = await create(['sh', '-c', 'exit 4']);
    const gone = await create();
    ids.push(remembered.id, forgotten.id, gone.id);
    await remembered.start();
    await remembered.wait();
    receiver.behaviour = ACCEPT;
    const second = await start();
    await eventually(
      () => deliveriesOf(second.app, second.admin, id),
      (items) => items.length === ids.length + 1 && items.every(({ state }) => state === 'delivered'),
    );
    expectEach(receiver, 'container.created', ids);
    expect(receiver.received.length).toBeGreaterThan(ids.length + 1);
    expect(receiver.received.every((one) => isSignedWith(secret ?? '', one))).toBe(true);
    const [exact] = receiver.of('container.died', remembered.id);
    expect(exact?.event.data).toMatchObject({ exitCode: 3 });
    expect(exact?.event.data).not.toHaveProperty('foundByComparison');
    await second.app.end('SIGKILL');

    // What it has forgotten is found by comparison.
    await forgotten.start();
    await forgotten.wait();
    await gone.remove();
    for (let count = 0; count < FLOOD; count++)
      await engine.getImage('busybox').tag({ repo: suite, tag: 'flood' });
    await engine.getImage(`${suite}:flood`).remove();
    await start();
    await receiver.until(
      () =>
        receiver.of('container.died', forgotten.id).length > 0 &&
        receiver.of('container.removed', gone.id).length > 0,
    );
    const [found] = receiver.of('container.died', forgotten.id);
    expect(found?.event.data).toMatchObject({ exitCode: 4, foundByComparison: true });
    const { State: state } = await forgotten.inspect();
    expect(Date.parse(found?.event.time ?? '')).toBe(Date.parse(state.FinishedAt));
    const [removed] = receiver.of('container.removed', gone.id);
    expect(removed?.event.data).toMatchObject({ foundByComparison: true, labels: { suite } });
    expect(Date.parse(String(removed?.event.data['happenedAfter']))).toBeLessThan(
      Date.parse(removed?.event.time ?? ''),
    );
    expectEach(receiver, 'container.created', ids);
    expectEach(receiver, 'container.died', [remembered.id, forgotten.id]);
    expectEach(receiver, 'container.removed', [gone.id]);
  }, 120_000);
});

describe('with two replicas on PostgreSQL', () => {
  let database: FreshDatabase;
  let receiver: WebhookReceiver;
  const replicas: { process: DockmasterProcess; remove: () => Promise<void> }[] = [];
  beforeEach(async () => {
    database = await freshDatabase();
    receiver = await WebhookReceiver.start();
    while (replicas.length < 2) {
      const { path: dataDir, remove } = await temporaryDataDir();
      const process = await DockmasterProcess.start({
        dockerHost: `unix://${sharedEngine().socketPath}`,
        dataDir,
        environment: { ...ENVIRONMENT, DATABASE_URL: database.url },
      });
      replicas.push({ process, remove });
    }
  }, 120_000);
  afterEach(async () => {
    for (const { process, remove } of replicas.splice(0)) {
      await process.end('SIGKILL');
      await remove();
    }
    await receiver.stop();
    await database.drop();
  });

  it('each event is told once, and none is lost when one replica is killed', async () => {
    const [one, other] = replicas.map(({ process }) => process) as [DockmasterProcess, DockmasterProcess];
    const admin = await one.admin();
    const { id } = await makeWebhook(one, admin, receiver);
    const before = await createMany(20);
    await eventually(
      () => deliveriesOf(other, admin, id),
      (items) => items.length === before.length && items.every(({ state }) => state === 'delivered'),
    );
    // Nobody was killed: nothing came twice.
    expect(receiver.received).toHaveLength(before.length);
    expectEach(receiver, 'container.created', before);

    receiver.behaviour = SILENT;
    const during = await createMany(10);
    await receiver.until((received) => received.length > before.length);
    await one.end('SIGKILL');
    const after = await createMany(10);
    receiver.behaviour = ACCEPT;
    const all = [...before, ...during, ...after];
    await eventually(
      async () => (await deliveriesOf(other, admin, id)).filter(({ state }) => state === 'delivered').length,
      (delivered) => delivered === all.length,
    );
    expectEach(receiver, 'container.created', all);
  }, 120_000);
});
