import { describe, expect, it } from '@jest/globals';
import { parseOutgoingAllow } from '../config/outgoing-allow.js';
import { AddressRules } from './address-rules.js';

const NAMED = { host: 'registry.internal', port: 5000 };

function allows(address: string, allowed: readonly string[] = [], destination = NAMED): boolean {
  return new AddressRules(allowed.map(parseOutgoingAllow)).allows(address, destination);
}

describe('outgoing requests', () => {
  it.each(['1.1.1.1', '8.8.8.8', '193.0.6.139', '2606:4700:4700::1111', '2a00:1450:4001:82a::200e'])(
    'may go to the public address %s',
    (address) => {
      expect(allows(address)).toBe(true);
    },
  );

  it.each([
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '172.31.255.255'],
    ['private', '192.168.1.1'],
    ['loopback', '127.0.0.1'],
    ['loopback', '127.255.255.254'],
    ['loopback', '::1'],
    ['link-local', '169.254.1.1'],
    ['link-local', 'fe80::1'],
    ['link-local with a zone', 'fe80::1%eth0'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['carrier-grade NAT', '100.127.255.255'],
    ['metadata', '169.254.169.254'],
    ['metadata', 'fd00:ec2::254'],
    ['metadata', '100.100.100.200'],
    ['metadata at a public address', '168.63.129.16'],
    ['unique local', 'fc00::1'],
    ['unique local', 'fdff::1'],
    ['site-local', 'fec0::1'],
    ['multicast', '224.0.0.1'],
    ['multicast', '239.255.255.255'],
    ['multicast', 'ff02::1'],
    ['broadcast', '255.255.255.255'],
    ['unspecified', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['unspecified', '::'],
    ['reserved', '240.0.0.1'],
    ['reserved', '192.0.0.1'],
    ['benchmarking', '198.18.0.1'],
    ['documentation', '192.0.2.1'],
    ['documentation', '203.0.113.9'],
    ['documentation', '2001:db8::1'],
    ['IPv4-mapped', '::ffff:127.0.0.1'],
    ['IPv4-mapped', '::ffff:7f00:1'],
    ['IPv4-mapped of a public one', '::ffff:8.8.8.8'],
    ['IPv4-translated', '::ffff:0:127.0.0.1'],
    ['IPv4-compatible', '::127.0.0.1'],
    ['IPv4-compatible', '::7f00:1'],
    ['NAT64', '64:ff9b::127.0.0.1'],
    ['NAT64', '64:ff9b::a00:1'],
    ['local NAT64', '64:ff9b:1::a00:1'],
    ['6to4', '2002:7f00:1::1'],
    ['6to4', '2002:a9fe:a9fe::1'],
    ['Teredo', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
    ['discard', '100::1'],
    ['not routed', '4000::1'],
    ['no address', 'localhost'],
    ['no address', ''],
    ['no address', '0x7f.1'],
  ])('may not go to what is %s: %s', (_, address) => {
    expect(allows(address)).toBe(false);
  });

  it('may go to what a range names, and not beside it', () => {
    expect(allows('10.1.2.3', ['10.0.0.0/8'])).toBe(true);
    expect(allows('11.1.2.3', ['10.0.0.0/8'])).toBe(true); // public
    expect(allows('192.168.0.1', ['10.0.0.0/8'])).toBe(false);
    expect(allows('fd00::5', ['fd00::/64'])).toBe(true);
    expect(allows('fd00:0:0:1::5', ['fd00::/64'])).toBe(false);
    expect(allows('10.1.2.3', ['fd00::/8'])).toBe(false);
  });

  it('may go to one port of an address', () => {
    expect(allows('127.0.0.1', ['127.0.0.1:5000'])).toBe(true);
    expect(allows('127.0.0.1', ['127.0.0.1:5001'])).toBe(false);
    expect(allows('::1', ['[::1]:5000'])).toBe(true);
  });

  it('may go to private addresses of a name that is allowed', () => {
    expect(allows('10.1.2.3', ['registry.internal'])).toBe(true);
    expect(allows('127.0.0.1', ['*.internal:5000'])).toBe(true);
    expect(allows('10.1.2.3', ['registry.internal:443'])).toBe(false);
    expect(allows('10.1.2.3', ['other.internal'])).toBe(false);
    expect(allows('10.1.2.3', ['*.internal'], { host: 'internal', port: 5000 })).toBe(false);
    expect(allows('10.1.2.3', ['*.internal'], { host: 'evilinternal', port: 5000 })).toBe(false);
    expect(allows('10.1.2.3', ['registry.internal'], { host: 'REGISTRY.internal.', port: 5000 })).toBe(true);
  });

  it.each([
    '169.254.1.1',
    '0.0.0.0',
    '224.0.0.1',
    '240.0.0.1',
    'fe80::1',
    '::ffff:10.0.0.1',
    '169.254.169.254',
  ])('may not go to %s because a name is allowed that resolves to it', (address) => {
    expect(allows(address, ['registry.internal'])).toBe(false);
  });

  it('may go to a metadata address only where it is named itself', () => {
    expect(allows('169.254.169.254', ['169.254.0.0/16', '0.0.0.0/0'])).toBe(false);
    expect(allows('168.63.129.16', ['168.63.0.0/16'])).toBe(false);
    expect(allows('fd00:ec2::254', ['fd00::/8', '::/0'])).toBe(false);
    expect(allows('169.254.169.254', ['169.254.169.254'])).toBe(true);
    expect(allows('169.254.169.254', ['169.254.169.254:80'])).toBe(false);
  });

  it('may go by NAT64, where that is allowed, to where they may go anyway', () => {
    expect(allows('64:ff9b::8.8.8.8', ['64:ff9b::/96'])).toBe(true);
    expect(allows('64:ff9b::10.0.0.1', ['64:ff9b::/96'])).toBe(false);
    expect(allows('64:ff9b::169.254.169.254', ['64:ff9b::/96', '0.0.0.0/0'])).toBe(false);
    expect(allows('::ffff:169.254.169.254', ['::/0'])).toBe(false);
  });
});
