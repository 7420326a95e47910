import { describe, expect, it } from '@jest/globals';
import { FEW_STARS, matchesGlob, MOST_STARS } from './glob.js';

/** All texts of up to so many of these characters. */
function textsOf(characters: readonly string[], length: number): string[] {
  if (length === 0) return [''];
  const shorter = textsOf(characters, length - 1);
  const longest = shorter.filter((text) => text.length === length - 1);
  return [...shorter, ...longest.flatMap((text) => characters.map((character) => text + character))];
}

describe('a pattern', () => {
  it.each([
    ['shop/*', 'shop/web', true],
    ['shop/*', 'shop/web/api', true],
    ['shop/*', 'shop/', true],
    ['shop/*', 'shop', false],
    ['shop/*', 'my/shop/web', false],
    ['*/web', 'shop/web', true],
    ['*/web', 'shop/webs', false],
    ['*', '', true],
    ['*', 'any/thing', true],
    ['**', '', true],
    ['a*', 'a\nb', true],
    ['', '', true],
    ['', 'a', false],
    ['web', 'web', true],
    ['web', 'webs', false],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['ab*ba', 'aba', false],
    ['a*b*a', 'aba', true],
    ['a*b*b', 'ab', false],
    ['a.c', 'abc', false],
    ['a?c', 'abc', false],
    ['[ab]*', '[ab]c', true],
    ['[ab]*', 'a', false],
    ['(a|b)+$*', '(a|b)+$', true],
    ['\\*', '\\a', true],
    ['Web*', 'web', false],
  ])('%j and %j: %p', (glob, text, expected) => {
    expect(matchesGlob(glob, text)).toBe(expected);
  });

  it('means what it says of every short text', () => {
    const texts = textsOf(['a', 'b'], 5);
    for (const glob of textsOf(['a', 'b', '*'], 5)) {
      const same = new RegExp(`^${glob.replaceAll('*', '.*')}$`);
      const wrong = texts.filter((text) => matchesGlob(glob, text) !== same.test(text));
      expect({ glob, wrong }).toEqual({ glob, wrong: [] });
    }
  });

  it.each([
    `${'*a'.repeat(1_000)}*b`,
    `${'*aa'.repeat(1_000)}b`,
    `${'*'.repeat(10_000)}b`,
    `a${'*ab'.repeat(1_000)}`,
  ])('comes to an end with every text: %.12s…', (glob) => {
    for (const text of ['a'.repeat(100_000), 'ab'.repeat(50_000)])
      expect(matchesGlob(glob, `${text}c`)).toBe(false);
  });

  it(`that is kept has at most ${MOST_STARS} stars`, () => {
    for (const glob of ['', 'web', '*', '*'.repeat(MOST_STARS), `${'a*'.repeat(MOST_STARS)}b\n`])
      expect(FEW_STARS.test(glob)).toBe(true);
    for (const glob of ['*'.repeat(MOST_STARS + 1), `${'a*'.repeat(100_000)}b`])
      expect(FEW_STARS.test(glob)).toBe(false);
  });
});
