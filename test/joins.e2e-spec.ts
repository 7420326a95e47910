import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Container } from '../src/containers/container.model.js';
import type { Image } from '../src/images/image.model.js';
import { type TestActor, TestApp } from './support/app.js';
import { eventually } from './support/eventually.js';
import { PrivateEngine } from './support/private-engine.js';
import { RecordingEngine } from './support/recording-engine.js';
import { type MadeImage, TestImages } from './support/test-images.js';

const CONTAINERS = 200;
const AT_ONCE = 10;
/** Memory is compared with these lists now and then, whoever asks for what. */
const OF_THE_WATCH = /^GET \/v[\d.]+\/(images\/json|networks|volumes)$/;

type Joined = Pick<Container, 'name'> & {
  imageDetails: Pick<Image, 'id' | 'tags'> | null;
  networks: { name: string; network: { id: string; labels: object } | null }[];
  mounts: { target: string; volume: { name: string; labels: object } | null }[];
};

/** However many objects a query leads over, it is answered from memory. */
describe('a query of 200 containers with their images, networks and volumes', () => {
  /** Of its own: what other tests do to an engine makes Dockmaster read of that. */
  let engine: PrivateEngine;
  let recording: RecordingEngine;
  let app: TestApp;
  let admin: TestActor;
  let images: TestImages;
  let made: MadeImage[];
  const query = `query ($label: [String!]) {
    containers(engine: "local", filter: { label: $label }, first: 200) {
      nodes {
        name
        imageDetails { id tags }
        networks { name network { id labels } }
        mounts { target volume { name labels } }
      }
    }
  }`;

  beforeAll(async () => {
    engine = await PrivateEngine.start();
    recording = await RecordingEngine.start(engine.socketPath);
    app = await TestApp.start({ dockerHost: recording.dockerHost });
    admin = await app.admin();
    images = new TestImages(app, admin, engine);
    made = [
      await images.make(images.repository('web'), { labels: { team: 'web' } }),
      await images.make(images.repository('db'), { labels: { team: 'db' } }),
    ];
    for (const team of ['web', 'db']) {
      const Labels = { suite: images.suite, team };
      await engine.call('POST', '/networks/create', { body: { Name: nameOf(team), Labels } });
      await engine.call('POST', '/volumes/create', { body: { Name: nameOf(team), Labels } });
    }
    for (let start = 0; start < CONTAINERS; start += AT_ONCE) {
      await Promise.all(
        Array.from({ length: AT_ONCE }, (_, index) =>
          images.engine.call('POST', `/containers/create?name=${images.suite}-${start + index}`, {
            body: {
              Image: made[index % 2]?.id,
              Labels: { suite: images.suite, team: 'mixed' },
              HostConfig: {
                NetworkMode: nameOf(teamOf(index)),
                Mounts: [{ Type: 'volume', Source: nameOf(teamOf(index)), Target: '/data' }],
              },
            },
          }),
        ),
      );
    }
    await eventually(ask, (nodes) => nodes.length === CONTAINERS);
  });
  afterAll(async () => {
    await app.stop();
    await recording.stop();
    await engine.stop({ graceful: false });
  });

  const teamOf = (index: number) => (index % 2 === 0 ? 'web' : 'db');
  const nameOf = (team: string) => `${images.suite}-of-${team}`;
  const indexOf = (name: string) => Number(name.split('-').at(-1));

  async function ask(actor = admin): Promise<Joined[]> {
    const { data, errors } = await app.graphql(actor, query, { label: [`suite=${images.suite}`] });
    expect(errors).toBeUndefined();
    return (data?.['containers'] as { nodes: Joined[] }).nodes;
  }

  it('asks the engine nothing', async () => {
    const before = recording.requests.length;
    const nodes = await ask();
    expect(recording.requests.slice(before).filter((request) => !OF_THE_WATCH.test(request))).toEqual([]);
    expect(nodes).toHaveLength(CONTAINERS);
    for (const { name, imageDetails, networks, mounts } of nodes) {
      const image = made[indexOf(name) % 2];
      const team = teamOf(indexOf(name));
      expect(imageDetails).toMatchObject({ id: image?.id, tags: [image?.name] });
      expect(networks).toMatchObject([{ name: nameOf(team), network: { labels: { team } } }]);
      expect(mounts).toMatchObject([{ target: '/data', volume: { name: nameOf(team), labels: { team } } }]);
    }
  });

  it('leads the same way from one container, and back from a list of images', async () => {
    const { data } = await app.graphql(
      admin,
      `query ($id: String!, $label: [String!]) {
        container(engine: "local", id: $id) { imageDetails { id containers { name } } }
        images(engine: "local", filter: { label: $label }) { nodes { id containers { name } } }
        networks(engine: "local", filter: { label: $label }) { nodes { id containers { name } } }
        volumes(engine: "local", filter: { label: $label }) { nodes { name containers { name } } }
      }`,
      { id: `${images.suite}-0`, label: [`suite=${images.suite}`] },
    );
    const { imageDetails } = data?.['container'] as { imageDetails: { id: string; containers: object[] } };
    expect(imageDetails.id).toBe(made[0]?.id);
    expect(imageDetails.containers).toHaveLength(CONTAINERS / 2);
    for (const kind of ['images', 'networks', 'volumes']) {
      const { nodes } = data?.[kind] as { nodes: { containers: object[] }[] };
      expect(nodes.map(({ containers }) => containers.length)).toEqual([CONTAINERS / 2, CONTAINERS / 2]);
    }
  });

  it('leads to nothing that the actor may not see', async () => {
    const web = await app.user('web-joins', [
      { role: 'viewer', scope: { engines: ['*'], labelSelector: `suite=${images.suite},team!=db` } },
    ]);
    const nodes = await ask(web);
    expect(nodes).toHaveLength(CONTAINERS);
    expect(new Set(nodes.map(({ imageDetails }) => imageDetails?.id ?? null))).toEqual(
      new Set([made[0]?.id, null]),
    );
    for (const { name, networks, mounts } of nodes) {
      const seen = teamOf(indexOf(name)) === 'web';
      expect(networks.map(({ network }) => network !== null)).toEqual([seen]);
      expect(mounts.map(({ volume }) => volume !== null)).toEqual([seen]);
    }

    const onlyImages = await app.user('only-images', [
      { role: 'viewer', scope: { engines: ['*'], imageRepositories: [`${images.suite}/*`] } },
    ]);
    const { data } = await app.graphql(
      onlyImages,
      'query ($id: String!) { image(engine: "local", id: $id) { usedBy { name } containers { name } } }',
      { id: made[0]?.name },
    );
    expect(data).toEqual({ image: { usedBy: [], containers: [] } });
  });

  it('tells again what has changed meanwhile', async () => {
    const name = `${images.repository()}:v1`;
    await app
      .rest(admin)
      .post(`${images.at(made[0]?.name ?? '')}/tag`)
      .send({ name })
      .expect(204);
    const [node] = (await ask()).filter(({ imageDetails }) => imageDetails?.id === made[0]?.id);
    expect(node?.imageDetails?.tags).toContain(name);
  });
});
