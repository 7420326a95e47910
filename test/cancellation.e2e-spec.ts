import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request as httpRequest } from 'node:http';
import { type TestActor, TestApp } from './support/app.js';
import { EngineProxy } from './support/engine-proxy.js';
import { eventually } from './support/eventually.js';
import { sharedEngine } from './support/shared-peers.js';

describe('a client that leaves before it has its answer', () => {
  const LIST = /\/containers\/json/;
  let proxy: EngineProxy;
  let app: TestApp;
  let admin: TestActor;

  beforeAll(async () => {
    proxy = await EngineProxy.start(sharedEngine().socketPath);
    app = await TestApp.start({ dockerHost: proxy.dockerHost });
    admin = await app.admin();
  });
  afterAll(async () => {
    await app.stop();
    await proxy.stop();
  });

  it('does not keep the engine busy with what it only wanted to read', async () => {
    proxy.stall(LIST);
    const request = httpRequest(`${app.url}/api/v1/engines/local/containers`, {
      headers: { authorization: admin.authorization },
    });
    request.on('error', () => undefined); // that it was cut off is what this test does
    request.end();
    await eventually(
      () => proxy.open(LIST),
      (open) => open === 1,
    );

    request.destroy();
    const left = await eventually(
      () => proxy.open(LIST),
      (open) => open === 0,
    );
    expect(left).toBe(0);
    proxy.heal();
    await app.rest(admin).get('/api/v1/engines/local/containers').expect(200);
  });
});
