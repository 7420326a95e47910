import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Dockerode from 'dockerode';
import { ALL_OPERATIONS, type OperationId } from '../src/engine/operations/index.js';
import type { ScopedSocket } from '../src/scoped-sockets/scoped-socket.model.js';
import { type TestActor, TestApp } from './support/app.js';
import { differences, type Side, tell } from './support/conformance/answers.js';
import { DOCKER_MATRIX, OTHER_WORDS } from './support/conformance/docker-matrix.js';
import { dockerodeSteps } from './support/conformance/dockerode.js';
import { EXPECTED, type Ground, NOT_COMPARED, READS } from './support/conformance/reads.js';
import { docker, dockerEnvironment } from './support/docker-cli.js';
import { DoorClient } from './support/door-client.js';
import { DoorwayCalls, holderOf } from './support/doorways.js';
import { eventually } from './support/eventually.js';
import { LocalRegistry } from './support/local-registry.js';
import { PrivateEngine } from './support/private-engine.js';

/**
 * For an admin the door is not to be told from the engine's own socket: what Docker's clients do gives the same on both, and what
 * differs is listed with its reason.
 */

const run = promisify(execFile);
/** Many commands one after the other, which a busy machine makes long. */
const LONG_MS = 240_000;
/** Debian's, which has docker-py. */
const PYTHON = '/usr/bin/python3';
const DOCKER_PY = join(import.meta.dirname, 'support', 'conformance', 'docker_py.py');

let engine: PrivateEngine;
let app: TestApp;
let admin: TestActor;
let socket: ScopedSocket;
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'conformance-'));
  engine = await PrivateEngine.start({ name: 'conformance' });
  await engine.importBusybox();
  app = await TestApp.start({ dockerHost: engine.dockerHost });
  admin = await app.admin();
  const sockets = new DoorwayCalls<ScopedSocket>(app, admin, 'scoped-sockets');
  socket = await sockets.create({ name: 'admin', subject: { kind: 'user', id: admin.id }, engine: 'local' });
  const config = { HttpHeaders: { Authorization: admin.authorization } };
  writeFileSync(join(directory, 'config.json'), JSON.stringify(config));
});
afterAll(async () => {
  await app.stop();
  await engine.stop();
  rmSync(directory, { recursive: true });
});

/** The door, as the docker command finds it. */
const doorHost = () => `${app.url.replace(/^http/, 'tcp')}/docker/local`;

interface Outcome {
  readonly code: number;
  readonly output: string;
}
async function outcomeOf(
  command: string,
  args: string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Promise<Outcome> {
  try {
    const { stdout, stderr } = await run(command, args, { ...options, maxBuffer: 64 * 2 ** 20 });
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: stdout + stderr };
  }
}

describe('docker-py', () => {
  type Steps = [step: string, result: unknown][];

  async function steps(PREFIX: string, NET: string, BASE_URL: string): Promise<Steps> {
    const env = { PATH: process.env.PATH, PREFIX, NET, BASE_URL };
    const { code, output } = await outcomeOf(PYTHON, [DOCKER_PY], { env });
    if (code !== 0) throw new Error(`docker-py did not get to its end: ${output}`);
    return JSON.parse(output) as Steps;
  }

  /** What a result is to be on the door where it is another one on the engine, and why. */
  const DIFFERENT: Record<string, (bare: unknown) => unknown> = {
    // Versions before 1.24 behave in ways that the policy does not know.
    version: (bare) => replaced(bare, '"MinAPIVersion":"1.12"', '"MinAPIVersion":"1.24"'),
    // A name that no image can have is refused before the engine is asked.
    'tag with a name that is none': () => ({
      status: 400,
      explanation: 'no such image: UPPER/case: invalid reference format: repository name must be lowercase',
    }),
    // What is not there, and what may not be seen, are told of in the same words.
    'image that is not there': () => missing('No such image: <prefix>-nothing'),
    'network that is not there': () => missing('No such network: <prefix>-net'),
    'volume that is not there': () => missing('No such volume: <prefix>-volume'),
    'exec that is not there': () => missing('No such exec: <id>'),
  };
  const missing = (explanation: string) => ({ status: 404, explanation });
  const replaced = (value: unknown, what: string, by: string): unknown =>
    JSON.parse(JSON.stringify(value).replaceAll(what, by));

  it(
    'finds the same in a hundred steps on the engine and on a scoped socket',
    async () => {
      const [bare, door] = await Promise.all([
        steps('py-bare', '10.213.0', engine.dockerHost),
        steps('py-door', '10.213.1', `unix://${socket.path}`),
      ]);
      expect(bare.length).toBeGreaterThan(95);
      expect(door.map(([step]) => step)).toEqual(bare.map(([step]) => step));
      for (const [index, [step, result]] of bare.entries())
        expect([step, door[index]?.[1]]).toEqual([step, DIFFERENT[step]?.(result) ?? result]);
    },
    LONG_MS,
  );

  it('comes by the path of the door and a header too', async () => {
    const script = `
import docker, os
client = docker.DockerClient(base_url=os.environ['BASE_URL'], version='1.41')
client.api.headers['Authorization'] = os.environ['AUTHORIZATION']
print(client.containers.run('busybox', ['echo', 'by the path'], remove=True).decode())`;
    const env = { PATH: process.env.PATH, BASE_URL: doorHost(), AUTHORIZATION: admin.authorization };
    expect(await outcomeOf(PYTHON, ['-c', script], { env })).toEqual({ code: 0, output: 'by the path\n\n' });
  });
});

describe('dockerode', () => {
  /** As for docker-py. */
  const DIFFERENT: Record<string, unknown> = {
    'image that is not there': { statusCode: 404, json: { message: 'No such image: <prefix>-nothing' } },
  };

  it(
    'finds the same on the engine and on a scoped socket',
    async () => {
      const [bare, door] = await Promise.all([
        dockerodeSteps(new Dockerode({ socketPath: engine.socketPath }), 'node-bare'),
        dockerodeSteps(new Dockerode({ socketPath: socket.path }), 'node-door'),
      ]);
      expect(bare.length).toBeGreaterThan(45);
      expect(door).toEqual(bare.map(([step, result]) => [step, DIFFERENT[step] ?? result]));
    },
    LONG_MS,
  );
});

describe('docker-compose', () => {
  const COMPOSE = `
version: '3.8'
services:
  web:
    build: {context: ., args: {WHO: compose}}
    image: conformance-web
    environment: {A: "1"}
    volumes: ['data:/data']
    networks: {back: {aliases: [front]}}
    ports: ['8080']
    depends_on: [db]
  db:
    image: busybox
    command: sh -c "echo db ready; exec sleep 600"
    stop_signal: KILL
    networks: [back]
networks: {back: {labels: {purpose: conformance}}}
volumes: {data: {labels: {purpose: conformance}}}
`;
  const DOCKERFILE = `FROM busybox
ARG WHO
RUN echo "built by $WHO" > /who
CMD ["sh", "-c", "cat /who; touch /data/there; exec sleep 600"]
STOPSIGNAL KILL
`;

  it(
    'builds, starts, shows, enters and removes a project through a scoped socket',
    async () => {
      const project = join(directory, 'project');
      mkdirSync(project);
      writeFileSync(join(project, 'docker-compose.yml'), COMPOSE);
      writeFileSync(join(project, 'Dockerfile'), DOCKERFILE);
      const env = {
        ...dockerEnvironment(`unix://${socket.path}`),
        COMPOSE_PROJECT_NAME: 'conformance',
        DOCKER_BUILDKIT: '0',
      };
      const compose = async (...args: string[]) => {
        const outcome = await outcomeOf('docker-compose', ['--ansi', 'never', ...args], {
          env,
          cwd: project,
        });
        expect({ args, ...outcome }).toMatchObject({ code: 0 });
        return outcome.output;
      };
      await compose('up', '-d', '--build');
      expect((await compose('ps', '--services')).split('\n').sort()).toEqual(['', 'db', 'web']);
      const onEngine = ['ps', '--filter', 'label=com.docker.compose.project=conformance'];
      const names = await docker(engine.dockerHost, ...onEngine, '--format', '{{.Names}} {{.State}}');
      // Compose 1 writes `_` where Compose 2 writes `-`.
      expect(names.replaceAll('_', '-').split('\n').sort()).toEqual([
        'conformance-db-1 running',
        'conformance-web-1 running',
      ]);
      const logs = await eventually(
        () => compose('logs', '--no-color'),
        (text) => text.includes('built by compose') && text.includes('db ready'),
      );
      expect(logs).toMatch(/web[-_]1 +\| built by compose/);
      expect(await compose('exec', '-T', 'db', 'ping', '-c', '1', 'front')).toContain('1 packets received');
      expect(await compose('exec', '-T', 'web', 'ls', '/data')).toBe('there\n');
      await compose('stop', 'db');
      await compose('up', '-d');
      await compose('down', '-v', '-t', '1');
      expect(await docker(engine.dockerHost, ...onEngine, '-a', '-q')).toBe('');
      for (const kind of ['network', 'volume'])
        expect(
          await docker(engine.dockerHost, kind, 'ls', '-q', '--filter', 'label=purpose=conformance'),
        ).toBe('');
    },
    LONG_MS,
  );
});

describe('docker push without a tag', () => {
  it('pushes all tags for who may push every image, and nothing for who may push some', async () => {
    const registry = await LocalRegistry.start({ spawn: (...args) => engine.spawn(...args) });
    const repository = `${registry.address}/team/app`;
    try {
      await engine.importBusybox(`${repository}:latest`, { changes: ['LABEL team=web'] });
      await engine.importBusybox(`${repository}:hidden`, { changes: ['LABEL team=other'] });
      const scope = { engines: ['*'], labelSelector: 'team=web' };
      const web = await app.user('web', [{ role: 'developer', scope }]);
      const push = async (actor: TestActor, ...args: string[]) => {
        const config = join(directory, actor.username);
        mkdirSync(config, { recursive: true });
        const HttpHeaders = { Authorization: actor.authorization };
        writeFileSync(join(config, 'config.json'), JSON.stringify({ HttpHeaders }));
        return outcomeOf('docker', ['push', '-q', ...args], { env: dockerEnvironment(doorHost(), config) });
      };
      const stored = async () => {
        const probe = ['wget', '-q', '-O', '-', `http://${repository.replace('/', '/v2/')}/tags/list`];
        const child = engine.spawn('busybox', probe, { stdio: ['ignore', 'pipe', 'ignore'] });
        let text = '';
        for await (const chunk of child.stdout ?? []) text += String(chunk);
        return text === '' ? [] : (JSON.parse(text) as { tags: string[] }).tags.sort();
      };
      expect(await push(web, '-a', repository)).toMatchObject({
        code: 1,
        output: expect.stringContaining('images:push on all images'),
      });
      expect(await stored()).toEqual([]);
      expect((await push(web, repository)).code).toBe(0);
      expect(await stored()).toEqual(['latest']);
      expect((await push(admin, '-a', repository)).code).toBe(0);
      expect(await stored()).toEqual(['hidden', 'latest']);
    } finally {
      await registry.stop();
    }
  });
});

describe('on an engine in a swarm', () => {
  beforeAll(() => docker(engine.dockerHost, 'swarm', 'init', '--advertise-addr', '127.0.0.1'));

  it(
    'the docker command says the same and ends alike, whether it asks the engine or the door',
    async () => {
      const play = async (side: string, NET: string, environment: NodeJS.ProcessEnv) => {
        const [NAME, DIR] = [`conformance-${side}`, join(directory, side)];
        mkdirSync(DIR);
        const SINCE = String(Math.floor(Date.now() / 1000));
        const env = { ...environment, NAME, DIR, NET, SINCE, DOCKER_BUILDKIT: '0' };
        const outcomes: Record<string, unknown> = {};
        for (const { run: command, momentary } of DOCKER_MATRIX) {
          const { code, output } = await outcomeOf('sh', ['-c', command], { env });
          const told = output
            .replaceAll(DIR, '<dir>')
            .replaceAll(NAME, '<name>')
            .replaceAll(NET, '<net>')
            .replaceAll(/\b[0-9a-f]{12,64}\b/g, '<id>');
          outcomes[command] = momentary ? { code } : { code, told };
        }
        return outcomes;
      };
      const [bare, door] = await Promise.all([
        play('bare', '10.214.0.0/24', dockerEnvironment(engine.dockerHost)),
        play('door', '10.215.0.0/24', dockerEnvironment(doorHost(), directory)),
      ]);
      const expected = OTHER_WORDS.reduce(
        (text, words) => text.replaceAll(words.bare, words.door),
        JSON.stringify(bare),
      );
      expect(door).toEqual(JSON.parse(expected));
      expect(Object.keys(bare).length).toBeGreaterThan(60);
    },
    LONG_MS,
  );

  describe('docker inspect, which asks for one kind after the other', () => {
    const client = async (name: string, permissions: string[], labelSelector = '') => {
      const basics = await holderOf(app, admin, name, ['system:ping', 'system:info', ...permissions]);
      if (labelSelector !== '')
        await app
          .rest(admin)
          .post('/api/v1/role-bindings')
          .send({
            role: 'developer',
            subject: { kind: 'user', id: basics.id },
            scope: { engines: ['*'], labelSelector },
          })
          .expect(201);
      return DoorClient.of(app.url, basics);
    };

    it.each<[who: string, permissions: string[], labelSelector: string]>([
      ['sees-little', [], ''],
      ['sees-containers', ['containers:*'], ''],
      ['sees-volumes', ['volumes:list', 'volumes:get'], ''],
      ['sees-a-label', [], 'team=web'],
    ])('says of nothing what the engine says of it, to who %s', async (who, permissions, labelSelector) => {
      const asking = await client(who, permissions, labelSelector);
      const bare = await outcomeOf('docker', ['inspect', 'NOTHERE'], {
        env: dockerEnvironment(engine.dockerHost),
      });
      const { code, stdout, stderr } = await asking.run(['inspect', 'NOTHERE']);
      expect({ code, output: stdout + stderr }).toEqual(bare);
      expect(bare.output).toContain('No such object: NOTHERE');
    });

    it('finds what is seen behind kinds that are not', async () => {
      await docker(engine.dockerHost, 'volume', 'create', 'inspected');
      const asking = await client('sees-volumes-only', ['volumes:list', 'volumes:get']);
      expect(await asking.ok('inspect', '--format', '{{.Name}}', 'inspected')).toBe('inspected');
    });
  });

  it('each operation that reads answers the same, field by field', async () => {
    const on = (...args: string[]) => docker(engine.dockerHost, ...args);
    const made = async (path: string, body: object) => {
      const { text } = await engine.call('POST', path, { body });
      return (JSON.parse(text) as { Id?: string; ID?: string }).Id ?? (JSON.parse(text) as { ID: string }).ID;
    };
    const labels = ['--label', 'conformance=yes', '-e', 'A=1', '-v', 'conformance-v:/data'];
    const command = ['busybox', 'sh', '-c', 'echo ready; sleep 600'];
    const container = await on(
      'run',
      '-d',
      '--name',
      'conformance',
      '--stop-signal',
      'KILL',
      ...labels,
      ...command,
    );
    const service = await made('/services/create', {
      Name: 'conformance',
      Labels: { conformance: 'yes' },
      TaskTemplate: { ContainerSpec: { Image: 'busybox', Args: command.slice(1), Env: ['A=1'] } },
    });
    const Data = Buffer.from('hidden').toString('base64');
    const secret = await made('/secrets/create', { Name: 'conformance', Data });
    const config = await made('/configs/create', { Name: 'conformance', Data });
    const exec = await made(`/containers/${container}/exec`, { Cmd: ['true'] });
    await eventually(
      () => on('service', 'logs', '--raw', 'conformance').catch(() => ''),
      (text) => text.includes('ready'),
    );
    const task = await on('service', 'ps', 'conformance', '--no-trunc', '-q');
    const node = await on('node', 'ls', '-q');
    const now = Math.floor(Date.now() / 1000);
    const ground: Ground = {
      container,
      exec,
      volume: 'conformance-v',
      service,
      task,
      node,
      secret,
      config,
      now,
    };

    const bareSide: Side = { address: { socketPath: engine.socketPath }, prefix: '', headers: {} };
    const { hostname: host, port } = new URL(app.url);
    const headers = { authorization: admin.authorization };
    const doorSide: Side = { address: { host, port }, prefix: '/docker/local', headers };
    const reading = ALL_OPERATIONS.filter(
      ({ method, nature }) => (method === 'GET' || method === 'HEAD') && nature !== 'websocket',
    );
    const unexplained: Record<string, unknown> = {};
    const compared = new Set<OperationId>();
    for (const { id, method } of reading) {
      for (const path of READS[id]?.(ground) ?? []) {
        const bare = await tell(bareSide, method, path);
        const door = await tell(doorSide, method, path);
        const later = await tell(bareSide, method, path);
        const found = Object.entries(differences(bare, door, later)).filter(
          ([field]) => !EXPECTED.some((one) => one.path.test(field) && one.of(bare.get('status'), path)),
        );
        if (found.length > 0) unexplained[`${method} ${path}`] = Object.fromEntries(found);
        compared.add(id);
      }
    }
    expect(unexplained).toEqual({});
    const left = reading.map(({ id }) => id).filter((id) => !compared.has(id));
    expect(left.sort()).toEqual(Object.keys(NOT_COMPARED).sort());
  });
});
