import { describe, expect, it } from '@jest/globals';
import { isImmutable, markImmutable } from './immutable.js';

describe('immutable objects', () => {
  it('are known by identity', () => {
    const marked = markImmutable({ id: 'a' });
    expect(isImmutable(marked)).toBe(true);
    expect(isImmutable({ ...marked })).toBe(false);
  });

  it('cannot be changed by accident', () => {
    const list = [1, 2];
    markImmutable(list);
    expect(() => list.push(3)).toThrow(TypeError);
  });
});
