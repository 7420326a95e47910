const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const MONTH = 30 * DAY;
const YEAR = 365 * DAY;

/** Up to which length each unit is used. Above hours there are always at least two of it. */
const UNITS = [
  { below: MINUTE, unit: SECOND, one: '1 second', many: 'seconds' },
  { below: HOUR, unit: MINUTE, one: 'About a minute', many: 'minutes' },
  { below: 2 * DAY, unit: HOUR, one: 'About an hour', many: 'hours' },
  { below: 2 * WEEK, unit: DAY, many: 'days' },
  { below: 2 * MONTH, unit: WEEK, many: 'weeks' },
  { below: 2 * YEAR, unit: MONTH, many: 'months' },
];
const YEARS = { unit: YEAR, one: undefined, many: 'years' };

/**
 * A length of time in the words that the engine uses in a container's status: "35 seconds", "About an hour",
 * "3 weeks". From one hour on it is rounded to hours first.
 */
export function humanDuration(milliseconds: number): string {
  if (milliseconds < SECOND) return 'Less than a second';
  const length = milliseconds < HOUR ? milliseconds : Math.round(milliseconds / HOUR) * HOUR;
  const { unit, one, many } = UNITS.find(({ below }) => length < below) ?? YEARS;
  const count = Math.floor(length / unit);
  return count === 1 && one !== undefined ? one : `${count} ${many}`;
}

/** How much longer, in milliseconds, the words for this length of time stay the same at least. */
export function lengthLasts(milliseconds: number): number {
  if (milliseconds < 0) return SECOND - milliseconds;
  if (milliseconds < MINUTE) return SECOND - (milliseconds % SECOND);
  if (milliseconds < HOUR) return MINUTE - (milliseconds % MINUTE);
  return HOUR - ((milliseconds + HOUR / 2) % HOUR);
}
