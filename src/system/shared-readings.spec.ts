import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SharedReadings } from './shared-readings.js';

describe('a slow reading', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('is shared by all who ask while it goes on, however long it takes', async () => {
    const readings = new SharedReadings<number>(10);
    const { promise, resolve } = Promise.withResolvers<number>();
    const read = jest.fn(() => promise);
    const answers = [readings.read('a', read)];
    jest.setSystemTime(1_000);
    answers.push(readings.read('a', read));
    resolve(5);
    expect(await Promise.all(answers)).toEqual([5, 5]);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('answers for a while after it was done, and is made anew then', async () => {
    const readings = new SharedReadings<number>(10);
    let count = 0;
    const read = () => Promise.resolve(++count);
    expect(await readings.read('a', read)).toBe(1);
    jest.setSystemTime(9);
    expect(await readings.read('a', read)).toBe(1);
    expect(await readings.read('b', read)).toBe(2);
    jest.setSystemTime(10);
    expect(await readings.read('a', read)).toBe(3);
  });

  it('that failed is not kept', async () => {
    const readings = new SharedReadings<number>(10);
    await expect(readings.read('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await readings.read('a', () => Promise.resolve(1))).toBe(1);
  });
});
