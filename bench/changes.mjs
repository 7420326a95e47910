/** From the engine's own event of a start to who watches the containers through Dockmaster, who gets the container as it is then. */
import { eventually } from './eventually.mjs';
import { HttpClient } from './http-client.mjs';
import { median, percentile } from './rounds.mjs';
import { createContainer } from './test-containers.mjs';
import { watchByGraphql, watchByRest } from './watch.mjs';

const FILTERS = encodeURIComponent(JSON.stringify({ type: ['container'], event: ['start'] }));
const WARM_UP = 5;

/** @param {import('./main.mjs').Bench} bench */
export async function measureChanges({ engine, startDockmaster, quick, say }) {
  const starts = quick ? 20 : 100;
  const id = await createContainer(engine, { Cmd: ['sleep', '86400'] });
  const dockmaster = await startDockmaster();
  const raw = new HttpClient({ socketPath: engine.socketPath });
  const client = await dockmaster.client();

  /** When each first told of the start. */
  let heard = {};
  const events = await raw.open({ path: `/events?filters=${FILTERS}` });
  events.on('data', () => (heard.engine ??= performance.now()));
  events.on('error', () => undefined); // it is cut at the end
  const hear =
    (via) =>
    ({ id: of, container }, receivedAt) => {
      if (of === id && container?.state === 'running') heard[via] ??= receivedAt;
    };
  const leave = [await watchByRest(client, hear('REST')), await watchByGraphql(dockmaster, hear('GraphQL'))];

  const startOnce = async () => {
    heard = {};
    await engine.call('POST', `/containers/${id}/start`);
    await eventually(
      () => Object.keys(heard).length === 3,
      () => `of the start was told by no more than ${Object.keys(heard).join(', ')}`,
    );
    const times = heard;
    heard = { engine: 0, REST: 0, GraphQL: 0 }; // what the watchers are told of the end is not to be taken for a start
    await engine.call('POST', `/containers/${id}/kill`);
    await engine.call('POST', `/containers/${id}/wait`);
    return times;
  };

  for (let start = 0; start < WARM_UP; start++) await startOnce();
  say(`${starts} starts`);
  const times = [];
  for (let start = 0; start < starts; start++) times.push(await startOnce());
  for (const end of leave) end();
  events.destroy();
  raw.close();
  client.close();
  await dockmaster.stop();

  const row = (what, via) => {
    const delays = times.map((time) => time[via] - time.engine);
    return { what, median: median(delays), p99: percentile(delays, 99), most: Math.max(...delays) };
  };
  return [
    {
      title: `From the engine's event of a start to the changed container, in the same process, over ${starts} starts`,
      columns: [
        { key: 'what', title: 'what' },
        { key: 'median', title: 'median ms', digits: 2 },
        { key: 'p99', title: 'p99 ms', digits: 2 },
        { key: 'most', title: 'most ms', digits: 2 },
      ],
      rows: [row('REST ?watch=true, server-sent events', 'REST'), row('GraphQL containerChanged', 'GraphQL')],
    },
  ];
}
