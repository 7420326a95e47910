import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { AuditRecord } from '../src/audit/audit-record.model.js';
import { HostResolver } from '../src/outgoing/host-resolver.js';
import type { CreateWebhookInput } from '../src/webhooks/webhook.inputs.js';
import type { WebhookDelivery, WebhookDeliveryDetails } from '../src/webhooks/webhook-delivery.model.js';
import type { Webhook, WebhookEventType, WebhookWithSecret } from '../src/webhooks/webhook.model.js';
import { type TestActor, TestApp } from './support/app.js';
import { eventually } from './support/eventually.js';
import { graphqlClient, subscribe } from './support/subscriptions.js';
import { TestContainers } from './support/test-containers.js';
import { answering, isSignedWith, type ReceivedEvent, WebhookReceiver } from './support/webhook-receiver.js';

const PATH = '/api/v1/webhooks';

interface Page<T> {
  readonly items: T[];
  readonly totalCount: number;
}

describe('webhooks', () => {
  let app: TestApp;
  let admin: TestActor;
  let keeper: TestActor;
  let containers: TestContainers;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    app = await TestApp.start({ environment: { DOCKMASTER_OUTGOING_ALLOW: '127.0.0.1' } });
    admin = await app.admin();
    await app
      .rest(admin)
      .post('/api/v1/roles')
      .send({ name: 'webhook-keeper', permissions: ['webhooks:*'] })
      .expect(201);
    keeper = await app.user('keeper', [
      { role: 'webhook-keeper' },
      { role: 'developer', scope: { engines: ['*'], owned: true } },
    ]);
    containers = new TestContainers(app, admin);
    receiver = await WebhookReceiver.start();
  });
  afterEach(async () => {
    for (const { id } of await listed()) await app.rest(admin).delete(`${PATH}/${id}`).expect(204);
    await containers.removeAll();
    receiver.received.length = 0;
    receiver.behaviour = answering(204);
  });
  afterAll(async () => {
    await receiver.stop();
    await app.stop();
  });

  const make = async (input: Partial<CreateWebhookInput> = {}, actor = admin): Promise<WebhookWithSecret> => {
    const body = {
      name: `hook-${randomUUID().slice(0, 8)}`,
      address: receiver.address,
      eventTypes: ['*'],
      labelSelector: containers.selector,
      ...input,
    };
    const response = await app.rest(actor).post(PATH).send(body);
    if (response.status !== 201) throw new Error(`not made: ${response.text}`);
    return response.body as WebhookWithSecret;
  };
  const listed = async (actor = admin) =>
    ((await app.rest(actor).get(PATH).expect(200)).body as Page<Webhook>).items;
  const deliveries = async (id: string, query = '') =>
    (
      (await app.rest(admin).get(`${PATH}/${id}/deliveries${query}`).expect(200))
        .body as Page<WebhookDelivery>
    ).items;
  const details = async (id: string, delivery: string) =>
    (await app.rest(admin).get(`${PATH}/${id}/deliveries/${delivery}`).expect(200))
      .body as WebhookDeliveryDetails;
  const get = async (id: string) => (await app.rest(admin).get(`${PATH}/${id}`).expect(200)).body as Webhook;
  const typesOf = (subject: string) =>
    receiver.received.filter(({ event }) => event.subject === subject).map(({ event }) => event.type);

  it('tell the life of a container in its order, as signed CloudEvents', async () => {
    const { secret } = await make({ eventTypes: ['container.*'] });
    const { id, name } = await containers.run();
    await containers.said(id, 'ready');
    const on = `${containers.path}/${id}`;
    await app.rest(admin).post(`${on}/pause`).expect(204);
    await app.rest(admin).post(`${on}/unpause`).expect(204);
    await app
      .rest(admin)
      .post(`${on}/rename`)
      .send({ name: `${name}-anew` })
      .expect(204);
    await app.rest(admin).post(`${on}/stop`).expect(204);
    await app.rest(admin).delete(on).expect(204);
    await receiver.until(() => typesOf(id).includes('container.removed'));

    expect(typesOf(id)).toEqual([
      'container.created',
      'container.started',
      'container.paused',
      'container.unpaused',
      'container.renamed',
      'container.died',
      'container.stopped',
      'container.removed',
    ]);
    expect(receiver.received.every((one) => isSignedWith(secret ?? '', one))).toBe(true);
    expect(
      isSignedWith(`whsec_${Buffer.from('another').toString('base64')}`, receiver.received[0] as never),
    ).toBe(false);
    const [died] = receiver.of('container.died', id);
    expect(died?.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
    expect(died?.event).toEqual({
      specversion: '1.0',
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      type: 'container.died',
      source: '/dockmaster/engines/local',
      subject: id,
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      datacontenttype: 'application/json',
      sequence: expect.stringMatching(/^\d{16}$/),
      data: {
        engine: 'local',
        kind: 'container',
        id,
        name: `${name}-anew`,
        labels: containers.labels,
        image: 'busybox',
        exitCode: 0,
      },
    });
    const sequences = receiver.received.map(({ event }) => event.sequence);
    expect(sequences).toEqual([...sequences].sort());
    expect(new Set(receiver.received.map(({ id: each }) => each)).size).toBe(8);
  });

  it('tell what was asked for only: types, engines, labels', async () => {
    await make({ eventTypes: ['container.died', '*.removed'] });
    await make({ eventTypes: ['*'], engines: ['elsewhere'] });
    await make({ eventTypes: ['*'], labelSelector: 'suite=another' });
    const { id } = await containers.run({ command: ['sh', '-c', 'exit 3'] });
    await receiver.until(() => typesOf(id).includes('container.died'));
    await app.rest(admin).delete(`${containers.path}/${id}`).expect(204);
    await receiver.until(() => typesOf(id).includes('container.removed'));
    expect(receiver.received.map(({ event }) => event.type)).toEqual(['container.died', 'container.removed']);
    expect(receiver.received[0]?.event.data['exitCode']).toBe(3);
  });

  it('tell of health, images, networks, volumes, jobs and refusals', async () => {
    await make({ labelSelector: '' });
    const name = containers.name('told');
    const { id } = await containers.run({
      healthcheck: { test: ['CMD-SHELL', 'true'], intervalSeconds: 1 },
    });
    await app.rest(admin).post('/api/v1/engines/local/networks').send({ name }).expect(201);
    await app.rest(admin).post('/api/v1/engines/local/volumes').send({ name }).expect(201);
    await containers.engine.getImage('busybox').tag({ repo: name, tag: 'v1' });
    await app.rest(keeper).get('/api/v1/audit').expect(403);
    const pulled = await app
      .rest(admin)
      .post('/api/v1/engines/local/images/pull')
      .send({ image: `127.0.0.1:9/${name}:none` })
      .expect(202);
    const { id: job } = pulled.body as { id: string };
    await app.rest(admin).delete(`/api/v1/engines/local/networks/${name}`).expect(204);
    await app.rest(admin).delete(`/api/v1/engines/local/volumes/${name}`).expect(204);
    await containers.engine.getImage(`${name}:v1`).remove();
    const wanted = [
      ['container.health.healthy', id],
      ['network.created', name],
      ['network.removed', name],
      ['volume.created', name],
      ['volume.removed', name],
      ['image.tagged', `${name}:v1`],
      ['image.untagged', undefined],
      ['access.denied', undefined],
      ['job.failed', job],
    ] as const;
    const found = () =>
      wanted.filter(([type, what]) =>
        receiver.of(type).some(({ event }) => {
          const { subject, data } = event;
          return what === undefined || [subject, data.name, data['reference']].includes(what);
        }),
      );
    await receiver.until(() => found().length === wanted.length);
    expect(receiver.of('job.failed', job)[0]?.event.data).toMatchObject({
      jobKind: 'imagePull',
      startedBy: 'admin',
    });
    expect(receiver.of('access.denied')[0]?.event.data).toMatchObject({
      operation: 'audit:list',
      actor: 'keeper',
    });
  });

  it('tell their owner what he may see, and nothing else; of what is removed by who owned it', async () => {
    await make({ eventTypes: ['container.*'], labelSelector: '' }, keeper);
    const theirs = await containers.run({ command: ['true'] });
    const own = await new TestContainers(app, keeper).run({ command: ['true'] });
    await app.rest(keeper).delete(`${containers.path}/${own.id}?force=true`).expect(204);
    await receiver.until(() => typesOf(own.id).includes('container.removed'));
    expect(typesOf(own.id)).toEqual([
      'container.created',
      'container.started',
      ...(typesOf(own.id).includes('container.died') ? ['container.died'] : []),
      'container.removed',
    ]);
    expect(typesOf(theirs.id)).toEqual([]);

    const [webhook] = await listed(keeper);
    const all = await deliveries(webhook?.id ?? '');
    expect(new Set(all.map(({ subject }) => subject?.id))).toEqual(new Set([own.id]));
  });

  it('tell which container joined and left a network, to who may see all containers', async () => {
    const types = { eventTypes: ['network.connected', 'network.disconnected'], labelSelector: '' };
    const [all, some] = [await make(types), await make(types, keeper)];
    const { id, name } = await containers.run();
    const networks = '/api/v1/engines/local/networks';
    const made = await app
      .rest(keeper)
      .post(networks)
      .send({ name: containers.name('joined') })
      .expect(201);
    const { id: network } = made.body as { id: string };
    await app.rest(admin).post(`${networks}/${network}/connect`).send({ container: id }).expect(204);
    await app.rest(admin).post(`${networks}/${network}/disconnect`).send({ container: id }).expect(204);
    await app.rest(keeper).delete(`${networks}/${network}`).expect(204);

    const told = (webhook: string) =>
      eventually(
        async () =>
          (await deliveries(webhook)).filter(
            ({ subject, state }) => subject?.id === network && state === 'delivered',
          ),
        (found) => new Set(found.map(({ eventType }) => eventType)).size === 2,
      );
    /** What was told, by type: an engine may say twice that a container left. */
    const bodies = async (webhook: string) => {
      const sent = await Promise.all(
        (await told(webhook)).map(async ({ id: delivery }) => {
          const [attempt] = (await details(webhook, delivery)).attemptLog;
          const { type, data } = JSON.parse(attempt?.request?.body ?? '{}') as ReceivedEvent;
          return [type, { container: data['container'], containerName: data['containerName'] }] as const;
        }),
      );
      return Object.fromEntries(sent);
    };
    const both = (what: object) => ({ 'network.connected': what, 'network.disconnected': what });
    expect(await bodies(all.id)).toEqual(both({ container: id, containerName: name }));
    expect(await bodies(some.id)).toEqual(both({ container: null, containerName: null }));
  });

  it('decide at the time of delivery: rights that are gone by then count', async () => {
    receiver.behaviour = answering(503);
    const somebody = await app.user('somebody', [{ role: 'webhook-keeper' }, { role: 'viewer' }]);
    const { id } = await make({ eventTypes: ['container.created'] }, somebody);
    await containers.create();
    await receiver.until((received) => received.length > 0);
    const bindings = await app
      .rest(admin)
      .get(`/api/v1/role-bindings?role=viewer&subjectKind=user&subjectId=${somebody.id}`)
      .expect(200);
    const [viewer] = (bindings.body as Page<{ id: string }>).items;
    await app.rest(admin).delete(`/api/v1/role-bindings/${viewer?.id}`).expect(204);
    receiver.behaviour = answering(204);
    await eventually(
      () => deliveries(id),
      (left) => left.length === 0,
    );
  });

  it('belong to their owner: others see none but those of who may do no more', async () => {
    const { id } = await make({ eventTypes: ['*'] });
    const mine = await make({ eventTypes: ['*'] }, keeper);
    expect((await listed(keeper)).map((one) => one.id)).toEqual([mine.id]);
    expect((await listed()).map((one) => one.id).sort()).toEqual([id, mine.id].sort());
    for (const path of [`${PATH}/${id}`, `${PATH}/${id}/deliveries`])
      await app.rest(keeper).get(path).expect(404);
    await app.rest(keeper).patch(`${PATH}/${id}`).send({ address: receiver.address }).expect(404);
    await app.rest(keeper).post(`${PATH}/${id}/rotate-secret`).send({}).expect(404);
    await app.rest(keeper).post(`${PATH}/${id}/test`).expect(404);
    await app.rest(keeper).delete(`${PATH}/${id}`).expect(404);
    const viewer = await app.user('only-viewer', [{ role: 'viewer' }]);
    await app.rest(viewer).get(PATH).expect(403);
    await app.rest().get(PATH).expect(401);
  });

  it('made with a limited token are told no more than that may see, and are out of reach of a narrower one', async () => {
    const made = async (permissions: string[]) => {
      const response = await app
        .rest(admin)
        .post('/api/v1/tokens')
        .send({ name: randomUUID().slice(0, 8), permissions })
        .expect(201);
      const { token } = response.body as { token: string };
      return { ...admin, token, authorization: `Bearer ${token}` };
    };
    const images = await made(['webhooks:*', 'images:*']);
    const nothing = await made(['webhooks:*']);
    const whole = await make({ eventTypes: ['*'] });
    const { id } = await make({ eventTypes: ['container.created'] }, images);
    const { id: created } = await containers.create();
    await eventually(
      () => typesOf(created),
      (types) => types.length > 0,
    );
    await eventually(
      () => deliveries(id),
      (left) => left.length === 0,
    );
    expect(typesOf(created)).toEqual(['container.created']);
    for (const hook of [id, whole.id]) await app.rest(nothing).get(`${PATH}/${hook}`).expect(404);
    await app.rest(nothing).patch(`${PATH}/${whole.id}`).send({ address: receiver.address }).expect(404);
    await app.rest(images).get(`${PATH}/${id}`).expect(200);
  });

  it('do not outlive the API token that they were made with', async () => {
    const made = await app.rest(admin).post('/api/v1/tokens').send({ name: 'stolen' }).expect(201);
    const { id: tokenId, token } = made.body as { id: string; token: string };
    const { id } = await make({}, { ...admin, token, authorization: `Bearer ${token}` });
    await app.rest(admin).delete(`/api/v1/tokens/${tokenId}`).expect(204);
    const { id: created } = await containers.create();
    await eventually(
      () => get(id),
      ({ pausedReason }) => pausedReason === 'credentialGone',
    );
    expect(typesOf(created)).toEqual([]);
    await app.rest(admin).patch(`${PATH}/${id}`).send({ enabled: true }).expect(200);
    await eventually(
      () => typesOf(created),
      (types) => types.length > 0,
    );
  });

  it('sign with the old secret too for a while after it is rotated, and with a new one alone after a move', async () => {
    const { id, secret } = await make({ eventTypes: ['webhook.test'], name: 'rotated' });
    const test = async () => {
      await app.rest(admin).post(`${PATH}/${id}/test`).expect(200);
      return receiver.received.at(-1) as never;
    };
    const rotated = await app.rest(admin).post(`${PATH}/${id}/rotate-secret`).send({}).expect(200);
    const second = rotated.body as WebhookWithSecret;
    const signed = await test();
    expect([secret, second.secret].map((one) => isSignedWith(one ?? '', signed))).toEqual([true, true]);
    expect(second.oldSecretUntil).not.toBeNull();

    const atOnce = await app
      .rest(admin)
      .post(`${PATH}/${id}/rotate-secret`)
      .send({ overlapHours: 0 })
      .expect(200);
    const third = atOnce.body as WebhookWithSecret;
    const signedByThird = await test();
    expect(
      [secret, second.secret, third.secret].map((one) => isSignedWith(one ?? '', signedByThird)),
    ).toEqual([false, false, true]);

    const moved = await app
      .rest(admin)
      .patch(`${PATH}/${id}`)
      .send({ address: `${receiver.address}/moved` })
      .expect(200);
    const fourth = moved.body as WebhookWithSecret;
    const signedByFourth = await test();
    expect([third.secret, fourth.secret].map((one) => isSignedWith(one ?? '', signedByFourth))).toEqual([
      false,
      true,
    ]);
    expect((signedByFourth as { path: string }).path).toBe('/hook/moved');

    const shown = JSON.stringify([
      (await app.rest(admin).get(PATH).expect(200)).body,
      (await app.rest(admin).get(`${PATH}/${id}`).expect(200)).body,
      (await app.rest(admin).get('/api/v1/audit?targetKind=webhook').expect(200)).body,
      await deliveries(id),
    ]);
    for (const one of [secret, second.secret, third.secret, fourth.secret, 'whsec_', '/hook/moved/'])
      expect(shown).not.toContain(one);
  });

  it('log each attempt: what was sent, what came back; and send one or a range again under the same id', async () => {
    receiver.behaviour = answering(500, { 'x-request-id': 'theirs', 'set-cookie': 'session=secret' });
    const { id } = await make({ eventTypes: ['container.created'] });
    const begun = new Date(Date.now() - 1_000).toISOString();
    const { id: container, name } = await containers.create();
    const [first] = await eventually(
      () => deliveries(id),
      ([one]) => (one?.attempts ?? 0) > 0,
    );
    expect(first).toMatchObject({
      webhookId: id,
      eventType: 'container.created',
      state: 'pending',
      status: 500,
      error: 'The receiver answered 500',
      subject: { kind: 'container', id: container, name },
    });
    receiver.behaviour = answering(200);
    const [done] = await eventually(
      () => deliveries(id, '?state=delivered'),
      (items) => items.length === 1,
    );
    const log = await details(id, done?.id ?? '');
    expect(log.attemptLog.map(({ status }) => status)).toEqual([500, 200]);
    const [failed] = log.attemptLog;
    expect(failed?.responseHeaders).toMatchObject({ 'x-request-id': 'theirs' });
    expect(JSON.stringify(log)).not.toContain('session=secret');
    expect(failed?.request).toMatchObject({ origin: `http://127.0.0.1:${receiver.port}` });
    expect(failed?.request?.headers['webhook-id']).toBe(done?.id);
    expect(JSON.parse(failed?.request?.body ?? '')).toMatchObject({ type: 'container.created' });

    await app.rest(admin).post(`${PATH}/${id}/deliveries/${done?.id}/redeliver`).expect(202);
    await receiver.until((received) => received.length === 3);
    await eventually(
      () => deliveries(id, '?state=delivered'),
      (items) => items.length === 1,
    );
    const again = await app
      .rest(admin)
      .post(`${PATH}/${id}/redeliver`)
      .send({ from: begun, state: 'delivered' })
      .expect(202);
    expect(again.body).toEqual({ count: 1 });
    await receiver.until((received) => received.length === 4);
    expect(receiver.ids.size).toBe(1);
  });

  it('send a body of their own to chat systems', async () => {
    const template =
      '{"text": "{{summary}}", "labels": ["{{label:suite}}"], "n": 1, "code": "{{data.exitCode}}"}';
    await make({ eventTypes: ['container.died'], template });
    const { name } = await containers.run({ command: ['sh', '-c', 'exit 7'] });
    const [one] = await receiver.until((received) => received.length > 0);
    expect(one?.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(one?.event).toEqual({
      text: `The main process of a container ended, for whatever reason: ${name} on local`,
      labels: [containers.labels.suite],
      n: 1,
      code: '7',
    });
  });

  it('are tested once, and say what came of it', async () => {
    const { id } = await make({ enabled: false });
    expect((await app.rest(admin).post(`${PATH}/${id}/test`).expect(200)).body).toMatchObject({
      eventType: 'webhook.test',
      state: 'delivered',
      status: 204,
      attempts: 1,
    });
    receiver.behaviour = answering(302, { location: 'http://127.0.0.1:1/secret' });
    const redirected = (await app.rest(admin).post(`${PATH}/${id}/test`).expect(200))
      .body as WebhookDeliveryDetails;
    expect(redirected).toMatchObject({ state: 'failed', status: 302, error: 'The receiver answered 302' });
    expect(redirected.attemptLog[0]?.responseHeaders).toMatchObject({ location: 'http://127.0.0.1:1' });
    expect(receiver.received).toHaveLength(2);
    await app.rest(admin).post(`${PATH}/${id}/deliveries/${redirected.id}/redeliver`).expect(409);
  });

  it('are paused by a receiver that is gone; the owner is told, and lets them go on', async () => {
    const gone = await WebhookReceiver.start();
    gone.behaviour = answering(410);
    const { id, name } = await make({ address: gone.address, eventTypes: ['container.created'] });
    await make({ eventTypes: ['webhook.paused'], labelSelector: '' });
    const { id: first } = await containers.create();
    await receiver.until(() => receiver.of('webhook.paused', id).length === 1);
    expect(receiver.of('webhook.paused')[0]?.event.data).toMatchObject({ name, reason: 'gone' });
    expect(await get(id)).toMatchObject({ state: 'paused', pausedReason: 'gone', enabled: true });
    const audit = await app.rest(admin).get(`/api/v1/audit?operation=webhookPaused&target=${id}`).expect(200);
    expect((audit.body as Page<AuditRecord>).items).toHaveLength(1);

    const { id: second } = await containers.create();
    await eventually(
      () => deliveries(id, '?state=pending'),
      (items) => items.length === 1,
    );
    expect(gone.received).toHaveLength(1);
    gone.behaviour = answering(204);
    await app.rest(admin).patch(`${PATH}/${id}`).send({ enabled: true }).expect(200);
    await gone.until((received) => received.length === 2);
    expect(gone.received.map(({ event }) => event.subject)).toEqual([first, second]);
    await gone.stop();
  });

  it('are followed by GraphQL, where all of it can be done as well', async () => {
    const client = graphqlClient(app, admin);
    const made = await app.graphql(
      admin,
      'mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { id secret state owner { kind id } } }',
      { input: { name: 'by-graphql', address: receiver.address, eventTypes: ['container.created'] } },
    );
    const { id, secret } = made.data?.['createWebhook'] as WebhookWithSecret;
    expect(secret).toMatch(/^whsec_/);
    const followed = subscribe<WebhookDelivery>(
      client,
      `subscription { webhookDelivery(id: "${id}") { id state attempts status } }`,
    );
    const { id: container } = await containers.create();
    await followed.until((values) => values.some(({ state }) => state === 'delivered'));
    followed.unsubscribe();
    const answer = await app.graphql(
      admin,
      `{ webhook(id: "${id}") { name address } webhooks { totalCount nodes { id } } webhookEventTypes { type }
         webhookDeliveries(id: "${id}", filter: { eventType: "container.created" }) { nodes { id subject { id } } } }`,
    );
    expect(answer.data?.['webhooks']).toEqual({ totalCount: 1, nodes: [{ id }] });
    const { nodes } = answer.data?.['webhookDeliveries'] as {
      nodes: { id: string; subject: { id: string } }[];
    };
    expect(nodes.map(({ subject }) => subject.id)).toContain(container);
    const more = await app.graphql(
      admin,
      `mutation { rotateWebhookSecret(id: "${id}") { secret } testWebhook(id: "${id}") { state }
         updateWebhook(id: "${id}", input: { enabled: false }) { state secret } deleteWebhook(id: "${id}") }`,
    );
    expect(more.data).toMatchObject({
      testWebhook: { state: 'delivered' },
      updateWebhook: { state: 'disabled', secret: null },
      deleteWebhook: true,
    });
    await client.dispose();
  });

  it('have a closed catalogue of events, and refuse what is not in it', async () => {
    const types = (await app.rest(admin).get('/api/v1/webhook-event-types').expect(200))
      .body as WebhookEventType[];
    expect(types.map(({ type }) => type)).toContain('node.down');
    const invalid = [
      { eventTypes: ['container.exploded'] },
      { eventTypes: [] },
      { labelSelector: 'a in (' },
      { template: '{"text": "{{password}}"}' },
      { template: 'text' },
      { address: 'ftp://example.com/' },
      { address: 'http://example.com/' },
      { address: 'https://user:secret@example.com/' },
      { secret: 'mine' },
    ];
    for (const input of invalid) {
      const body = { name: 'x', address: receiver.address, eventTypes: ['*'], ...input };
      const answer = await app.rest(admin).post(PATH).send(body);
      expect([input, answer.status]).toEqual([input, 400]);
    }
    const rehearsed = await app
      .rest(admin)
      .post(`${PATH}?dryRun=true`)
      .send({ name: 'x', address: receiver.address, eventTypes: ['*'] })
      .expect(201);
    expect(rehearsed.body).toMatchObject({ name: 'x', secret: null });
    expect(await listed()).toEqual([]);
  });
});

describe('addresses that are not for webhooks', () => {
  let app: TestApp;
  let admin: TestActor;
  let receiver: WebhookReceiver;
  beforeAll(async () => {
    app = await TestApp.start();
    admin = await app.admin();
    receiver = await WebhookReceiver.start();
  });
  afterAll(async () => {
    await receiver.stop();
    await app.stop();
  });

  it.each([
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0177.0.0.1/',
    'https://0.0.0.0/',
    'https://10.0.0.1/',
    'https://172.16.0.1/',
    'https://192.168.1.1:8443/',
    'https://100.64.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://168.63.129.16/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[fe80::1]/',
    'https://[fd00:ec2::254]/',
    'https://224.0.0.1/',
  ])('refuses %s when the webhook is made', async (address) => {
    const body = { name: 'x', address, eventTypes: ['*'] };
    const answer = await app.rest(admin).post(PATH).send(body).expect(403);
    expect(answer.body).toMatchObject({ code: 'forbidden' });
  });

  it('sends nothing to a name that leads to such an address, and follows no redirect', async () => {
    const made = await app
      .rest(admin)
      .post(PATH)
      .send({ name: 'x', address: `https://localhost:${receiver.port}/`, eventTypes: ['*'] })
      .expect(201);
    const { id } = made.body as Webhook;
    const test = await app.rest(admin).post(`${PATH}/${id}/test`).expect(200);
    expect(test.body).toMatchObject({
      state: 'failed',
      status: null,
      error: expect.stringContaining('an address that is not public'),
    });
    expect(receiver.received).toEqual([]);
  });

  it('looks at each connection where a name leads: one that led elsewhere before is no exception', async () => {
    const lookedUp = jest.spyOn(app.nest.get(HostResolver), 'resolve');
    const made = await app
      .rest(admin)
      .post(PATH)
      .send({ name: 'rebound', address: 'https://receiver.example.com/', eventTypes: ['*'] })
      .expect(201);
    expect(lookedUp).not.toHaveBeenCalled();
    for (const address of ['127.0.0.1', '169.254.169.254', '::1']) {
      lookedUp.mockResolvedValueOnce([address]);
      const test = await app
        .rest(admin)
        .post(`${PATH}/${(made.body as Webhook).id}/test`)
        .expect(200);
      expect(test.body).toMatchObject({
        state: 'failed',
        status: null,
        error: expect.stringContaining('an address that is not public'),
      });
    }
    expect(lookedUp).toHaveBeenCalledTimes(3);
    lookedUp.mockRestore();
  });
});
