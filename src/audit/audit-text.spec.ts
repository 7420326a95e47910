import { describe, expect, it } from '@jest/globals';
import { printable, withoutQuotations } from './audit-text.js';

describe('text in an audit record', () => {
  it('stays as it is where it can be printed', () => {
    expect(printable('exec `ls -l` in wéb-1 🐳', 100)).toBe('exec `ls -l` in wéb-1 🐳');
  });

  it.each([
    ['line\nbreak', 'line\\u{a}break'],
    ['\u001b[2J', '\\u{1b}[2J'],
    ['nul\0', 'nul\\u{0}'],
    ['c1\u009b', 'c1\\u{9b}'],
    ['\u202egnp.exe', '\\u{202e}gnp.exe'],
    ['line\u2028separator', 'line\\u{2028}separator'],
    ['half\ud83d', 'half\\u{d83d}'],
  ])('%j is written %j', (text, expected) => {
    expect(printable(text, 100)).toBe(expected);
  });

  it('is cut at its limit, never in the middle of a character', () => {
    expect(printable('x'.repeat(10), 10)).toBe('x'.repeat(10));
    expect(printable('x'.repeat(11), 10)).toBe(`${'x'.repeat(9)}…`);
    expect(printable(`${'x'.repeat(8)}🐳🐳`, 10)).toBe(`${'x'.repeat(8)}…`);
    expect(printable('\n'.repeat(1_000_000), 50)).toHaveLength(50);
  });
});

describe('what an engine said', () => {
  it.each([
    ['exec: "--password=x": executable file not found', 'exec: "…": executable file not found'],
    ['exec: "a\\"b": no, "c" neither', 'exec: "…": no, "…" neither'],
    ["unknown option 'token=x' for it, which can't be", 'unknown option "…" for it, which can\'t be'],
    ['never ends: "secret and more', 'never ends: "…"'],
    ["the engine isn’t there, it's away", "the engine isn’t there, it's away"],
    ['port is already allocated', 'port is already allocated'],
  ])('%s is kept as %s', (said, kept) => {
    expect(withoutQuotations(said)).toBe(kept);
  });
});
