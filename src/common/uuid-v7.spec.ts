import { describe, expect, it } from '@jest/globals';
import { isUuid, uuidV7 } from './uuid-v7.js';

describe('a version 7 UUID', () => {
  it('has the form, version and variant of RFC 9562', () => {
    expect(uuidV7(Date.now())).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  it('is told from other text', () => {
    expect(isUuid(uuidV7(Date.now()))).toBe(true);
    for (const text of [
      '',
      'x',
      uuidV7(Date.now()).toUpperCase(),
      `${uuidV7(Date.now())}\n`,
      `${uuidV7(Date.now())}0`,
    ]) {
      expect(isUuid(text)).toBe(false);
    }
  });

  it('begins with the time in milliseconds', () => {
    const later = Date.UTC(2100, 0, 1);
    expect(parseInt(uuidV7(later).replace('-', '').slice(0, 12), 16)).toBe(later);
  });

  it('sorts in the order of creation, also when the clock stands still or steps back', () => {
    const start = Date.UTC(2101, 0, 1);
    const ids = Array.from({ length: 10_000 }, (_, index) => uuidV7(index % 3 === 0 ? start - 1 : start));
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
