import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from 'graphql-ws';
import type { ContainerDetails } from '../src/containers/container-details.model.js';
import type { TestActor } from './support/app.js';
import { eventually } from './support/eventually.js';
import { type Call, HostileGround } from './support/hostile-ground.js';
import { HttpStream } from './support/http-stream.js';
import { graphqlClient, subscribe } from './support/subscriptions.js';
import { UNTIL_STOPPED } from './support/test-containers.js';

const SECRET = 'hunter2-of-the-admin';
const SOURCE = '/usr/share';
const EXEC_SECRET = 'typed-by-the-admin';
const ON_ENGINE = 'engines/local/containers';
const MISSING = 'f'.repeat(64);

const LIST = `query ($filter: ContainerFilter) {
  containers(engine: "local", filter: $filter) { totalCount nodes { id mounts { source } } }
}`;
const CHANGED = `subscription ($filter: ContainerFilter, $after: String) {
  containerChanged(engine: "local", filter: $filter, after: $after) {
    kind id revision container { id name mounts { source } }
  }
}`;
const EVENTS = 'subscription { engineEvents(engine: "local") { type action actorId attributes } }';

/** What an actor may not see tells nothing of itself, by no answer, count, tag, error or number of calls. */
describe('seeing what is hidden', () => {
  let ground: HostileGround;
  let hidden: ContainerDetails;
  /** Seen by all of these actors. */
  let web: ContainerDetails;
  let hiddenExec: string;
  let webExec: string;
  let volume: string;
  let network: string;
  let image: { readonly id: string; readonly name: string };
  type Who = 'labelled' | 'owner' | 'viewer' | 'operator' | 'narrowed' | 'noMounts' | 'around' | 'unnamed';
  let actors: Record<Who, TestActor>;
  const clients: Client[] = [];
  const BLIND = ['labelled', 'owner'] as const;

  beforeAll(async () => {
    ground = await HostileGround.start();
    const { app, containers, admin } = ground;
    const onlyWeb = { engines: ['*'], labelSelector: 'team=web' };
    await ground.make('roles', {
      name: 'no-mounts',
      permissions: ['containers:list', 'containers:get', 'containers:readEnvironment', 'system:events'],
    });
    await ground.make('roles', {
      name: 'around',
      permissions: ['networks:list', 'volumes:list', 'images:list', 'system:events'],
    });
    const developer = await app.user('developer', [{ role: 'developer' }]);
    const permissions = ['containers:list', 'containers:get', 'system:events'];
    actors = {
      labelled: await app.user('labelled', [{ role: 'developer', scope: onlyWeb }]),
      owner: await app.user('owner', [{ role: 'developer', scope: { engines: ['*'], owned: true } }]),
      viewer: await app.user('viewer', [{ role: 'viewer' }]),
      operator: await app.user('operator', [{ role: 'operator' }]),
      narrowed: (await ground.token(developer, { permissions })).actor,
      noMounts: await app.user('no-mounts', [{ role: 'no-mounts' }]),
      around: await app.user('around', [{ role: 'around' }, { role: 'developer', scope: onlyWeb }]),
      unnamed: await app.user('unnamed', [
        { role: 'viewer', scope: { engines: ['*'], labelSelector: 'name!=secret' } },
      ]),
    };
    volume = containers.name('volume');
    network = containers.name('network');
    await containers.engine.createNetwork({ Name: network });
    const mount = { type: 'bind', source: SOURCE, target: '/host', readOnly: true } as const;
    const options = {
      env: [`PASSWORD=${SECRET}`],
      logging: { driver: 'json-file', options: { 'max-size': '7m' } },
    };
    hidden = await containers.run({
      ...options,
      name: containers.name('hidden'),
      labels: { team: 'db', name: 'secret' },
      mounts: [mount, { type: 'volume', source: volume, target: '/data' }],
      networks: [{ name: network }],
    });
    web = await containers.run({
      ...options,
      labels: { team: 'web' },
      mounts: [mount],
    });
    // What only its owner sees: something of his own.
    await own(actors.owner);
    const execOf = async (id: string) => {
      const body = { command: ['sh', '-c', `: ${EXEC_SECRET}`] };
      return (await ground.make(`${ON_ENGINE}/${id}/execs`, body)).id;
    };
    hiddenExec = await execOf(hidden.id);
    webExec = await execOf(web.id);
    const name = `${containers.name('image')}:v1`;
    const [repository, tag] = name.split(':');
    const commit = await ground.make<{ imageId: string }>(`${ON_ENGINE}/${hidden.id}/commit`, {
      repository,
      tag,
    });
    image = { id: commit.imageId, name };
    await app.rest(admin).get(`/api/v1/${ON_ENGINE}`).expect(200);
  });
  afterAll(async () => {
    for (const client of clients) await client.dispose();
    await ground.containers.removeAll();
    const { engine } = ground.containers;
    await engine.getVolume(volume).remove();
    await engine.getNetwork(network).remove();
    await engine.getImage(image.name).remove({ force: true });
    await ground.stop();
  });

  /** A container of the actor's own. */
  async function own(actor: TestActor, action = ''): Promise<ContainerDetails> {
    const made = await ground.app
      .rest(actor)
      .post(`/api/v1/${ON_ENGINE}${action}`)
      .send({
        image: 'busybox',
        command: UNTIL_STOPPED,
        labels: { ...ground.containers.labels, team: 'web' },
      });
    if (made.status !== 201) throw new Error(made.text);
    return made.body as ContainerDetails;
  }
  const clientOf = (actor: TestActor) => {
    const client = graphqlClient(ground.app, actor);
    clients.push(client);
    return client;
  };
  const watch = (actor: TestActor, query = '', headers: { lastEventId?: string } = {}) =>
    HttpStream.open(`${ground.app.url}/api/v1/${ON_ENGINE}?watch=true${query}`, {
      actor,
      accept: 'text/event-stream',
      ...headers,
    });
  /** Without what belongs to the one request: what was asked for, and the ids of the request. */
  const words = (text: string, reference: string) =>
    text.replaceAll(reference, '…').replace(/"requestId":"[^"]*"/, '');
  const listOf = async (actor: TestActor, query: object = {}, headers: Record<string, string> = {}) => {
    const answer = await ground.app.rest(actor).get(`/api/v1/${ON_ENGINE}`).query(query).set(headers);
    return {
      status: answer.status,
      etag: (answer.headers as Record<string, string>)['etag'],
      text: answer.text,
      body: answer.body as {
        items: { id: string }[];
        totalCount: number;
        nextCursor: string | null;
        revision: string;
      },
    };
  };
  /** Resolves when memory knows: the admin, who sees all, is told so. */
  const known = (what: (text: string) => boolean) =>
    eventually(async () => (await listOf(ground.admin, { limit: 500 })).text, what);

  describe('by asking for it', () => {
    const ROUTES: readonly (readonly [operation: string, ...call: Call])[] = [
      ['ContainerInspect', 'get', ''],
      ['ContainerInspect', 'get', '?fresh=true'],
      ['ContainerDelete', 'delete', '?force=true'],
      ['ContainerUpdate', 'patch', '', { resources: { cpuShares: 2 } }],
      ['ContainerStart', 'post', '/start'],
      ['ContainerStop', 'post', '/stop'],
      ['ContainerKill', 'post', '/kill'],
      ['ContainerRename', 'post', '/rename', { name: 'taken-over' }],
      ['ContainerWait', 'post', '/wait?timeoutSeconds=1'],
      ['ContainerTop', 'get', '/top'],
      ['ContainerChanges', 'get', '/changes'],
      ['ImageCommit', 'post', '/commit', {}],
      ['ContainerExec', 'post', '/execs', { command: ['id'] }],
      ['ContainerLogs', 'get', '/logs'],
      ['ContainerStats', 'get', '/stats?stream=false'],
      ['ContainerExport', 'get', '/export'],
      ['ContainerArchive', 'get', '/archive?path=/etc/passwd'],
      ['PutContainerArchive', 'put', '/archive?path=/', ''],
    ];
    const cases = BLIND.flatMap((who) =>
      ROUTES.map(([operation, ...call]) => [who, operation, call] as const),
    );
    it.each(cases)(
      '%s: %s %j is the same for one that is hidden and one that is not there, in words and in calls',
      async (who, operation, [method, path, body]) => {
        const outcome = async (reference: string) => {
          const start = ground.recording.requests.length;
          const { text } = await ground.refusedCall(
            actors[who],
            operation,
            [method, `${ON_ENGINE}/${reference}${path}`, body],
            { status: 404, code: 'not_found' },
          );
          const calls = ground.recording.requests.slice(start).map((call) => words(call, reference));
          return { text: words(text, reference), calls };
        };
        const missing = await outcome(MISSING);
        for (const reference of [hidden.id, hidden.name, hidden.id.slice(0, 12), hidden.id.toUpperCase()])
          expect(await outcome(reference)).toEqual(missing);
      },
    );

    const EXEC_ROUTES: readonly (readonly [operation: string, ...call: Call])[] = [
      ['ExecInspect', 'get', ''],
      ['ExecInspect', 'post', '/start', {}],
      ['ExecStart', 'post', '/start-detached'],
      ['ExecResize', 'post', '/resize', { width: 80, height: 24 }],
    ];
    const execCases = BLIND.flatMap((who) =>
      EXEC_ROUTES.map(([operation, ...call]) => [who, operation, call] as const),
    );
    it.each(execCases)(
      '%s: %s %j of an exec is the same for a hidden one and for none',
      async (who, operation, [method, path, body]) => {
        const outcome = async (id: string) => {
          const start = ground.recording.requests.length;
          const call: Call = [method, `engines/local/execs/${id}${path}`, body];
          const rest = { status: 404, code: 'not_found' };
          const { text } = await ground.refusedCall(actors[who], operation, call, rest);
          const calls = ground.recording.requests.slice(start).map((request) => words(request, id));
          return { text: words(text, id), calls };
        };
        expect(await outcome(hiddenExec)).toEqual(await outcome(MISSING));
      },
    );

    it.each(BLIND)(
      '%s: by many aliases at once each is not found, and the engine hears nothing',
      async (who) => {
        const ids = [hidden.id, hidden.name, hidden.id.slice(0, 12), MISSING];
        const fields = ids.map(
          (id, index) => `a${String(index)}: container(engine: "local", id: "${id}") { id }`,
        );
        const start = ground.recording.requests.length;
        for (const query of fields.map((field) => `{ ${field} }`)) {
          await ground.refusedGraphql(actors[who], 'ContainerInspect', query, { code: 'not_found' });
        }
        const mixed = await ground.graphql(actors[who], `{ ${fields.join(' ')} me { id } }`);
        expect(new Set(mixed.errors?.map(({ extensions }) => extensions.code))).toEqual(
          new Set(['not_found']),
        );
        expect(mixed.text).not.toContain(SECRET);
        expect(ground.recording.requests.slice(start)).toEqual([]);
      },
    );

    it.each(BLIND)('%s: by an access review it is not found, like one that is not there', async (who) => {
      const outcome = async (id: string) => {
        const call: Call = [
          'post',
          'access-reviews',
          { permission: 'containers:start', engine: 'local', target: { kind: 'container', id } },
        ];
        const rest = { status: 404, code: 'not_found' };
        const { text } = await ground.refusedCall(actors[who], 'ContainerInspect', call, rest);
        return words(text, id);
      };
      const missing = await outcome(MISSING);
      for (const id of [hidden.id, hidden.name, hidden.id.slice(0, 12)])
        expect(await outcome(id)).toBe(missing);
    });

    it.each(BLIND)(
      '%s: by the image made of it, no container is made, in words that tell nothing',
      async (who) => {
        const outcome = async (name: string) => {
          const call: Call = [
            'post',
            ON_ENGINE,
            { image: name, labels: { ...ground.containers.labels, team: 'web' } },
          ];
          const rest = { status: 404, code: 'not_found' };
          const start = ground.recording.requests.length;
          const { text } = await ground.refusedCall(actors[who], 'ContainerCreate', call, rest);
          return {
            text: words(text, name),
            calls: ground.recording.requests
              .slice(start)
              .map((request) => words(decodeURIComponent(request), name)),
          };
        };
        const missing = await outcome('no-such-image:v1');
        expect(await outcome(image.name)).toEqual(missing);
        const missingId = await outcome(`sha256:${MISSING}`);
        expect(await outcome(image.id)).toEqual(missingId);
      },
    );

    const byName: readonly (readonly [what: string, (name: string, mine: string) => Call])[] = [
      ['create', (name) => ['post', ON_ENGINE, { image: 'busybox', name, labels: { team: 'web' } }]],
      ['run', (name) => ['post', `${ON_ENGINE}/run`, { image: 'busybox', name, labels: { team: 'web' } }]],
      ['rename', (name, mine) => ['post', `${ON_ENGINE}/${mine}/rename`, { name }]],
    ];
    it.each(BLIND.flatMap((who) => byName.map(([what, call]) => [who, what, call] as const)))(
      '%s: %s with its name is a conflict that does not tell its id',
      async (who, _, call) => {
        const mine = await own(actors[who]);
        const answer = await ground.rest(actors[who], call(hidden.name, mine.id));
        expect(answer).toMatchObject({ status: 409, code: 'conflict' });
        expect(answer.text).not.toContain(hidden.id.slice(0, 12));
        expect(await ground.containers.exists(hidden.id)).toBe(true);
        const audit = await ground.app
          .rest(ground.admin)
          .get('/api/v1/audit')
          .query({ actor: actors[who].id, limit: 1 });
        expect(audit.body).toMatchObject({ items: [{ outcome: 'failed', actorId: actors[who].id }] });
      },
    );
  });

  describe('by lists', () => {
    const FILTERS: Readonly<Record<string, () => Record<string, string | string[]>>> = {
      'its name': () => ({ name: hidden.name }),
      'a part of its name': () => ({ name: 'hidden-' }),
      'its label': () => ({ label: ['team=db'] }),
      'a label that others lack': () => ({ label: ['team!=web'] }),
      'its volume': () => ({ volume }),
      'its path on the host': () => ({ volume: SOURCE, label: ['team=db'] }),
      'its network': () => ({ network }),
      'its network by id': () => ({ network: hidden.networks[0]?.id ?? network }),
      'its image by id': () => ({ image: hidden.imageId, name: hidden.name }),
    };
    const cases = BLIND.flatMap((who) => Object.keys(FILTERS).map((what) => [who, what] as const));
    it.each(cases)('%s finds nothing by %s', async (who, what) => {
      const filter = FILTERS[what]?.() ?? {};
      const start = ground.recording.requests.length;
      const { body } = await listOf(actors[who], filter);
      expect(body).toMatchObject({ items: [], totalCount: 0, nextCursor: null });
      const asked = await ground.graphql(actors[who], LIST, { filter });
      expect(asked.data).toMatchObject({ containers: { totalCount: 0, nodes: [] } });
      const stream = await watch(
        actors[who],
        Object.entries(filter)
          .map(([key, value]) => `&${key}=${encodeURIComponent(String(value))}`)
          .join(''),
      );
      await stream.until(({ events }) => events.some(({ event }) => event === 'synced'));
      expect(stream.events.filter(({ event }) => event === 'added')).toEqual([]);
      stream.vanish();
      expect(ground.recording.requests.slice(start)).toEqual([]);
      expect((await listOf(ground.admin, filter)).body.totalCount).toBeGreaterThan(0);
    });

    it.each(BLIND)('%s goes on from the cursor of somebody else without meeting it', async (who) => {
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const { body } = await listOf(ground.admin, { limit: 1, ...(after === undefined ? {} : { after }) });
        after = body.nextCursor ?? undefined;
        if (after === undefined) break;
        const page = await listOf(actors[who], { after, limit: 500 });
        expect(page.status).toBe(200);
        seen.push(...page.body.items.map(({ id }) => id));
        expect(page.body.totalCount).toBe((await listOf(actors[who])).body.totalCount);
      } while (after);
      expect(seen).not.toContain(hidden.id);
    });

    it.each(BLIND)('%s is not told "unchanged" by a tag of somebody else', async (who) => {
      const { etag = '' } = await listOf(ground.admin);
      const mine = await listOf(actors[who], {}, { 'if-none-match': etag });
      expect(mine.status).toBe(200);
      expect(mine.etag).not.toBe(etag);
      expect(mine.text).not.toContain(hidden.id);
    });

    const CHANGES: Readonly<Record<string, () => Promise<unknown>>> = {
      'one is created': async () => {
        const { id } = await ground.containers.create({ labels: { team: 'db' } });
        await known((text) => text.includes(id));
      },
      'one is renamed': async () => {
        const name = ground.containers.name('renamed');
        const { id } = await ground.containers.create({ labels: { team: 'db' } });
        await ground.app
          .rest(ground.admin)
          .post(`/api/v1/${ON_ENGINE}/${id}/rename`)
          .send({ name })
          .expect(204);
        await known((text) => text.includes(name));
      },
      'one runs and stops': async () => {
        const { id } = await ground.containers.run({ labels: { team: 'db' } });
        await ground.app.rest(ground.admin).post(`/api/v1/${ON_ENGINE}/${id}/kill`).expect(204);
        const exited = () => listOf(ground.admin, { state: ['exited'], limit: 500 });
        await eventually(
          async () => (await exited()).text,
          (text) => text.includes(id),
        );
      },
      'one is removed': async () => {
        const { id } = await ground.containers.create({ labels: { team: 'db' } });
        await known((text) => text.includes(id));
        await ground.app.rest(ground.admin).delete(`/api/v1/${ON_ENGINE}/${id}`).expect(204);
        await known((text) => !text.includes(id));
      },
    };
    const changes = BLIND.flatMap((who) => Object.keys(CHANGES).map((what) => [who, what] as const));
    it.each(changes)('%s sees no other revision or count when %s that is hidden', async (who, what) => {
      const before = await listOf(actors[who]);
      const beforeAdmin = await listOf(ground.admin);
      await CHANGES[what]?.();
      expect((await listOf(ground.admin)).body.revision).not.toBe(beforeAdmin.body.revision);
      const after = await listOf(actors[who]);
      expect([after.body.revision, after.body.totalCount]).toEqual([
        before.body.revision,
        before.body.totalCount,
      ]);
      const asked = await ground.graphql(
        actors[who],
        '{ containers(engine: "local") { revision totalCount } }',
      );
      expect(asked.data).toMatchObject({ containers: { totalCount: before.body.totalCount } });
    });
  });

  describe('by watching', () => {
    const AFTER: Readonly<Record<string, () => Promise<string>>> = {
      'of the admin': async () => (await listOf(ground.admin)).body.revision,
      'of a viewer': async () => (await listOf(actors.viewer)).body.revision,
      forged: () => Promise.resolve(Buffer.alloc(16, 7).toString('base64url')),
      'that is a number': () => Promise.resolve('0'),
      'of another form': () => Promise.resolve('%00\u00ff'.slice(0, 3)),
    };
    const cases = BLIND.flatMap((who) => Object.keys(AFTER).map((what) => [who, what] as const));
    it.each(cases)('%s begins anew by a revision %s, and is told only of what is its', async (who, what) => {
      const revision = (await AFTER[what]?.()) ?? '';
      const { id } = await ground.containers.create({ labels: { team: 'db' } });
      await known((text) => text.includes(id));
      const told = subscribe<{ kind: string; id: string | null }>(clientOf(actors[who]), CHANGED, {
        after: revision,
      });
      await told.until((values) => values.some(({ kind }) => kind === 'synced'));
      expect(told.values[0]).toMatchObject({ kind: 'reset' });
      const text = JSON.stringify(told.values);
      for (const other of [id, hidden.id, hidden.name]) expect(text).not.toContain(other);
      told.unsubscribe();
    });

    const poke = async (): Promise<string[]> => {
      const { app, admin, containers } = ground;
      const base = `/api/v1/${ON_ENGINE}`;
      const other = await containers.run({
        name: containers.name('hidden'),
        labels: { team: 'db', name: 'secret' },
      });
      const renamed = containers.name('renamed');
      await app.rest(admin).post(`${base}/${other.id}/rename`).send({ name: renamed }).expect(204);
      await app.rest(admin).post(`${base}/${other.id}/pause`).expect(204);
      await app.rest(admin).post(`${base}/${other.id}/unpause`).expect(204);
      await containers.engine.getNetwork(network).connect({ Container: other.id });
      await containers.engine.getNetwork(network).disconnect({ Container: other.id });
      await app.rest(admin).delete(`${base}/${other.id}?force=true`).expect(204);
      return [other.id, other.name, renamed];
    };

    it.each<[who: Who, format: 'text/event-stream' | 'application/x-ndjson']>([
      ['labelled', 'text/event-stream'],
      ['labelled', 'application/x-ndjson'],
      ['owner', 'text/event-stream'],
      ['owner', 'application/x-ndjson'],
      ['unnamed', 'text/event-stream'],
    ])('%s hears nothing of it in a list that is watched by %s', async (who, accept) => {
      const url = `${ground.app.url}/api/v1/${ON_ENGINE}?watch=true`;
      const stream = await HttpStream.open(url, { actor: actors[who], accept });
      await stream.until(({ text }) => text.includes('synced'));
      const others = await poke();
      const seen = who === 'unnamed' ? await own(actors.labelled) : await own(actors[who]);
      await stream.until(({ text }) => text.includes(seen.id));
      for (const other of [...others, hidden.id, hidden.name, network])
        expect(stream.text).not.toContain(other);
      stream.vanish();
    });

    it.each<[who: Who, filter: object | undefined]>([
      ['labelled', undefined],
      ['labelled', { label: ['team'] }],
      ['owner', undefined],
      ['owner', { state: ['created', 'running'] }],
      ['unnamed', undefined],
    ])('%s hears nothing of it by containerChanged with %j', async (who, filter) => {
      const told = subscribe<{ kind: string }>(clientOf(actors[who]), CHANGED, { filter });
      await told.until((values) => values.some(({ kind }) => kind === 'synced'));
      const others = await poke();
      const seen = who === 'unnamed' ? await own(actors.labelled) : await own(actors[who]);
      await told.until((values) => JSON.stringify(values).includes(seen.id));
      for (const other of [...others, hidden.id]) expect(JSON.stringify(told.values)).not.toContain(other);
      told.unsubscribe();
    });

    it.each<Who>(['labelled', 'owner', 'around', 'unnamed'])(
      '%s hears nothing of it by engineEvents, neither by what happens to it nor around it',
      async (who) => {
        const told = subscribe<object>(clientOf(actors[who]), EVENTS);
        const maker = who === 'unnamed' || who === 'around' ? actors.labelled : actors[who];
        const asked = setInterval(() => void own(maker, '/run'), 300);
        await told.until((values) => values.length > 0);
        clearInterval(asked);
        const others = await poke();
        const seen = await own(maker, '/run');
        await told.until((values) => JSON.stringify(values).includes(seen.id));
        for (const other of [...others, hidden.id]) expect(JSON.stringify(told.values)).not.toContain(other);
        told.unsubscribe();
      },
    );
  });

  describe('of a container that may be seen: its environment, host paths and commands', () => {
    const secretsOf = (who: Who): string[] =>
      who === 'noMounts' ? [SOURCE] : [SECRET, SOURCE, EXEC_SECRET, '"7m"'];
    const RAW = 'env raw mounts { type source target name }';
    const DOORS: Readonly<Record<string, (actor: TestActor) => Promise<string>>> = {
      inspect: async (actor) => (await ground.rest(actor, ['get', `${ON_ENGINE}/${web.id}`])).text,
      'a fresh inspect': async (actor) =>
        (await ground.rest(actor, ['get', `${ON_ENGINE}/${web.id}?fresh=true`])).text,
      list: async (actor) => (await listOf(actor, { limit: 500 })).text,
      'a fresh list': async (actor) => (await listOf(actor, { limit: 500, fresh: true })).text,
      'a list by GraphQL': async (actor) => {
        const query =
          '{ containers(engine: "local") { nodes { id command mounts { type source target name } } } }';
        return (await ground.graphql(actor, query)).text;
      },
      'container by GraphQL': async (actor) =>
        (await ground.graphql(actor, `{ container(engine: "local", id: "${web.id}") { id ${RAW} } }`)).text,
      'a fresh container by GraphQL': async (actor) =>
        (
          await ground.graphql(
            actor,
            `{ container(engine: "local", id: "${web.id}", fresh: true) { id ${RAW} } }`,
          )
        ).text,
      'a watched list': async (actor) => {
        const stream = await watch(actor);
        await stream.until(({ text }) => text.includes('synced'));
        stream.vanish();
        return stream.text;
      },
      'a watched change': async (actor) => {
        const told = subscribe<{ kind: string; id: string | null }>(clientOf(actor), CHANGED);
        await told.until((values) => values.some(({ kind }) => kind === 'synced'));
        const before = told.values.length;
        await ground.app.rest(ground.admin).post(`/api/v1/${ON_ENGINE}/${web.id}/pause`).expect(204);
        await ground.app.rest(ground.admin).post(`/api/v1/${ON_ENGINE}/${web.id}/unpause`).expect(204);
        await told.until((values) => values.slice(before).some(({ id }) => id === web.id));
        told.unsubscribe();
        return JSON.stringify(told.values);
      },
      events: async (actor) => {
        const told = subscribe<{ action: string; actorId: string }>(clientOf(actor), EVENTS);
        const exec = setInterval(() => {
          const body = { command: ['sh', '-c', `: ${EXEC_SECRET}`] };
          void ground
            .make(`${ON_ENGINE}/${web.id}/execs`, body)
            .then(({ id }) =>
              ground.rest(ground.admin, ['post', `engines/local/execs/${id}/start-detached`]),
            );
        }, 300);
        await told.until((values) => values.some(({ action }) => action.startsWith('exec_start')));
        clearInterval(exec);
        told.unsubscribe();
        return `${web.id} ${JSON.stringify(told.values)}`;
      },
    };
    const cases = (['viewer', 'operator', 'narrowed', 'noMounts'] as const).flatMap((who) =>
      Object.keys(DOORS).map((door) => [who, door] as const),
    );
    it.each(cases)('%s reads none of it by %s', async (who, door) => {
      const text = (await DOORS[door]?.(actors[who])) ?? '';
      expect(text).toContain(web.id);
      for (const secret of secretsOf(who)) expect(text).not.toContain(secret);
    });

    it.each<Who>(['viewer', 'operator', 'narrowed', 'noMounts'])(
      '%s does not find out a host path by filtering for it',
      async (who) => {
        const filter = { volume: SOURCE };
        expect((await listOf(actors[who], filter)).body).toMatchObject({ items: [], totalCount: 0 });
        expect((await ground.graphql(actors[who], LIST, { filter })).data).toMatchObject({
          containers: { totalCount: 0 },
        });
        const told = subscribe<{ kind: string; id: string | null }>(clientOf(actors[who]), CHANGED, {
          filter,
        });
        await told.until((values) => values.some(({ kind }) => kind === 'synced'));
        expect(told.values.filter(({ kind }) => kind === 'added')).toEqual([]);
        told.unsubscribe();
        expect((await listOf(ground.admin, filter)).body.totalCount).toBeGreaterThan(0);
      },
    );

    it.each<Who>(['viewer', 'operator', 'narrowed', 'noMounts'])(
      '%s sees no exec, nor its command',
      async (who) => {
        const call: Call = ['get', `engines/local/execs/${webExec}`];
        const { text } = await ground.refusedCall(actors[who], 'ExecInspect', call);
        expect(text).not.toContain(EXEC_SECRET);
      },
    );
  });
});
