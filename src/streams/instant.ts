const RFC_3339 = /^(\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:\d{2})$/;

export const NANOSECONDS_PER_SECOND = 1_000_000_000n;
const NANOSECONDS_PER_MILLISECOND = 1_000_000n;

/** An RFC 3339 time with up to nine decimals as nanoseconds since the epoch; undefined for what is not one. */
export function parseInstant(text: string): bigint | undefined {
  const [, seconds, fraction = '', zone] = RFC_3339.exec(text) ?? [];
  if (seconds === undefined || zone === undefined) return undefined;
  const milliseconds = Date.parse(`${seconds}${zone}`);
  if (Number.isNaN(milliseconds)) return undefined;
  return BigInt(milliseconds) * NANOSECONDS_PER_MILLISECOND + BigInt(fraction.padEnd(9, '0'));
}

/** Nanoseconds since the epoch as the Engine API takes a time: `1136073600.000000001`. Times before the epoch become it. */
export function engineTime(nanoseconds: bigint): string {
  const instant = nanoseconds < 0n ? 0n : nanoseconds;
  const fraction = (instant % NANOSECONDS_PER_SECOND).toString().padStart(9, '0');
  return `${instant / NANOSECONDS_PER_SECOND}.${fraction}`;
}

/** Whole milliseconds since the epoch, rounded down. */
export function toMilliseconds(nanoseconds: bigint): number {
  return Number(nanoseconds / NANOSECONDS_PER_MILLISECOND);
}
