import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ServiceDetails } from '../src/services/service.model.js';
import { type TestActor, TestApp } from './support/app.js';
import { Automation } from './support/automation.js';
import { PrivateEngine } from './support/private-engine.js';

const SERVICES = '/api/v1/engines/local/services';
/** Swarms take their time between tasks; here nobody waits for that. */
const QUICK = {
  restartPolicy: { condition: 'none' },
  updateConfig: { parallelism: 0, monitorSeconds: 1 },
  stopSignal: 'SIGKILL',
};

let engine: PrivateEngine;
let app: TestApp;
let admin: TestActor;
let automation: Automation;
let account: string;

beforeAll(async () => {
  engine = await PrivateEngine.start({ name: 'hooks' });
  for (const tag of ['v1', 'v2'])
    await engine.importBusybox(`app:${tag}`, { changes: [`LABEL version=${tag}`] });
  await engine.importBusybox('app:broken', { changes: ['ENTRYPOINT ["false"]'] });
  await engine.call('POST', '/swarm/init', {
    body: { ListenAddr: '127.0.0.1:2377', AdvertiseAddr: '127.0.0.1' },
  });
  app = await TestApp.start({ dockerHost: engine.dockerHost });
  admin = await app.admin();
  automation = new Automation(app, admin);
  account = await automation.serviceAccount();
  const input = { name: 'web', image: 'app:v1', command: ['sleep', '3600'], env: ['OWN=value'], ...QUICK };
  await app.rest(admin).post(SERVICES).send(input).expect(201);
});
afterAll(async () => {
  await app.stop();
  await engine.stop();
});

const web = async () =>
  (await app.rest(admin).get(`${SERVICES}/web?fresh=true`).expect(200)).body as ServiceDetails;

const specOf = ({ raw }: ServiceDetails) => (raw as { Spec: object }).Spec;

describe('a hook', () => {
  it('gives a service another tag of its image and another number of replicas, and tells of the end', async () => {
    const updating = await automation.hook({
      serviceAccountId: account,
      action: { kind: 'updateService', engine: 'local', target: 'web', timeoutSeconds: 60 },
      source: { take: ['tag'], pointers: { tag: '/tag' } },
    });
    expect(await automation.called(updating, { tag: 'v2' })).toMatchObject({
      state: 'succeeded',
      result: { image: 'app:v2', outcome: 'converged', running: 1 },
    });
    const scaling = await automation.hook({
      serviceAccountId: account,
      action: { kind: 'scaleService', engine: 'local', target: 'web', timeoutSeconds: 60 },
      source: { take: ['replicas'], pointers: { replicas: '/data/replicas' } },
    });
    expect(await automation.called(scaling, { data: { replicas: 2 } })).toMatchObject({
      state: 'succeeded',
      result: { outcome: 'converged', running: 2 },
    });
    expect(JSON.stringify((await web()).raw)).toMatch(/app:v2.*OWN=value|OWN=value.*app:v2/);
    const audited = await automation.audited(account);
    expect(audited).toContainEqual(
      expect.objectContaining({ operation: 'ServiceUpdate', outcome: 'succeeded', door: 'hook' }),
    );
  });

  it('tells honestly of an update that the swarm gave up', async () => {
    const breaking = await automation.hook({
      serviceAccountId: account,
      action: { kind: 'updateService', engine: 'local', target: 'web', tag: 'broken', timeoutSeconds: 60 },
    });
    expect(await automation.called(breaking)).toMatchObject({
      state: 'failed',
      error: { code: 'engine_error' },
    });
  });

  it('does nothing to a service that is not its service account’s to change', async () => {
    const viewer = await automation.serviceAccount([{ role: 'viewer' }]);
    const before = specOf(await web());
    const hook = await automation.hook({
      serviceAccountId: viewer,
      action: { kind: 'scaleService', engine: 'local', target: 'web', replicas: 9 },
    });
    expect(hook.missingPermissions).toEqual(['services:update']);
    expect(await automation.called(hook)).toMatchObject({ state: 'failed', error: { code: 'forbidden' } });
    expect(specOf(await web())).toEqual(before);
  });
});
