import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from 'graphql-ws';
import { RoleBindingsService } from '../src/access/role-bindings.service.js';
import type { ContainerChange } from '../src/containers/container-change.model.js';
import type { Container } from '../src/containers/container.model.js';
import type { ContainerDetails } from '../src/containers/container-details.model.js';
import { type TestActor, TestApp } from './support/app.js';
import { ContainerMirror } from './support/container-mirror.js';
import { eventually } from './support/eventually.js';
import { HttpStream } from './support/http-stream.js';
import { PrivateEngine } from './support/private-engine.js';
import { graphqlClient, type Subscription, subscribe } from './support/subscriptions.js';
import { TestContainers } from './support/test-containers.js';

/** How long a stream may outlive the right to it. */
const WITHDRAWN_WITHIN_MS = 5_000;
const CHANGED = `subscription ($after: String, $filter: ContainerFilter) {
  containerChanged(engine: "local", after: $after, filter: $filter) { kind id revision container { id name state } }
}`;

interface Page {
  readonly items: Container[];
  readonly nextCursor: string | null;
  readonly totalCount: number;
  readonly revision: string;
  readonly syncedAt: string;
  readonly stale: boolean;
  readonly staleSeconds: number | null;
}

describe('reads from memory', () => {
  let app: TestApp;
  let admin: TestActor;
  let containers: TestContainers;
  const clients: Client[] = [];

  beforeAll(async () => {
    app = await TestApp.start();
    admin = await app.admin();
    containers = new TestContainers(app, admin);
  });
  afterAll(async () => {
    for (const client of clients) await client.dispose();
    await containers.removeAll();
    await app.stop();
  });

  /** Containers of this file, as `actor` lists them. */
  const list = async (query: Record<string, unknown> = {}, actor = admin): Promise<Page> => {
    const all = { label: containers.selector, ...query };
    return (await app.rest(actor).get(containers.path).query(all).expect(200)).body as Page;
  };
  const listed = async (id: string) => (await list()).items.find((item) => item.id === id);
  const webViewer = (username: string) =>
    app.user(username, [{ role: 'viewer', scope: { engines: ['*'], labelSelector: 'team=web' } }]);
  /** On the engine itself, past Dockmaster. */
  const outside = (labels: Record<string, string> = {}) =>
    containers.engine.createContainer({
      Image: 'busybox',
      Cmd: ['sleep', '600'],
      Labels: { ...labels, ...containers.labels },
      StopSignal: 'SIGKILL',
    });

  describe('a list', () => {
    it('tells which state of things it is of, and that it is not stale', async () => {
      const before = await list();
      expect(before).toMatchObject({ stale: false, staleSeconds: null });
      expect(Date.parse(before.syncedAt)).toBeLessThanOrEqual(Date.now());
      expect((await list()).revision).toMatch(/^[\w-]{22}$/);
      await containers.create();
      expect((await list()).revision).not.toBe(before.revision);
    });

    it('tells the same by GraphQL', async () => {
      const { data } = await app.graphql(
        admin,
        '{ containers(engine: "local", first: 1) { revision syncedAt stale staleSeconds nodes { id } } }',
      );
      expect(data?.['containers']).toMatchObject({
        revision: expect.any(String),
        syncedAt: expect.any(String),
        stale: false,
        staleSeconds: null,
        nodes: [{ id: expect.any(String) }],
      });
    });

    it('shows what happens on the engine past Dockmaster', async () => {
      const made = await outside();
      await eventually(
        () => listed(made.id),
        (item) => item?.state === 'created',
      );
      await made.start();
      await eventually(
        () => listed(made.id),
        (item) => item?.state === 'running' && item.networks[0]?.ipv4Address !== null,
      );
      const name = containers.name('renamed');
      await made.rename({ name });
      await eventually(
        () => listed(made.id),
        (item) => item?.name === name,
      );
      await app.rest(admin).get(`${containers.path}/${name}`).expect(200);
      await made.remove({ force: true });
      await eventually(
        () => listed(made.id),
        (item) => item === undefined,
      );
      await app.rest(admin).get(`${containers.path}/${made.id}`).expect(404);
    });

    it('that is to be fresh shows at once what happened past Dockmaster', async () => {
      for (let round = 0; round < 5; round += 1) {
        const made = await outside();
        expect((await list({ fresh: true })).items.map(({ id }) => id)).toContain(made.id);
        const { data } = await app.graphql(
          admin,
          'query ($id: String!) { container(engine: "local", id: $id, fresh: true) { id state } }',
          { id: made.id },
        );
        expect(data?.['container']).toEqual({ id: made.id, state: 'created' });
        await made.remove();
        expect((await list({ fresh: true })).items.map(({ id }) => id)).not.toContain(made.id);
      }
    });

    it('stays whole page by page while objects come and go', async () => {
      const labels = { paged: 'yes' };
      const stay = await Promise.all(Array.from({ length: 30 }, () => outside(labels)));
      const ids = new Set(stay.map(({ id }) => id));
      await eventually(
        () => list({ label: 'paged=yes' }),
        ({ totalCount }) => totalCount === 30,
      );
      let stopped = false;
      const churn = (async () => {
        while (!stopped) {
          const passing = await outside(labels);
          await passing.remove();
        }
      })();
      try {
        for (let walk = 0; walk < 10; walk += 1) {
          const seen: string[] = [];
          let after: string | null | undefined;
          do {
            const page = await list({ label: 'paged=yes', limit: 5, ...(after ? { after } : {}) });
            expect(page.items.length).toBeLessThanOrEqual(5);
            seen.push(...page.items.map(({ id }) => id));
            after = page.nextCursor;
          } while (after !== null);
          const stayed = seen.filter((id) => ids.has(id));
          expect(stayed).toHaveLength(30);
          expect(new Set(seen).size).toBe(seen.length);
        }
      } finally {
        stopped = true;
        await churn;
        await Promise.all(stay.map((container) => container.remove()));
      }
    });
  });

  describe('the tag of an answer', () => {
    const get = (actor: TestActor, path: string, tag?: string) => {
      const request = app.rest(actor).get(path);
      return tag === undefined ? request : request.set('if-none-match', tag);
    };
    const tagOf = ({ headers }: { headers: Record<string, string> }) => headers['etag'] ?? 'none';

    it.each(['the list', 'the container'])('of %s saves it until something changes', async (what) => {
      const { id } = await containers.create();
      const path =
        what === 'the list' ? `${containers.path}?label=${containers.selector}` : `${containers.path}/${id}`;
      const first = await get(admin, path).expect(200);
      expect(first.headers).toMatchObject({
        'cache-control': 'private, no-cache',
        vary: expect.stringMatching(/authorization/i),
      });
      const again = await get(admin, path, tagOf(first)).expect(304);
      expect([again.text, tagOf(again)]).toEqual(['', tagOf(first)]);
      await app
        .rest(admin)
        .post(`${containers.path}/${id}/rename`)
        .send({ name: containers.name() })
        .expect(204);
      const after = await get(admin, path, tagOf(first)).expect(200);
      expect(tagOf(after)).not.toBe(tagOf(first));
      await get(admin, path, `"another", ${tagOf(after)}`).expect(304);
    });

    it('of one actor is of no use to another who sees something else', async () => {
      const viewer = await webViewer('tagged');
      const [web] = [await outside({ team: 'web' }), await outside({ team: 'db' })];
      const path = `${containers.path}?label=${containers.selector}`;
      await eventually(
        () => list({}, viewer),
        ({ items }) => items.some(({ id }) => id === web.id),
      );
      const [all, some] = [await get(admin, path).expect(200), await get(viewer, path).expect(200)];
      expect(tagOf(all)).not.toBe(tagOf(some));
      expect((all.body as Page).revision).not.toBe((some.body as Page).revision);
      expect((await get(viewer, path, tagOf(all)).expect(200)).body).toEqual(some.body);
      expect((await get(admin, path, tagOf(some)).expect(200)).body).toEqual(all.body);

      const one = `${containers.path}/${web.id}`;
      const whole = await get(admin, one).expect(200);
      const cut = await get(viewer, one, tagOf(whole)).expect(200); // without what a viewer may not read
      expect(cut.body).not.toEqual(whole.body);
    });

    it('does not outlive the right to the answer', async () => {
      const viewer = await webViewer('soon-blind');
      const path = `${containers.path}?label=${containers.selector}`;
      const tag = tagOf(await get(viewer, path).expect(200));
      await unbind(viewer);
      await eventually(
        async () => (await get(viewer, path, tag)).status,
        (status) => status === 404,
      );
    });
  });

  describe('a change of their own', () => {
    it('is seen by the next read, over and over again, by REST', async () => {
      for (let round = 0; round < 50; round += 1) {
        const { id } = await containers.create({ command: ['sleep', '600'], stopSignal: 'SIGKILL' });
        expect(await listed(id)).toMatchObject({ state: 'created' });
        const act = (action: string, body?: object) =>
          app.rest(admin).post(`${containers.path}/${id}/${action}`).send(body).expect(204);
        const name = containers.name('own');
        await act('rename', { name });
        expect(await listed(id)).toMatchObject({ name });
        if (round % 10 === 0) {
          await act('start');
          expect(await listed(id)).toMatchObject({ state: 'running' });
          await act('pause');
          expect((await app.rest(admin).get(`${containers.path}/${id}`)).body).toMatchObject({
            state: 'paused',
          });
          await act('unpause');
          await act('stop');
          expect(await listed(id)).toMatchObject({ state: 'exited' });
        }
        await app.rest(admin).delete(`${containers.path}/${id}`).expect(204);
        expect(await listed(id)).toBeUndefined();
        await app.rest(admin).get(`${containers.path}/${name}`).expect(404);
      }
    });

    it('is seen by the next read by GraphQL, whichever door it came by', async () => {
      const state = async (id: string) => {
        const { data } = await app.graphql(
          admin,
          'query ($label: [String!]) { containers(engine: "local", filter: { label: $label }) { nodes { id name state } } }',
          { label: [containers.selector] },
        );
        const { nodes } = data?.['containers'] as { nodes: { id: string; name: string; state: string }[] };
        return nodes.find((node) => node.id === id);
      };
      for (let round = 0; round < 10; round += 1) {
        const { id } = await containers.create({ command: ['sleep', '600'], stopSignal: 'SIGKILL' });
        expect(await state(id)).toMatchObject({ state: 'created' });
        const name = containers.name('own');
        const renamed = await app.graphql(
          admin,
          'mutation ($id: String!, $name: String!) { renameContainer(engine: "local", id: $id, input: { name: $name }) { name } }',
          { id, name },
        );
        expect(renamed.data?.['renameContainer']).toEqual({ name });
        expect(await state(id)).toMatchObject({ name });
        const removed = await app.graphql(
          admin,
          'mutation ($id: String!) { removeContainer(engine: "local", id: $id) }',
          { id: name },
        );
        expect(removed.data).toEqual({ removeContainer: true });
        expect(await state(id)).toBeUndefined();
      }
    });

    it('is seen by who sees what it owns', async () => {
      const developer = await app.user('owner', [
        { role: 'developer', scope: { engines: ['*'], owned: true } },
      ]);
      for (let round = 0; round < 10; round += 1) {
        const made = await app
          .rest(developer)
          .post(containers.path)
          .send({ image: 'busybox', labels: containers.labels })
          .expect(201);
        const { id } = made.body as ContainerDetails;
        expect((await list({}, developer)).items.map((item) => item.id)).toEqual([id]);
        await app.rest(developer).delete(`${containers.path}/${id}`).expect(204);
        expect((await list({}, developer)).items).toEqual([]);
      }
    });
  });

  describe('what is pushed', () => {
    const watch = (actor: TestActor) =>
      HttpStream.open(`${app.url}${containers.path}?watch=true`, { actor, accept: 'text/event-stream' });
    const kinds = ({ events }: HttpStream, id: string) =>
      events.filter(({ data }) => (data as ContainerChange | undefined)?.id === id).map(({ event }) => event);
    const changed = (
      actor: TestActor,
      variables: Record<string, unknown> = {},
    ): Subscription<ContainerChange> => {
      const client = graphqlClient(app, actor);
      clients.push(client);
      return subscribe(client, CHANGED, variables);
    };

    it('is first all there is, then each change with its kind, by server-sent events', async () => {
      const there = await containers.create();
      const stream = await watch(admin);
      await stream.until(({ events }) => events.some(({ event }) => event === 'synced'));
      expect(stream.events[0]?.event).toBe('reset');
      expect(stream.events.findIndex(({ event }) => event === 'synced')).toBe(stream.events.length - 1);
      expect(kinds(stream, there.id)).toEqual(['added']);

      const made = await outside();
      await stream.until(() => kinds(stream, made.id).length === 1);
      const name = containers.name();
      await made.rename({ name });
      await stream.until(() => kinds(stream, made.id).length === 2);
      await made.remove();
      await stream.until(() => kinds(stream, made.id).includes('removed'));
      expect(kinds(stream, made.id)).toEqual(['added', 'updated', 'removed']);
      const last = stream.events.filter(({ data }) => (data as ContainerChange).id === made.id).at(-1);
      expect(last?.data).toMatchObject({ kind: 'removed', id: made.id, container: { id: made.id, name } });
      stream.vanish();
    });

    it('is the same as lines of JSON, of what meets a filter only', async () => {
      const stream = await HttpStream.open(
        `${app.url}${containers.path}?watch=true&label=${containers.selector}&state=created`,
        { actor: admin, accept: 'application/x-ndjson' },
      );
      const documents = () => stream.documents as ContainerChange[];
      await stream.until(() => documents().some(({ kind }) => kind === 'synced'));
      const { id } = await containers.create({ command: ['sleep', '600'] });
      await stream.until(() => documents().some((change) => change.id === id));
      await app.rest(admin).post(`${containers.path}/${id}/start`).expect(204);
      await stream.until(() => documents().some((change) => change.id === id && change.kind === 'removed'));
      const told = documents().filter((change) => change.id === id);
      expect(told[0]?.kind).toBe('added');
      expect(told.at(-1)?.kind).toBe('removed');
      const kept = documents().filter(({ kind }) => kind === 'added' || kind === 'updated');
      expect(new Set(kept.map(({ container }) => container?.state))).toEqual(new Set(['created']));
      stream.vanish();
    });

    it('goes on by Last-Event-ID from where it was, and repeats nothing', async () => {
      const mirror = new ContainerMirror(app, admin);
      await eventually(
        () => mirror.told.filter(({ kind }) => kind === 'synced').length,
        (count) => count === 1,
      );
      const before = await containers.create();
      await eventually(
        () => mirror.containers.has(before.id),
        (known) => known,
      );
      mirror.lose();
      const meanwhile = await containers.create();
      await eventually(
        () => mirror.containers.has(meanwhile.id),
        (known) => known,
      );
      const told = mirror.told
        .filter(({ id }) => id === before.id || id === meanwhile.id)
        .map(({ kind }) => kind);
      expect(told.filter((kind) => kind === 'added')).toHaveLength(2);
      expect(mirror.told.filter(({ kind }) => kind === 'reset')).toHaveLength(1);
      expect(mirror.returns).toBe(1);
      await mirror.stop();
    });

    it.each(['made-up', 'A'.repeat(22)])('begins anew for who comes back with %s', async (id) => {
      const mirror = new ContainerMirror(app, admin, { lastEventId: id });
      await eventually(
        () => mirror.told.map(({ kind }) => kind),
        (told) => told.includes('synced'),
      );
      expect(mirror.told[0]?.kind).toBe('reset');
      await mirror.stop();
    });

    it('is the same by GraphQL, which goes on after a revision', async () => {
      const changes = changed(admin);
      await changes.until((values) => values.some(({ kind }) => kind === 'synced'));
      expect(changes.values[0]?.kind).toBe('reset');
      const { revision } = changes.values.at(-1) ?? {};
      expect(revision).toEqual(expect.any(String));
      const { id } = await containers.create();
      await changes.until((values) => values.some((change) => change.id === id));
      await app.rest(admin).delete(`${containers.path}/${id}`).expect(204);
      await changes.until((values) => values.some((change) => change.id === id && change.kind === 'removed'));
      changes.unsubscribe();

      const made = await containers.create();
      const later = changed(admin, { after: revision });
      await later.until((values) => values.some((change) => change.id === made.id));
      expect(later.values.some(({ kind }) => kind === 'reset')).toBe(false);
      later.unsubscribe();
    });

    it('is to each only what it may see', async () => {
      const viewer = await webViewer('watching');
      const [stream, changes] = [await watch(viewer), changed(viewer)];
      await stream.until(({ events }) => events.some(({ event }) => event === 'synced'));
      await changes.until((values) => values.some(({ kind }) => kind === 'synced'));
      const database = await outside({ team: 'db' });
      const web = await outside({ team: 'web' });
      await database.rename({ name: containers.name() });
      await web.rename({ name: containers.name() });
      await database.remove();
      await web.remove();
      await stream.until(() => kinds(stream, web.id).includes('removed'));
      await changes.until((values) => values.some(({ id, kind }) => id === web.id && kind === 'removed'));
      expect(stream.text).not.toContain(database.id);
      expect(JSON.stringify(changes.values)).not.toContain(database.id);
      expect(stream.text).not.toContain('"team":"db"');
      stream.vanish();
      changes.unsubscribe();
    });

    it('ends within 5 s when the right to it is withdrawn', async () => {
      const viewer = await webViewer('withdrawn');
      const [stream, changes] = [await watch(viewer), changed(viewer)];
      await stream.until(({ events }) => events.some(({ event }) => event === 'synced'));
      await changes.until((values) => values.some(({ kind }) => kind === 'synced'));
      await unbind(viewer);
      const since = performance.now();
      await Promise.all([stream.ended, changes.ended]);
      expect(performance.now() - since).toBeLessThan(WITHDRAWN_WITHIN_MS);
      expect(stream.events.at(-1)).toMatchObject({ event: 'error', data: { code: 'access_withdrawn' } });
      expect(changes.errors).toMatchObject([{ extensions: { code: 'access_withdrawn' } }]);
    });

    it('is refused to who may see no engine', async () => {
      const stranger = await app.user('stranger', []);
      const stream = await watch(stranger);
      expect(stream.status).toBe(404);
      stream.vanish();
    });
  });

  const unbind = async ({ id, username }: TestActor) => {
    const bindings = app.nest.get(RoleBindingsService, { strict: false });
    const held = await bindings.forActor({ kind: 'user', id, name: username, teamIds: [] });
    for (const binding of held) await bindings.unbind(binding.id);
  };
});

describe('an engine that is killed', () => {
  const PATH = '/api/v1/engines/local/containers';
  let engine: PrivateEngine;
  let app: TestApp;
  let admin: TestActor;
  beforeAll(async () => {
    engine = await PrivateEngine.start({ name: 'killed' });
    await engine.importBusybox();
    app = await TestApp.start({ dockerHost: engine.dockerHost });
    admin = await app.admin();
  });
  afterAll(async () => {
    await app.stop();
    await engine.stop();
  });

  it('leaves what was known, says for how long it has been away, and is fresh again when it is back', async () => {
    const make = async () =>
      (await app.rest(admin).post(PATH).send({ image: 'busybox' }).expect(201)).body as ContainerDetails;
    const list = async () => (await app.rest(admin).get(PATH).expect(200)).body as Page;
    const { id } = await make();
    const fresh = await list();
    const tag = (await app.rest(admin).get(PATH)).headers['etag'] as string;
    const mirror = new ContainerMirror(app, admin);
    await eventually(
      () => mirror.containers.has(id),
      (known) => known,
    );

    await engine.kill();
    const stale = await eventually(list, (page) => page.stale && (page.staleSeconds ?? 0) >= 1);
    expect(stale.items).toEqual(fresh.items.map((item) => ({ ...item, status: expect.any(String) })));
    expect(stale.syncedAt).toBe(fresh.syncedAt);
    const one = await app.rest(admin).get(`${PATH}/${id}`).expect(200);
    expect(one.body).toMatchObject({ id, stale: true, staleSeconds: expect.any(Number) });
    const byGraphql = await app.graphql(
      admin,
      '{ containers(engine: "local") { stale staleSeconds nodes { id } } }',
    );
    expect(byGraphql.data?.['containers']).toMatchObject({ stale: true, nodes: [{ id }] });
    await app.rest(admin).get(PATH).set('if-none-match', tag).expect(200); // that it is stale is news

    const refused = [
      app.rest(admin).post(`${PATH}/${id}/start`),
      app.rest(admin).delete(`${PATH}/${id}`),
      app.rest(admin).post(PATH).send({ image: 'busybox' }),
      app.rest(admin).get(PATH).query({ fresh: true }),
      app.rest(admin).get(`${PATH}/${id}`).query({ fresh: true }),
    ];
    for (const request of refused) {
      const answer = await request;
      expect([answer.status, answer.body]).toEqual([
        503,
        expect.objectContaining({ code: 'engine_unavailable' }),
      ]);
    }

    await engine.restart();
    const back = await eventually(list, (page) => !page.stale);
    expect(back).toMatchObject({ staleSeconds: null, items: [{ id }] });
    expect(Date.parse(back.syncedAt)).toBeGreaterThan(Date.parse(fresh.syncedAt));
    const made = await make();
    expect((await list()).items.map((item) => item.id)).toEqual([made.id, id]);
    await eventually(
      () => mirror.containers.has(made.id),
      (known) => known,
    );
    const words = mirror.told
      .map(({ kind }) => kind)
      .filter((kind) => ['reset', 'stale', 'live'].includes(kind));
    expect(words).toEqual(['reset', 'stale', 'live']);
    expect(mirror.returns).toBe(0);
    await mirror.stop();
  });
});
