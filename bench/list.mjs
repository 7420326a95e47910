/** Listing 1, 50 and 200 containers, by REST and GraphQL, beside the engine's own list. */
import { HttpClient } from './http-client.mjs';
import { measureRates, RATE_COLUMNS } from './request-rate.mjs';
import { createContainers } from './test-containers.mjs';

/** As many as Dockmaster is asked for at once. */
const PAGE = 200;
const SIZES = [1, 50, PAGE];

/** What REST answers with, field for field. */
export const CONTAINER_FIELDS = `engine id name image imageId command labels state status health createdAt
  ports { containerPort protocol hostIp hostPort }
  mounts { type name source target driver readOnly mode propagation }
  networks { name id ipv4Address ipv6Address gateway macAddress aliases }`;
const QUERY = `query ($first: Int) { containers(engine: "local", first: $first) { nodes { ${CONTAINER_FIELDS} } } }`;

/** @param {import('./main.mjs').Bench} bench */
export async function measureList({ engine, startDockmaster, quick, say }) {
  const raw = new HttpClient({ socketPath: engine.socketPath });
  const dockmaster = await startDockmaster();
  const client = await dockmaster.client();
  const contestants = {
    engine: { client: raw, request: { path: '/containers/json?all=1' }, items: (answer) => answer },
    REST: {
      client,
      request: { path: `/api/v1/engines/local/containers?limit=${PAGE}` },
      items: ({ items }) => items,
    },
    GraphQL: {
      client,
      request: { method: 'POST', path: '/graphql', body: { query: QUERY, variables: { first: PAGE } } },
      items: ({ data, errors }) => data?.containers.nodes ?? fail(errors),
    },
  };

  const rows = [];
  let existing = 0;
  for (const size of SIZES) {
    await createContainers(engine, size - existing);
    existing = size;
    await checkThatAllList(contestants, size);
    say(`${size} containers`);
    const measured = await measureRates(contestants, { quick });
    rows.push(...measured.map((row) => ({ containers: size, ...row })));
  }
  raw.close();
  client.close();
  await dockmaster.stop();
  return [
    {
      title: 'List of containers, 8 requests at a time; ratio: requests/s to those of the engine',
      columns: [{ key: 'containers', title: 'containers', digits: 0 }, ...RATE_COLUMNS],
      rows,
    },
  ];
}

async function checkThatAllList(contestants, size) {
  for (const [name, { client, request, items }] of Object.entries(contestants)) {
    const { length } = items(await client.json(request));
    if (length !== size) throw new Error(`${name} lists ${length} containers instead of ${size}`);
  }
}

function fail(errors) {
  throw new Error(`GraphQL: ${JSON.stringify(errors)}`);
}
