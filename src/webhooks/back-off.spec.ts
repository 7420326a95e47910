import { describe, expect, it } from '@jest/globals';
import { askedDelay, delayAfter, MAX_ATTEMPTS } from './back-off.js';

const middle = () => 0.5;

describe('the back-off of deliveries', () => {
  it('grows fourfold up to 6 hours, and gives up after 15', () => {
    const delays = Array.from({ length: MAX_ATTEMPTS }, (_, index) => delayAfter(index + 1, 0, middle));
    expect(delays.slice(0, 4)).toEqual([2_000, 8_000, 32_000, 128_000]);
    expect(delays.at(-2)).toBe(6 * 60 * 60_000);
    expect(delays.at(-1)).toBeUndefined();
    const sum = delays.reduce<number>((total, delay = 0) => total + delay, 0);
    expect(Math.round(sum / 3_600_000)).toBe(15);
  });

  it('varies by a fifth either way', () => {
    expect(delayAfter(2, 0, () => 0)).toBe(6_400);
    expect(delayAfter(2, 0, () => 1)).toBe(9_600);
  });

  it('waits as long as the receiver asks, an hour at most', () => {
    expect(delayAfter(1, 60_000, middle)).toBe(60_000);
    expect(delayAfter(1, 10 * 60 * 60_000, middle)).toBe(60 * 60_000);
  });

  it('reads Retry-After as seconds and as a date', () => {
    const now = Date.UTC(2026, 0, 1);
    expect(askedDelay('30', now)).toBe(30_000);
    expect(askedDelay(new Date(now + 5_000).toUTCString(), now)).toBe(5_000);
    for (const none of [undefined, '', 'soon', '-1', new Date(now - 5_000).toUTCString()])
      expect(askedDelay(none, now)).toBe(0);
  });
});
