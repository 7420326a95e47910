import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Exec, ExecOutput } from '../src/containers/exec.model.js';
import { type TestActor, TestApp } from './support/app.js';
import { eventually } from './support/eventually.js';
import { TerminalClient, upgradeStatus } from './support/terminal-client.js';
import { TestContainers } from './support/test-containers.js';

const ENGINE = '/api/v1/engines/local';
const NO_EXEC = 'a'.repeat(64);

describe('commands in a container', () => {
  let app: TestApp;
  let admin: TestActor;
  let containers: TestContainers;
  let id: string;

  beforeAll(async () => {
    app = await TestApp.start();
    admin = await app.admin();
    containers = new TestContainers(app, admin);
    ({ id } = await containers.run());
  });
  afterAll(async () => {
    await containers.removeAll();
    await app.stop();
  });

  const createExec = async (options: object, container = id) => {
    const created = await app.rest(admin).post(`${containers.path}/${container}/execs`).send(options);
    if (created.status !== 201) throw new Error(created.text);
    return created.body as Exec;
  };
  const start = (execId: string, accept: string) =>
    app.rest(admin).post(`${ENGINE}/execs/${execId}/start`).set('accept', accept).buffer(true).send({});
  const see = async (execId: string) =>
    (await app.rest(admin).get(`${ENGINE}/execs/${execId}`).expect(200)).body as Exec;
  /** Runs a command on the engine itself. @returns what it wrote */
  const onEngine = async (command: string[], container = id) => {
    const exec = await containers.engine
      .getContainer(container)
      .exec({ Cmd: command, AttachStdout: true, Tty: true });
    const stream = await exec.start({ Tty: true });
    let output = '';
    for await (const chunk of stream) output += String(chunk);
    return output;
  };

  describe('by HTTP', () => {
    it('are prepared, started and looked at: output apart from error output, then the exit code', async () => {
      const exec = await createExec({
        command: ['sh', '-c', 'echo $A in $PWD; echo oops >&2; exit 3'],
        env: ['A=b'],
        workingDir: '/bin',
        user: '1000',
      });
      expect(exec).toEqual({
        engine: 'local',
        id: expect.stringMatching(/^[a-f0-9]{64}$/),
        containerId: id,
        command: ['sh', '-c', 'echo $A in $PWD; echo oops >&2; exit 3'],
        user: '1000',
        tty: false,
        privileged: false,
        openStdin: false,
        running: false,
        pid: null,
        exitCode: null,
      });

      const started = await start(exec.id, 'application/x-ndjson').expect(200);
      expect(started.headers['content-type']).toMatch(/^application\/x-ndjson/);
      const output = started.text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as ExecOutput);
      const from = (wanted: ExecOutput['stream']) =>
        output
          .filter(({ stream }) => stream === wanted)
          .map(({ data }) => data)
          .join('');
      expect(from('stdout')).toBe('b in /bin\n');
      expect(from('stderr')).toBe('oops\n');
      expect(await see(exec.id)).toMatchObject({ running: false, exitCode: 3, pid: null });
    });

    it('are told as plain text or as an event stream where that is asked for', async () => {
      const command = ['sh', '-c', 'printf "ein Gru\\303\\237\\n"'];
      const text = await start((await createExec({ command })).id, 'text/plain').expect(200);
      expect(text.text).toBe('ein Gruß\n');
      expect(text.headers['content-type']).toBe('text/plain; charset=utf-8');

      const events = await start((await createExec({ command })).id, 'text/event-stream').expect(200);
      expect(events.text).toBe(
        ': open\n\nevent: output\ndata: {"stream":"stdout","data":"ein Gruß\\n"}\n\nevent: end\ndata: {}\n\n',
      );
    });

    it('with a terminal write to one stream', async () => {
      const exec = await createExec({ command: ['sh', '-c', 'echo out; echo err >&2; tty'], tty: true });
      expect(exec.tty).toBe(true);
      const { text } = await start(exec.id, 'application/x-ndjson').expect(200);
      const output = text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as ExecOutput);
      expect(new Set(output.map(({ stream }) => stream))).toEqual(new Set(['console']));
      expect(output.map(({ data }) => data).join('')).toMatch(/^out\r\nerr\r\n\/dev\/pts\/\d+\r\n$/);
    });

    it('have no input, so that what reads it ends at once', async () => {
      const exec = await createExec({ command: ['cat'], attachStdin: true });
      expect((await start(exec.id, 'text/plain').expect(200)).text).toBe('');
      await eventually(
        () => see(exec.id),
        ({ running, exitCode }) => !running && exitCode === 0,
      );
    });

    it('run on by themselves when detached', async () => {
      const { id: execId } = await createExec({ command: ['sh', '-c', 'echo done > /detached'] });
      await app.rest(admin).post(`${ENGINE}/execs/${execId}/start-detached`).expect(204);
      await eventually(
        () => see(execId),
        ({ running, exitCode }) => !running && exitCode === 0,
      );
      expect(await onEngine(['cat', '/detached'])).toContain('done');
    });

    it('are shown as running with their process id', async () => {
      const { id: execId } = await createExec({ command: ['sleep', '600'] });
      await app.rest(admin).post(`${ENGINE}/execs/${execId}/start-detached`).expect(204);
      const { pid } = await eventually(
        () => see(execId),
        ({ running, pid: known }) => running && known !== null,
      );
      const { Processes } = (await containers.engine.getContainer(id).top()) as { Processes: string[][] };
      expect(Processes.map(([, processId]) => processId)).toContain(String(pid));
    });

    it('start once only', async () => {
      const { id: execId } = await createExec({ command: ['true'] });
      await start(execId, 'text/plain').expect(200);
      for (const again of [
        await start(execId, 'application/x-ndjson'),
        await app.rest(admin).post(`${ENGINE}/execs/${execId}/start-detached`),
      ]) {
        expect(again.body).toMatchObject({ code: 'conflict' });
        expect(again.status).toBe(409);
      }
      expect(await TerminalClient.open(app, `/execs/${execId}/start`, admin).closed).toBe(4409);
    });

    it('need a container that runs', async () => {
      const { id: stopped } = await containers.create();
      const refused = await app
        .rest(admin)
        .post(`${containers.path}/${stopped}/execs`)
        .send({ command: ['true'] })
        .expect(409);
      expect(refused.body).toMatchObject({
        code: 'conflict',
        detail: expect.stringContaining('not running'),
      });
    });

    it('that do not exist are a 404', async () => {
      for (const request of [
        app.rest(admin).get(`${ENGINE}/execs/${NO_EXEC}`),
        app.rest(admin).post(`${ENGINE}/execs/${NO_EXEC}/start`).send({}),
        app.rest(admin).post(`${ENGINE}/execs/${NO_EXEC}/start-detached`),
        app.rest(admin).post(`${ENGINE}/execs/${NO_EXEC}/resize`).send({ width: 80, height: 24 }),
        app
          .rest(admin)
          .post(`${containers.path}/no-such-container/execs`)
          .send({ command: ['true'] }),
      ]) {
        const missing = await request;
        expect({ status: missing.status, body: missing.body as unknown }).toMatchObject({
          status: 404,
          body: { code: 'not_found' },
        });
      }
    });

    it('are answered with in formats that we have only', async () => {
      const { id: execId } = await createExec({ command: ['touch', '/not-accepted'] });
      const refused = await start(execId, 'image/png').expect(406);
      expect(refused.body).toMatchObject({ code: 'not_acceptable' });
      expect(await onEngine(['ls', '/'])).not.toContain('not-accepted');
    });
  });

  describe('by WebSocket', () => {
    const open = async (options: object) => {
      const exec = await createExec(options);
      return { execId: exec.id, client: TerminalClient.open(app, `/execs/${exec.id}/start`, admin) };
    };

    it('are interactive: input in, output and error output out, and at last the exit code', async () => {
      const { client } = await open({
        command: ['sh', '-c', 'read line; echo "got $line"; echo oops >&2; exit 4'],
        attachStdin: true,
      });
      await client.ready();
      client.type('hello\n');
      expect(await client.closed).toBe(1000);
      expect(client.output('stdout')).toBe('got hello\n');
      expect(client.output('stderr')).toBe('oops\n');
      expect(client.events).toEqual([{ type: 'ready' }, { type: 'exit', exitCode: 4 }]);
    });

    it('let a browser, which cannot set a header, sign in by the first message', async () => {
      const { id: execId } = await createExec({ command: ['cat'], attachStdin: true });
      const anonymous = TerminalClient.open(app, `/execs/${execId}/start`);
      anonymous.tell({ type: 'authorize', authorization: admin.authorization });
      await anonymous.ready();
      anonymous.type('echo me');
      anonymous.tell({ type: 'end' });
      expect(await anonymous.closed).toBe(1000);
      expect(anonymous.output('stdout')).toBe('echo me');
    });

    it('`end` ends the input, and what reads it then ends', async () => {
      const { client } = await open({ command: ['sh', '-c', 'wc -c'], attachStdin: true });
      await client.ready();
      for (let count = 0; count < 64; count += 1) client.type(Buffer.alloc(16_384, 'x'));
      client.tell({ type: 'end' });
      expect(await client.closed).toBe(1000);
      expect(client.output('stdout').trim()).toBe(String(64 * 16_384));
      expect(client.events.at(-1)).toEqual({ type: 'exit', exitCode: 0 });
    });

    it('carry bytes as they are', async () => {
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
      const { client } = await open({
        command: ['sh', '-c', 'head -c 256 | od -An -v -tx1 | tr -d " \\n"'],
        attachStdin: true,
      });
      await client.ready();
      client.type(bytes);
      expect(await client.closed).toBe(1000);
      expect(client.output('stdout')).toBe(bytes.toString('hex'));
    });

    it('have a terminal that can be resized', async () => {
      const { execId, client } = await open({ command: ['sh'], tty: true, attachStdin: true });
      await client.ready();
      client.tell({ type: 'resize', width: 101, height: 41 });
      const size = async () => {
        client.type('stty size\n');
        await client.reads('console', '\n');
        return client.output('console');
      };
      await eventually(size, (console) => console.includes('41 101'));

      await app
        .rest(admin)
        .post(`${ENGINE}/execs/${execId}/resize`)
        .send({ width: 77, height: 33 })
        .expect(204);
      await eventually(size, (console) => console.includes('33 77'));
      client.type('exit 5\n');
      expect(await client.closed).toBe(1000);
      expect(client.output('stderr')).toBe('');
      expect(client.events.at(-1)).toEqual({ type: 'exit', exitCode: 5 });
    });

    it('run on when their client leaves', async () => {
      const { execId, client } = await open({
        command: [
          'sh',
          '-c',
          'echo begun; while [ ! -e /go ]; do sleep 0.05; done; echo after > /went-on; sleep 600',
        ],
      });
      await client.reads('stdout', 'begun');
      client.leave();
      await client.closed;
      await onEngine(['touch', '/go']);
      await eventually(
        () => onEngine(['cat', '/went-on']),
        (content) => content.includes('after'),
      );
      expect(await see(execId)).toMatchObject({ running: true });
    });

    it('are told when the message is none of ours', async () => {
      const { client } = await open({ command: ['cat'], attachStdin: true });
      await client.ready();
      client.tell('not json');
      expect(await client.closed).toBe(4400);
      expect(client.events.at(-1)).toMatchObject({
        type: 'error',
        problem: { code: 'invalid_input', status: 400 },
      });
    });
  });

  describe('attaching by WebSocket', () => {
    it('shows what the main process writes from then on, takes input, and ends with it', async () => {
      const { id: attached } = await containers.run({
        command: [
          'sh',
          '-c',
          'while read line; do [ "$line" = stop ] && exit 6; echo "got $line"; echo "no $line" >&2; done',
        ],
        openStdin: true,
      });
      const client = TerminalClient.open(app, `/containers/${attached}/attach`, admin);
      await client.ready();
      client.type('one\n');
      await client.reads('stdout', 'got one\n');
      await client.reads('stderr', 'no one\n');
      client.type('stop\n');
      expect(await client.closed).toBe(1000);
      expect(client.events.map(({ type }) => type)).toEqual(['ready', 'exit']);
      expect((await containers.inspect(attached)).State).toMatchObject({ Status: 'exited', ExitCode: 6 });
    });

    it('shows each of several clients the same', async () => {
      const { id: attached } = await containers.run({ command: ['cat'], openStdin: true });
      const clients = [1, 2].map(() => TerminalClient.open(app, `/containers/${attached}/attach`, admin));
      for (const client of clients) await client.ready();
      clients[0]?.type('shared\n');
      for (const client of clients) await client.reads('stdout', 'shared\n');
      for (const client of clients) client.leave();
    });

    it('resizes the terminal, and leaves the process alone when the client leaves', async () => {
      const { id: attached } = await containers.run({ command: ['sh'], tty: true, openStdin: true });
      const client = TerminalClient.open(app, `/containers/${attached}/attach`, admin);
      await client.ready();
      client.tell({ type: 'resize', width: 91, height: 31 });
      await eventually(
        () => {
          client.type('stty size\n');
          return client.output('console');
        },
        (console) => console.includes('31 91'),
      );
      client.leave();
      await client.closed;
      await app
        .rest(admin)
        .post(`${containers.path}/${attached}/resize`)
        .send({ width: 61, height: 21 })
        .expect(204);

      const again = TerminalClient.open(app, `/containers/${attached}/attach`, admin);
      await again.ready();
      again.type('stty size\n');
      await again.reads('console', '21 61');
      expect((await containers.inspect(attached)).State).toMatchObject({ Running: true });
      again.leave();
    });
  });

  describe('a WebSocket', () => {
    const attach = () => `${ENGINE}/containers/${id}/attach`;

    it('is refused to a page of a foreign origin, also with a good token', async () => {
      const { authorization } = admin;
      expect(await upgradeStatus(app, attach(), { authorization, origin: 'https://elsewhere.test' })).toBe(
        403,
      );
      expect(await upgradeStatus(app, attach(), { authorization, origin: 'null' })).toBe(403);
      expect(await upgradeStatus(app, attach(), { authorization, origin: app.url })).toBe(101);
    });

    it('is refused at a path that we do not have, and where the path does not decode', async () => {
      const { authorization } = admin;
      expect(await upgradeStatus(app, '/api/v1/nowhere', { authorization })).toBe(404);
      expect(await upgradeStatus(app, `${ENGINE}/containers/%zz/attach`, { authorization })).toBe(400);
    });

    it.each([
      ['a first message that is no sign-in', { type: 'end' }, 4401],
      ['a token that is none', { type: 'authorize', authorization: 'Bearer nonsense' }, 4401],
      ['another scheme', { type: 'authorize', authorization: 'Basic YTpi' }, 4401],
      ['no JSON', 'hello', 4400],
    ])('is closed at %s', async (_what, message, code) => {
      const client = TerminalClient.open(app, `/containers/${id}/attach`);
      client.tell(message);
      expect(await client.closed).toBe(code);
      expect(client.events).toMatchObject([{ type: 'error', problem: { status: code - 4000 } }]);
    });

    it('is closed with 4404 where there is nothing to attach to', async () => {
      for (const path of ['/containers/no-such-container/attach', `/execs/${NO_EXEC}/start`]) {
        const client = TerminalClient.open(app, path, admin);
        expect(await client.closed).toBe(4404);
        expect(client.events).toMatchObject([{ type: 'error', problem: { code: 'not_found' } }]);
      }
    });

    it('is closed with 4400 where the id cannot be one', async () => {
      for (const path of [
        '/containers/a%2Fb/attach',
        '/containers/..%2F..%2Finfo/attach',
        '/execs/x/start',
      ]) {
        const client = TerminalClient.open(app, path, admin);
        expect(await client.closed).toBe(4400);
        expect(client.events).toMatchObject([{ type: 'error', problem: { code: 'invalid_input' } }]);
      }
    });

    it('is closed with 4404 for who may not see the container, and 4403 for who may not use it', async () => {
      const stranger = await app.user(containers.name('stranger'), []);
      const viewer = await app.user(containers.name('viewer'), [{ role: 'viewer' }]);
      for (const [actor, code] of [
        [stranger, 4404],
        [viewer, 4403],
      ] as const) {
        const client = TerminalClient.open(app, `/containers/${id}/attach`, actor);
        expect(await client.closed).toBe(code);
      }
    });
  });
});
