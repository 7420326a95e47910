import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ActionInput } from '../src/automation/action.inputs.js';
import type { AutomationRun } from '../src/automation/automation-run.model.js';
import { openDatabase } from '../src/database/open-database.js';
import type { ChangedSchedule, Schedule } from '../src/schedules/schedule.model.js';
import { type TestActor, TestApp } from './support/app.js';
import { Automation } from './support/automation.js';
import { eventually } from './support/eventually.js';
import { type FreshDatabase, freshDatabase } from './support/postgres.js';
import { TestContainers } from './support/test-containers.js';

const EVERY_SECOND = '* * * * * *';
const NEVER_NOW = '0 0 29 2 *';

let app: TestApp;
let admin: TestActor;
let containers: TestContainers;
let automation: Automation;
let account: string;
let data: string;
let backups: string;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'dockmaster-schedules-'));
  backups = join(data, 'kept');
  await startApp();
  account = await automation.serviceAccount();
});
afterEach(() => containers.removeAll());
afterAll(async () => {
  await app.stop();
  await rm(data, { recursive: true, force: true });
});

async function startApp(): Promise<void> {
  app = await TestApp.start({ dataDir: data, environment: { DOCKMASTER_BACKUP_DIR: backups } });
  admin = await app.admin();
  containers = new TestContainers(app, admin);
  automation = new Automation(app, admin);
}

const path = (id: string) => `/api/v1/schedules/${id}`;
const change = (id: string, body: object) => app.rest(admin).patch(path(id)).send(body);
const starting = (target: string) => ({ kind: 'startContainer', engine: 'local', target }) as const;
const running = (script: string) =>
  ({
    kind: 'runContainer',
    engine: 'local',
    run: { image: 'busybox', command: ['sh', '-c', script], labels: containers.labels },
  }) satisfies ActionInput;

async function runNow(id: string): Promise<AutomationRun> {
  const answer = await app
    .rest(admin)
    .post(`${path(id)}/run`)
    .expect(202);
  const { id: run } = answer.body as AutomationRun;
  const runs = await eventually(
    () => automation.runsOf('schedules', id),
    (all) => all.some((one) => one.id === run && one.finishedAt !== null),
  );
  const found = runs.find((one) => one.id === run);
  if (!found) throw new Error('no such run');
  return found;
}

describe('a schedule', () => {
  it('is carried out at each due time, once, as its service account', async () => {
    const { name } = await containers.create({ name: containers.name() });
    const { schedule } = await automation.schedule({
      serviceAccountId: account,
      cron: EVERY_SECOND,
      action: starting(name),
    });
    const runs = await eventually(
      () => automation.runsOf('schedules', schedule.id),
      (all) => all.filter(({ state }) => state === 'succeeded').length >= 3,
    );
    await change(schedule.id, { enabled: false }).expect(200);
    const due = runs.map(({ dueAt }) => dueAt);
    expect(new Set(due).size).toBe(due.length);
    for (const dueAt of due) expect(dueAt).toMatch(/\.000Z$/);
    expect((await containers.inspect(name)).State.Running).toBe(true);
    expect(await automation.audited(account)).toContainEqual(
      expect.objectContaining({ operation: 'ContainerStart', outcome: 'succeeded', door: 'schedule' }),
    );
    const after = await app.rest(admin).get(path(schedule.id)).expect(200);
    expect((after.body as Schedule).nextRuns).toEqual([]);
  });

  it('is skipped while its last run has not ended, or not, as it was asked for', async () => {
    const make = (overlap: 'skip' | 'allow') =>
      automation.schedule({
        serviceAccountId: account,
        cron: EVERY_SECOND,
        action: running('sleep 3'),
        overlap,
      });
    const [skips, allows] = [(await make('skip')).schedule, (await make('allow')).schedule];
    const skipped = await eventually(
      () => automation.runsOf('schedules', skips.id),
      (all) => all.some(({ state }) => state === 'skipped'),
    );
    expect(skipped.find(({ state }) => state === 'skipped')).toMatchObject({ jobId: null });
    await app
      .rest(admin)
      .post(`${path(skips.id)}/run`)
      .expect(409);
    await eventually(
      () => automation.runsOf('schedules', allows.id),
      (all) => all.filter(({ state }) => state === 'running').length > 1,
    );
    for (const { id } of [skips, allows]) await change(id, { enabled: false }).expect(200);
    await eventually(
      async () => [
        ...(await automation.runsOf('schedules', skips.id)),
        ...(await automation.runsOf('schedules', allows.id)),
      ],
      (all) => all.every(({ state }) => !['claimed', 'queued', 'running'].includes(state)),
    );
  });

  it('runs at once where it is asked to, and tells when it could not', async () => {
    const { name } = await containers.create({ name: containers.name() });
    const { schedule } = await automation.schedule({
      serviceAccountId: account,
      cron: NEVER_NOW,
      action: starting(name),
      enabled: false,
    });
    expect(await runNow(schedule.id)).toMatchObject({ state: 'succeeded', dueAt: null });
    expect((await containers.inspect(name)).State.Running).toBe(true);
    await containers.removeAll();
    expect(await runNow(schedule.id)).toMatchObject({ state: 'failed', error: { code: 'not_found' } });
    const robot = await automation.serviceAccount([{ role: 'operator' }]);
    await change(schedule.id, { serviceAccountId: robot, enabled: true, cron: EVERY_SECOND }).expect(200);
    await app.rest(admin).patch(`/api/v1/service-accounts/${robot}`).send({ disabled: true }).expect(200);
    await app
      .rest(admin)
      .post(`${path(schedule.id)}/run`)
      .expect(403);
    await eventually(
      () => automation.runsOf('schedules', schedule.id),
      (all) => all.some(({ state, reason }) => state === 'failed' && reason?.includes('disabled') === true),
    );
    await change(schedule.id, { enabled: false }).expect(200);
  });

  it('that was missed while Dockmaster was down is told, and done once where it is to be', async () => {
    const { name } = await containers.create({ name: containers.name() });
    const make = async (missed: 'skip' | 'runOnce') =>
      (
        await automation.schedule({
          serviceAccountId: account,
          cron: '*/5 * * * *',
          action: starting(name),
          missed,
        })
      ).schedule;
    const [skips, runs] = [await make('skip'), await make('runOnce')];
    await app.stop();
    // As if it had been down for an hour.
    const db = await openDatabase({ dataDir: data });
    const due = Math.floor(Date.now() / 300_000) * 300_000 - 60 * 60_000;
    await db.updateTable('schedule').set({ next_at: due }).where('id', 'in', [skips.id, runs.id]).execute();
    await db.destroy();
    await startApp();
    const told = await eventually(
      () => automation.runsOf('schedules', skips.id),
      (all) => all.length > 0,
    );
    // Twelve or thirteen, and the last in time where the clock stands at a due time.
    expect(told.find(({ state }) => state === 'missed')).toMatchObject({
      jobId: null,
      dueAt: new Date(due).toISOString(),
    });
    expect(told.find(({ state }) => state === 'missed')?.missed).toBeGreaterThanOrEqual(12);
    const done = await eventually(
      () => automation.runsOf('schedules', runs.id),
      (all) => all[0]?.finishedAt != null,
    );
    expect(done).toHaveLength(1);
    expect(done[0]).toMatchObject({ state: 'succeeded' });
    expect(done[0]?.missed).toBeGreaterThanOrEqual(12);
    const { nextRuns } = (await app.rest(admin).get(path(runs.id)).expect(200)).body as Schedule;
    expect(Date.parse(nextRuns[0] ?? '')).toBeGreaterThan(Date.now());
    for (const { id } of [skips, runs]) await app.rest(admin).delete(path(id)).expect(204);
  });
});

describe('backups of a volume', () => {
  it('are whole files, of which the newest are kept', async () => {
    const volume = containers.name('volume');
    await containers.engine.createVolume({ Name: volume, Labels: containers.labels });
    const { name } = await containers.run({
      name: containers.name(),
      command: ['sh', '-c', 'echo worth keeping > /data/file'],
      mounts: [{ type: 'volume', source: volume, target: '/data' }],
    });
    await containers.engine.getContainer(name).wait();
    const { schedule } = await automation.schedule({
      serviceAccountId: account,
      cron: NEVER_NOW,
      action: {
        kind: 'backupVolume',
        engine: 'local',
        target: volume,
        backup: { keepLast: 2, compression: 'none' },
      },
    });
    const files: string[] = [];
    for (let index = 0; index < 3; index++) {
      const run = await runNow(schedule.id);
      expect(run).toMatchObject({ state: 'succeeded', error: null });
      const { file, bytes, sha256 } = run.result as { file: string; bytes: number; sha256: string };
      const content = await readFile(join(backups, file));
      expect(content).toHaveLength(bytes);
      expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
      expect(content.toString('latin1')).toContain('worth keeping');
      expect((await stat(join(backups, file))).mode & 0o777).toBe(0o600);
      files.push(file);
    }
    const kept = await readdir(join(backups, 'local', volume));
    expect(kept.map((one) => join('local', volume, one)).sort()).toEqual(files.slice(1).sort());
    const restored = await app
      .rest(admin)
      .put(`/api/v1/engines/local/volumes/${volume}/restore`)
      .query({ mode: 'replace' })
      .set('content-type', 'application/x-tar')
      .send(await readFile(join(backups, files[2] ?? '')));
    expect(restored.status).toBeLessThan(300);
    const removing = await automation.schedule({
      serviceAccountId: account,
      cron: NEVER_NOW,
      action: { kind: 'backupVolume', engine: 'local', target: 'no-such-volume', backup: { keepLast: 1 } },
    });
    expect(await runNow(removing.schedule.id)).toMatchObject({
      state: 'failed',
      error: { code: 'not_found' },
    });
    await containers.removeAll();
    await eventually(
      () =>
        containers.engine
          .getVolume(volume)
          .remove()
          .then(
            () => true,
            () => false,
          ),
      Boolean,
    );
  });
});

describe('two replicas on one database', () => {
  let database: FreshDatabase;
  afterEach(() => database.drop());

  it('carry a due time out once', async () => {
    database = await freshDatabase();
    const environment = {
      DATABASE_URL: database.url,
      DOCKMASTER_SECRET_KEY: 'a key that all of the replicas share',
    };
    const replicas = [await TestApp.start({ environment }), await TestApp.start({ environment })] as const;
    const [one, two] = replicas;
    try {
      const root = await one.admin();
      const here = new Automation(one, root);
      const robot = await here.serviceAccount();
      const { name } = await containers.create({ name: containers.name() });
      const made = await Promise.all(
        Array.from({ length: 6 }, () =>
          here.schedule({
            serviceAccountId: robot,
            cron: EVERY_SECOND,
            action: starting(name),
            overlap: 'allow',
          }),
        ),
      );
      const schedules = made.map(({ schedule }) => schedule.id);
      const all = await eventually(
        async () => (await Promise.all(schedules.map((id) => here.runsOf('schedules', id)))).flat(),
        (runs) => runs.filter(({ state }) => state === 'succeeded').length >= 18,
      );
      for (const id of schedules)
        await two
          .rest(await two.admin())
          .patch(path(id))
          .send({ enabled: false })
          .expect(200);
      for (const id of schedules) {
        const due = (await here.runsOf('schedules', id)).map(
          ({ dueAt, state }) => `${state === 'missed'} ${dueAt ?? ''}`,
        );
        expect(new Set(due).size).toBe(due.length);
      }
      expect(all.length).toBeGreaterThanOrEqual(18);
      const jobs = await one
        .rest(root)
        .get('/api/v1/jobs')
        .query({ kind: 'scheduleRun', limit: 500 })
        .expect(200);
      const begun = (jobs.body as { items: { id: string }[] }).items.length;
      const runs = (await Promise.all(schedules.map((id) => here.runsOf('schedules', id)))).flat();
      expect(begun).toBe(runs.filter(({ jobId }) => jobId !== null).length);
    } finally {
      for (const replica of replicas) await replica.stop();
    }
  });
});

describe('schedules are managed', () => {
  const input = (more: object = {}) => ({
    name: automation.name(),
    serviceAccountId: account,
    cron: '30 2 * * *',
    timeZone: 'Europe/Berlin',
    action: starting('web'),
    ...more,
  });
  const make = (more: object = {}, actor = admin) =>
    app.rest(actor).post('/api/v1/schedules').send(input(more));

  it('by REST, with when they are due', async () => {
    const made = (await make().expect(201)).body as ChangedSchedule;
    expect(made).toMatchObject({ missingPermissions: [], schedule: { missed: 'skip', overlap: 'skip' } });
    expect(made.schedule.nextRuns).toHaveLength(5);
    const { id } = made.schedule;
    const changed = (await change(id, { cron: '0 12 * * MON', timeZone: 'UTC' }).expect(200))
      .body as ChangedSchedule;
    for (const next of changed.schedule.nextRuns) expect(next).toMatch(/T12:00:00.000Z$/);
    const list = await app.rest(admin).get('/api/v1/schedules').expect(200);
    expect(list.text).toContain(id);
    await app.rest(admin).delete(path(id)).expect(204);
    await app.rest(admin).get(path(id)).expect(404);
  });

  it('with nothing made by a dry run', async () => {
    const wanted = input({ serviceAccountId: await automation.serviceAccount([]) });
    const tried = await app
      .rest(admin)
      .post('/api/v1/schedules')
      .query({ dryRun: true })
      .send(wanted)
      .expect(201);
    expect((tried.body as ChangedSchedule).schedule.nextRuns).toHaveLength(5);
    expect((tried.body as ChangedSchedule).missingPermissions).toEqual(['containers:start']);
    const list = await app.rest(admin).get('/api/v1/schedules').query({ limit: 500 }).expect(200);
    expect(list.text).not.toContain(wanted.name);
  });

  it('by who may do as much as the service account, and by nobody else', async () => {
    await app
      .rest(admin)
      .post('/api/v1/roles')
      .send({ name: 'schedule-managers', permissions: ['schedules:*'] })
      .expect(201);
    const manager = await app.user('schedule-manager', [{ role: 'schedule-managers' }]);
    await make({}, manager).expect(403);
    const { schedule } = (await make().expect(201)).body as ChangedSchedule;
    await app.rest(manager).patch(path(schedule.id)).send({ description: 'mine' }).expect(403);
    const viewer = await app.user('schedule-viewer', [{ role: 'viewer' }]);
    await app.rest(viewer).get('/api/v1/schedules').expect(403);
    await app
      .rest(viewer)
      .post(`${path(schedule.id)}/run`)
      .expect(403);
  });

  it.each([
    ['a time that is none', { cron: '61 * * * *' }],
    ['a time that never comes', { cron: '0 0 30 2 *' }],
    ['a date', { cron: '2026-01-01T00:00:00' }],
    ['a time zone that there is not', { timeZone: 'Mars/Base' }],
    ['an action without its target', { action: { kind: 'startContainer', engine: 'local' } }],
    [
      'a backup without a limit',
      { action: { kind: 'backupVolume', engine: 'local', target: 'data', backup: {} } },
    ],
    [
      'a volume that leads elsewhere',
      { action: { kind: 'backupVolume', engine: 'local', target: '../x', backup: { keepLast: 1 } } },
    ],
  ])('and refused with %s', async (_, more) => {
    await make(more).expect(400);
  });

  it('by GraphQL alike', async () => {
    const made = await app.graphql(
      admin,
      'mutation($input: CreateScheduleInput!) { createSchedule(input: $input) { schedule { id nextRuns } } }',
      { input: input() },
    );
    expect(made.errors).toBeUndefined();
    const { id } = (made.data as { createSchedule: ChangedSchedule }).createSchedule.schedule;
    for (const query of [
      'mutation($id: String!) { updateSchedule(id: $id, input: { enabled: false }) { schedule { nextRuns } } }',
      'mutation($id: String!) { runSchedule(id: $id) { id state } }',
      'query($id: String!) { schedule(id: $id) { cron } schedules { totalCount } scheduleRuns(id: $id) { nodes { state } } }',
      'mutation($id: String!) { deleteSchedule(id: $id) }',
    ]) {
      const answer = await app.graphql(admin, query, { id });
      expect(answer.errors).toBeUndefined();
    }
  });
});
