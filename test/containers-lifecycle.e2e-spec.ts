import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestActor, TestApp } from './support/app.js';
import { eventually } from './support/eventually.js';
import { TestContainers } from './support/test-containers.js';

describe('the life of a container by REST', () => {
  let app: TestApp;
  let admin: TestActor;
  let containers: TestContainers;
  let path: string;

  beforeAll(async () => {
    app = await TestApp.start();
    admin = await app.admin();
    containers = new TestContainers(app, admin);
    path = containers.path;
  });
  afterAll(async () => {
    await containers.removeAll();
    await app.stop();
  });

  /** What the engine itself says of the state. */
  const stateOf = async (id: string) => (await containers.inspect(id)).State;

  describe('start, stop, restart, kill', () => {
    it('starts what was created, and stops it by asking its process to end', async () => {
      const { id, state } = await containers.create();
      expect(state).toBe('created');
      await app.rest(admin).post(`${path}/${id}/start`).expect(204);
      expect(await stateOf(id)).toMatchObject({ Running: true });

      await containers.said(id, 'ready');
      await app.rest(admin).post(`${path}/${id}/stop`).expect(204);
      expect(await stateOf(id)).toMatchObject({ Status: 'exited', ExitCode: 0 });
      const seen = await app.rest(admin).get(`${path}/${id}`).expect(200);
      expect(seen.body).toMatchObject({
        state: 'exited',
        exitCode: 0,
        pid: null,
        finishedAt: expect.any(String),
      });
    });

    it('takes starting what runs and stopping what does not as done already', async () => {
      const { id, pid } = await containers.run();
      await app.rest(admin).post(`${path}/${id}/start`).expect(204);
      expect(await stateOf(id)).toMatchObject({ Pid: pid });
      await containers.said(id, 'ready');
      await app.rest(admin).post(`${path}/${id}/stop`).expect(204);
      await app.rest(admin).post(`${path}/${id}/stop`).expect(204);
      expect(await stateOf(id)).toMatchObject({ Status: 'exited' });
    });

    it('kills a process that does not end within the seconds given', async () => {
      const { id } = await containers.run({ command: ['sleep', '600'] });
      await app.rest(admin).post(`${path}/${id}/stop`).query({ timeoutSeconds: 0 }).expect(204);
      expect(await stateOf(id)).toMatchObject({ Status: 'exited', ExitCode: 137 });
    });

    it('restarts: another process, the same container', async () => {
      const { id, pid } = await containers.run();
      await containers.said(id, 'ready');
      await app.rest(admin).post(`${path}/${id}/restart`).expect(204);
      const { Running, Pid } = await stateOf(id);
      expect(Running).toBe(true);
      expect(Pid).not.toBe(pid);
    });

    it.each([
      ['SIGUSR1', 41],
      ['USR1', 41],
      ['10', 41],
    ])('sends the signal %s, which the process sees', async (signal, code) => {
      const { id } = await containers.run({
        command: ['sh', '-c', "trap 'exit 41' USR1; echo ready; while :; do sleep 0.05; done"],
      });
      await containers.said(id, 'ready');
      await app.rest(admin).post(`${path}/${id}/kill`).query({ signal }).expect(204);
      const { exitCode } = (await app.rest(admin).post(`${path}/${id}/wait`).expect(200)).body as {
        exitCode: number;
      };
      expect(exitCode).toBe(code);
      expect(await stateOf(id)).toMatchObject({ ExitCode: code });
    });

    it('kills at once when no signal is named', async () => {
      const { id } = await containers.run();
      await app.rest(admin).post(`${path}/${id}/kill`).expect(204);
      await eventually(
        () => stateOf(id),
        ({ ExitCode, Running }) => !Running && ExitCode === 137,
      );
    });

    it('refuses to kill what does not run, with the message of the engine', async () => {
      const { id } = await containers.create();
      const refused = await app.rest(admin).post(`${path}/${id}/kill`).expect(409);
      expect(refused.body).toMatchObject({
        code: 'conflict',
        detail: expect.stringContaining('not running'),
      });
    });

    it.each(['stop', 'restart'])(
      'refuses a signal to %s with where the engine would ignore it',
      async (action) => {
        const { id, pid } = await containers.run();
        const refused = await app
          .rest(admin)
          .post(`${path}/${id}/${action}`)
          .query({ signal: 'SIGINT', timeoutSeconds: 0 });
        expect(refused.body).toMatchObject({ code: 'not_supported', errors: [{ field: 'signal' }] });
        expect(await stateOf(id)).toMatchObject({ Running: true, Pid: pid });
      },
    );
  });

  describe('pause and unpause', () => {
    it('freezes the processes and lets them go on', async () => {
      const { id } = await containers.run();
      await app.rest(admin).post(`${path}/${id}/pause`).expect(204);
      expect(await stateOf(id)).toMatchObject({ Paused: true });
      expect((await app.rest(admin).get(`${path}/${id}`)).body).toMatchObject({ state: 'paused' });
      const again = await app.rest(admin).post(`${path}/${id}/pause`).expect(409);
      expect(again.body).toMatchObject({ code: 'conflict' });

      await app.rest(admin).post(`${path}/${id}/unpause`).expect(204);
      expect(await stateOf(id)).toMatchObject({ Paused: false, Running: true });
    });
  });

  describe('rename', () => {
    it('gives another name, by which it is then found', async () => {
      const { id } = await containers.create();
      const name = containers.name('renamed');
      await app.rest(admin).post(`${path}/${id}/rename`).send({ name }).expect(204);
      expect((await containers.inspect(id)).Name).toBe(`/${name}`);
      expect((await app.rest(admin).get(`${path}/${name}`).expect(200)).body).toMatchObject({ id, name });
    });

    it('refuses the name of another', async () => {
      const taken = await containers.create({ name: containers.name('taken') });
      const { id, name } = await containers.create();
      const refused = await app
        .rest(admin)
        .post(`${path}/${id}/rename`)
        .send({ name: taken.name })
        .expect(409);
      expect(refused.body).toMatchObject({ code: 'conflict', detail: expect.stringContaining(taken.name) });
      expect((await containers.inspect(id)).Name).toBe(`/${name}`);
    });
  });

  describe('update', () => {
    it('changes limits and the restart policy of a container that runs', async () => {
      const { id } = await containers.run();
      const updated = await app
        .rest(admin)
        .patch(`${path}/${id}`)
        .send({
          resources: { cpuShares: 512, memory: 64 * 1024 * 1024, memorySwap: 64 * 1024 * 1024 },
          restartPolicy: { name: 'on-failure', maximumRetryCount: 3 },
        });
      expect(updated.body).toEqual({ warnings: expect.any(Array) });
      expect(updated.status).toBe(200);
      expect((await containers.inspect(id)).HostConfig).toMatchObject({
        CpuShares: 512,
        Memory: 64 * 1024 * 1024,
        RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 },
      });
      expect((await app.rest(admin).get(`${path}/${id}`)).body).toMatchObject({
        resources: { cpuShares: 512, memory: 64 * 1024 * 1024, pidsLimit: null },
        restartPolicy: { name: 'on-failure', maximumRetryCount: 3 },
      });
    });

    it('leaves alone what is not named', async () => {
      const { id } = await containers.create({
        resources: { cpuShares: 256 },
        restartPolicy: { name: 'unless-stopped' },
      });
      await app
        .rest(admin)
        .patch(`${path}/${id}`)
        .send({ resources: { pidsLimit: 50 } })
        .expect(200);
      expect((await containers.inspect(id)).HostConfig).toMatchObject({
        CpuShares: 256,
        PidsLimit: 50,
        RestartPolicy: { Name: 'unless-stopped' },
      });
    });
  });

  describe('wait', () => {
    it('tells the exit code of one that has ended already', async () => {
      const { id } = await containers.run({ command: ['sh', '-c', 'exit 7'] });
      const ended = await app.rest(admin).post(`${path}/${id}/wait`).expect(200);
      expect(ended.body).toEqual({ exitCode: 7, error: null });
    });

    it('waits for the next exit', async () => {
      const { id } = await containers.run({
        command: ['sh', '-c', 'sleep 0.1; exit 5'],
        restartPolicy: { name: 'always' },
      });
      const ended = await app.rest(admin).post(`${path}/${id}/wait`).query({ condition: 'next-exit' });
      expect(ended.body).toEqual({ exitCode: 5, error: null });
      const { RestartCount } = await containers.inspect(id);
      expect((await app.rest(admin).get(`${path}/${id}`)).body).toMatchObject({
        restartCount: expect.any(Number),
        restartPolicy: { name: 'always' },
      });
      expect(RestartCount).toBeGreaterThan(0);
    });

    it('waits for the removal', async () => {
      const { id } = await containers.run({ command: ['sh', '-c', 'sleep 0.3; exit 3'], autoRemove: true });
      const gone = await app
        .rest(admin)
        .post(`${path}/${id}/wait`)
        .query({ condition: 'removed', timeoutSeconds: 30 })
        .expect(200);
      expect(gone.body).toEqual({ exitCode: 3, error: null });
      expect(await containers.exists(id)).toBe(false);
    });

    it('gives up after the seconds given, and the container runs on', async () => {
      const { id } = await containers.run();
      const late = await app.rest(admin).post(`${path}/${id}/wait`).query({ timeoutSeconds: 1 }).expect(504);
      expect(late.body).toMatchObject({ code: 'engine_timeout', detail: expect.stringContaining('1 s') });
      expect(await stateOf(id)).toMatchObject({ Running: true });
    });
  });

  describe('remove', () => {
    it('removes what is stopped', async () => {
      const { id } = await containers.create();
      await app.rest(admin).delete(`${path}/${id}`).expect(204);
      expect(await containers.exists(id)).toBe(false);
      const gone = await app.rest(admin).delete(`${path}/${id}`).expect(404);
      expect(gone.body).toMatchObject({ code: 'not_found' });
    });

    it('removes what runs only by force', async () => {
      const { id } = await containers.run();
      const refused = await app.rest(admin).delete(`${path}/${id}`).expect(409);
      expect(refused.body).toMatchObject({ code: 'conflict', detail: expect.stringContaining('running') });
      expect(await containers.exists(id)).toBe(true);
      await app.rest(admin).delete(`${path}/${id}`).query({ force: true }).expect(204);
      expect(await containers.exists(id)).toBe(false);
    });

    it.each([true, false])('with volumes=%s its anonymous volumes go accordingly', async (volumes) => {
      const { id, mounts } = await containers.create({ volumes: ['/data'] });
      const volume = mounts[0]?.name ?? '';
      await app.rest(admin).delete(`${path}/${id}`).query({ volumes }).expect(204);
      const { Volumes } = await containers.engine.listVolumes({});
      expect(Volumes.some(({ Name }) => Name === volume)).toBe(!volumes);
      if (!volumes) await containers.engine.getVolume(volume).remove();
    });

    it('never removes a volume that has a name', async () => {
      const source = containers.name('kept');
      const { id } = await containers.create({ mounts: [{ type: 'volume', source, target: '/data' }] });
      await app.rest(admin).delete(`${path}/${id}`).query({ volumes: true }).expect(204);
      expect(await containers.engine.getVolume(source).inspect()).toMatchObject({ Name: source });
      await containers.engine.getVolume(source).remove();
    });
  });

  describe('prune', () => {
    it('removes what is stopped and has the labels, and tells what', async () => {
      const labels = { prune: containers.name() };
      const running = await containers.run({ labels });
      const paused = await containers.run({ labels });
      await containers.engine.getContainer(paused.id).pause();
      const created = await containers.create({ labels });
      const exited = await containers.run({ labels, command: ['sh', '-c', 'echo 0123456789 > /written'] });
      await containers.engine.getContainer(exited.id).wait();
      const other = await containers.create();

      const pruned = await app
        .rest(admin)
        .post(`${path}/prune`)
        .send({ label: [`prune=${labels.prune}`] })
        .expect(200);
      const { deletedIds, spaceReclaimed } = pruned.body as { deletedIds: string[]; spaceReclaimed: number };
      expect(deletedIds.toSorted()).toEqual([created.id, exited.id].toSorted());
      expect(spaceReclaimed).toBeGreaterThanOrEqual(11);
      const left = (await containers.onEngine()).map(({ Id }) => Id);
      expect(left).toEqual(expect.arrayContaining([running.id, paused.id, other.id]));
      expect(left).not.toContain(created.id);
      expect(left).not.toContain(exited.id);
      await containers.engine.getContainer(paused.id).unpause();
    });

    it('spares what was created later than `until`', async () => {
      const { id } = await containers.create();
      const pruned = await app
        .rest(admin)
        .post(`${path}/prune`)
        .send({ label: [containers.selector], until: '2020-01-01T00:00:00Z' })
        .expect(200);
      expect(pruned.body).toEqual({ deletedIds: [], spaceReclaimed: 0 });
      expect(await containers.exists(id)).toBe(true);
    });
  });

  describe('processes and changes', () => {
    it('lists the processes with the columns asked for', async () => {
      const { id, pid } = await containers.run({ command: ['sleep', '600'] });
      const byDefault = await app.rest(admin).get(`${path}/${id}/top`).expect(200);
      expect(byDefault.body).toMatchObject({
        titles: expect.arrayContaining(['PID', 'CMD']),
        processes: [{ PID: String(pid), CMD: 'sleep 600' }],
      });
      const chosen = await app
        .rest(admin)
        .get(`${path}/${id}/top`)
        .query({ psArgs: '-o pid,args' })
        .expect(200);
      expect(chosen.body).toEqual({
        titles: ['PID', 'COMMAND'],
        processes: [{ PID: String(pid), COMMAND: 'sleep 600' }],
      });
    });

    it('cannot list the processes of what does not run', async () => {
      const { id } = await containers.create();
      const refused = await app.rest(admin).get(`${path}/${id}/top`).expect(409);
      expect(refused.body).toMatchObject({
        code: 'conflict',
        detail: expect.stringContaining('not running'),
      });
    });

    it('lists the paths that differ from the image', async () => {
      const { id } = await containers.run({
        command: ['sh', '-c', 'mkdir /made; echo a > /made/file; rm /bin/busybox'],
      });
      await containers.engine.getContainer(id).wait();
      const changes = await app.rest(admin).get(`${path}/${id}/changes`).expect(200);
      expect(changes.body).toEqual(
        expect.arrayContaining([
          { path: '/made', kind: 'added' },
          { path: '/made/file', kind: 'added' },
          { path: '/bin', kind: 'modified' },
          { path: '/bin/busybox', kind: 'deleted' },
        ]),
      );
      const untouched = await containers.create();
      expect((await app.rest(admin).get(`${path}/${untouched.id}/changes`).expect(200)).body).toEqual([]);
    });
  });

  describe('commit', () => {
    it('makes an image that holds what the container wrote, and runs as told', async () => {
      const { id } = await containers.run({ command: ['sh', '-c', 'echo kept > /note'] });
      await containers.engine.getContainer(id).wait();
      const repository = containers.name('committed');
      const committed = await app
        .rest(admin)
        .post(`${path}/${id}/commit`)
        .send({
          repository,
          tag: 'v1',
          comment: 'with a note',
          author: 'Ada',
          changes: ['CMD ["cat", "/note"]', 'ENV A=b'],
        })
        .expect(201);
      const image = await containers.engine.getImage(`${repository}:v1`).inspect();
      expect(committed.body).toEqual({ imageId: image.Id });
      expect(image).toMatchObject({
        Comment: 'with a note',
        Author: 'Ada',
        Config: { Cmd: ['cat', '/note'], Env: expect.arrayContaining(['A=b']) },
      });

      const reader = await containers.run({ image: `${repository}:v1`, command: [] });
      await containers.engine.getContainer(reader.id).wait();
      const log = await containers.engine.getContainer(reader.id).logs({ stdout: true });
      expect(log.toString()).toContain('kept');
      await containers.engine.getContainer(reader.id).remove();
      await containers.engine.getImage(`${repository}:v1`).remove();
    });
  });

  describe('whatever it is done to', () => {
    it.each([
      ['post', 'start'],
      ['post', 'stop'],
      ['post', 'restart'],
      ['post', 'kill'],
      ['post', 'pause'],
      ['post', 'unpause'],
      ['post', 'wait'],
      ['get', 'top'],
      ['get', 'changes'],
      ['get', 'export'],
      ['get', 'logs'],
      ['get', 'stats'],
    ] as const)('a container that does not exist is a 404: %s %s', async (method, action) => {
      const missing = await app.rest(admin)[method](`${path}/no-such-container/${action}`).expect(404);
      expect(missing.headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(missing.body).toMatchObject({
        code: 'not_found',
        status: 404,
        detail: expect.stringContaining('no-such-container'),
      });
    });

    it('is found by name, by id and by the start of an id', async () => {
      const { id, name } = await containers.create();
      for (const reference of [id, id.slice(0, 12), name]) {
        expect((await app.rest(admin).get(`${path}/${reference}`).expect(200)).body).toMatchObject({ id });
      }
    });
  });
});
