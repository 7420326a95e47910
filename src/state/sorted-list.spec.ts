import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '../streams/testing/turns.js';
import { SortedList } from './sorted-list.js';

const byNumber = (a: number, b: number) => a - b;

function listOf(...numbers: number[]): SortedList<number> {
  const list = new SortedList(byNumber);
  for (const number of numbers) list.add(number);
  return list;
}

describe('a sorted list', () => {
  it('is in order, however things were added and removed', () => {
    const random = seededRandom(7);
    const list = new SortedList(byNumber);
    const expected = new Set<number>();
    for (let step = 0; step < 2_000; step += 1) {
      const number = Math.floor(random() * 100);
      if (random() < 0.6) {
        list.add(number);
        expected.add(number);
      } else {
        list.remove(number);
        expected.delete(number);
      }
    }
    expect(list.all()).toEqual([...expected].sort(byNumber));
  });

  it('is the same array until something changes', () => {
    const list = listOf(2, 1);
    const before = list.all();
    list.remove(3);
    expect(list.all()).toBe(before);
    list.add(3);
    expect(list.all()).not.toBe(before);
  });

  it('leaves an array alone that it once gave', () => {
    const list = listOf(1, 3);
    const before = list.all();
    list.add(2);
    list.remove(3);
    expect(before).toEqual([1, 3]);
    expect(list.all()).toEqual([1, 2]);
  });

  it('has one of those that take the place of one another: the last', () => {
    const list = new SortedList<{ key: number; text: string }>((a, b) => a.key - b.key);
    list.add({ key: 1, text: 'old' });
    list.add({ key: 1, text: 'new' });
    expect(list.all()).toEqual([{ key: 1, text: 'new' }]);
  });

  it.each([
    [0, [1, 3]],
    [3, [3, 5]],
    [4, [5, 7]],
    [7, [7]],
    [8, []],
  ])('tells two from %i on', (start, expected) => {
    expect(listOf(1, 3, 5, 7).from((number) => number - start, 2)).toEqual(expected);
  });
});
