/** From the request that starts a container to the news that it has started: `engineEvents` beside the engine's own events. */
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpClient } from './http-client.mjs';
import { median, percentile } from './rounds.mjs';
import { subscribe } from './subscription.mjs';
import { createContainer } from './test-containers.mjs';

const QUERY = `subscription { engineEvents(engine: "local", filter: { type: ["container"], action: ["start"] }) {
  type action actorId time attributes } }`;
const FILTERS = encodeURIComponent(JSON.stringify({ type: ['container'], event: ['start'] }));
const LONGEST_MS = 10_000;

/** @param {import('./main.mjs').Bench} bench */
export async function measureStartToEvent({ engine, startDockmaster, quick, say }) {
  const starts = quick ? 15 : 50;
  const id = await createContainer(engine, { Cmd: ['sleep', '86400'] });
  const dockmaster = await startDockmaster();
  const raw = new HttpClient({ socketPath: engine.socketPath });

  const heard = { engine: [], Dockmaster: [] };
  const events = await raw.open({ path: `/events?filters=${FILTERS}` });
  events.on('data', () => heard.engine.push(performance.now()));
  events.on('error', () => undefined); // it is cut at the end
  const subscription = {
    url: dockmaster.webSocketUrl,
    authorization: await dockmaster.signIn(),
    query: QUERY,
  };
  const socket = await subscribe(subscription, () => heard.Dockmaster.push(performance.now()));

  const startOnce = async () => {
    heard.engine.length = heard.Dockmaster.length = 0;
    const begin = performance.now();
    await engine.call('POST', `/containers/${id}/start`);
    while (heard.engine.length === 0 || heard.Dockmaster.length === 0) {
      if (performance.now() - begin > LONGEST_MS)
        throw new Error(
          `no news of the start: ${heard.engine.length} from the engine, ${heard.Dockmaster.length} from Dockmaster`,
        );
      await sleep(1);
    }
    await engine.call('POST', `/containers/${id}/kill`);
    await engine.call('POST', `/containers/${id}/wait`);
    return { engine: heard.engine[0] - begin, Dockmaster: heard.Dockmaster[0] - begin };
  };

  await sleep(1_000); // for the subscription to stand
  for (let start = 0; start < 3; start++) await startOnce();
  say(`${starts} starts`);
  const times = [];
  for (let start = 0; start < starts; start++) times.push(await startOnce());
  events.destroy();
  socket.terminate();
  raw.close();
  await dockmaster.stop();

  const row = (what, values) => ({ what, median: median(values), p99: percentile(values, 99) });
  return [
    {
      title: `From the request to start a container to the event, over ${starts} starts`,
      columns: [
        { key: 'what', title: 'what' },
        { key: 'median', title: 'median ms', digits: 2 },
        { key: 'p99', title: 'p99 ms', digits: 2 },
      ],
      rows: [
        row(
          'engine, GET /events',
          times.map((time) => time.engine),
        ),
        row(
          'GraphQL engineEvents',
          times.map((time) => time.Dockmaster),
        ),
        row(
          'delay added to the same event',
          times.map((time) => time.Dockmaster - time.engine),
        ),
      ],
    },
  ];
}
