import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ImageChange } from '../src/images/image-change.model.js';
import type { PrunedImages, RemovedImage } from '../src/images/image-results.model.js';
import type { Image, ImageDetails } from '../src/images/image.model.js';
import { type TestActor, TestApp } from './support/app.js';
import { eventually } from './support/eventually.js';
import { HttpStream } from './support/http-stream.js';
import { graphqlClient, subscribe } from './support/subscriptions.js';
import { TestContainers } from './support/test-containers.js';
import { type MadeImage, TestImages } from './support/test-images.js';

let app: TestApp;
let admin: TestActor;
let images: TestImages;
let containers: TestContainers;

beforeAll(async () => {
  app = await TestApp.start();
  admin = await app.admin();
  images = new TestImages(app, admin);
  containers = new TestContainers(app, admin);
});
afterEach(async () => {
  await containers.removeAll();
  await images.removeAll();
  await eventually(
    () => list(),
    (found) => found.length === 0,
  );
});
afterAll(() => app.stop());

/** What is listed of this file's images. */
async function list(query: Record<string, unknown> = {}, actor = admin): Promise<Image[]> {
  const label = [`suite=${images.suite}`, ...((query['label'] as string[] | undefined) ?? [])];
  const answer = await app
    .rest(actor)
    .get(images.path)
    .query({ ...query, label })
    .expect(200);
  return (answer.body as { items: Image[] }).items;
}
const names = (found: readonly Image[]) => found.flatMap(({ tags }) => tags).sort();

describe('the list of images', () => {
  let repository: string;
  let first: MadeImage;
  let second: MadeImage;
  let nameless: MadeImage;

  beforeEach(async () => {
    repository = images.repository();
    first = await images.make(`${repository}:v1`, { labels: { team: 'web' } });
    second = await images.make(`${repository}:v2`, { labels: { team: 'db' } });
    nameless = await images.make(`${repository}:v3`);
    await images.make(`${repository}:v3`);
    await images.engine.call('DELETE', `/images/${repository}:v3`);
    await eventually(
      () => list(),
      (found) => found.length === 3,
    );
  });

  it('tells of each what it is', async () => {
    const [found] = await list({ label: ['team=web'] });
    expect(found).toMatchObject({
      engine: 'local',
      id: first.id,
      tags: [first.name],
      digests: [],
      labels: { team: 'web' },
      os: 'linux',
      dangling: false,
    });
    expect(found?.size).toBeGreaterThan(0);
    expect(Date.parse(found?.createdAt ?? '')).not.toBeNaN();
  });

  it('shows those only that meet every filter', async () => {
    expect(names(await list({ reference: [`${repository}:v?`] }))).toEqual([first.name, second.name]);
    expect(names(await list({ reference: [repository, 'nothing'] }))).toEqual([first.name, second.name]);
    expect(names(await list({ reference: [`*:v1`] }))).toEqual([]);
    expect(names(await list({ reference: [`${images.suite}/*:v1`] }))).toEqual([first.name]);
    expect((await list({ dangling: true })).map(({ id }) => id)).toEqual([nameless.id]);
    expect(names(await list({ dangling: false, label: ['team!=db'] }))).toEqual([first.name]);
    expect(names(await list({ since: first.name, dangling: false }))).toEqual([second.name]);
    expect(names(await list({ before: second.name }))).toEqual([first.name]);
    await app.rest(admin).get(images.path).query({ since: 'no/such:image' }).expect(404);
    await app.rest(admin).get(images.path).query({ label: '!!' }).expect(400);
    await app.rest(admin).get(images.path).query({ since: '../x' }).expect(400);
  });

  it('shows which are used, and says by which containers', async () => {
    const { id, name } = await containers.create({ image: first.name });
    expect(names(await list({ used: true }))).toEqual([first.name]);
    expect(names(await list({ used: false }))).toEqual([second.name]);
    expect((await images.get(admin, first.name)).usedBy).toEqual([
      { containerId: id, name, state: 'created' },
    ]);
    await app.rest(admin).delete(`${containers.path}/${id}`).expect(204);
    expect(names(await list({ used: true }))).toEqual([]);
    expect((await images.get(admin, first.name)).usedBy).toEqual([]);
  });

  it('comes in pages, by REST and GraphQL alike, and is not sent again to who has it', async () => {
    const label = `suite=${images.suite}`;
    const page = await app.rest(admin).get(images.path).query({ label, limit: 2 }).expect(200);
    const { items, nextCursor, totalCount } = page.body as {
      items: Image[];
      nextCursor: string;
      totalCount: number;
    };
    expect([items.length, totalCount]).toEqual([2, 3]);
    const rest = await app.rest(admin).get(images.path).query({ label, after: nextCursor }).expect(200);
    const { data } = await app.graphql(
      admin,
      'query ($label: [String!]) { images(engine: "local", filter: { label: $label }) { nodes { id } totalCount } }',
      { label: [label] },
    );
    expect(data?.['images']).toEqual({
      nodes: [...items, ...(rest.body as { items: Image[] }).items].map(({ id }) => ({ id })),
      totalCount: 3,
    });
    const { etag } = page.headers as { etag: string };
    await app.rest(admin).get(images.path).query({ label, limit: 2 }).set('if-none-match', etag).expect(304);
  });
});

describe('an image', () => {
  it('is found by name, digest and id, also where its name has slashes', async () => {
    const { id, name } = await images.make(images.repository(), {
      changes: ['ENV SECRET=value', 'EXPOSE 80', 'WORKDIR /srv', 'USER 1000', 'ENTRYPOINT ["/bin/sh"]'],
    });
    const details = await images.get(admin, name);
    expect(details).toMatchObject({
      id,
      tags: [name],
      env: expect.arrayContaining(['SECRET=value']),
      exposedPorts: ['80/tcp'],
      workingDir: '/srv',
      user: '1000',
      entrypoint: ['/bin/sh'],
      stale: false,
      usedBy: [],
      raw: { Id: id },
    });
    expect(details.layers).toHaveLength(1);
    for (const reference of [id, id.slice(7), id.slice(7, 19), name.replace(/:latest$/, '')])
      expect((await images.get(admin, reference)).id).toBe(id);
    const history = await app
      .rest(admin)
      .get(`${images.at(name)}/history`)
      .expect(200);
    expect(history.body).toEqual([expect.objectContaining({ id, tags: [name] })]);
    const { data } = await app.graphql(
      admin,
      'query ($id: String!) { image(engine: "local", id: $id) { id env } imageHistory(engine: "local", id: $id) { id } }',
      { id: name },
    );
    expect(data).toMatchObject({ image: { id }, imageHistory: [{ id }] });
  });

  it('is 404 where there is none, and 400 where there could be none', async () => {
    await app.rest(admin).get(images.at('no/such:image')).expect(404);
    for (const bad of ['UPPER/case', 'a b', '-a', 'a//b', '../etc/passwd', 'a:b:c', 'a@sha256:12'])
      await app.rest(admin).get(images.at(bad)).expect(400);
  });

  it('has its environment hidden from who may not read it', async () => {
    const viewer = await app.user('viewer', [{ role: 'viewer' }]);
    const { name } = await images.make(images.repository(), { changes: ['ENV SECRET=hidden-value'] });
    const seen = await app.rest(viewer).get(images.at(name)).expect(200);
    expect((seen.body as ImageDetails).env).toBeNull();
    expect(seen.text).not.toContain('hidden-value');
    await app
      .rest(viewer)
      .get(`${images.at(name)}/history`)
      .expect(403);
    await app
      .rest(viewer)
      .get(`${images.at(name)}/save`)
      .expect(403);
  });
});

describe('names of an image', () => {
  it('are given and taken one by one; with the last the image goes', async () => {
    const { id, name } = await images.make(images.repository());
    const other = `${images.repository('other')}:v2`;
    await app
      .rest(admin)
      .post(`${images.at(name)}/tag`)
      .send({ name: other })
      .expect(204);
    expect((await images.get(admin, other)).tags.sort()).toEqual([name, other].sort());

    await app.rest(admin).delete(images.at(id)).expect(409);
    const untagged = await app.rest(admin).delete(images.at(name)).expect(200);
    expect(untagged.body as RemovedImage).toEqual({ untagged: [name], deletedIds: [] });
    expect((await images.get(admin, id)).tags).toEqual([other]);
    await app.rest(admin).get(images.at(name)).expect(404);

    const removed = await app.rest(admin).delete(images.at(other)).expect(200);
    expect((removed.body as RemovedImage).untagged).toEqual([other]);
    expect((removed.body as RemovedImage).deletedIds).toContain(id);
    expect(await list()).toEqual([]);
  });

  it('go all at once by its id, with force', async () => {
    const { id, name } = await images.make(images.repository());
    const other = `${images.repository('other')}:latest`;
    const { data, errors } = await app.graphql(
      admin,
      `mutation ($id: String!, $name: String!) {
        tagImage(engine: "local", id: $id, input: { name: $name }) { tags }
        removeImage(engine: "local", id: "${id}", input: { force: true }) { untagged deletedIds }
      }`,
      { id: name, name: other },
    );
    expect(errors).toBeUndefined();
    expect((data?.['removeImage'] as RemovedImage).untagged.sort()).toEqual([name, other].sort());
    expect(await images.has(id)).toBe(false);
  });

  it('stay on an image that a container was made of', async () => {
    const { name } = await images.make(images.repository());
    await containers.create({ image: name });
    await app.rest(admin).delete(images.at(name)).expect(409);
    expect(await images.has(name)).toBe(true);
  });
});

describe('who watches', () => {
  it('is told what there is, and then each change', async () => {
    const { name } = await images.make(images.repository());
    const query = `watch=true&label=suite%3D${images.suite}`;
    const stream = await HttpStream.open(`${app.url}${images.path}?${query}`, {
      actor: admin,
      accept: 'text/event-stream',
    });
    await stream.until(({ events }) => events.some(({ event }) => event === 'synced'));
    const client = graphqlClient(app, admin);
    const subscription = subscribe<ImageChange>(
      client,
      'subscription ($label: [String!]) { imageChanged(engine: "local", filter: { label: $label }) { kind image { tags } } }',
      { label: [`suite=${images.suite}`] },
    );
    await subscription.until((values) => values.some(({ kind }) => kind === 'synced'));
    const other = `${images.repository()}:v9`;
    await app
      .rest(admin)
      .post(`${images.at(name)}/tag`)
      .send({ name: other })
      .expect(204);
    await stream.until(({ events }) => events.some(({ event }) => event === 'updated'));
    await subscription.until((values) => values.some(({ kind }) => kind === 'updated'));
    expect(stream.events.find(({ event }) => event === 'updated')?.data).toMatchObject({
      kind: 'updated',
      image: { tags: expect.arrayContaining([name, other]) },
    });
    await images.removeAll();
    await stream.until(({ events }) => events.some(({ event }) => event === 'removed'));
    subscription.unsubscribe();
    await client.dispose();
    stream.vanish();
  });

  it('is refused filters that depend on other objects', async () => {
    for (const filter of ['used=true', 'since=busybox', 'before=busybox'])
      await app.rest(admin).get(`${images.path}?watch=true&${filter}`).expect(400);
  });
});

describe('pruning', () => {
  const label = () => [`suite=${images.suite}`];
  async function prune(body: object, { dryRun = false, actor = admin } = {}): Promise<PrunedImages> {
    const path = `${images.path}/prune${dryRun ? '?dryRun=true' : ''}`;
    const answer = await app
      .rest(actor)
      .post(path)
      .send({ label: label(), ...body })
      .expect(200);
    return answer.body as PrunedImages;
  }

  it('removes what has no name; with `all` what no container was made of; and tells beforehand', async () => {
    const repository = images.repository();
    const nameless = await images.make(`${repository}:v1`);
    const unused = await images.make(`${repository}:v1`);
    const used = await images.make(`${repository}:v2`);
    await containers.create({ image: used.name });
    await eventually(
      () => list({ dangling: true }),
      (found) => found.length === 1,
    );

    expect(await prune({}, { dryRun: true })).toMatchObject({ deletedIds: [nameless.id], untagged: [] });
    expect((await prune({ all: true }, { dryRun: true })).deletedIds.sort()).toEqual(
      [nameless.id, unused.id].sort(),
    );
    expect(await images.has(nameless.id)).toBe(true);
    expect((await prune({ until: '1h' })).deletedIds).toEqual([]);

    expect((await prune({})).deletedIds).toContain(nameless.id);
    expect(await images.has(nameless.id)).toBe(false);
    expect(await images.has(unused.id)).toBe(true);
    expect(await prune({ all: true })).toMatchObject({ untagged: [unused.name] });
    expect(await images.has(unused.id)).toBe(false);
    expect(await images.has(used.id)).toBe(true);
  });

  it('removes images of several names with all of them', async () => {
    const { id, name } = await images.make(images.repository());
    const other = `${images.repository('other')}:latest`;
    await app
      .rest(admin)
      .post(`${images.at(name)}/tag`)
      .send({ name: other })
      .expect(204);
    const { untagged, deletedIds } = await prune({ all: true });
    expect(untagged.sort()).toEqual([name, other].sort());
    expect(deletedIds).toContain(id);
  });

  it('leaves what the actor may not remove, and what a container it may not see was made of', async () => {
    const scope = { engines: ['*'], labelSelector: 'team=prune' };
    const web = await app.user('pruner', [{ role: 'developer', scope }]);
    const foreign = await images.make(images.repository());
    const own = await images.make(images.repository(), { labels: { team: 'prune' } });
    const usedByOthers = await images.make(images.repository(), { labels: { team: 'prune' } });
    await containers.create({ image: usedByOthers.name, labels: { team: 'db' } });
    const twice = await images.make(images.repository(), { labels: { team: 'prune' } });
    const second = `${images.repository('second')}:latest`;
    await app
      .rest(admin)
      .post(`${images.at(twice.name)}/tag`)
      .send({ name: second })
      .expect(204);
    await containers.create({ image: second, labels: { team: 'db' } });

    expect(await prune({ all: true }, { actor: web })).toMatchObject({ untagged: [own.name] });
    expect(await images.has(foreign.id)).toBe(true);
    expect(await images.has(usedByOthers.name)).toBe(true);
    expect((await images.get(admin, twice.id)).tags).toHaveLength(2);
  });

  it('of the build cache is for who may do so on the whole engine', async () => {
    const dev = await app.user('cache', [{ role: 'developer' }]);
    await app.rest(dev).post('/api/v1/engines/local/build-cache/prune').send({}).expect(403);
    const pruned = await app
      .rest(admin)
      .post('/api/v1/engines/local/build-cache/prune')
      .send({ until: '87600h', keepBytes: 1_000_000_000 })
      .expect(200);
    expect(pruned.body).toEqual({ deletedIds: [], spaceReclaimed: 0 });
  });
});

it('a search that the engine cannot make is the failure of the engine', async () => {
  const answer = await app.rest(admin).get(`${images.path}/search`).query({ term: '127.0.0.1:1/nothing' });
  expect(answer.status).toBe(502);
  expect(answer.body).toMatchObject({ code: 'engine_error' });
});
