import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import type { Job } from '../src/jobs/job.model.js';
import type { Image } from '../src/images/image.model.js';
import { plainEntry, TAR_END, tarHeader, tarPadding } from '../src/common/tar/tar-writer.js';
import { type Call, HostileGround } from './support/hostile-ground.js';
import type { TestActor } from './support/app.js';
import { eventually } from './support/eventually.js';
import { Registry } from './support/registry.js';
import { sharedEngine } from './support/shared-peers.js';
import { type MadeImage, TestImages } from './support/test-images.js';

const IMAGES = 'engines/local/images';
const at = (reference: string) => `${IMAGES}/${encodeURIComponent(reference)}`;

let ground: HostileGround;
let images: TestImages;
let registry: Registry;
/** Somebody else's. */
let foreign: MadeImage;
let own: MadeImage;

beforeAll(async () => {
  ground = await HostileGround.start();
  images = new TestImages(ground.app, ground.admin);
  registry = await Registry.start(sharedEngine(), { port: 5052 });
});
beforeEach(async () => {
  foreign = await images.make(images.repository('db'), { labels: { team: 'db' } });
  own = await images.make(images.repository('web'), { labels: { team: 'web' } });
});
afterEach(() => images.removeAll());
afterAll(async () => {
  await registry.stop();
  await ground.stop();
});

/** Whatever somebody tried: it is as it was. */
async function expectUntouched(): Promise<void> {
  expect(await images.idOf(foreign.name)).toBe(foreign.id);
}

async function listed(actor: TestActor): Promise<string[]> {
  const query = { label: `suite=${images.suite}`, fresh: true };
  const answer = await ground.app.rest(actor).get(`/api/v1/${IMAGES}`).query(query).expect(200);
  return (answer.body as { items: Image[] }).items.flatMap(({ tags }) => tags).sort();
}

describe('who is bound to images with label team=web', () => {
  let web: TestActor;
  beforeAll(async () => {
    web = await ground.app.user('web-images', [
      { role: 'developer', scope: { engines: ['*'], labelSelector: 'team=web' } },
    ]);
  });

  it('sees those only', async () => {
    expect(await listed(web)).toEqual([own.name]);
    const { data } = await ground.app.graphql(
      web,
      'query ($label: [String!]) { images(engine: "local", filter: { label: $label }) { totalCount } }',
      { label: [`suite=${images.suite}`] },
    );
    expect(data).toEqual({ images: { totalCount: 1 } });
    expect(
      await ground.rest(web, ['get', `${IMAGES}?since=${encodeURIComponent(foreign.name)}`]),
    ).toMatchObject({
      status: 404,
    });
  });

  it.each<[string, (image: MadeImage) => Call]>([
    ['see', ({ name }) => ['get', at(name)]],
    ['see by id', ({ id }) => ['get', at(id)]],
    ['see by a short id', ({ id }) => ['get', at(id.slice(7, 19))]],
    ['read the steps of', ({ name }) => ['get', `${at(name)}/history`]],
    ['save', ({ name }) => ['get', `${at(name)}/save`]],
    ['push', ({ name }) => ['post', `${at(name)}/push`, {}]],
    ['name', ({ name }) => ['post', `${at(name)}/tag`, { name: 'web/app:mine' }]],
    ['untag', ({ name }) => ['delete', at(name)]],
    ['remove by id', ({ id }) => ['delete', `${at(id)}?force=true`]],
    ['save beside its own', ({ name }) => ['get', `${IMAGES}/save?name=${own.name}&name=${name}`]],
  ])('cannot %s another: for it there is none', async (_what, call) => {
    const start = ground.recording.requests.length;
    expect(await ground.rest(web, call(foreign))).toMatchObject({ status: 404, code: 'not_found' });
    expect(ground.changesSince(start)).toEqual([]);
    await expectUntouched();
  });

  describe('saves by a name', () => {
    const saved = async (path: string) => {
      const headers = { authorization: web.authorization };
      const answer = await fetch(`${ground.app.url}/api/v1/${path}`, { headers });
      return { status: answer.status, text: Buffer.from(await answer.arrayBuffer()).toString('latin1') };
    };
    const both: [string, (name: string) => string][] = [
      ['alone', (name) => `${at(name)}/save`],
      ['among others', (name) => `${IMAGES}/save?name=${own.name}&name=${name}`],
    ];

    it.each(both)('%s nothing that was given the name meanwhile', async (_, path) => {
      const [repo = '', tag = ''] = (
        await images.make(images.repository('web'), { labels: { team: 'web' } })
      ).name.split(':');
      const taken = `/images/${foreign.id}/tag?repo=${repo}&tag=${tag}`;
      ground.recording.before(/\/get(\?|$)/, () => sharedEngine().call('POST', taken));
      const before = await ground.refusals(web);
      const { status, text } = await saved(path(`${repo}:${tag}`));
      expect([status, text]).toEqual([409, expect.stringContaining('was taken from its image meanwhile')]);
      const { count, last } = await ground.refusals(web);
      expect([count, last?.reason]).toEqual([before.count + 1, expect.stringContaining('was taken')]);
      expect(await images.idOf(`${repo}:${tag}`)).toBe(foreign.id);
    });

    it.each(both)('%s, without a tag, what it may see of that name', async (_, path) => {
      const repository = images.repository('mixed');
      const labels = { team: 'web' };
      for (const tag of ['first', 'second']) await images.make(`${repository}:${tag}`, { labels });
      const hidden = await images.make(`${repository}:hidden`, { labels: { team: 'db' } });
      const { status, text } = await saved(path(repository));
      expect(status).toBe(200);
      for (const tag of ['first', 'second']) expect(text).toContain(`${repository}:${tag}`);
      expect(text).not.toContain(`${repository}:hidden`);
      expect(text).not.toContain(hidden.id.slice('sha256:'.length));
    });
  });

  it('does not take the name of another image by a tag', async () => {
    await ground.refusedCall(web, 'ImageTag', ['post', `${at(own.name)}/tag`, { name: foreign.name }]);
    const full = `docker.io/${foreign.name}`;
    await ground.refusedCall(web, 'ImageTag', ['post', `${at(own.name)}/tag`, { name: full }]);
    await expectUntouched();
    const name = `${images.repository()}:v2`;
    expect(await ground.rest(web, ['post', `${at(own.name)}/tag`, { name }])).toMatchObject({ status: 204 });
  });

  it('gives no name with which the id of another image begins', async () => {
    const [start = '', mine = ''] = [foreign, own].map(({ id }) => id.slice('sha256:'.length).slice(0, 12));
    const refused = { status: 400, code: 'invalid_input' };
    for (const name of [start, `${start}:latest`, `docker.io/library/${start}:v1`, mine])
      await ground.refusedCall(web, 'ImageTag', ['post', `${at(own.name)}/tag`, { name }], refused);
    await ground.refusedCall(
      ground.admin,
      'ImageTag',
      ['post', `${at(own.name)}/tag`, { name: start }],
      refused,
    );
  });

  it.each<[string, string, () => Call]>([
    ['pull', 'ImageCreate', () => ['post', `${IMAGES}/pull`, { image: `${registry.address}/any/image` }]],
    ['load', 'ImageLoad', () => ['post', `${IMAGES}/load`, 'an archive']],
    [
      'import',
      'ImageCreate',
      () => ['post', `${IMAGES}/import?name=web/app&change=LABEL+team=web`, 'an archive'],
    ],
    [
      'build upon what it may not see',
      'ImageBuild',
      () => ['post', `${IMAGES}/build`, { dockerfile: `FROM ${foreign.name}`, labels: { team: 'web' } }],
    ],
    [
      'build upon what it may not see, of a context',
      'ImageBuild',
      () => ['post', `${IMAGES}/build-context?label=team%3Dweb`, 'an archive'],
    ],
    ['clear the build cache', 'BuildPrune', () => ['post', 'engines/local/build-cache/prune', {}]],
  ])('cannot %s, since no label says whose that is', async (_what, operation, call) => {
    await ground.refusedCall(web, operation, call());
  });

  it('prunes nothing of others', async () => {
    const call: Call = ['post', `${IMAGES}/prune`, { all: true, label: [`suite=${images.suite}`] }];
    expect((await ground.rest(web, call)).text).toContain(own.id);
    await expectUntouched();
  });
});

describe('who may see all, and build with label team=web', () => {
  let web: TestActor;
  const build = (rest: object): Call => [
    'post',
    `${IMAGES}/build`,
    { dockerfile: 'FROM scratch\n', labels: { team: 'web', suite: images.suite }, ...rest },
  ];
  beforeAll(async () => {
    web = await ground.app.user('web-builds', [
      { role: 'viewer' },
      { role: 'developer', scope: { engines: ['*'], labelSelector: 'team=web' } },
    ]);
  });

  it('builds, and only with that label', async () => {
    const dockerfile = `FROM ${own.name}\nENV A=b\n`;
    const { text, status } = await ground.rest(web, build({ dockerfile }));
    expect(status).toBe(202);
    const job = await images.ended(web, (JSON.parse(text) as Job).id);
    expect(job).toMatchObject({ state: 'succeeded' });
    await ground.refusedCall(web, 'ImageBuild', build({ dockerfile, labels: { team: 'db' } }));
    await ground.refusedCall(web, 'ImageBuild', build({ dockerfile, labels: {} }));
  });

  it('does not take the name of another image, nor the marks of Dockmaster', async () => {
    await ground.refusedCall(web, 'ImageBuild', build({ tags: [foreign.name] }));
    await ground.refusedCall(
      web,
      'ImageBuild',
      build({ labels: { team: 'web', 'io.dockmaster.owner': 'me' } }),
      { status: 400, code: 'invalid_input' },
    );
    await expectUntouched();
  });

  it.each([{ networkMode: 'host' }, { networkMode: 'container:other' }, { networkMode: 'some-network' }])(
    'does its steps on no network but the engine’s own: %p',
    async (options) => {
      await ground.refusedCall(web, 'ImageBuild', build(options), { code: 'policy_violation' });
    },
  );

  it.each(['http://127.0.0.1/context.tar', 'git://example.com/x.git', 'https://github.com/x/y.git'])(
    'lets the engine fetch no context: %s',
    async (remote) => {
      const query = `remote=${encodeURIComponent(remote)}&label=team%3Dweb`;
      await ground.refusedCall(web, 'ImageBuild', ['post', `${IMAGES}/build-context?${query}`, {}], {
        code: 'policy_violation',
      });
    },
  );
});

it('at level restricted nothing is built, since steps of a build are root', async () => {
  const actor = await ground.app.user('builds-restricted', [{ role: 'developer', level: 'restricted' }]);
  const dockerfile = `FROM ${own.name}\nRUN id\n`;
  for (const call of [
    ['post', `${IMAGES}/build`, { dockerfile }],
    ['post', `${IMAGES}/build-context`, 'an archive'],
  ] as const)
    expect(
      (await ground.refusedCall(actor, 'ImageBuild', call, { code: 'policy_violation' })).text,
    ).toContain('buildUser');
});

describe('who is bound to what it owns', () => {
  let owner: TestActor;
  let published: string;
  beforeEach(async () => {
    owner = await ground.app.user(images.repository('owner').replaceAll('/', '-'), [
      { role: 'developer', scope: { engines: ['*'], owned: true } },
    ]);
    published = await registry.publish(foreign.name, `${images.repository()}:v1`);
  });

  it('does not pull over the name of another image', async () => {
    const theirs = await images.make(images.repository());
    await ground.app
      .rest(ground.admin)
      .post(`/api/v1/${at(theirs.name)}/tag`)
      .send({ name: published })
      .expect(204);
    await ground.refusedCall(owner, 'ImageCreate', ['post', `${IMAGES}/pull`, { image: published }]);
    expect(await images.idOf(published)).toBe(theirs.id);
  });

  it('owns no base that a build of nothing else has fetched', async () => {
    const builder = await ground.app.user(images.repository('builder').replaceAll('/', '-'), [
      { role: 'viewer' },
      { role: 'developer', scope: { engines: ['*'], owned: true } },
    ]);
    const tool = await images.make(images.repository('tool'));
    const base = await registry.publish(tool.name, `${images.repository()}:v1`);
    const file = Buffer.from(`FROM ${base}\n`);
    const context = Buffer.concat([
      tarHeader(plainEntry({ kind: 'file', path: 'Dockerfile', size: file.length })),
      file,
      tarPadding(file.length),
      TAR_END,
    ]);
    for (const quiet of [false, true]) {
      await sharedEngine().call('DELETE', `/images/${tool.id}?force=1`);
      const answer = await fetch(`${ground.app.url}/docker/local/v1.41/build?q=${quiet}`, {
        method: 'POST',
        headers: { authorization: builder.authorization, 'content-type': 'application/x-tar' },
        body: context,
      });
      expect(await answer.text()).toContain(tool.id.slice('sha256:'.length).slice(0, 12));
      await ground.refusedCall(builder, 'ImageDelete', ['delete', at(tool.id)]);
    }
  });

  it('imports what is its own then, and loads nothing, which could bring any name', async () => {
    const name = `${images.repository()}:v1`;
    const path = `/api/v1/${IMAGES}/import?name=${encodeURIComponent(name)}&change=LABEL+suite%3D${images.suite}`;
    const empty = Buffer.alloc(1024);
    const started = await ground.app
      .rest(owner)
      .post(path)
      .set('content-type', 'application/x-tar')
      .send(empty)
      .expect(202);
    expect(await images.ended(owner, (started.body as Job).id)).toMatchObject({ state: 'succeeded' });
    expect(await listed(owner)).toEqual([name]);
    await ground.refusedCall(owner, 'ImageLoad', ['post', `${IMAGES}/load`, 'an archive']);
    const over = `${IMAGES}/import?name=${encodeURIComponent(foreign.name)}`;
    await ground.refusedCall(owner, 'ImageCreate', ['post', over, 'an archive']);
    await expectUntouched();
  });
});

describe('an image that is gone', () => {
  it('takes no image with it that the actor may not remove', async () => {
    const web = await ground.app.user(images.repository('web').replaceAll('/', '-'), [
      { role: 'developer', scope: { engines: ['*'], labelSelector: 'team=web' } },
    ]);
    const name = `${images.repository()}:v1`;
    const dockerfile = [`FROM ${own.name}`, 'LABEL team=db', 'LABEL team=web'].join('\n');
    await images.job(ground.admin, 'build', { dockerfile, tags: [name] });
    const { Parent } = JSON.parse(
      (await sharedEngine().call('GET', `/images/${encodeURIComponent(name)}/json`)).text,
    ) as { Parent: string };
    expect(await ground.rest(web, ['delete', at(name)])).toMatchObject({ status: 200 });
    expect(await images.idOf(Parent)).toBe(Parent);
    await sharedEngine().call('DELETE', `/images/${Parent}?force=1`);
  });

  it('has no owner when it is made again', async () => {
    const owner = await ground.app.user(images.repository('owner').replaceAll('/', '-'), [
      { role: 'developer', scope: { engines: ['*'], owned: true } },
    ]);
    const name = `${images.repository()}:v1`;
    const path = `import?name=${encodeURIComponent(name)}&change=LABEL+suite%3D${images.suite}`;
    expect(await images.uploadJob(owner, path, Buffer.alloc(1024))).toMatchObject({ state: 'succeeded' });
    const id = await images.idOf(name);
    const headers = { authorization: ground.admin.authorization };
    const saved = await fetch(`${ground.app.url}/api/v1/${at(name)}/save`, { headers });
    const archive = Buffer.from(await saved.arrayBuffer());
    await pause(1_100); // of what is gone a second later than it was made it is sure that it is not made anew by the same
    expect(await ground.rest(owner, ['delete', at(name)])).toMatchObject({ status: 200 });
    await eventually(
      () => ground.rest(ground.admin, ['get', at(id)]),
      ({ status }) => status === 404,
    );
    expect(await images.uploadJob(ground.admin, 'load', archive)).toMatchObject({ state: 'succeeded' });
    expect(await images.idOf(name)).toBe(id);
    expect(await ground.rest(owner, ['get', at(id)])).toMatchObject({ status: 404 });
    expect(await ground.rest(owner, ['delete', at(name)])).toMatchObject({ status: 404 });
  });
});

describe('who is bound to repositories', () => {
  let shop: TestActor;
  let inside: MadeImage;
  beforeEach(async () => {
    const repository = images.repository();
    shop = await ground.app.user(repository.replaceAll('/', '-'), [
      { role: 'developer', scope: { engines: ['*'], imageRepositories: [`${repository}/*`] } },
    ]);
    inside = await images.make(`${repository}/app:v1`);
  });

  it('sees, names and removes what is in them', async () => {
    expect(await listed(shop)).toEqual([inside.name]);
    const name = inside.name.replace(':v1', ':v2');
    expect(await ground.rest(shop, ['post', `${at(inside.name)}/tag`, { name }])).toMatchObject({
      status: 204,
    });
    expect(await ground.rest(shop, ['delete', at(name)])).toMatchObject({ status: 200 });
  });

  it('takes nothing out, and puts nothing elsewhere', async () => {
    const elsewhere = images.repository('elsewhere');
    await ground.refusedCall(shop, 'ImageTag', ['post', `${at(inside.name)}/tag`, { name: elsewhere }]);
    await ground.refusedCall(shop, 'ImageCreate', ['post', `${IMAGES}/pull`, { image: elsewhere }]);
    const over = `${IMAGES}/import?name=${encodeURIComponent(elsewhere)}`;
    await ground.refusedCall(shop, 'ImageCreate', ['post', over, 'an archive']);
    await ground.refusedCall(shop, 'ImageBuild', [
      'post',
      `${IMAGES}/build`,
      { dockerfile: `FROM ${foreign.name}`, tags: [inside.name] },
    ]);
    expect(await ground.rest(shop, ['get', at(foreign.name)])).toMatchObject({ status: 404 });
  });

  it('does not take away names of the image that are in others', async () => {
    const name = `${images.repository('elsewhere')}:v1`;
    await ground.app
      .rest(ground.admin)
      .post(`/api/v1/${at(inside.name)}/tag`)
      .send({ name })
      .expect(204);
    await ground.refusedCall(shop, 'ImageDelete', ['delete', `${at(inside.id)}?force=true`]);
    expect(await ground.rest(shop, ['delete', at(name)])).toMatchObject({
      status: expect.any(Number),
      code: expect.stringMatching(/forbidden|not_found/),
    });
    expect(await images.idOf(name)).toBe(inside.id);
  });
});
