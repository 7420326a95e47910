/** One line of a container's or service's log. */
export interface LogLine {
  /** `console` for a container with a TTY: its standard output and error cannot be told apart. */
  stream: 'stdout' | 'stderr' | 'console';
  /** The text, without the line's end. Bytes that are not UTF-8 become U+FFFD. */
  message: string;
  /** When the engine received the line: RFC 3339 with nanoseconds, as the engine wrote it. Empty when it wrote none. */
  timestamp: string;
}

const LONGEST_TIMESTAMP = '2006-01-02T15:04:05.000000000-07:00'.length;
const SPACE = 0x20;
const DASH = 0x2d;
const LETTER_T = 0x54;

/** How many bytes, from the start of a message, it takes at most to see whether a time stamp leads it. */
export const TIMESTAMP_WINDOW = LONGEST_TIMESTAMP + 1;

/**
 * The length of the time stamp that leads `bytes` from `start` on, or 0 when none does. Engines differ in how they write
 * it (nine decimals or fewer, `Z` or an offset), but each ends it with a space.
 */
export function timestampLength(bytes: Buffer, start: number, end: number): number {
  if (bytes[start + 4] !== DASH || bytes[start + 10] !== LETTER_T) return 0;
  const limit = Math.min(end, start + TIMESTAMP_WINDOW);
  for (let at = start + 19; at < limit; at++) {
    if (bytes[at] === SPACE) return at - start;
  }
  return 0;
}
