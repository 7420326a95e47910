import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request as httpRequest } from 'node:http';
import { type TestActor, TestApp } from './support/app.js';
import { EngineProxy } from './support/engine-proxy.js';
import { eventually } from './support/eventually.js';
import { sharedEngine } from './support/shared-peers.js';
import { TestContainers } from './support/test-containers.js';

describe('a client that leaves before it has its answer', () => {
  const TOP = /\/top/;
  let proxy: EngineProxy;
  let app: TestApp;
  let admin: TestActor;
  let containers: TestContainers;

  beforeAll(async () => {
    proxy = await EngineProxy.start(sharedEngine().socketPath);
    app = await TestApp.start({ dockerHost: proxy.dockerHost });
    admin = await app.admin();
    containers = new TestContainers(app, admin);
  });
  afterAll(async () => {
    await containers.removeAll();
    await app.stop();
    await proxy.stop();
  });

  it('does not keep the engine busy with what it only wanted to read', async () => {
    const path = `${containers.path}/${(await containers.run()).id}/top`;
    proxy.stall(TOP);
    const request = httpRequest(`${app.url}${path}`, {
      headers: { authorization: admin.authorization },
    });
    request.on('error', () => undefined); // that it was cut off is what this test does
    request.end();
    await eventually(
      () => proxy.open(TOP),
      (open) => open === 1,
    );

    request.destroy();
    const left = await eventually(
      () => proxy.open(TOP),
      (open) => open === 0,
    );
    expect(left).toBe(0);
    proxy.heal();
    await app.rest(admin).get(path).expect(200);
  });
});
