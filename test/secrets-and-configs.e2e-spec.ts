import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ConfigChange } from '../src/configs/config-change.model.js';
import type { Config, ConfigDetails } from '../src/configs/config.model.js';
import type { SecretChange } from '../src/secrets/secret-change.model.js';
import type { Secret, SecretDetails } from '../src/secrets/secret.model.js';
import type { SwarmUnlockKey } from '../src/swarm/swarm.model.js';
import { type TestActor, TestApp } from './support/app.js';
import { eventually } from './support/eventually.js';
import { HttpStream } from './support/http-stream.js';
import { RecordingEngine } from './support/recording-engine.js';
import { graphqlClient, subscribe } from './support/subscriptions.js';
import { TestSwarm } from './support/swarm.js';

const PATH = '/api/v1/engines/local';
const TOP_SECRET = 'hunter2: the data of a secret';
const KINDS = ['secrets', 'configs'] as const;
type Kind = (typeof KINDS)[number];
type Details = SecretDetails | ConfigDetails;
interface Page {
  readonly items: (Secret | Config)[];
  readonly nextCursor: string | null;
  readonly totalCount: number;
}

describe('secrets and configs', () => {
  let swarm: TestSwarm;
  let recording: RecordingEngine;
  let app: TestApp;
  let admin: TestActor;
  let viewer: TestActor;
  /** Sees and makes what has the label team=web. */
  let web: TestActor;
  /** Sees what it made. */
  let owner: TestActor;

  beforeAll(async () => {
    swarm = await TestSwarm.start({ size: 1, name: 'data-' });
    recording = await RecordingEngine.start(swarm.engine(0).socketPath);
    app = await TestApp.start({ dockerHost: recording.dockerHost });
    admin = await app.admin();
    viewer = await app.user('viewer', [{ role: 'viewer' }]);
    web = await app.user('web', [
      { role: 'developer', scope: { engines: ['local'], labelSelector: 'team=web' } },
    ]);
    owner = await app.user('owner', [{ role: 'developer', scope: { engines: ['local'], owned: true } }]);
  });
  afterAll(async () => {
    try {
      await app.stop();
    } finally {
      await recording.stop();
      await swarm.stop();
    }
  });

  const name = () => `data-${randomUUID().slice(0, 8)}`;
  const make = async (kind: Kind, input: object = {}, actor = admin) => {
    const body = { name: name(), text: TOP_SECRET, ...input };
    return (await app.rest(actor).post(`${PATH}/${kind}`).send(body).expect(201)).body as Details;
  };
  const get = (path: string, actor = admin) => app.rest(actor).get(`${PATH}/${path}`);
  const list = async (kind: Kind, query: object = {}, actor = admin) =>
    (await get(kind, actor).query(query).expect(200)).body as Page;
  const onEngine = async (path: string) =>
    JSON.parse((await swarm.engine(0).call('GET', path)).text) as Record<string, unknown>;
  /** A service that uses them, made on the engine itself. */
  const use = async (secret: Details, config: Details): Promise<string> => {
    const File = { UID: '0', GID: '0', Mode: 0o444 };
    const { text } = await swarm.engine(0).call('POST', '/services/create', {
      body: {
        Name: name(),
        TaskTemplate: {
          ContainerSpec: {
            Image: 'busybox',
            Command: ['sleep', '1000'],
            Secrets: [{ SecretID: secret.id, SecretName: secret.name, File: { ...File, Name: 'password' } }],
            Configs: [{ ConfigID: config.id, ConfigName: config.name, File: { ...File, Name: '/etc/app' } }],
          },
        },
        Mode: { Replicated: { Replicas: 0 } },
      },
    });
    return (JSON.parse(text) as { ID: string }).ID;
  };
  const changesHeard = () => recording.requests.filter((request) => !request.startsWith('GET '));

  describe.each(KINDS)('%s', (kind) => {
    const one = kind.slice(0, -1) as 'secret' | 'config';
    const type = one === 'secret' ? 'Secret' : 'Config';

    it('are made of text or of base64, and found by id, the start of one, and name', async () => {
      const input = { labels: { team: 'web' }, templateDriver: 'golang' };
      const made = await make(kind, input);
      expect(made).toMatchObject({
        ...input,
        engine: 'local',
        usedBy: [],
        stale: false,
        raw: { ID: made.id, Spec: { Name: made.name, Labels: { team: 'web' } } },
      });
      expect(await onEngine(`/${kind}/${made.id}`)).toMatchObject({
        Spec: { Name: made.name, Templating: { Name: 'golang' } },
      });
      const bytes = await make(kind, { text: undefined, data: '/+8=' });
      for (const reference of [bytes.id, bytes.id.slice(0, 12), bytes.name])
        expect((await get(`${kind}/${reference}`).expect(200)).body).toMatchObject({ id: bytes.id });
    });

    it('by GraphQL too', async () => {
      const input = { name: name(), text: TOP_SECRET };
      const { data, errors } = await app.graphql(
        admin,
        `mutation ($input: Create${type}Input!) { create${type}(engine: "local", input: $input) { id name version } }`,
        { input },
      );
      expect(errors).toBeUndefined();
      const made = data?.[`create${type}`] as Details;
      expect(made.name).toBe(input.name);
      const changed = await app.graphql(
        admin,
        `mutation ($input: Update${type}Input!) { update${type}(engine: "local", id: "${made.id}", input: $input) { labels version } }`,
        { input: { labels: { a: 'b' } } },
      );
      expect(changed.data).toMatchObject({ [`update${type}`]: { labels: { a: 'b' } } });
      const removed = await app.graphql(
        admin,
        `mutation { remove${type}(engine: "local", id: "${made.id}") }`,
      );
      expect(removed.data).toEqual({ [`remove${type}`]: true });
      await get(`${kind}/${made.id}`).expect(404);
    });

    it.each<[what: string, input: object, field: string]>([
      ['no data', { text: undefined }, 'data'],
      ['data twice', { data: 'aGk=' }, 'data'],
      ['data that is no base64', { text: undefined, data: 'a' }, 'data'],
      ['too much data', { text: '€'.repeat(342_000) }, 'text'],
      ['a name that is none', { name: '-a' }, 'name'],
      ['another template language', { templateDriver: 'jinja' }, 'templateDriver'],
      ['reserved labels', { labels: { 'io.dockmaster.role': 'x' } }, 'labels.io.dockmaster.role'],
      ['reserved labels in other letters', { labels: { 'IO.dockmaster.x': 'x' } }, 'labels.IO.dockmaster.x'],
    ])('are not made with %s', async (_, input, field) => {
      recording.requests.length = 0;
      const body = { name: name(), text: TOP_SECRET, ...input };
      const answer = await app.rest(admin).post(`${PATH}/${kind}`).send(body);
      expect(answer.body).toMatchObject({ code: expect.stringMatching(/invalid_input|payload_too_large/) });
      if (answer.status === 400) expect(answer.body).toMatchObject({ errors: [{ field }] });
      expect(answer.text).not.toContain(TOP_SECRET);
      expect(changesHeard()).toEqual([]);
    });

    it('are made once under one name, and not at all by a dry run', async () => {
      const made = await make(kind);
      const send = (input: object, dryRun: boolean) =>
        app
          .rest(admin)
          .post(`${PATH}/${kind}`)
          .query({ dryRun })
          .send({ text: TOP_SECRET, ...input });
      for (const dryRun of [true, false])
        expect((await send({ name: made.name }, dryRun).expect(409)).body).toMatchObject({
          code: 'conflict',
        });
      const planned = await send({ name: name(), labels: { a: 'b' } }, true).expect(201);
      expect(planned.body).toMatchObject({ id: '', labels: { a: 'b' }, raw: null });
      expect(planned.text).not.toContain(TOP_SECRET);
      expect((await list(kind, { name: (planned.body as Details).name, fresh: true })).totalCount).toBe(0);
    });

    it('are listed by pages and filters', async () => {
      const suite = name();
      const made = await Promise.all(['a', 'b', 'c'].map((tier) => make(kind, { labels: { suite, tier } })));
      const label = `suite=${suite}`;
      const page = await list(kind, { label, limit: 2 });
      expect([page.items.length, page.totalCount]).toEqual([2, 3]);
      const rest = await list(kind, { label, limit: 2, after: page.nextCursor });
      expect([...page.items, ...rest.items].map(({ id }) => id).sort()).toEqual(
        made.map(({ id }) => id).sort(),
      );
      expect((await list(kind, { label: [label, 'tier in (a, b)'] })).totalCount).toBe(2);
      expect((await list(kind, { name: made[0]?.name })).totalCount).toBe(1);
    });

    it('change their labels at a version; a lost race names the one that there is', async () => {
      const made = await make(kind, { labels: { a: '1' } });
      const patch = (body: object) => app.rest(admin).patch(`${PATH}/${kind}/${made.id}`).send(body);
      const changed = (await patch({ labels: { a: '2' }, version: made.version }).expect(200))
        .body as Details;
      expect(changed.labels).toEqual({ a: '2' });
      const lost = await patch({ labels: { a: '3' }, version: made.version }).expect(409);
      expect(lost.body).toMatchObject({
        code: 'conflict',
        detail: expect.stringContaining(`version ${String(changed.version)}`),
      });
      expect(await onEngine(`/${kind}/${made.id}`)).toMatchObject({ Spec: { Labels: { a: '2' } } });
      await patch({ labels: { 'io.dockmaster.x': 'y' } }).expect(400);
    });

    it('tell which services use them, and stay while one does', async () => {
      const secret = await make('secrets', { labels: { team: 'web' } });
      const config = await make('configs', { labels: { team: 'web' } });
      const service = await use(secret, config);
      const used = one === 'secret' ? secret : config;
      const file = one === 'secret' ? 'password' : '/etc/app';
      const uses = [{ serviceId: service, file }];
      const details = await eventually(
        async () => (await get(`${kind}/${used.id}`).expect(200)).body as Details,
        ({ usedBy }) => usedBy?.length === 1,
      );
      expect(details).toMatchObject({ usedBy: uses });
      const { data } = await app.graphql(
        admin,
        `{ ${kind}(engine: "local", filter: { name: "${used.name}" }) { nodes { id usedBy { serviceId file } } } }`,
      );
      expect(data?.[kind]).toEqual({ nodes: [{ id: used.id, usedBy: uses }] });
      const refused = await app.rest(admin).delete(`${PATH}/${kind}/${used.id}`);
      expect([refused.status, (refused.body as { code: string }).code]).toEqual([409, 'conflict']);
      // Who does not see the service does not hear of it.
      const its = (await get(`${kind}/${used.id}`, web).expect(200)).body as Details;
      expect(its.usedBy).toEqual([]);
      const silent = await app.rest(web).delete(`${PATH}/${kind}/${used.id}`).expect(409);
      const serviceName = details.usedBy?.[0]?.serviceName ?? 'unknown';
      expect(refused.text).toContain(serviceName);
      expect(silent.text).not.toContain(serviceName);
      await swarm.engine(0).call('DELETE', `/services/${service}`);
      await app.rest(admin).delete(`${PATH}/${kind}/${used.id}`).expect(204);
      await get(`${kind}/${used.id}`).expect(404);
    });

    it('are watched, by REST and GraphQL', async () => {
      const client = graphqlClient(app, web);
      const watched = subscribe<SecretChange & ConfigChange>(
        client,
        `subscription { ${one}Changed(engine: "local") { kind ${one} { name } } }`,
      );
      const stream = await HttpStream.open(`${app.url}${PATH}/${kind}?watch=true`, {
        actor: web,
        accept: 'application/x-ndjson',
      });
      const synced = (changes: readonly unknown[]) =>
        (changes as SecretChange[]).some((change) => change.kind === 'synced');
      await watched.until(synced);
      await stream.until(({ documents }) => synced(documents));
      const hidden = await make(kind, { labels: { team: 'db' } });
      const made = await make(kind, { labels: { team: 'web' } });
      const knows = (changes: readonly unknown[], wanted: string) =>
        (changes as (SecretChange & ConfigChange)[]).some((change) => change[one]?.name === wanted);
      await watched.until((changes) => knows(changes, made.name));
      await stream.until(({ documents }) => knows(documents, made.name));
      expect(knows(watched.values, hidden.name) || knows(stream.documents, hidden.name)).toBe(false);
      stream.vanish();
      await client.dispose();
    });

    it('of others do not exist for who may not see them, and stay as they are', async () => {
      const theirs = await make(kind, { labels: { team: 'db' } });
      recording.requests.length = 0;
      for (const actor of [web, owner]) {
        await get(`${kind}/${theirs.id}`, actor).expect(404);
        await app.rest(actor).patch(`${PATH}/${kind}/${theirs.name}`).send({ labels: {} }).expect(404);
        await app
          .rest(actor)
          .delete(`${PATH}/${kind}/${theirs.id.slice(0, 10)}`)
          .expect(404);
        expect((await list(kind, { fresh: true }, actor)).items.map(({ id }) => id)).not.toContain(theirs.id);
        const { data } = await app.graphql(actor, `{ ${kind}(engine: "local") { nodes { id } } }`);
        expect(JSON.stringify(data)).not.toContain(theirs.id);
      }
      const seen = app.rest(viewer);
      await seen.delete(`${PATH}/${kind}/${theirs.id}`).expect(403);
      await seen.post(`${PATH}/${kind}`).send({ name: name(), text: 'x' }).expect(403);
      expect(changesHeard()).toEqual([]);
      await get(`${kind}/${theirs.id}`).expect(200);
    });

    it('are made within a scope, and not moved out of it', async () => {
      recording.requests.length = 0;
      const send = (body: object) =>
        app
          .rest(web)
          .post(`${PATH}/${kind}`)
          .send({ text: 'x', ...body });
      await send({ name: name() }).expect(403);
      await send({ name: name(), labels: { team: 'db' } }).expect(403);
      expect(changesHeard()).toEqual([]);
      const made = (await send({ name: name(), labels: { team: 'web' } }).expect(201)).body as Details;
      const patch = (labels: object) => app.rest(web).patch(`${PATH}/${kind}/${made.id}`).send({ labels });
      await patch({ team: 'db' }).expect(403);
      await patch({}).expect(403);
      expect(await onEngine(`/${kind}/${made.id}`)).toMatchObject({ Spec: { Labels: { team: 'web' } } });
      await patch({ team: 'web', tier: 'a' }).expect(200);
    });

    it('belong to who made them, whatever their labels', async () => {
      const made = await make(kind, {}, owner);
      expect((await list(kind, {}, owner)).items.map(({ id }) => id)).toContain(made.id);
      await app
        .rest(owner)
        .patch(`${PATH}/${kind}/${made.id}`)
        .send({ labels: { team: 'db' } })
        .expect(200);
      await get(`${kind}/${made.id}`, web).expect(404);
      await app.rest(owner).delete(`${PATH}/${kind}/${made.id}`).expect(204);
    });
  });

  it('a secret shows its data to nobody, anywhere', async () => {
    const made = await make('secrets');
    const base64 = Buffer.from(TOP_SECRET).toString('base64');
    const answers = [
      await get(`secrets/${made.id}`),
      await get('secrets?limit=500'),
      await app
        .rest(admin)
        .patch(`${PATH}/secrets/${made.id}`)
        .send({ labels: { a: 'b' } }),
      await app.rest(admin).get('/api/v1/audit').query({ limit: 500 }),
    ];
    for (const { status, text } of answers) {
      expect(status).toBe(200);
      expect(text).not.toContain(TOP_SECRET);
      expect(text).not.toContain(base64);
    }
    const { errors } = await app.graphql(admin, `{ secret(engine: "local", id: "${made.id}") { data } }`);
    expect(errors).toBeDefined();
  });

  it('a secret that a plugin gives takes the level privileged', async () => {
    const body = { name: name(), labels: { team: 'web' }, driver: { name: 'vault', options: { a: 'b' } } };
    recording.requests.length = 0;
    const answer = await app.rest(web).post(`${PATH}/secrets`).send(body).expect(403);
    expect(answer.body).toMatchObject({ code: 'policy_violation', errors: [{ field: 'Driver' }] });
    expect(changesHeard()).toEqual([]);
    const twice = await app
      .rest(admin)
      .post(`${PATH}/secrets`)
      .send({ ...body, text: 'x' });
    expect(twice.body).toMatchObject({ code: 'invalid_input', errors: [{ field: 'driver' }] });
  });

  it('a config shows its data to who may read it, and to no one else', async () => {
    const made = await make('configs', { labels: { team: 'web' } });
    const base64 = Buffer.from(TOP_SECRET).toString('base64');
    const data = { data: base64, text: TOP_SECRET, raw: { Spec: { Data: base64 } } };
    for (const actor of [admin, web])
      expect((await get(`configs/${made.id}`, actor).expect(200)).body).toMatchObject(data);
    const answer = await get(`configs/${made.id}`, viewer).expect(200);
    expect(answer.body).toMatchObject({ id: made.id, data: null, text: null });
    expect(answer.text).not.toContain(base64);
    expect((await get('configs?limit=500', admin).expect(200)).text).not.toContain(base64);
    const bytes = await make('configs', { text: undefined, data: '/+8=' });
    expect((await get(`configs/${bytes.id}`).expect(200)).body).toMatchObject({ data: '/+8=', text: null });
  });

  it('who may change a config and not read it, changes its labels and keeps its data', async () => {
    await app
      .rest(admin)
      .post('/api/v1/roles')
      .send({ name: 'labeller', permissions: ['configs:list', 'configs:get', 'configs:update'] })
      .expect(201);
    const labeller = await app.user('labeller', [{ role: 'labeller' }]);
    const made = await make('configs');
    const changed = await app
      .rest(labeller)
      .patch(`${PATH}/configs/${made.id}`)
      .send({ labels: { a: 'b' } })
      .expect(200);
    expect(changed.body).toMatchObject({ labels: { a: 'b' }, data: null, usedBy: null });
    expect((await get(`configs/${made.id}`).expect(200)).body).toMatchObject({ text: TOP_SECRET });
  });

  it('a manager that was restarted locked says so, until it is given the key', async () => {
    await app.rest(admin).patch(`${PATH}/swarm`).send({ autoLockManagers: true }).expect(200);
    const { unlockKey } = (await get('swarm/unlock-key').expect(200)).body as SwarmUnlockKey;
    await swarm.engine(0).restart();
    const locked = await eventually(
      () => get('secrets?fresh=true'),
      ({ status }) => status === 409,
    );
    expect(locked.body).toMatchObject({
      code: 'swarm_locked',
      detail: expect.stringContaining('Unlock this engine'),
    });
    expect((await get('swarm/membership').expect(200)).body).toMatchObject({ state: 'locked' });
    const unlock = (key: string, actor = admin) =>
      app.rest(actor).post(`${PATH}/swarm/unlock`).send({ unlockKey: key });
    await unlock(unlockKey ?? '', viewer).expect(403);
    const wrong = await unlock('SWMKEY-1-7c37Cc8654o6p38HnroywCi19pllOnGtbdZEgtKxZu8');
    expect(wrong.body).toMatchObject({ code: 'invalid_input' });
    await unlock(unlockKey ?? '').expect(204);
    await eventually(
      () => get('secrets?fresh=true'),
      ({ status }) => status === 200,
    );
  });
});
