import { describe, expect, it } from '@jest/globals';
import { DomainError } from '../common/errors.js';
import { toRfc3339 } from './engine-time.js';

const NOW = Date.UTC(2026, 0, 31, 12, 0, 0);

describe('a point in time', () => {
  it.each([
    ['2026-01-31T12:00:00.123456789Z', '2026-01-31T12:00:00.123456789Z'],
    ['2026-01-31T12:00:00+05:30', '2026-01-31T12:00:00+05:30'],
    ['1769860800', '2026-01-31T12:00:00.0Z'],
    ['1769860800.000000001', '2026-01-31T12:00:00.000000001Z'],
    ['0', '1970-01-01T00:00:00.0Z'],
    ['10m', '2026-01-31T11:50:00.000Z'],
    ['1h30m', '2026-01-31T10:30:00.000Z'],
    ['1.5s', '2026-01-31T11:59:58.500Z'],
    ['250ms', '2026-01-31T11:59:59.750Z'],
    ['999999999h', '1970-01-01T00:00:00.000Z'],
  ])('may be given as %s', (text, instant) => {
    expect(toRfc3339('since', text, NOW)).toBe(instant);
  });

  it.each([
    '2026-02-31T12:00:00Z',
    '2026-13-01T12:00:00Z',
    '2026-01-31T25:00:00Z',
    '2026-01-31T12:00:00+99:00',
    '999999999999',
    'yesterday',
    '',
  ])('is not %s', (text) => {
    const read = () => toRfc3339('since', text, NOW);
    expect(read).toThrow(DomainError);
    expect(read).toThrow(
      expect.objectContaining({
        kind: 'invalid_input',
        errors: [{ field: 'since', message: expect.any(String) }],
      }),
    );
  });
});
