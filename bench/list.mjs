/**
 * Listing 1, 50, 200 and 1,000 containers, by REST and GraphQL, beside the engine's own list. Always all of them: what does not
 * fit on one page of Dockmaster's is asked for page by page, and the pages count as one request.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from './eventually.mjs';
import { HttpClient } from './http-client.mjs';
import { measureRates, RATE_COLUMNS } from './request-rate.mjs';
import { createContainers, startContainers } from './test-containers.mjs';

/** The largest page that Dockmaster answers with. */
const PAGE = 500;
const SIZES = [1, 50, 200, 1_000];
/** So many run, where there is more than one; the others were only created. */
const RUNNING = 20;
/** For so long the text that tells since when a container runs changes each second, and the list with it. */
const SECONDS_ARE_TOLD_MS = 61_000;

/** What REST answers with, field for field. */
export const CONTAINER_FIELDS = `engine id name image imageId command labels state status health createdAt
  ports { containerPort protocol hostIp hostPort }
  mounts { type name source target driver readOnly mode propagation }
  networks { name id ipv4Address ipv6Address gateway macAddress aliases }`;
const QUERY = `query ($first: Int, $after: String) { containers(engine: "local", first: $first, after: $after) {
  nodes { ${CONTAINER_FIELDS} } pageInfo { hasNextPage endCursor } } }`;

/** @param {import('./main.mjs').Bench} bench */
export async function measureList({ engine, startDockmaster, quick, say }) {
  const raw = new HttpClient({ socketPath: engine.socketPath });
  const dockmaster = await startDockmaster();
  const client = await dockmaster.client();

  const rows = [];
  const existing = [];
  let running = 0;
  for (const size of quick ? SIZES.slice(0, -1) : SIZES) {
    existing.push(...(await createContainers(engine, size - existing.length)));
    if (size > 1 && running === 0) {
      running = RUNNING;
      await startContainers(engine, existing.slice(0, running));
      say(`${running} containers run${quick ? '' : `; waits ${SECONDS_ARE_TOLD_MS / 1000} s`}`);
      if (!quick) await sleep(SECONDS_ARE_TOLD_MS);
    }
    const lists = {
      engine: [{ path: '/containers/json?all=1' }],
      REST: await pagesOf(client, size, restPage),
      GraphQL: await pagesOf(client, size, graphqlPage),
    };
    await checkRunning(raw, lists.engine, client, lists.REST, running);
    say(`lists of ${size}`);
    const contestants = {
      engine: { ask: () => sizeOfAll(raw, lists.engine), pid: engine.daemonPid },
      REST: { ask: () => sizeOfAll(client, lists.REST), pid: dockmaster.pid },
      'REST, If-None-Match': { ask: revalidating(client, lists.REST), pid: dockmaster.pid },
      GraphQL: { ask: () => sizeOfAll(client, lists.GraphQL), pid: dockmaster.pid },
    };
    const measured = await measureRates(contestants, { quick });
    rows.push(...measured.map((row) => ({ containers: size, ...row })));
  }
  raw.close();
  client.close();
  await dockmaster.stop();
  return [
    {
      title:
        'List of all containers, 8 requests at a time; ratio: requests/s to those of the engine' +
        (quick ? '' : `; 1000 are two pages of ${PAGE} of Dockmaster's, one after the other, as one request`),
      columns: [{ key: 'containers', title: 'containers', digits: 0 }, ...RATE_COLUMNS],
      rows,
    },
  ];
}

/** How one page is asked for, and what its answer says. */
export const restPage = {
  request: (first, after) => ({
    path: `/api/v1/engines/local/containers?limit=${first}${after === null ? '' : `&after=${after}`}`,
  }),
  read: ({ items, nextCursor }) => ({ length: items.length, next: nextCursor }),
};
export const graphqlPage = {
  request: (first, after) => ({
    method: 'POST',
    path: '/graphql',
    body: { query: QUERY, variables: { first, after } },
  }),
  read: ({ data, errors }) => {
    if (errors !== undefined) throw new Error(`GraphQL: ${JSON.stringify(errors)}`);
    const { nodes, pageInfo } = data.containers;
    return { length: nodes.length, next: pageInfo.hasNextPage ? pageInfo.endCursor : null };
  },
};

/** The requests for all pages, once there are `size` containers on them. What was made at the engine comes a moment later. */
async function pagesOf(client, size, page) {
  let requests;
  let found;
  await eventually(
    async () => {
      requests = [];
      found = 0;
      let next = null;
      do {
        const request = page.request(PAGE, next);
        const answer = page.read(await client.json(request));
        requests.push(request);
        found += answer.length;
        next = answer.next;
      } while (next !== null);
      return found === size;
    },
    () => `${requests[0].path} lists ${found} containers instead of ${size}`,
  );
  return requests;
}

async function checkRunning(raw, rawRequests, client, requests, expected) {
  const ofEngine = await raw.json(rawRequests[0]);
  const rawCount = ofEngine.filter(({ State }) => State === 'running').length;
  if (rawCount !== expected) throw new Error(`of the containers ${rawCount} run instead of ${expected}`);
  let count;
  await eventually(
    async () => {
      count = 0;
      for (const request of requests) {
        const { items } = await client.json(request);
        count += items.filter(({ state }) => state === 'running').length;
      }
      return count === expected;
    },
    () => `REST lists ${count} running containers instead of ${expected}`,
  );
}

async function sizeOfAll(client, requests) {
  let bytes = 0;
  for (const request of requests) bytes += await client.size(request);
  return bytes;
}

/** Asks as who has the answer already: again with the tag of the answer before. */
function revalidating(client, requests) {
  const tags = requests.map(() => undefined);
  return async () => {
    let bytes = 0;
    for (const [page, request] of requests.entries()) {
      const headers = tags[page] === undefined ? {} : { 'if-none-match': tags[page] };
      const answer = await client.exchange({ ...request, headers });
      if (answer.headers.etag === undefined) throw new Error(`${request.path}: an answer without ETag`);
      tags[page] = answer.headers.etag;
      bytes += answer.bytes;
    }
    return bytes;
  };
}
