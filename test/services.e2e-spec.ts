import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Job } from '../src/jobs/job.model.js';
import type { ServiceConvergence } from '../src/services/convergence.model.js';
import type { ServiceChanged } from '../src/services/service-changed.model.js';
import type { CreateServiceInput, UpdateServiceInput } from '../src/services/service.inputs.js';
import type { Service, ServiceDetails } from '../src/services/service.model.js';
import type { SwarmLogLine } from '../src/tasks/swarm-log-line.model.js';
import type { TaskChanged } from '../src/tasks/task-changed.model.js';
import type { Task, TaskDetails } from '../src/tasks/task.model.js';
import { type TestActor, TestApp } from './support/app.js';
import { eventually } from './support/eventually.js';
import { HttpStream } from './support/http-stream.js';
import { PrivateEngine } from './support/private-engine.js';
import { RecordingEngine } from './support/recording-engine.js';
import { graphqlClient, subscribe } from './support/subscriptions.js';

const PATH = '/api/v1/engines/local/services';
const TASKS = '/api/v1/engines/local/tasks';
const IMAGE = 'busybox:latest';
const SLEEP = ['sleep', '3600'];

/** Swarms take their time between tasks; here nobody waits for that. */
const QUICK = {
  restartPolicy: { condition: 'any', delaySeconds: 0 },
  updateConfig: { parallelism: 0, monitorSeconds: 1 },
  rollbackConfig: { parallelism: 0, monitorSeconds: 1 },
  stopSignal: 'SIGKILL',
} as const;

interface Page<T> {
  readonly items: T[];
  readonly totalCount: number;
}

describe('services', () => {
  let engine: PrivateEngine;
  let recording: RecordingEngine;
  let app: TestApp;
  let admin: TestActor;
  let count = 0;

  beforeAll(async () => {
    engine = await PrivateEngine.start({ name: 'services' });
    await engine.importBusybox(IMAGE);
    await engine.call('POST', '/swarm/init', {
      body: { ListenAddr: '127.0.0.1:2377', AdvertiseAddr: '127.0.0.1' },
    });
    recording = await RecordingEngine.start(engine.socketPath);
    app = await TestApp.start({ dockerHost: recording.dockerHost });
    admin = await app.admin();
  });
  afterEach(async () => {
    const { text } = await engine.call('GET', '/services');
    for (const { ID } of JSON.parse(text) as { ID: string }[]) await engine.call('DELETE', `/services/${ID}`);
  });
  afterAll(async () => {
    await app.stop();
    await recording.stop();
    await engine.stop();
  });

  const nameOf = (what: string) => `${what}-${++count}`;
  const input = (rest: Partial<CreateServiceInput> = {}): CreateServiceInput => ({
    name: nameOf('web'),
    image: IMAGE,
    command: SLEEP,
    ...QUICK,
    ...rest,
  });
  const create = async (rest: Partial<CreateServiceInput> = {}, actor = admin): Promise<ServiceDetails> => {
    const made = await app.rest(actor).post(PATH).send(input(rest));
    if (made.status !== 201) throw new Error(`not made: ${made.text}`);
    return made.body as ServiceDetails;
  };
  const get = async (id: string, actor = admin) =>
    (await app.rest(actor).get(`${PATH}/${id}?fresh=true`).expect(200)).body as ServiceDetails;
  const ended = (id: string, actor = admin): Promise<Job> =>
    eventually(
      async () => (await app.rest(actor).get(`/api/v1/jobs/${id}`).expect(200)).body as Job,
      ({ finishedAt }) => finishedAt !== null,
    );
  /** The job that a call with `converge` answers with, as it has ended. */
  const converged = async (
    method: 'post' | 'patch' | 'put',
    path: string,
    body: object = {},
  ): Promise<Job> => {
    const request = app.rest(admin)[method](`${PATH}${path}`).query({ converge: true });
    const { text } = await request.set('accept', 'text/event-stream').send(body).expect(200);
    const [last] = jobsIn(text).slice(-1);
    if (!last) throw new Error(`no job: ${text}`);
    return last;
  };
  const running = async (rest: Partial<CreateServiceInput> = {}): Promise<ServiceDetails> => {
    const wanted = input(rest);
    const job = await converged('post', '', wanted);
    expect(job).toMatchObject({ state: 'succeeded', result: { outcome: 'converged' } });
    return get(wanted.name);
  };
  const tasksOf = async (service: string, query: object = {}) =>
    (
      await app
        .rest(admin)
        .get(TASKS)
        .query({ service, ...query, fresh: true })
        .expect(200)
    ).body as Page<Task>;

  describe('are made and seen', () => {
    it('with their tasks, once those run, and are found by what they are', async () => {
      const service = await running({
        mode: { type: 'replicated', replicas: 2 },
        labels: { team: 'web' },
        containerLabels: { tier: 'front' },
        env: ['COLOUR=blue'],
        networks: [],
        mounts: [{ type: 'tmpfs', target: '/scratch', tmpfs: { sizeBytes: 65_536 } }],
        resources: { limits: { memory: 33_554_432, nanoCpus: 500_000_000, pids: 20 } },
        healthcheck: { test: ['NONE'] },
        dns: { servers: ['192.0.2.1'], extraHosts: ['db:192.0.2.2'] },
        capDrop: ['ALL'],
        ulimits: [{ name: 'nofile', soft: 128, hard: 128 }],
        placement: { constraints: ['node.role==manager'] },
        logging: { driver: 'json-file', options: { 'max-size': '1m' } },
      });
      expect(service).toMatchObject({
        image: IMAGE,
        mode: 'replicated',
        replicas: 2,
        labels: { team: 'web' },
        containerLabels: { tier: 'front' },
        env: ['COLOUR=blue'],
        command: SLEEP,
        tasksByState: { desired: 2, running: 2, completed: 0 },
        resources: { limitMemory: 33_554_432, limitNanoCpus: 500_000_000, limitPids: 20 },
        updateConfig: { parallelism: 0, monitorSeconds: 1 },
        restartPolicy: { condition: 'any', delaySeconds: 0 },
        constraints: ['node.role==manager'],
        canRollBack: false,
      });
      const raw = service.raw as { Spec: { TaskTemplate: { ContainerSpec: object } } };
      expect(raw.Spec.TaskTemplate.ContainerSpec).toMatchObject({
        Hosts: ['192.0.2.2 db'],
        DNSConfig: { Nameservers: ['192.0.2.1'] },
        CapabilityDrop: ['ALL'],
        Mounts: [{ Type: 'tmpfs', Target: '/scratch', TmpfsOptions: { SizeBytes: 65_536 } }],
        Ulimits: [{ Name: 'nofile', Soft: 128, Hard: 128 }],
        StopSignal: 'SIGKILL',
      });

      const other = await create({ mode: { type: 'global' }, labels: { team: 'db' } });
      const found = async (query: object) =>
        (
          (
            await app
              .rest(admin)
              .get(PATH)
              .query({ ...query, fresh: true })
              .expect(200)
          ).body as Page<Service>
        ).items.map(({ id }) => id);
      expect(await found({})).toEqual([other.id, service.id]);
      expect(await found({ label: 'team=web' })).toEqual([service.id]);
      expect(await found({ mode: 'global' })).toEqual([other.id]);
      expect(await found({ name: service.name })).toEqual([service.id]);
      expect(await found({ limit: 1 })).toEqual([other.id]);

      const { items } = await tasksOf(service.id);
      expect(items.map(({ slot }) => slot).sort()).toEqual([1, 2]);
      for (const task of items) {
        expect(task).toMatchObject({
          serviceId: service.id,
          state: 'running',
          labels: { team: 'web' },
          error: null,
        });
        expect(task.containerId).toMatch(/^[0-9a-f]{64}$/);
      }
      const one = items[0]?.id ?? '';
      const task = (await app.rest(admin).get(`${TASKS}/${one}`).expect(200)).body as TaskDetails;
      expect(task).toMatchObject({ id: one, raw: { ID: one, ServiceID: service.id } });
      expect((await tasksOf(service.id, { slot: 2, desiredState: 'running' })).totalCount).toBe(1);
      expect((await tasksOf(service.id, { state: 'failed' })).totalCount).toBe(0);

      await app.rest(admin).delete(`${PATH}/${service.name}`).expect(204);
      await app.rest(admin).get(`${PATH}/${service.id}`).expect(404);
    });

    it('by a dry run not at all', async () => {
      const wanted = input({ labels: { team: 'web' } });
      const answer = await app.rest(admin).post(PATH).query({ dryRun: true }).send(wanted).expect(201);
      expect(answer.body).toMatchObject({ id: '', name: wanted.name, replicas: 1, raw: null });
      expect(JSON.parse((await engine.call('GET', '/services')).text)).toEqual([]);
    });

    it('and told what stands against them', async () => {
      const service = await create();
      const refused = async (body: object, status: number, code: string) =>
        expect((await app.rest(admin).post(PATH).send(body).expect(status)).body).toMatchObject({ code });
      await refused({ ...input(), name: service.name }, 409, 'conflict');
      await refused({ name: 'web' }, 400, 'invalid_input');
      await refused({ ...input(), unknown: true }, 400, 'invalid_input');
      await refused({ ...input(), mode: { type: 'global', replicas: 2 } }, 400, 'invalid_input');
      await refused({ ...input(), privileges: { noNewPrivileges: true } }, 501, 'not_supported');
      await refused({ ...input(), secrets: [{ secret: 'nonesuch' }] }, 404, 'not_found');
      await refused({ ...input(), networks: [{ network: 'nonesuch' }] }, 404, 'not_found');
    });
  });

  describe('are changed', () => {
    it('by a rolling update that converges, told as events while it does', async () => {
      const service = await running({ mode: { type: 'replicated', replicas: 2 } });
      const stream = await app
        .rest(admin)
        .patch(`${PATH}/${service.id}`)
        .query({ converge: true })
        .set('accept', 'text/event-stream')
        .send({ version: service.version, env: ['COLOUR=green'] } satisfies UpdateServiceInput)
        .expect(200);
      const jobs = jobsIn(stream.text);
      expect(jobs.length).toBeGreaterThan(1);
      expect(jobs.at(-1)).toMatchObject({
        kind: 'serviceConvergence',
        state: 'succeeded',
        target: { kind: 'service', id: service.id, name: service.name },
        progress: { current: 2, total: 2 },
        result: { outcome: 'converged', running: 2, desired: 2, updateState: 'completed' },
      });
      const after = await get(service.id);
      expect(after).toMatchObject({ env: ['COLOUR=green'], command: SLEEP, canRollBack: true });
      const { items } = await tasksOf(service.id, { desiredState: 'running' });
      for (const task of items)
        expect(
          ((await app.rest(admin).get(`${TASKS}/${task.id}`).expect(200)).body as TaskDetails).raw,
        ).toMatchObject({ Spec: { ContainerSpec: { Env: ['COLOUR=green'] } } });
    });

    it('and pause where the new version fails, with the reason; the way back converges', async () => {
      const service = await running();
      const failed = await converged('patch', `/${service.id}`, { command: ['nonesuch'] });
      expect(failed).toMatchObject({ state: 'failed', error: { code: 'engine_error' } });
      expect(failed.error?.message).toMatch(/^The update was paused by a failure: .*"nonesuch".*not found/);
      expect(await get(service.id)).toMatchObject({ updateStatus: { state: 'paused' } });

      const back = await converged('post', `/${service.id}/rollback`);
      expect(back).toMatchObject({
        state: 'succeeded',
        result: { outcome: 'converged', updateState: 'rollback_completed', running: 1 },
      });
      expect(await get(service.id)).toMatchObject({ command: SLEEP });
    });

    it('and go back where they say so, which is no success', async () => {
      const service = await running({
        updateConfig: { ...QUICK.updateConfig, failureAction: 'rollback' },
      });
      const failed = await converged('patch', `/${service.id}`, { command: ['false'] });
      expect(failed).toMatchObject({ state: 'failed', error: { code: 'engine_error' } });
      expect(failed.error?.message).toMatch(/^The update failed and was rolled back: .*non-zero exit \(1\)/);
      expect(await get(service.id)).toMatchObject({
        command: SLEEP,
        updateStatus: { state: 'rollback_completed' },
      });
    });

    it('never over what somebody else has changed', async () => {
      const service = await create();
      await app
        .rest(admin)
        .patch(`${PATH}/${service.id}`)
        .send({ labels: { by: 'me' } })
        .expect(200);
      const now = await get(service.id);
      const lost = await app
        .rest(admin)
        .patch(`${PATH}/${service.id}`)
        .send({ version: service.version, labels: { by: 'another' } })
        .expect(409);
      expect(lost.body).toMatchObject({
        code: 'conflict',
        errors: [{ field: 'version', message: `is ${now.version} now` }],
      });
      const { version } = await get(service.id);
      const put = { ...input(), name: undefined, labels: { by: 'put' } };
      await app
        .rest(admin)
        .put(`${PATH}/${service.id}`)
        .send({ ...put, version: version - 1 })
        .expect(409);
      expect(await get(service.id)).toMatchObject({ labels: { by: 'me' } });

      const both = await Promise.all(
        ['one', 'other'].map((by) =>
          app.rest(admin).patch(`${PATH}/${service.id}`).send({ version, labels: { by } }),
        ),
      );
      expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    });

    it('by what was read of them, and nothing changes that was not changed in it', async () => {
      const service = await running({
        env: ['A=1'],
        mode: { type: 'replicated', replicas: 2 },
        placement: { constraints: ['node.role==manager'], maxReplicasPerNode: 5 },
        healthcheck: { test: ['CMD', 'true'], intervalSeconds: 1 },
        mounts: [{ type: 'tmpfs', target: '/scratch', tmpfs: { sizeBytes: 1_048_576 } }],
        resources: { limits: { memory: 67_108_864 }, reservations: { nanoCpus: 1_000_000 } },
        dns: { extraHosts: ['db:192.0.2.2'] },
        logging: { driver: 'json-file', options: { 'max-size': '1m' } },
      });
      const specOf = ({ raw }: ServiceDetails) => (raw as { Spec: object }).Spec;
      const tasks = async () => (await tasksOf(service.id)).items.map(({ id }) => id).sort();
      const before = await tasks();
      const send = async (change: object, version?: number) => {
        const read = await get(service.id);
        return app
          .rest(admin)
          .put(`${PATH}/${service.id}`)
          .send({ ...read.spec, version: version ?? read.version, ...change });
      };

      expect(await send({})).toMatchObject({ status: 200 });
      const after = await get(service.id);
      expect(specOf(after)).toEqual(specOf(service));
      expect(after.spec).toEqual(service.spec);
      expect(await tasks()).toEqual(before);

      expect(await send({ labels: { by: 'me' } }, service.version)).toMatchObject({ status: 409 });
      expect(await send({ labels: { by: 'me' } })).toMatchObject({ status: 200 });
      expect(specOf(await get(service.id))).toEqual({ ...specOf(service), Labels: { by: 'me' } });
      expect(await tasks()).toEqual(before);

      await app.rest(admin).post(`${PATH}/${service.id}/scale`).send({ replicas: 3 }).expect(200);
      const patched = { healthcheck: { test: ['CMD', 'true'], intervalSeconds: 2 } };
      await app.rest(admin).patch(`${PATH}/${service.id}`).send(patched).expect(200);
      expect(await get(service.id)).toMatchObject({ replicas: 3, spec: patched });

      const viewer = await app.user(nameOf('reader'), [{ role: 'viewer' }]);
      expect(await get(service.id, viewer)).toMatchObject({ env: null, spec: null });
    });

    it('as a whole, and are scaled and restarted whatever else happens to them', async () => {
      const service = await running({ env: ['A=1'], containerLabels: { a: '1' } });
      const { version } = await get(service.id);
      const { name: _, ...whole } = input({ labels: { whole: 'yes' } });
      const put = await app
        .rest(admin)
        .put(`${PATH}/${service.id}`)
        .send({ ...whole, version })
        .expect(200);
      expect(put.body).toMatchObject({
        name: service.name,
        env: [],
        containerLabels: {},
        labels: { whole: 'yes' },
      });

      const both = await Promise.all([
        app.rest(admin).post(`${PATH}/${service.id}/scale`).send({ replicas: 3 }),
        app.rest(admin).post(`${PATH}/${service.id}/restart`).send({}),
      ]);
      expect(both.map(({ status }) => status)).toEqual([200, 200]);
      expect(await converged('post', `/${service.id}/scale`, { replicas: 3 })).toMatchObject({
        state: 'succeeded',
      });
      expect(await get(service.id)).toMatchObject({
        forceUpdate: 1,
        replicas: 3,
        tasksByState: { desired: 3, running: 3 },
      });
      const everywhere = await create({ mode: { type: 'global' } });
      await app.rest(admin).post(`${PATH}/${everywhere.id}/scale`).send({ replicas: 3 }).expect(409);
    });
  });

  describe('of jobs', () => {
    it('converge when enough have completed, and fail where none are left to try', async () => {
      const job = await converged('post', '', {
        name: nameOf('job'),
        image: IMAGE,
        command: ['true'],
        mode: { type: 'replicatedJob', maxConcurrent: 2, totalCompletions: 3 },
        restartPolicy: { condition: 'none' },
      });
      expect(job).toMatchObject({ state: 'succeeded', result: { completed: 3, desired: 3 } });
      const failing = await converged('post', '', {
        name: nameOf('job'),
        image: IMAGE,
        command: ['sh', '-c', 'exit 3'],
        mode: { type: 'replicatedJob' },
        restartPolicy: { condition: 'none' },
      });
      expect(failing).toMatchObject({ state: 'failed' });
      expect(failing.error?.message).toMatch(/^Tasks failed, and no others are started: .*exit \(3\)/);
    });
  });

  describe('and what they write', () => {
    const LINES = 300;
    const ALL = LINES + 4;
    // An engine counts a long line as several: what `tail` is tried on are two short ones at the end.
    const WRITE = `echo err >&2; i=0; while [ $i -lt ${LINES} ]; do echo "$HOSTNAME $i"; i=$((i+1)); done; head -c 40000 /dev/zero | tr '\\0' x; echo; sleep 1; echo end one; echo end two; sleep 3600`;
    const read = async (path: string, query: Record<string, string> = {}) => {
      const stream = await HttpStream.open(`${app.url}${path}?${new URLSearchParams(query).toString()}`, {
        actor: admin,
      });
      expect(await stream.ended).toBe(true);
      return stream.text;
    };
    const lines = async (path: string, query: Record<string, string> = {}) =>
      (await read(path, query))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as SwarmLogLine);

    it('is merged from all tasks, with nothing lost or changed against their own logs', async () => {
      const service = await running({
        mode: { type: 'replicated', replicas: 3 },
        command: ['sh', '-c', WRITE],
        hostname: '{{.Task.Slot}}',
      });
      const { items } = await tasksOf(service.id);
      const merged = await eventually(
        () => lines(`${PATH}/${service.id}/logs`),
        (all) => all.length === 3 * ALL,
      );
      for (const task of items) {
        const own = await lines(`${TASKS}/${task.id}/logs`);
        expect(own).toHaveLength(ALL);
        const ofTask = merged.filter(({ taskId }) => taskId === task.id);
        // Of different streams engines keep no order between them.
        for (const stream of ['stdout', 'stderr'])
          expect(ofTask.filter((line) => line.stream === stream)).toEqual(
            own.filter((line) => line.stream === stream),
          );
        const first = own.find(({ stream }) => stream === 'stdout');
        expect(first).toMatchObject({ nodeId: task.nodeId, slot: task.slot, message: `${task.slot} 0` });
        expect(own.some(({ message }) => message === 'x'.repeat(40_000))).toBe(true);
        const container = await engine.call('GET', `/containers/${task.containerId}/logs?stdout=1&tail=all`);
        expect(container.text.match(/\d+ \d+\n/g)).toHaveLength(LINES);
      }
      expect(await lines(`${PATH}/${service.id}/logs`, { tail: '2' })).toHaveLength(6);
      const plain = await app
        .rest(admin)
        .get(`${PATH}/${service.id}/logs`)
        .query({ stderr: true, stdout: false })
        .set('accept', 'text/plain')
        .expect(200);
      expect(
        plain.text.split('\n').filter((line) => /^[123]\.\w{12}@\w{12} \| err$/.test(line)),
      ).toHaveLength(3);
    });

    it('is followed into tasks that there were not yet, by event stream and subscription', async () => {
      const service = await running({ command: ['sh', '-c', 'echo here; sleep 3600'] });
      const client = graphqlClient(app, admin);
      const subscription = subscribe<SwarmLogLine>(
        client,
        `subscription ($id: String!) { serviceLogs(engine: "local", id: $id, follow: true) { message taskId slot stream } }`,
        { id: service.id },
      );
      const stream = await HttpStream.open(`${app.url}${PATH}/${service.id}/logs?follow=true`, {
        actor: admin,
        accept: 'text/event-stream',
      });
      await stream.until(({ events }) => events.some(({ event }) => event === 'log'));
      await app.rest(admin).post(`${PATH}/${service.id}/scale`).send({ replicas: 2 }).expect(200);
      await stream.until(
        ({ events }) => new Set(events.map(({ data }) => (data as SwarmLogLine).taskId)).size === 2,
      );
      await subscription.until((values) => new Set(values.map(({ taskId }) => taskId)).size === 2);
      stream.vanish();
      subscription.unsubscribe();
      await client.dispose();
    });
  });

  describe('by GraphQL', () => {
    it('lead to fifty tasks, their nodes and containers at a constant number of engine calls', async () => {
      const service = await running({ mode: { type: 'replicated', replicas: 3 }, name: nameOf('many') });
      const query = `{ services(engine: "local") { nodes { name tasksByState { running } tasks { id slot state service { name } node { id state } container { id state name } } } } }`;
      interface Found {
        name: string;
        tasksByState: { running: number };
        tasks: {
          slot: number;
          state: string;
          service: { name: string };
          node: { state: string } | null;
          container: { id: string } | null;
        }[];
      }
      const ask = async () => {
        const start = recording.requests.length;
        const { data, errors } = await app.graphql(admin, query);
        expect(errors).toBeUndefined();
        const { nodes } = (data as { services: { nodes: Found[] } }).services;
        return { found: nodes[0], calls: recording.requests.slice(start) };
      };
      const few = await eventually(
        ask,
        ({ found }) => found?.tasks.every(({ container }) => container) === true,
      );
      expect(few.found?.tasks).toHaveLength(3);
      const scaled = await converged('post', `/${service.id}/scale`, { replicas: 50 });
      expect(scaled).toMatchObject({ state: 'succeeded', result: { running: 50, desired: 50 } });
      const many = await eventually(
        ask,
        ({ found }) =>
          found?.tasks.length === 50 &&
          found.tasks.every(({ container, state }) => container && state === 'running'),
      );
      expect(many.found?.tasksByState.running).toBe(50);
      expect(new Set(many.found?.tasks.map(({ slot }) => slot)).size).toBe(50);
      expect(many.found?.tasks.every((task) => task.service.name === service.name)).toBe(true);
      expect(many.found?.tasks.every(({ node }) => node?.state === 'ready')).toBe(true);
      // A list of each kind at the most, however many tasks there are.
      expect(many.calls.length).toBeLessThanOrEqual(5);
      expect(few.calls.length).toBeLessThanOrEqual(5);
    }, 180_000);

    it('are made, changed and followed, with what changes told', async () => {
      const client = graphqlClient(app, admin);
      const services = subscribe<ServiceChanged>(
        client,
        'subscription { serviceChanged(engine: "local") { kind id service { name replicas } } }',
      );
      const tasks = subscribe<TaskChanged>(
        client,
        'subscription { taskChanged(engine: "local", filter: { state: ["running"] }) { kind id task { state serviceId } } }',
      );
      await services.until((values) => values.some(({ kind }) => kind === 'synced'));
      await tasks.until((values) => values.some(({ kind }) => kind === 'synced'));
      const wanted = input();
      const made = await app.graphql(
        admin,
        'mutation ($input: CreateServiceInput!) { createService(engine: "local", input: $input) { id version mode } }',
        { input: wanted },
      );
      expect(made.errors).toBeUndefined();
      const { id } = (made.data as { createService: ServiceDetails }).createService;
      await services.until((values) => values.some((change) => change.kind === 'added' && change.id === id));
      await tasks.until((values) =>
        values.some(({ task }) => task?.serviceId === id && task.state === 'running'),
      );

      const scaled = await app.graphql(
        admin,
        'mutation ($id: String!) { scaleService(engine: "local", id: $id, input: { replicas: 2 }) { replicas } }',
        { id },
      );
      expect(scaled.data).toEqual({ scaleService: { replicas: 2 } });
      const convergence = subscribe<ServiceConvergence>(
        client,
        'subscription ($id: String!) { serviceConvergence(engine: "local", id: $id) { phase running desired errors } }',
        { id },
      );
      await convergence.ended;
      expect(convergence.values.at(-1)).toEqual({ phase: 'converged', running: 2, desired: 2, errors: [] });
      await services.until((values) => values.some(({ service }) => service?.replicas === 2));
      const job = await app.graphql(
        admin,
        'mutation ($id: String!) { convergeService(engine: "local", id: $id) { id kind } }',
        { id },
      );
      expect(await ended((job.data as { convergeService: Job }).convergeService.id)).toMatchObject({
        state: 'succeeded',
      });
      const removed = await app.graphql(
        admin,
        'mutation ($id: String!) { removeService(engine: "local", id: $id) }',
        { id },
      );
      expect(removed.data).toEqual({ removeService: true });
      await services.until((values) =>
        values.some((change) => change.kind === 'removed' && change.id === id),
      );
      await client.dispose();
    });
  });
});

/** Each state of a job that an event stream tells of. */
function jobsIn(text: string): Job[] {
  return text
    .split('\n')
    .flatMap((line) =>
      line.startsWith('data: {"id"') ? [JSON.parse(line.slice('data: '.length)) as Job] : [],
    );
}
