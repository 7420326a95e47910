import { describe, expect, it } from '@jest/globals';
import { RevisionTokens } from './revision-tokens.js';

describe('the token of a revision', () => {
  const tokens = new RevisionTokens();

  it.each([0, 1, 4_294_967_296, 2 ** 48 - 1])(
    'is opened to the revision that it was made of: %i',
    (revision) => {
      expect(tokens.open(tokens.seal(revision, 'all'), 'all')).toBe(revision);
    },
  );

  it('is the same for the same, and different for anything else', () => {
    const token = tokens.seal(7, 'all');
    expect(tokens.seal(7, 'all')).toBe(token);
    expect(new Set([token, tokens.seal(8, 'all'), tokens.seal(7, 'some'), tokens.seal(6, 'all')]).size).toBe(
      4,
    );
  });

  it('opens nothing for whoever sees something else, nor in another process', () => {
    const token = tokens.seal(7, 'all');
    expect(tokens.open(token, 'some')).toBeUndefined();
    expect(new RevisionTokens().open(token, 'all')).toBeUndefined();
  });

  it('does not tell how many changes there were', () => {
    const [one, two] = [tokens.seal(1, 'all'), tokens.seal(2, 'all')].map((token) =>
      Buffer.from(token, 'base64url'),
    );
    const alike = [...(one ?? [])].filter((byte, index) => byte === two?.[index]).length;
    expect(alike).toBeLessThan(8);
  });

  it.each(['', 'abc', 'A'.repeat(22), 'ü'.repeat(22), 'A'.repeat(100_000), '../../etc/passwd'])(
    'is no text that somebody made up: %#',
    (text) => {
      expect(tokens.open(text, 'all')).toBeUndefined();
    },
  );

  it('fits into the field that takes it, and is safe in a header', () => {
    expect(tokens.seal(2 ** 48 - 1, 'x'.repeat(10_000))).toMatch(/^[\w-]{22}$/);
  });
});
