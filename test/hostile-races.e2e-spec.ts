import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import type { TestActor } from './support/app.js';
import { eventually } from './support/eventually.js';
import { HostileGround } from './support/hostile-ground.js';
import { sharedEngine } from './support/shared-peers.js';

const VOLUMES = 'engines/local/volumes';
const CONTAINERS = 'engines/local/containers';
const OF_CREATES = /\/(containers|volumes)\/create/;

/** What a name means may change between a decision and the call that it was made for. */
describe('in the moment between a decision and its call', () => {
  let ground: HostileGround;
  let web: TestActor;
  let db: TestActor;
  const volumes: string[] = [];
  const within = (team: string) => ({ engines: ['*'], labelSelector: `team=${team}` });

  beforeAll(async () => {
    ground = await HostileGround.start();
    web = await ground.app.user('web', [{ role: 'developer', scope: within('web') }]);
    db = await ground.app.user('db', [{ role: 'developer', scope: within('db') }]);
  });
  afterAll(async () => {
    await ground.containers.removeAll();
    for (const name of volumes) await sharedEngine().call('DELETE', `/volumes/${name}?force=1`);
    await ground.stop();
  });

  const named = () => {
    const name = ground.containers.name('volume');
    volumes.push(name);
    return name;
  };
  const makeVolume = (actor: TestActor, team: string, name: string, rest = {}) =>
    ground.rest(actor, ['post', VOLUMES, { name, labels: { team }, ...rest }]);
  const makeContainer = (actor: TestActor, team: string, source: string) =>
    ground.rest(actor, [
      'post',
      CONTAINERS,
      {
        image: 'busybox',
        labels: { ...ground.containers.labels, team },
        mounts: [{ type: 'volume', source, target: '/data', volume: { labels: { team } } }],
      },
    ]);
  const seenBy = async (actor: TestActor, name: string) =>
    (await ground.rest(actor, ['get', `${VOLUMES}/${name}?fresh=true`])).status;
  const mounts = async (name: string) =>
    (await ground.containers.onEngine()).filter(({ Mounts }) => Mounts.some(({ Name }) => Name === name))
      .length;
  /** What `other` is answered when it comes after the decision on `first`, and before its call. */
  const between = async <T>(
    first: () => Promise<T>,
    other: () => Promise<T>,
  ): Promise<[first: T, other: T]> => {
    let answer: T | undefined;
    ground.recording.before(OF_CREATES, async () => {
      answer = await other();
    });
    const answered = await first();
    return [answered, answer as T];
  };

  describe.each<[string, typeof makeContainer, string, typeof makeContainer]>([
    ['a container', makeContainer, 'a volume', makeVolume],
    ['a volume', makeVolume, 'a container', makeContainer],
    ['a container', makeContainer, 'a container', makeContainer],
    ['a volume', makeVolume, 'a volume', makeVolume],
  ])('a volume’s name that is taken by %s', (_first, first, _other, other) => {
    it(`is not taken by ${_other} of others, which is neither made nor let in`, async () => {
      const name = named();
      const answers = await between(
        () => first(web, 'web', name),
        () => other(db, 'db', name),
      );
      expect(answers).toMatchObject([{ status: 201 }, { status: 409, code: 'conflict' }]);
      expect([await seenBy(web, name), await seenBy(db, name)]).toEqual([200, 404]);
      expect(await mounts(name)).toBe(first === makeContainer ? 1 : 0);
    });

    it(`may be taken by ${_other} of its own at once`, async () => {
      const name = named();
      const answers = await between(
        () => first(web, 'web', name),
        () => other(web, 'web', name),
      );
      expect(answers).toMatchObject([{ status: 201 }, { status: 201 }]);
      expect(await seenBy(web, name)).toBe(200);
    });
  });

  it('a volume that is removed and made anew by others is not mounted', async () => {
    const name = named();
    expect(await makeVolume(web, 'web', name)).toMatchObject({ status: 201 });
    const remade = async () => {
      expect(await ground.rest(web, ['delete', `${VOLUMES}/${name}`])).toMatchObject({ status: 204 });
      return makeVolume(db, 'db', name);
    };
    const answers = await between(() => makeContainer(web, 'web', name), remade);
    expect(answers).toMatchObject([{ status: 409, code: 'conflict' }, { status: 201 }]);
    expect(await mounts(name)).toBe(0);
    expect([await seenBy(web, name), await seenBy(db, name)]).toEqual([404, 200]);
  });

  it('a volume that is removed, and made anew, past Dockmaster is nobody’s', async () => {
    const owner = await ground.app.user('owner', [
      { role: 'developer', scope: { engines: ['*'], owned: true } },
    ]);
    const name = named();
    expect(await makeVolume(owner, 'any', name)).toMatchObject({ status: 201 });
    expect(await seenBy(owner, name)).toBe(200);
    await pause(1_100); // of what is gone a second later than it was made it is sure that it is not made anew by the same
    await sharedEngine().call('DELETE', `/volumes/${name}`);
    await sharedEngine().call('POST', '/volumes/create', { body: { Name: name } });
    await eventually(
      () => seenBy(owner, name),
      (status) => status === 404,
    );
    expect(await ground.rest(owner, ['delete', `${VOLUMES}/${name}`])).toMatchObject({ status: 404 });
  });

  it('a name whose volume was not made is free again', async () => {
    const name = named();
    const wrong = { driverOptions: { 'no-such-option': 'a' } };
    expect(await makeVolume(ground.admin, 'db', name, wrong)).toMatchObject({ status: 400 });
    expect(await makeVolume(web, 'web', name)).toMatchObject({ status: 201 });
    expect(await seenBy(web, name)).toBe(200);
  });
});
