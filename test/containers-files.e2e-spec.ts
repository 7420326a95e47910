import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ArchiveStat } from '../src/containers/container-results.model.js';
import { type TestActor, TestApp } from './support/app.js';
import { TestContainers } from './support/test-containers.js';

const MIB = 1024 * 1024;
const LARGE = 64 * MIB;
/** Half of what passes through: far more than buffers on the way, and less than holding it. */
const HELD_AT_MOST = 32 * MIB;
/** A collection takes long: one each so many bytes. */
const LOOK_EVERY = 16 * MIB;
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('files of a container, as tar archives', () => {
  let app: TestApp;
  let admin: TestActor;
  let containers: TestContainers;
  let path: string;
  let id: string;
  let folder: string;

  beforeAll(async () => {
    app = await TestApp.start();
    admin = await app.admin();
    containers = new TestContainers(app, admin);
    path = containers.path;
    ({ id } = await containers.run());
    folder = mkdtempSync(join(tmpdir(), 'dockmaster-files-'));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await containers.removeAll();
    await app.stop();
  });

  /** Made by tar(1), from what is in a folder. */
  const tarOf = (...names: string[]) =>
    execFileSync('tar', ['-C', folder, '--owner=0', '--group=0', '-c', ...names]);
  const untar = (archive: Buffer, into: string) => {
    mkdirSync(into);
    execFileSync('tar', ['-C', into, '-x'], { input: archive });
    return into;
  };
  const put = (
    to: string,
    archive: Buffer,
    { type = 'application/x-tar', container = id, replace = true } = {},
  ) =>
    app
      .rest(admin)
      .put(`${path}/${container}/archive`)
      .query({ path: to, noOverwriteDirNonDir: !replace })
      .type(type)
      .send(archive);
  const get = (from: string, container = id) =>
    app.rest(admin).get(`${path}/${container}/archive`).query({ path: from }).buffer(true).parse(bytes);
  /** Read on the engine itself, by a command in the container. */
  const onEngine = async (...command: string[]) => {
    const exec = await containers.engine
      .getContainer(id)
      .exec({ Cmd: command, AttachStdout: true, AttachStderr: true, Tty: true });
    const stream = await exec.start({ Tty: true });
    let output = '';
    for await (const chunk of stream) output += String(chunk);
    return output.replaceAll('\r\n', '\n');
  };

  it('are unpacked into a folder, with their modes, links and every byte', async () => {
    const content = randomBytes(100_000);
    mkdirSync(join(folder, 'up'));
    writeFileSync(join(folder, 'up/data.bin'), content);
    writeFileSync(join(folder, 'up/run.sh'), '#!/bin/sh\necho ran\n', { mode: 0o755 });
    symlinkSync('data.bin', join(folder, 'up/link'));
    await put('/tmp', tarOf('up')).expect(204);

    expect(await onEngine('sha256sum', '/tmp/up/data.bin')).toBe(
      `${createHash('sha256').update(content).digest('hex')}  /tmp/up/data.bin\n`,
    );
    expect(await onEngine('/tmp/up/run.sh')).toBe('ran\n');
    expect(await onEngine('readlink', '/tmp/up/link')).toBe('data.bin\n');
  });

  it('may be compressed', async () => {
    writeFileSync(join(folder, 'small'), 'compressed');
    await put('/tmp', gzipSync(tarOf('small')), { type: 'application/gzip' }).expect(204);
    expect(await onEngine('cat', '/tmp/small')).toBe('compressed');
  });

  it('come back as they are', async () => {
    const content = randomBytes(100_000);
    await onEngine('mkdir', '-p', '/tmp/down/folder');
    writeFileSync(join(folder, 'data.bin'), content);
    await put('/tmp/down/folder', tarOf('data.bin')).expect(204);
    await onEngine('chmod', '640', '/tmp/down/folder/data.bin');

    const archive = await get('/tmp/down').expect(200);
    expect(archive.headers['content-type']).toBe('application/x-tar');
    const unpacked = untar(archive.body as Buffer, join(folder, 'unpacked'));
    expect(readFileSync(join(unpacked, 'down/folder/data.bin')).equals(content)).toBe(true);
    expect(statSync(join(unpacked, 'down/folder/data.bin')).mode & 0o777).toBe(0o640);
  });

  it('also of a container that does not run', async () => {
    const { id: stopped } = await containers.create();
    writeFileSync(join(folder, 'before'), 'put before the start');
    await put('/', tarOf('before'), { container: stopped }).expect(204);
    const archive = await get('/before', stopped).expect(200);
    const unpacked = untar(archive.body as Buffer, join(folder, 'of-stopped'));
    expect(readFileSync(join(unpacked, 'before'), 'utf8')).toBe('put before the start');
  });

  it('can be looked up without reading them', async () => {
    const lookUp = async (of: string) => {
      const found = await app.rest(admin).head(`${path}/${id}/archive`).query({ path: of }).expect(200);
      return JSON.parse(String(found.headers['dockmaster-archive-stat'])) as ArchiveStat;
    };
    await onEngine(
      'sh',
      '-c',
      'printf 12345 > /tmp/grüße; chmod 4751 /tmp/grüße; ln -s /tmp/grüße /tmp/to; mkfifo /tmp/pipe',
    );
    expect(await lookUp('/tmp/grüße')).toEqual({
      name: 'grüße',
      kind: 'file',
      size: 5,
      mode: 0o4751,
      modifiedAt: expect.stringMatching(/^20\d\d-/),
      linkTarget: null,
    });
    expect(await lookUp('/tmp')).toMatchObject({ name: 'tmp', kind: 'directory', linkTarget: null });
    expect(await lookUp('/tmp/to')).toMatchObject({ name: 'to', kind: 'symlink', linkTarget: '/tmp/grüße' });
    expect(await lookUp('/tmp/pipe')).toMatchObject({ kind: 'other' });
  });

  it('of the whole container are exported', async () => {
    await onEngine('sh', '-c', 'echo exported > /in-export');
    const exported = await app.rest(admin).get(`${path}/${id}/export`).buffer(true).parse(bytes).expect(200);
    expect(exported.headers['content-type']).toBe('application/x-tar');
    const names = execFileSync('tar', ['-t'], { input: exported.body as Buffer })
      .toString()
      .split('\n');
    expect(names).toEqual(expect.arrayContaining(['in-export', 'bin/busybox']));
    const content = execFileSync('tar', ['-x', '-O', 'in-export'], { input: exported.body as Buffer });
    expect(content.toString()).toBe('exported\n');
  });

  describe('cannot be had', () => {
    it('where there is no such path', async () => {
      const missing = await app
        .rest(admin)
        .get(`${path}/${id}/archive`)
        .query({ path: '/no/such' })
        .expect(404);
      expect(missing.body).toMatchObject({ code: 'not_found', detail: expect.stringContaining('/no/such') });
      await app.rest(admin).head(`${path}/${id}/archive`).query({ path: '/no/such' }).expect(404);
      const unpacked = await put('/no/such', tarOf('small')).expect(404);
      expect(unpacked.body).toMatchObject({ code: 'not_found' });
    });

    it('where there is no such container', async () => {
      for (const method of ['get', 'head'] as const)
        await app.rest(admin)[method](`${path}/no-such-container/archive`).query({ path: '/' }).expect(404);
      const refused = await put('/', tarOf('small'), { container: 'no-such-container' }).expect(404);
      expect(refused.body).toMatchObject({ code: 'not_found' });
    });

    it('where what they go into is no folder', async () => {
      await onEngine('touch', '/tmp/file');
      const refused = await put('/tmp/file', tarOf('small'));
      expect(refused.body).toMatchObject({ detail: expect.stringContaining('not a directory') });
      expect(refused.status).toBeGreaterThanOrEqual(400);
    });

    it('where a folder would replace a file, when that is not wanted', async () => {
      await onEngine('sh', '-c', 'mkdir -p /tmp/target; echo kept > /tmp/target/clash');
      mkdirSync(join(folder, 'clash'));
      writeFileSync(join(folder, 'clash/inner'), '');
      const refused = await put('/tmp/target', tarOf('clash'), { replace: false });
      expect(refused.body).toMatchObject({
        code: 'engine_error',
        detail: expect.stringContaining('overwrite'),
      });
      expect(await onEngine('cat', '/tmp/target/clash')).toBe('kept\n');
    });

    it('where the file system is read-only', async () => {
      const { id: readOnly } = await containers.run({ security: { readOnlyRootFilesystem: true } });
      const refused = await put('/tmp', tarOf('small'), { container: readOnly });
      expect(refused.body).toMatchObject({
        code: 'engine_error',
        detail: expect.stringContaining('read-only'),
      });
    });

    it('where the archive is none', async () => {
      const refused = await put('/tmp', Buffer.from('this is no tar archive'.repeat(100)));
      expect(refused.body).toMatchObject({ code: expect.stringMatching(/^(invalid_input|engine_error)$/) });
    });

    it('by climbing out of the folder', async () => {
      writeFileSync(join(folder, 'climber'), 'out');
      const archive = execFileSync('tar', [
        '-C',
        folder,
        '-P',
        '--transform',
        's,^,../../../../,',
        '-c',
        'climber',
      ]);
      await put('/tmp', archive);
      expect(await onEngine('sh', '-c', 'cat /climber /tmp/climber 2>&1; true')).not.toMatch(/^out/m);
    });
  });

  describe('of 64 MiB', () => {
    const block = randomBytes(MIB);
    const digest = createHash('sha256');
    for (let count = 0; count < LARGE / MIB; count += 1) digest.update(block);
    const sha256 = digest.digest('hex');

    /** A ustar header for one file, and its content block by block. */
    function* largeArchive(name: string): Generator<Buffer> {
      const header = Buffer.alloc(512);
      const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, '0')}\0`;
      header.write(name, 0);
      header.write(octal(0o644, 8) + octal(0, 8) + octal(0, 8) + octal(LARGE, 12) + octal(0, 12), 100);
      header.write('        0', 148);
      header.write('ustar\x0000', 257);
      const sum = header.reduce((total, byte) => total + byte, 0);
      header.write(`${octal(sum, 7)} `, 148);
      yield header;
      for (let count = 0; count < LARGE / MIB; count += 1) yield block;
      yield Buffer.alloc(1_024);
    }

    /** What buffers take now that are in use. */
    const inUse = () => {
      // Buffers are freed beside the program; a second collection waits for the first one's.
      collectGarbage();
      collectGarbage();
      return process.memoryUsage().arrayBuffers;
    };
    const open = (method: string, action: string) => {
      const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
      const request = httpRequest(
        `${app.url}${path}/${id}/${action}`,
        { method, headers: { authorization: admin.authorization, 'content-type': 'application/x-tar' } },
        resolve,
      );
      request.on('error', reject);
      return { request, answer: promise };
    };

    it('go up without being held', async () => {
      const atRest = inUse();
      let most = 0;
      function* looking() {
        let sent = 0;
        for (const part of largeArchive('large')) {
          if (sent % (LOOK_EVERY / MIB) === 0) most = Math.max(most, inUse() - atRest);
          sent += 1;
          yield part;
        }
      }
      const { request, answer } = open('PUT', 'archive?path=/tmp');
      await pipeline(Readable.from(looking()), request);
      expect((await answer).statusCode).toBe(204);
      expect(await onEngine('sha256sum', '/tmp/large')).toBe(`${sha256}  /tmp/large\n`);
      expect(most).toBeLessThan(HELD_AT_MOST);
    });

    it('come down without being held', async () => {
      const atRest = inUse();
      let most = 0;
      const hash = createHash('sha256');
      const { request, answer } = open('GET', 'archive?path=/tmp/large');
      request.end();
      let position = 0;
      for await (const chunk of (await answer) as AsyncIterable<Buffer>) {
        hash.update(chunk.subarray(Math.max(0, 512 - position), Math.max(0, 512 + LARGE - position)));
        if (Math.floor(position / LOOK_EVERY) !== Math.floor((position + chunk.length) / LOOK_EVERY))
          most = Math.max(most, inUse() - atRest);
        position += chunk.length;
      }
      expect(hash.digest('hex')).toBe(sha256);
      expect(most).toBeLessThan(HELD_AT_MOST);
    });

    it('stop on the engine too when the client goes away', async () => {
      const { request, answer } = open('GET', 'export');
      request.end();
      const stream = await answer;
      await new Promise((resolve) => stream.once('data', resolve));
      stream.destroy();
      expect((await containers.inspect(id)).State.Running).toBe(true);
      await app.rest(admin).get(`${path}/${id}`).expect(200);
    });
  });
});

/** For supertest, which would take a tar archive for text. */
function bytes(response: unknown, done: (error: Error | null, body: unknown) => void): void {
  const stream = response as IncomingMessage;
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('end', () => done(null, Buffer.concat(chunks)));
}
