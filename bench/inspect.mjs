/** Seeing one running container in full, by REST and GraphQL, beside the engine's own inspect. */
import { HttpClient } from './http-client.mjs';
import { CONTAINER_FIELDS } from './list.mjs';
import { measureRates, RATE_COLUMNS } from './request-rate.mjs';
import { runContainer } from './test-containers.mjs';

/** REST answers with the engine's own document too, which a GraphQL client that wants it asks for as `raw`. */
const QUERY = `query ($id: String!) { container(engine: "local", id: $id) { ${CONTAINER_FIELDS}
  startedAt finishedAt exitCode error oomKilled restartCount pid entrypoint arguments env workingDir user hostname tty openStdin
  platform logDriver autoRemove privileged networkMode warnings
  restartPolicy { name maximumRetryCount }
  resources { memory memorySwap memoryReservation nanoCpus cpuShares cpuPeriod cpuQuota cpusetCpus cpusetMems pidsLimit blkioWeight } } }`;

/** @param {import('./main.mjs').Bench} bench */
export async function measureInspect({ engine, startDockmaster, quick }) {
  const id = await runContainer(engine);
  const raw = new HttpClient({ socketPath: engine.socketPath });
  const dockmaster = await startDockmaster();
  const client = await dockmaster.client();
  const contestants = {
    engine: { client: raw, request: { path: `/containers/${id}/json` }, id: ({ Id }) => Id },
    REST: {
      client,
      request: { path: `/api/v1/engines/local/containers/${id}` },
      id: (container) => container.id,
    },
    GraphQL: {
      client,
      request: { method: 'POST', path: '/graphql', body: { query: QUERY, variables: { id } } },
      id: ({ data }) => data?.container.id,
    },
  };
  for (const [name, contestant] of Object.entries(contestants)) {
    const answer = await contestant.client.json(contestant.request);
    if (contestant.id(answer) !== id)
      throw new Error(`${name} does not tell of the container: ${JSON.stringify(answer)}`);
  }

  const asks = Object.entries(contestants).map(([name, contestant]) => [
    name,
    {
      ask: () => contestant.client.size(contestant.request),
      pid: name === 'engine' ? engine.daemonPid : dockmaster.pid,
    },
  ]);
  const rows = await measureRates(Object.fromEntries(asks), { quick });
  raw.close();
  client.close();
  await dockmaster.stop();
  return [
    {
      title: 'Inspect of one container, 8 requests at a time; ratio: requests/s to those of the engine',
      columns: RATE_COLUMNS,
      rows,
    },
  ];
}
