import { describe, expect, it } from '@jest/globals';
import { checkUsername } from './username.js';

describe('a username', () => {
  it.each([
    ['a', 'a'],
    ['Alice', 'alice'],
    ['a.b_c-9', 'a.b_c-9'],
    ['x'.repeat(64), 'x'.repeat(64)],
  ])('%j is %j', (text, username) => {
    expect(checkUsername(text)).toBe(username);
  });

  it.each(['', 'x'.repeat(65), 'a b', 'a/b', 'ä', 'a\n', 'a@b', '\u0430lice', 'a\0'])(
    'can not be %j',
    (text) => {
      expect(() => checkUsername(text)).toThrow(
        expect.objectContaining({
          kind: 'invalid_input',
          errors: [expect.objectContaining({ field: 'username' })],
        }),
      );
    },
  );
});
