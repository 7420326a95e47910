import { describe, expect, it } from '@jest/globals';
import { RecentlyUsed } from './recently-used.js';

describe('what was used recently', () => {
  it('is kept up to the capacity; what was not used for longest goes first', () => {
    const kept = new RecentlyUsed<string, number>(2);
    kept.set('a', 1);
    kept.set('b', 2);
    kept.get('a');
    kept.set('c', 3);
    expect([kept.get('a'), kept.get('b'), kept.get('c'), kept.size]).toEqual([1, undefined, 3, 2]);
  });

  it('takes the place of what had its key, at no cost to the others', () => {
    const kept = new RecentlyUsed<string, number>(2);
    kept.set('a', 1);
    kept.set('b', 2);
    kept.set('a', 3);
    expect([kept.get('a'), kept.get('b'), kept.size]).toEqual([3, 2, 2]);
  });

  it('is forgotten when asked to', () => {
    const kept = new RecentlyUsed<string, number>(3);
    for (const key of ['a', 'b', 'c']) kept.set(key, 1);
    kept.delete('a');
    expect([kept.get('a'), kept.size]).toEqual([undefined, 2]);
    kept.clear();
    expect(kept.size).toBe(0);
  });
});
