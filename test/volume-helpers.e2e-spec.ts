import { Readable } from 'node:stream';
import type Dockerode from 'dockerode';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { TAR_END } from '../src/common/tar/tar-writer.js';
import { EngineRegistry } from '../src/engine/engine-registry.js';
import { type HelperWish, IMAGE, makeHelper, nameOfWriter } from '../src/gate/volume-helper.js';
import { VolumeHelperSweep } from '../src/gate/volume-helper-sweep.js';
import { TestApp } from './support/app.js';
import { TestVolumes } from './support/volume-data.js';

const DISCARD = 'io.dockmaster.discard-volume';
const PAUSED = 'io.dockmaster.paused';

/** All that an image may hand on to its containers. */
const SETTINGS = [
  `LABEL ${DISCARD}=victim ${PAUSED}=victim`,
  'LABEL other=label',
  'ENV A=b',
  'ENTRYPOINT ["/x"]',
  'CMD ["/x"]',
  'HEALTHCHECK CMD /x',
  'VOLUME /other',
  'ONBUILD RUN x',
  'USER 1',
  'WORKDIR /x',
  'EXPOSE 80',
];

describe('the containers by which the files of volumes are reached', () => {
  let app: TestApp;
  let volumes: TestVolumes;
  let engine: Dockerode;
  let instance: string;
  const made: Dockerode.Container[] = [];

  beforeAll(async () => {
    app = await TestApp.start();
    instance = await app.nest.get(VolumeHelperSweep).instance();
    volumes = new TestVolumes(app);
    ({ engine } = volumes);
  });
  afterEach(async () => {
    for (const container of made.splice(0)) await container.remove({ force: true });
  });
  afterAll(async () => {
    await volumes.removeAll();
    await app.stop();
  });

  /** Gives the name of Dockmaster's own image to one that has as little in it, but these settings. */
  const takeName = async (changes: string): Promise<void> => {
    const [repo, tag] = IMAGE.split(':');
    const answer = await engine.importImage(Readable.from([TAR_END]), { repo, tag, changes });
    for await (const message of answer) expect(String(message)).not.toContain('error');
    expect((await engine.getImage(IMAGE).inspect()).RepoTags).toEqual([IMAGE]);
  };
  const run = async (volume: string) => {
    const container = await engine.createContainer({
      Image: 'busybox',
      Cmd: ['sleep', '600'],
      HostConfig: { Binds: [`${volume}:/v`] },
    });
    made.push(container);
    await container.start();
    return container;
  };
  const isPaused = async (container: Dockerode.Container) => (await container.inspect()).State.Paused;
  const sweep = () => app.nest.get(VolumeHelperSweep).sweep('local');

  const helperOf = (volume: string, wish: Partial<HelperWish> = {}) =>
    makeHelper(app.nest.get(EngineRegistry).get('local'), {
      volume,
      instance,
      session: 'died',
      writes: true,
      discards: false,
      pauses: [],
      ...wish,
    });

  describe('have no label and no setting but those that Dockmaster gives them', () => {
    /** All that a container may have of its image. */
    const configOf = async (volume: string) => {
      const helper = engine.getContainer(await helperOf(volume));
      made.push(helper);
      const { Config, Mounts } = await helper.inspect();
      return { ...Config, Hostname: '', Image: '', Mounts: Mounts.map(({ Destination }) => Destination) };
    };

    it.each(SETTINGS)('where an image has taken the name of theirs: %s', async (change) => {
      const plain = await configOf(await volumes.make());
      await takeName(change);
      const config = await configOf(await volumes.make());
      expect(config).toEqual(plain);
      expect(config.Labels).toEqual({
        'io.dockmaster.role': 'volume-helper',
        'io.dockmaster.instance': instance,
        'io.dockmaster.session': 'died',
        [DISCARD]: '',
        [PAUSED]: '',
      });
    });
  });

  describe('that a Dockmaster left when it died are removed by the next', () => {
    it('with the volume that was half restored, and what they paused runs on', async () => {
      const half = await volumes.make();
      const kept = await volumes.make();
      const user = await run(kept);
      await helperOf(half, { discards: true });
      await helperOf(kept, { writes: false, pauses: [user.id] });
      await user.pause();
      await sweep();
      expect([await volumes.helpers(half), await volumes.helpers(kept)]).toEqual([[], []]);
      expect(await volumes.names()).not.toContain(half);
      expect(await volumes.names()).toContain(kept);
      expect(await isPaused(user)).toBe(false);
    });

    it('and another’s are not', async () => {
      const volume = await volumes.make();
      const others = await helperOf(volume, { instance: 'another' });
      made.push(engine.getContainer(others));
      await sweep();
      expect((await volumes.helpers(volume)).map(({ Id }) => Id)).toEqual([others]);
    });

    /** As versions left them that took over what labels the image has. */
    const left = async (volume: string, labels: Record<string, string>, ofImage: string) => {
      await takeName(ofImage);
      await engine.createContainer({
        name: nameOfWriter(volume),
        Image: IMAGE,
        Cmd: ['/never-started'],
        Labels: {
          'io.dockmaster.role': 'volume-helper',
          'io.dockmaster.instance': instance,
          'io.dockmaster.session': 'died',
          ...labels,
        },
        HostConfig: { Mounts: [{ Type: 'volume', Source: volume, Target: '/volume' }] },
      });
    };

    it('and nothing else, whatever the labels of their image say', async () => {
      const [own, others] = [await volumes.make(), await volumes.make()];
      const paused = [await run(own), await run(others)];
      for (const container of paused) await container.pause();
      const ids = paused.map(({ id }) => id).join(',');
      for (const discards of [own, others]) {
        await left(own, {}, `LABEL ${DISCARD}=${discards} ${PAUSED}=${ids}`);
        await sweep();
        expect(await volumes.helpers(own)).toEqual([]);
        expect(await volumes.names()).toEqual(expect.arrayContaining([own, others]));
        expect(await Promise.all(paused.map(isPaused))).toEqual([true, true]);
      }
    });

    it('and what has to do with their own volume, whatever their labels say', async () => {
      const [own, others] = [await volumes.make(), await volumes.make()];
      const paused = [await run(own), await run(others)];
      for (const container of paused) await container.pause();
      const labels = { [DISCARD]: others, [PAUSED]: paused.map(({ id }) => id).join(',') };
      await left(own, labels, 'LABEL a=b');
      await sweep();
      expect(await volumes.helpers(own)).toEqual([]);
      expect(await volumes.names()).toEqual(expect.arrayContaining([own, others]));
      expect(await Promise.all(paused.map(isPaused))).toEqual([false, true]);
    });
  });

  it('are made of an image whose name a build cannot take', async () => {
    const developer = await app.user('builds-helpers', [{ role: 'developer' }]);
    const answer = await app
      .rest(developer)
      .post('/api/v1/engines/local/images/build')
      .send({ dockerfile: `FROM scratch\nLABEL ${DISCARD}=victim\n`, tags: [IMAGE] })
      .expect(400);
    expect(answer.body).toMatchObject({ code: 'invalid_input', detail: expect.stringContaining('reserved') });
  });
});
