import { isIPv4, isIPv6 } from 'node:net';

/** An IP address as a number. */
export interface IpAddress {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** A block of addresses, such as `10.5.0.0/16`. */
export interface IpRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

const BITS = { 4: 32, 6: 128 } as const;

/** Undefined for what is no address; one with a zone, such as `fe80::1%eth0`, is none here. */
export function parseAddress(text: string): IpAddress | undefined {
  if (isIPv4(text)) return { family: 4, value: valueOf4(text) };
  if (isIPv6(text) && !text.includes('%')) return { family: 6, value: valueOf6(text) };
  return undefined;
}

/** Undefined for what is no block in CIDR notation, and for one that is named by another address than its first. */
export function parseRange(text: string): IpRange | undefined {
  const [, base = '', length = ''] = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const address = parseAddress(base);
  if (!address || Number(length) > BITS[address.family]) return undefined;
  const { family, value } = address;
  const size = 1n << BigInt(BITS[family] - Number(length));
  return value % size === 0n ? { family, first: value, last: value + size - 1n } : undefined;
}

export function holdsAddress(range: IpRange, { family, value }: IpAddress): boolean {
  return family === range.family && value >= range.first && value <= range.last;
}

export function holdsRange(outer: IpRange, { family, first, last }: IpRange): boolean {
  return family === outer.family && first >= outer.first && last <= outer.last;
}

export function overlap(one: IpRange, other: IpRange): boolean {
  return one.family === other.family && one.first <= other.last && other.first <= one.last;
}

function valueOf4(text: string): bigint {
  return text.split('.').reduce((value, part) => (value << 8n) + BigInt(part), 0n);
}

function valueOf6(text: string): bigint {
  const [head = '', tail] = text.split('::');
  const before = groupsOf(head);
  const after = tail === undefined ? [] : groupsOf(tail);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0n);
  return [...before, ...zeros, ...after].reduce((value, group) => (value << 16n) + group, 0n);
}

/** The last group may be an IPv4 address, which is two. */
function groupsOf(text: string): bigint[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [BigInt(`0x${group}`)];
    const value = valueOf4(group);
    return [value >> 16n, value & 0xffffn];
  });
}
