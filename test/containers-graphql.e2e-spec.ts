import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type GraphqlAnswer, type TestActor, TestApp } from './support/app.js';
import { TestContainers, UNTIL_STOPPED } from './support/test-containers.js';

describe('containers by GraphQL', () => {
  let app: TestApp;
  let admin: TestActor;
  let containers: TestContainers;

  beforeAll(async () => {
    app = await TestApp.start();
    admin = await app.admin();
    containers = new TestContainers(app, admin);
  });
  afterAll(async () => {
    await containers.removeAll();
    await app.stop();
  });

  const ask = (query: string, variables?: Record<string, unknown>, actor = admin) =>
    app.graphql(actor, query, variables);
  /** A mutation on one container. @returns the value of its one field */
  const change = async (field: string, id: string, selection = '{ id state }', input?: object) => {
    const [name = ''] = field.split('(');
    const type = input && `, $input: ${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`;
    const { data, errors } = await ask(
      `mutation ($id: String!${type ?? ''}) { ${name}(engine: "local", id: $id${input ? ', input: $input' : ''}) ${selection} }`,
      { id, ...(input ? { input } : {}) },
    );
    if (errors) throw new Error(JSON.stringify(errors));
    return data?.[name];
  };
  const stateOf = async (id: string) => (await containers.inspect(id)).State;
  const codeOf = ({ errors }: GraphqlAnswer) => errors?.map(({ extensions }) => extensions.code);

  describe('queries', () => {
    it('container tells everything that REST tells', async () => {
      const { id } = await containers.run({ env: ['A=b'], resources: { memory: 64 * 1024 * 1024 } });
      const { data, errors } = await ask(
        `query ($id: String!) { container(engine: "local", id: $id) {
          engine id name image imageId command labels state status health createdAt
          ports { containerPort protocol hostIp hostPort }
          mounts { type name source target driver readOnly mode propagation }
          networks { name id ipv4Address ipv6Address gateway macAddress aliases }
          startedAt finishedAt exitCode error oomKilled restartCount pid entrypoint arguments env workingDir user hostname
          tty openStdin platform logDriver autoRemove privileged networkMode
          restartPolicy { name maximumRetryCount }
          resources { memory memorySwap memoryReservation nanoCpus cpuShares cpuPeriod cpuQuota cpusetCpus cpusetMems pidsLimit blkioWeight }
          warnings raw syncedAt stale staleSeconds
        } }`,
        { id },
      );
      expect(errors).toBeUndefined();
      const seen = await app.rest(admin).get(`${containers.path}/${id}`).expect(200);
      const { status: _inGraphql, ...byGraphql } = data?.['container'] as Record<string, unknown>;
      const { status: _inRest, ...byRest } = seen.body as Record<string, unknown>;
      expect(byGraphql).toEqual(byRest);
    });

    it('containers are a connection: edges and nodes, cursors that go on, filters, a count', async () => {
      const labels = { connected: containers.name() };
      for (let count = 0; count < 3; count += 1) await containers.create({ labels });
      const page = async (after: string | null) =>
        (
          await ask(
            `query ($label: [String!], $after: String) {
              containers(engine: "local", filter: { label: $label, state: ["created"] }, first: 2, after: $after) {
                totalCount edges { cursor node { id } } nodes { id } pageInfo { hasNextPage endCursor }
              }
            }`,
            { label: [`connected=${labels.connected}`], after },
          )
        ).data?.['containers'] as {
          totalCount: number;
          edges: { cursor: string; node: { id: string } }[];
          nodes: { id: string }[];
          pageInfo: { hasNextPage: boolean; endCursor: string };
        };

      const first = await page(null);
      expect(first).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
      expect(first.edges.map(({ node }) => node)).toEqual(first.nodes);
      expect(first.edges.at(-1)?.cursor).toBe(first.pageInfo.endCursor);
      const second = await page(first.pageInfo.endCursor);
      expect(second).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: false } });
      const onEngine = await containers.engine.listContainers({
        all: true,
        filters: { label: [`connected=${labels.connected}`] },
      });
      expect([...first.nodes, ...second.nodes].map(({ id }) => id).toSorted()).toEqual(
        onEngine.map(({ Id }) => Id).toSorted(),
      );
    });

    it('containerProcesses and containerChanges', async () => {
      const { id } = await containers.run({
        command: ['sh', '-c', 'echo a > /made; echo made; exec sleep 600'],
      });
      await containers.said(id, 'made');
      const { data } = await ask(
        `query ($id: String!) {
          containerProcesses(engine: "local", id: $id, input: { psArgs: "-o pid,args" }) { titles processes }
          containerChanges(engine: "local", id: $id) { path kind }
        }`,
        { id },
      );
      expect(data).toEqual({
        containerProcesses: {
          titles: ['PID', 'COMMAND'],
          processes: [{ PID: String((await stateOf(id)).Pid), COMMAND: 'sleep 600' }],
        },
        containerChanges: [{ path: '/made', kind: 'added' }],
      });
    });
  });

  describe('mutations', () => {
    it('createContainer, with null for what is left out', async () => {
      const name = containers.name();
      const { data, errors } = await ask(
        `mutation ($input: CreateContainerInput!) { createContainer(engine: "local", input: $input) { id name state env labels warnings } }`,
        {
          input: {
            name,
            image: 'busybox',
            labels: { ...containers.labels, constructor: 'a label' },
            env: ['A=b'],
            resources: { memory: 8 * 1024 * 1024 * 1024 },
            ports: null,
            restartPolicy: null,
            user: null,
          },
        },
      );
      expect(errors).toBeUndefined();
      expect(data).toEqual({
        createContainer: {
          id: expect.any(String),
          name,
          state: 'created',
          env: expect.arrayContaining(['A=b']),
          labels: { ...containers.labels, constructor: 'a label' },
          warnings: expect.any(Array),
        },
      });
      expect((await containers.inspect(name)).HostConfig).toMatchObject({
        Memory: 8 * 1024 * 1024 * 1024,
        PortBindings: null,
      });
    });

    it('createContainer, with the whole input in the document', async () => {
      const name = containers.name();
      const { errors } = await ask(
        `mutation { createContainer(engine: "local", input: {
           name: "${name}", image: "busybox", labels: { suite: "${containers.labels.suite}" },
           mounts: [{ type: "tmpfs", target: "/scratch", tmpfs: { sizeBytes: 1048576 } }]
         }) { id } }`,
      );
      expect(errors).toBeUndefined();
      const { Config, HostConfig } = await containers.inspect(name);
      expect(Config.Labels).toMatchObject(containers.labels);
      expect(HostConfig.Mounts).toMatchObject([
        { Target: '/scratch', TmpfsOptions: { SizeBytes: 1_048_576 } },
      ]);
    });

    it('runContainer', async () => {
      const { data } = await ask(
        `mutation ($input: RunContainerInput!) { runContainer(engine: "local", input: $input) { id state pid } }`,
        { input: { image: 'busybox', command: UNTIL_STOPPED, labels: containers.labels, pull: 'never' } },
      );
      const { id, state, pid } = data?.['runContainer'] as { id: string; state: string; pid: number };
      expect(state).toBe('running');
      expect(await stateOf(id)).toMatchObject({ Running: true, Pid: pid });
    });

    it('startContainer, restartContainer, pauseContainer, unpauseContainer, stopContainer and killContainer', async () => {
      const { id } = await containers.create();
      expect(await change('startContainer', id)).toEqual({ id, state: 'running' });
      const { Pid } = await stateOf(id);
      await containers.said(id, 'ready');
      expect(await change('restartContainer', id)).toEqual({ id, state: 'running' });
      expect((await stateOf(id)).Pid).not.toBe(Pid);
      expect(await change('pauseContainer', id)).toEqual({ id, state: 'paused' });
      expect(await stateOf(id)).toMatchObject({ Paused: true });
      expect(await change('unpauseContainer', id)).toEqual({ id, state: 'running' });
      expect(await stateOf(id)).toMatchObject({ Paused: false });
      expect(await change('stopContainer', id, '{ id state exitCode }', { timeoutSeconds: 0 })).toMatchObject(
        {
          id,
          state: 'exited',
        },
      );
      expect(await stateOf(id)).toMatchObject({ Running: false });
      expect(await change('startContainer', id)).toEqual({ id, state: 'running' });
      expect(await change('killContainer', id, '{ id }', { signal: 'KILL' })).toEqual({ id });
      await containers.engine.getContainer(id).wait();
      expect(await stateOf(id)).toMatchObject({ ExitCode: 137 });
    });

    it('renameContainer, updateContainer', async () => {
      const { id } = await containers.create();
      const name = containers.name('renamed');
      expect(await change('renameContainer', id, '{ id name }', { name })).toEqual({ id, name });
      expect((await containers.inspect(id)).Name).toBe(`/${name}`);
      expect(
        await change('updateContainer', id, '{ restartPolicy { name } resources { cpuShares } warnings }', {
          restartPolicy: { name: 'always' },
          resources: { cpuShares: 128 },
        }),
      ).toEqual({
        restartPolicy: { name: 'always' },
        resources: { cpuShares: 128 },
        warnings: expect.any(Array),
      });
      expect((await containers.inspect(id)).HostConfig).toMatchObject({
        CpuShares: 128,
        RestartPolicy: { Name: 'always' },
      });
    });

    it('waitContainer, commitContainer, removeContainer', async () => {
      const { id } = await containers.run({ command: ['sh', '-c', 'exit 9'] });
      expect(await change('waitContainer', id, '{ exitCode error }')).toEqual({ exitCode: 9, error: null });

      const repository = containers.name('committed');
      const { imageId } = (await change('commitContainer', id, '{ imageId }', { repository, tag: 'v1' })) as {
        imageId: string;
      };
      expect((await containers.engine.getImage(`${repository}:v1`).inspect()).Id).toBe(imageId);
      await containers.engine.getImage(`${repository}:v1`).remove();

      expect(await change('removeContainer', id, '')).toBe(true);
      expect(await containers.exists(id)).toBe(false);
    });

    it('pruneContainers', async () => {
      const labels = { prune: containers.name() };
      const { id } = await containers.create({ labels });
      const running = await containers.run({ labels });
      const { data } = await ask(
        `mutation ($label: [String!]) { pruneContainers(engine: "local", input: { label: $label }) { deletedIds spaceReclaimed } }`,
        { label: [`prune=${labels.prune}`] },
      );
      expect(data).toEqual({ pruneContainers: { deletedIds: [id], spaceReclaimed: 0 } });
      expect(await containers.exists(id)).toBe(false);
      expect(await containers.exists(running.id)).toBe(true);
    });
  });

  describe('errors', () => {
    it('have the code of the problem, and belong to their field', async () => {
      const { id } = await containers.create();
      const answer = await ask(
        `query ($id: String!) {
          there: container(engine: "local", id: $id) { id }
          engines { name }
        }`,
        { id },
      );
      expect(codeOf(answer)).toBeUndefined();
      const missing = await ask('{ container(engine: "local", id: "no-such-container") { id } }');
      expect(missing).toMatchObject({
        errors: [
          {
            message: expect.stringContaining('no-such-container'),
            path: ['container'],
            extensions: { code: 'not_found', requestId: expect.any(String) },
          },
        ],
      });
      expect(missing.data ?? null).toBeNull();
    });

    it('of several mutations stop none of the others', async () => {
      const { id } = await containers.create();
      const answer = await ask(
        `mutation ($id: String!) {
          bad: stopContainer(engine: "local", id: "no-such-container") { id }
          good: startContainer(engine: "local", id: $id) { state }
        }`,
        { id },
      );
      expect(answer).toMatchObject({
        data: { bad: null, good: { state: 'running' } },
        errors: [{ path: ['bad'], extensions: { code: 'not_found' } }],
      });
      expect(await stateOf(id)).toMatchObject({ Running: true });
    });

    it('are those of REST: conflict, not_found, not_supported, engine_timeout', async () => {
      const { id, name } = await containers.run();
      const create = (input: object) =>
        ask(
          `mutation ($input: CreateContainerInput!) { createContainer(engine: "local", input: $input) { id } }`,
          {
            input,
          },
        );
      expect(codeOf(await create({ name, image: 'busybox' }))).toEqual(['conflict']);
      expect(codeOf(await create({ image: 'no-such-image' }))).toEqual(['not_found']);
      expect(codeOf(await create({ image: 'busybox', annotations: { a: 'b' } }))).toEqual(['not_supported']);
      expect(
        codeOf(
          await ask(
            `mutation ($id: String!) { waitContainer(engine: "local", id: $id, input: { timeoutSeconds: 1 }) { exitCode } }`,
            { id },
          ),
        ),
      ).toEqual(['engine_timeout']);
      expect(
        codeOf(await ask(`mutation ($id: String!) { removeContainer(engine: "local", id: $id) }`, { id })),
      ).toEqual(['conflict']);
      expect(codeOf(await ask('{ containers(engine: "other") { totalCount } }'))).toEqual(['not_found']);
    });

    it('keep what a viewer may not do from being done', async () => {
      const { id } = await containers.run({ env: ['SECRET=yes'] });
      const viewer = await app.user(containers.name('viewer'), [{ role: 'viewer' }]);
      const seen = await ask(
        'query ($id: String!) { container(engine: "local", id: $id) { state env } }',
        { id },
        viewer,
      );
      expect(seen).toEqual({ data: { container: { state: 'running', env: null } } });
      const refused = await ask(
        'mutation ($id: String!) { stopContainer(engine: "local", id: $id) { id } }',
        { id },
        viewer,
      );
      expect(codeOf(refused)).toEqual(['forbidden']);
      expect(refused.data).toEqual({ stopContainer: null });
      expect(await stateOf(id)).toMatchObject({ Running: true });
    });
  });
});
