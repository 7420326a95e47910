/** An engine with very many containers, most of them stopped: from a scripted engine, as none would be made in the time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from './eventually.mjs';
import { followed } from './idle.mjs';
import { graphqlPage, restPage } from './list.mjs';
import { cpuSeconds, residentBytes } from './process-usage.mjs';
import { record } from './recording.mjs';
import { measureRates, PLAIN_RATE_COLUMNS } from './request-rate.mjs';
import { median, percentile } from './rounds.mjs';
import { ScriptedEngine } from './scripted-engine.mjs';
import { watchByRest } from './watch.mjs';

const RUNNING = 250;
const SETTLE_MS = 10_000;
const CHANGES_PER_SECOND = 20;
const LIST = '/api/v1/engines/local/containers';

/** @param {import('./main.mjs').Bench} bench */
export async function measureMany({ engine, startDockmaster, quick, say }) {
  const stopped = quick ? 3_000 : 30_000;
  const recording = await record(engine);
  const load = async (counts) => {
    const scripted = await ScriptedEngine.start(recording, counts);
    const begin = performance.now();
    const dockmaster = await startDockmaster(scripted.dockerHost);
    await followed(dockmaster, counts.running + counts.stopped);
    const seconds = (performance.now() - begin) / 1000;
    const cpu = cpuSeconds(dockmaster.pid);
    const after = residentBytes(dockmaster.pid);
    await sleep(SETTLE_MS);
    const loaded = { seconds, cpu, calls: scripted.calls, after, settled: residentBytes(dockmaster.pid) };
    say(`${counts.running + counts.stopped} containers are in memory after ${seconds.toFixed(1)} s`);
    return { scripted, dockmaster, ...loaded };
  };
  const few = await load({ running: RUNNING, stopped: 0 });
  const heldFew = await few.dockmaster.held();
  await few.dockmaster.stop();
  await few.scripted.stop();
  const many = await load({ running: RUNNING, stopped });
  const { scripted, dockmaster } = many;
  const client = await dockmaster.client();

  say('lists');
  const rates = await measureLists({ client, dockmaster, scripted, quick });
  say('changes');
  const delays = await measureDelays({ client, scripted, quick });
  say('memory');
  client.close();
  const heldMany = await dockmaster.held();
  await dockmaster.stop();
  await scripted.stop();

  const title = `${RUNNING} containers that run and ${stopped} that do not, from a scripted engine`;
  const value = (what, number, unit, digits = 1) => ({ what, value: number.toFixed(digits), unit });
  const MIB = 2 ** 20;
  return [
    {
      title: `${title}: reading them`,
      columns: [
        { key: 'what', title: 'what' },
        { key: 'value', title: 'value' },
        { key: 'unit', title: 'unit' },
      ],
      rows: [
        value(`process start to ${RUNNING} containers in memory`, few.seconds, 's', 2),
        value(`process start to ${RUNNING + stopped} containers in memory`, many.seconds, 's', 2),
        value('CPU time until then', many.cpu, 's', 2),
        value('calls to the engine', many.calls, 'calls', 0),
        value(`memory (RSS) with ${RUNNING}, after ${SETTLE_MS / 1000} s`, few.settled / MIB, 'MiB'),
        value(`memory (RSS) with ${RUNNING + stopped}, at once`, many.after / MIB, 'MiB'),
        value(
          `memory (RSS) with ${RUNNING + stopped}, after ${SETTLE_MS / 1000} s`,
          many.settled / MIB,
          'MiB',
        ),
        value(
          'of it for 1000 containers, garbage included',
          (many.settled - few.settled) / MIB / (stopped / 1000),
          'MiB',
          2,
        ),
        value(
          'held for 1000 containers (heap after a collection, at the end of the measurements)',
          (heldMany.heap + heldMany.buffers - heldFew.heap - heldFew.buffers) / MIB / (stopped / 1000),
          'MiB',
          2,
        ),
      ],
    },
    {
      title: `${title}: lists, 8 requests at a time`,
      columns: PLAIN_RATE_COLUMNS.map((column) =>
        column.key === 'via' ? { ...column, title: 'list' } : column,
      ),
      rows: rates,
    },
    {
      title: `${title}: from the event to who watches by REST`,
      columns: [
        { key: 'what', title: 'what' },
        { key: 'ms', title: 'ms', digits: 2 },
      ],
      rows: delays,
    },
  ];
}

async function measureLists({ client, dockmaster, scripted, quick }) {
  const { pid } = dockmaster;
  const of = (request) => ({ pid, ask: () => client.size(request) });
  let count = 0;
  const contestants = {
    'REST, 100': of(restPage.request(100, null)),
    'REST, 200': of(restPage.request(200, null)),
    'REST, 200 in the middle': of(restPage.request(200, await cursorAfter(client, 10))),
    'REST, 100 that run': of({ path: `${LIST}?limit=100&state=running` }),
    'REST, 100 with a label': of({
      path: `${LIST}?limit=100&label=${encodeURIComponent('com.docker.compose.project=project-7')}`,
    }),
    'REST, by name, each time another': {
      pid,
      ask: () =>
        client.size({ path: `${LIST}?limit=100&name=web-${(count += 1) % scripted.containers.length}` }),
    },
    'GraphQL, 100': of(graphqlPage.request(100, null)),
    'GraphQL, 200': of(graphqlPage.request(200, null)),
  };
  const rows = await measureRates(contestants, { quick });
  const calm = scripted.containers.filter(({ state }) => state === 'exited').slice(-CHANGES_PER_SECOND);
  let next = 0;
  const timer = setInterval(() => {
    const container = calm[next++ % calm.length];
    scripted.turn(container, container.state === 'running' ? 'exited' : 'running');
  }, 1000 / CHANGES_PER_SECOND);
  const changing = await measureRates(
    { 'REST, 200': contestants['REST, 200'], 'GraphQL, 200': contestants['GraphQL, 200'] },
    { quick },
  );
  clearInterval(timer);
  return [
    ...rows,
    ...changing.map((row) => ({ ...row, via: `${row.via} while ${CHANGES_PER_SECOND} a second change` })),
  ];
}

async function cursorAfter(client, pages) {
  let next = null;
  for (let page = 0; page < pages; page++) {
    ({ next } = restPage.read(await client.json(restPage.request(200, next))));
  }
  return next;
}

/** A container turns again and again; the first time after a while in which nothing happened. */
async function measureDelays({ client, scripted, quick }) {
  const turns = quick ? 20 : 100;
  const restSeconds = quick ? 3 : 20;
  let heardAt;
  const container = scripted.containers[0];
  let expected;
  const leave = await watchByRest(client, ({ id, container: told }, receivedAt) => {
    if (id === container.id && told?.state === expected) heardAt ??= receivedAt;
  });
  const turnOnce = async () => {
    heardAt = undefined;
    expected = container.state === 'running' ? 'exited' : 'running';
    const begin = performance.now();
    scripted.turn(container, expected);
    await eventually(
      () => heardAt !== undefined,
      () => `no news of the change of ${container.id}`,
      { everyMs: 1 },
    );
    return heardAt - begin;
  };
  await sleep(restSeconds * 1000);
  const first = await turnOnce();
  const times = [];
  for (let turn = 0; turn < turns; turn++) {
    times.push(await turnOnce());
    await sleep(20);
  }
  leave();
  return [
    { what: `the first event after ${restSeconds} s of rest`, ms: first },
    { what: `median of ${turns} more`, ms: median(times) },
    { what: 'p99 of them', ms: percentile(times, 99) },
  ];
}
