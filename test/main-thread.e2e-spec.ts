import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestActor, TestApp } from './support/app.js';
import { graphqlClient, subscribe } from './support/subscriptions.js';

describe('the main job: run a container, see it, read its log live, stop and remove it', () => {
  let app: TestApp;
  let admin: TestActor;
  const containers = '/api/v1/engines/local/containers';

  beforeAll(async () => {
    app = await TestApp.start();
    admin = await app.admin();
  });
  afterAll(() => app.stop());

  it('works by REST, GraphQL and subscription alike', async () => {
    const rest = app.rest(admin);
    const run = await rest.post(`${containers}/run`).send({
      name: 'main-thread',
      image: 'busybox',
      command: ['sh', '-c', 'for i in 1 2 3; do echo line $i; done; echo oops >&2; sleep 600'],
      labels: { team: 'web' },
    });
    expect(run.body).toMatchObject({ name: 'main-thread', state: 'running', labels: { team: 'web' } });
    expect(run.status).toBe(201);
    const { id } = run.body as { id: string };

    const list = await rest.get(containers).query({ name: 'main-thread' }).expect(200);
    expect(list.body).toMatchObject({
      items: [{ id, image: 'busybox', state: 'running' }],
      nextCursor: null,
    });

    const byGraphql = await app.graphql(
      admin,
      `query ($id: String!) {
        containers(engine: "local", filter: { name: "main-thread" }) { totalCount nodes { id state } }
        container(engine: "local", id: $id) { name state health labels }
      }`,
      { id },
    );
    expect(byGraphql).toEqual({
      data: {
        containers: { totalCount: 1, nodes: [{ id, state: 'running' }] },
        container: { name: 'main-thread', state: 'running', health: 'none', labels: { team: 'web' } },
      },
    });

    const client = graphqlClient(app, admin);
    const log = subscribe<{ stream: string; message: string }>(
      client,
      `subscription ($id: String!) {
        containerLogs(engine: "local", id: $id, follow: true) { stream message timestamp }
      }`,
      { id },
    );
    await log.until((lines) => lines.length >= 4);
    expect(log.values.filter(({ stream }) => stream === 'stdout').map(({ message }) => message)).toEqual([
      'line 1',
      'line 2',
      'line 3',
    ]);
    expect(log.values.filter(({ stream }) => stream === 'stderr')).toMatchObject([{ message: 'oops' }]);

    const stats = subscribe<{ pids: number; memory: { usage: number } }>(
      client,
      `subscription ($id: String!) { containerStats(engine: "local", id: $id) { cpuPercent pids memory { usage limit percent } } }`,
      { id },
    );
    await stats.until((samples) => samples.length >= 1);
    expect(stats.values[0]).toMatchObject({ pids: expect.any(Number) });
    stats.unsubscribe();

    await rest.post(`${containers}/${id}/stop`).query({ timeoutSeconds: 0 }).expect(204);
    await log.ended;
    expect(log.errors).toEqual([]);
    await rest.delete(`${containers}/${id}`).expect(204);
    const gone = await rest.get(`${containers}/${id}`).expect(404);
    expect(gone.body).toMatchObject({ code: 'not_found', status: 404 });
    await client.dispose();
  });
});
