/** What Dockmaster costs while nobody uses it: time to start, memory and CPU at rest. */
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuUseOver, residentBytes } from './process-usage.mjs';
import { median } from './rounds.mjs';

const SETTLE_MS = 5_000;

/** @param {import('./main.mjs').Bench} bench */
export async function measureProcess({ startDockmaster, quick, say }) {
  const starts = quick ? 3 : 7;
  const idleSeconds = quick ? 3 : 10;

  const dockmaster = await startDockmaster();
  const firstMs = dockmaster.startMs;
  const times = [];
  for (let start = 0; start < starts; start++) {
    await dockmaster.end();
    await dockmaster.spawn();
    times.push(dockmaster.startMs);
    say(`start ${start + 1} of ${starts}: ${dockmaster.startMs.toFixed(0)} ms`);
  }
  say(`idle for ${SETTLE_MS / 1000 + idleSeconds} s`);
  await sleep(SETTLE_MS);
  const memory = residentBytes(dockmaster.pid);
  const [cpu] = await cpuUseOver(idleSeconds, dockmaster.pid);
  await dockmaster.stop();

  return [
    {
      title: 'Dockmaster at rest, its engine connected',
      columns: [
        { key: 'what', title: 'what' },
        { key: 'value', title: 'value', digits: 1 },
        { key: 'unit', title: 'unit' },
      ],
      rows: [
        { what: 'process start to /healthz, with an empty data directory', value: firstMs, unit: 'ms' },
        {
          what: `process start to /healthz, median of ${starts} later ones`,
          value: median(times),
          unit: 'ms',
        },
        { what: 'process start to /healthz, slowest of them', value: Math.max(...times), unit: 'ms' },
        { what: `memory (RSS) after ${SETTLE_MS / 1000} s`, value: memory / 2 ** 20, unit: 'MiB' },
        { what: `CPU over ${idleSeconds} s`, value: cpu * 1000, unit: 'ms per s' },
      ],
    },
  ];
}
