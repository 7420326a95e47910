import { describe, expect, it } from '@jest/globals';
import { JSON_POINTER, textAt, valueAt } from './json-pointer.js';

/** RFC 6901, section 5. */
const DOCUMENT = {
  foo: ['bar', 'baz'],
  '': 0,
  'a/b': 1,
  'c%d': 2,
  'e^f': 3,
  'g|h': 4,
  'i\\j': 5,
  'k"l': 6,
  ' ': 7,
  'm~n': 8,
};

describe('a JSON pointer', () => {
  it.each([
    ['', DOCUMENT],
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/e^f', 3],
    ['/g|h', 4],
    ['/i\\j', 5],
    ['/k"l', 6],
    ['/ ', 7],
    ['/m~0n', 8],
  ])('%j points to what the specification says', (pointer, value) => {
    expect(JSON_POINTER.test(pointer)).toBe(true);
    expect(valueAt(DOCUMENT, pointer)).toEqual(value);
  });

  it.each([
    '/none',
    '/foo/2',
    '/foo/-',
    '/foo/00',
    '/foo/length',
    '/constructor',
    '/__proto__',
    '/foo/0/length',
    '/foo/toString',
    '/~01',
  ])('%j points to nothing', (pointer) => {
    expect(valueAt(DOCUMENT, pointer)).toBeUndefined();
  });

  it.each(['foo', '/~', '/~2', 'a/b'])('is not %j', (text) => {
    expect(JSON_POINTER.test(text)).toBe(false);
  });

  it('reads ~01 as ~1, not as a slash', () => {
    expect(valueAt({ '~1': 'right', '/': 'wrong' }, '/~01')).toBe('right');
  });

  it('finds text only where there is some', () => {
    for (const value of ['', 1, null, {}, undefined]) expect(textAt({ value }, '/value')).toBeUndefined();
    expect(textAt({ value: 'v1' }, '/value')).toBe('v1');
  });
});
