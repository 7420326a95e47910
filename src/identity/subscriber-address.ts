import { isIPv6 } from 'node:net';

/** The part of an address that one subscriber has: an IPv4 address, or the /64 network of an IPv6 address. */
export function subscriberOf(address: string): string {
  const [host = ''] = address.split('%');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(host)?.[1];
  if (mapped !== undefined) return mapped;
  return isIPv6(host) ? ipv6Groups(host).slice(0, 4).join(':') : address;
}

/** The eight groups of an IPv6 address, each in its shortest form. */
function ipv6Groups(address: string): string[] {
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = [], tail = []] = canonical.split('::').map((part) => (part === '' ? [] : part.split(':')));
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return [...head, ...zeros, ...tail];
}
