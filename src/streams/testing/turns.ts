/** Lets everything that is due run, `count` times. For tests. */
export async function turns(count = 1): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Waits until `condition` holds, for as long as anything can still make it hold. For tests. */
export async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; !condition(); turn++) {
    if (turn === 100_000) throw new Error('What the test waits for never came about');
    await turns();
  }
}

/** Pseudo-random numbers in [0, 1), the same for the same seed. For tests whose failures have to be repeatable. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
