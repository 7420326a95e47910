import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { plainEntry, TAR_END, tarHeader, tarPadding } from '../src/common/tar/tar-writer.js';
import type { TarEntry } from '../src/common/tar/tar-entry.js';
import { type TestActor, TestApp } from './support/app.js';
import { eventually } from './support/eventually.js';
import { HttpStream } from './support/http-stream.js';
import { TestVolumes } from './support/volume-data.js';

const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');

/** An archive of entries, each with its content. */
function archive(
  ...entries: (Pick<TarEntry, 'kind' | 'path'> & Partial<TarEntry> & { text?: string })[]
): Buffer {
  const parts = entries.flatMap(({ text = '', ...entry }) => {
    const size = Buffer.byteLength(text);
    return [tarHeader(plainEntry({ ...entry, size })), Buffer.from(text), tarPadding(size)];
  });
  return Buffer.concat([...parts, TAR_END]);
}

describe('volumes', () => {
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

  /** None is left when the answer is there; one of an answer that was cut goes soon after. */
  const noHelpers = (name: string) =>
    eventually(
      () => volumes.helpers(name),
      (left) => left.length === 0,
    );

  describe('by REST', () => {
    it('are created, listed, seen, and removed', async () => {
      const name = volumes.name();
      const created = await app
        .rest(admin)
        .post(path)
        .send({ name, labels: { suite: name }, driver: 'local' })
        .expect(201);
      expect(created.body).toMatchObject({ id: name, name, driver: 'local', inUseBy: [], driverOptions: {} });
      const list = await app
        .rest(admin)
        .get(path)
        .query({ label: `suite=${name}` })
        .expect(200);
      expect((list.body as { items: unknown[] }).items).toEqual([
        expect.objectContaining({ name, labels: { suite: name }, scope: 'local' }),
      ]);
      const seen = await app.rest(admin).get(`${path}/${name}`).expect(200);
      expect(seen.body).toMatchObject({ name, stale: false, raw: { Name: name } });
      await app.rest(admin).delete(`${path}/${name}`).expect(204);
      await app.rest(admin).get(`${path}/${name}`).expect(404);
      expect(await volumes.names()).not.toContain(name);
    });

    it('are not made by a dry run, which refuses what would be refused', async () => {
      const name = volumes.name();
      const planned = await app.rest(admin).post(path).query({ dryRun: true }).send({ name }).expect(201);
      expect(planned.body).toMatchObject({ name, driver: 'local' });
      expect(await volumes.names()).not.toContain(name);
      await app.rest(admin).post(path).send({ name }).expect(201);
      const again = await app.rest(admin).post(path).query({ dryRun: true }).send({ name }).expect(409);
      expect(again.body).toMatchObject({ code: 'conflict' });
    });

    it('tell which containers have them, and are listed by that', async () => {
      const name = await volumes.make({ suite: 'used' });
      const free = await volumes.make({ suite: 'used' });
      const container = await volumes.engine.createContainer({
        Image: 'busybox',
        HostConfig: { Binds: [`${name}:/data:ro`] },
      });
      const { id } = container;
      await eventually(
        async () => (await app.rest(admin).get(`${path}/${name}`)).body as { inUseBy: unknown[] },
        ({ inUseBy }) => inUseBy.length === 1,
      );
      const seen = await app.rest(admin).get(`${path}/${name}`).expect(200);
      expect((seen.body as { inUseBy: unknown[] }).inUseBy).toEqual([
        { containerId: id, name: expect.any(String), state: 'created', target: '/data', readOnly: true },
      ]);
      const named = async (dangling: boolean) => {
        const list = await app.rest(admin).get(path).query({ dangling, label: 'suite=used' }).expect(200);
        return (list.body as { items: { name: string }[] }).items.map((item) => item.name);
      };
      expect(await named(true)).toEqual([free]);
      expect(await named(false)).toEqual([name]);
      const pruned = await app
        .rest(admin)
        .post(`${path}/prune`)
        .send({ label: ['suite=used'], named: true })
        .expect(200);
      expect(pruned.body).toEqual({ deleted: [free] });
      await app.rest(admin).delete(`${path}/${name}`).expect(409);
    });

    it('are answered 304 while nothing has changed, and watched', async () => {
      const name = await volumes.make({ suite: 'watched' });
      const query = '?label=suite%3Dwatched';
      await eventually(
        async () => (await app.rest(admin).get(`${path}${query}`)).body as { totalCount: number },
        ({ totalCount }) => totalCount === 1,
      );
      const first = await app.rest(admin).get(`${path}${query}`).expect(200);
      const { etag } = first.headers as { etag: string };
      await app.rest(admin).get(`${path}${query}`).set('if-none-match', etag).expect(304);
      const stream = await HttpStream.open(`${app.url}${path}${query}&watch=true`, { actor: admin });
      await stream.until(({ events }) => events.some(({ event }) => event === 'synced'));
      await volumes.engine.getVolume(name).remove();
      await stream.until(({ events }) => events.some(({ event }) => event === 'removed'));
      expect(stream.events.map(({ event }) => event)).toEqual(['reset', 'added', 'synced', 'removed']);
      stream.vanish();
    });

    it('can be changed only where they are of a cluster', async () => {
      const name = await volumes.make();
      const refused = await app
        .rest(admin)
        .patch(`${path}/${name}`)
        .send({ availability: 'drain' })
        .expect(501);
      expect(refused.body).toMatchObject({ code: 'not_supported' });
    });
  });

  describe('backup, restore and clone', () => {
    it.each([
      ['none', (content: Buffer) => content],
      ['gzip', gunzipSync],
      ['zstd', zstdDecompressSync],
    ] as const)('bring back every kind of file by %s', async (compression, unpack) => {
      const source = await volumes.filled();
      const before = await volumes.fingerprint(source);
      const backup = await volumes.call(admin, 'GET', `${path}/${source}/backup?compression=${compression}`);
      expect([backup.status, backup.complete]).toEqual([200, true]);
      expect(backup.trailers['x-checksum-sha256']).toBe(backup.sha256);
      expect(unpack(backup.body).subarray(-1024)).toEqual(Buffer.alloc(1024));
      await noHelpers(source);

      const target = volumes.name();
      const restored = await volumes.call(admin, 'PUT', `${path}/${target}/restore?sha256=${backup.sha256}`, {
        body: backup.body,
      });
      expect(restored.body.toString()).toContain(`"volume":"${target}"`);
      expect(JSON.parse(restored.body.toString())).toMatchObject({
        sha256: backup.sha256,
        bytes: backup.body.length,
      });
      expect(await volumes.fingerprint(target)).toBe(before);
      expect(await volumes.helpers(target)).toEqual([]);
    });

    it('replace all that was in a volume, also while a container has it', async () => {
      const source = await volumes.filled();
      const target = await volumes.make();
      await volumes.run(target, 'mkdir -p /v/old/deep; echo x > /v/old/deep/file; echo y > /v/.hidden');
      const user = await volumes.engine.createContainer({
        Image: 'busybox',
        Cmd: ['sleep', '600'],
        name: `user-${target}`,
        HostConfig: { Binds: [`${target}:/v`] },
      });
      await user.start();
      const backup = await volumes.call(admin, 'GET', `${path}/${source}/backup?compression=gzip`);
      const answer = await volumes.call(admin, 'PUT', `${path}/${target}/restore?mode=replace&pause=true`, {
        body: backup.body,
        type: 'application/gzip',
      });
      expect(JSON.parse(answer.body.toString())).toMatchObject({
        volume: target,
        inUseBy: [`user-${target}`],
      });
      expect(await volumes.fingerprint(target)).toBe(await volumes.fingerprint(source));
      expect((await user.inspect()).State).toMatchObject({ Running: true, Paused: false });
      expect([await volumes.helpers(target), await volumes.staged(target)]).toEqual([[], 0]);
      await user.remove({ force: true });
    });

    it('clone as a job that can be followed', async () => {
      const source = await volumes.filled({ team: 'blue' });
      const target = volumes.name();
      const started = await app
        .rest(admin)
        .post(`${path}/${source}/clone`)
        .send({ name: target })
        .expect(202);
      const location = (started.headers as { location: string }).location;
      const job = await eventually(
        async () => (await app.rest(admin).get(location)).body as { state: string; result: unknown },
        ({ state }) => !['queued', 'running'].includes(state),
      );
      expect(job).toMatchObject({ state: 'succeeded', result: { volume: target } });
      expect(await volumes.fingerprint(target)).toBe(await volumes.fingerprint(source));
      expect((await volumes.engine.getVolume(target).inspect()).Labels).toEqual({ team: 'blue' });
    });

    it('leave helpers and staging out of what others see, and nothing behind when a client goes away', async () => {
      const source = await volumes.filled();
      const stream = await HttpStream.open(`${app.url}${path}/${source}/backup`, { actor: admin });
      stream.pause();
      expect(await volumes.helpers(source)).toHaveLength(1);
      const viewer = await app.user(`viewer-${source}`, [{ role: 'viewer' }]);
      const listed = await app.rest(viewer).get('/api/v1/engines/local/containers?fresh=true').expect(200);
      expect(JSON.stringify(listed.body)).not.toContain('volume-helper');
      stream.vanish();
      await noHelpers(source);
    });
  });

  describe('an archive', () => {
    const restore = async (body: Buffer, query = '', target = volumes.name()) => {
      const answer = await volumes.call(admin, 'PUT', `${path}/${target}/restore?${query}`, { body });
      return {
        answer,
        target,
        problem: JSON.parse(answer.body.toString()) as { detail: string; code: string },
      };
    };

    it.each<[string, Buffer]>([
      ['leads out by ..', archive({ kind: 'file', path: '../../etc/passwd', text: 'x' })],
      ['leads out within', archive({ kind: 'file', path: 'a/../../b', text: 'x' })],
      ['is absolute', archive({ kind: 'file', path: '/etc/passwd', text: 'x' })],
      [
        'writes through its own link',
        archive(
          { kind: 'symlink', path: 'out', linkPath: '/' },
          { kind: 'file', path: 'out/etc/passwd', text: 'x' },
        ),
      ],
      [
        'writes through another name of its own link',
        archive(
          { kind: 'symlink', path: 'out', linkPath: '/' },
          { kind: 'hardLink', path: 'in', linkPath: 'out' },
          { kind: 'file', path: 'in/x', text: 'x' },
        ),
      ],
      ['links to what is outside', archive({ kind: 'hardLink', path: 'a', linkPath: '../../etc/shadow' })],
      ['replaces the volume itself', archive({ kind: 'symlink', path: '.', linkPath: '/' })],
      ['is cut', archive({ kind: 'file', path: 'a', text: 'x'.repeat(5_000) }).subarray(0, 3_000)],
      ['has no end', archive({ kind: 'file', path: 'a', text: 'x' }).subarray(0, 1_024)],
      ['goes on after its end', Buffer.concat([archive(), archive({ kind: 'file', path: 'a' })])],
      ['is damaged', Buffer.concat([Buffer.from('x'), archive({ kind: 'file', path: 'a' }).subarray(1)])],
      ['is no archive', Buffer.from('<html>'.repeat(200))],
      ['is cut gzip', gzipSync(archive({ kind: 'file', path: 'a', text: 'x' })).subarray(0, 60)],
      ['is bzip2', Buffer.from('BZh91AY&SY'.repeat(200))],
    ])('that %s is refused, and leaves no volume', async (_what, body) => {
      const { answer, target, problem } = await restore(body);
      expect([answer.status, problem.code]).toEqual([400, 'invalid_input']);
      expect(problem.detail).toMatch(/archive/i);
      expect(await volumes.names()).not.toContain(target);
    });

    it('with another sum than was told leaves a volume as it was', async () => {
      const target = await volumes.filled();
      const before = await volumes.fingerprint(target);
      const body = archive({ kind: 'file', path: 'a', text: 'x' });
      const { problem } = await restore(body, `mode=replace&sha256=${'0'.repeat(64)}`, target);
      expect(problem).toMatchObject({ code: 'invalid_input', errors: [{ field: 'sha256' }] });
      expect(await volumes.fingerprint(target)).toBe(before);
      expect([await volumes.helpers(target), await volumes.staged(target)]).toEqual([[], 0]);
    });

    it('is unpacked by zstd, and finds no volume of its name', async () => {
      const body = zstdCompressSync(archive({ kind: 'file', path: './a', text: 'zstd' }));
      const { target, answer } = await restore(body, `sha256=${sha256(body)}`);
      expect(answer.status).toBe(200);
      expect(await volumes.run(target, 'cat /v/a')).toBe('zstd');
      const again = await restore(body, '', target);
      expect(again.answer.status).toBe(409);
      expect(await volumes.run(target, 'cat /v/a')).toBe('zstd');
    });

    it('holds devices only for who reaches level privileged', async () => {
      const body = archive({ kind: 'character', path: 'mem', deviceMajor: 1, deviceMinor: 1 });
      const { target, answer } = await restore(body);
      expect(answer.status).toBe(200);
      expect(await volumes.run(target, 'ls -l /v/mem')).toMatch(/^c/);
      const developer = await app.user(`dev-${target}`, [{ role: 'developer' }]);
      const another = volumes.name();
      const refused = await volumes.call(developer, 'PUT', `${path}/${another}/restore`, { body });
      expect(refused.status).toBe(403);
      expect(JSON.parse(refused.body.toString())).toMatchObject({ code: 'policy_violation' });
      expect(await volumes.names()).not.toContain(another);
    });
  });

  describe('files', () => {
    it('are listed by folder, page by page', async () => {
      const name = await volumes.filled();
      const root = await app.rest(admin).get(`${path}/${name}/files`).query({ limit: 3 }).expect(200);
      const first = root.body as { items: { name: string }[]; nextCursor: string };
      const rest = await app
        .rest(admin)
        .get(`${path}/${name}/files`)
        .query({ after: first.nextCursor })
        .expect(200);
      const all = [...first.items, ...(rest.body as typeof first).items];
      expect(first.items).toHaveLength(3);
      expect(all.map((item) => item.name).sort()).toEqual(
        [
          'a',
          'empty',
          'fifo',
          'hard',
          'large',
          'link',
          'long'.repeat(40),
          'outward',
          'sparse',
          'ünï cödé',
        ].sort(),
      );
      expect(all).toContainEqual(
        expect.objectContaining({
          name: 'large',
          kind: 'file',
          size: 8 * 1024 * 1024,
          uid: 70_000,
          gid: 3_000_000,
        }),
      );
      expect(all).toContainEqual(
        expect.objectContaining({ path: '/link', kind: 'symlink', linkTarget: 'a/b/file' }),
      );
      const below = await app
        .rest(admin)
        .get(`${path}/${name}/files`)
        .query({ path: '/ünï cödé/' })
        .expect(200);
      expect(below.body).toMatchObject({
        path: '/ünï cödé',
        items: [{ name: '日本語', path: '/ünï cödé/日本語' }],
        nextCursor: null,
        truncated: false,
      });
      expect(await volumes.helpers(name)).toEqual([]);
    });

    it('are uploaded, looked up, and downloaded as they are', async () => {
      const name = await volumes.filled();
      const content = Buffer.from('{"some": "settings"}\n');
      const file = `${path}/${name}/files/content?path=${encodeURIComponent('/a/日本.json')}`;
      const put = await volumes.call(admin, 'PUT', `${file}&mode=384&uid=5&gid=6`, {
        body: content,
        type: 'application/octet-stream',
      });
      expect(put.status).toBe(204);
      expect(await volumes.run(name, 'stat -c "%a %u:%g %s" /v/a/日本.json')).toBe('600 5:6 21\r\n');
      const stat = await app
        .rest(admin)
        .get(`${path}/${name}/files/stat`)
        .query({ path: '/a/日本.json' })
        .expect(200);
      expect(stat.body).toMatchObject({ name: '日本.json', kind: 'file', size: 21, mode: 0o600 });
      const got = await volumes.call(admin, 'GET', file);
      expect(got.body).toEqual(content);
      expect(got.headers['content-length']).toBe('21');
      const folder = await volumes.call(admin, 'GET', `${path}/${name}/files/content?path=/a/b`);
      expect(folder.headers['content-type']).toBe('application/x-tar');
      await noHelpers(name);
    });

    it('that are not there are not found, and no folder gives way to a file', async () => {
      const name = await volumes.filled();
      await app.rest(admin).get(`${path}/${name}/files`).query({ path: '/none' }).expect(404);
      await app.rest(admin).get(`${path}/${name}/files`).query({ path: '/hard' }).expect(400);
      await app.rest(admin).get(`${path}/${name}/files/stat`).query({ path: '/../etc/passwd' }).expect(400);
      await app.rest(admin).get(`${path}/${name}/files/content`).query({ path: '/outward' }).expect(400);
      const before = await volumes.fingerprint(name);
      const upload = (to: string) =>
        volumes.call(admin, 'PUT', `${path}/${name}/files/content?path=${to}`, {
          body: Buffer.from('x'),
          type: 'application/octet-stream',
        });
      expect((await upload('/a')).status).toBeGreaterThanOrEqual(400);
      expect((await upload('/none/x')).status).toBe(404);
      expect(await volumes.fingerprint(name)).toBe(before);
    });
  });

  describe('somebody else', () => {
    let blue: TestActor;
    let owner: TestActor;
    let green: string;

    beforeAll(async () => {
      blue = await app.user('blue', [
        { role: 'developer', scope: { engines: ['*'], labelSelector: 'team=blue' } },
      ]);
      owner = await app.user('owner', [{ role: 'developer', scope: { engines: ['*'], owned: true } }]);
      green = await volumes.filled({ team: 'green' });
    });

    it.each([
      ['GET', ''],
      ['GET', '/backup'],
      ['GET', '/files'],
      ['GET', '/files/stat?path=/a'],
      ['GET', '/files/content?path=/large'],
      ['PUT', '/restore?mode=replace'],
      ['PUT', '/files/content?path=/a/x'],
    ] as const)('finds no volume of another by %s %s', async (method, rest) => {
      const body = method === 'PUT' ? archive() : undefined;
      for (const actor of [blue, owner]) {
        const answer = await volumes.call(actor, method, `${path}/${green}${rest}`, body ? { body } : {});
        expect([rest, answer.status]).toEqual([rest, 404]);
      }
      expect(await volumes.helpers(green)).toEqual([]);
    });

    it('sees, copies and fills its own', async () => {
      const own = volumes.name();
      await app.rest(owner).post(path).send({ name: own }).expect(201);
      const listed = await app.rest(owner).get(path).expect(200);
      expect((listed.body as { items: { name: string }[] }).items.map(({ name }) => name)).toEqual([own]);
      const body = archive({ kind: 'file', path: 'mine', text: 'x' });
      const filled = await volumes.call(owner, 'PUT', `${path}/${own}/restore?mode=replace`, { body });
      expect(filled.status).toBe(200);
      expect((await volumes.call(owner, 'GET', `${path}/${own}/backup`)).status).toBe(200);
    });

    it('is not handed a volume by creating it again', async () => {
      for (const actor of [blue, owner]) {
        const labels = { team: 'blue' };
        await app.rest(actor).post(path).send({ name: green, labels }).expect(409);
        const body = archive({ kind: 'file', path: 'x' });
        expect((await volumes.call(actor, 'PUT', `${path}/${green}/restore`, { body })).status).not.toBe(200);
        await app.rest(actor).get(`${path}/${green}`).expect(404);
      }
    });

    it('does not reach the host by a volume that is a bind mount in disguise', async () => {
      const bound = await volumes.make(
        { team: 'blue' },
        { DriverOpts: { type: 'none', o: 'bind', device: '/etc' } },
      );
      const refused = await volumes.call(blue, 'GET', `${path}/${bound}/backup`);
      expect(refused.status).toBe(403);
      expect(JSON.parse(refused.body.toString())).toMatchObject({ code: 'policy_violation' });
      expect((await volumes.call(blue, 'GET', `${path}/${bound}/files`)).status).toBe(403);
      expect((await volumes.call(admin, 'GET', `${path}/${bound}/files`)).status).toBe(200);
      const made = await app
        .rest(blue)
        .post(path)
        .send({
          name: volumes.name(),
          labels: { team: 'blue' },
          driverOptions: { type: 'none', o: 'bind', device: '/' },
        })
        .expect(403);
      expect(made.body).toMatchObject({ code: 'policy_violation' });
    });

    it('sees files only with a permission of its own', async () => {
      const viewer = await app.user('viewer', [{ role: 'viewer' }]);
      await app.rest(viewer).get(`${path}/${green}`).expect(200);
      for (const rest of ['/backup', '/files', '/files/content?path=/large'])
        expect((await volumes.call(viewer, 'GET', `${path}/${green}${rest}`)).status).toBe(403);
    });
  });

  it('are the same by GraphQL', async () => {
    const name = volumes.name();
    const created = await app.graphql(
      admin,
      'mutation ($name: String) { createVolume(engine: "local", input: {name: $name, labels: {suite: "graphql"}}) { name inUseBy { name } } }',
      { name },
    );
    expect(created).toEqual({ data: { createVolume: { name, inUseBy: [] } } });
    const listed = await app.graphql(
      admin,
      '{ volumes(engine: "local", filter: {label: ["suite=graphql"]}) { totalCount nodes { name driver } } }',
    );
    expect(listed.data).toEqual({ volumes: { totalCount: 1, nodes: [{ name, driver: 'local' }] } });
    await volumes.run(name, 'echo x > /v/file');
    const files = await app.graphql(
      admin,
      'query ($name: String!) { volumeFiles(engine: "local", name: $name) { items { path size } } volumeFile(engine: "local", name: $name, path: "/file") { kind } }',
      { name },
    );
    expect(files.data).toEqual({
      volumeFiles: { items: [{ path: '/file', size: 2 }] },
      volumeFile: { kind: 'file' },
    });
    const gone = await app.graphql(
      admin,
      'mutation ($name: String!) { removeVolume(engine: "local", name: $name) }',
      { name },
    );
    expect(gone.data).toEqual({ removeVolume: true });
  });
});
