import { describe, expect, it } from '@jest/globals';
import { parseStrictJson } from './strict-json.js';

const read = (text: string | Buffer) => parseStrictJson(Buffer.from(text), 'body');
const fault = (text: string | Buffer): string => {
  try {
    read(text);
  } catch (error) {
    return (error as Error).message;
  }
  return 'none';
};

describe('strict JSON', () => {
  it.each([
    ['{}', {}],
    [' [1, -2, 0.5, 1e3, true, null] ', [1, -2, 0.5, 1000, true, null]],
    [
      '{"a":{"a":[{"a":1},{"a":2}]},"A":"\\"{\\\\","b":"a:,"}',
      { a: { a: [{ a: 1 }, { a: 2 }] }, A: '"{\\', b: 'a:,' },
    ],
    ['"\\ud83d\\ude00 ä"', '😀 ä'],
    ['9007199254740991', 9007199254740991],
  ])('reads %s', (text, value) => {
    expect(read(text)).toEqual(value);
  });

  it.each([
    ['{"a":1,"a":2}', 'twice'],
    ['{"a":1,"\\u0061":2}', 'twice'],
    ['[{"b":{"a":1,"c":2,"a":3}}]', 'twice'],
    ['{"__proto__":1}', 'not allowed'],
    ['{"a":{"\\u005f_proto__":1}}', 'not allowed'],
    ['9007199254740993', 'too large'],
    ['[1e999]', 'too large'],
    ['"\\ud800"', 'surrogate'],
    ['{"\\udc00":1}', 'surrogate'],
    [`${'['.repeat(33)}${']'.repeat(33)}`, 'levels'],
    ['{} {}', 'one JSON document'],
    ['', 'one JSON document'],
    ['\ufeff{}', 'one JSON document'],
    [Buffer.from([0x22, 0xff, 0x22]), 'UTF-8'],
  ])('refuses %s', (text, expected) => {
    expect(fault(text)).toContain(expected);
  });

  it('takes a key for one only where one stands', () => {
    expect(fault('{"a":"a","b":["a","a",{"a":"b"}],"c":"a"}')).toBe('none');
  });
});
