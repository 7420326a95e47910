const FIRST_MS = 2_000;
const FACTOR = 4;
const MOST_MS = 6 * 60 * 60_000;
/** The last one is about 15 hours after the first. */
export const MAX_ATTEMPTS = 10;
const JITTER = 0.2;
/** The longest time that a receiver may ask us to wait. */
const MOST_ASKED_MS = 60 * 60_000;

/**
 * How long to wait after a delivery has failed so often, in milliseconds: 2 s, four times as long each time, at most 6 h, give or
 * take a fifth.
 *
 * @param attempts how often it was tried
 * @param askedMs how long the receiver asked us to wait, where it did
 * @returns undefined where it is given up
 */
export function delayAfter(
  attempts: number,
  askedMs = 0,
  random: () => number = Math.random,
): number | undefined {
  if (attempts >= MAX_ATTEMPTS) return undefined;
  const full = Math.min(FIRST_MS * FACTOR ** (attempts - 1), MOST_MS);
  const jittered = full * (1 + JITTER * (2 * random() - 1));
  return Math.round(Math.max(jittered, Math.min(askedMs, MOST_ASKED_MS)));
}

/** What a `Retry-After` header asks for, in milliseconds; 0 for none, and for what is none. RFC 9110, section 10.2.3. */
export function askedDelay(header: string | undefined, now: number): number {
  if (header === undefined) return 0;
  const time = /^\d{1,9}$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now;
  return time > 0 ? time : 0;
}
