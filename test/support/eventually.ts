import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY_MS = 20;
const GIVE_UP_MS = 20_000;

/** Asks again and again until the answer is good. @returns that answer @throws Error with the last answer when time is up */
export async function eventually<T>(
  ask: () => T | Promise<T>,
  good: (answer: T) => boolean,
  giveUpMs = GIVE_UP_MS,
): Promise<T> {
  const end = Date.now() + giveUpMs;
  for (;;) {
    const answer = await ask();
    if (good(answer)) return answer;
    if (Date.now() > end) throw new Error(`still not so: ${JSON.stringify(answer)}`);
    await pause(LOOK_EVERY_MS);
  }
}
