import { describe, expect, it } from '@jest/globals';
import { surplus } from './backup-retention.js';

const DAY = 24 * 60 * 60_000;
const NOW = 100 * DAY;
const file = (daysAgo: number, isPartial = false) => ({
  name: `${daysAgo}`,
  at: NOW - daysAgo * DAY,
  isPartial,
});
const gone = (ages: number[], keepLast: number, keepMs = Infinity) =>
  surplus(
    ages.map((age) => file(age)),
    { keepLast, keepMs, now: NOW },
  );

describe('of the backups', () => {
  it('the newest so many stay', () => {
    expect(gone([3, 0, 2, 1], 2)).toEqual(['2', '3']);
    expect(gone([1, 0], 5)).toEqual([]);
  });

  it('those that are too old go, but for the newest', () => {
    expect(gone([0, 1, 8, 9], 10, 7 * DAY)).toEqual(['8', '9']);
    expect(gone([30, 40], 10, 7 * DAY)).toEqual(['40']);
  });

  it('what was cut off goes once nobody can be at it any more', () => {
    const files = [file(0), file(0.5, true), file(2, true)];
    expect(surplus(files, { keepLast: 5, keepMs: Infinity, now: NOW })).toEqual(['2']);
  });
});
