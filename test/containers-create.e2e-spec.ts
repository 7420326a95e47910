import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ContainerDetails } from '../src/containers/container-details.model.js';
import type { Problem } from '../src/http/problem.js';
import { type TestActor, TestApp } from './support/app.js';
import { eventually } from './support/eventually.js';
import { importTestImage, removeImage } from './support/images.js';
import { Registry } from './support/registry.js';
import { sharedEngine } from './support/shared-peers.js';
import { TestContainers, UNTIL_STOPPED } from './support/test-containers.js';

const MIB = 1024 * 1024;

interface Page {
  items: { id: string; name: string }[];
  nextCursor: string | null;
  totalCount: number;
}

describe('containers by REST', () => {
  let app: TestApp;
  let admin: TestActor;
  let containers: TestContainers;
  let path: string;

  beforeAll(async () => {
    app = await TestApp.start();
    admin = await app.admin();
    containers = new TestContainers(app, admin);
    path = containers.path;
  });
  afterAll(async () => {
    await containers.removeAll();
    await app.stop();
  });

  const post = (action: string, body: object) => app.rest(admin).post(`${path}${action}`).send(body);

  describe('creating', () => {
    it('hands every option to the engine', async () => {
      const name = containers.name('everything');
      const volume = containers.name('volume');
      const created = await post('', {
        name,
        image: 'busybox',
        command: ['-c', 'sleep 600'],
        entrypoint: ['/bin/sh'],
        env: ['A=1', 'EMPTY=', 'MULTI=one\ntwo'],
        labels: { ...containers.labels, 'com.example.team': 'web', constructor: 'a label like any other' },
        user: '1000:1000',
        workingDir: '/srv',
        hostname: 'host-1',
        domainname: 'example.test',
        tty: true,
        openStdin: true,
        stopSignal: 'SIGINT',
        stopTimeoutSeconds: 3,
        exposedPorts: [{ containerPort: 9000 }],
        ports: [
          { containerPort: 80, hostIp: '127.0.0.1', hostPort: 18_080 },
          { containerPort: 53, protocol: 'udp' },
        ],
        mounts: [
          { type: 'volume', source: volume, target: '/data', volume: { labels: { kept: 'no' } } },
          { type: 'tmpfs', target: '/scratch', tmpfs: { sizeBytes: MIB, mode: 0o700 } },
          { type: 'bind', source: '/etc', target: '/host-etc', readOnly: true },
        ],
        tmpfs: { '/run': 'size=64k' },
        restartPolicy: { name: 'on-failure', maximumRetryCount: 4 },
        resources: {
          memory: 64 * MIB,
          memorySwap: 64 * MIB,
          memoryReservation: 32 * MIB,
          cpuShares: 512,
          pidsLimit: 100,
          ulimits: [{ name: 'nofile', soft: 1_024, hard: 2_048 }],
        },
        healthcheck: {
          test: ['CMD-SHELL', 'true'],
          intervalSeconds: 60,
          timeoutSeconds: 2.5,
          startPeriodSeconds: 1,
          retries: 4,
        },
        logging: { driver: 'json-file', options: { 'max-size': '1m', 'max-file': '2' } },
        security: {
          capAdd: ['NET_ADMIN'],
          capDrop: ['MKNOD'],
          readOnlyRootFilesystem: true,
          securityOptions: ['no-new-privileges'],
        },
        namespaces: { ipc: 'private' },
        dns: {
          servers: ['192.0.2.53'],
          search: ['example.test'],
          options: ['ndots:2'],
          extraHosts: ['db.test:192.0.2.20'],
        },
        sysctls: { 'net.ipv4.ip_default_ttl': '63' },
        groupAdd: ['10'],
        oomScoreAdj: 500,
        shmSize: 2 * MIB,
        init: false,
      });
      expect(created.body).toMatchObject({ name, state: 'created', env: expect.arrayContaining(['A=1']) });
      expect(created.status).toBe(201);
      const { id } = created.body as ContainerDetails;

      const { Name, Config, HostConfig } = await containers.inspect(id);
      expect({ Name, Config, HostConfig }).toMatchObject({
        Name: `/${name}`,
        Config: {
          Image: 'busybox',
          Cmd: ['-c', 'sleep 600'],
          Entrypoint: ['/bin/sh'],
          Env: expect.arrayContaining(['A=1', 'EMPTY=', 'MULTI=one\ntwo']),
          Labels: { 'com.example.team': 'web', constructor: 'a label like any other' },
          User: '1000:1000',
          WorkingDir: '/srv',
          Hostname: 'host-1',
          Domainname: 'example.test',
          Tty: true,
          OpenStdin: true,
          StopSignal: 'SIGINT',
          StopTimeout: 3,
          ExposedPorts: { '9000/tcp': {}, '80/tcp': {}, '53/udp': {} },
          Healthcheck: {
            Test: ['CMD-SHELL', 'true'],
            Interval: 60e9,
            Timeout: 2.5e9,
            StartPeriod: 1e9,
            Retries: 4,
          },
        },
        HostConfig: {
          PortBindings: {
            '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '18080' }],
            '53/udp': [{ HostIp: '', HostPort: '' }],
          },
          Mounts: [
            { Type: 'volume', Source: volume, Target: '/data', VolumeOptions: { Labels: { kept: 'no' } } },
            { Type: 'tmpfs', Target: '/scratch', TmpfsOptions: { SizeBytes: MIB, Mode: 0o700 } },
            { Type: 'bind', Source: '/etc', Target: '/host-etc', ReadOnly: true },
          ],
          Tmpfs: { '/run': 'size=64k' },
          RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 4 },
          Memory: 64 * MIB,
          MemoryReservation: 32 * MIB,
          CpuShares: 512,
          PidsLimit: 100,
          Ulimits: [{ Name: 'nofile', Soft: 1_024, Hard: 2_048 }],
          LogConfig: { Type: 'json-file', Config: { 'max-size': '1m', 'max-file': '2' } },
          CapAdd: expect.arrayContaining([expect.stringMatching(/^(CAP_)?NET_ADMIN$/)]),
          CapDrop: expect.arrayContaining([expect.stringMatching(/^(CAP_)?MKNOD$/)]),
          ReadonlyRootfs: true,
          SecurityOpt: ['no-new-privileges'],
          IpcMode: 'private',
          Dns: ['192.0.2.53'],
          DnsSearch: ['example.test'],
          DnsOptions: ['ndots:2'],
          ExtraHosts: ['db.test:192.0.2.20'],
          Sysctls: { 'net.ipv4.ip_default_ttl': '63' },
          GroupAdd: ['10'],
          OomScoreAdj: 500,
          ShmSize: 2 * MIB,
          Init: false,
        },
      });
      expect(await containers.engine.getVolume(volume).inspect()).toMatchObject({ Labels: { kept: 'no' } });
      await containers.engine.getContainer(id).remove();
      await containers.engine.getVolume(volume).remove();
    });

    it('answers with the container as it then is', async () => {
      const { id } = await containers.create({
        env: ['SECRET=yes'],
        ports: [{ containerPort: 80, hostIp: '127.0.0.1', hostPort: 18_081 }],
        resources: { memory: 32 * MIB },
        restartPolicy: { name: 'unless-stopped' },
      });
      const seen = await app.rest(admin).get(`${path}/${id}`).expect(200);
      expect(seen.body).toMatchObject({
        engine: 'local',
        id,
        image: 'busybox',
        state: 'created',
        status: 'Created',
        health: 'none',
        startedAt: null,
        finishedAt: null,
        exitCode: null,
        pid: null,
        entrypoint: [],
        arguments: UNTIL_STOPPED,
        env: expect.arrayContaining(['SECRET=yes']),
        restartPolicy: { name: 'unless-stopped', maximumRetryCount: 0 },
        resources: { memory: 32 * MIB, nanoCpus: null },
        raw: { Id: id, Config: { Env: expect.arrayContaining(['SECRET=yes']) } },
      });
    });

    it('joins several networks, each with its own settings, also where the engine takes but one at a time', async () => {
      const { engine } = containers;
      const [frontend, backend] = [containers.name('frontend'), containers.name('backend')];
      for (const [Name, Subnet] of [
        [frontend, '10.201.1.0/24'],
        [backend, '10.201.2.0/24'],
      ] as const)
        await engine.createNetwork({ Name, IPAM: { Driver: 'default', Config: [{ Subnet }] } });
      const { id } = await containers.run({
        networks: [
          { name: frontend, aliases: ['www'] },
          { name: backend, ipv4Address: '10.201.2.77', aliases: ['api'] },
        ],
      });

      const { HostConfig, NetworkSettings } = await containers.inspect(id);
      expect(HostConfig.NetworkMode).toBe(frontend);
      expect(NetworkSettings.Networks).toMatchObject({
        [frontend]: { Aliases: expect.arrayContaining(['www']) },
        [backend]: { Aliases: expect.arrayContaining(['api']), IPAddress: '10.201.2.77' },
      });
      const listed = await app.rest(admin).get(path).query({ network: backend }).expect(200);
      expect(listed.body).toMatchObject({
        totalCount: 1,
        items: [
          {
            id,
            networks: expect.arrayContaining([
              expect.objectContaining({ name: backend, ipv4Address: '10.201.2.77' }),
            ]),
          },
        ],
      });
      await engine.getContainer(id).remove({ force: true });
      await engine.getNetwork(frontend).remove();
      await engine.getNetwork(backend).remove();
    });

    it('leaves nothing behind where a further network cannot be joined', async () => {
      const name = containers.name('unconnected');
      const network = containers.name('network');
      await containers.engine.createNetwork({ Name: network });
      const refused = await post('', {
        name,
        image: 'busybox',
        networks: [{ name: network }, { name: 'bridge', ipv4Address: '172.17.0.99' }],
      });
      expect(refused.body).toMatchObject({
        code: 'invalid_input',
        detail: expect.stringContaining('user specified IP address'),
      });
      expect(refused.status).toBe(400);
      expect(await containers.exists(name)).toBe(false);
      await containers.engine.getNetwork(network).remove();
    });

    it('publishes a port through which the process is reached', async () => {
      const engine = sharedEngine();
      const { id, ports } = await containers.run({
        command: ['sh', '-c', 'mkdir /www; echo served > /www/index.html; httpd -f -p 80 -h /www'],
        ports: [{ containerPort: 80, hostIp: '127.0.0.1' }],
      });
      expect(ports).toEqual([
        { containerPort: 80, protocol: 'tcp', hostIp: '127.0.0.1', hostPort: expect.any(Number) },
      ]);
      const url = `http://127.0.0.1:${String(ports[0]?.hostPort)}/`;
      await eventually(
        async () => {
          const probe = engine.spawn('busybox', ['wget', '-q', '-O', '-', url]);
          const chunks: Buffer[] = [];
          probe.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
          await once(probe, 'close');
          return Buffer.concat(chunks).toString();
        },
        (page) => page === 'served\n',
      );
      expect((await app.rest(admin).get(path).query({ name: 'no-such' })).body).toMatchObject({ items: [] });
      await containers.engine.getContainer(id).remove({ force: true });
    });

    it('shows the health that its check finds', async () => {
      const { id } = await containers.run({
        healthcheck: { test: ['CMD-SHELL', 'test -e /well'], intervalSeconds: 0.1, retries: 1 },
      });
      const health = async () =>
        ((await app.rest(admin).get(`${path}/${id}`)).body as ContainerDetails).health;
      await eventually(health, (now) => now === 'unhealthy');
      const unhealthy = await app
        .rest(admin)
        .get(path)
        .query({ health: 'unhealthy', label: containers.selector });
      expect(unhealthy.body).toMatchObject({ items: [{ id }], totalCount: 1 });
      const exec = await containers.engine.getContainer(id).exec({ Cmd: ['touch', '/well'] });
      await exec.start({ Detach: true });
      await eventually(health, (now) => now === 'healthy');
    });

    it('passes on what the engine remarked', async () => {
      const created = await post('', {
        image: 'busybox',
        labels: containers.labels,
        namespaces: { network: 'host' },
        ports: [{ containerPort: 80, hostPort: 8080 }],
      });
      expect(created.body).toMatchObject({
        warnings: [expect.stringMatching(/published ports are discarded/i)],
      });
    });

    it('refuses a name that is taken', async () => {
      const { id, name } = await containers.create({ name: containers.name('taken') });
      const refused = await post('', { name, image: 'busybox' });
      expect(refused.status).toBe(409);
      expect(refused.headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(refused.body).toMatchObject({
        type: 'urn:dockmaster:problem:conflict',
        status: 409,
        code: 'conflict',
        detail: expect.stringContaining(name),
        requestId: refused.headers['x-request-id'],
        errors: [],
      });
      expect((await containers.inspect(name)).Id).toBe(id);
    });

    it('refuses an image that the engine does not have', async () => {
      const name = containers.name('imageless');
      const refused = await post('', { name, image: 'no-such-image:v9' });
      expect(refused.body).toMatchObject({
        code: 'not_found',
        detail: expect.stringMatching(/no such image.*no-such-image:v9/i),
      });
      expect(refused.status).toBe(404);
      expect(await containers.exists(name)).toBe(false);
    });

    it.each([
      ['annotations', { annotations: { a: 'b' } }, 'annotations'],
      ['an image mount', { mounts: [{ type: 'image', source: 'busybox', target: '/x' }] }, 'mounts.0.type'],
      [
        'a subpath',
        { mounts: [{ type: 'volume', target: '/x', volume: { subpath: 'a' } }] },
        'mounts.0.volume.subpath',
      ],
    ])('refuses %s on an engine that would take no notice of it', async (_what, options, field) => {
      const name = containers.name();
      const refused = await post('', { name, image: 'busybox', ...options });
      expect(refused.status).toBe(501);
      expect(refused.body).toMatchObject({ code: 'not_supported', errors: [{ field }] });
      expect(await containers.exists(name)).toBe(false);
    });
  });

  describe('running', () => {
    it('answers when the container runs', async () => {
      const { id, state, pid } = await containers.run();
      expect(state).toBe('running');
      expect((await containers.inspect(id)).State).toMatchObject({ Running: true, Pid: pid });
    });

    it('answers for one that has ended already', async () => {
      const { id } = await containers.run({ command: ['true'] });
      await eventually(
        async () => (await app.rest(admin).get(`${path}/${id}`)).body as ContainerDetails,
        ({ state, exitCode }) => state === 'exited' && exitCode === 0,
      );
    });

    it('leaves nothing behind where the program cannot be started', async () => {
      const name = containers.name('unstartable');
      const volume = containers.name('volume');
      const failed = await post('/run', {
        name,
        image: 'busybox',
        command: ['/no/such/program'],
        volumes: ['/anonymous'],
        labels: { volume },
      });
      expect(failed.body).toMatchObject({ detail: expect.stringContaining('/no/such/program') });
      expect(failed.status).toBe(400);
      expect(await containers.exists(name)).toBe(false);
    });

    it('leaves nothing behind where a network does not exist', async () => {
      const name = containers.name('unconnected');
      const failed = await post('/run', {
        name,
        image: 'busybox',
        networks: [{ name: 'bridge' }, { name: 'no-such-network' }],
      });
      expect(failed.body).toMatchObject({
        code: 'not_found',
        detail: expect.stringContaining('no-such-network'),
      });
      expect(failed.status).toBe(404);
      expect(await containers.exists(name)).toBe(false);
    });

    describe('with an image from a registry', () => {
      let registry: Registry;
      let image: string;
      let made: string;

      beforeAll(async () => {
        registry = await Registry.start(sharedEngine(), { port: 5017 });
        made = await importTestImage(sharedEngine(), {
          files: { greeting: 'first' },
          changes: ['CMD ["cat", "/greeting"]'],
        });
        image = await registry.publish(made, 'team/app:v1');
      });
      afterAll(async () => {
        await removeImage(sharedEngine(), image);
        await removeImage(sharedEngine(), made);
        await registry.stop();
      });

      const greeting = async (body: unknown) => {
        const { id } = body as ContainerDetails;
        const container = containers.engine.getContainer(id);
        await container.wait();
        return (await container.logs({ stdout: true })).toString();
      };
      const run = (options: object) => post('/run', { image, labels: containers.labels, ...options });

      it('does not pull unless it is asked to', async () => {
        const refused = await run({ pull: 'never' }).expect(404);
        expect(refused.body).toMatchObject({ code: 'not_found' });
        expect((await run({}).expect(404)).body).toMatchObject({ code: 'not_found' });
      });

      it('pulls what is missing', async () => {
        const ran = await run({ pull: 'missing' }).expect(201);
        expect(await greeting(ran.body)).toContain('first');
      });

      it('does not pull again what is there, though the registry has another by then; but `always` does', async () => {
        const second = await importTestImage(sharedEngine(), {
          files: { greeting: 'second' },
          changes: ['CMD ["cat", "/greeting"]'],
        });
        const { Id } = await containers.engine.getImage(image).inspect();
        await registry.publish(second, 'team/app:v1');
        // Publishing took the tag along; give it back to the image that was there.
        await containers.engine.getImage(Id).tag({ repo: image.slice(0, image.lastIndexOf(':')), tag: 'v1' });
        expect(await greeting((await run({ pull: 'missing' }).expect(201)).body)).toContain('first');
        expect(await greeting((await run({ pull: 'always' }).expect(201)).body)).toContain('second');
        await removeImage(sharedEngine(), second);
      });

      it('tells when the registry has no such image, and leaves nothing behind', async () => {
        const name = containers.name('never-pulled');
        const refused = await run({ name, image: `${registry.address}/team/none:v1`, pull: 'missing' });
        expect(refused.body).toMatchObject({
          code: 'not_found',
          detail: expect.stringContaining('team/none'),
        });
        expect(refused.status).toBe(404);
        expect(await containers.exists(name)).toBe(false);
      });

      it('tells when there is no registry', async () => {
        const refused = await run({ image: '127.0.0.1:5999/none:v1', pull: 'always' });
        expect(refused.body).toMatchObject({
          code: 'engine_error',
          detail: expect.stringContaining('127.0.0.1:5999'),
        });
        expect(refused.status).toBe(502);
      });
    });
  });

  describe('listing', () => {
    const list = async (query: Record<string, unknown>) => {
      const response = await app.rest(admin).get(path).query(query);
      if (response.status !== 200) throw new Error(response.text);
      return response.body as Page;
    };
    const names = async (query: Record<string, unknown>) => (await list(query)).items.map(({ name }) => name);

    it('shows each container as the engine lists it', async () => {
      const { id, name } = await containers.run({
        labels: { tier: 'front' },
        mounts: [{ type: 'tmpfs', target: '/scratch' }],
      });
      const { items } = await list({ name });
      const onEngine = (await containers.onEngine()).find(({ Id }) => Id === id);
      expect(items).toEqual([
        {
          engine: 'local',
          id,
          name,
          image: 'busybox',
          imageId: onEngine?.ImageID,
          command: onEngine?.Command,
          labels: { ...containers.labels, tier: 'front' },
          state: 'running',
          status: expect.stringMatching(/^Up /),
          health: 'none',
          createdAt: (await containers.inspect(id)).Created,
          ports: [],
          mounts: expect.any(Array),
          networks: [expect.objectContaining({ name: 'bridge' })],
        },
      ]);
    });

    it('filters by state, name, label, image, volume and network; all must hold', async () => {
      const label = { filtered: containers.name() };
      const volume = containers.name('volume');
      const web = await containers.run({
        name: containers.name('web'),
        labels: { ...label, tier: 'front' },
        mounts: [{ type: 'volume', source: volume, target: '/data' }],
      });
      const db = await containers.create({ name: containers.name('db'), labels: { ...label, tier: 'back' } });
      const mine = `filtered=${label.filtered}`;

      expect((await names({ label: mine })).toSorted()).toEqual([db.name, web.name].toSorted());
      expect(await names({ label: mine, state: 'running' })).toEqual([web.name]);
      expect((await names({ label: mine, state: ['running', 'created'] })).length).toBe(2);
      expect(await names({ label: mine, state: 'paused' })).toEqual([]);
      expect(await names({ name: db.name })).toEqual([db.name]);
      expect(await names({ label: [mine, 'tier=front'] })).toEqual([web.name]);
      expect(await names({ label: [mine, 'tier!=front'] })).toEqual([db.name]);
      expect(await names({ label: [mine, 'tier in (back, none)'] })).toEqual([db.name]);
      expect(await names({ label: [mine, '!tier'] })).toEqual([]);
      expect((await names({ label: mine, image: 'busybox:latest' })).length).toBe(2);
      expect(await names({ label: mine, image: 'other' })).toEqual([]);
      expect(await names({ volume })).toEqual([web.name]);
      expect(await names({ label: mine, volume: '/data' })).toEqual([web.name]);
      expect(await names({ label: mine, state: 'running', name: 'db' })).toEqual([]);
      await containers.engine.getContainer(web.id).remove({ force: true });
      await containers.engine.getVolume(volume).remove();
    });

    it('comes in pages, newest first, that stay whole while containers come and go', async () => {
      const labels = { paged: containers.name() };
      const label = `paged=${labels.paged}`;
      const made: ContainerDetails[] = [];
      for (let count = 0; count < 6; count += 1) made.push(await containers.create({ labels }));

      const first = await list({ label, limit: 2 });
      expect(first.items).toHaveLength(2);
      expect(first.totalCount).toBe(6);
      expect(first.nextCursor).toEqual(expect.any(String));

      // Of what is still to come one goes, of what was seen one goes, and a new one comes.
      const seen = new Set(first.items.map(({ id }) => id));
      const unseen = made.filter(({ id }) => !seen.has(id));
      const [gone] = unseen;
      await containers.engine.getContainer(gone?.id ?? '').remove();
      await containers.engine.getContainer(first.items[1]?.id ?? '').remove();
      await eventually(
        () => Date.now(),
        (now) => now > Date.parse(made.at(-1)?.createdAt ?? '') + 1_000,
      );
      await containers.create({ labels });

      const rest: Page['items'] = [];
      for (let after = first.nextCursor; after !== null;) {
        const page = await list({ label, limit: 2, after });
        rest.push(...page.items);
        after = page.nextCursor;
      }
      expect(rest.map(({ id }) => id).toSorted()).toEqual(
        unseen
          .filter((container) => container !== gone)
          .map(({ id }) => id)
          .toSorted(),
      );
    });

    it.each([
      ['limit', '0'],
      ['limit', '501'],
      ['limit', '-1'],
      ['limit', '1.5'],
      ['limit', 'ten'],
      ['limit', '1e2'],
      ['after', 'not-a-cursor'],
      ['after', Buffer.from('["text","id"]').toString('base64url')],
      ['after', Buffer.from('[1]').toString('base64url')],
      ['state', 'flying'],
      ['health', 'well'],
    ])('refuses %s=%s', async (field, value) => {
      await containers.create();
      const refused = await app
        .rest(admin)
        .get(path)
        .query({ [field]: value })
        .expect(400);
      expect(refused.body).toMatchObject({ code: 'invalid_input' });
      expect((refused.body as Problem).errors.map((error) => error.field)).toEqual([field]);
    });

    it('names the label selector that is none', async () => {
      const refused = await app
        .rest(admin)
        .get(path)
        .query({ label: ['tier=front', '(('] })
        .expect(400);
      expect(refused.body).toMatchObject({ code: 'invalid_input', errors: [{ field: 'label.1' }] });
    });

    it('takes the limits at their bounds', async () => {
      expect((await list({ limit: 1 })).items.length).toBe(1);
      expect((await list({ limit: 500 })).items.length).toBeGreaterThan(1);
    });
  });
});
