import { describe, expect, it } from '@jest/globals';
import { Ring } from './ring.js';

describe('a ring', () => {
  it('numbers what comes and forgets the oldest', () => {
    const ring = new Ring<string>({ items: 3, bytes: 100 }, (item) => item.length);
    for (const item of ['a', 'b', 'c', 'd']) ring.push(item);
    expect([ring.start, ring.end, ring.length, ring.bytes]).toEqual([1, 4, 3, 3]);
    expect(ring.slice(0, 10)).toEqual(['b', 'c', 'd']);
    expect(ring.slice(2, 1)).toEqual(['c']);
    expect([ring.at(0), ring.at(1), ring.at(4)]).toEqual([undefined, 'b', undefined]);
  });

  it('holds no more bytes than allowed, save one item that is larger', () => {
    const ring = new Ring<string>({ items: 10, bytes: 10 }, (item) => item.length);
    ring.push('aaaa');
    ring.push('bbbb');
    expect(ring.fits('cc')).toBe(true);
    expect(ring.fits('ccc')).toBe(false);
    ring.push('ccc');
    expect(ring.slice(0, 10)).toEqual(['bbbb', 'ccc']);
    ring.push('d'.repeat(50));
    expect([ring.length, ring.bytes]).toEqual([1, 50]);
    ring.push('e');
    expect(ring.slice(0, 10)).toEqual(['e']);
  });
});
