import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Actor } from '../src/common/actor.js';
import { Clock, ManualClock } from '../src/common/clock.js';
import { DomainError } from '../src/common/errors.js';
import { requestContext, runInRequestContext } from '../src/common/request-context.js';
import { Settings } from '../src/config/settings.js';
import { openDatabase } from '../src/database/open-database.js';
import type { Database } from '../src/database/schema.js';
import { AuthenticationService } from '../src/identity/authentication.service.js';
import { JobFollower } from '../src/jobs/job-follower.js';
import { JobHistory, KEPT_MS } from '../src/jobs/job-history.js';
import { JobKeeper } from '../src/jobs/job-keeper.js';
import { toJob } from '../src/jobs/job-row.js';
import { JobRunner } from '../src/jobs/job-runner.js';
import { MAX_RUNNING_OF_ONE, MAX_UNFINISHED_OF_ONE } from '../src/jobs/job-slots.js';
import { JobStore } from '../src/jobs/job-store.js';
import type { Job } from '../src/jobs/job.model.js';
import { type JobContext, JobsService, type JobSpec } from '../src/jobs/jobs.service.js';
import { type TestActor, TestApp } from './support/app.js';
import { eventually } from './support/eventually.js';
import { HttpStream } from './support/http-stream.js';
import { freshDatabase, type FreshDatabase } from './support/postgres.js';
import { graphqlClient, subscribe } from './support/subscriptions.js';

const ALICE: Actor = { kind: 'user', id: 'alice', name: 'alice', teamIds: [] };
const PULL: JobSpec = { kind: 'imagePull', engine: 'local', target: { kind: 'image', name: 'alpine' } };

/** Work that a test ends as it likes. */
class Work {
  readonly begun = Promise.withResolvers<JobContext>();
  private readonly outcome = Promise.withResolvers<object | null>();

  /** @param heeds whether it ends when it is told to */
  constructor(private readonly heeds = true) {}

  readonly run = (job: JobContext): Promise<object | null> => {
    if (this.heeds)
      job.signal.addEventListener('abort', () => this.outcome.reject(job.signal.reason as Error));
    this.begun.resolve(job);
    return this.outcome.promise;
  };

  succeed(result: object | null = null): void {
    this.outcome.resolve(result);
  }

  fail(error: Error): void {
    this.outcome.reject(error);
  }
}

const bodyOf = ({ body }: { body: unknown }): unknown => body;

/** One process, as far as jobs go. */
class Replica {
  readonly store: JobStore;
  readonly runner: JobRunner;
  readonly follower: JobFollower;
  private readonly keeper: JobKeeper;

  private constructor(db: Database, clock: Clock) {
    this.store = new JobStore(db, clock);
    const settings = Object.assign(new Settings(), { shutdownTimeoutMs: 200 });
    this.runner = new JobRunner(this.store, clock, settings);
    this.follower = new JobFollower(this.store, this.runner);
    this.keeper = new JobKeeper(this.store, this.runner);
  }

  static async start(db: Database, clock: Clock = new Clock()): Promise<Replica> {
    const replica = new Replica(db, clock);
    await replica.keeper.onModuleInit();
    return replica;
  }

  async stop(): Promise<void> {
    await this.keeper.onModuleDestroy();
    await this.runner.onModuleDestroy();
    this.follower.onModuleDestroy();
  }

  /** Nothing of it is heard any more, and nothing of it changes the database. */
  async die(): Promise<void> {
    await this.keeper.onModuleDestroy();
    for (const job of this.runner.unfinished()) job.isSettled = true;
  }

  async job(id: string): Promise<Job> {
    const row = await this.store.find(id);
    if (!row) throw new Error(`no job ${id}`);
    return toJob(row);
  }

  /** As the database has it once it is so. */
  until(id: string, good: (job: Job) => boolean): Promise<Job> {
    return eventually(() => this.job(id), good);
  }
}

describe.each(['sqlite', 'postgres'] as const)('jobs on %s', (kind) => {
  let dataDir: string;
  let server: FreshDatabase | undefined;
  let db: Database;
  let replica: Replica;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'dockmaster-jobs-'));
    server = kind === 'postgres' ? await freshDatabase() : undefined;
    db = await openDatabase({ dataDir, databaseUrl: server?.url });
    replica = await Replica.start(db);
  });
  afterEach(async () => {
    await replica.stop();
    await db.destroy();
    await server?.drop();
    await rm(dataDir, { recursive: true, force: true });
  });
  const start = async (work: Work, on = replica) => {
    const { id } = await on.runner.start(ALICE, PULL, work.run);
    return id;
  };

  it('are written down before their work begins, and with what became of it', async () => {
    let written: Job | undefined;
    const { id } = await replica.runner.start(ALICE, PULL, async (job) => {
      written = await replica.job(job.id);
      return { imageId: 'sha256:1' };
    });
    expect(await replica.until(id, ({ state }) => state === 'succeeded')).toMatchObject({
      kind: 'imagePull',
      engine: 'local',
      target: { kind: 'image', id: null, name: 'alpine' },
      result: { imageId: 'sha256:1' },
      error: null,
      createdBy: { kind: 'user', id: 'alice', name: 'alice' },
    });
    expect(written).toMatchObject({ state: 'running', result: null, finishedAt: null });
  });

  it('that fail tell why, by the words of a problem', async () => {
    const work = new Work();
    const id = await start(work);
    work.fail(new DomainError('not_found', 'No such image: alpine'));
    expect(await replica.until(id, ({ state }) => state === 'failed')).toMatchObject({
      result: null,
      error: { code: 'not_found', message: 'No such image: alpine' },
    });
  });

  it('wait in turn where too many are under way, and are refused where too many wait', async () => {
    const works = Array.from({ length: MAX_UNFINISHED_OF_ONE }, () => new Work());
    const ids: string[] = [];
    for (const work of works) ids.push(await start(work));
    await expect(start(new Work())).rejects.toMatchObject({ kind: 'too_many_requests', retryAfter: 10 });
    const next = ids[MAX_RUNNING_OF_ONE] ?? '';
    expect(await replica.job(next)).toMatchObject({ state: 'queued', startedAt: null });
    works[0]?.succeed();
    await replica.until(next, ({ state }) => state === 'running');
  });

  it('write their progress down now and then, and at the end', async () => {
    const work = new Work();
    const id = await start(work);
    const job = await work.begun.promise;
    job.progress({ current: 1, total: 4, message: 'Downloading' });
    job.log('one layer of four');
    const progress = { current: 1, total: 4, percent: 25, message: 'Downloading', parts: [] };
    expect((await replica.until(id, (row) => row.progress.current === 1)).progress).toEqual(progress);
    job.progress({ current: 4 });
    work.succeed();
    const { progress: last } = await replica.until(id, ({ state }) => state === 'succeeded');
    expect(last).toMatchObject({ current: 4, percent: 100 });
    expect(await replica.store.log(id)).toEqual({ lines: ['one layer of four'], dropped: 0 });
  });

  it('go on though the client that asked for them has left', async () => {
    const left = AbortSignal.abort();
    const request = { requestId: 'r1', address: '192.0.2.7', door: 'rest', signal: left } as const;
    const seen = Promise.withResolvers<ReturnType<typeof requestContext>>();
    await runInRequestContext(request, () =>
      replica.runner.start(ALICE, PULL, () => {
        seen.resolve(requestContext());
        return Promise.resolve(null);
      }),
    );
    expect(await seen.promise).toEqual({ requestId: 'r1', address: '192.0.2.7', door: 'rest' });
  });

  describe('that are cancelled', () => {
    const cancel = async (id: string) => {
      const job = replica.runner.find(id);
      if (job) await replica.runner.cancel(job);
    };

    it('end with their work', async () => {
      const work = new Work();
      const id = await start(work);
      await work.begun.promise;
      await cancel(id);
      expect(await replica.until(id, ({ state }) => state !== 'running')).toMatchObject({
        state: 'cancelled',
        error: null,
      });
    });

    it('never begin where they have not begun', async () => {
      const busy = Array.from({ length: MAX_RUNNING_OF_ONE }, () => new Work());
      for (const work of busy) await start(work);
      const work = new Work();
      const id = await start(work);
      await cancel(id);
      expect(await replica.job(id)).toMatchObject({ state: 'cancelled', startedAt: null });
    });

    it('are under way as long as their work does not heed it, and have the outcome that it has', async () => {
      const work = new Work(false);
      const id = await start(work);
      const { signal } = await work.begun.promise;
      await cancel(id);
      expect(signal.aborted).toBe(true);
      expect(replica.runner.find(id)?.asJob()).toMatchObject({ state: 'running', cancelRequested: true });
      work.succeed({ done: true });
      expect(await replica.until(id, ({ state }) => state !== 'running')).toMatchObject({
        state: 'succeeded',
        result: { done: true },
      });
    });
  });

  describe('when Dockmaster stops', () => {
    it('are told to end, and those that do not heed it are closed as interrupted', async () => {
      const [heeding, deaf, finishing] = [new Work(), new Work(false), new Work(false)];
      const ids = [await start(heeding), await start(deaf), await start(finishing)];
      const { signal } = await finishing.begun.promise;
      signal.addEventListener('abort', () => finishing.succeed({ done: true }));
      await replica.stop();
      const [first, second, third] = await Promise.all(ids.map((id) => replica.job(id)));
      for (const job of [first, second])
        expect(job).toMatchObject({ state: 'failed', error: { code: 'interrupted' } });
      expect(third).toMatchObject({ state: 'succeeded', result: { done: true } });
      await expect(start(new Work())).rejects.toMatchObject({ kind: 'unavailable' });
    });
  });

  describe('are kept', () => {
    it('for 30 days after they have ended', async () => {
      const clock = new ManualClock();
      const then = await Replica.start(db, clock);
      const { id } = await then.runner.start(ALICE, PULL, () => Promise.resolve(null));
      await then.until(id, ({ state }) => state === 'succeeded');
      const history = new JobHistory(db, clock);
      clock.advance(KEPT_MS);
      expect(await history.run()).toBe(0);
      clock.advance(1);
      expect(await history.run()).toBe(1);
      expect(await then.store.find(id)).toBeUndefined();
      await then.stop();
    });

    it('up to a number of them, the newest, and always those that have not ended', async () => {
      const clock = new ManualClock();
      const then = await Replica.start(db, clock);
      const running = await start(new Work(), then);
      const ids: string[] = [];
      for (let index = 0; index < 5; index++) {
        clock.advance(1_000);
        const { id } = await then.runner.start(ALICE, PULL, () => Promise.resolve(null));
        await then.until(id, ({ state }) => state === 'succeeded');
        ids.push(id);
      }
      expect(await new JobHistory(db, clock).run(2)).toBe(3);
      const left = await db.selectFrom('job').select('id').orderBy('id').execute();
      expect(left.map(({ id }) => id)).toEqual([running, ...ids.slice(3)]);
      await then.stop();
    });
  });

  it('whose process died are interrupted when there is another', async () => {
    const ids = [await start(new Work()), await start(new Work())];
    await replica.die();
    // Where there may be other replicas, it is taken to be alive until its lease is over.
    if (kind === 'postgres') await db.updateTable('job').set({ lease_until: 1 }).execute();
    const next = await Replica.start(db);
    for (const id of ids)
      expect(await next.job(id)).toMatchObject({ state: 'failed', error: { code: 'interrupted' } });
    await next.stop();
  });
});

describe('jobs of several replicas on PostgreSQL', () => {
  let server: FreshDatabase;
  let databases: Database[];
  let here: Replica;
  let there: Replica;
  beforeEach(async () => {
    server = await freshDatabase();
    databases = [];
    const open = async () => {
      const db = await openDatabase({ dataDir: tmpdir(), databaseUrl: server.url });
      databases.push(db);
      return Replica.start(db);
    };
    here = await open();
    there = await open();
  });
  afterEach(async () => {
    await Promise.all([here.stop(), there.stop()]);
    for (const db of databases) await db.destroy();
    await server.drop();
  });
  const start = (work: Work) => here.runner.start(ALICE, PULL, work.run);

  it('are left alone while their replica lives', async () => {
    const work = new Work();
    const { id } = await start(work);
    await work.begun.promise;
    expect(await there.store.closeAbandoned()).toBe(0);
    work.succeed();
    await there.until(id, ({ state }) => state === 'succeeded');
  });

  it('are renewed as long as they go on', async () => {
    const work = new Work();
    const { id } = await start(work);
    const lease = async () => (await there.store.find(id))?.lease_until ?? 0;
    const first = await lease();
    await eventually(lease, (later) => later > first);
    work.succeed();
  });

  it('are cancelled by any of them', async () => {
    const work = new Work();
    const { id } = await start(work);
    await work.begun.promise;
    expect(there.runner.find(id)).toBeUndefined();
    expect(await there.store.requestCancel(id)).toBe(true);
    expect(await there.until(id, ({ state }) => state !== 'running')).toMatchObject({
      state: 'cancelled',
      cancelRequested: true,
    });
    expect(await there.store.requestCancel(id)).toBe(false);
  });

  it('are followed on any of them', async () => {
    const work = new Work();
    const { id } = await start(work);
    const job = await work.begun.promise;
    const seen: Job[] = [];
    const following = (async () => {
      for await (const shown of there.follower.open(id, new AbortController().signal)) seen.push(shown);
    })();
    job.progress({ percent: 50 });
    await eventually(
      () => seen.at(-1)?.progress.percent,
      (percent) => percent === 50,
    );
    work.succeed({ done: true });
    await following;
    expect(seen.at(-1)).toMatchObject({ state: 'succeeded', result: { done: true } });
  });

  it('that were taken for dead are given up by their replica too', async () => {
    const work = new Work(false);
    const { id } = await start(work);
    const { signal } = await work.begun.promise;
    await databases[1]?.updateTable('job').set({ lease_until: 1 }).execute();
    expect(await there.store.closeAbandoned()).toBe(1);
    await eventually(
      () => signal.aborted,
      (aborted) => aborted,
    );
    work.succeed({ done: true });
    expect(here.runner.find(id)).toBeUndefined();
    expect(await here.job(id)).toMatchObject({ state: 'failed', error: { code: 'interrupted' } });
  });
});

describe('a follower', () => {
  it('that is slow gets the newest progress only', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'dockmaster-jobs-'));
    const db = await openDatabase({ dataDir });
    const replica = await Replica.start(db);
    const work = new Work();
    const { id } = await replica.runner.start(ALICE, PULL, work.run);
    const job = await work.begun.promise;
    const following = replica.follower.open(id, new AbortController().signal)[Symbol.asyncIterator]();
    expect(await following.next()).toMatchObject({ value: { progress: { current: null } } });
    for (let current = 1; current <= 1_000; current++) job.progress({ current, total: 1_000 });
    expect(await following.next()).toMatchObject({ value: { progress: { current: 1_000 } } });
    work.succeed();
    expect(await following.next()).toMatchObject({ value: { state: 'succeeded' } });
    expect(await following.next()).toMatchObject({ done: true });
    await replica.stop();
    await db.destroy();
    await rm(dataDir, { recursive: true, force: true });
  });
});

describe('jobs by REST and GraphQL', () => {
  let app: TestApp;
  let service: JobsService;
  let admin: TestActor;
  let alice: TestActor;
  let bob: TestActor;
  let viewer: TestActor;
  let operator: TestActor;
  beforeAll(async () => {
    app = await TestApp.start();
    service = app.nest.get(JobsService);
    admin = await app.admin();
    alice = await app.user('alice', [{ role: 'developer', scope: { engines: ['*'], owned: true } }]);
    bob = await app.user('bob', [{ role: 'developer', scope: { engines: ['*'], labelSelector: 'team=b' } }]);
    viewer = await app.user('viewer', [{ role: 'viewer', scope: { engines: ['local'] } }]);
    operator = await app.user('operator', [{ role: 'operator' }]);
  });
  afterAll(() => app.stop());

  const actorOf = ({ id, username }: TestActor): Actor => ({ kind: 'user', id, name: username, teamIds: [] });
  const start = async (as: TestActor, work: Work, spec = PULL) =>
    (await service.start(actorOf(as), spec, work.run)).id;
  const job = async (as: TestActor, id: string) =>
    (await app.rest(as).get(`/api/v1/jobs/${id}`).expect(200)).body as Job;
  const ids = async (as: TestActor, query = {}) => {
    const body = bodyOf(await app.rest(as).get('/api/v1/jobs').query(query).expect(200));
    return (body as { items: Job[] }).items.map(({ id }) => id);
  };

  it('are told from how they are begun to what became of them', async () => {
    const work = new Work();
    const id = await start(alice, work);
    (await work.begun.promise).progress({
      current: 1,
      total: 2,
      parts: [{ id: 'layer', message: 'Waiting' }],
    });
    expect(await job(alice, id)).toMatchObject({
      id,
      state: 'running',
      progress: { percent: 50, parts: [{ id: 'layer', message: 'Waiting', current: null, total: null }] },
      createdBy: { name: 'alice' },
    });
    work.succeed({ imageId: 'sha256:1' });
    await eventually(
      () => job(alice, id),
      ({ state }) => state === 'succeeded',
    );
    const query = `{ job(id: "${id}") { state result progress { percent } } jobs(first: 1) { nodes { id } totalCount } }`;
    expect((await app.graphql(alice, query)).data).toMatchObject({
      job: { state: 'succeeded', result: { imageId: 'sha256:1' }, progress: { percent: 50 } },
      jobs: { nodes: [{ id }] },
    });
  });

  it('are listed newest first, filtered and page by page', async () => {
    const made = [];
    for (const kind of ['volumeClone', 'volumeClone', 'hookRun'] as const) {
      const work = new Work();
      made.push(await start(alice, work, { kind, engine: 'local' }));
      work.succeed();
    }
    const [first, second] = made;
    expect(await ids(alice, { kind: 'volumeClone' })).toEqual([second, first]);
    expect(await ids(alice, { kind: 'volumeClone', engine: 'edge' })).toEqual([]);
    const body = bodyOf(await app.rest(alice).get('/api/v1/jobs').query({ kind: 'volumeClone', limit: 1 }));
    const { items, nextCursor } = body as { items: Job[]; nextCursor: string };
    expect(items).toMatchObject([{ id: second }]);
    expect(await ids(alice, { kind: 'volumeClone', limit: 1, after: nextCursor })).toEqual([first]);
    await app.rest(alice).get('/api/v1/jobs').query({ state: 'lost' }).expect(400);
  });

  describe('belong to who started them:', () => {
    let work: Work;
    let id: string;
    beforeAll(async () => {
      work = new Work();
      id = await start(alice, work);
      (await work.begun.promise).log('Step 1/1 : ENV TOKEN=x');
    });
    afterAll(() => work.succeed());

    it('who has rights within a scope does not see those of others, by whatever way', async () => {
      expect(await ids(bob)).not.toContain(id);
      for (const path of ['', '/log', '/progress'])
        await app.rest(bob).get(`/api/v1/jobs/${id}${path}`).expect(404);
      await app.rest(bob).post(`/api/v1/jobs/${id}/cancel`).expect(404);
      const missing = id.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
      const answers = [];
      for (const one of [id, missing]) {
        const body = bodyOf(await app.rest(bob).get(`/api/v1/jobs/${one}`).expect(404));
        const { requestId: _, detail, ...rest } = body as { requestId: string; detail: string };
        answers.push({ ...rest, detail: detail.replace(one, 'ID') });
      }
      expect(answers[0]).toEqual(answers[1]);
      const { errors } = await app.graphql(bob, `mutation { cancelJob(id: "${id}") { id } }`);
      expect(errors?.[0]?.extensions.code).toBe('not_found');
    });

    it('who may see all jobs of the engine sees them, without what the work said, and cancels none', async () => {
      expect(await ids(viewer)).toContain(id);
      await app.rest(viewer).get(`/api/v1/jobs/${id}`).expect(200);
      await app.rest(viewer).get(`/api/v1/jobs/${id}/log`).expect(403);
      await app.rest(viewer).post(`/api/v1/jobs/${id}/cancel`).expect(403);
    });

    it('what was refused is recorded, also of what is hidden', async () => {
      const query = { target: id, outcome: 'refused' };
      const audit = bodyOf(await app.rest(admin).get('/api/v1/audit').query(query).expect(200));
      const refused = (audit as { items: { operation: string; actorName: string }[] }).items.map(
        ({ operation, actorName }) => `${actorName} ${operation}`,
      );
      expect(new Set(refused)).toEqual(
        new Set([
          'bob jobs:get',
          'bob jobs:readLog',
          'bob jobs:cancel',
          'viewer jobs:readLog',
          'viewer jobs:cancel',
        ]),
      );
    });

    it('what the work said is for its starter and for admins', async () => {
      for (const actor of [alice, admin]) {
        const body = bodyOf(await app.rest(actor).get(`/api/v1/jobs/${id}/log`).expect(200));
        expect(body).toEqual({ lines: ['Step 1/1 : ENV TOKEN=x'], dropped: 0 });
      }
      await app.rest(operator).get(`/api/v1/jobs/${id}/log`).expect(403);
      const { data } = await app.graphql(alice, `{ jobLog(id: "${id}") { lines } }`);
      expect(data).toEqual({ jobLog: { lines: ['Step 1/1 : ENV TOKEN=x'] } });
    });

    it('those on no engine are for who may see everything', async () => {
      const other = new Work();
      const onNone = await start(alice, other, { kind: 'hookRun' });
      expect(await ids(viewer)).not.toContain(onNone);
      expect(await ids(operator)).toContain(onNone);
      expect(await ids(alice)).toContain(onNone);
      other.succeed();
    });

    it('an error is told to others without what it quotes', async () => {
      const other = new Work();
      const failed = await start(alice, other);
      other.fail(new DomainError('engine_error', 'can\'t reach "https://me:secret@example.com"'));
      await eventually(
        () => job(alice, failed),
        ({ state }) => state === 'failed',
      );
      expect((await job(alice, failed)).error?.message).toContain('secret');
      expect((await job(viewer, failed)).error?.message).not.toContain('secret');
      const stream = await HttpStream.open(`${app.url}/api/v1/jobs/${failed}/progress`, { actor: viewer });
      await stream.ended;
      expect(stream.text).not.toContain('secret');
    });
  });

  describe('are cancelled', () => {
    it('by who started them, which is recorded', async () => {
      const work = new Work();
      const id = await start(alice, work);
      await work.begun.promise;
      const body = bodyOf(await app.rest(alice).post(`/api/v1/jobs/${id}/cancel`).expect(202));
      expect(body).toMatchObject({ id, cancelRequested: true });
      await eventually(
        () => job(alice, id),
        ({ state }) => state === 'cancelled',
      );
      await app.rest(alice).post(`/api/v1/jobs/${id}/cancel`).expect(409);
      const audit = bodyOf(await app.rest(admin).get('/api/v1/audit').query({ target: id }).expect(200));
      expect((audit as { items: object[] }).items).toMatchObject([
        { operation: 'jobs:cancel', outcome: 'failed' },
        { operation: 'jobs:cancel', outcome: 'succeeded', actorName: 'alice' },
      ]);
    });

    it('by who may cancel all jobs of the engine', async () => {
      const work = new Work();
      const id = await start(alice, work);
      const { errors } = await app.graphql(operator, `mutation { cancelJob(id: "${id}") { state } }`);
      expect(errors).toBeUndefined();
      await eventually(
        () => job(alice, id),
        ({ state }) => state === 'cancelled',
      );
    });
  });

  it('end soon after the session that they were started with', async () => {
    const dave = await app.user('dave', [{ role: 'developer' }]);
    const actor = await app.nest.get(AuthenticationService).authenticate(dave.token);
    const work = new Work();
    const { id } = await service.start(actor, PULL, work.run);
    expect((await work.begun.promise).actor.expiresAt).toBeUndefined();
    await app.rest(admin).patch(`/api/v1/users/${dave.id}`).send({ disabled: true }).expect(200);
    const ended = await eventually(
      () => job(admin, id),
      ({ state }) => state !== 'running',
    );
    expect(ended).toMatchObject({ state: 'failed', error: { code: 'access_withdrawn' } });
  });

  it('are done as who started them, and have their result, while the session lasts', async () => {
    const actor = await app.nest.get(AuthenticationService).authenticate(alice.token);
    const { id } = await service.start(actor, PULL, ({ actor: { id } }) => Promise.resolve({ id }));
    const ended = await eventually(
      () => job(alice, id),
      ({ state }) => state === 'succeeded',
    );
    expect(ended.result).toEqual({ id: alice.id });
  });

  describe('are followed until they end', () => {
    it('by events', async () => {
      const work = new Work();
      const id = await start(alice, work);
      const stream = await HttpStream.open(`${app.url}/api/v1/jobs/${id}/progress`, { actor: alice });
      await stream.until(({ events }) => events.length > 0);
      (await work.begun.promise).progress({ percent: 30 });
      work.succeed();
      await stream.ended;
      const { events } = stream;
      expect(new Set(events.slice(0, -1).map(({ event }) => event))).toEqual(new Set(['progress']));
      expect(events.at(-2)).toMatchObject({ data: { state: 'succeeded', progress: { percent: 30 } } });
      expect(events.at(-1)).toEqual({ event: 'end', data: {} });
    });

    it('by lines', async () => {
      const work = new Work();
      const id = await start(alice, work);
      const stream = await HttpStream.open(`${app.url}/api/v1/jobs/${id}/progress`, {
        actor: alice,
        accept: 'application/x-ndjson',
      });
      work.fail(new DomainError('engine_error', 'broken'));
      await stream.ended;
      expect(stream.documents.at(-1)).toMatchObject({ state: 'failed', error: { code: 'engine_error' } });
    });

    it('by a subscription, which goes on for others when one leaves', async () => {
      const work = new Work();
      const id = await start(alice, work);
      const client = graphqlClient(app, alice);
      const query = 'subscription ($id: String!) { jobProgress(id: $id) { id state } }';
      const leaving = subscribe<Job>(client, query, { id });
      const staying = subscribe<Job>(client, query, { id });
      await Promise.all([leaving, staying].map((one) => one.until((values) => values.length > 0)));
      leaving.unsubscribe();
      work.succeed();
      await staying.ended;
      expect(staying.values.at(-1)).toEqual({ id, state: 'succeeded' });
      const hidden = subscribe(graphqlClient(app, bob), query, { id });
      await hidden.ended;
      expect(hidden.errors[0]?.extensions.code).toBe('not_found');
      await client.dispose();
    });

    it('and no longer than the right to see them lasts', async () => {
      const carol = await app.user('carol', [{ role: 'viewer' }]);
      const work = new Work();
      const id = await start(alice, work);
      const stream = await HttpStream.open(`${app.url}/api/v1/jobs/${id}/progress`, { actor: carol });
      await stream.until(({ events }) => events.length > 0);
      await app.rest(admin).patch(`/api/v1/users/${carol.id}`).send({ disabled: true }).expect(200);
      await stream.until(({ events }) => events.some(({ event }) => event === 'error'));
      expect(stream.events.at(-1)).toMatchObject({ data: { code: 'access_withdrawn' } });
      work.succeed();
    });
  });
});

describe('a restart', () => {
  it('tells of jobs that were under way that they were interrupted, and keeps the others', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'dockmaster-jobs-'));
    const environment = { DOCKMASTER_SHUTDOWN_TIMEOUT_MS: '100' };
    const before = await TestApp.start({ dataDir, environment });
    const service = before.nest.get(JobsService);
    const done = await service.start(ALICE, PULL, () => Promise.resolve({ done: true }));
    const deaf = await service.start(ALICE, PULL, new Work(false).run);
    const admin = await before.admin();
    const find = async (app: TestApp, as: TestActor, { id }: Job) =>
      (await app.rest(as).get(`/api/v1/jobs/${id}`)).body as Job;
    await eventually(
      () => find(before, admin, done),
      ({ state }) => state === 'succeeded',
    );
    await before.stop();
    const after = await TestApp.start({ dataDir, environment });
    const again = await after.admin();
    expect(await find(after, again, done)).toMatchObject({ state: 'succeeded', result: { done: true } });
    expect(await find(after, again, deaf)).toMatchObject({ state: 'failed', error: { code: 'interrupted' } });
    await after.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
});
