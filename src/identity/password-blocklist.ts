import { COMMON_WORDS, ends } from './password-common.js';

/** Pieces that everybody would try, put together: so many are still tried early. */
const MAX_PIECES = 3;
/** As far as it is looked at. What is longer and commonplace throughout is found by its beginning repeating. */
const MAX_LOOKED_AT = 256;
const SEPARATORS = /[\s._,;:+*~/\\|#=?!&%$@"'()<>-]/;

/**
 * Whether a password is among those that a guesser tries first: it consists of nothing but up to three of the most
 * common passwords and words, the names given, keyboard rows, sequences and short numbers, or it is one short thing
 * over and over. Single ones in capitals, with look-alikes for letters or with something between them count as well.
 *
 * The whole password is compared, as NIST SP 800-63B wants it: one that only contains such a piece is good.
 *
 * @param password in normal form
 * @param names the user's and the service's, which are as easy to think of
 */
export function isCommonplace(password: string, names: readonly string[]): boolean {
  const text = password.toLowerCase().slice(0, MAX_LOOKED_AT);
  const words = [...names.map((name) => name.toLowerCase()).filter((name) => name !== ''), ...COMMON_WORDS];
  const unit = repeatedUnit(text);
  return unit.length <= 4 || fewestPieces(unit, words) <= MAX_PIECES;
}

/** The shortest text of which `text` is nothing but repetitions; the last one may be cut short. */
function repeatedUnit(text: string): string {
  for (let length = 1; length <= text.length / 2; length++) {
    const unit = text.slice(0, length);
    if (unit.repeat(Math.ceil(text.length / length)).slice(0, text.length) === text) return unit;
  }
  return text;
}

/** Of how few pieces `text` can be put together, with anything of `SEPARATORS` between them for free. */
function fewestPieces(text: string, words: readonly string[]): number {
  const fewest = new Array<number>(text.length + 1).fill(Infinity);
  fewest[0] = 0;
  for (let at = 0; at < text.length; at++) {
    const here = fewest[at] ?? Infinity;
    if (here >= Infinity) continue;
    const reach = (end: number, pieces: number) => {
      fewest[end] = Math.min(fewest[end] ?? Infinity, pieces);
    };
    if (SEPARATORS.test(text[at] ?? '')) reach(at + 1, here);
    if (here < MAX_PIECES) for (const end of ends(text, at, words)) reach(end, here + 1);
  }
  return fewest[text.length] ?? Infinity;
}
