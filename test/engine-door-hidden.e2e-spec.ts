import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestActor } from './support/app.js';
import { HostileGround } from './support/hostile-ground.js';

const ROOT = '/docker/local/v1.41';
const ONLY_WEB = { engines: ['local'], labelSelector: 'team=web' };

interface UsageDocument {
  readonly Images: readonly {
    readonly Id: string;
    readonly Containers: number;
    readonly SharedSize: number;
  }[];
  readonly Volumes: readonly { readonly Name: string; readonly UsageData: { readonly RefCount: number } }[];
}

/** Filters, counts and messages of the engine are about all that it has: of that, an actor is told by what it sees. */
describe('what is hidden, at the Engine door', () => {
  let ground: HostileGround;
  let admin: TestActor;
  /** A developer of what has the label: a volume, an image and a network that hidden containers use, and a container. */
  let labelled: TestActor;
  /** Sees all containers, and not what they mount. */
  let viewer: TestActor;
  let name: string;
  let own: string;
  let image: string;

  beforeAll(async () => {
    ground = await HostileGround.start();
    ({ admin } = ground);
    labelled = await ground.app.user('labelled', [{ role: 'developer', scope: ONLY_WEB }]);
    viewer = await ground.app.user('viewer', [{ role: 'viewer' }]);
    name = ground.containers.name('seen');
    const { engine, labels } = ground.containers;
    const Labels = { team: 'web' };
    await engine.createVolume({ Name: name, Labels });
    await engine.createNetwork({ Name: name, Labels });
    const base = await engine.createContainer({ Image: 'busybox', Labels: labels });
    await base.commit({ repo: name, tag: 'v1', changes: 'LABEL team=web' });
    image = (await engine.getImage(`${name}:v1`).inspect()).Id;
    for (let index = 0; index < 3; index++)
      await engine.createContainer({
        Image: `${name}:v1`,
        Labels: { ...labels, team: 'ops' },
        HostConfig: { Binds: [`${name}:/data`], NetworkMode: name },
      });
    const HostConfig = { Binds: ['/etc/hostname:/host'] };
    own = (
      await engine.createContainer({ Image: `${name}:v1`, Labels: { ...labels, ...Labels }, HostConfig })
    ).id;
    await engine.getImage('busybox').tag({ repo: `secret-${name}`, tag: 'v9' });
    await ground.app.rest(admin).get('/api/v1/engines/local/volumes?fresh=true').expect(200);
  });
  afterAll(async () => {
    const { engine } = ground.containers;
    await ground.containers.removeAll();
    await engine.getVolume(name).remove();
    await engine.getNetwork(name).remove();
    for (const tag of [`secret-${name}:v9`, `${name}:v1`]) await engine.getImage(tag).remove();
    await ground.stop();
  });

  const get = (actor: TestActor, path: string, filters: object = {}) =>
    ground.app
      .rest(actor)
      .get(`${ROOT}${path}`)
      .query({ all: 1, filters: JSON.stringify(filters) });
  const listed = async (actor: TestActor, filters: object) => {
    const { body } = (await get(actor, '/containers/json', filters).expect(200)) as {
      body: { Id: string }[];
    };
    return body.map(({ Id }) => Id);
  };
  const volumes = async (actor: TestActor, dangling: boolean) => {
    const filters = { dangling: [String(dangling)], name: [name] };
    const answer = await ground.app
      .rest(actor)
      .get(`${ROOT}/volumes`)
      .query({ filters: JSON.stringify(filters) })
      .expect(200);
    return (answer.body as { Volumes: { Name: string }[] }).Volumes.map((volume) => volume.Name);
  };
  const networks = async (actor: TestActor, dangling: boolean) => {
    const filters = { dangling: [String(dangling)], name: [name] };
    const answer = await ground.app
      .rest(actor)
      .get(`${ROOT}/networks`)
      .query({ filters: JSON.stringify(filters) })
      .expect(200);
    return (answer.body as { Name: string }[]).map((network) => network.Name);
  };
  const usage = async (actor: TestActor) => {
    const { body } = (await ground.app.rest(actor).get(`${ROOT}/system/df`).expect(200)) as {
      body: UsageDocument;
    };
    return {
      image: body.Images.find(({ Id }) => Id === image),
      volume: body.Volumes.find(({ Name }) => Name === name),
    };
  };

  it('is no source of a mount that a filter asks for', async () => {
    for (const volume of ['/etc/hostname', '/etc/passwd']) {
      expect(await listed(viewer, { volume: [volume] })).toEqual([]);
      expect(await listed(labelled, { volume: ['/host'] })).toEqual([own]);
    }
    expect(await listed(viewer, { volume: ['/host'], label: ['team=web'] })).toEqual([own]);
    expect(await listed(admin, { volume: ['/etc/hostname'], label: ['team=web'] })).toEqual([own]);
  });

  it('is no name of an image that a filter asks for', async () => {
    const label = ['team=web'];
    expect(await listed(labelled, { ancestor: [`${name}:v1`] })).toEqual([own]);
    for (const hidden of [`secret-${name}:v9`, `secret-${name}:v8`])
      expect(await listed(labelled, { ancestor: [hidden] })).toEqual([]);
    expect(await listed(admin, { ancestor: [`secret-${name}:v9`], label })).toEqual([own]);
  });

  it('makes nothing used', async () => {
    expect([await volumes(labelled, true), await volumes(labelled, false)]).toEqual([[name], []]);
    expect([await networks(labelled, true), await networks(labelled, false)]).toEqual([[name], []]);
    expect([await volumes(admin, true), await volumes(admin, false)]).toEqual([[], [name]]);
  });

  it('is not counted', async () => {
    expect(await usage(labelled)).toMatchObject({
      image: { Containers: -1, SharedSize: -1 },
      volume: { UsageData: { RefCount: -1 } },
    });
    const all = await usage(admin);
    expect(all).toMatchObject({ image: { Containers: 4 }, volume: { UsageData: { RefCount: 3 } } });
    expect(all.image?.SharedSize).toBeGreaterThan(0);
  });

  it('is not counted in a message', async () => {
    const answer = await ground.app.rest(labelled).delete(`${ROOT}/volumes/${name}`).expect(409);
    expect((answer.body as { message: string }).message).toMatch(/volume is in use - \[…\]$/);
  });

  it('is no command or container that a filter of events asks for', async () => {
    const refused = [
      { event: ['exec_create: sh -c p', 'health_status'] },
      { event: ['exec_start: sh'] },
      { label: [`container=${own}`] },
    ];
    for (const filters of refused) {
      const query = { filters: JSON.stringify(filters), since: 1, until: 2 };
      const send = (actor: TestActor) => ground.app.rest(actor).get(`${ROOT}/events`).query(query);
      const answer = await send(labelled).expect(403);
      expect((answer.body as { message: string }).message).toContain('to filter by');
      await send(admin).expect(200);
    }
  });

  it('is asked for by no filter that is not known', async () => {
    for (const path of ['/containers/json', '/images/json', '/networks', '/volumes'])
      await ground.app
        .rest(labelled)
        .get(`${ROOT}${path}`)
        .query({ filters: JSON.stringify({ 'of-a-new-engine': ['x'] }) })
        .expect(400);
  });
});
