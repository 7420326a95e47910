import { describe, expect, it } from '@jest/globals';
import { holdsAddress, holdsRange, type IpRange, overlap, parseAddress, parseRange } from './ip-range.js';

function range(text: string): IpRange {
  const parsed = parseRange(text);
  if (!parsed) throw new Error(`${text} is no range`);
  return parsed;
}

describe('an address', () => {
  it.each([
    ['0.0.0.0', 4, 0n],
    ['10.0.1.2', 4, 0x0a000102n],
    ['255.255.255.255', 4, 0xffffffffn],
    ['::', 6, 0n],
    ['::1', 6, 1n],
    ['fd00::', 6, 0xfd00n << 112n],
    ['2001:db8:0:1:0:0:0:2', 6, 0x20010db8000000010000000000000002n],
    ['2001:DB8::1:0:0:2', 6, 0x20010db8000000000001000000000002n],
    ['::ffff:10.0.1.2', 6, 0xffff0a000102n],
  ] as const)('%s is read', (text, family, value) => {
    expect(parseAddress(text)).toEqual({ family, value });
  });

  it.each([
    '',
    '10.0.0',
    '10.0.0.256',
    '010.0.0.1',
    '::1::',
    'fe80::1%eth0',
    'host',
    '10.0.0.1/24',
    ' 10.0.0.1',
  ])('%j is none', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });
});

describe('a range', () => {
  it.each([
    ['10.5.0.0/16', 0x0a050000n, 0x0a05ffffn],
    ['0.0.0.0/0', 0n, 0xffffffffn],
    ['10.5.0.1/32', 0x0a050001n, 0x0a050001n],
    ['::/0', 0n, (1n << 128n) - 1n],
    ['fd00::/126', 0xfd00n << 112n, (0xfd00n << 112n) + 3n],
  ])('%s is read', (text, first, last) => {
    expect(parseRange(text)).toMatchObject({ first, last });
  });

  it.each([
    '',
    '10.5.0.0',
    '10.5.0.0/33',
    '10.5.0.0/-1',
    '10.5.0.0/016',
    '10.5.0.1/16',
    'fd00::1/64',
    '::/129',
    'a/8',
  ])('%j is none', (text) => {
    expect(parseRange(text)).toBeUndefined();
  });

  it('holds addresses and ranges of its own family between its first and its last', () => {
    const subnet = range('10.5.0.0/16');
    const holds = (text: string) => holdsAddress(subnet, parseAddress(text) ?? { family: 6, value: 0n });
    expect(['10.5.0.0', '10.5.255.255', '10.4.255.255', '10.6.0.0', '::a05:1'].map(holds)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(holdsRange(subnet, range('10.5.1.0/24'))).toBe(true);
    expect(holdsRange(subnet, range('10.0.0.0/8'))).toBe(false);
    expect(holdsRange(range('::/0'), subnet)).toBe(false);
  });

  it.each([
    ['10.5.0.0/16', '10.5.1.0/24', true],
    ['10.5.1.0/24', '10.0.0.0/8', true],
    ['10.5.0.0/16', '10.6.0.0/16', false],
    ['10.5.0.0/16', '::/0', false],
  ])('%s and %s overlap: %j', (one, other, expected) => {
    expect(overlap(range(one), range(other))).toBe(expected);
    expect(overlap(range(other), range(one))).toBe(expected);
  });
});
