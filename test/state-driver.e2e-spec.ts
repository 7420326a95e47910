import { randomInt } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toContainer } from '../src/containers/container.mapper.js';
import type { Container } from '../src/containers/container.model.js';
import { type TestActor, TestApp } from './support/app.js';
import { ContainerDriver } from './support/container-driver.js';
import { ContainerMirror } from './support/container-mirror.js';
import { EngineProxy } from './support/engine-proxy.js';
import { eventually } from './support/eventually.js';
import { FaultyLink } from './support/faulty-link.js';
import { PrivateEngine } from './support/private-engine.js';

/** Seeds that once found a mistake. */
const KEPT_SEEDS: number[] = [];
const DRIVEN_MS = 3_500;
const CONTAINERS = '/api/v1/engines/local/containers';

/** `DOCKMASTER_TEST_SEED` runs one again, `DOCKMASTER_TEST_SEEDS` so many new ones. */
function seeds(): number[] {
  const { DOCKMASTER_TEST_SEED: one, DOCKMASTER_TEST_SEEDS: count = '2' } = process.env;
  if (one !== undefined) return [Number(one)];
  return [...KEPT_SEEDS, ...Array.from({ length: Number(count) }, () => randomInt(1, 1_000_000))];
}

describe('what memory says, after containers were changed as fast as the engine can, over a bad line', () => {
  let engine: PrivateEngine;
  let link: FaultyLink;
  let proxy: EngineProxy;
  let app: TestApp;
  let admin: TestActor;
  let viewer: TestActor;

  beforeAll(async () => {
    engine = await PrivateEngine.start({ name: 'driven' });
    await engine.importBusybox();
    link = await FaultyLink.start(engine.socketPath);
    proxy = await EngineProxy.start(link.socketPath);
    app = await TestApp.start({ dockerHost: proxy.dockerHost });
    admin = await app.admin();
    viewer = await app.user('web-viewer', [
      { role: 'viewer', scope: { engines: ['*'], labelSelector: 'team=web' } },
    ]);
  });
  afterAll(async () => {
    await app.stop();
    await proxy.stop();
    await link.stop();
    await engine.ensureReady();
    await new ContainerDriver(engine, 0).clear();
    await engine.stop();
  });

  const listed = async (actor: TestActor): Promise<Container[]> => {
    return ((await app.rest(actor).get(CONTAINERS).expect(200)).body as { items: Container[] }).items;
  };
  const details = async (id: string, fresh: boolean): Promise<unknown> => {
    const answer = await app.rest(admin).get(`${CONTAINERS}/${id}`).query({ fresh }).expect(200);
    return { ...(answer.body as object), status: '', syncedAt: '' };
  };

  it.each(seeds())('is what the engine says, for everybody (seed %i)', async (seed) => {
    const mirrors = {
      all: new ContainerMirror(app, admin),
      returning: new ContainerMirror(app, admin),
      web: new ContainerMirror(app, viewer),
    };
    const driver = new ContainerDriver(engine, seed);
    const truth = async () => (await driver.existing()).map((document) => toContainer('local', document));
    const differences = async (): Promise<string[]> => {
      const all = await truth();
      const web = all.filter(({ labels }) => labels['team'] === 'web');
      return [
        ...differing('list', all, await listed(admin)),
        ...differing('list of some', web, await listed(viewer)),
        ...differing('watched', all, mirrors.all.containers.values()),
        ...differing('watched by who leaves and returns', all, mirrors.returning.containers.values()),
        ...differing('some watched', web, mirrors.web.containers.values()),
      ];
    };
    const losing = setInterval(() => mirrors.returning.lose(), 150);
    try {
      await driver.prepare();
      await driver.run(DRIVEN_MS, { link, proxy });
      clearInterval(losing);

      await eventually(differences, (found) => found.length === 0);
      for (const { id } of await truth()) expect(await details(id, false)).toEqual(await details(id, true));
      const { all, returning, web } = mirrors;
      expect([all.failure, returning.failure, web.failure]).toEqual([undefined, undefined, undefined]);
      expect([all.returns, web.returns]).toEqual([0, 0]);
      expect(returning.returns).toBeGreaterThan(3);
    } finally {
      clearInterval(losing);
      for (const mirror of Object.values(mirrors)) await mirror.stop();
    }
    if (process.env['TEST_LOG_LEVEL'] !== undefined)
      process.stdout.write(`seed ${String(seed)}: ${JSON.stringify(driver.done)}\n`);
  });
});

/** Object by object; the status text, which tells ages, apart. */
function differing(what: string, wanted: Iterable<Container>, found: Iterable<Container>): string[] {
  const [wantedById, foundById] = [wanted, found].map(byId);
  const ids = new Set([...(wantedById?.keys() ?? []), ...(foundById?.keys() ?? [])]);
  return [...ids]
    .filter((id) => !isDeepStrictEqual(wantedById?.get(id), foundById?.get(id)))
    .map((id) => JSON.stringify({ what, wanted: wantedById?.get(id), found: foundById?.get(id) }));
}

function byId(containers: Iterable<Container>): Map<string, Omit<Container, 'status'>> {
  // Cloned: objects of the program and of the test are of different makers, which counts as a difference.
  return new Map(
    [...containers].map(({ status: _status, ...container }) => [container.id, structuredClone(container)]),
  );
}
