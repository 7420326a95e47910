/** Comparing on a machine that is not quiet: contestants take turns, and ratios are taken within one round. */

/**
 * Measures each contestant once a round, beginning with another one each time.
 *
 * @template T
 * @param {Record<string, () => Promise<T>>} contestants
 * @param {number} rounds
 * @returns {Promise<Record<string, T[]>>} by contestant, a result a round
 */
export async function takeTurns(contestants, rounds) {
  const names = Object.keys(contestants);
  const results = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(round + turn) % names.length];
      results[name].push(await contestants[name]());
    }
  }
  return results;
}

/** How much `values` are of `baseline` in the same round: the median over all rounds, and the lowest and highest of them. */
export function compareRounds(values, baseline) {
  const ratios = values.map((value, round) => value / baseline[round]);
  const [lowest, highest] = [Math.min(...ratios), Math.max(...ratios)];
  return { ratio: median(ratios), range: `${lowest.toFixed(2)}-${highest.toFixed(2)}` };
}

export function median(values) {
  return percentile(values, 50);
}

/** By nearest rank: a value that was measured, not one in between. */
export function percentile(values, percent) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
}
