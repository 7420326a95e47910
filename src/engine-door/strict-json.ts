import { DomainError } from '../common/errors.js';

const DEEPEST = 32;

/**
 * One JSON document, read so that there is one way to understand it: engines read JSON as Go does, which merges keys that are
 * there twice and takes what we take for the end as the beginning of another document.
 *
 * @throws DomainError `invalid_input` for what is not UTF-8 or not one JSON document, for a key that is there twice,
 *   `__proto__`, half a surrogate pair, a whole number that JavaScript cannot hold, and more than 32 levels
 */
export function parseStrictJson(bytes: Buffer, what: string): unknown {
  const text = decode(bytes, what);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new DomainError('invalid_input', `The ${what} is not one JSON document`, { cause: error });
  }
  const fault = faultIn(text);
  if (fault !== undefined) throw new DomainError('invalid_input', `The ${what} ${fault}`);
  return value;
}

function decode(bytes: Buffer, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new DomainError('invalid_input', `The ${what} is not UTF-8`, { cause: error });
  }
}

/** A whole number as JSON writes it, or another number. */
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** What is wrong with a text that is known to be JSON; undefined where nothing is. */
function faultIn(text: string): string | undefined {
  /** The keys of each object that is open; undefined for an array. */
  const open: (Set<string> | undefined)[] = [];
  /** Whether a string that comes now is a key. */
  let keyNext = false;
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '{':
        open.push(new Set());
        keyNext = true;
        break;
      case '[':
        open.push(undefined);
        keyNext = false;
        break;
      case '}':
      case ']':
        open.pop();
        keyNext = false;
        break;
      case ',':
        keyNext = open.at(-1) !== undefined;
        break;
      case ':':
        keyNext = false;
        break;
      case '"': {
        const end = closingQuote(text, at);
        const string = JSON.parse(text.slice(at, end + 1)) as string;
        if (!string.isWellFormed()) return 'has half of a surrogate pair in it';
        if (keyNext) {
          const keys = open.at(-1);
          if (string === '__proto__') return 'has a key that is not allowed';
          if (keys?.has(string) === true) return 'has a key twice in one object';
          keys?.add(string);
        }
        at = end;
        break;
      }
      default: {
        NUMBER.lastIndex = at;
        const number = NUMBER.exec(text)?.[0];
        if (number === undefined) break;
        const value = Number(number);
        if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))
          return 'has a number that is too large';
        at += number.length - 1;
      }
    }
    if (open.length > DEEPEST) return `is nested more than ${DEEPEST} levels deep`;
  }
  return undefined;
}

/** @param at where the string opens */
function closingQuote(text: string, at: number): number {
  let end = at + 1;
  while (text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  return end;
}
