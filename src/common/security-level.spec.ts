import { describe, expect, it } from '@jest/globals';
import { compareLevels, isWithinLevel, SECURITY_LEVELS } from './security-level.js';

describe('security levels', () => {
  it('are ordered restricted < baseline < privileged', () => {
    expect([...SECURITY_LEVELS].reverse().sort(compareLevels)).toEqual([
      'restricted',
      'baseline',
      'privileged',
    ]);
  });

  it.each([
    ['restricted', 'restricted', true],
    ['restricted', 'privileged', true],
    ['baseline', 'restricted', false],
    ['privileged', 'baseline', false],
  ] as const)('what needs %s is open to who has %s: %s', (needed, granted, open) => {
    expect(isWithinLevel(needed, granted)).toBe(open);
  });
});
