import { describe, expect, it } from '@jest/globals';
import { checkPassword } from './password-policy.js';

/** Of 15 characters, four of them `u`. */
const FIFTEEN = 'hlquxkuvsuieurn';

const check = (password: string) => () => checkPassword(password, 'alice-in-wonderland');

describe('a password', () => {
  it.each([
    ['of 15 characters', FIFTEEN],
    ['of 256 characters', `${FIFTEEN}${'xyzzy plugh '.repeat(21)}`.slice(0, 256)],
    ['of 15 code points, each two code units', '🐳🐋🦭🐬🐟🐠🐡🦈🐙🐚🪸🦀🦞🦐🦑'],
    ['with spaces in it', 'correct horse battery'],
    ['of one kind of characters only', 'hlqxkvsoieurnty'],
    ['that only contains the username', 'alice-in-wonderland fell into a hole'],
  ])('%s is taken', (_what, password) => {
    expect(check(password)).not.toThrow();
  });

  it.each([
    ['of 14 characters', FIFTEEN.slice(1)],
    ['of 14 code points', '🐳🐋🦭🐬🐟🐠🐡🦈🐙🐚🪸🦀🦞🦐'],
    ['of 257 characters', `${FIFTEEN}${'xyzzy plugh '.repeat(21)}`.slice(0, 257).padEnd(257, 'x')],
    ['that is huge', 'x'.repeat(1_000_000)],
    ['that composes to 14 characters', FIFTEEN.slice(1).replaceAll('u', 'u\u0308')],
    ['that is common', 'password12345678'],
    ['that is the name of the service', 'Dockmaster-2026!'],
    ['that is one character over and over', 'x'.repeat(20)],
    ['with a control character', `${FIFTEEN}\u0007`],
    ['with half a surrogate pair', `${FIFTEEN}\ud83d`],
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
