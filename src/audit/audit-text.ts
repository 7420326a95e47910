/** What could end a line, steer a terminal or turn the reading direction round, and halves of surrogate pairs. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/gu;

/**
 * Text of a caller made fit to be stored and shown: what can't be printed is written as `\u{…}`, and what is longer
 * than `max` characters is cut and ends in `…`.
 */
export function printable(text: string, max: number): string {
  // Cut before the look at each character, so that a huge text costs no more than a long one.
  const escaped = text
    .slice(0, max + 1)
    .replace(UNPRINTABLE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
  return escaped.length <= max ? escaped : `${escaped.slice(0, max - 1).replace(/\p{Surrogate}$/u, '')}…`;
}

const QUOTED = /"(?:[^"\\]|\\.)*(?:"|$)|(?<=^|[\s(=:])'[^']*(?:'(?=$|[\s),.:;])|$)|`[^`]*(?:`|$)/g;

/**
 * What somebody else said, without what it quotes. An engine that fails quotes what it was given: a program's arguments, an
 * environment value, an address with a password in it. The caller is told all of it; the trail is read by others.
 */
export function withoutQuotations(text: string): string {
  return text.replace(QUOTED, '"…"');
}
