import { describe, expect, it, jest } from '@jest/globals';
import { RequestLoader } from './request-loader.js';

describe('a loader', () => {
  it('loads once for all fields of an operation, and again for the next', async () => {
    const loader = new RequestLoader<number>();
    let count = 0;
    const load = jest.fn(() => Promise.resolve(++count));
    const first = { variableValues: {} };
    const second = { variableValues: {} };
    expect(await Promise.all([loader.load(first, 'a', load), loader.load(first, 'a', load)])).toEqual([1, 1]);
    expect(await loader.load(second, 'a', load)).toBe(2);
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('keeps apart what has another key, and failures are those of every field', async () => {
    const loader = new RequestLoader<string>();
    const info = { variableValues: {} };
    expect(await loader.load(info, 'a', () => Promise.resolve('of a'))).toBe('of a');
    const fails = () => Promise.reject(new Error('away'));
    await expect(loader.load(info, 'b', fails)).rejects.toThrow('away');
    await expect(loader.load(info, 'b', () => Promise.resolve('late'))).rejects.toThrow('away');
  });
});
