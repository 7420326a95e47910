import { DomainError } from './errors.js';
import { InText } from './input-fields.js';

/** RFC 3339, section 5.6: a date and time with its offset. */
const DATE_TIME =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** The input field of a point in time. */
export const InDateTime = (description: string, options: { optional?: boolean } = {}): PropertyDecorator =>
  InText({
    description,
    min: 20,
    max: 35,
    pattern: DATE_TIME,
    patternHint: 'a date and time by RFC 3339, such as 2026-01-31T12:00:00Z',
    hintSaysAll: true,
    example: '2026-01-31T12:00:00Z',
    ...options,
  });

/**
 * What an `InDateTime` field holds, in milliseconds since the epoch.
 *
 * @throws DomainError `invalid_input` for a day that no month has
 */
export function toEpochMs(field: string, text: string): number {
  const time = Date.parse(text);
  if (Number.isSafeInteger(time)) return time;
  throw new DomainError('invalid_input', `${field} is not a date and time that exists`, {
    errors: [{ field, message: 'must be a date and time that exists' }],
  });
}

/** Milliseconds since the epoch as RFC 3339 text. */
export function toDateTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
