import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { BoundedWork } from './bounded-work.js';

/** Work that ends when it is told to. */
function controlled() {
  const started: number[] = [];
  const ends = new Map<number, () => void>();
  const begin = (work: BoundedWork, number: number) =>
    work.run(() => {
      started.push(number);
      return new Promise<number>((resolve) => ends.set(number, () => resolve(number)));
    });
  return { started, begin, end: (number: number) => ends.get(number)?.() };
}

describe('bounded work', () => {
  it('runs so many at once, and the others in order as places become free', async () => {
    const work = new BoundedWork(2, 10);
    const { started, begin, end } = controlled();
    const results = [1, 2, 3, 4].map((number) => begin(work, number));
    await nextTurn();
    expect(started).toEqual([1, 2]);
    end(2);
    await results[1];
    await nextTurn();
    expect(started).toEqual([1, 2, 3]);
    end(1);
    end(3);
    await results[2];
    end(4);
    expect(await Promise.all(results)).toEqual([1, 2, 3, 4]);
  });

  it('turns away who would have to wait behind too many, at once', async () => {
    const work = new BoundedWork(1, 1);
    const { begin, end } = controlled();
    const running = begin(work, 1);
    const waiting = begin(work, 2);
    await expect(begin(work, 3)).rejects.toMatchObject({ kind: 'too_many_requests', retryAfter: 1 });
    end(1);
    await running;
    await nextTurn();
    end(2);
    expect(await waiting).toBe(2);
  });

  it('gives the place of work that failed to the next', async () => {
    const work = new BoundedWork(1, 1);
    const failing = work.run(() => Promise.reject(new Error('broken')));
    const next = work.run(() => Promise.resolve('done'));
    await expect(failing).rejects.toThrow('broken');
    expect(await next).toBe('done');
    expect(await work.run(() => Promise.resolve('again'))).toBe('again');
  });
});
