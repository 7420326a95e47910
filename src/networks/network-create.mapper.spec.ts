import { describe, expect, it } from '@jest/globals';
import { DomainError } from '../common/errors.js';
import { requireAddresses, requireConsistent, toNetworkBody } from './network-create.mapper.js';
import type { CreateNetworkInput, NetworkPoolInput } from './network.inputs.js';

/** The fields that are refused. */
function faults(check: () => void): string[] {
  try {
    check();
    return [];
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return error.errors.map(({ field }) => field);
  }
}

const network = (input: Partial<CreateNetworkInput>) =>
  faults(() => requireConsistent({ name: 'a', ...input }));
const pools = (...given: NetworkPoolInput[]) => network({ ipv6Enabled: true, ipam: { pools: given } });
const subnet = '10.5.0.0/16';

describe('a network', () => {
  it('takes addresses that go together', () => {
    const pool = {
      subnet,
      ipRange: '10.5.1.0/24',
      gateway: '10.5.0.1',
      auxiliaryAddresses: { a: '10.5.0.2' },
    };
    expect(pools(pool, { subnet: 'fd00::/64', gateway: 'fd00::1' })).toEqual([]);
  });

  it.each<[what: string, given: NetworkPoolInput[], fields: string[]]>([
    ['a subnet that is none', [{ subnet: '10.5.0.300/16' }], ['subnet']],
    ['a subnet by another than its first address', [{ subnet: '10.5.0.1/16' }], ['subnet']],
    ['a gateway elsewhere', [{ subnet, gateway: '10.6.0.1' }], ['gateway']],
    ['a gateway of the other family', [{ subnet, gateway: 'fd00::1' }], ['gateway']],
    ['a range elsewhere', [{ subnet, ipRange: '10.6.0.0/24' }], ['ipRange']],
    ['a range that is larger', [{ subnet, ipRange: '10.0.0.0/8' }], ['ipRange']],
    [
      'an auxiliary address that is none',
      [{ subnet, auxiliaryAddresses: { a: 'x' } }],
      ['auxiliaryAddresses.a'],
    ],
    [
      'the gateway as auxiliary address',
      [{ subnet, gateway: '10.5.0.1', auxiliaryAddresses: { a: '10.5.0.1' } }],
      ['auxiliaryAddresses.a'],
    ],
  ])('does not take %s', (_, given, fields) => {
    expect(pools(...given)).toEqual(fields.map((field) => `ipam.pools.0.${field}`));
  });

  it('does not take pools that overlap', () => {
    expect(pools({ subnet }, { subnet: '10.6.0.0/16' }, { subnet: '10.5.8.0/24' })).toEqual([
      'ipam.pools.2.subnet',
    ]);
  });

  it('takes addresses only of families that it has', () => {
    expect(network({ ipam: { pools: [{ subnet: 'fd00::/64' }] } })).toEqual(['ipam.pools.0.subnet']);
    expect(network({ ipv4Enabled: false, ipv6Enabled: true, ipam: { pools: [{ subnet }] } })).toEqual([
      'ipam.pools.0.subnet',
    ]);
    expect(network({ ipv4Enabled: false })).toEqual(['ipv4Enabled']);
  });

  it('takes from a configuration all or nothing', () => {
    expect(network({ configFrom: 'base' })).toEqual([]);
    expect(network({ configFrom: 'base', configOnly: true, ipam: {}, driverOptions: { a: 'b' } })).toEqual([
      'configFrom',
      'ipam',
      'driverOptions',
    ]);
  });

  it('is never made twice under one name', () => {
    expect(toNetworkBody({ name: 'a' })).toEqual({ Name: 'a', CheckDuplicate: true, Driver: 'bridge' });
  });
});

it('a container connects at addresses that are some', () => {
  const check = (input: object) => faults(() => requireAddresses({ container: 'a', ...input }));
  expect(check({ ipv4Address: '10.5.0.1', ipv6Address: 'fd00::1', linkLocalIps: ['169.254.0.1'] })).toEqual(
    [],
  );
  expect(check({ ipv4Address: 'fd00::1', ipv6Address: '10.5.0.1', linkLocalIps: ['a'] })).toEqual([
    'ipv4Address',
    'ipv6Address',
    'linkLocalIps.0',
  ]);
});
