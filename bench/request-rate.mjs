/** Requests per second and latency of the same question, put to the engine, to REST and to GraphQL in turns, and the CPU time of who answers. */
import { load } from './http-client.mjs';
import { cpuSeconds } from './process-usage.mjs';
import { compareRounds, median, percentile, takeTurns } from './rounds.mjs';

const CONCURRENCY = 8;

export const RATE_COLUMNS = [
  { key: 'via', title: 'via' },
  { key: 'perSecond', title: 'requests/s', digits: 0 },
  { key: 'ratio', title: 'ratio', digits: 2 },
  { key: 'range', title: 'in rounds' },
  { key: 'p50', title: 'p50 ms', digits: 1 },
  { key: 'p99', title: 'p99 ms', digits: 1 },
  { key: 'cpu', title: 'CPU ms each', digits: 2, scale: 1000 },
  { key: 'bytes', title: 'answer kB', digits: 1, scale: 1e-3 },
];
/** The same, where there is no engine to compare with. */
export const PLAIN_RATE_COLUMNS = RATE_COLUMNS.filter(({ key }) => key !== 'ratio' && key !== 'range');

/**
 * @typedef {object} Contestant
 * @property {() => Promise<number>} ask asks once; resolves with the size of the answer in bytes
 * @property {number} pid the process that answers, whose CPU time is counted
 */

/**
 * @param {Record<string, Contestant>} contestants the first one is what the others are compared with
 * @param {{ quick: boolean }} options
 * @returns {Promise<object[]>} a row each, for RATE_COLUMNS
 */
export async function measureRates(contestants, { quick }) {
  const names = Object.keys(contestants);
  const bytes = {};
  for (const name of names) {
    const { ask } = contestants[name];
    await load(ask, { concurrency: CONCURRENCY, seconds: quick ? 0.5 : 2 }); // lets V8 compile what is hot
    bytes[name] = await ask();
  }
  const turns = names.map((name) => [name, () => turn(contestants[name], quick ? 0.3 : 1)]);
  const results = await takeTurns(Object.fromEntries(turns), quick ? 3 : 5);

  const rates = (name) => results[name].map(({ perSecond }) => perSecond);
  return names.map((name) => {
    const latencies = results[name].flatMap((result) => result.latencies);
    const cpu = results[name].reduce((sum, result) => sum + result.cpu, 0);
    return {
      via: name,
      perSecond: median(rates(name)),
      ...compareRounds(rates(name), rates(names[0])),
      p50: percentile(latencies, 50),
      p99: percentile(latencies, 99),
      cpu: cpu / latencies.length,
      bytes: bytes[name],
    };
  });
}

async function turn({ ask, pid }, seconds) {
  const before = cpuSeconds(pid);
  const loaded = await load(ask, { concurrency: CONCURRENCY, seconds });
  return { ...loaded, cpu: cpuSeconds(pid) - before };
}
