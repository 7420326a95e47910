/** Requests per second and latency of the same question, put to the engine, to REST and to GraphQL in turns. */
import { load } from './http-client.mjs';
import { compareRounds, median, percentile, takeTurns } from './rounds.mjs';

const CONCURRENCY = 8;

export const RATE_COLUMNS = [
  { key: 'via', title: 'via' },
  { key: 'perSecond', title: 'requests/s', digits: 0 },
  { key: 'ratio', title: 'ratio', digits: 2 },
  { key: 'range', title: 'in rounds' },
  { key: 'p50', title: 'p50 ms', digits: 1 },
  { key: 'p99', title: 'p99 ms', digits: 1 },
  { key: 'bytes', title: 'answer kB', digits: 1, scale: 1e-3 },
];

/**
 * @param {Record<string, { client: import('./http-client.mjs').HttpClient, request: object }>} contestants the first one is what
 *   the others are compared with
 * @param {{ quick: boolean }} options
 * @returns {Promise<object[]>} a row each, for RATE_COLUMNS
 */
export async function measureRates(contestants, { quick }) {
  const names = Object.keys(contestants);
  const send = (name) => () => contestants[name].client.size(contestants[name].request);
  const bytes = {};
  for (const name of names) {
    bytes[name] = await send(name)();
    await load(send(name), { concurrency: CONCURRENCY, seconds: quick ? 0.5 : 2 }); // lets V8 compile what is hot
  }
  const turns = names.map((name) => [
    name,
    () => load(send(name), { concurrency: CONCURRENCY, seconds: quick ? 0.3 : 1 }),
  ]);
  const results = await takeTurns(Object.fromEntries(turns), quick ? 3 : 5);

  const rates = (name) => results[name].map(({ perSecond }) => perSecond);
  return names.map((name) => {
    const latencies = results[name].flatMap((result) => result.latencies);
    return {
      via: name,
      perSecond: median(rates(name)),
      ...compareRounds(rates(name), rates(names[0])),
      p50: percentile(latencies, 50),
      p99: percentile(latencies, 99),
      bytes: bytes[name],
    };
  });
}
