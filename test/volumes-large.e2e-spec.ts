import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { plainEntry, TAR_END, tarHeader } from '../src/common/tar/tar-writer.js';
import { VolumeHelperSweep } from '../src/gate/volume-helper-sweep.js';
import { type TestActor, TestApp } from './support/app.js';
import { eventually } from './support/eventually.js';
import { HttpStream } from './support/http-stream.js';
import { noise, TestVolumes } from './support/volume-data.js';

const MIB = 1024 * 1024;
/** A collection takes long where many tests have run before: looking more often would leave no time for the work. */
const LOOK_EVERY_MS = 2_000;
const LARGE = Number(process.env['TEST_VOLUME_MIB'] ?? '128') * MIB;

/** An archive of one large file. */
function* large(bytes: number): Generator<Buffer> {
  yield tarHeader(plainEntry({ kind: 'file', path: 'large', size: bytes }));
  yield* noise(bytes);
  yield TAR_END;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes on the heap, and in buffers beside it. */
function taken(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** How many of the bytes beyond `before` can't be freed. To look closely costs much, and is done where there is reason to. */
function heldBeyond(before: number): number {
  // Buffers that were found to be garbage are given back a little later.
  for (let round = 0; round < 2 && taken() - before > 32 * MIB; round += 1) collectGarbage();
  return taken() - before;
}

/** The most that is held beyond what was held before, in bytes, while `work` goes on. */
async function growth<T>(work: () => Promise<T>): Promise<{ result: T; grown: number }> {
  collectGarbage();
  const before = taken();
  let most = 0;
  const timer = setInterval(() => (most = Math.max(most, heldBeyond(before))), LOOK_EVERY_MS);
  try {
    return { result: await work(), grown: Math.max(most, heldBeyond(before)) };
  } finally {
    clearInterval(timer);
  }
}

describe('large volumes', () => {
  let app: TestApp;
  let admin: TestActor;
  let volumes: TestVolumes;
  let path: string;

  beforeAll(async () => {
    app = await TestApp.start();
    admin = await app.admin();
    volumes = new TestVolumes(app);
    path = volumes.path;
  });
  afterAll(async () => {
    await volumes.removeAll();
    await app.stop();
  });

  const noHelpers = (name: string) =>
    eventually(
      () => volumes.helpers(name),
      (left) => left.length === 0,
    );

  it('pass through: restored, backed up and cloned with less than 64 MiB held', async () => {
    const name = volumes.name();
    const restored = await growth(() =>
      volumes.call(admin, 'PUT', `${path}/${name}/restore`, { body: Readable.from(large(LARGE)) }),
    );
    expect(restored.result.status).toBe(200);
    expect(restored.grown).toBeLessThan(64 * MIB);
    const sum = await volumes.run(name, 'sha256sum /v/large');

    const backup = await growth(() => volumes.call(admin, 'GET', `${path}/${name}/backup`, { keep: false }));
    expect(backup.result).toMatchObject({ status: 200, complete: true });
    expect(backup.result.trailers['x-checksum-sha256']).toBe(backup.result.sha256);
    expect(backup.grown).toBeLessThan(64 * MIB);

    const copy = volumes.name();
    const cloned = await growth(async () => {
      const { headers } = await app
        .rest(admin)
        .post(`${path}/${name}/clone`)
        .send({ name: copy })
        .expect(202);
      const { location } = headers as { location: string };
      let job: { state: string } = { state: 'queued' };
      // As long as the copy takes: the test's own limit ends it.
      while (['queued', 'running'].includes(job.state)) {
        await sleep(50);
        job = (await app.rest(admin).get(location)).body as { state: string };
      }
      return job;
    });
    expect(cloned.result.state).toBe('succeeded');
    expect(cloned.grown).toBeLessThan(64 * MIB);
    expect(await volumes.run(copy, 'sha256sum /v/large')).toBe(sum);
    if (process.env['TEST_VOLUME_MIB'])
      process.stderr.write(
        `${LARGE / MIB} MiB: restore ${restored.grown / MIB}, backup ${backup.grown / MIB}, clone ${cloned.grown / MIB} MiB\n`,
      );
  }, 300_000);

  it('wait for a client that does not read, and hold no more for it', async () => {
    const name = await volumes.make();
    await volumes.run(name, 'dd if=/dev/zero of=/v/zeros bs=1M count=256 2>/dev/null');
    const { grown } = await growth(async () => {
      const stream = await HttpStream.open(`${app.url}${path}/${name}/backup`, { actor: admin });
      stream.pause();
      await sleep(500);
      stream.vanish();
      await noHelpers(name);
    });
    expect(grown).toBeLessThan(32 * MIB);
  });

  it('are gone where the client that sends them goes away, and stay as they were where they were there', async () => {
    const target = await volumes.make();
    await volumes.run(target, 'echo kept > /v/file');
    const fresh = volumes.name();
    for (const [name, query] of [
      [fresh, 'mode=new'],
      [target, 'mode=replace'],
    ] as const) {
      const leaving = new AbortController();
      const pieces = async function* () {
        yield tarHeader(plainEntry({ kind: 'file', path: 'large', size: LARGE }));
        yield* noise(8 * MIB);
        await eventually(
          async () => (await volumes.helpers(name)).length + (await volumes.staged(name)),
          (count) => count > 0,
        );
        leaving.abort();
        yield* noise(8 * MIB);
      };
      const call = volumes.call(admin, 'PUT', `${path}/${name}/restore?${query}`, {
        body: Readable.from(pieces()),
        signal: leaving.signal,
      });
      await expect(call).rejects.toThrow(/abort/i);
      await noHelpers(name);
    }
    await eventually(
      () => volumes.names(),
      (names) => !names.includes(fresh),
    );
    expect(await volumes.run(target, 'ls /v; cat /v/file')).toBe('file\r\nkept\r\n');
    await eventually(
      () => volumes.staged(target),
      (count) => count === 0,
    );
  });

  it('are written to by one call at a time', async () => {
    const name = await volumes.make();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const slow = Readable.from(
      (async function* () {
        yield tarHeader(plainEntry({ kind: 'directory', path: 'first/' }));
        await held;
        yield TAR_END;
      })(),
    );
    const first = volumes.call(admin, 'PUT', `${path}/${name}/restore?mode=replace`, { body: slow });
    await eventually(
      () => volumes.helpers(name),
      (helpers) => helpers.length === 1,
    );
    const second = await volumes.call(admin, 'PUT', `${path}/${name}/restore?mode=replace`, {
      body: TAR_END,
    });
    expect(second.status).toBe(409);
    release();
    expect((await first).status).toBe(200);
    expect(await volumes.run(name, 'ls /v')).toBe('first\r\n');
  });

  it('are backed up while their containers stand still, which run on afterwards', async () => {
    const name = await volumes.make();
    const container = await volumes.engine.createContainer({
      Image: 'busybox',
      Cmd: ['sleep', '600'],
      name: `user-${name}`,
      HostConfig: { Binds: [`${name}:/v`] },
    });
    await container.start();
    await volumes.run(name, 'dd if=/dev/zero of=/v/zeros bs=1M count=64 2>/dev/null');
    const stream = await HttpStream.open(`${app.url}${path}/${name}/backup?pause=true`, { actor: admin });
    stream.pause();
    expect((await container.inspect()).State.Paused).toBe(true);
    expect(JSON.parse(String(stream.headers['dockmaster-in-use-by']))).toEqual([`user-${name}`]);
    stream.vanish();
    await eventually(
      async () => (await container.inspect()).State.Paused,
      (paused) => !paused,
    );
    const viewer = await app.user(`pauser-${name}`, [
      { role: 'developer', scope: { engines: ['*'], labelSelector: 'team=blue' } },
    ]);
    const own = await volumes.make({ team: 'blue' });
    const foreign = await volumes.engine.createContainer({
      Image: 'busybox',
      Cmd: ['sleep', '600'],
      HostConfig: { Binds: [`${own}:/v`] },
    });
    await foreign.start();
    const refused = await volumes.call(viewer, 'GET', `${path}/${own}/backup?pause=true`);
    expect(refused.status).toBe(403);
    expect((await foreign.inspect()).State.Paused).toBe(false);
    await foreign.remove({ force: true });
    await container.remove({ force: true });
  });

  it('are told by their names: what a build left with their labels takes no volume with it', async () => {
    const victim = await volumes.make();
    const forged = await volumes.engine.createContainer({
      Image: 'busybox',
      Labels: {
        'io.dockmaster.role': 'volume-helper',
        'io.dockmaster.instance': await app.nest.get(VolumeHelperSweep).instance(),
        'io.dockmaster.discard-volume': victim,
      },
    });
    await app.nest.get(VolumeHelperSweep).sweep('local');
    expect(await volumes.names()).toContain(victim);
    expect((await forged.inspect()).Id).toBe(forged.id);
    await forged.remove();
  });
});
