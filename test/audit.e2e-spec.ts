import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { Response } from 'superagent';
import { RoleBindingsService } from '../src/access/role-bindings.service.js';
import { AuditFeed } from '../src/audit/audit-feed.js';
import type { AuditRecord } from '../src/audit/audit-record.model.js';
import { AuditRetention, RETENTION } from '../src/audit/audit-retention.js';
import { AuditService } from '../src/audit/audit.service.js';
import { ManualClock } from '../src/common/clock.js';
import { Settings } from '../src/config/settings.js';
import { DATABASE } from '../src/database/database.token.js';
import { openDatabase } from '../src/database/open-database.js';
import type { Database } from '../src/database/schema.js';
import { type TestActor, TestApp } from './support/app.js';
import { DockmasterProcess, temporaryDataDir } from './support/dockmaster-process.js';
import { eventually } from './support/eventually.js';
import { HttpStream, type StreamType } from './support/http-stream.js';
import { freshDatabase, type FreshDatabase } from './support/postgres.js';
import { sharedEngine } from './support/shared-peers.js';
import { graphqlClient, subscribe } from './support/subscriptions.js';
import { TestContainers } from './support/test-containers.js';

const DAY_MS = 24 * 60 * 60_000;
const ENTRY = { door: 'rest', requestId: 'r', address: '192.0.2.7', operation: 'ContainerStart' } as const;
const APPEND_ONLY = /the audit trail is append-only/;

describe.each(['sqlite', 'postgres'] as const)('the audit trail on %s', (kind) => {
  let dataDir: string;
  let server: FreshDatabase | undefined;
  let db: Database;
  let clock: ManualClock;
  let audit: AuditService;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'dockmaster-audit-'));
    server = kind === 'postgres' ? await freshDatabase() : undefined;
    db = await openDatabase({ dataDir, databaseUrl: server?.url });
    clock = new ManualClock();
    audit = new AuditService(db, clock);
  });
  afterEach(async () => {
    await db.destroy();
    await server?.drop();
    await rm(dataDir, { recursive: true, force: true });
  });
  const all = async () => (await audit.list({}, { limit: 500 })).items;
  const retention = (auditRetentionDays = 30, database = db) =>
    new AuditRetention(
      database,
      clock,
      Object.assign(new Settings(), { auditRetentionDays }),
      new AuditService(database, clock),
    );

  describe('is append-only in the database itself, which', () => {
    const settled = async () => {
      await audit.refused(ENTRY, 'no');
      return all();
    };
    it('changes no record that has its outcome', async () => {
      const before = await settled();
      for (const change of [
        { reason: 'another' },
        { outcome: 'succeeded' as const },
        { actor_name: 'eve' },
      ]) {
        await expect(db.updateTable('audit_record').set(change).execute()).rejects.toThrow(APPEND_ONLY);
      }
      expect(await all()).toEqual(before);
    });

    it('gives a pending record its outcome, and changes nothing else of it', async () => {
      const id = await audit.begin({ ...ENTRY, targetId: 'x', otherId: 'x', otherName: 'x' });
      for (const change of [
        { actor_name: 'eve' },
        { at: 1 },
        { id: 'x' },
        { target_id: 'y' },
        { target_name: 'y' },
        { other_id: null },
        { other_name: 'y' },
      ]) {
        const update = db.updateTable('audit_record').set({ outcome: 'succeeded', ...change });
        await expect(update.execute()).rejects.toThrow(APPEND_ONLY);
      }
      await audit.complete(id, 'succeeded');
      expect(await all()).toEqual([expect.objectContaining({ id, outcome: 'succeeded' })]);
    });

    it('gives it the ids of what was made, with its outcome and never after', async () => {
      const id = await audit.begin(ENTRY);
      const early = db.updateTable('audit_record').set({ target_id: 'made' });
      await expect(early.execute()).rejects.toThrow(APPEND_ONLY);
      await audit.complete(id, 'succeeded', undefined, { targetId: 'made' });
      const late = db.updateTable('audit_record').set({ other_id: 'made' });
      await expect(late.execute()).rejects.toThrow(APPEND_ONLY);
      expect(await all()).toMatchObject([{ id, target_id: 'made', other_id: null }]);
    });

    it('deletes nothing, of whatever age, unless retention does', async () => {
      const before = await settled();
      await expect(db.deleteFrom('audit_record').execute()).rejects.toThrow(APPEND_ONLY);
      const another =
        kind === 'postgres'
          ? sql`TRUNCATE audit_record`
          : sql`INSERT OR REPLACE INTO audit_record SELECT * FROM audit_record`;
      await expect(another.execute(db)).rejects.toThrow(APPEND_ONLY);
      expect(await all()).toEqual(before);
    });
  });

  describe('keeps records as long as it is told to', () => {
    it('and then deletes those whose outcome is known, which is a record too', async () => {
      await audit.refused(ENTRY, 'old');
      const pending = await audit.begin(ENTRY);
      clock.advance(30 * DAY_MS);
      await audit.refused(ENTRY, 'not older than it may be');
      expect(await retention().run()).toBe(0);
      clock.advance(1);
      expect(await retention().run()).toBe(1);
      expect(await all()).toEqual([
        expect.objectContaining({
          operation: RETENTION,
          actor_kind: 'system',
          outcome: 'succeeded',
          reason: '1 records from before 2026-01-01T00:00:00.001Z',
        }),
        expect.objectContaining({ reason: 'not older than it may be' }),
        expect.objectContaining({ id: pending, outcome: 'pending' }),
      ]);
      await expect(db.deleteFrom('audit_record').execute()).rejects.toThrow(APPEND_ONLY);
    });

    it('for ever where that is 0', async () => {
      await audit.refused(ENTRY, 'old');
      clock.advance(100_000 * DAY_MS);
      expect(await retention(0).run()).toBe(0);
      expect(await all()).toHaveLength(1);
    });

    it('however many there are, each counted once though replicas delete at the same time', async () => {
      await fill(db, 2_345, clock.now());
      clock.advance(31 * DAY_MS);
      const other = kind === 'postgres' ? await openDatabase({ dataDir, databaseUrl: server?.url }) : db;
      const counts = await Promise.all([retention().run(), retention(30, other).run()]);
      if (other !== db) await other.destroy();
      expect(counts[0] + counts[1] + (await retention().run())).toBe(2_345);
      const left = await all();
      expect(new Set(left.map(({ operation }) => operation))).toEqual(new Set([RETENTION]));
      expect(left.reduce((sum, { reason }) => sum + Number.parseInt(reason ?? '', 10), 0)).toBe(2_345);
    });
  });

  it('is searched for a needle page by page, without looking at all of it at once', async () => {
    await fill(db, 12_000, clock.now());
    await audit.begin({ ...ENTRY, door: 'hook', requestId: 'oldest' });
    clock.advance(60_000);
    await fill(db, 12_000, clock.now());
    await audit.begin({ ...ENTRY, door: 'hook', requestId: 'newest' });
    const first = await audit.list({ door: 'hook' }, { limit: 1 });
    expect(first.items).toEqual([expect.objectContaining({ request_id: 'newest' })]);
    const second = await audit.list({ door: 'hook' }, { limit: 1, after: first.nextCursor ?? '' });
    expect(second.items).toEqual([expect.objectContaining({ request_id: 'oldest' })]);
    expect((await audit.list({}, { limit: 1 })).totalCount).toBe(10_000);
  });

  it('is searched for an id or a name in one order, on every page, whichever of the two it is', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 9; index++) {
      const target =
        index % 3 === 0
          ? { targetId: 'x', targetName: 'x' }
          : { [index % 3 === 1 ? 'targetId' : 'targetName']: 'x' };
      ids.unshift(await audit.begin({ ...ENTRY, ...target }));
      clock.advance(1);
    }
    await audit.begin({ ...ENTRY, targetName: 'y' });
    const found: string[] = [];
    let after: string | null | undefined;
    do {
      const page = await audit.list({ target: 'x' }, { limit: 2, after: after ?? undefined });
      expect(page.totalCount).toBe(9);
      found.push(...page.items.map(({ id }) => id));
      after = page.nextCursor;
    } while (after !== null);
    expect(found).toEqual(ids);
  });

  it('is exported whole and in order, up to what there was at the start', async () => {
    await fill(db, 7_001, clock.now());
    const exported: string[] = [];
    for await (const batch of audit.export({}, new AbortController().signal)) {
      expect(batch.length).toBeLessThanOrEqual(500);
      if (exported.length === 0) {
        clock.advance(60_000);
        await audit.begin({ ...ENTRY, requestId: 'meanwhile' });
      }
      exported.push(...batch.map(({ id }) => id));
    }
    expect(exported).toHaveLength(7_001);
    expect(exported).toEqual([...new Set(exported)].sort());
  });

  it('tells who watches of each record once, when its outcome is known, and of no other', async () => {
    await audit.refused(ENTRY, 'before');
    const watching = new AbortController();
    const feed = new AuditFeed(db, clock);
    const records = feed.open({ engine: 'local' }, watching.signal);
    const seen: string[] = [];
    const read = (async () => {
      for await (const batch of await records) seen.push(...batch.map(({ request_id }) => request_id));
    })();
    await records;
    const first = await audit.begin({ ...ENTRY, engine: 'local', requestId: 'first' });
    await audit.refused({ ...ENTRY, engine: 'edge', requestId: 'elsewhere' }, 'no');
    await audit.refused({ ...ENTRY, engine: 'local', requestId: 'second' }, 'no');
    await eventually(
      () => seen.length,
      (length) => length === 1,
    );
    clock.advance(3_600_000);
    await audit.complete(first, 'failed', 'no');
    await eventually(
      () => seen.length,
      (length) => length === 2,
    );
    expect(seen).toEqual(['second', 'first']);
    watching.abort();
    await read;
  });
});

/** Settled records, in one statement. */
async function fill(db: Database, count: number, at: number): Promise<void> {
  const id = (index: number) => {
    const time = (at + index).toString(16).padStart(12, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${index.toString(16).padStart(12, '0')}`;
  };
  for (let start = 0; start < count; start += 500) {
    const values = Array.from({ length: Math.min(500, count - start) }, (_, index) => ({
      id: id(start + index),
      at: at + start + index,
      actor_kind: 'user',
      actor_id: 'u-1',
      actor_name: 'filler',
      door: 'rest',
      operation: 'ContainerStart',
      engine: 'local',
      outcome: 'succeeded' as const,
      request_id: `r-${start + index}`,
      address: '192.0.2.7',
      settled_at: at + start + index,
    }));
    await db.insertInto('audit_record').values(values).execute();
  }
}

describe('whoever may read the audit trail', () => {
  let app: TestApp;
  let admin: TestActor;
  beforeAll(async () => {
    app = await TestApp.start();
    admin = await app.admin();
  });
  afterAll(() => app.stop());

  const list = async (query: Record<string, string>, actor = admin) =>
    ((await app.rest(actor).get('/api/v1/audit').query(query).expect(200)).body as { items: AuditRecord[] })
      .items;
  const open = (path: string, actor: TestActor, accept?: StreamType) =>
    HttpStream.open(`${app.url}/api/v1/audit/${path}`, { actor, ...(accept ? { accept } : {}) });
  const refuse = (actor: TestActor) => app.rest(actor).get('/api/v1/roles').expect(403);

  it('sees one record, by REST and GraphQL', async () => {
    const [record] = await list({ operation: 'signIn' });
    const one = await app.rest(admin).get(`/api/v1/audit/${record?.id}`).expect(200);
    expect(one.body).toEqual(record);
    expect(record?.settledAt).toMatch(/Z$/);
    const byGraphql = await app.graphql(admin, 'query ($id: String!) { auditRecord(id: $id) { id } }', {
      id: record?.id,
    });
    expect(byGraphql).toMatchObject({ data: { auditRecord: { id: record?.id } } });
  });

  it('is told of a record that is not there, and of what is no id', async () => {
    const missing = '00000000-0000-7000-8000-000000000000';
    expect((await app.rest(admin).get(`/api/v1/audit/${missing}`).expect(404)).body).toMatchObject({
      code: 'not_found',
    });
    await app.rest(admin).get('/api/v1/audit/latest').expect(400);
  });

  it('filters by each property, and by several at once', async () => {
    const ivan = await app.user('ivan', []);
    await refuse(ivan);
    await app
      .rest(ivan)
      .get('/api/v1/engines/local/containers/nothing/logs')
      .set('x-request-id', 'filtered-1')
      .expect(404);
    const [wanted] = await list({ requestId: 'filtered-1' });
    expect(wanted).toMatchObject({ actorName: 'ivan', operation: 'ContainerLogs', outcome: 'refused' });
    const matching: Record<string, string> = {
      actor: ivan.id,
      actorKind: 'user',
      door: 'rest',
      operation: 'ContainerLogs',
      engine: 'local',
      target: 'nothing',
      targetKind: 'container',
      outcome: 'refused',
      requestId: 'filtered-1',
    };
    expect(await list(matching)).toEqual([wanted]);
    for (const name of Object.keys(matching)) {
      const other = { actorKind: 'system', door: 'hook', outcome: 'failed' }[name] ?? 'another';
      expect(await list({ ...matching, [name]: other })).toEqual([]);
    }
  });

  it('exports what matches, oldest first, a record a line', async () => {
    const judy = await app.user('judy', []);
    for (let index = 0; index < 3; index++) await refuse(judy);
    const exported = await open('export?actor=judy', admin);
    expect(await exported.ended).toBe(true);
    expect(exported.headers['content-type']).toBe('application/x-ndjson');
    expect(exported.documents).toEqual((await list({ actor: 'judy' })).reverse());
    expect(exported.documents).toHaveLength(4);
    await app.rest(admin).get('/api/v1/audit/export').set('accept', 'text/csv').expect(406);
    await app.rest(admin).get('/api/v1/audit/export').query({ from: '2026-02-31' }).expect(400);
  });

  it('exports no further than is read, and stops once the right is withdrawn', async () => {
    const kate = await app.user('kate', [{ role: 'admin' }]);
    await fill(app.nest.get<Database>(DATABASE), 60_000, Date.UTC(2020, 0, 1));
    const exported = await open('export', kate);
    await exported.until(({ lines }) => lines.length > 0);
    exported.pause();
    const watching = await open('stream', kate);
    await unbind(app, kate);
    // Looked at after the export, since it was opened after it.
    await watching.ended;
    exported.resume();
    expect(await exported.ended).toBe(true);
    expect(exported.documents.at(-1)).toMatchObject({ error: { code: 'access_withdrawn' } });
    expect(exported.lines.length).toBeLessThan(30_000);
  });

  it('watches it, by REST and GraphQL, until the right is withdrawn', async () => {
    const lena = await app.user('lena', [{ role: 'admin' }]);
    const mike = await app.user('mike', []);
    const client = graphqlClient(app, lena);
    const subscription = subscribe<AuditRecord>(
      client,
      'subscription ($filter: AuditWatchInput) { auditRecordAdded(filter: $filter) { operation outcome actorName } }',
      { filter: { actor: 'mike' } },
    );
    const events = await open('stream?actor=mike', lena);
    // Without a first record there is nothing yet that NDJSON could begin with.
    const opening = open('stream?actor=mike&outcome=refused', lena, 'application/x-ndjson');
    await events.until(({ text }) => text.startsWith(': open'));
    await eventually(
      async () => {
        await refuse(mike);
        return subscription.values.length;
      },
      (count) => count > 0,
    );
    const refused = { operation: 'roles:list', outcome: 'refused', actorName: 'mike' };
    expect(subscription.values[0]).toEqual(refused);
    await events.until((stream) => stream.events.length > 0);
    expect(events.events[0]).toMatchObject({ event: 'auditRecord', data: refused });
    const lines = await opening;
    await lines.until((stream) => stream.lines.length > 0);
    expect(lines.documents[0]).toMatchObject(refused);

    await unbind(app, lena);
    await Promise.all([subscription.ended, events.ended, lines.ended]);
    expect(subscription.errors).toMatchObject([{ extensions: { code: 'access_withdrawn' } }]);
    expect(events.events.at(-1)).toMatchObject({ event: 'error', data: { code: 'access_withdrawn' } });
    expect(lines.documents.at(-1)).toMatchObject({ error: { code: 'access_withdrawn' } });
    await client.dispose();
  });

  it.each(['', '/export', '/stream', '/00000000-0000-7000-8000-000000000000'])(
    'is nobody else: GET /audit%s',
    async (path) => {
      const name = `nora-${randomBytes(4).toString('hex')}`;
      const nora = await app.user(name, [{ role: 'developer' }]);
      await app.rest().get(`/api/v1/audit${path}`).expect(401);
      await app.rest(nora).get(`/api/v1/audit${path}`).expect(403);
      expect(await list({ actor: nora.id, outcome: 'refused' })).toHaveLength(1);
    },
  );

  it('may have a token for the export alone', async () => {
    const made = await app
      .rest(admin)
      .post('/api/v1/tokens')
      .send({ name: 'shipper', permissions: ['audit:export'] })
      .expect(201);
    const { token } = made.body as { token: string };
    const shipper: TestActor = { ...admin, token, authorization: `Bearer ${token}` };
    await app.rest(shipper).get('/api/v1/audit').expect(403);
    const exported = await open('export?operation=createApiToken', shipper);
    await exported.ended;
    expect(exported.documents).toContainEqual(expect.objectContaining({ targetName: 'shipper' }));
  });
});

describe('what somebody does at the Engine door', () => {
  let app: TestApp;
  let admin: TestActor;
  let containers: TestContainers;
  let name: string;
  beforeAll(async () => {
    app = await TestApp.start();
    admin = await app.admin();
    containers = new TestContainers(app, admin);
  });
  beforeEach(() => {
    name = containers.name('audited');
  });
  afterEach(() => containers.removeAll());
  afterAll(() => app.stop());

  const found = async (target: string | undefined, operation: string) => {
    const query = { target: target ?? '', operation };
    const answer = await app.rest(admin).get('/api/v1/audit').query(query).expect(200);
    return (answer.body as { items: AuditRecord[] }).items;
  };
  const send = (path: string, body: object = {}, actor = admin) =>
    app.rest(actor).post(`/docker/local/v1.41${path}`).send(body);
  const made = async (path: string, body: object = {}) => {
    const { body: answer } = (await send(path, body).expect(201)) as { body: { Id?: string } };
    return answer.Id;
  };

  it.each<[operation: string, path: string, remove: string]>([
    ['VolumeCreate', '/volumes/create', 'volumes'],
    ['NetworkCreate', '/networks/create', 'networks'],
  ])('is found by the name and the id of what was made: %s', async (operation, path, kind) => {
    const id = (await made(path, { Name: name })) ?? name;
    const record = { operation, targetId: id, targetName: name, outcome: 'succeeded' };
    for (const target of [id, name]) expect(await found(target, operation)).toMatchObject([record]);
    await app.rest(admin).delete(`/docker/local/v1.41/${kind}/${name}`).expect(204);
  });

  it('is found by the id of a container that was given no name', async () => {
    const id = await made('/containers/create', { Image: 'busybox', Labels: containers.labels });
    expect(await found(id, 'ContainerCreate')).toMatchObject([{ targetId: id, targetName: null }]);
  });

  it('is found by the name that was given to something that there was', async () => {
    const { id } = await containers.create({ name });
    await send(`/containers/${id}/rename?name=${name}-new`).expect(204);
    const renamed = { targetId: id, targetName: name, otherName: `${name}-new` };
    for (const target of [id, name, `${name}-new`])
      expect(await found(target, 'ContainerRename')).toMatchObject([renamed]);

    const image = await made(`/commit?container=${id}&repo=${name}&tag=v1`);
    for (const target of [id, image, `${name}:v1`])
      expect(await found(target, 'ImageCommit')).toMatchObject([{ otherId: image, outcome: 'succeeded' }]);

    await send(`/images/${name}:v1/tag?repo=${name}&tag=v2`).expect(201);
    for (const target of [image, `${name}:v1`, `${name}:v2`])
      expect(await found(target, 'ImageTag')).toMatchObject([{ otherName: `${name}:v2` }]);
    await containers.engine.getImage(`${name}:v1`).remove();
    await containers.engine.getImage(`${name}:v2`).remove();
  });

  it('is found by the container that was connected to a network', async () => {
    const { id } = await containers.create({ name });
    await made('/networks/create', { Name: name });
    await send(`/networks/${name}/connect`, { Container: name }).expect(200);
    await send(`/networks/${name}/disconnect`, { Container: name }).expect(200);
    for (const operation of ['NetworkConnect', 'NetworkDisconnect'])
      expect(await found(id, operation)).toMatchObject([{ targetName: name, otherId: id }]);
    await app.rest(admin).delete(`/docker/local/v1.41/networks/${name}`).expect(204);
  });

  it('is found by the name that was refused', async () => {
    const viewer = await app.user(containers.name('viewer'), [{ role: 'viewer' }]);
    const developer = await app.user(containers.name('dev'), [
      { role: 'developer', scope: { engines: ['local'], labelSelector: 'team=web' } },
    ]);
    const refused = { targetId: null, outcome: 'refused' };
    for (const [operation, path, kind] of [
      ['VolumeCreate', '/volumes/create', 'volume'],
      ['NetworkCreate', '/networks/create', 'network'],
    ] as const) {
      await send(path, { Name: name }, developer).expect(403);
      expect(await found(name, operation)).toMatchObject([{ ...refused, targetKind: kind }]);
    }
    await send(`/containers/create?name=${name}`, { Image: 'busybox' }, viewer).expect(403);
    await send(`/build?t=${name}:v1&t=${name}:v2`, {}, viewer).expect(403);
    expect(await found(name, 'ContainerCreate')).toMatchObject([refused]);
    for (const target of [`${name}:v1`, `${name}:v2`])
      expect(await found(target, 'ImageBuild')).toMatchObject([refused]);
  });
});

describe('two replicas on one PostgreSQL', () => {
  let server: FreshDatabase;
  let replicas: TestApp[];
  beforeAll(async () => {
    server = await freshDatabase();
    const environment = { DATABASE_URL: server.url };
    replicas = [await TestApp.start({ environment }), await TestApp.start({ environment })];
  });
  afterAll(async () => {
    for (const replica of replicas) await replica.stop();
    await server.drop();
  });

  it('tell who watches at one what was done at the other', async () => {
    const [here, there] = replicas;
    if (!here || !there) throw new Error('no replicas');
    const admin = await here.admin();
    const events = await HttpStream.open(`${here.url}/api/v1/audit/stream?operation=signIn`, {
      actor: admin,
    });
    await there.user('olga', []);
    await events.until((stream) => stream.events.length > 0);
    expect(events.events).toMatchObject([{ data: { actorName: 'olga', outcome: 'succeeded' } }]);
    events.vanish();
  });
});

describe('no token, password or secret', () => {
  it('is ever in the trail, the log, or an answer that does not have to hold it', async () => {
    const dataDir = await temporaryDataDir();
    const dockmaster = await DockmasterProcess.start({
      dockerHost: `unix://${sharedEngine().socketPath}`,
      dataDir: dataDir.path,
      environment: {
        DOCKMASTER_LOG_LEVEL: 'trace',
        DOCKMASTER_SECRET_KEY: 'Ik7h-2mQz_9dVw4XcRb8TnYs5LpGf1Ao',
      },
    });
    const secret = (name: string) => `${name}-${randomBytes(12).toString('hex')}`;
    const secrets = {
      wrongPassword: secret('wrong'),
      newPassword: secret('new'),
      environment: secret('env'),
      command: secret('cmd'),
      execEnvironment: secret('execenv'),
      execCommand: secret('execcmd'),
      body: secret('body'),
      badEnvironment: secret('badenv'),
      badCommand: secret('badcmd'),
      badExec: secret('badexec'),
      signal: secret('signal'),
      bearer: secret('bearer'),
    };
    const answers: string[] = [];
    try {
      const admin = await dockmaster.admin();
      const rest = dockmaster.rest(admin);
      const keep = ({ text }: { text: string }) => answers.push(text);
      const login = (password: string) =>
        dockmaster.rest().post('/api/v1/auth/login').send({ username: 'admin', password });
      keep(await login(secrets.wrongPassword).expect(401));
      keep(await login(`${secrets.wrongPassword}\u0000`));
      keep(
        await dockmaster
          .rest()
          .get('/api/v1/me')
          .set('authorization', `Bearer ${secrets.bearer}`)
          .expect(401),
      );
      keep(await dockmaster.rest().post('/api/v1/auth/refresh').send({ refreshToken: secrets.bearer }));
      const made = await rest.post('/api/v1/tokens').send({ name: 'secretive' }).expect(201);
      const { token, id: tokenId } = made.body as { token: string; id: string };
      keep(
        await dockmaster
          .rest({ authorization: `Bearer ${token}` })
          .get('/api/v1/me')
          .expect(200),
      );

      const containers = '/api/v1/engines/local/containers';
      const created = await rest
        .post(containers)
        .send({
          name: `secretive-${randomBytes(4).toString('hex')}`,
          image: 'busybox:latest',
          command: ['sh', '-c', 'sleep 300', secrets.command],
          env: [`PASSWORD=${secrets.environment}`],
        })
        .expect(201);
      const { id } = created.body as { id: string };
      await rest
        .post(`${containers}/${id}/start`)
        .expect((answer) => expect(answer.status).toBeLessThan(300));
      const exec = await rest
        .post(`${containers}/${id}/execs`)
        .send({ command: ['echo', secrets.execCommand], env: [`TOKEN=${secrets.execEnvironment}`] });
      expect(exec.status).toBeLessThan(300);
      keep(await rest.post(containers).send({ image: secrets.body, unknown: secrets.body }));
      keep(await rest.post(containers).set('content-type', 'application/json').send(`{"${secrets.body}`));
      // What the engine refuses it quotes, and the caller is told.
      const quoted: string[] = [];
      const fails = async (path: string, body: object) => {
        const answer = await rest.post(path).send(body);
        if (answer.status >= 400) quoted.push(answer.text);
        return answer.body as { id?: string };
      };
      await fails(containers, { image: 'busybox:latest', env: [`=${secrets.badEnvironment}`] });
      const broken = await fails(containers, { image: 'busybox:latest', command: [secrets.badCommand] });
      await fails(`${containers}/${broken.id}/start`, {});
      await rest
        .delete(`${containers}/${broken.id}`)
        .expect((answer) => expect(answer.status).toBeLessThan(300));
      const badExec = await fails(`${containers}/${id}/execs`, { command: [secrets.badExec] });
      await fails(`/api/v1/engines/local/execs/${badExec.id}/start-detached`, {});
      await fails(`${containers}/${id}/kill?signal=${secrets.signal}`, {});
      expect(quoted.join()).toContain(secrets.badCommand);
      expect(quoted.join()).toContain(secrets.badExec);
      keep(await rest.post(`${containers}/${id}/kill?signal=SIGKILL`));
      keep(await rest.delete(`${containers}/${id}?force=true`));
      const password = { currentPassword: 'correct horse battery', newPassword: secrets.newPassword };
      await rest.post('/api/v1/me/password').send(password);
      const again = await login(secrets.newPassword);
      const { accessToken, refreshToken } = again.body as { accessToken: string; refreshToken: string };
      expect(again.status).toBe(200);
      const signedIn = dockmaster.rest({ authorization: `Bearer ${accessToken}` });
      keep(await signedIn.get('/api/v1/tokens').expect(200));
      keep(await signedIn.delete(`/api/v1/tokens/${tokenId}`).expect(204));

      const trail = await signedIn.get('/api/v1/audit/export').buffer(true).parse(asText).expect(200);
      const records = trail.body as string;
      for (const operation of ['ContainerCreate', 'ContainerExec', 'createApiToken', 'signIn'])
        expect(records).toContain(operation);
      const log = dockmaster.log;
      expect(log).toContain('"request"');
      const bodies = answers.filter((text) => text.includes(secrets.body));
      const all = { ...secrets, token, accessToken, refreshToken, adminToken: admin.token };
      for (const [name, value] of Object.entries(all)) {
        expect({ name, inTrail: records.includes(value), inLog: log.includes(value) }).toEqual({
          name,
          inTrail: false,
          inLog: false,
        });
        if (name !== 'body')
          expect({ name, answers: answers.filter((text) => text.includes(value)) }).toEqual({
            name,
            answers: [],
          });
      }
      // What a caller got wrong may be quoted to that caller, and to nobody else.
      expect(bodies.length).toBeLessThanOrEqual(2);
    } finally {
      await dockmaster.end();
      await dataDir.remove();
    }
  });
});

function asText(response: Response, done: (error: Error | null, body: string) => void): void {
  let text = '';
  void response.setEncoding('utf8');
  response.on('data', (part: string) => (text += part));
  response.on('end', () => done(null, text));
}

async function unbind(app: TestApp, { id, username }: TestActor): Promise<void> {
  const bindings = app.nest.get(RoleBindingsService);
  for (const { id: binding } of await bindings.forActor({ kind: 'user', id, name: username, teamIds: [] }))
    await bindings.unbind(binding);
}
