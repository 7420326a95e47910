import { describe, expect, it } from '@jest/globals';
import { engineTime, parseInstant } from './instant.js';

describe('an instant', () => {
  it.each([
    ['2026-01-01T00:00:00Z', 1_767_225_600_000_000_000n],
    ['2026-01-01T00:00:00.000000001Z', 1_767_225_600_000_000_001n],
    ['2026-01-01T00:00:00.5Z', 1_767_225_600_500_000_000n],
    ['2026-01-01T02:00:00.25+02:00', 1_767_225_600_250_000_000n],
  ])('is read from %s to the nanosecond', (text, nanoseconds) => {
    expect(parseInstant(text)).toBe(nanoseconds);
  });

  it.each([
    '',
    'yesterday',
    '2026-01-01',
    '2026-13-01T00:00:00Z',
    '2026-01-01T00:00:00.0000000001Z',
    '1767225600',
  ])('is not read from %p', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  it('is written for the engine as seconds with nine decimals', () => {
    expect(engineTime(1_767_225_600_000_000_001n)).toBe('1767225600.000000001');
    expect(engineTime(-5n)).toBe('0.000000000');
  });
});
