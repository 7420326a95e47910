/** Waiting for what comes by itself. */
import { setTimeout as sleep } from 'node:timers/promises';

const LONGEST_MS = 30_000;

/**
 * Asks again and again until `isSo` holds.
 *
 * @param {() => boolean | Promise<boolean>} isSo
 * @param {() => string} otherwise what to say when it does not hold in the end
 */
export async function eventually(isSo, otherwise, { everyMs = 20, longestMs = LONGEST_MS } = {}) {
  const begin = performance.now();
  while (!(await isSo())) {
    if (performance.now() - begin > longestMs) throw new Error(otherwise());
    await sleep(everyMs);
  }
}
