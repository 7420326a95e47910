/** What it costs to keep in step with engines whose containers nobody looks at. */
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from './eventually.mjs';
import { cpuUseOver } from './process-usage.mjs';
import { record } from './recording.mjs';
import { ScriptedEngine } from './scripted-engine.mjs';
import { createContainers, startContainers } from './test-containers.mjs';

const SETTLE_MS = 5_000;
/** About what 250 containers do that are probed every 30 s each. */
const PROBES_PER_SECOND = 8;

/** @param {import('./main.mjs').Bench} bench */
export async function measureIdle({ engine, startDockmaster, quick, say }) {
  const seconds = quick ? 5 : 20;
  const recording = await record(engine);
  const rows = [];
  const measure = async (what, dockmaster, scripted) => {
    say(`${what}: ${seconds} s`);
    const before = scripted?.calls;
    const [cpu] = await cpuUseOver(seconds, dockmaster.pid);
    rows.push({ what, cpu, calls: scripted && (scripted.calls - before) / seconds });
  };

  for (const counts of [
    { running: 0, stopped: 0 },
    { running: 250, stopped: 0 },
    { running: 250, stopped: quick ? 3_000 : 30_000 },
  ]) {
    const scripted = await ScriptedEngine.start(recording, counts);
    const dockmaster = await startDockmaster(scripted.dockerHost);
    await followed(dockmaster, counts.running + counts.stopped);
    await sleep(SETTLE_MS);
    const what = `scripted engine, ${counts.running} running, ${counts.stopped} stopped`;
    await measure(what, dockmaster, scripted);
    if (counts.running > 0) {
      const stop = probeAgainAndAgain(scripted);
      await measure(`the same, ${PROBES_PER_SECOND} health probes a second`, dockmaster, scripted);
      stop();
    }
    await dockmaster.stop();
    await scripted.stop();
  }

  const running = quick ? 10 : 100;
  say(`starts ${running} containers`);
  await startContainers(engine, await createContainers(engine, running));
  const dockmaster = await startDockmaster();
  await followed(dockmaster, running);
  await sleep(SETTLE_MS);
  await measure(`real engine, ${running} running`, dockmaster);
  await dockmaster.stop();

  return [
    {
      title: `Dockmaster at rest beside containers that nobody watches, over ${seconds} s`,
      columns: [
        { key: 'what', title: 'what' },
        { key: 'cpu', title: 'CPU, % of a core', digits: 2, scale: 100 },
        { key: 'calls', title: 'calls/s to the engine, pings apart', digits: 2 },
      ],
      rows,
    },
  ];
}

/** Resolves when Dockmaster has read so many containers. */
export async function followed(dockmaster, count) {
  const client = await dockmaster.client();
  let found;
  await eventually(
    async () => {
      const { totalCount } = await client.json({ path: '/api/v1/engines/local/containers?limit=1' });
      found = totalCount;
      return found === count;
    },
    () => `Dockmaster knows ${found} containers instead of ${count}`,
    { everyMs: 5, longestMs: 300_000 },
  );
  client.close();
}

/** Probes the running containers one after the other. @returns {() => void} stops it */
function probeAgainAndAgain(scripted) {
  const probed = scripted.containers.filter(({ state }) => state === 'running');
  let next = 0;
  const timer = setInterval(() => {
    scripted.probe(probed[next]);
    next = (next + 1) % probed.length;
  }, 1000 / PROBES_PER_SECOND);
  return () => clearInterval(timer);
}
