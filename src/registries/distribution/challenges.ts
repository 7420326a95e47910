/** One way to sign in that a server offers, by RFC 9110, section 11.6.1. */
export interface Challenge {
  /** In lower case: `basic`, `bearer`. */
  readonly scheme: string;
  /** By lower-case name. */
  readonly parameters: Readonly<Record<string, string>>;
}

const MAX_LENGTH = 8_192;
const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const PARAMETER = new RegExp(`(${TOKEN})[ \\t]*=[ \\t]*(?:"((?:[^"\\\\]|\\\\.)*)"|(${TOKEN}))`, 'y');
const SCHEME = new RegExp(`(${TOKEN})(?:[ \\t]+|(?=,)|$)`, 'y');
const SEPARATORS = /[ \t,]*/y;

/** What a `WWW-Authenticate` header offers, in its order. What can not be read ends the list. */
export function parseChallenges(header: string): Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  const text = header.slice(0, MAX_LENGTH);
  let at = 0;
  const next = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) at = pattern.lastIndex;
    return match;
  };
  while (at < text.length) {
    next(SEPARATORS);
    const last = challenges.at(-1);
    const parameter = last && next(PARAMETER);
    if (parameter) {
      const [, name = '', quoted, plain = ''] = parameter;
      last.parameters[name.toLowerCase()] = quoted?.replaceAll(/\\(.)/g, '$1') ?? plain;
      continue;
    }
    const [, scheme] = next(SCHEME) ?? [];
    if (scheme === undefined) break;
    challenges.push({
      scheme: scheme.toLowerCase(),
      parameters: Object.create(null) as Record<string, string>,
    });
  }
  return challenges;
}
