import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { CreateServiceInput } from '../src/services/service.inputs.js';
import type { Service, ServiceDetails } from '../src/services/service.model.js';
import type { Task } from '../src/tasks/task.model.js';
import type { TestActor } from './support/app.js';
import { eventually } from './support/eventually.js';
import { HostileGround } from './support/hostile-ground.js';
import { PrivateEngine } from './support/private-engine.js';

const SERVICES = 'engines/local/services';
const IMAGE = 'busybox:latest';
const WEB = { engines: ['*'], labelSelector: 'team=web' };
const BIND = { type: 'bind', source: '/', target: '/host' } as const;

/** Who may not have the host, nor what is others', tries it by a service. */
describe('a hostile service', () => {
  let engine: PrivateEngine;
  let ground: HostileGround;
  /** Every right of a developer on everything, up to baseline. */
  let developer: TestActor;
  /** The same within team web. */
  let web: TestActor;
  let viewer: TestActor;
  let count = 0;

  beforeAll(async () => {
    engine = await PrivateEngine.start({ name: 'hostile' });
    await engine.importBusybox(IMAGE);
    await engine.call('POST', '/swarm/init', {
      body: { ListenAddr: '127.0.0.1:2377', AdvertiseAddr: '127.0.0.1' },
    });
    ground = await HostileGround.start({}, engine);
    // The first admin has all rights, and no limit of what a container may be.
    developer = await ground.app.user('developer', [{ role: 'developer' }]);
    web = await ground.app.user('web', [{ role: 'developer', scope: WEB }]);
    viewer = await ground.app.user('viewer', [{ role: 'viewer' }]);
  });
  afterEach(async () => {
    const { text } = await engine.call('GET', '/services');
    for (const { ID } of JSON.parse(text) as { ID: string }[]) await engine.call('DELETE', `/services/${ID}`);
  });
  afterAll(async () => {
    await ground.stop();
    await engine.stop();
  });

  const input = (rest: Partial<CreateServiceInput> = {}) => ({
    name: `service-${++count}`,
    image: IMAGE,
    command: ['sleep', '3600'],
    mode: { type: 'replicated', replicas: 0 },
    ...rest,
  });
  const made = (rest: Partial<CreateServiceInput> = {}) => ground.make<ServiceDetails>(SERVICES, input(rest));
  const change = async (id: string, body: object) =>
    (await ground.app.rest(ground.admin).patch(`/api/v1/${SERVICES}/${id}`).send(body).expect(200))
      .body as ServiceDetails;
  const see = async (id: string, actor = ground.admin) =>
    (await ground.app.rest(actor).get(`/api/v1/${SERVICES}/${id}?fresh=true`).expect(200))
      .body as ServiceDetails;
  const networkId = async (name: string) =>
    (JSON.parse((await engine.call('GET', `/networks/${name}`)).text) as { Id: string }).Id;

  it('has nothing of the host, by whatever name', async () => {
    await engine.call('POST', '/volumes/create', {
      body: { Name: 'etc', DriverOpts: { type: 'none', o: 'bind', device: '/etc' } },
    });
    const volume = (rest: object) => ({ mounts: [{ type: 'volume', target: '/x', ...rest }] });
    const cases: readonly [string, object][] = [
      ['hostPath', { mounts: [BIND] }],
      ['hostPath', { mounts: [{ ...BIND, source: '/var/run/docker.sock' }] }],
      [
        'hostPath',
        volume({ source: 'new', volume: { driverOptions: { type: 'none', o: 'bind', device: '/' } } }),
      ],
      ['hostPath', volume({ source: 'etc' })],
      ['volumeDrivers', volume({ volume: { driver: 'plugin' } })],
      ['capabilities', { capAdd: ['SYS_ADMIN'] }],
      ['capabilities', { capAdd: ['ALL'] }],
      ['sysctls', { sysctls: { 'kernel.msgmax': '65536' } }],
      ['realtime', { ulimits: [{ name: 'rtprio', soft: 99, hard: 99 }] }],
      ['isolation', { isolation: 'process' }],
      ['securityOptions', { privileges: { credentialSpec: { file: 'x.json' } } }],
      ['seLinux', { privileges: { selinux: { disable: true } } }],
      ['seLinux', { privileges: { selinux: { type: 'spc_t' } } }],
      ['logDriver', { logging: { driver: 'syslog', options: { 'syslog-address': 'udp://192.0.2.1' } } }],
      ['hostNamespaces', { networks: [{ network: 'host' }] }],
      ['hostNamespaces', { networks: [{ network: await networkId('host') }] }],
      ['endpointOptions', { networks: [{ network: 'bridge', driverOptions: { parent: 'eth0' } }] }],
    ];
    for (const [rule, fields] of cases) {
      const body = { ...input(), ...fields };
      const { text } = await ground.refusedCall(developer, 'ServiceCreate', ['post', SERVICES, body], {
        code: 'policy_violation',
      });
      expect(text).toContain(` (${rule})"}`);
    }
    await ground.refusedGraphql(
      developer,
      'ServiceCreate',
      'mutation ($input: CreateServiceInput!) { createService(engine: "local", input: $input) { id } }',
      { variables: { input: { ...input(), mounts: [BIND] } }, code: 'policy_violation' },
    );
    const plugin = { name: 'service-x', plugin: { name: 'evil', remote: 'evil/plugin' } };
    await ground.refusedCall(developer, 'ServiceCreate', ['post', SERVICES, plugin]);
  });

  it('is not come by through a change, nor by going back to what it was', async () => {
    const service = await made();
    const path = `${SERVICES}/${service.id}`;
    const violation = { code: 'policy_violation' };
    const refused = (call: readonly ['patch' | 'put' | 'post', string, object]) =>
      ground.refusedCall(developer, 'ServiceUpdate', call, violation);
    await refused(['patch', path, { mounts: [BIND] }]);
    const { name: _, ...whole } = input();
    await refused(['put', path, { ...whole, version: service.version, capAdd: ['SYS_ADMIN'] }]);

    await change(service.id, { mounts: [BIND] });
    // As it is, it is above the developer's level: nothing of it is theirs to change.
    await refused(['post', `${path}/scale`, { replicas: 1 }]);
    await refused(['post', `${path}/restart`, {}]);
    await refused(['patch', path, { labels: { mine: 'yes' } }]);
    await refused(['patch', path, { mounts: [] }]);

    await change(service.id, { mounts: [] });
    await refused(['post', `${path}/rollback`, {}]);
    await ground.refusedGraphql(
      developer,
      'ServiceUpdate',
      'mutation ($id: String!) { rollBackService(engine: "local", id: $id) { id } }',
      { variables: { id: service.id }, code: 'policy_violation' },
    );
    const scaled = await ground.rest(developer, ['post', `${path}/scale`, { replicas: 0 }]);
    expect(scaled.status).toBe(200);
    expect((await see(service.id)).raw).toMatchObject({ Spec: { Mode: { Replicated: { Replicas: 0 } } } });
  });

  it('has no secret, config, volume or network of somebody else’s', async () => {
    const { id: secret } = await ground.make('engines/local/secrets', {
      name: 'pw',
      text: 's3cret',
      labels: { team: 'db' },
    });
    const { id: config } = await ground.make('engines/local/configs', {
      name: 'cfg',
      text: 'data',
      labels: { team: 'db' },
    });
    const { id: network } = await ground.make('engines/local/networks', {
      name: 'db-net',
      driver: 'overlay',
      labels: { team: 'db' },
    });
    await ground.make('engines/local/volumes', { name: 'db-data', labels: { team: 'db' } });
    const mine = { labels: { team: 'web' } };
    const cases: readonly object[] = [
      { secrets: [{ secret }] },
      { secrets: [{ secret: 'pw', target: 'mine' }] },
      { configs: [{ config }] },
      { configs: [{ config: 'cfg' }] },
      { networks: [{ network: 'db-net' }] },
      { networks: [{ network }] },
      { mounts: [{ type: 'volume', source: 'db-data', target: '/data' }] },
    ];
    const service = await ground.app.rest(web).post(`/api/v1/${SERVICES}`).send(input(mine)).expect(201);
    const { id } = service.body as Service;
    for (const uses of cases) {
      const hidden = { status: 404, code: 'not_found' };
      await ground.refusedCall(web, 'ServiceCreate', ['post', SERVICES, { ...input(mine), ...uses }], hidden);
      await ground.refusedCall(web, 'ServiceUpdate', ['patch', `${SERVICES}/${id}`, uses], hidden);
    }
    // To see a secret is not to use it: a service's containers read its data.
    const reader = await ground.app.user('reader', [{ role: 'developer', scope: WEB }, { role: 'viewer' }]);
    await ground.refusedCall(reader, 'ServiceCreate', [
      'post',
      SERVICES,
      { ...input(mine), secrets: [{ secret }] },
    ]);
    await ground.refusedCall(reader, 'ServiceCreate', [
      'post',
      SERVICES,
      { ...input(mine), configs: [{ config }] },
    ]);

    const allowed = await ground.rest(developer, [
      'post',
      SERVICES,
      {
        ...input(),
        secrets: [{ secret: 'pw' }],
        configs: [{ config: 'cfg', target: '/etc/cfg' }],
        networks: [{ network: 'db-net' }],
      },
    ]);
    expect(allowed.status).toBe(201);
    expect(JSON.parse(allowed.text)).toMatchObject({
      secrets: [{ id: secret, name: 'pw', target: 'pw' }],
      configs: [{ id: config, name: 'cfg', target: '/etc/cfg' }],
      networks: [{ id: network }],
    });
  });

  it('has no name with which the id of another begins, nor have its secrets and configs', async () => {
    const theirs = { labels: { team: 'db' } };
    const mine = { labels: { team: 'web' } };
    const data = { text: 'data' };
    const kinds: readonly [string, string, (name: string) => object, object][] = [
      ['ServiceCreate', 'services', (name) => ({ ...input(mine), name }), input(theirs)],
      [
        'SecretCreate',
        'secrets',
        (name) => ({ ...data, ...mine, name }),
        { ...data, ...theirs, name: 'their-pw' },
      ],
      [
        'ConfigCreate',
        'configs',
        (name) => ({ ...data, ...mine, name }),
        { ...data, ...theirs, name: 'their-cfg' },
      ],
      [
        'NetworkCreate',
        'networks',
        (name) => ({ ...mine, name, driver: 'overlay' }),
        { ...theirs, name: 'their-net', driver: 'overlay' },
      ],
    ];
    for (const [operation, path, body, other] of kinds) {
      const { id } = await ground.make(`engines/local/${path}`, other);
      for (const name of [id.slice(0, 12), id.slice(0, 20), id]) {
        const refused = { status: 400, code: 'invalid_input' };
        await ground.refusedCall(web, operation, ['post', `engines/local/${path}`, body(name)], refused);
      }
      const like = { ...body(`${id.slice(0, 11)}-x`), ...mine };
      expect(await ground.rest(web, ['post', `engines/local/${path}`, like])).toMatchObject({ status: 201 });
    }
  });

  it('comes by no volume through a name that was free when it was made', async () => {
    const mine = { labels: { team: 'web' } };
    const mounting = (source: string) => ({
      ...input(mine),
      mounts: [{ type: 'volume', source, target: '/data' }],
    });
    const make = async (what: string, body: object) => {
      const answer = await ground.rest(web, ['post', `engines/local/${what}`, body]);
      expect(answer).toMatchObject({ status: 201 });
      return JSON.parse(answer.text) as { id: string };
    };
    const create = (source: string) => ['post', SERVICES, mounting(source)] as const;
    const theirs = (name: string) => ground.make('engines/local/volumes', { name, labels: { team: 'db' } });
    const hidden = { status: 404, code: 'not_found' };

    await ground.refusedCall(web, 'ServiceCreate', create('free'));
    await theirs('free');
    await ground.refusedCall(web, 'ServiceCreate', create('free'), hidden);

    await make('volumes', { name: 'gone', ...mine });
    const { id } = await make('services', mounting('gone'));
    expect((await ground.rest(web, ['post', `${SERVICES}/${id}/scale`, { replicas: 0 }])).status).toBe(200);
    // Past Dockmaster, which has the name down as web's.
    await engine.call('DELETE', '/volumes/gone');
    await ground.app.rest(ground.admin).get('/api/v1/engines/local/volumes?fresh=true').expect(200);
    const scale = ['post', `${SERVICES}/${id}/scale`, { replicas: 1 }] as const;
    await ground.refusedCall(web, 'ServiceUpdate', scale);
    await theirs('gone');
    await ground.refusedCall(web, 'ServiceUpdate', scale, hidden);
    await ground.refusedCall(web, 'ServiceUpdate', ['post', `${SERVICES}/${id}/restart`, {}], hidden);
    await ground.refusedCall(web, 'ServiceCreate', create('gone'), hidden);
  });

  it('gets no volume that somebody else makes later, nor does anybody make one for a service of others', async () => {
    const volumes = 'engines/local/volumes';
    const container = (source: string) => ({
      image: IMAGE,
      labels: { team: 'web' },
      mounts: [{ type: 'volume', source, target: '/data' }],
    });
    const mount = (source: string) => ({ mounts: [{ type: 'volume' as const, source, target: '/data' }] });
    const db = await ground.app.user('db', [
      { role: 'developer', scope: { engines: ['*'], labelSelector: 'team=db' } },
    ]);

    // Made by web, then removed: the swarm may start a task at any time, which takes what has the name by then.
    const own = { name: 'later', labels: { team: 'web' } };
    expect((await ground.rest(web, ['post', volumes, own])).status).toBe(201);
    const { id } = await made({ ...mount('later'), labels: { team: 'web' } });
    expect(await ground.rest(web, ['delete', `${volumes}/later`])).toMatchObject({
      status: 409,
      code: 'conflict',
    });
    await engine.call('DELETE', '/volumes/later'); // past Dockmaster
    await ground.app.rest(ground.admin).get('/api/v1/engines/local/volumes?fresh=true').expect(200);
    await ground.refusedCall(db, 'VolumeCreate', [
      'post',
      volumes,
      { name: 'later', labels: { team: 'db' } },
    ]);
    await ground.refusedCall(db, 'ContainerCreate', [
      'post',
      'engines/local/containers',
      { ...container('later'), labels: { team: 'db' } },
    ]);
    expect((await ground.rest(web, ['post', volumes, own])).status).toBe(201);

    // Of the service as it was, too: a rollback mounts it again.
    const theirs = await made({ ...mount('of-the-admin'), labels: { team: 'db' } });
    await change(theirs.id, { mounts: [] });
    const taken = { name: 'of-the-admin', labels: { team: 'web' } };
    await ground.refusedCall(web, 'VolumeCreate', ['post', volumes, taken]);
    await ground.refusedCall(web, 'ContainerCreate', [
      'post',
      'engines/local/containers',
      container('of-the-admin'),
    ]);

    // One for each task, by a template.
    await made({ ...mount('each-{{.Task.Slot}}'), labels: { team: 'db' } });
    await ground.refusedCall(web, 'VolumeCreate', [
      'post',
      volumes,
      { name: 'each-1', labels: { team: 'web' } },
    ]);

    await ground.rest(ground.admin, ['delete', `${SERVICES}/${theirs.id}`]);
    await ground.rest(ground.admin, ['delete', `${SERVICES}/${id}`]);
    expect((await ground.rest(web, ['post', volumes, taken])).status).toBe(201);
  });

  it('moves neither out of its scope nor into another’s, and does not pass for Dockmaster’s own', async () => {
    const theirs = await made({ labels: { team: 'db' } });
    const created = await ground.app
      .rest(web)
      .post(`/api/v1/${SERVICES}`)
      .send(input({ labels: { team: 'web' } }))
      .expect(201);
    const { id } = created.body as Service;
    const hidden = { status: 404, code: 'not_found' };
    await ground.refusedCall(web, 'ServiceUpdate', [
      'patch',
      `${SERVICES}/${id}`,
      { labels: { team: 'db' } },
    ]);
    await ground.refusedCall(web, 'ServiceUpdate', ['patch', `${SERVICES}/${id}`, { labels: {} }]);
    await ground.refusedCall(web, 'ServiceCreate', ['post', SERVICES, input({ labels: { team: 'db' } })]);
    await ground.refusedCall(web, 'ServiceCreate', ['post', SERVICES, input()]);
    for (const call of [
      ['patch', `${SERVICES}/${theirs.id}`, { labels: { team: 'web' } }],
      ['post', `${SERVICES}/${theirs.name}/scale`, { replicas: 9 }],
      ['post', `${SERVICES}/${theirs.id}/rollback`, {}],
    ] as const)
      await ground.refusedCall(web, 'ServiceUpdate', call, hidden);
    await ground.refusedCall(web, 'ServiceDelete', ['delete', `${SERVICES}/${theirs.id}`], hidden);
    await ground.refusedCall(web, 'ServiceLogs', ['get', `${SERVICES}/${theirs.id}/logs`], hidden);

    const key = 'io.dockmaster.role';
    const invalid = { status: 400, code: 'invalid_input' };
    for (const labels of [
      { labels: { [key]: 'x' } },
      { containerLabels: { [key]: 'volume-helper' } },
      { mounts: [{ type: 'volume', source: 'v', target: '/v', volume: { labels: { [key]: 'x' } } }] },
    ]) {
      await ground.refusedCall(
        developer,
        'ServiceCreate',
        ['post', SERVICES, { ...input(), ...labels }],
        invalid,
      );
      await ground.refusedCall(
        developer,
        'ServiceUpdate',
        ['patch', `${SERVICES}/${theirs.id}`, labels],
        invalid,
      );
    }
  });

  it('is not changed by who may only look, nor seen by who may not', async () => {
    const service = await made({
      labels: { team: 'db' },
      env: ['PASSWORD=s3cret'],
      mode: { type: 'replicated', replicas: 1 },
    });
    const path = `${SERVICES}/${service.id}`;
    for (const call of [
      ['patch', path, { labels: {} }],
      ['post', `${path}/scale`, { replicas: 0 }],
      ['post', `${path}/restart`, {}],
      ['post', `${path}/rollback`, {}],
    ] as const)
      await ground.refusedCall(viewer, 'ServiceUpdate', call);
    await ground.refusedCall(viewer, 'ServiceCreate', ['post', SERVICES, input()]);
    await ground.refusedCall(viewer, 'ServiceDelete', ['delete', path]);
    const seen = await ground.rest(viewer, ['get', path]);
    expect(seen.text).not.toContain('s3cret');
    expect(JSON.parse(seen.text)).toMatchObject({ env: null });

    const stranger = await ground.app.user('stranger', [{ role: 'developer', scope: WEB }]);
    const items = async <T>(what: string) =>
      (
        (await ground.app.rest(stranger).get(`/api/v1/engines/local/${what}?fresh=true`).expect(200))
          .body as { items: T[] }
      ).items;
    expect(await items<Service>('services')).toEqual([]);
    expect(await items<Task>('tasks')).toEqual([]);
    const joined = await ground.graphql(
      stranger,
      '{ services(engine: "local") { totalCount } tasks(engine: "local") { totalCount } }',
    );
    expect(joined.data).toEqual({ services: { totalCount: 0 }, tasks: { totalCount: 0 } });
  });

  it('shows its environment by no log, nor by the tasks that it leaves', async () => {
    const body = {
      Name: `service-${++count}`,
      Labels: { team: 'ops' },
      TaskTemplate: {
        ContainerSpec: {
          Image: IMAGE,
          Env: ['TOKEN=hunter2'],
          Command: ['sh', '-c', 'echo hello; sleep 3600'],
          StopGracePeriod: 0,
        },
        LogDriver: { Name: 'json-file', Options: { env: 'TOKEN' } },
      },
    };
    const { text } = await engine.call('POST', '/services/create', { body });
    const { ID } = JSON.parse(text) as { ID: string };
    const notOps = await ground.app.user('not-ops', [
      { role: 'developer', scope: { engines: ['*'], labelSelector: 'team!=ops' } },
    ]);
    const atDoor = async (actor: TestActor, path: string) => {
      const answer = await ground.app
        .rest(actor)
        .get(`/docker/local/v1.41${path}`)
        .buffer(true)
        .parse((response, done) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('end', () => done(null, Buffer.concat(parts).toString()));
        });
      return String(answer.body);
    };
    const log = `/services/${ID}/logs?stdout=1&details=1`;
    const whole = await eventually(
      () => atDoor(ground.admin, log),
      (seen) => seen.includes('hello'),
    );
    expect(whole).toContain('TOKEN=hunter2');
    const seen = await atDoor(viewer, log);
    expect(seen).toMatch(/com\.docker\.swarm\.task\.id=\w+ hello/);
    expect(seen).not.toContain('TOKEN');

    await engine.call('DELETE', `/services/${ID}`);
    let left = 0;
    const deadline = Date.now() + 20_000;
    for (;;) {
      const all = (await engine.call('GET', '/tasks')).text;
      expect(await atDoor(notOps, '/tasks')).not.toContain(ID);
      expect((await ground.rest(notOps, ['get', 'engines/local/tasks?fresh=true'])).text).not.toContain(ID);
      if (!all.includes(ID) || Date.now() > deadline) break;
      left += 1;
    }
    expect(left).toBeGreaterThan(0);
  });

  it('loses nothing to who changes it without seeing all of it', async () => {
    const service = await made({ env: ['PASSWORD=s3cret'], mounts: [{ type: 'tmpfs', target: '/t' }] });
    await ground.make('roles', {
      name: 'deployer',
      permissions: ['services:list', 'services:get', 'services:update', 'images:get', 'images:list'],
    });
    const deployer = await ground.app.user('deployer', [{ role: 'deployer' }]);
    const path = `${SERVICES}/${service.id}`;
    const patched = await ground.rest(deployer, ['patch', path, { containerLabels: { by: 'deployer' } }]);
    expect(patched).toMatchObject({ status: 200 });
    expect(patched.text).not.toContain('s3cret');
    expect((await ground.rest(deployer, ['post', `${path}/restart`, {}])).status).toBe(200);
    expect(await see(service.id)).toMatchObject({
      env: ['PASSWORD=s3cret'],
      containerLabels: { by: 'deployer' },
      forceUpdate: 1,
    });
  });
});
