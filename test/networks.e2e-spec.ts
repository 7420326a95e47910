import { randomInt } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ContainerDetails } from '../src/containers/container-details.model.js';
import type { NetworkChange } from '../src/networks/network-change.model.js';
import type { NetworkGraph } from '../src/networks/network-graph.model.js';
import type { CreateNetworkInput } from '../src/networks/network.inputs.js';
import type { Network, NetworkDetails, NetworkPruneResult } from '../src/networks/network.model.js';
import { type TestActor, TestApp } from './support/app.js';
import { eventually } from './support/eventually.js';
import { HostileGround } from './support/hostile-ground.js';
import { HttpStream } from './support/http-stream.js';
import { PrivateEngine } from './support/private-engine.js';
import { RecordingEngine } from './support/recording-engine.js';
import { graphqlClient, subscribe } from './support/subscriptions.js';
import { TestContainers } from './support/test-containers.js';

const PATH = '/api/v1/engines/local/networks';
const ONLY_WEB = { engines: ['*'], labelSelector: 'team=web' };

const OPERATION = { connect: 'NetworkConnect', disconnect: 'NetworkDisconnect' } as const;

interface Page {
  readonly items: Network[];
  readonly nextCursor: string | null;
  readonly totalCount: number;
  readonly revision: string;
}

/** A subnet of 254 addresses that no other test is likely to have at the same time. */
function freeSubnet() {
  const base = `10.${randomInt(100, 250)}.${randomInt(0, 255)}`;
  return { subnet: `${base}.0/24`, address: (last: number) => `${base}.${last}` };
}

/** The networks that a test makes; removed on the engine itself. */
class TestNetworks {
  private readonly made = new Set<string>();

  constructor(
    private readonly app: TestApp,
    private readonly actor: TestActor,
    private readonly containers: TestContainers,
  ) {}

  async create(options: Partial<CreateNetworkInput> = {}, actor = this.actor): Promise<NetworkDetails> {
    const input = {
      name: this.containers.name('network'),
      ...options,
      labels: { ...this.containers.labels, ...options.labels },
    };
    const response = await this.app.rest(actor).post(PATH).send(input);
    if (response.status !== 201) throw new Error(`not made: ${response.text}`);
    const network = response.body as NetworkDetails;
    this.made.add(network.id);
    return network;
  }

  /** What the engine itself says of it. */
  inspect(id: string) {
    return this.containers.engine.getNetwork(id).inspect() as Promise<object>;
  }

  async exists(id: string): Promise<boolean> {
    return (await this.containers.engine.listNetworks()).some(({ Id, Name }) => Id === id || Name === id);
  }

  async removeAll(): Promise<void> {
    for (const { Id, Labels = {} } of await this.containers.engine.listNetworks()) {
      const ours = Labels['suite'] === this.containers.labels.suite;
      if (ours || this.made.has(Id)) await this.containers.engine.getNetwork(Id).remove();
    }
  }
}

describe('networks', () => {
  let app: TestApp;
  let admin: TestActor;
  let containers: TestContainers;
  let networks: TestNetworks;

  beforeAll(async () => {
    app = await TestApp.start();
    admin = await app.admin();
    containers = new TestContainers(app, admin);
    networks = new TestNetworks(app, admin, containers);
  });
  afterEach(async () => {
    await containers.removeAll();
    await networks.removeAll();
  });
  afterAll(() => app.stop());

  const get = async (id: string, actor = admin) =>
    (await app.rest(actor).get(`${PATH}/${id}`).expect(200)).body as NetworkDetails;
  const list = async (query: Record<string, unknown> = {}, actor = admin) =>
    (
      await app
        .rest(actor)
        .get(PATH)
        .query({ label: containers.selector, ...query })
        .expect(200)
    ).body as Page;
  const connect = (network: string, body: object, actor = admin) =>
    app.rest(actor).post(`${PATH}/${network}/connect`).send(body);
  const disconnect = (network: string, body: object, actor = admin) =>
    app.rest(actor).post(`${PATH}/${network}/disconnect`).send(body);

  describe('are created', () => {
    it('with addresses, options and labels, as they were asked for', async () => {
      const { subnet, address } = freeSubnet();
      const pool = {
        subnet,
        ipRange: subnet.replace('.0/24', '.128/25'),
        gateway: address(1),
        auxiliaryAddresses: { printer: address(5) },
      };
      const made = await networks.create({
        driver: 'bridge',
        internal: true,
        attachable: true,
        ipv6Enabled: true,
        ipam: { pools: [pool, { subnet: 'fd00:5::/64', gateway: 'fd00:5::1' }] },
        driverOptions: { 'com.docker.network.driver.mtu': '1400' },
        labels: { team: 'web' },
      });
      expect(made).toMatchObject({
        engine: 'local',
        driver: 'bridge',
        scope: 'local',
        predefined: false,
        internal: true,
        attachable: true,
        ingress: false,
        configOnly: false,
        configFrom: null,
        ipv4Enabled: true,
        ipv6Enabled: true,
        ipam: {
          driver: 'default',
          pools: [
            pool,
            { subnet: 'fd00:5::/64', ipRange: null, gateway: 'fd00:5::1', auxiliaryAddresses: {} },
          ],
        },
        driverOptions: { 'com.docker.network.driver.mtu': '1400' },
        endpoints: [],
        warnings: [],
        stale: false,
      });
      expect(await networks.inspect(made.id)).toMatchObject({
        Name: made.name,
        Internal: true,
        Attachable: true,
        EnableIPv6: true,
        Labels: { team: 'web' },
        Options: { 'com.docker.network.driver.mtu': '1400' },
      });
      expect(await get(made.name)).toEqual(await get(made.id.slice(0, 12)));
    });

    it('by GraphQL too', async () => {
      const { data, errors } = await app.graphql(
        admin,
        `mutation ($input: CreateNetworkInput!) { createNetwork(engine: "local", input: $input) { id name driver ipam { pools { subnet } } } }`,
        { input: { name: containers.name(), labels: containers.labels } },
      );
      expect(errors).toBeUndefined();
      expect(data?.['createNetwork']).toMatchObject({
        driver: 'bridge',
        ipam: { pools: [{ subnet: expect.stringContaining('/') }] },
      });
    });

    it.each(['macvlan', 'ipvlan'])('as a configuration for %s', async (driver) => {
      const made = await networks.create({ driver, configOnly: true, driverOptions: { parent: 'eth0.100' } });
      expect(made).toMatchObject({ driver: 'null', configOnly: true, driverOptions: { parent: 'eth0.100' } });
    });

    it('but not where the engine cannot: an overlay without a swarm, no IPv4 before API 1.48', async () => {
      const overlay = { name: containers.name(), driver: 'overlay' };
      const answer = await app.rest(admin).post(PATH).send(overlay);
      expect(answer.body).toMatchObject({ detail: expect.stringMatching(/swarm/i) });
      const ipv6 = { name: containers.name(), ipv4Enabled: false, ipv6Enabled: true };
      const refused = await app.rest(admin).post(PATH).send(ipv6);
      expect(refused.body).toMatchObject({ code: 'not_supported', errors: [{ field: 'ipv4Enabled' }] });
    });

    it.each<[what: string, input: Partial<CreateNetworkInput>, fields: string[]]>([
      [
        'a gateway outside of its subnet',
        { ipam: { pools: [{ subnet: '10.5.0.0/16', gateway: '10.6.0.1' }] } },
        ['ipam.pools.0.gateway'],
      ],
      [
        'pools that overlap',
        { ipam: { pools: [{ subnet: '10.5.0.0/16' }, { subnet: '10.5.4.0/24' }] } },
        ['ipam.pools.1.subnet'],
      ],
      [
        'addresses that are none',
        { ipam: { pools: [{ subnet: '10.5.0.300/16' }, { subnet: '10.5.0.1/16' }] } },
        ['ipam.pools.0.subnet', 'ipam.pools.1.subnet'],
      ],
      ['IPv6 that is not enabled', { ipam: { pools: [{ subnet: 'fd00::/64' }] } }, ['ipam.pools.0.subnet']],
    ])('but not with %s', async (_, input, fields) => {
      const name = containers.name();
      const answer = await app
        .rest(admin)
        .post(PATH)
        .send({ name, ...input })
        .expect(400);
      expect((answer.body as { errors: { field: string }[] }).errors.map(({ field }) => field)).toEqual(
        fields,
      );
      expect(await networks.exists(name)).toBe(false);
    });

    it('only once with one name, and not with addresses that are taken', async () => {
      const { subnet } = freeSubnet();
      const made = await networks.create({ ipam: { pools: [{ subnet }] } });
      const send = (input: object, dryRun: boolean) =>
        app.rest(admin).post(PATH).query({ dryRun }).send(input);
      for (const dryRun of [true, false]) {
        expect((await send({ name: made.name }, dryRun)).body).toMatchObject({ code: 'conflict' });
        const taken = { name: containers.name(), ipam: { pools: [{ subnet }] } };
        expect((await send(taken, dryRun)).body).toMatchObject({ code: 'conflict' });
      }
    });

    it('not at all by a dry run, which answers with what would be', async () => {
      const name = containers.name();
      const answer = await app.rest(admin).post(PATH).query({ dryRun: true }).send({ name }).expect(201);
      expect(answer.body).toMatchObject({ id: '', name, driver: 'bridge', raw: null });
      expect(await networks.exists(name)).toBe(false);
    });
  });

  describe('connect containers', () => {
    it('with aliases and a fixed address, until they are disconnected', async () => {
      const { subnet, address } = freeSubnet();
      const network = await networks.create({ ipam: { pools: [{ subnet }] } });
      const running = await containers.run();
      const created = await containers.create();
      await connect(network.name, {
        container: running.name,
        aliases: ['db', 'primary'],
        ipv4Address: address(77),
      }).expect(204);
      await connect(network.id, { container: created.id, aliases: ['later'] }).expect(204);

      const { endpoints } = await get(network.id);
      expect(endpoints).toHaveLength(2);
      expect(endpoints?.find(({ containerId }) => containerId === running.id)).toMatchObject({
        containerName: running.name,
        state: 'running',
        ipv4Address: address(77),
        macAddress: expect.stringMatching(/^02:42:/),
        aliases: expect.arrayContaining(['db', 'primary']),
      });
      expect(endpoints?.find(({ containerId }) => containerId === created.id)).toMatchObject({
        state: 'created',
        ipv4Address: null,
        aliases: expect.arrayContaining(['later']),
      });
      const inspected = await containers.inspect(running.id);
      expect(inspected.NetworkSettings.Networks[network.name]?.IPAddress).toBe(address(77));

      await disconnect(network.id, { container: running.id }).expect(204);
      await disconnect(network.id, { container: created.id, force: true }).expect(204);
      expect((await get(network.id)).endpoints).toEqual([]);
      expect((await containers.inspect(running.id)).NetworkSettings.Networks[network.name]).toBeUndefined();
    });

    it('by GraphQL too, which answers with the network as it is then', async () => {
      const network = await networks.create();
      const { id } = await containers.run();
      const change = async (mutation: string) => {
        const { data, errors } = await app.graphql(
          admin,
          `mutation ($network: String!, $id: String!) { ${mutation}(engine: "local", id: $network, input: { container: $id }) { endpoints { containerId } containers { id } } }`,
          { network: network.name, id },
        );
        expect(errors).toBeUndefined();
        return data?.[mutation];
      };
      expect(await change('connectNetwork')).toEqual({
        endpoints: [{ containerId: id }],
        containers: [{ id }],
      });
      expect(await change('disconnectNetwork')).toEqual({ endpoints: [], containers: [] });
    });

    it('only once, only at addresses that are free and theirs, and only as the engine can', async () => {
      const { subnet, address } = freeSubnet();
      const network = await networks.create({ ipam: { pools: [{ subnet }] } });
      const one = await containers.run();
      const other = await containers.run();
      await connect(network.id, { container: one.id, ipv4Address: address(9) }).expect(204);
      await connect(network.id, { container: one.id }).expect(409);
      await connect(network.id, { container: other.id, ipv4Address: address(9) }).expect(409);
      expect((await connect(network.id, { container: other.id, ipv4Address: '10.0.0.999' })).status).toBe(
        400,
      );
      const mac = await connect(network.id, { container: other.id, macAddress: '02:42:ac:11:00:02' });
      expect(mac.body).toMatchObject({ code: 'not_supported', errors: [{ field: 'macAddress' }] });
      await disconnect(network.id, { container: other.id }).expect(409);
      await connect(network.id, { container: containers.name('nobody') }).expect(404);
      await connect(containers.name('nowhere'), { container: one.id }).expect(404);
    });
  });

  describe('are removed', () => {
    it('when nothing runs on them any more', async () => {
      const network = await networks.create();
      const { id } = await containers.run({ networks: [{ name: network.name }] });
      const refused = await app.rest(admin).delete(`${PATH}/${network.id}`).expect(409);
      expect((refused.body as { detail: string }).detail).toContain('active endpoints');
      await disconnect(network.id, { container: id }).expect(204);
      await app.rest(admin).delete(`${PATH}/${network.id}`).expect(204);
      await app.rest(admin).get(`${PATH}/${network.id}`).expect(404);
      await app.rest(admin).delete(`${PATH}/bridge`).expect(409);
    });

    it('by pruning where no container is on them, not even one that is stopped', async () => {
      const unused = await networks.create();
      const stopped = await networks.create();
      const kept = await networks.create({ labels: { keep: 'yes' } });
      await containers.create({ networks: [{ name: stopped.name }] });
      const prune = async (dryRun: boolean) =>
        (
          await app
            .rest(admin)
            .post(`${PATH}/prune`)
            .query({ dryRun })
            .send({ label: [containers.selector, '!keep'] })
            .expect(200)
        ).body as NetworkPruneResult;
      const expected = { deleted: [{ id: unused.id, name: unused.name }] };
      expect(await prune(true)).toEqual(expected);
      expect(await networks.exists(unused.id)).toBe(true);
      expect((await list({ dangling: true })).items.map(({ id }) => id).toSorted()).toEqual(
        [unused.id, kept.id].toSorted(),
      );
      expect(await prune(false)).toEqual(expected);
      expect(await Promise.all([unused, stopped, kept].map(({ id }) => networks.exists(id)))).toEqual([
        false,
        true,
        true,
      ]);
    });
  });

  describe('are listed', () => {
    it('newest first, in pages, by REST and GraphQL alike', async () => {
      const names: string[] = [];
      for (let count = 0; count < 3; count += 1) names.unshift((await networks.create()).name);
      const first = await list({ limit: 2 });
      expect(first).toMatchObject({ totalCount: 3 });
      const second = await list({ limit: 2, after: first.nextCursor });
      expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(names);
      const { data } = await app.graphql(
        admin,
        `query ($label: [String!]) { networks(engine: "local", filter: { label: $label }) { totalCount revision nodes { name } } }`,
        { label: [containers.selector] },
      );
      expect(data?.['networks']).toMatchObject({ totalCount: 3, nodes: names.map((name) => ({ name })) });
    });

    it.each<[query: Record<string, unknown>, expected: string[]]>([
      [{ name: 'needle' }, ['needle']],
      [{ driver: 'null' }, ['config']],
      [{ driver: ['null', 'bridge'], internal: false }, ['config', 'plain']],
      [{ internal: true }, ['needle']],
      [{ configOnly: true }, ['config']],
      [{ scope: 'swarm' }, []],
      [{ attachable: true }, []],
      [{ predefined: true }, []],
    ])('by %j', async (query, expected) => {
      const made = {
        needle: await networks.create({ name: containers.name('needle'), internal: true }),
        plain: await networks.create(),
        config: await networks.create({ configOnly: true }),
      };
      const { items } = await list(query);
      const nameOf = (id: string) => Object.entries(made).find(([, network]) => network.id === id)?.[0];
      expect(items.map(({ id }) => nameOf(id)).toSorted()).toEqual(expected);
    });

    it('with those of the engine’s own, and 304 while nothing changes', async () => {
      const answer = await app.rest(admin).get(PATH).query({ predefined: true }).expect(200);
      expect((answer.body as Page).items.map(({ name }) => name).toSorted()).toEqual([
        'bridge',
        'host',
        'none',
      ]);
      const tag = (answer.headers as Record<string, string>)['etag'] ?? '';
      await app.rest(admin).get(PATH).query({ predefined: true }).set('if-none-match', tag).expect(304);
    });

    it('and watched: by an event stream, and by networkChanged', async () => {
      const watched = containers.name();
      const url = `${app.url}${PATH}?watch=true&label=watched%3D${watched}`;
      const stream = await HttpStream.open(url, { actor: admin, accept: 'text/event-stream' });
      const client = graphqlClient(app, admin);
      const changed = subscribe<NetworkChange>(
        client,
        `subscription ($label: [String!]) { networkChanged(engine: "local", filter: { label: $label }) { kind id network { name } } }`,
        { label: [`watched=${watched}`] },
      );
      await stream.until(({ events }) => events.some(({ event }) => event === 'synced'));
      await changed.until((values) => values.some(({ kind }) => kind === 'synced'));
      const { id, name } = await networks.create({ labels: { watched } });
      await app.rest(admin).delete(`${PATH}/${id}`).expect(204);
      await stream.until(({ events }) => events.some(({ event }) => event === 'removed'));
      await changed.until((values) => values.some(({ kind }) => kind === 'removed'));
      const events = stream.events.map(({ event }) => event).filter((event) => event !== 'updated');
      expect(events).toEqual(['reset', 'synced', 'added', 'removed']);
      expect(changed.values.at(-1)).toMatchObject({ kind: 'removed', id, network: { name } });
      stream.vanish();
      await client.dispose();
      await app.rest(admin).get(PATH).query({ watch: true, dangling: true }).expect(400);
    });
  });

  describe('as a graph', () => {
    it('tell which containers talk on which network, and which are apart', async () => {
      const front = await networks.create();
      const back = await networks.create();
      const web = await containers.run({ networks: [{ name: front.name, aliases: ['www'] }] });
      const api = await containers.run({ networks: [{ name: front.name }] });
      await connect(back.id, { container: api.id }).expect(204);
      const db = await containers.run({ networks: [{ name: back.name }] });
      const alone = await containers.run({ networks: [{ name: 'none' }] });
      const sidecar = await containers.run({ networks: [{ name: `container:${db.id}` }] });
      await containers.create({ networks: [{ name: back.name }] });

      const answer = await app
        .rest(admin)
        .get(`${PATH}/graph`)
        .query({ label: containers.selector })
        .expect(200);
      const graph = answer.body as NetworkGraph;
      expect(graph.containers).toHaveLength(6);
      const edge = graph.edges.find(
        ({ containerId, networkId }) => containerId === web.id && networkId === front.id,
      );
      expect(edge).toMatchObject({
        ipv4Address: (await containers.inspect(web.id)).NetworkSettings.Networks[front.name]?.IPAddress,
        aliases: expect.arrayContaining(['www']),
      });
      expect(graph.containers.find(({ id }) => id === sidecar.id)).toMatchObject({ sharesNetworkOf: db.id });
      const groups = graph.groups.map(({ containerIds, networkIds, direct }) => ({
        containerIds: new Set(containerIds),
        networkIds: new Set(networkIds),
        direct,
      }));
      expect(groups).toEqual([
        {
          containerIds: new Set([web.id, api.id, db.id, sidecar.id]),
          networkIds: new Set([front.id, back.id]),
          direct: false,
        },
        { containerIds: new Set([alone.id]), networkIds: new Set(), direct: true },
      ]);

      const { data, errors } = await app.graphql(
        admin,
        `query ($network: String!) { networkGraph(engine: "local", network: $network) { networks { id connects subnets } groups { containerIds direct } } }`,
        { network: back.name },
      );
      expect(errors).toBeUndefined();
      expect(data?.['networkGraph']).toMatchObject({
        networks: [{ id: back.id, connects: true }],
        groups: [{ direct: true }],
      });
    });
  });

  describe('of others', () => {
    let web: TestActor;
    let shownWeb: NetworkDetails;
    let hidden: NetworkDetails;
    beforeAll(async () => {
      web = await app.user('web', [{ role: 'developer', scope: ONLY_WEB }]);
    });
    const scene = async () => {
      shownWeb = await networks.create({ labels: { team: 'web' } });
      hidden = await networks.create({ labels: { team: 'db' } });
      const mine = await containers.run({ labels: { team: 'web' }, networks: [{ name: shownWeb.name }] });
      const theirs = await containers.run({ labels: { team: 'db' }, networks: [{ name: shownWeb.name }] });
      await connect(hidden.id, { container: mine.id }).expect(204);
      return { mine, theirs };
    };

    it('are not there: not in lists, by any name, in the graph or beside one’s own containers', async () => {
      const { mine, theirs } = await scene();
      expect((await list({}, web)).items.map(({ id }) => id)).toEqual([shownWeb.id]);
      for (const reference of [hidden.id, hidden.name, hidden.id.slice(0, 12)]) {
        await app.rest(web).get(`${PATH}/${reference}`).expect(404);
        await app.rest(web).delete(`${PATH}/${reference}`).expect(404);
        await connect(reference, { container: mine.id }, web).expect(404);
      }
      const seen = await app.rest(web).get(`${PATH}/${shownWeb.id}`).expect(200);
      expect((seen.body as NetworkDetails).endpoints?.map(({ containerId }) => containerId)).toEqual([
        mine.id,
      ]);
      expect(seen.text).not.toContain(theirs.id);
      const graph = await app.rest(web).get(`${PATH}/graph`).expect(200);
      expect((graph.body as NetworkGraph).edges).toMatchObject([
        { networkId: shownWeb.id, containerId: mine.id },
      ]);
      expect(graph.text).not.toContain(hidden.id);
      expect(graph.text).not.toContain(theirs.id);

      const { data } = await app.graphql(
        web,
        `{ containers(engine: "local") { nodes { id networks { name network { id driver containers { id } } } } } }`,
      );
      const { nodes } = data?.['containers'] as { nodes: { networks: { name: string }[] }[] };
      expect(nodes).toHaveLength(1);
      expect(nodes[0]?.networks.toSorted((one) => (one.name === shownWeb.name ? -1 : 1))).toEqual([
        {
          name: shownWeb.name,
          network: { id: shownWeb.id, driver: 'bridge', containers: [{ id: mine.id }] },
        },
        { name: hidden.name, network: null },
      ]);
    });

    it('stay when one prunes, and one’s own are removed with an error that names nobody', async () => {
      const { mine, theirs } = await scene();
      const own = await networks.create({ labels: { team: 'web' } }, web);
      const pruned = await app.rest(web).post(`${PATH}/prune`).send({}).expect(200);
      expect(pruned.body).toEqual({ deleted: [{ id: own.id, name: own.name }] });
      await disconnect(shownWeb.id, { container: mine.id }, web).expect(204);
      const refused = await app.rest(web).delete(`${PATH}/${shownWeb.id}`).expect(409);
      expect(refused.text).not.toContain(theirs.name);
    });

    it('leave a developer bound to team=web able to work with its own', async () => {
      const own = await networks.create({ labels: { team: 'web' } }, web);
      expect(own.endpoints).toEqual([]);
      const made = await app
        .rest(web)
        .post(`${containers.path}/run`)
        .send({
          image: 'busybox',
          command: ['sleep', '600'],
          labels: { ...containers.labels, team: 'web' },
          networks: [{ name: own.name }],
        })
        .expect(201);
      const { id } = made.body as ContainerDetails;
      await disconnect(own.id, { container: id }, web).expect(204);
      await connect(own.id, { container: id, aliases: ['mine'] }, web).expect(204);
      expect((await get(own.id, web)).endpoints).toMatchObject([
        { containerId: id, aliases: expect.arrayContaining(['mine']) },
      ]);
      await disconnect(own.id, { container: id, force: true }, web).expect(204);
      await app.rest(web).delete(`${PATH}/${own.id}`).expect(204);
      expect(await networks.exists(own.id)).toBe(false);
    });
  });
});

describe('networks, hostile', () => {
  let ground: HostileGround;
  let networks: TestNetworks;
  let web: TestActor;
  let developer: TestActor;
  let shared: NetworkDetails;
  let hidden: NetworkDetails;
  let theirs: ContainerDetails;
  let mine: ContainerDetails;

  beforeAll(async () => {
    ground = await HostileGround.start();
    const { app, admin, containers } = ground;
    networks = new TestNetworks(app, admin, containers);
    web = await app.user('web', [{ role: 'viewer' }, { role: 'developer', scope: ONLY_WEB }]);
    developer = await app.user('developer', [{ role: 'developer' }]);
    shared = await networks.create({ labels: { team: 'web' } });
    hidden = await networks.create({ labels: { team: 'db' } });
    theirs = await containers.run({ labels: { team: 'db' } });
    mine = await containers.run({ labels: { team: 'web' } });
    // What is remembered is read before what is asked is counted.
    await eventually(
      async () => (await app.rest(admin).get(`${PATH}/${hidden.id}`)).status,
      (status) => status === 200,
    );
  });
  afterAll(async () => {
    await ground.containers.removeAll();
    await networks.removeAll();
    await ground.stop();
  });

  const path = 'engines/local/networks';
  const violation = { code: 'policy_violation' } as const;

  it.each<[what: string, body: object]>([
    ['of a driver that reaches the host’s network', { driver: 'macvlan', driverOptions: { parent: 'eth0' } }],
    ['of ipvlan', { driver: 'ipvlan' }],
    ['of the host', { driver: 'host' }],
    ['over a bridge of the host', { driverOptions: { 'com.docker.network.bridge.name': 'docker0' } }],
    ['over an interface of the host', { driverOptions: { parent: 'eth0' } }],
    ['from a configuration of somebody else', { driver: 'bridge', configFrom: 'theirs' }],
    ['with addresses from a plugin', { ipam: { driver: 'dhcp' } }],
    ['for the swarm’s ports', { driver: 'overlay', ingress: true }],
  ])('a developer at baseline makes none %s', async (_, body) => {
    const name = ground.containers.name();
    await ground.refusedCall(developer, 'NetworkCreate', ['post', path, { name, ...body }], violation);
    expect(await networks.exists(name)).toBe(false);
  });

  it('nor by GraphQL, nor by a dry run', async () => {
    await ground.refusedGraphql(
      developer,
      'NetworkCreate',
      'mutation { createNetwork(engine: "local", input: { name: "evil", driver: "macvlan" }) { id } }',
      violation,
    );
    const body = { name: 'evil', driver: 'macvlan' };
    await ground.refusedCall(developer, 'NetworkCreate', ['post', `${path}?dryRun=true`, body], violation);
  });

  it('takes nobody’s place by a name like an id, and sets no label of Dockmaster’s own', async () => {
    const rest = { status: 400, code: 'invalid_input' };
    const name = hidden.id.slice(0, 12);
    await ground.refusedCall(developer, 'NetworkCreate', ['post', path, { name }], rest);
    const labels = { 'IO.dockmaster.owner': 'admin' };
    const body = { name: ground.containers.name(), labels };
    await ground.refusedCall(developer, 'NetworkCreate', ['post', path, body], rest);
  });

  it('makes none outside of its labels', async () => {
    const body = { name: ground.containers.name(), labels: { team: 'db' } };
    await ground.refusedCall(web, 'NetworkCreate', ['post', path, body]);
  });

  it.each(['connect', 'disconnect'] as const)(
    'does not %s somebody else’s container, even on its own network',
    async (verb) => {
      const call = ['post', `${path}/${shared.id}/${verb}`, { container: theirs.id }] as const;
      await ground.refusedCall(web, OPERATION[verb], call);
      expect(
        (await ground.containers.inspect(theirs.id)).NetworkSettings.Networks[shared.name],
      ).toBeUndefined();
    },
  );

  it.each(['connect', 'disconnect'] as const)(
    'does not %s its own container on somebody else’s network',
    async (verb) => {
      const call = ['post', `${path}/${hidden.id}/${verb}`, { container: mine.id }] as const;
      await ground.refusedCall(web, OPERATION[verb], call);
      expect(
        (await ground.containers.inspect(mine.id)).NetworkSettings.Networks[hidden.name],
      ).toBeUndefined();
    },
  );

  it('does not make a container on somebody else’s network', async () => {
    const body = { image: 'busybox', labels: { team: 'web' }, networks: [{ name: hidden.name }] };
    await ground.refusedCall(web, 'ContainerCreate', ['post', 'engines/local/containers', body]);
  });

  it.each<[what: string, body: object]>([
    ['links to what another container holds', { links: ['other:db'] }],
    ['options that name interfaces', { driverOptions: { parent: 'eth0' } }],
  ])('does not connect with %s', async (_, body) => {
    const call = ['post', `${path}/${shared.id}/connect`, { container: mine.id, ...body }] as const;
    await ground.refusedCall(developer, 'NetworkConnect', call, violation);
  });

  it('does not join the host’s network later, either', async () => {
    const call = ['post', `${path}/host/connect`, { container: mine.id }] as const;
    await ground.refusedCall(developer, 'NetworkConnect', call, violation);
  });

  it('removes nothing of others', async () => {
    await ground.refusedCall(web, 'NetworkDelete', ['delete', `${path}/${hidden.id}`]);
    expect(await networks.exists(hidden.id)).toBe(true);
  });
});

describe('networks from memory', () => {
  it('lists, details, joins and the graph ask the engine nothing', async () => {
    const engine = await PrivateEngine.start({ name: 'networks' });
    await engine.importBusybox();
    const recording = await RecordingEngine.start(engine.socketPath);
    const app = await TestApp.start({ dockerHost: recording.dockerHost });
    const admin = await app.admin();
    try {
      const made = await app.rest(admin).post(PATH).send({ name: 'counted' }).expect(201);
      const { id } = made.body as NetworkDetails;
      for (let count = 0; count < 5; count += 1) {
        const body = { image: 'busybox', networks: [{ name: 'counted' }] };
        await app.rest(admin).post('/api/v1/engines/local/containers').send(body).expect(201);
      }
      const ask = async () => {
        await app.rest(admin).get(PATH).expect(200);
        await app.rest(admin).get(`${PATH}/graph`).expect(200);
        const seen = await app.rest(admin).get(`${PATH}/${id}`).expect(200);
        expect((seen.body as NetworkDetails).endpoints).toHaveLength(5);
        const { data } = await app.graphql(
          admin,
          `{ containers(engine: "local") { nodes { networks { network { name containers { name } } } } } networkGraph(engine: "local") { edges { containerId } } }`,
        );
        const { nodes } = data?.['containers'] as { nodes: { networks: { network: Network }[] }[] };
        expect(nodes.map(({ networks }) => networks[0]?.network.name)).toEqual(Array(5).fill('counted'));
      };
      await ask();
      const before = recording.requests.length;
      await ask();
      expect(recording.requests.slice(before)).toEqual([]);
    } finally {
      await app.stop();
      await recording.stop();
      await engine.stop();
    }
  });
});
