import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestActor, TestApp } from './support/app.js';
import { eventually } from './support/eventually.js';
import { sharedEngine } from './support/shared-peers.js';
import { TestImages } from './support/test-images.js';

const ADDRESS = '127.0.0.1:5053';
const USERNAME = 'ci';
const PASSWORD = 's3cret-of-a-test';
const HTPASSWD = `${USERNAME}:$2y$05$abcdefghijklmnopqrstuuUye9KAb65Fza6CF.CT57kJsr9j2GQAG\n`;

/** A registry that lets nobody in without a password. */
describe('credentials of a registry', () => {
  let directory: string;
  let server: ChildProcess;
  let app: TestApp;
  let admin: TestActor;
  let images: TestImages;
  let name: string;
  let id: string;

  beforeAll(async () => {
    const engine = sharedEngine();
    directory = mkdtempSync(join(engine.directory, 'registry-'));
    writeFileSync(join(directory, 'htpasswd'), HTPASSWD);
    const configuration = {
      version: '0.1',
      log: { level: 'warn' },
      storage: { filesystem: { rootdirectory: directory } },
      http: { addr: ADDRESS },
      auth: { htpasswd: { realm: 'test', path: join(directory, 'htpasswd') } },
    };
    writeFileSync(join(directory, 'config.yml'), JSON.stringify(configuration));
    server = engine.spawn('docker-registry', ['serve', join(directory, 'config.yml')], { stdio: 'ignore' });
    await eventually(
      async () => {
        const ask = `busybox wget -O /dev/null http://${ADDRESS}/v2/ 2>&1 | grep -q 401`;
        const probe = engine.spawn('sh', ['-c', ask], { stdio: 'ignore' });
        return (await once(probe, 'exit'))[0] as number | null;
      },
      (code) => code === 0,
    );
    app = await TestApp.start();
    admin = await app.admin();
    images = new TestImages(app, admin);
    const made = await images.make(images.repository());
    name = `${ADDRESS}/${images.repository()}:v1`;
    ({ id } = made);
    await app
      .rest(admin)
      .post(`${images.at(id)}/tag`)
      .send({ name })
      .expect(204);
  });
  afterAll(async () => {
    await images.removeAll();
    await app.stop();
    const ended = once(server, 'exit');
    server.kill();
    await ended;
    rmSync(directory, { recursive: true, force: true });
  });

  const push = (body: object) => images.job(admin, `${encodeURIComponent(name)}/push`, body);
  async function pull(body: object = {}, actor = admin) {
    if (await images.has(name)) await app.rest(admin).delete(images.at(name)).expect(200);
    return images.job(actor, 'pull', { image: name, ...body });
  }

  it('that are given with a call are used for it, and told nobody', async () => {
    expect(await push({})).toMatchObject({ state: 'failed', error: { code: 'engine_error' } });
    expect(await push({ username: USERNAME, password: 'wrong-password' })).toMatchObject({ state: 'failed' });
    const pushed = await push({ username: USERNAME, password: PASSWORD });
    expect(pushed).toMatchObject({ state: 'succeeded' });
    expect(await pull()).toMatchObject({ state: 'failed' });
    const pulled = await pull({ username: USERNAME, password: PASSWORD });
    expect(pulled).toMatchObject({ state: 'succeeded' });
    expect((await images.get(admin, name)).id).toBe(id);
    const audit = await app.rest(admin).get('/api/v1/audit').query({ limit: 100 }).expect(200);
    expect(JSON.stringify([pushed, pulled, audit.body])).not.toContain(PASSWORD);
  });

  it('that are stored are used by who may use them: to push, to pull, to build', async () => {
    const stored = await app
      .rest(admin)
      .post('/api/v1/registries')
      .send({ name: 'protected', address: ADDRESS, insecure: true, username: USERNAME, password: PASSWORD })
      .expect(201);
    const { id: registry } = stored.body as { id: string };
    await app
      .rest(admin)
      .post(`${images.at(id)}/tag`)
      .send({ name })
      .expect(204);
    expect(await push({})).toMatchObject({ state: 'succeeded' });
    expect(await pull()).toMatchObject({ state: 'succeeded' });
    expect(await pull({ registry })).toMatchObject({ state: 'succeeded' });
    await app
      .rest(admin)
      .post(`${images.path}/pull`)
      .send({ image: '127.0.0.1:1/other/app', registry })
      .expect(400);

    await app.rest(admin).delete(images.at(name)).expect(200);
    const built = await images.job(admin, 'build', {
      dockerfile: `FROM ${name}\nENV A=b\n`,
      labels: { suite: images.suite },
    });
    expect(built).toMatchObject({ state: 'succeeded' });

    const puller = await app.user('puller', [{ role: 'developer', scope: { engines: ['*'] } }]);
    expect(await pull({}, puller)).toMatchObject({ state: 'succeeded' });
    const role = await app
      .rest(admin)
      .post('/api/v1/roles')
      .send({
        name: 'only-pulls',
        description: 'x',
        permissions: ['images:pull', 'images:list', 'images:get'],
      })
      .expect(201);
    const bare = await app.user('bare', [{ role: (role.body as { name: string }).name }]);
    expect(await pull({}, bare)).toMatchObject({ state: 'failed' });
    await app.rest(bare).post(`${images.path}/pull`).send({ image: name, registry }).expect(403);
  });
});
