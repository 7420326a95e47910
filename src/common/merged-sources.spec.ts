import { describe, expect, it } from '@jest/globals';
import { MergedSources } from './merged-sources.js';

const forever = new AbortController().signal;

async function* numbers(from: number, to: number, read: number[] = []) {
  for (let number = from; number <= to; number += 1) {
    read.push(number);
    yield await Promise.resolve(number);
  }
}

async function take(merged: MergedSources<number>, count: number): Promise<number[]> {
  const taken: number[] = [];
  for await (const number of merged.until(forever)) if (taken.push(number) === count) break;
  return taken;
}

describe('merged sources', () => {
  it('give all that each source has, in its order', async () => {
    const merged = new MergedSources<number>();
    merged.add(numbers(1, 3));
    merged.add(numbers(11, 13));
    const all = await take(merged, 6);
    expect(all.filter((number) => number < 10)).toEqual([1, 2, 3]);
    expect(all.filter((number) => number > 10)).toEqual([11, 12, 13]);
  });

  it('read a source no further than one value ahead', async () => {
    const read: number[] = [];
    const merged = new MergedSources<number>();
    merged.add(numbers(1, 100, read));
    expect(await take(merged, 3)).toEqual([1, 2, 3]);
    await new Promise(setImmediate);
    expect(read).toEqual([1, 2, 3, 4]);
  });

  it('can be left and gone on with, and lose nothing', async () => {
    const merged = new MergedSources<number>();
    merged.add(numbers(1, 4));
    const ended = AbortSignal.abort();
    for await (const number of merged.until(ended)) throw new Error(`${number} came after the end`);
    expect(await take(merged, 4)).toEqual([1, 2, 3, 4]);
    await new Promise(setImmediate);
    expect(merged.size).toBe(0);
  });

  it('throw what a source threw, after what came before', async () => {
    const merged = new MergedSources<number>();
    merged.add(
      (async function* () {
        yield await Promise.resolve(1);
        throw new Error('broke off');
      })(),
    );
    const taken: number[] = [];
    const reading = (async () => {
      for await (const number of merged.until(forever)) taken.push(number);
    })();
    await expect(reading).rejects.toThrow('broke off');
    expect(taken).toEqual([1]);
  });

  it('end their sources when they are closed', async () => {
    let ended = false;
    const merged = new MergedSources<number>();
    merged.add(
      (async function* () {
        try {
          yield* numbers(1, 100);
        } finally {
          ended = true;
        }
      })(),
    );
    expect(await take(merged, 1)).toEqual([1]);
    merged.close();
    await new Promise(setImmediate);
    expect(ended).toBe(true);
  });
});
