import { NANOSECONDS_PER_SECOND, parseInstant } from '../instant.js';
import type { LogWish } from './log-options.js';
import type { SharedLog } from './shared-log.js';

/**
 * The number of the line in the ring with which a new viewer begins, where all that it wishes for is in the ring. Undefined where
 * it may not be: the viewer then has to read the engine's log itself.
 */
export function whereToBegin(log: SharedLog, wish: LogWish): number | undefined {
  const { ring } = log;
  if (!log.isCurrent) return undefined;
  const byTail = wish.tail === 'all' ? -Infinity : ring.end - wish.tail;
  const begin = Math.max(byTail, bySince(log, wish.since));
  if (begin >= ring.start) return begin;
  return log.beginsWithLog ? Math.max(begin, 0) : undefined;
}

/** The first line that is not older than `since`, where older ones in the ring show that there is none before it. */
function bySince({ ring }: SharedLog, since: bigint | undefined): number {
  if (since === undefined) return -Infinity;
  const stampOf = (number: number) => parseInstant(ring.at(number)?.timestamp ?? '') ?? since;
  if (stampOf(ring.start) >= since - NANOSECONDS_PER_SECOND) return -Infinity;
  let number = ring.start;
  while (number < ring.end && stampOf(number) < since) number++;
  return number;
}
