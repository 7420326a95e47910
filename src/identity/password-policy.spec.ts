import { describe, expect, it } from '@jest/globals';
import { checkPassword } from './password-policy.js';

const check = (password: string) => () => checkPassword(password, 'alice-in-wonderland');

describe('a password', () => {
  it.each([
    ['of 12 characters', 'x'.repeat(12)],
    ['of 256 characters', 'x'.repeat(256)],
    ['of 12 code points, each two code units', '🐳'.repeat(12)],
    ['of 256 code points, each two code units', '🐳'.repeat(256)],
    ['with spaces in it', 'correct horse battery'],
    ['that only holds the username', 'alice-in-wonderland!'],
  ])('%s is taken', (_what, password) => {
    expect(check(password)).not.toThrow();
  });

  it.each([
    ['of 11 characters', 'x'.repeat(11)],
    ['of 11 code points', '🐳'.repeat(11)],
    ['of 257 characters', 'x'.repeat(257)],
    ['of 257 code points', '🐳'.repeat(257)],
    ['that is huge', 'x'.repeat(1_000_000)],
    ['that composes to 11 characters', 'u\u0308'.repeat(11)],
    ['with a control character', 'secret\u0007secret'],
    ['with half a surrogate pair', 'secretsecret\ud83d'],
    ['that is the username', 'alice-in-wonderland'],
    ['that is the username in capitals', 'ALICE-IN-WONDERLAND'],
    ['that is the username in full-width letters', 'ａｌｉｃｅ-ｉｎ-ｗｏｎｄｅｒｌａｎｄ'],
  ])('%s is refused', (_what, password) => {
    expect(check(password)).toThrow(
      expect.objectContaining({
        kind: 'invalid_input',
        errors: [expect.objectContaining({ field: 'password' })],
      }),
    );
  });

  it('is not repeated by the error', () => {
    expect(check('hunter2')).not.toThrow(/hunter2/);
  });
});
