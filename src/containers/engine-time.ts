import { DomainError } from '../common/errors.js';
import { InText } from '../common/input-fields.js';

const UNIX_SECONDS = /^(\d{1,12})(?:\.(\d{1,9}))?$/;
const RFC_3339 = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;
const DURATION = /^(?:\d{1,9}(?:\.\d{1,9})?(?:h|m|s|ms))+$/;
const UNIT_MILLISECONDS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/** The input field of a point in time: an RFC 3339 date and time, Unix seconds, or a duration before now. */
export const InPointInTime = (description: string): PropertyDecorator =>
  InText({
    description: `${description} An RFC 3339 date and time, Unix seconds, or how long ago: \`2026-01-31T12:00:00Z\`, \`1769860800.5\`, \`1h30m\`.`,
    max: 64,
    pattern: new RegExp([UNIX_SECONDS, RFC_3339, DURATION].map(({ source }) => source).join('|')),
    patternHint: 'an RFC 3339 date and time, Unix seconds, or a duration such as 1h30m',
    optional: true,
    example: '2026-01-31T12:00:00Z',
  });

/**
 * A point in time as an RFC 3339 date and time. Nanoseconds are kept.
 *
 * @param field the input field it came from, for the error
 * @param text what {@link InPointInTime} lets pass
 * @param now the time that a duration counts back from, in milliseconds since the epoch
 * @throws DomainError `invalid_input` for what is no point in time, such as the 31st of February
 */
export function toRfc3339(field: string, text: string, now = Date.now()): string {
  const [, seconds, fraction] = UNIX_SECONDS.exec(text) ?? [];
  if (seconds !== undefined) return fromSeconds(field, Number(seconds), fraction);
  if (DURATION.test(text)) return new Date(Math.max(0, now - durationMilliseconds(text))).toISOString();
  const [, dateTime = '', zone = ''] = RFC_3339.exec(text) ?? [];
  if (!isDateTime(dateTime) || Number.isNaN(Date.parse(dateTime + zone))) throw noPointInTime(field);
  return text;
}

/**
 * The input field `until` of what to prune: what was made before it goes.
 *
 * @returns milliseconds since the epoch; infinity where none is given
 * @throws as {@link toRfc3339}
 */
export function untilMs(until: string | undefined): number {
  return until === undefined ? Number.POSITIVE_INFINITY : Date.parse(toRfc3339('until', until));
}

function fromSeconds(field: string, seconds: number, fraction = '0'): string {
  const date = new Date(seconds * 1_000);
  if (date.getUTCFullYear() > 9_999) throw noPointInTime(field);
  return `${date.toISOString().slice(0, 'YYYY-MM-DDTHH:MM:SS'.length)}.${fraction}Z`;
}

function durationMilliseconds(text: string): number {
  return [...text.matchAll(/([\d.]+)(ms|[hms])/g)].reduce(
    (sum, [, amount, unit = '']) => sum + Number(amount) * (UNIT_MILLISECONDS[unit] ?? 0),
    0,
  );
}

/** `Date` moves the 31st of a short month on to the next one; a date and time that it changes was none. */
function isDateTime(dateTime: string): boolean {
  const milliseconds = Date.parse(`${dateTime}Z`);
  return !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().startsWith(dateTime);
}

function noPointInTime(field: string): DomainError {
  const message = `${field} must be a date and time that there is`;
  return new DomainError('invalid_input', message, { errors: [{ field, message }] });
}
