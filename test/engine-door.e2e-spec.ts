import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditRecord } from '../src/audit/audit-record.model.js';
import { type TestActor, TestApp } from './support/app.js';
import { type CliOutcome, DoorClient } from './support/door-client.js';
import { eventually } from './support/eventually.js';
import { PrivateEngine } from './support/private-engine.js';
import { rawHttp } from './support/raw-http.js';
import { Registry } from './support/registry.js';

const FOREVER = ['busybox', 'sh', '-c', "trap 'exit 0' TERM; echo ready; while :; do sleep 0.1; done"];

describe('the Engine door', () => {
  let engine: PrivateEngine;
  let app: TestApp;
  let admin: TestActor;
  let docker: DoorClient;
  let folder: string;

  beforeAll(async () => {
    engine = await PrivateEngine.start({ name: 'door' });
    await engine.importBusybox();
    app = await TestApp.start({ dockerHost: engine.dockerHost });
    admin = await app.admin();
    docker = await DoorClient.of(app.url, admin);
    folder = await mkdtemp(join(tmpdir(), 'door-test-'));
  });
  afterAll(async () => {
    await docker.remove();
    await rm(folder, { recursive: true, force: true });
    await app.stop();
    await engine.stop();
  });

  /** The client with a terminal. */
  const inTerminal = (command: string, input: string): Promise<CliOutcome> => {
    const child = spawn('script', ['-qec', command, '/dev/null'], { env: docker.environment, stdio: 'pipe' });
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => {
      // A terminal takes what is typed once something reads it.
      if (stdout === '') child.stdin.end(input);
      stdout += chunk.toString();
    });
    return new Promise((resolve) => {
      child.once('close', (code) => resolve({ code, stdout, stderr: '' }));
    });
  };
  const records = async (operation: string) => {
    const answer = await app.rest(admin).get('/api/v1/audit').query({ operation, limit: 1 }).expect(200);
    return (answer.body as { items: AuditRecord[] }).items;
  };

  describe('to the docker client', () => {
    it('is an engine, whose version it takes over', async () => {
      const version = await docker.ok('version', '--format', '{{.Client.APIVersion}} {{.Server.APIVersion}}');
      const spoken = (await engine.call('GET', '/version')).text;
      const { ApiVersion } = JSON.parse(spoken) as { ApiVersion: string };
      expect(version).toBe(`${ApiVersion} ${ApiVersion}`);
      expect(await docker.ok('info', '--format', '{{.Name}}')).toBe('door');
    });

    it('runs commands, with their exit status, input and output', async () => {
      expect(
        await docker.run(['run', '--rm', 'busybox', 'sh', '-c', 'echo out; echo err >&2; exit 3']),
      ).toEqual({
        code: 3,
        stdout: 'out\n',
        stderr: 'err\n',
      });
      const input = Buffer.alloc(4 * 1024 * 1024, 'abcdefgh\n');
      const echoed = await docker.run(['run', '--rm', '-i', 'busybox', 'cat'], { input });
      expect([echoed.code, echoed.stdout === input.toString()]).toEqual([0, true]);
    });

    it('gives a terminal', async () => {
      const { code, stdout } = await inTerminal(
        'docker run --rm -it busybox sh',
        'echo $((40 + 2))-$(tty)\nexit 5\n',
      );
      expect(stdout).toContain('42-/dev/pts/0');
      expect(code).toBe(5);
    });

    it('works on a container that runs', async () => {
      const id = await docker.ok('run', '-d', '--name', 'runs', ...FOREVER);
      const followed = docker.run(['logs', '-f', 'runs']);
      await writeFile(join(folder, 'up'), 'copied');
      const [failed, typed, terminal] = await Promise.all([
        docker.run(['exec', 'runs', 'sh', '-c', 'echo in; exit 7']),
        docker.run(['exec', '-i', 'runs', 'cat'], { input: 'typed' }),
        inTerminal('docker exec -it runs sh', 'tty\nexit\n'),
        docker.ok('exec', '-d', 'runs', 'touch', '/tmp/detached'),
        docker.ok('cp', join(folder, 'up'), 'runs:/tmp/up'),
      ]);
      expect([failed.code, failed.stdout, typed.stdout]).toEqual([7, 'in\n', 'typed']);
      expect(terminal.stdout).toContain('/dev/pts/0');
      await eventually(
        () => docker.ok('diff', 'runs'),
        (changes) => changes.includes('A /tmp/detached') && changes.includes('A /tmp/up'),
      );
      const [processes, usage] = await Promise.all([
        docker.ok('top', 'runs'),
        docker.ok('stats', '--no-stream', '--format', '{{.Name}}', 'runs'),
        docker.ok('cp', 'runs:/tmp/up', join(folder, 'down')),
      ]);
      expect([processes.includes('sleep'), usage]).toEqual([true, 'runs']);
      expect(await readFile(join(folder, 'down'), 'utf8')).toBe('copied');
      await docker.ok('update', '--cpu-shares', '512', 'runs');
      await docker.ok('pause', 'runs');
      await docker.ok('unpause', 'runs');
      await docker.ok('rename', 'runs', 'ran');
      expect(
        await docker.ok('ps', '--no-trunc', '--filter', 'name=ran', '--format', '{{.ID}} {{.Names}}'),
      ).toBe(`${id} ran`);
      const waited = docker.ok('wait', 'ran');
      await docker.ok('stop', 'ran');
      expect(await waited).toBe('0');
      expect(await followed).toEqual({ code: 0, stdout: 'ready\n', stderr: '' });
      await docker.ok('start', 'ran');
      await docker.ok('kill', 'ran');
      expect((await docker.ok('export', 'ran')).length).toBeGreaterThan(1_000_000);
      await docker.ok('rm', 'ran');
      expect(await docker.ok('ps', '-aq')).toBe('');
    });

    it('tells what happens', async () => {
      const child = docker.spawn([
        'events',
        '--filter',
        'type=container',
        '--format',
        '{{.Action}} {{.Actor.Attributes.name}}',
      ]);
      let seen = '';
      child.stdout.on('data', (chunk: Buffer) => (seen += chunk.toString()));
      await eventually(
        async () => {
          await docker.ok('create', '--rm', '--name', 'happens', 'busybox');
          await docker.ok('rm', 'happens');
          return seen;
        },
        (text) => text.includes('create happens') && text.includes('destroy happens'),
      );
      child.kill();
    });

    it('builds', async () => {
      await writeFile(
        join(folder, 'Dockerfile'),
        'FROM busybox\nARG WHAT\nCOPY up /up\nRUN echo $WHAT > /what\n',
      );
      await docker.ok('build', '-t', 'built:v1', '--build-arg', 'WHAT=this', '--label', 'a=b', folder);
      expect(await docker.ok('run', '--rm', 'built:v1', 'cat', '/what', '/up')).toBe('this\ncopied');
      const failed = await docker.run(['build', '-'], { input: 'FROM busybox\nRUN exit 9\n' });
      expect([failed.code, failed.stderr.includes('returned a non-zero code: 9')]).toEqual([9, true]);
      await eventually(
        () => records('ImageBuild'),
        ([record]) => record?.outcome === 'failed' && record.reason?.includes('non-zero code: 9') === true,
      );
    });

    it('moves images', async () => {
      const archive = join(folder, 'image.tar');
      await docker.ok('save', '-o', archive, 'built:v1');
      await docker.ok('rmi', 'built:v1');
      expect(await docker.ok('load', '-i', archive)).toContain('Loaded image: built:v1');
      await docker.ok('tag', 'built:v1', 'team/built:v2');
      expect(await docker.ok('images', '--format', '{{.Repository}}:{{.Tag}}', 'team/built')).toBe(
        'team/built:v2',
      );
      expect(await docker.ok('history', '-q', 'team/built:v2')).toContain('<missing>');
      expect(await docker.ok('inspect', '--format', '{{.Config.Labels.a}}', 'team/built:v2')).toBe('b');
      await docker.ok('rmi', 'built:v1', 'team/built:v2');
      const imported = await docker.run(['import', '-', 'imported:x'], { input: Buffer.alloc(10_240) });
      expect(imported).toMatchObject({ code: 0, stderr: '' });
      const id = await docker.ok('create', 'busybox');
      await docker.ok('commit', '-m', 'message', '--change', 'ENV a=b', id, 'committed:x');
      await docker.ok('rm', id);
      await docker.ok('rmi', 'imported:x', 'committed:x');
    });

    it('pulls and pushes', async () => {
      const registry = await Registry.start(engine);
      try {
        const name = `${registry.address}/team/app:v1`;
        await docker.ok('tag', 'busybox', name);
        expect(await docker.ok('push', name)).toContain('digest: sha256:');
        await docker.ok('rmi', name);
        expect(await docker.ok('pull', name)).toContain('Downloaded newer image');
        expect(await docker.ok('pull', '-a', '-q', `${registry.address}/team/app`)).toContain('team/app');
        await docker.ok('rmi', name);
        const missing = await docker.run(['pull', `${registry.address}/team/none:v1`]);
        expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('not found')]);
      } finally {
        await registry.stop();
      }
    });

    it('keeps networks and volumes', async () => {
      await docker.ok('network', 'create', '--label', 'a=b', 'net');
      await docker.ok('volume', 'create', '--label', 'a=b', 'vol');
      await docker.ok('run', '-d', '--name', 'joined', '--network', 'net', '-v', 'vol:/data', ...FOREVER);
      await docker
        .ok('network', 'connect', '--alias', 'other', 'bridge', 'joined')
        .catch((error: unknown) => expect(String(error)).toContain('network-scoped alias'));
      await docker.ok('network', 'disconnect', 'net', 'joined');
      await docker.ok('network', 'connect', '--alias', 'other', 'net', 'joined');
      expect(
        await docker.ok('network', 'inspect', '--format', '{{range .Containers}}{{.Name}}{{end}}', 'net'),
      ).toBe('joined');
      expect(await docker.ok('volume', 'inspect', '--format', '{{.Labels.a}}', 'vol')).toBe('b');
      expect(await docker.ok('volume', 'ls', '-q', '--filter', 'label=a=b')).toBe('vol');
      expect(await docker.ok('system', 'df')).toContain('Local Volumes   1');
      await docker.ok('rm', '-f', 'joined');
      expect(await docker.ok('network', 'prune', '-f')).toContain('net');
      expect(await docker.ok('volume', 'prune', '-f')).toContain('vol');
      expect(await docker.ok('container', 'prune', '-f')).toContain('Total reclaimed space: 0B');
      expect(await docker.ok('image', 'prune', '-f')).toContain('Total reclaimed space');
    });

    it('is a swarm', async () => {
      await docker.ok('swarm', 'init', '--advertise-addr', '127.0.0.1');
      await docker.ok('service', 'create', '--name', 'service', '--detach', ...FOREVER);
      await docker.ok('service', 'scale', '--detach', 'service=2');
      expect(await docker.ok('service', 'ls', '--format', '{{.Name}} {{.Mode}}')).toBe('service replicated');
      await eventually(
        () => docker.ok('service', 'logs', 'service'),
        (log) => log.includes('ready'),
      );
      await docker.ok('service', 'update', '--detach', '--label-add', 'a=b', 'service');
      await docker.ok('service', 'rollback', '--detach', 'service');
      await docker.ok('service', 'rm', 'service');
      const file = join(folder, 'stack.yml');
      const config = { file: join(folder, 'up') };
      await writeFile(
        file,
        JSON.stringify({
          version: '3.8',
          services: {
            web: {
              image: 'busybox',
              command: ['sleep', '600'],
              secrets: ['s'],
              configs: ['c'],
              networks: ['n'],
            },
          },
          secrets: { s: config },
          configs: { c: config },
          networks: { n: {} },
        }),
      );
      await docker.ok('stack', 'deploy', '--detach=true', '-c', file, 'stacked');
      expect(await docker.ok('stack', 'services', '--format', '{{.Name}}', 'stacked')).toBe('stacked_web');
      await docker.ok('stack', 'rm', 'stacked');
      expect(await docker.ok('node', 'ls', '--format', '{{.ManagerStatus}}')).toBe('Leader');
      await docker.ok('swarm', 'leave', '--force');
    });

    it('says what is wrong in the engine’s words', async () => {
      const failed = async (...args: string[]) => {
        const { code, stderr } = await docker.run(args);
        return [code, stderr];
      };
      expect(await failed('inspect', 'nothing-here')).toEqual([
        1,
        expect.stringContaining('No such object: nothing-here'),
      ]);
      expect(await failed('start', 'none')).toEqual([1, expect.stringContaining('No such container: none')]);
      expect(await failed('run', '--rm', 'busybox', 'no-such-command')).toEqual([
        127,
        expect.stringContaining('executable file not found'),
      ]);
      const id = await docker.ok('create', '--name', 'taken', 'busybox');
      expect(await failed('create', '--name', 'taken', 'busybox')).toEqual([
        1,
        expect.stringContaining(`already in use by container "${id}"`),
      ]);
      await docker.ok('rm', 'taken');
      expect(await failed('run', '--rm', '--runtime', 'none', 'busybox')).toEqual([125, expect.any(String)]);
    });
  });

  describe('to an admin', () => {
    it.each([
      '/info',
      '/containers/json?all=1&size=1',
      '/containers/same/json?size=1',
      '/images/json?all=1&digests=1',
      '/images/busybox/json',
      '/images/busybox/history',
      '/networks',
      '/networks/bridge',
      '/volumes',
      '/system/df',
      '/plugins',
      '/containers/none/json',
      '/nothing',
    ])('answers what the engine answers: %s', async (path) => {
      if ((await docker.run(['inspect', 'same'])).code !== 0)
        await docker.ok('create', '--name', 'same', '-v', 'same:/v', '-e', 'a=b', 'busybox');
      const there = await rawHttpOf(engine.socketPath, `/v1.41${path}`);
      const here = await rawHttp(app.url, {
        path: `/docker/local/v1.41${path}`,
        headers: { authorization: admin.authorization },
      });
      // What the engine counts up with each call, and what it lists in another order each time.
      const still = (text: string) => {
        const read = JSON.parse(
          text.replace(/"(?:SystemTime|NFd|NGoroutines|NEventsListener)":[^,]*,/g, ''),
        ) as unknown;
        return Array.isArray(read) ? read.map((item) => JSON.stringify(item)).sort() : JSON.stringify(read);
      };
      expect([here.status, still(here.text)]).toEqual([there.status, still(there.text)]);
      for (const header of ['api-version', 'content-type', 'ostype', 'docker-experimental', 'server'])
        if (there.status < 400) expect(here.headers[header]).toBe(there.headers[header]);
    });
  });

  it('takes the credentials of many registries, and many arguments of a build', async () => {
    const registries = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [
        `r${index}.example`,
        { username: 'a', password: 'x'.repeat(1_000) },
      ]),
    );
    const answer = await rawHttp(app.url, {
      method: 'POST',
      path: `/docker/local/v1.41/build?remote=none&buildargs=${encodeURIComponent(JSON.stringify({ A: 'b'.repeat(20_000) }))}`,
      headers: {
        authorization: admin.authorization,
        'x-registry-config': Buffer.from(JSON.stringify(registries)).toString('base64url'),
      },
    });
    // The engine's answer to a context that is none.
    expect([answer.status, answer.text]).toEqual([
      500,
      expect.stringContaining('could not be recognized as URL'),
    ]);
  });

  describe('to a developer of what has a label', () => {
    let scoped: DoorClient;
    let developer: TestActor;

    beforeAll(async () => {
      developer = await app.user('scoped', [
        { role: 'developer', scope: { engines: ['*'], labelSelector: 'team=blue' } },
      ]);
      scoped = await DoorClient.of(app.url, developer);
      await docker.ok('run', '-d', '--name', 'hidden', ...FOREVER);
      await docker.ok('create', '--name', 'hidden-stopped', 'busybox');
    });
    afterAll(async () => {
      await docker.run(['rm', '-f', 'hidden', 'hidden-stopped', 'blue']);
      await scoped.remove();
    });

    it('is an engine with nothing else on it', async () => {
      expect(await scoped.ok('version', '--format', '{{.Server.Os}}')).toBe('linux');
      expect(await scoped.ok('ps', '-aq')).toBe('');
      expect(await scoped.ok('system', 'df', '--format', '{{.Type}} {{.TotalCount}}')).toContain(
        'Containers 0',
      );
      const { code, stderr } = await scoped.run(['logs', 'hidden']);
      expect([code, stderr]).toEqual([1, expect.stringContaining('No such container: hidden')]);
    });

    it('makes what has the label, and works on it', async () => {
      const refused = await scoped.run(['create', 'busybox']);
      expect(refused.stderr).toContain(
        'You need the permission containers:create for a container with these labels',
      );
      const id = await scoped.ok('run', '-d', '--name', 'blue', '--label', 'team=blue', ...FOREVER);
      expect(await scoped.ok('exec', 'blue', 'echo', 'mine')).toBe('mine');
      expect(await scoped.ok('ps', '-q', '--no-trunc')).toBe(id);
      expect(await scoped.ok('ps', '-n', '1', '-q', '--no-trunc')).toBe(id);
      const privileged = await scoped.run(['run', '--rm', '--privileged', '--label', 'team=blue', 'busybox']);
      expect([privileged.code, privileged.stderr]).toEqual([125, expect.stringContaining('privileged')]);
      // What is made here is seen, owned and recorded as if it had been made elsewhere.
      const seen = await app.rest(developer).get(`/api/v1/engines/local/containers/${id}`).expect(200);
      expect((seen.body as { name: string }).name).toBe('blue');
      const [record] = await records('ContainerCreate');
      expect(record).toMatchObject({ door: 'engine', actorName: 'scoped', engine: 'local' });
    });

    it('prunes only its own', async () => {
      const id = await scoped.ok('create', '--label', 'team=blue', 'busybox');
      expect(await scoped.ok('container', 'prune', '-f')).toContain(id);
      expect(await docker.ok('ps', '-a', '--filter', 'name=hidden-stopped', '--format', '{{.Names}}')).toBe(
        'hidden-stopped',
      );
    });

    it('ends what goes on once the right is gone', async () => {
      const following = scoped.run(['logs', '-f', 'blue']);
      const watching = scoped.run(['exec', 'blue', 'sleep', '600']);
      await eventually(
        () => records('ExecStart'),
        ([record]) => record?.actorName === 'scoped' && record.outcome === 'succeeded',
      );
      const bound = await app
        .rest(admin)
        .get('/api/v1/role-bindings')
        .query({ subjectId: developer.id })
        .expect(200);
      for (const { id, subject } of (bound.body as { items: { id: string; subject: { id: string } }[] })
        .items)
        if (subject.id === developer.id)
          await app.rest(admin).delete(`/api/v1/role-bindings/${id}`).expect(204);
      const started = Date.now();
      await Promise.all([following, watching]);
      expect(Date.now() - started).toBeLessThan(8_000);
    });
  });

  it('ends what has no end when it is told to stop', async () => {
    const stopping = await TestApp.start({ dockerHost: engine.dockerHost });
    const client = await DoorClient.of(stopping.url, await stopping.admin());
    const id = await client.ok('run', '-d', ...FOREVER);
    const child = client.spawn(['logs', '-f', id]);
    await once(child.stdout, 'data');
    const attached = client.run(['exec', id, 'sleep', '600']);
    await eventually(
      () => engine.call('GET', `/containers/${id}/top`),
      ({ text }) => text.includes('sleep 600'),
    );
    const started = Date.now();
    await Promise.all([stopping.stop(), once(child, 'exit'), attached]);
    expect(Date.now() - started).toBeLessThan(5_000);
    await docker.ok('rm', '-f', id);
    await client.remove();
  });
});

/** A request over a unix socket. */
async function rawHttpOf(socketPath: string, path: string) {
  const [answer] = (await once(request({ socketPath, path }).end(), 'response')) as [IncomingMessage];
  const text = (await answer.toArray()).map((chunk) => (chunk as Buffer).toString()).join('');
  return { status: answer.statusCode ?? 0, headers: answer.headers, text };
}
