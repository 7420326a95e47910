import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { ClientAddress } from './client-address.js';

const addressOf = (proxies: string[], remoteAddress: string | undefined, forwarded?: string) =>
  new ClientAddress(proxies).of({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  } as unknown as IncomingMessage);

describe("a client's address", () => {
  it.each([
    ['what it says itself does not count', [], '192.0.2.7', '203.0.113.1', '192.0.2.7'],
    ['what a proxy of ours says counts', ['10.0.0.0/8'], '10.1.2.3', '203.0.113.1', '203.0.113.1'],
    ['what another proxy says does not', ['10.0.0.0/8'], '192.0.2.7', '203.0.113.1', '192.0.2.7'],
    [
      'what it made up before the proxy does not',
      ['10.0.0.1'],
      '10.0.0.1',
      '1.1.1.1, 203.0.113.1',
      '203.0.113.1',
    ],
    ['proxies in a row are passed', ['10.0.0.0/8'], '10.0.0.1', '203.0.113.1, 10.0.0.2', '203.0.113.1'],
    ['only proxies: the furthest', ['10.0.0.0/8'], '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['a proxy that says nothing is the client', ['10.0.0.0/8'], '10.0.0.1', undefined, '10.0.0.1'],
    ['IPv4 in IPv6 clothes', ['10.0.0.1'], '::ffff:10.0.0.1', '2001:db8::1', '2001:db8::1'],
    ['ranges by name', ['loopback'], '::1', '203.0.113.1', '203.0.113.1'],
    ['IPv6', ['2001:db8::/32'], '2001:db8::5', '203.0.113.1', '203.0.113.1'],
    ['no peer any more', ['loopback'], undefined, '203.0.113.1', ''],
  ])('%s', (_what, proxies, peer, forwarded, expected) => {
    expect(addressOf(proxies, peer, forwarded)).toBe(expected);
  });
});
