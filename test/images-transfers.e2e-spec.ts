import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { plainEntry, TAR_END, tarHeader, tarPadding } from '../src/common/tar/tar-writer.js';
import type { Job } from '../src/jobs/job.model.js';
import type { Response } from 'supertest';
import { type TestActor, TestApp } from './support/app.js';
import { EngineProxy } from './support/engine-proxy.js';
import { eventually } from './support/eventually.js';
import { graphqlClient, subscribe } from './support/subscriptions.js';
import { Registry } from './support/registry.js';
import { sharedEngine } from './support/shared-peers.js';
import { TestImages } from './support/test-images.js';

const MEBIBYTE = 1024 * 1024;

let app: TestApp;
let admin: TestActor;
let images: TestImages;
let registry: Registry;
let proxy: EngineProxy;

beforeAll(async () => {
  proxy = await EngineProxy.start(sharedEngine().socketPath);
  app = await TestApp.start({ dockerHost: proxy.dockerHost });
  admin = await app.admin();
  images = new TestImages(app, admin);
  registry = await Registry.start(sharedEngine(), { port: 5051 });
});
afterEach(async () => {
  proxy.heal();
  await images.removeAll();
});
afterAll(async () => {
  await app.stop();
  await proxy.stop();
  await registry.stop();
});

/** An image whose one layer has so many bytes that cannot be compressed. */
async function large(name: string, bytes: number): Promise<string> {
  await images.engine.importBusybox(name, {
    files: { 'srv/data': randomBytes(bytes) },
    changes: ['CMD ["sh"]', `LABEL suite=${images.suite}`],
  });
  return images.idOf(name);
}

function tarOf(files: Record<string, string | Buffer>): Buffer {
  const entries = Object.entries(files).flatMap(([path, text]) => {
    const content = Buffer.from(text);
    const header = tarHeader(plainEntry({ kind: 'file', path, mode: 0o755, size: content.length }));
    return [header, content, tarPadding(content.length)];
  });
  return Buffer.concat([...entries, TAR_END]);
}

/** A download, whole. */
async function download(path: string): Promise<Buffer> {
  const answer = await app.rest(admin).get(path).buffer(true).parse(asBuffer).expect(200);
  return answer.body as Buffer;
}

function asBuffer(answer: Response, done: (error: Error | null, body: unknown) => void): void {
  const chunks: Buffer[] = [];
  answer.on('data', (chunk: Buffer) => chunks.push(chunk));
  answer.on('end', () => done(null, Buffer.concat(chunks)));
}

async function logOf({ id }: Job): Promise<string> {
  const log = await app.rest(admin).get(`/api/v1/jobs/${id}/log`).expect(200);
  return (log.body as { lines: string[] }).lines.join('\n');
}

describe('a pushed image', () => {
  let name: string;
  let id: string;
  let pushed: Job;
  let digest: string;

  beforeEach(async () => {
    name = `${registry.address}/${images.repository()}:v1`;
    id = await large(name, 3 * MEBIBYTE);
    pushed = await images.job(admin, `${encodeURIComponent(name)}/push`);
    ({ digest } = pushed.result as { digest: string });
  });

  it('is in the registry as the job says', async () => {
    expect(pushed).toMatchObject({
      kind: 'imagePush',
      state: 'succeeded',
      engine: 'local',
      target: { kind: 'image', name },
      result: { image: name, digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) },
    });
    const { text } = await images.engine.call('GET', `/distribution/${name}/json`);
    expect((JSON.parse(text) as { Descriptor: { digest: string } }).Descriptor.digest).toBe(digest);
  });

  it.each(['tag', 'digest'])(
    'is the same when it is pulled by its %s, and all bytes are counted',
    async (by) => {
      await images.engine.call('DELETE', `/images/${id}?force=1`);
      const reference = by === 'tag' ? name : `${name.replace(/:v1$/, '')}@${digest}`;
      const job = await images.job(admin, 'pull', { image: reference });
      expect(job).toMatchObject({
        kind: 'imagePull',
        state: 'succeeded',
        result: { image: reference, digest },
      });
      const details = await images.get(admin, reference);
      expect(details.id).toBe(id);
      expect(details.digests).toEqual([expect.stringContaining(digest)]);

      const { parts, current, total, percent } = job.progress;
      expect(parts.length).toBeGreaterThan(0);
      const sum = (key: 'current' | 'total') => parts.reduce((bytes, part) => bytes + (part[key] ?? 0), 0);
      expect([current, total, percent]).toEqual([sum('current'), sum('total'), 100]);
      expect(total).toBeGreaterThan(3 * MEBIBYTE);
    },
  );

  it('is followed while it is pulled, in the same call and by GraphQL', async () => {
    await images.engine.call('DELETE', `/images/${id}?force=1`);
    const streamed = await app
      .rest(admin)
      .post(`${images.path}/pull`)
      .set('accept', 'text/event-stream')
      .send({ image: name })
      .expect(200);
    const events = streamed.text.split('\n\n').filter((block) => block.startsWith('event: '));
    expect(events.at(-1)).toContain('event: end');
    expect(events.at(-2)).toContain('"state":"succeeded"');

    await images.engine.call('DELETE', `/images/${id}?force=1`);
    const { data } = await app.graphql(
      admin,
      'mutation ($image: String!) { pullImage(engine: "local", input: { image: $image }) { id state } }',
      { image: name },
    );
    const client = graphqlClient(app, admin);
    const progress = subscribe<Job>(
      client,
      'subscription ($id: String!) { jobProgress(id: $id) { state } }',
      {
        id: (data?.['pullImage'] as Job).id,
      },
    );
    await progress.ended;
    expect(progress.values.at(-1)).toEqual({ state: 'succeeded' });
    await client.dispose();
  });

  it('is fetched for a container that is to be run', async () => {
    await images.engine.call('DELETE', `/images/${id}?force=1`);
    const ran = await app
      .rest(admin)
      .post('/api/v1/engines/local/containers/run')
      .send({ image: name, pull: 'missing', command: ['true'], labels: { suite: images.suite } })
      .expect(201);
    expect((ran.body as { imageId: string }).imageId).toBe(id);
  });
});

describe('what cannot be moved', () => {
  it('makes the job fail, and says why', async () => {
    const missing = await images.job(admin, 'pull', { image: `${registry.address}/no/such:image` });
    expect(missing).toMatchObject({ state: 'failed', error: { code: 'not_found' }, result: null });
    const { name } = await images.make(images.repository());
    const away = `127.0.0.1:1/${images.repository()}:v1`;
    await app
      .rest(admin)
      .post(`${images.at(name)}/tag`)
      .send({ name: away })
      .expect(204);
    const nowhere = await images.job(admin, `${encodeURIComponent(away)}/push`);
    expect(nowhere).toMatchObject({ state: 'failed', error: { code: 'engine_error' } });
  });

  it('is refused at once where that can be known', async () => {
    await app
      .rest(admin)
      .post(`${images.path}/pull`)
      .send({ image: 'a'.repeat(64) })
      .expect(400);
    await app.rest(admin).post(`${images.path}/pull`).send({ image: 'app', username: 'x' }).expect(400);
    await app.rest(admin).post(`${images.path}/pull`).send({ image: 'app', registry: 'none' }).expect(404);
    await app
      .rest(admin)
      .post(`${images.at('no/such:image')}/push`)
      .send({})
      .expect(404);
    await app.rest(admin).post(`${images.path}/load`).send({}).expect(415);
    await app.rest(admin).post(`${images.path}/build-context`).send({}).expect(415);
  });
});

describe('a cancelled job', () => {
  async function cancelled(path: string, body: object, asked: RegExp): Promise<Job> {
    const started = await app.rest(admin).post(`${images.path}/${path}`).send(body).expect(202);
    const { id } = started.body as Job;
    await eventually(
      () => proxy.open(asked),
      (open) => open === 1,
    );
    await app.rest(admin).post(`/api/v1/jobs/${id}/cancel`).expect(202);
    const job = await images.ended(admin, id);
    expect(proxy.open(asked)).toBe(0);
    return job;
  }

  it('that pulls no longer asks the engine', async () => {
    const name = `${registry.address}/${images.repository()}:v1`;
    const id = await large(name, 2 * MEBIBYTE);
    await images.job(admin, `${encodeURIComponent(name)}/push`);
    await images.engine.call('DELETE', `/images/${id}?force=1`);
    proxy.stall(/\/images\/create/, { afterBytes: 300 });
    expect(await cancelled('pull', { image: name }, /\/images\/create/)).toMatchObject({
      state: 'cancelled',
      error: null,
      cancelRequested: true,
    });
  });

  it('that loads reads no more of its archive, and the upload is answered', async () => {
    const upload = request(`${app.url}${images.path}/load`, {
      method: 'POST',
      headers: { authorization: admin.authorization, 'content-type': 'application/x-tar' },
    });
    upload.write(Buffer.alloc(1024, 1)); // and never ends
    const answered = once(upload, 'response') as Promise<[IncomingMessage]>;
    await eventually(
      () => proxy.open(/\/images\/load/),
      (open) => open === 1,
    );
    const running = await app
      .rest(admin)
      .get('/api/v1/jobs')
      .query({ kind: 'imageLoad', limit: 1 })
      .expect(200);
    const [job] = (running.body as { items: Job[] }).items;
    await app
      .rest(admin)
      .post(`/api/v1/jobs/${job?.id ?? ''}/cancel`)
      .expect(202);
    const [answer] = await answered;
    expect([answer.statusCode, answer.headers.connection]).toEqual([202, 'close']);
    expect(await images.ended(admin, job?.id ?? '')).toMatchObject({ state: 'cancelled' });
    expect(proxy.open(/\/images\/load/)).toBe(0);
    upload.on('error', () => undefined).destroy(); // nobody listens any more
  });

  it('that builds ends its steps on the engine', async () => {
    const { name } = await images.make(images.repository());
    const started = await app
      .rest(admin)
      .post(`${images.path}/build`)
      .send({ dockerfile: `FROM ${name}\nRUN sleep 613\n`, networkMode: 'none' })
      .expect(202);
    const { id } = started.body as Job;
    const steps = async () => {
      const { text } = await images.engine.call('GET', '/containers/json?all=1');
      return (JSON.parse(text) as { Command: string }[]).filter(({ Command }) =>
        Command.includes('sleep 613'),
      );
    };
    await eventually(steps, ({ length }) => length === 1);
    await app.rest(admin).post(`/api/v1/jobs/${id}/cancel`).expect(202);
    expect(await images.ended(admin, id)).toMatchObject({ state: 'cancelled' });
    await eventually(steps, ({ length }) => length === 0);
  });
});

describe('a build', () => {
  let base: string;
  const labels = () => ({ suite: images.suite });
  beforeEach(async () => {
    base = (await images.make(images.repository('base'))).name;
  });

  it('of a Dockerfile alone does its steps, and tells what they said', async () => {
    const tag = `${images.repository()}:v1`;
    const job = await images.job(admin, 'build', {
      dockerfile: `FROM ${base} AS first\nARG WHO\nRUN echo "hello $WHO"\nFROM first AS last\nRUN exit 1\n`,
      tags: [tag],
      buildArgs: { WHO: 'world' },
      labels: labels(),
      target: 'first',
      noCache: true,
      networkMode: 'none',
    });
    expect(job).toMatchObject({
      kind: 'imageBuild',
      state: 'succeeded',
      target: { name: tag },
      result: { imageId: await images.idOf(tag), tags: [tag] },
    });
    expect(await logOf(job)).toContain('\nhello world\n');
    expect((await images.get(admin, tag)).labels).toMatchObject(labels());
    const history = await app
      .rest(admin)
      .get(`${images.at(tag)}/history`)
      .expect(200);
    expect(history.text).toContain('hello $WHO');
  });

  it('of an uploaded context has the files of it', async () => {
    const tag = `${images.repository()}:v1`;
    const data = randomBytes(2 * MEBIBYTE);
    const context = tarOf({
      'deploy/Dockerfile': `FROM ${base}\nARG PATH_OF\nCOPY data $PATH_OF\nRUN sha256sum $PATH_OF\n`,
      data,
    });
    const query = new URLSearchParams({
      dockerfile: 'deploy/Dockerfile',
      tag,
      buildArg: 'PATH_OF=/srv/x=y',
      label: `suite=${images.suite}`,
      networkMode: 'none',
    });
    const job = await images.uploadJob(admin, `build-context?${query.toString()}`, context);
    expect(job).toMatchObject({ state: 'succeeded', progress: { total: 5 } });
    const sum = createHash('sha256').update(data).digest('hex');
    expect(await logOf(job)).toContain(`${sum}  /srv/x=y`);
    expect((await images.get(admin, tag)).labels).toMatchObject(labels());
  });

  it('that fails makes the job fail, with what was said until then', async () => {
    const { data } = await app.graphql(
      admin,
      `mutation ($dockerfile: String!) { buildImage(engine: "local", input: { dockerfile: $dockerfile }) { id } }`,
      { dockerfile: `FROM ${base}\nRUN echo before && exit 7\n` },
    );
    const job = await images.ended(admin, (data?.['buildImage'] as Job).id);
    expect(job).toMatchObject({ state: 'failed', error: { code: 'engine_error' } });
    expect(job.error?.message).toContain('returned a non-zero code: 7');
    expect(await logOf(job)).toContain('before');
  });

  it('of what is no archive makes the job fail', async () => {
    const job = await images.uploadJob(admin, 'build-context', Buffer.from('no archive'));
    expect(job).toMatchObject({
      state: 'failed',
      error: { code: expect.stringMatching(/engine_error|invalid_input/) },
    });
  });
});

describe('archives', () => {
  it('that are saved are loaded as they were, one image or several', async () => {
    const names = [`${images.repository()}:v1`, `${images.repository()}:v2`] as const;
    const ids = [await large(names[0], 2 * MEBIBYTE), await large(names[1], MEBIBYTE)] as const;
    const one = await download(`${images.at(names[0])}/save`);
    expect(one.length).toBeGreaterThan(2 * MEBIBYTE);
    const both = await download(`${images.path}/save?name=${names.map(encodeURIComponent).join('&name=')}`);
    expect(both.length).toBeGreaterThan(3 * MEBIBYTE);

    await images.removeAll();
    expect(await images.uploadJob(admin, 'load', one)).toMatchObject({
      kind: 'imageLoad',
      state: 'succeeded',
      result: { images: [names[0]] },
    });
    expect((await images.get(admin, names[0])).id).toBe(ids[0]);
    await images.removeAll();
    const job = await images.uploadJob(admin, 'load', both);
    expect((job.result as { images: string[] }).images.sort()).toEqual([...names].sort());
    expect(await Promise.all(names.map(async (name) => (await images.get(admin, name)).id))).toEqual(ids);
  });

  it('of files become images', async () => {
    const name = `${images.repository()}:v1`;
    const query = new URLSearchParams([
      ['name', name],
      ['message', 'of a test'],
      ['change', 'CMD ["/srv/run"]'],
      ['change', `LABEL suite=${images.suite}`],
    ]);
    const archive = tarOf({ 'srv/run': '#!/bin/sh\n' });
    const job = await images.uploadJob(admin, `import?${query.toString()}`, archive);
    const details = await images.get(admin, name);
    expect(job).toMatchObject({ state: 'succeeded', result: { image: name, imageId: details.id } });
    expect(details).toMatchObject({ command: ['/srv/run'], comment: 'of a test' });
    expect(details.layers).toEqual([`sha256:${createHash('sha256').update(archive).digest('hex')}`]);
  });

  it('that are none make the job fail', async () => {
    const job = await images.uploadJob(admin, 'import', Buffer.from('no archive'));
    expect(job).toMatchObject({ state: 'failed', error: { code: 'engine_error' } });
  });
});
