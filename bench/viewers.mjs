/** 1 to 1,000 viewers of one container's stats: over GraphQL, over REST, and straight at the engine. */
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpClient } from './http-client.mjs';
import { cpuUseOver, residentBytes } from './process-usage.mjs';
import { subscribe } from './subscription.mjs';
import { runContainer } from './test-containers.mjs';

const QUERY = `subscription ($id: String!) { containerStats(engine: "local", id: $id) {
  readAt cpuPercent pids memory { usage limit percent } network { rxBytes txBytes rxRate txRate }
  blockIo { readBytes writeBytes readRate writeRate } } }`;
/** Connections that are opened at one time. */
const AT_ONCE = 50;
const SETTLE_MS = 2_000;

/** @param {import('./main.mjs').Bench} bench */
export async function measureViewers({ engine, startDockmaster, quick, say }) {
  const id = await runContainer(engine);
  const counts = quick ? [1, 10, 100] : [1, 10, 100, 1000];
  const seconds = quick ? 3 : 6;
  const rows = [];
  const measure = async (via, pid, open) => {
    for (const row of await watch({
      engine,
      pid,
      open,
      counts,
      seconds,
      say: (what) => say(`${via}: ${what}`),
    }))
      rows.push({ via, ...row });
  };

  const raw = new HttpClient({ socketPath: engine.socketPath });
  await measure('engine', undefined, openByHttp(raw, { path: `/containers/${id}/stats?stream=1` }));
  raw.close();
  // A new process for each: memory that the one has used is not given back for the other.
  const forGraphql = await startDockmaster();
  const authorization = await forGraphql.signIn();
  const subscription = { url: forGraphql.webSocketUrl, authorization, query: QUERY, variables: { id } };
  await measure('GraphQL', forGraphql.pid, async (onSample) => {
    const socket = await subscribe(subscription, onSample);
    return () => socket.terminate();
  });
  await forGraphql.stop();
  const forRest = await startDockmaster();
  const client = await forRest.client();
  const request = {
    path: `/api/v1/engines/local/containers/${id}/stats`,
    headers: { accept: 'text/event-stream' },
  };
  await measure('REST SSE', forRest.pid, openByHttp(client, request));
  client.close();
  await forRest.stop();

  return [
    {
      title: `Viewers of one stats stream, each on a connection of its own; CPU in ms per second, over ${seconds} s`,
      columns: [
        { key: 'via', title: 'via' },
        { key: 'viewers', title: 'viewers', digits: 0 },
        { key: 'cpu', title: 'Dockmaster CPU', digits: 1, scale: 1000 },
        { key: 'engineCpu', title: 'engine CPU', digits: 1, scale: 1000 },
        { key: 'memory', title: 'Dockmaster RSS MiB', digits: 0, scale: 2 ** -20 },
        { key: 'upstreams', title: 'streams at the engine', digits: 0 },
        { key: 'samples', title: 'samples/s a viewer', digits: 2 },
      ],
      rows,
    },
  ];
}

/** Adds viewers until there are as many as each count says, and measures there. They all leave at the end. */
async function watch({ engine, pid, open, counts, seconds, say }) {
  const viewers = [];
  const rows = [];
  let samples = 0;
  for (const count of counts) {
    say(`${count} viewers`);
    while (viewers.length < count) {
      const more = Math.min(AT_ONCE, count - viewers.length);
      viewers.push(...(await Promise.all(Array.from({ length: more }, () => open(() => samples++)))));
    }
    await sleep(SETTLE_MS);
    const before = samples;
    const pids = pid === undefined ? [engine.daemonPid] : [engine.daemonPid, pid];
    const [engineCpu, cpu] = await cpuUseOver(seconds, ...pids);
    rows.push({
      viewers: count,
      cpu,
      engineCpu,
      memory: pid === undefined ? undefined : residentBytes(pid),
      samples: (samples - before) / seconds / count,
      upstreams: await statsStreamsOf(engine),
    });
  }
  for (const leave of viewers) leave();
  return rows;
}

/** Each sample comes in a piece of its own, as it is written. */
function openByHttp(client, request) {
  return async (onSample) => {
    const response = await client.open(request);
    response.on('data', (chunk) => {
      if (!chunk.toString('latin1', 0, 2).startsWith(': ')) onSample();
    });
    response.on('error', () => undefined); // it is cut at the end
    return () => response.destroy();
  };
}

/** How many stats requests the engine is serving, as its own profiler tells. */
async function statsStreamsOf(engine) {
  const { text } = await engine.call('GET', '/debug/pprof/goroutine?debug=2');
  return text.split('\n\n').filter((goroutine) => goroutine.includes('.getContainersStats(')).length;
}
