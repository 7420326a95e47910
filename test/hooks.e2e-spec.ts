import { createHmac, randomInt } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ContainerInspectInfo } from 'dockerode';
import { OwnershipService } from '../src/access/ownership.service.js';
import type { AutomationRun } from '../src/automation/automation-run.model.js';
import { DATABASE } from '../src/database/database.token.js';
import type { Database } from '../src/database/schema.js';
import type { HookReceipt } from '../src/hooks/hook.model.js';
import { type TestActor, TestApp } from './support/app.js';
import { Automation, type MadeHook } from './support/automation.js';
import { DockmasterProcess, temporaryDataDir } from './support/dockmaster-process.js';
import { eventually } from './support/eventually.js';
import { Registry } from './support/registry.js';
import { sharedEngine } from './support/shared-peers.js';
import { TestContainers } from './support/test-containers.js';
import { TestImages } from './support/test-images.js';
import { WayOut } from './support/way-out.js';

const REGISTRY_PORT = 5_063;
const WAY_OUT_PORT = 5_064;
const QUICK = { settleSeconds: 0, pull: false } as const;

let app: TestApp;
let admin: TestActor;
let containers: TestContainers;
let images: TestImages;
let automation: Automation;
/** Of other users. */
const others: TestContainers[] = [];
const networks = new Set<string>();
const volumes = new Set<string>();

beforeAll(async () => {
  app = await TestApp.start();
  admin = await app.admin();
  containers = new TestContainers(app, admin);
  images = new TestImages(app, admin);
  automation = new Automation(app, admin);
});
afterEach(async () => {
  for (const one of [containers, ...others.splice(0)]) await one.removeAll();
  await images.removeAll();
  for (const network of networks) await containers.engine.getNetwork(network).remove();
  for (const volume of volumes) await containers.engine.getVolume(volume).remove();
  networks.clear();
  volumes.clear();
});
afterAll(() => app.stop());

/** Shell that goes on until it is stopped. */
const goesOn = (first: string): string[] => ['sh', '-c', `${first}; trap 'exit 0' TERM; sleep 600 & wait`];

const call = (
  hook: { readonly path: string },
  body: object | string = {},
  headers: Record<string, string> = {},
) => app.rest().post(hook.path).set(headers).set('content-type', 'application/json').send(body);

async function contentOf(id: string, path: string): Promise<string> {
  const exec = await containers.engine
    .getContainer(id)
    .exec({ Cmd: ['cat', path], AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({});
  let text = '';
  for await (const part of stream) text += String(part).replace(/[^\x20-\x7e]/g, '');
  return text;
}

describe('a push to a registry', () => {
  let registry: Registry | undefined;
  let wayOut: WayOut | undefined;
  afterEach(async () => {
    await registry?.stop();
    await wayOut?.stop();
  });

  it('has the container re-created from the new image, as it was in all else', async () => {
    const image = `127.0.0.1:${REGISTRY_PORT}/${images.suite}/app:live`;
    await images.make(image, {
      changes: ['VOLUME /data', 'ENV VERSION=1', 'ENV FROM_IMAGE=yes', 'LABEL version=1'],
    });
    const base = `10.${randomInt(100, 250)}.${randomInt(0, 255)}`;
    const network = await containers.engine.createNetwork({
      Name: containers.name('network'),
      IPAM: { Config: [{ Subnet: `${base}.0/24` }] },
    });
    const other = await containers.engine.createNetwork({ Name: containers.name('network') });
    networks.add(network.id).add(other.id);
    const volume = containers.name('volume');
    volumes.add(volume);
    const developer = await app.user('deployer', [{ role: 'developer' }]);
    const team = new TestContainers(app, developer);
    others.push(team);
    const name = containers.name('web');
    const before = await team.run({
      name,
      image,
      command: goesOn('echo kept > /data/anonymous; echo kept > /named/file'),
      env: ['OWN=value'],
      labels: { own: 'label' },
      mounts: [{ type: 'volume', source: volume, target: '/named' }],
      networks: [
        { name: network.id, aliases: ['database'], ipv4Address: `${base}.77` },
        { name: other.id, aliases: ['other-alias'] },
      ],
      restartPolicy: { name: 'on-failure', maximumRetryCount: 3 },
      resources: { memory: 64 * 1024 * 1024 },
      hostname: 'web-host',
    });
    const old = await containers.inspect(before.id);

    const account = await automation.serviceAccount();
    const hook = await automation.hook({
      serviceAccountId: account,
      action: { kind: 'recreateContainer', engine: 'local', target: name, recreate: { settleSeconds: 1 } },
      source: { format: 'distribution', repositories: [`${images.suite}/app`], tags: ['live'] },
    });
    expect(hook.missingPermissions).toEqual([]);
    wayOut = await WayOut.start(sharedEngine(), WAY_OUT_PORT, app.url);
    registry = await Registry.start(sharedEngine(), {
      port: REGISTRY_PORT,
      tells: `http://127.0.0.1:${WAY_OUT_PORT}${hook.path}`,
    });
    // Tagged in the registry alone: so the engine has to fetch it.
    const nextName = image.replace(/live$/, 'next');
    const next = await images.make(nextName, {
      changes: ['VOLUME /data', 'ENV VERSION=2', 'ENV FROM_IMAGE=yes', 'LABEL version=2'],
    });
    const pushed = await images.job(admin, `${encodeURIComponent(nextName)}/push`);
    expect(pushed.state).toBe('succeeded');
    await images.engine.call('DELETE', `/images/${encodeURIComponent(nextName)}?force=1`);
    await registry.retag(`${images.suite}/app`, 'next', 'live');

    const [run] = await eventually(
      () => automation.runsOf('hooks', hook.hook.id),
      (runs) => runs[0]?.finishedAt != null,
    );
    expect(run).toMatchObject({
      state: 'succeeded',
      error: null,
      result: { recreated: true, imageId: next.id, previousContainerId: old.Id },
    });
    const renewed = await containers.inspect(name);
    expect(renewed.Id).toBe((run?.result as { containerId: string }).containerId);
    expect(renewed.Id).not.toBe(old.Id);
    expect(renewed.Image).toBe(next.id);
    expect(renewed.State.Running).toBe(true);
    expect(renewed.Config.Env).toEqual(expect.arrayContaining(['OWN=value', 'VERSION=2', 'FROM_IMAGE=yes']));
    expect(renewed.Config.Labels).toMatchObject({ own: 'label', version: '2', ...team.labels });
    expect(renewed.Config.Hostname).toBe('web-host');
    expect(renewed.Config.Cmd).toEqual(old.Config.Cmd);
    const { RestartPolicy, Memory } = renewed.HostConfig;
    expect({ RestartPolicy, Memory }).toEqual({
      RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 },
      Memory: 64 * 1024 * 1024,
    });
    expect(volumesOf(renewed)).toEqual(volumesOf(old));
    const [fixed, second] = [network, other].map(({ id }) =>
      Object.values(renewed.NetworkSettings.Networks).find(({ NetworkID }) => NetworkID === id),
    );
    expect(fixed?.IPAddress).toBe(`${base}.77`);
    expect(fixed?.Aliases).toContain('database');
    expect(fixed?.Aliases).not.toContain(old.Id.slice(0, 12));
    expect(second?.Aliases).toContain('other-alias');
    expect(Object.keys(renewed.NetworkSettings.Networks)).toHaveLength(2);
    expect(await contentOf(renewed.Id, '/data/anonymous')).toBe('kept');
    expect(await contentOf(renewed.Id, '/named/file')).toBe('kept');
    expect(await containers.exists(old.Id)).toBe(false);

    const owner = await app.nest.get(OwnershipService).find('local', 'container', renewed.Id);
    expect(owner).toMatchObject({ ownerKind: 'user', ownerId: developer.id, name });
    const audited = await automation.audited(account);
    expect(audited.map(({ operation }) => operation)).toEqual(
      expect.arrayContaining([
        'ImageCreate',
        'ContainerCreate',
        'ContainerStop',
        'ContainerRename',
        'ContainerDelete',
      ]),
    );
    expect(new Set(audited.map(({ door, outcome }) => `${door} ${outcome}`))).toEqual(
      new Set(['hook succeeded']),
    );
  });
});

function volumesOf({ Mounts }: ContainerInspectInfo) {
  return Mounts.map(({ Type, Name, Destination, RW }) => ({ Type, Name, Destination, RW })).sort((one, two) =>
    one.Destination.localeCompare(two.Destination),
  );
}

describe('a container that is re-created', () => {
  let account: string;
  beforeAll(async () => {
    account = await automation.serviceAccount();
  });
  const recreating = (target: string, recreate: object = {}, tag?: string, serviceAccountId = account) =>
    automation.hook({
      serviceAccountId,
      action: {
        kind: 'recreateContainer',
        engine: 'local',
        target,
        recreate: { ...QUICK, ...recreate },
        ...(tag === undefined ? {} : { tag }),
      },
    });

  it('stays where its image is what it was', async () => {
    const { id, name } = await containers.run({ name: containers.name() });
    const run = await automation.called(await recreating(name));
    expect(run).toMatchObject({ state: 'succeeded', result: { recreated: false, containerId: id } });
    const again = await automation.called(await recreating(name, { always: true }));
    expect(again).toMatchObject({ state: 'succeeded', result: { recreated: true, previousContainerId: id } });
    expect((await containers.inspect(name)).Id).not.toBe(id);
  });

  it('comes back with all that it had where the new one is not healthy', async () => {
    const repository = images.repository();
    await images.make(`${repository}:good`, {
      changes: ['VOLUME /data', 'HEALTHCHECK --interval=1s CMD true'],
    });
    await images.make(`${repository}:bad`, {
      changes: ['VOLUME /data', 'HEALTHCHECK --interval=1s --retries=1 CMD echo broken; false'],
    });
    const { id, name } = await containers.run({
      name: containers.name(),
      image: `${repository}:good`,
      command: goesOn('[ -e /data/file ] || echo first > /data/file'),
    });
    const old = await containers.inspect(id);
    const hook = await recreating(name, {}, 'bad');
    const run = await automation.called(hook);
    expect(run).toMatchObject({
      state: 'failed',
      error: { code: 'conflict', message: expect.stringMatching(/unhealthy; the old one is back$/) },
    });
    const back = await containers.inspect(name);
    expect(back).toMatchObject({ Id: id, Image: old.Image, State: { Running: true } });
    expect(volumesOf(back)).toEqual(volumesOf(old));
    expect(await contentOf(id, '/data/file')).toBe('first');
    expect(await containers.onEngine()).toHaveLength(1);
    const log = await app
      .rest(admin)
      .get(`/api/v1/jobs/${run.jobId ?? ''}/log`)
      .expect(200);
    expect(JSON.stringify(log.body)).toContain('broken');
  });

  it('comes back where the new one ends at once, and where it can not start', async () => {
    const repository = images.repository();
    await images.make(`${repository}:good`);
    await images.make(`${repository}:ends`, { changes: ['ENTRYPOINT ["false"]'] });
    await images.make(`${repository}:none`, { changes: ['ENTRYPOINT ["/no-such-program"]'] });
    const { id, name } = await containers.run({ name: containers.name(), image: `${repository}:good` });
    for (const tag of ['ends', 'none']) {
      const run = await automation.called(await recreating(name, { settleSeconds: 3 }, tag));
      expect(run).toMatchObject({
        state: 'failed',
        error: { message: expect.stringContaining('the old one is back') },
      });
      expect(await containers.inspect(name)).toMatchObject({ Id: id, State: { Running: true } });
    }
    expect(await containers.onEngine()).toHaveLength(1);
  });

  it('is told what is in the way before anything happens to it', async () => {
    const removed = await containers.run({ name: containers.name(), autoRemove: true });
    const run = await automation.called(await recreating(removed.name, { always: true }));
    expect(run).toMatchObject({ state: 'failed', error: { code: 'conflict' } });
    const { name, id } = await containers.run({ name: containers.name() });
    const missing = await automation.called(await recreating(name, {}, 'no-such-tag'));
    expect(missing).toMatchObject({ state: 'failed', error: { code: 'not_found' } });
    expect(await containers.inspect(name)).toMatchObject({ Id: id, State: { Running: true } });
  });

  it('is judged again: one above the level of the service account stays as it is', async () => {
    const { id, name } = await containers.create({ name: containers.name(), security: { privileged: true } });
    const run = await automation.called(await recreating(name, { always: true }));
    expect(run).toMatchObject({
      state: 'failed',
      error: { code: 'policy_violation', message: expect.stringContaining('privilegedContainers') },
    });
    expect(await containers.inspect(name)).toMatchObject({ Id: id, Name: `/${name}` });
    const audited = await automation.audited(account);
    expect(audited).toContainEqual(
      expect.objectContaining({ operation: 'ContainerCreate', outcome: 'refused', door: 'hook' }),
    );
  });

  it('keeps volumes that the service account could mount in no other container', async () => {
    const scoped = await automation.serviceAccount([
      { role: 'developer', scope: { engines: ['*'], labelSelector: containers.selector } },
      { role: 'viewer' },
    ]);
    const repository = images.repository();
    await images.make(`${repository}:one`, { changes: ['VOLUME /data'] });
    await images.make(`${repository}:two`, { changes: ['VOLUME /data'] });
    const { name } = await containers.run({
      name: containers.name(),
      image: `${repository}:one`,
      command: goesOn('[ -e /data/file ] || echo first > /data/file'),
    });
    const old = await containers.inspect(name);
    const run = await automation.called(await recreating(name, {}, 'two', scoped));
    expect(run).toMatchObject({ state: 'succeeded', error: null });
    expect(volumesOf(await containers.inspect(name))).toEqual(volumesOf(old));
    const [volume = ''] = old.Mounts.map(({ Name = '' }) => Name);
    const stolen = await automation.hook({
      serviceAccountId: scoped,
      action: {
        kind: 'runContainer',
        engine: 'local',
        run: {
          image: 'busybox',
          command: ['cat', '/data/file'],
          labels: containers.labels,
          mounts: [{ type: 'volume', source: volume, target: '/data' }],
        },
      },
    });
    expect(await automation.called(stolen)).toMatchObject({ state: 'failed', error: { code: 'not_found' } });
  });

  it('of somebody else is not there for the service account, which is recorded', async () => {
    const own = await automation.serviceAccount([
      { role: 'developer', scope: { engines: ['*'], owned: true } },
    ]);
    const { id, name } = await containers.run({ name: containers.name() });
    for (const kind of ['recreateContainer', 'stopContainer'] as const) {
      const hook = await automation.hook({
        serviceAccountId: own,
        action: { kind, engine: 'local', target: name },
      });
      expect(await automation.called(hook)).toMatchObject({ state: 'failed', error: { code: 'not_found' } });
    }
    expect(await containers.inspect(name)).toMatchObject({ Id: id, State: { Running: true } });
    const audited = await automation.audited(own);
    for (const operation of ['ContainerInspect', 'ContainerStop'])
      expect(audited).toContainEqual(
        expect.objectContaining({ operation, outcome: 'refused', door: 'hook' }),
      );
  });

  it('comes back at the next start where Dockmaster was killed meanwhile', async () => {
    const repository = images.repository();
    await images.make(`${repository}:good`);
    await images.make(`${repository}:slow`, { changes: ['HEALTHCHECK --interval=600s CMD true'] });
    const { id, name } = await containers.run({ name: containers.name(), image: `${repository}:good` });
    const data = await temporaryDataDir();
    const options = { dockerHost: sharedEngine().dockerHost, dataDir: data.path };
    let dockmaster = await DockmasterProcess.start(options);
    try {
      const root = await dockmaster.admin();
      const rest = () => dockmaster.rest(root);
      const made = await rest().post('/api/v1/service-accounts').send({ name: 'robot' }).expect(201);
      const { id: robot } = made.body as { id: string };
      await rest()
        .post('/api/v1/role-bindings')
        .send({
          role: 'developer',
          subject: { kind: 'serviceAccount', id: robot },
          scope: { engines: ['*'] },
        })
        .expect(201);
      const action = {
        kind: 'recreateContainer',
        engine: 'local',
        target: name,
        tag: 'slow',
        recreate: QUICK,
      };
      const hook = await rest()
        .post('/api/v1/hooks')
        .send({ name: 'kill', serviceAccountId: robot, action })
        .expect(201);
      const { path, token } = hook.body as MadeHook;
      await dockmaster.rest().post(path).send({}).expect(202);
      await eventually(
        () => containers.inspect(name).catch(() => undefined),
        (found) => found !== undefined && found.Id !== id && found.State.Running,
      );
      expect((await containers.inspect(id)).State.Running).toBe(false);
      expect(dockmaster.log).not.toContain(token);
      await dockmaster.end('SIGKILL');
      dockmaster = await DockmasterProcess.start(options);
      await eventually(
        () => containers.inspect(name).catch(() => undefined),
        (found) => found?.Id === id && found.State.Running,
      );
      expect(await containers.onEngine()).toHaveLength(1);
    } finally {
      await dockmaster.end();
      await data.remove();
    }
  });
});

describe('a hook', () => {
  let account: string;
  let name: string;
  beforeAll(async () => {
    account = await automation.serviceAccount();
  });
  const starting = (more: Partial<Parameters<Automation['hook']>[0]> = {}) =>
    automation.hook({
      serviceAccountId: account,
      action: { kind: 'startContainer', engine: 'local', target: name },
      ...more,
    });

  it('is not told from one that there is not, where it may not be called', async () => {
    ({ name } = await containers.create({ name: containers.name() }));
    const off = await starting({ enabled: false });
    const elsewhere = await starting({ allowedAddresses: ['192.0.2.0/24', '2001:db8::/32'] });
    const here = await starting({ allowedAddresses: ['127.0.0.0/8'] });
    const gone = await starting();
    await app.rest(admin).delete(`/api/v1/hooks/${gone.hook.id}`).expect(204);
    const paths = [off, elsewhere, gone].map(({ path }) => path);
    const answers = new Set<string>();
    for (const path of [...paths, '/hooks/x', '/hooks/%00', `/hooks/dmh_${'a'.repeat(43)}`]) {
      for (const answer of [
        await app.rest().post(path).send({}).expect(404),
        await app.rest().get(`${path}/runs/019b76da-a800-7123-8abc-0123456789ab`).expect(404),
      ]) {
        const { requestId: _, ...problem } = answer.body as { requestId: string };
        answers.add(JSON.stringify(problem));
      }
    }
    expect([...answers]).toHaveLength(1);
    expect(await automation.audited(account)).toContainEqual(
      expect.objectContaining({ operation: 'hooks:call', outcome: 'refused', door: 'hook' }),
    );
    await call(here).expect(202);
  });

  it('shows what became of its own calls only', async () => {
    ({ name } = await containers.create({ name: containers.name() }));
    const [one, other] = [await starting(), await starting()];
    const answer = await call(one).expect(202);
    const { id, jobId } = answer.body as HookReceipt;
    expect(answer.headers['location']).toBe(`${one.path}/runs/${id ?? ''}`);
    expect(await automation.ended(one, id ?? '')).toMatchObject({
      id,
      jobId,
      state: 'succeeded',
      dueAt: null,
    });
    await app
      .rest()
      .get(`${other.path}/runs/${id ?? ''}`)
      .expect(404);
    expect((await containers.inspect(name)).State.Running).toBe(true);
  });

  it.each(['github', 'hmac'] as const)('verifies %s signatures over the very bytes', async (signature) => {
    ({ name } = await containers.create({ name: containers.name() }));
    const secret = 'a secret of many letters';
    const format = signature === 'github' ? ('github' as const) : ('json' as const);
    const hook = await starting({ secret, source: { format, signature } });
    const header = signature === 'github' ? 'x-hub-signature-256' : 'x-signature';
    const sign = (body: string, key = secret) =>
      `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
    const push = (spaces: number) =>
      JSON.stringify({ ref: 'refs/tags/v1', repository: { full_name: 'team/app' } }, null, spaces);
    const event = { 'x-github-event': 'push' };
    const body = push(2);
    for (const wrong of [sign(push(0)), sign(body, ''), sign(body, 'another'), 'sha256=', 'sha256=00', ''])
      await call(hook, body, { ...event, [header]: wrong }).expect(403);
    await call(hook, body, event).expect(403);
    const answer = await call(hook, body, { ...event, [header]: sign(body) }).expect(202);
    const { id } = answer.body as HookReceipt;
    await automation.ended(hook, id ?? '');
    // Whoever listened to it can say the same again, with another delivery id even: nothing is done again.
    const again = await call(hook, body, { ...event, [header]: sign(body), 'x-github-delivery': 'another' });
    expect(again.body).toMatchObject({ id, repeated: true });
    expect(await automation.runsOf('hooks', hook.hook.id)).toHaveLength(1);
    expect(await automation.audited(account)).toContainEqual(
      expect.objectContaining({ operation: 'hooks:call', outcome: 'refused' }),
    );
  });

  it('verifies the Standard Webhooks scheme, and does a delivery once', async () => {
    ({ name } = await containers.create({ name: containers.name() }));
    const hook = await starting({ source: { signature: 'standardWebhooks' } });
    expect(hook.secret).toMatch(/^whsec_/);
    const key = Buffer.from((hook.secret ?? '').slice('whsec_'.length), 'base64');
    const send = (id: string, at: number, body = '{}') => {
      const seconds = String(Math.floor(at / 1_000));
      const mac = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
      const signature = `v1,${Buffer.alloc(32).toString('base64')} v1,${mac}`;
      return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signature };
    };
    const now = Date.now();
    await call(hook, '{}', send('old', now - 6 * 60_000)).expect(403);
    await call(hook, '{"a":1}', send('changed', now)).expect(403);
    await call(hook, '{}', { ...send('one', now), 'webhook-id': 'two' }).expect(403);
    const first = await call(hook, '{}', send('one', now)).expect(202);
    const second = await call(hook, '{}', send('one', now)).expect(202);
    expect(second.body).toMatchObject({ id: (first.body as HookReceipt).id, repeated: true });
    const third = await call(hook, '{}', send('three', now)).expect(202);
    expect(third.body).toMatchObject({ repeated: false });
  });

  it('takes from a payload what it was told to, checked, and nothing else', async () => {
    const repository = images.repository();
    for (const tag of ['v1', 'v2']) await images.make(`${repository}:${tag}`);
    ({ name } = await containers.run({ name: containers.name(), image: `${repository}:v1` }));
    const other = await containers.run({ name: containers.name() });
    const hook = await automation.hook({
      serviceAccountId: account,
      action: { kind: 'recreateContainer', engine: 'local', target: name, recreate: QUICK },
      source: { take: ['tag'], pointers: { tag: '/image/0/a~1tag' } },
    });
    for (const tag of ['../v2', 'v2@sha256:0', 'v2 ', '', 7, { length: 1 }, undefined])
      await call(hook, { image: [{ 'a/tag': tag }] }).expect(400);
    await call(hook, '{"image":').expect(400);
    await call(hook, { padding: 'x'.repeat(300_000) }).expect(413);
    const payload = { image: [{ 'a/tag': 'v2' }], target: other.name, action: { target: other.name } };
    expect(await automation.called(hook, payload)).toMatchObject({ state: 'succeeded' });
    expect((await containers.inspect(name)).Config.Image).toBe(`${repository}:v2`);
    expect((await containers.inspect(other.name)).Id).toBe(other.id);
  });

  it('does nothing for what it is not meant for, and says so', async () => {
    ({ name } = await containers.create({ name: containers.name() }));
    const hook = await starting({
      source: { format: 'dockerHub', repositories: ['team/app'], tags: ['v*'] },
    });
    const push = (repo_name: string, tag: string) => ({ push_data: { tag }, repository: { repo_name } });
    for (const body of [push('team/other', 'v1'), push('team/app', 'latest'), {}]) {
      const answer = await call(hook, body).expect(200);
      expect(answer.body).toMatchObject({ id: null, jobId: null, ignored: expect.any(String) });
    }
    expect((await containers.inspect(name)).State.Running).toBe(false);
    expect(await automation.called(hook, push('team/app', 'v1.2'))).toMatchObject({ state: 'succeeded' });
    expect((await containers.inspect(name)).State.Running).toBe(true);
  });

  it('takes so many calls a minute', async () => {
    ({ name } = await containers.create({ name: containers.name() }));
    const hook = await starting({ ratePerMinute: 2 });
    await call(hook).expect(202);
    await call(hook).expect(202);
    const refused = await call(hook).expect(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('is neither used up nor fills the audit trail by who can not sign, or calls from elsewhere', async () => {
    ({ name } = await containers.create({ name: containers.name() }));
    const robot = await automation.serviceAccount();
    const secret = 'a secret of many letters';
    const of = { serviceAccountId: robot, ratePerMinute: 2 };
    const signed = await starting({ ...of, secret, source: { signature: 'hmac' } });
    const elsewhere = await starting({ ...of, allowedAddresses: ['192.0.2.0/24'] });
    for (let turn = 0; turn < 15; turn++) {
      await call(signed, '{}', { 'x-signature': 'sha256=00' }).expect(403);
      await app.rest().get(`${elsewhere.path}/runs/019b76da-a800-7123-8abc-0123456789ab`).expect(404);
    }
    const refusals = (await automation.audited(robot)).filter(({ outcome }) => outcome === 'refused');
    expect(refusals).toHaveLength(20);
    const signature = `sha256=${createHmac('sha256', secret).update('{}').digest('hex')}`;
    await call(signed, '{}', { 'x-signature': signature }).expect(202);
  });

  it('does nothing once its service account is disabled', async () => {
    ({ name } = await containers.create({ name: containers.name() }));
    const robot = await automation.serviceAccount();
    const hook = await starting({ serviceAccountId: robot });
    await app.rest(admin).patch(`/api/v1/service-accounts/${robot}`).send({ disabled: true }).expect(200);
    await call(hook).expect(403);
    expect((await containers.inspect(name)).State.Running).toBe(false);
  });

  it('does nothing once the API token that it was made with is revoked, until somebody takes it over', async () => {
    ({ name } = await containers.create({ name: containers.name() }));
    const made = await app.rest(admin).post('/api/v1/tokens').send({ name: 'stolen' }).expect(201);
    const { id, token } = made.body as { id: string; token: string };
    const thief = { ...admin, token, authorization: `Bearer ${token}` };
    const hook = await new Automation(app, thief).hook({
      name: 'of-a-token',
      serviceAccountId: account,
      action: { kind: 'startContainer', engine: 'local', target: name },
    });
    const schedule = await new Automation(app, thief).schedule({
      name: 'of-a-token',
      serviceAccountId: account,
      cron: '0 0 1 1 *',
      action: { kind: 'startContainer', engine: 'local', target: name },
    });
    await app.rest(admin).delete(`/api/v1/tokens/${id}`).expect(204);
    await call(hook).expect(404);
    await app.rest(admin).post(`/api/v1/schedules/${schedule.schedule.id}/run`).expect(403);
    expect((await containers.inspect(name)).State.Running).toBe(false);
    await app.rest(admin).patch(`/api/v1/hooks/${hook.hook.id}`).send({ description: 'ours' }).expect(200);
    await call(hook).expect(202);
  });

  it('runs a container to its end, and tells how that was', async () => {
    const run = (script: string) =>
      automation.hook({
        serviceAccountId: account,
        action: {
          kind: 'runContainer',
          engine: 'local',
          run: {
            image: 'busybox',
            command: ['sh', '-c', script],
            env: ['SECRET=hidden'],
            labels: containers.labels,
          },
        },
      });
    const hook = await run('echo done $SECRET');
    expect(JSON.stringify(hook)).not.toContain('hidden');
    const good = await automation.called(hook);
    expect(good).toMatchObject({ state: 'succeeded', result: { exitCode: 0 } });
    const log = await app
      .rest(admin)
      .get(`/api/v1/jobs/${good.jobId ?? ''}/log`)
      .expect(200);
    expect(log.body).toMatchObject({ lines: ['done hidden'] });
    const bad = await automation.called(await run('exit 3'));
    expect(bad).toMatchObject({
      state: 'failed',
      error: { message: 'The container ended with exit code 3' },
    });
    expect(await containers.onEngine()).toEqual([]);
    const rows = await app.nest.get<Database>(DATABASE).selectFrom('hook').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain('hidden');
  });

  it('stops, restarts and prunes', async () => {
    ({ name } = await containers.run({ name: containers.name() }));
    await containers.said(name, 'ready');
    const doing = (action: Partial<Parameters<Automation['hook']>[0]['action']>) =>
      automation.hook({
        serviceAccountId: account,
        action: { kind: 'stopContainer', engine: 'local', ...action },
      });
    const { StartedAt } = (await containers.inspect(name)).State;
    await automation.called(await doing({ kind: 'restartContainer', target: name, timeoutSeconds: 5 }));
    expect((await containers.inspect(name)).State.StartedAt).not.toBe(StartedAt);
    await automation.called(await doing({ target: name, timeoutSeconds: 0 }));
    expect((await containers.inspect(name)).State.Running).toBe(false);
    const pruned = await automation.called(
      await doing({ kind: 'prune', prune: { kinds: ['containers'], label: [containers.selector] } }),
    );
    expect(pruned).toMatchObject({ state: 'succeeded', result: { removedCount: 1 } });
    expect(await containers.exists(name)).toBe(false);
  });
});

describe('hooks are managed', () => {
  let account: string;
  beforeAll(async () => {
    account = await automation.serviceAccount();
  });
  const input = (more: object = {}) => ({
    name: automation.name(),
    serviceAccountId: account,
    action: { kind: 'startContainer' as const, engine: 'local', target: 'web' },
    ...more,
  });

  it('by REST: token and secret are shown once, and the token stays until it is changed', async () => {
    const made = await automation.hook(input({ source: { signature: 'github' } }));
    const { token, secret, hook } = made;
    expect(token).toMatch(/^dmh_/);
    expect(secret).toEqual(expect.any(String));
    const shown = await app.rest(admin).get(`/api/v1/hooks/${hook.id}`).expect(200);
    const list = await app.rest(admin).get('/api/v1/hooks').expect(200);
    const changed = await app
      .rest(admin)
      .patch(`/api/v1/hooks/${hook.id}`)
      .send({ description: 'changed', ratePerMinute: 5 })
      .expect(200);
    expect(changed.body).toMatchObject({
      token: null,
      secret: null,
      hook: { description: 'changed', hasSecret: true },
    });
    const rows = await app.nest.get<Database>(DATABASE).selectFrom('hook').selectAll().execute();
    for (const text of [shown.text, list.text, changed.text, JSON.stringify(rows)]) {
      expect(text).not.toContain(token);
      expect(text).not.toContain(secret);
    }
    const rotated = await app.rest(admin).post(`/api/v1/hooks/${hook.id}/token`).expect(200);
    await app.rest().post(made.path).send({}).expect(404);
    await app
      .rest()
      .post((rotated.body as MadeHook).path)
      .send({})
      .expect(403);
    await app.rest(admin).delete(`/api/v1/hooks/${hook.id}`).expect(204);
    await app.rest(admin).get(`/api/v1/hooks/${hook.id}`).expect(404);
  });

  it('with nothing made by a dry run, and what the service account lacks told', async () => {
    const bare = await automation.serviceAccount([{ role: 'viewer' }]);
    const wanted = input({ serviceAccountId: bare });
    const tried = await app
      .rest(admin)
      .post('/api/v1/hooks')
      .query({ dryRun: true })
      .send(wanted)
      .expect(201);
    expect(tried.body).toMatchObject({ token: null, path: null, missingPermissions: ['containers:start'] });
    const list = await app.rest(admin).get('/api/v1/hooks').query({ limit: 500 }).expect(200);
    expect(list.text).not.toContain(wanted.name);
  });

  it('by who may do as much as the service account, and by nobody else', async () => {
    const manager = await app.user('hook-manager', [{ role: await customRole() }]);
    await app.rest(manager).post('/api/v1/hooks').send(input()).expect(403);
    const harmless = await automation.serviceAccount([]);
    const made = await app
      .rest(manager)
      .post('/api/v1/hooks')
      .send(input({ serviceAccountId: harmless }))
      .expect(201);
    const { id } = (made.body as MadeHook).hook;
    await app.rest(manager).patch(`/api/v1/hooks/${id}`).send({ serviceAccountId: account }).expect(403);
    const { hook } = await automation.hook(input());
    await app.rest(manager).patch(`/api/v1/hooks/${hook.id}`).send({ description: 'mine' }).expect(403);
    await app.rest(manager).post(`/api/v1/hooks/${hook.id}/token`).expect(403);
    const viewer = await app.user('hook-viewer', [{ role: 'viewer' }]);
    await app.rest(viewer).get('/api/v1/hooks').expect(403);
  });

  it.each([
    [
      'a field of another kind',
      { action: { kind: 'startContainer', engine: 'local', target: 'web', tag: 'v1' } },
    ],
    ['no target', { action: { kind: 'startContainer', engine: 'local' } }],
    ['a value that its kind does not take', { source: { take: ['tag'], pointers: { tag: '/tag' } } }],
    ['a secret without a signature', { secret: 'a secret of many letters' }],
    ['a short secret', { source: { signature: 'github' }, secret: 'short' }],
    ['an empty secret', { source: { signature: 'github' }, secret: '' }],
    ['a range that is none', { allowedAddresses: ['192.0.2.7/24'] }],
    ['a service account that there is not', { serviceAccountId: '019b76da-a800-7123-8abc-0123456789ab' }],
  ])('and refused with %s', async (_, more) => {
    await app.rest(admin).post('/api/v1/hooks').send(input(more)).expect(400);
  });

  it('by GraphQL alike', async () => {
    const made = await app.graphql(
      admin,
      'mutation($input: CreateHookInput!) { createHook(input: $input) { token hook { id name action { kind target } } } }',
      { input: input() },
    );
    expect(made.errors).toBeUndefined();
    const { createHook } = made.data as { createHook: { token: string; hook: { id: string } } };
    const { id } = createHook.hook;
    await app.rest().post(`/hooks/${createHook.token}`).send({}).expect(202);
    const seen = await app.graphql(
      admin,
      'query($id: String!) { hook(id: $id) { source { format } } hooks { totalCount } hookRuns(id: $id) { nodes { state } } }',
      { id },
    );
    expect(seen.errors).toBeUndefined();
    expect((seen.data as { hookRuns: { nodes: AutomationRun[] } }).hookRuns.nodes).toHaveLength(1);
    for (const field of [
      'updateHook(id: $id, input: { enabled: false }) { hook { enabled } }',
      'rotateHookToken(id: $id) { token }',
      'deleteHook(id: $id)',
    ]) {
      const done = await app.graphql(admin, `mutation($id: String!) { ${field} }`, { id });
      expect(done.errors).toBeUndefined();
    }
  });
});

async function customRole(): Promise<string> {
  await app
    .rest(admin)
    .post('/api/v1/roles')
    .send({ name: 'hook-managers', permissions: ['hooks:*'] })
    .expect(201);
  return 'hook-managers';
}
