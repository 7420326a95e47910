import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ContainerDetails } from '../src/containers/container-details.model.js';
import { type TestActor, TestApp } from './support/app.js';
import { eventually } from './support/eventually.js';
import { importTestImage, removeImage } from './support/images.js';
import { sharedEngine } from './support/shared-peers.js';
import { TestContainers } from './support/test-containers.js';

/** What belongs to others is not reached by way of the objects around it: volumes, images, names, networks. */
describe('a developer bound to label team=web', () => {
  let app: TestApp;
  let admin: TestActor;
  let web: TestActor;
  let viewer: TestActor;
  let containers: TestContainers;
  let hidden: ContainerDetails;
  let volume: string;
  let repository: string;
  const onlyWeb = { engines: ['*'], labelSelector: 'team=web' };

  beforeAll(async () => {
    app = await TestApp.start();
    admin = await app.admin();
    containers = new TestContainers(app, admin);
    volume = containers.name('volume');
    repository = containers.name('image');
    web = await app.user('web', [{ role: 'viewer' }, { role: 'developer', scope: onlyWeb }]);
    viewer = await app.user('viewer', [{ role: 'viewer' }]);
    hidden = await containers.create({
      labels: { team: 'db' },
      env: ['PASSWORD=of-the-admin'],
      mounts: [
        { type: 'volume', source: volume, target: '/data' },
        {
          type: 'volume',
          target: '/n',
          volume: { driverOptions: { type: 'tmpfs', device: 'tmpfs', o: 'size=12345k' } },
        },
      ],
    });
    await post(admin, `/${hidden.id}/commit`, { repository, tag: 'v1' });
  });
  afterAll(async () => {
    await containers.removeAll();
    await containers.engine.getImage(`${repository}:v1`).remove({ force: true });
    await containers.engine.getVolume(volume).remove();
    await app.stop();
  });

  async function post(actor: TestActor, path: string, body: object) {
    const response = await app.rest(actor).post(`${containers.path}${path}`).send(body);
    return {
      status: response.status,
      body: response.body as { code?: string; detail?: string; id: string; env?: string[] },
    };
  }
  const create = (options: object) =>
    post(web, '', { image: 'busybox', labels: { ...containers.labels, team: 'web' }, ...options });

  it('gets no reserved label by way of an image, and neither does an admin', async () => {
    const image = await importTestImage(sharedEngine(), {
      changes: ['LABEL io.dockmaster.role=volume-helper', 'CMD ["sh"]'],
    });
    for (const actor of [web, admin]) {
      const answer = await eventually(
        () => post(actor, '', { image, labels: { team: 'web' } }),
        ({ status }) => status !== 404, // memory hears of the image in a moment
      );
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
    }
    const trail = await app
      .rest(admin)
      .get('/api/v1/audit?outcome=refused&operation=ContainerCreate')
      .expect(200);
    const { items } = trail.body as { items: { actorName: string; reason: string }[] };
    for (const { username } of [web, admin])
      expect(items).toContainEqual(
        expect.objectContaining({ actorName: username, reason: expect.stringContaining('io.dockmaster.') }),
      );
    await removeImage(sharedEngine(), image);
  });

  it("does not mount somebody else's volume by being allowed to list volumes", async () => {
    expect(await create({ mounts: [{ type: 'volume', source: volume, target: '/d' }] })).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
  });

  it('mounts a volume that it made itself, again too', async () => {
    const own = containers.name('own');
    for (let time = 0; time < 2; time++) {
      expect(await create({ mounts: [{ type: 'volume', source: own, target: '/d' }] })).toMatchObject({
        status: 201,
      });
    }
    await containers.removeAll();
    await containers.engine.getVolume(own).remove();
    hidden = await containers.create({ labels: { team: 'db' } });
  });

  it('does not move a tag over an image that is there, nor set reserved labels by a commit', async () => {
    const mine = (await create({})).body.id;
    const before = (await containers.engine.getImage(`${repository}:v1`).inspect()).Id;
    expect(await post(web, `/${mine}/commit`, { repository, tag: 'v1' })).toMatchObject({ status: 403 });
    expect(
      await post(web, `/${mine}/commit`, { changes: ['LABEL io.dockmaster.owner=admin'] }),
    ).toMatchObject({ status: 400 });
    expect((await containers.engine.getImage(`${repository}:v1`).inspect()).Id).toBe(before);
  });

  it('does not take the place of another container by a name that looks like an id', async () => {
    const mine = (await create({})).body.id;
    const name = hidden.id.slice(0, 12);
    expect(await post(web, `/${mine}/rename`, { name })).toMatchObject({ status: 400 });
    expect(await create({ name })).toMatchObject({ status: 400 });
  });

  it('learns nothing of hidden ids by prefixes that fit several', async () => {
    for (const prefix of '0123456789abcdef') {
      const { status } = await app.rest(web).get(`${containers.path}/${prefix}`);
      expect([200, 404]).toContain(status);
    }
  });

  it('links to its own container by a name with a slash', async () => {
    const mine = await containers.run({ labels: { team: 'web' }, command: ['sleep', '600'] });
    expect(await create({ links: [`/${mine.name}:db`] })).toMatchObject({ status: 201 });
  });

  it('makes nothing with a token that may create but not see what it made', async () => {
    const made = await app
      .rest(admin)
      .post('/api/v1/tokens')
      .send({ name: 't', permissions: ['containers:create'] });
    const token = (made.body as { token: string }).token;
    const limited = { ...admin, token, authorization: `Bearer ${token}` };
    const before = (await containers.onEngine()).length;
    const options = { image: 'busybox', labels: containers.labels };
    expect(await post(limited, '', options)).toMatchObject({ status: 403 });
    expect(await post(limited, '/run', options)).toMatchObject({ status: 403 });
    expect(await containers.onEngine()).toHaveLength(before);
  });

  it('and a viewer read no options of volume drivers', async () => {
    const container = await containers.create({
      mounts: [
        {
          type: 'volume',
          target: '/n',
          volume: { driverOptions: { type: 'tmpfs', device: 'tmpfs', o: 'size=12345k' } },
        },
      ],
    });
    const seen = await app.rest(viewer).get(`${containers.path}/${container.id}`).expect(200);
    expect(seen.text).not.toContain('size=12345k');
    const full = await app.rest(admin).get(`${containers.path}/${container.id}`).expect(200);
    expect(full.text).toContain('size=12345k');
  });
});

describe('a developer without any right on images but through its own containers', () => {
  it('does not read the environment of a hidden container through an image made of it', async () => {
    const app = await TestApp.start();
    const admin = await app.admin();
    const containers = new TestContainers(app, admin);
    const web = await app.user('web', [
      { role: 'developer', scope: { engines: ['*'], labelSelector: 'team=web' } },
    ]);
    const hidden = await containers.create({ labels: { team: 'db' }, env: ['PASSWORD=of-the-admin'] });
    const commit = await app.rest(admin).post(`${containers.path}/${hidden.id}/commit`).send({}).expect(201);
    const { imageId } = commit.body as { imageId: string };
    await app
      .rest(web)
      .post(containers.path)
      .send({ image: imageId, labels: { ...containers.labels, team: 'web' } })
      .expect(404);
    await containers.removeAll();
    await containers.engine.getImage(imageId).remove({ force: true });
    await app.stop();
  });
});

describe('networks of others, for a developer bound to label team=web', () => {
  let app: TestApp;
  let admin: TestActor;
  let web: TestActor;
  let containers: TestContainers;
  let hidden: string;
  const made: string[] = [];

  beforeAll(async () => {
    app = await TestApp.start();
    admin = await app.admin();
    containers = new TestContainers(app, admin);
    web = await app.user('web', [
      { role: 'viewer', scope: { engines: ['*'], labelSelector: 'team=web' } },
      { role: 'developer', scope: { engines: ['*'], labelSelector: 'team=web' } },
    ]);
    hidden = (await network(admin, containers.name('hidden'))).id;
  });
  afterAll(async () => {
    await containers.removeAll();
    for (const id of made) await containers.engine.getNetwork(id).remove();
    await app.stop();
  });

  const door = (path: string, body?: object) => app.rest(web).post(`/docker/local/v1.41${path}`).send(body);
  const labels = (team: string) => ({ ...containers.labels, team });

  async function network(actor: TestActor, name: string) {
    const body = { name, labels: labels(actor === web ? 'web' : 'db') };
    const answer = await app.rest(actor).post('/api/v1/engines/local/networks').send(body).expect(201);
    const { id } = answer.body as { id: string };
    made.push(id);
    return { id, name };
  }
  async function removed({ id }: { id: string }) {
    await containers.engine.getNetwork(id).remove();
    made.splice(made.indexOf(id), 1);
  }
  async function create(body: { HostConfig: object; NetworkingConfig?: object }): Promise<string> {
    const container = { Image: 'busybox', Cmd: ['sleep', '600'], Labels: labels('web'), ...body };
    return ((await door('/containers/create', container).expect(201)).body as { Id: string }).Id;
  }
  /** By the engine's own word. */
  async function networksOf(id: string): Promise<string[]> {
    const { NetworkSettings } = await containers.engine.getContainer(id).inspect();
    return Object.values(NetworkSettings.Networks).map(({ NetworkID }) => NetworkID);
  }

  it('are not joined by an id beside the name of an own one', async () => {
    const own = await network(web, containers.name('own'));
    const foreign = { NetworkID: hidden };
    const created = await create({
      HostConfig: { NetworkMode: own.name },
      NetworkingConfig: { EndpointsConfig: { [own.name]: foreign } },
    });
    await door(`/containers/${created}/start`).expect(204);
    expect(await networksOf(created)).toEqual([own.id]);

    const second = await network(web, containers.name('second'));
    const attachment = (Container: string) => ({ Container, EndpointConfig: foreign });
    await door(`/networks/${second.id}/connect`, attachment(created)).expect(200);
    expect((await networksOf(created)).sort()).toEqual([own.id, second.id].sort());

    const waiting = await create({ HostConfig: { NetworkMode: own.name } });
    await door(`/networks/${second.id}/connect`, attachment(waiting)).expect(200);
    await door(`/containers/${waiting}/start`).expect(204);
    expect((await networksOf(waiting)).sort()).toEqual([own.id, second.id].sort());
  });

  it('lose their name to no second one of it', async () => {
    const name = containers.name('twice');
    const theirs = await network(admin, name);
    await door('/networks/create', { Name: name, Labels: labels('web') }).expect(409);
    expect((await containers.engine.listNetworks({ filters: { name: [name] } })).map(({ Id }) => Id)).toEqual(
      [theirs.id],
    );
  });

  it('are not joined by a container that was made for an own one of the name, which is gone', async () => {
    for (const reference of ['name', 'id'] as const) {
      const own = await network(web, containers.name(`before-${reference}`));
      const created = await create({ HostConfig: { NetworkMode: own[reference] } });
      const connected = await create({ HostConfig: {} });
      await door(`/networks/${own.id}/connect`, { Container: connected }).expect(200);
      await removed(own);
      const theirs = await network(admin, own.name);
      for (const id of [created, connected]) {
        const answer = await door(`/containers/${id}/start`).expect(404);
        expect(answer.text).toContain('not found');
        expect(await networksOf(id)).not.toContain(theirs.id);
      }
    }
  });
});

describe('a repository with a name that ids begin with', () => {
  it('lets nobody read, tag or save an image that has no name in it', async () => {
    const app = await TestApp.start();
    const admin = await app.admin();
    const containers = new TestContainers(app, admin);
    const engine = sharedEngine();
    const image = await importTestImage(engine, { changes: ['ENV PASSWORD=of-the-admin'] });
    const { Id } = await containers.engine.getImage(image).inspect();
    const repository = /^sha256:(.{5})/.exec(Id)?.[1] ?? '';
    const scope = { engines: ['*'], imageRepositories: [repository] };
    const web = await app.user('web', [{ role: 'developer', scope }]);
    const door = `/docker/local/v1.41/images/${repository}`;
    await eventually(
      async () => (await app.rest(admin).get(`/docker/local/v1.41/images/${image}/json`)).status,
      (status) => status === 200,
    );
    for (const path of [`${door}/json`, `${door}/get`, `/docker/local/v1.41/images/get?names=${repository}`])
      expect((await app.rest(web).get(path)).status).toBe(404);
    expect((await app.rest(web).post(`${door}/tag?repo=${repository}&tag=mine`)).status).toBe(404);
    await removeImage(engine, image);
    await app.stop();
  });

  it('is no way to what others have in it: a save without a tag means what one may see', async () => {
    const app = await TestApp.start();
    const admin = await app.admin();
    const containers = new TestContainers(app, admin);
    const engine = sharedEngine();
    const repository = containers.name('shared');
    await engine.importBusybox(`${repository}:latest`, { changes: ['LABEL team=web'] });
    await engine.importBusybox(`${repository}:hidden`, { changes: ['LABEL team=db'] });
    await app
      .rest(admin)
      .post('/api/v1/roles')
      .send({ name: 'saver', permissions: ['images:save'] })
      .expect(201);
    const scope = { engines: ['*'], labelSelector: 'team=web' };
    const saver = await app.user('saver', [{ role: 'saver', scope }]);
    await eventually(
      async () => (await app.rest(admin).get(`/docker/local/v1.41/images/${repository}:hidden/json`)).status,
      (status) => status === 200,
    );
    for (const path of [`/images/${repository}/get`, `/images/get?names=${repository}`]) {
      const answer = await app
        .rest(saver)
        .get(`/docker/local/v1.41${path}`)
        .buffer(true)
        .parse((response, done) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('end', () => done(null, Buffer.concat(parts)));
        });
      expect(answer.status).toBe(200);
      expect(String(answer.body)).toContain(`${repository}:latest`);
      expect(String(answer.body)).not.toContain(`${repository}:hidden`);
    }
    for (const tag of ['latest', 'hidden'])
      await engine.call('DELETE', `/images/${encodeURIComponent(`${repository}:${tag}`)}?force=1`);
    await app.stop();
  });
});
