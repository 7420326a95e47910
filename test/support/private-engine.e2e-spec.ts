import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from '@jest/globals';
import { docker } from './docker-cli.js';
import { importTestImage, removeImage } from './images.js';
import { PrivateEngine } from './private-engine.js';
import { Registry } from './registry.js';
import { sharedEngine } from './shared-peers.js';

/** Everything on the machine that mentions the engine: processes (by namespace too), mounts, cgroups and files. */
function tracesOf(directory: string, networkNamespace: string): string[] {
  const name = basename(directory);
  const processes = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter(
      (pid) =>
        read(`/proc/${pid}/cmdline`).includes(name) || link(`/proc/${pid}/ns/net`) === networkNamespace,
    )
    .map((pid) => `process ${pid} ${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')}`);
  const mounts = read('/proc/self/mountinfo')
    .split('\n')
    .filter((line) => line.includes(name));
  const cgroups = cgroupPaths().filter((path) => path.includes(name));
  return [...processes, ...mounts, ...cgroups, ...(existsSync(directory) ? [directory] : [])];
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // a process that ended while we looked
  }
}

function link(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}

const networkNamespaceOf = (engine: PrivateEngine): string =>
  readlinkSync(`/proc/${String(engine.initPid)}/ns/net`);

/** Groups come and go while they are listed; then they are listed anew. */
function cgroupPaths(): string[] {
  for (;;) {
    try {
      return readdirSync('/sys/fs/cgroup', { recursive: true, encoding: 'utf8' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

describe('a private engine', () => {
  let engine: PrivateEngine | undefined;

  afterEach(async () => {
    await engine?.stop();
    engine = undefined;
  });

  async function start(): Promise<PrivateEngine> {
    engine = await PrivateEngine.start({ name: 'own' });
    await engine.importBusybox();
    return engine;
  }

  it('is apart from the host: other network, other root of data, its own name', async () => {
    const own = await start();
    expect(networkNamespaceOf(own)).not.toBe(readlinkSync('/proc/self/ns/net'));
    expect(await docker(own.dockerHost, 'info', '--format', '{{.Name}} {{.DockerRootDir}}')).toBe(
      `own ${own.directory}/data`,
    );
  });

  it('is apart from another private engine', async () => {
    const own = await start();
    await docker(own.dockerHost, 'create', '--name', 'only-here', 'busybox');
    expect(await docker(sharedEngine().dockerHost, 'ps', '-aq', '--filter', 'name=only-here')).toBe('');
    const id = ['info', '--format', '{{.ID}}'];
    expect(await docker(own.dockerHost, ...id)).not.toBe(await docker(sharedEngine().dockerHost, ...id));
  });

  it('keeps its containers over kill -9 and a restart', async () => {
    const own = await start();
    await docker(
      own.dockerHost,
      'run',
      '-d',
      '--stop-timeout=0',
      '--name',
      'survivor',
      'busybox',
      'sleep',
      '1000',
    );
    await own.kill();
    expect(await own.isReady()).toBe(false);

    await own.restart();
    expect(await docker(own.dockerHost, 'ps', '-a', '--format', '{{.Names}}')).toBe('survivor');
    expect(await docker(own.dockerHost, 'start', 'survivor')).toBe('survivor');
  });

  it('leaves no process, mount, cgroup or file behind when stopped while a container runs', async () => {
    const own = await start();
    await docker(own.dockerHost, 'run', '-d', 'busybox', 'sleep', '1000');
    const namespace = networkNamespaceOf(own);
    expect(tracesOf(own.directory, namespace)).not.toEqual([]);
    await own.stop();
    expect(tracesOf(own.directory, namespace)).toEqual([]);
  });

  it('leaves nothing behind when dockerd was killed before', async () => {
    const own = await start();
    await docker(own.dockerHost, 'run', '-d', 'busybox', 'sleep', '1000');
    const namespace = networkNamespaceOf(own);
    await own.kill();
    await own.stop();
    expect(tracesOf(own.directory, namespace)).toEqual([]);
  });

  it('ends with its owner, even when that is killed', async () => {
    const program = `
      import { PrivateEngine } from ${JSON.stringify(new URL('../../scripts/private-engine.mjs', import.meta.url).href)};
      const engine = await PrivateEngine.start({ name: 'orphan' });
      await engine.importBusybox();
      const { text } = await engine.call('POST', '/containers/create', { body: { Image: 'busybox', Cmd: ['sleep', '1000'] } });
      await engine.call('POST', '/containers/' + JSON.parse(text).Id + '/start');
      console.log(engine.directory);
      setInterval(() => undefined, 1000);`;
    const owner = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [directory] = (await once(createInterface({ input: owner.stdout }), 'line')) as [string];
    const orphan = PrivateEngine.adopt(directory);
    expect(orphan).toBeDefined();
    if (orphan === undefined) return;
    const namespace = networkNamespaceOf(orphan);

    owner.kill('SIGKILL');
    while (tracesOf(directory, namespace).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  it('says why it did not start, with the end of its log', async () => {
    await expect(
      PrivateEngine.start({ name: 'broken', flags: ['--storage-driver=no-such-driver'] }),
    ).rejects.toThrow(/did not start: it ended with exit code 1[^]*no-such-driver/);
  });

  it('can run with cgroup version 2 on any host', async () => {
    engine = await PrivateEngine.start({ name: 'own', cgroupVersion: 2 });
    await engine.importBusybox();
    expect(await docker(engine.dockerHost, 'info', '--format', '{{.CgroupVersion}}')).toBe('2');
    expect(await docker(engine.dockerHost, 'run', '--rm', 'busybox', 'echo', 'ran')).toBe('ran');
  });
});

describe('images for tests', () => {
  it('hold the files and instructions that were asked for', async () => {
    const engine = sharedEngine();
    const image = await importTestImage(engine, {
      files: { hello: '#!/bin/sh\necho "hello $NAME"\n' },
      changes: ['ENV NAME=test', 'CMD ["/hello"]'],
    });
    expect(await docker(engine.dockerHost, 'run', image)).toBe('hello test');

    await removeImage(engine, image);
    expect(await docker(engine.dockerHost, 'images', '-q', image)).toBe('');
  });

  it('travel through a registry that only the engine reaches', async () => {
    const engine = sharedEngine();
    const registry = await Registry.start(engine);
    const reference = await registry.publish('busybox:latest', 'team/app:1');
    expect(reference).toBe('127.0.0.1:5000/team/app:1');
    await docker(engine.dockerHost, 'pull', reference);
    expect(await docker(engine.dockerHost, 'images', '--format', '{{.Repository}}:{{.Tag}}', reference)).toBe(
      reference,
    );

    await removeImage(engine, reference);
    await registry.stop();
    await expect(docker(engine.dockerHost, 'pull', reference)).rejects.toThrow(/connection refused/);
  });
});
