import { NANOSECONDS_PER_SECOND, parseInstant } from '../instant.js';
import type { LogLine } from './log-source.js';

/**
 * Where a line stands in its container's log. The engine gives lines no number, but it stamps each stream's lines in the
 * order in which it got them, to the nanosecond. So a stream, a time stamp, and the line's rank among that stream's
 * lines of the same stamp name one line in every reading of the log, whatever its text.
 */
export interface LogPlace {
  readonly stream: LogLine['stream'];
  readonly timestamp: string;
  /** 0 for the first of its stream's lines with this time stamp. */
  readonly rank: number;
}

export interface PlacedLine extends LogPlace {
  readonly line: LogLine;
}

/**
 * A reading that begins amid lines of one stamp gives them too low a rank. So one that does not begin where the log does, nor by
 * a stamp, begins so many lines early: more than ever had the same stamp, since two that have it are rare already.
 */
export const LINES_FOR_RANK = 16;

/** Finds the place of each line of one reading of a log. */
export class LinePlacer {
  private readonly latest = new Map<LogLine['stream'], PlacedLine>();

  place(line: LogLine): PlacedLine {
    const before = this.latest.get(line.stream);
    // A line that the engine did not stamp belongs to the one before it.
    const timestamp = line.timestamp === '' ? (before?.timestamp ?? '') : line.timestamp;
    const rank = before?.timestamp === timestamp ? before.rank + 1 : 0;
    const placed = { line, stream: line.stream, timestamp, rank };
    this.latest.set(line.stream, placed);
    return placed;
  }
}

export function isSamePlace(a: LogPlace, b: LogPlace): boolean {
  return a.timestamp === b.timestamp && a.rank === b.rank && a.stream === b.stream;
}

/** Whether `a` comes after `b` in the log, as two lines of one stream show it. Lines of two streams do not: their stamps may cross. */
export function isLaterInStream(a: LogPlace, b: LogPlace): boolean {
  return a.stream === b.stream && secondsBetween(b, a) > 0;
}

/** From `a` to `b`, in seconds; 0 where one of them has no time stamp that can be read. */
export function secondsBetween(a: LogPlace, b: LogPlace): number {
  const from = parseInstant(a.timestamp);
  const to = parseInstant(b.timestamp);
  if (from === undefined || to === undefined) return 0;
  return Number(to - from) / Number(NANOSECONDS_PER_SECOND);
}
