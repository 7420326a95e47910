import { describe, expect, it } from '@jest/globals';
import { DomainError } from '../../common/errors.js';
import type { SecurityLevel } from '../../common/security-level.js';
import {
  BUILD_RULES,
  IMPORT_RULES,
  judgeBy,
  NETWORK_RULES,
  type ObjectRule,
  TOP_RULES,
} from './object-rules.js';

type NetworkBody = Parameters<(typeof NETWORK_RULES)[number]['check']>[0];

/** The rules that are broken, each with the field at fault. */
function broken<Subject>(
  rules: readonly ObjectRule<Subject>[],
  subject: Subject,
  level: SecurityLevel = 'baseline',
): string[] {
  try {
    judgeBy(rules, subject, level, 'object');
    return [];
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    expect(error.kind).toBe('policy_violation');
    return error.errors.map(({ field, message }) => `${/\((\w+)\)$/.exec(message)?.[1] ?? message} ${field}`);
  }
}

describe('a network', () => {
  it.each<NetworkBody>([
    { Name: 'a' },
    { Name: 'a', Driver: 'bridge', Internal: true, EnableIPv6: true },
    { Name: 'a', Driver: 'overlay', Attachable: true, Options: { encrypted: '' } },
    { Name: 'a', IPAM: { Driver: 'default', Config: [{ Subnet: '' }, {}] } },
    { Name: 'a', Driver: 'overlay', IPAM: { Config: [{ Subnet: '10.5.0.0/16' }] } },
    { Name: 'a', Options: { 'com.docker.network.driver.mtu': '1400' } },
    { Name: 'a', Driver: null, Options: null, IPAM: null, ConfigFrom: null },
  ])('passes at restricted: %j', (body) => {
    expect(broken(NETWORK_RULES, body, 'restricted')).toEqual([]);
  });

  it.each<[body: NetworkBody, expected: string]>([
    [{ Driver: 'macvlan' }, 'networkDriver Driver'],
    [{ Driver: 'ipvlan' }, 'networkDriver Driver'],
    [{ Driver: 'host' }, 'networkDriver Driver'],
    [{ Driver: 'Bridge' }, 'networkDriver Driver'],
    [{ Driver: 'a-plugin' }, 'networkDriver Driver'],
    [{ IPAM: { Driver: 'dhcp' } }, 'networkDriver IPAM.Driver'],
    [{ ConfigFrom: { Network: 'theirs' } }, 'networkDriver ConfigFrom.Network'],
    [{ Ingress: true }, 'networkDriver Ingress'],
    [{ Options: { parent: 'eth0' } }, 'networkDriverOptions Options'],
    [{ Options: { 'com.docker.network.bridge.name': 'docker0' } }, 'networkDriverOptions Options'],
    [{ Options: { 'com.docker.network.container_iface_prefix': 'eth' } }, 'networkDriverOptions Options'],
    [{ IPAM: { Options: { a: 'b' } } }, 'networkDriverOptions IPAM.Options'],
    [{ IPAM: { Config: [{ Subnet: '10.5.0.0/16' }] } }, 'networkSubnets IPAM.Config[0].Subnet'],
    [
      { Driver: 'bridge', IPAM: { Config: [{}, { Subnet: '169.254.169.254/32' }] } },
      'networkSubnets IPAM.Config[1].Subnet',
    ],
  ])('does not pass below privileged: %j', (body, expected) => {
    expect(broken(NETWORK_RULES, body)).toEqual([expected]);
    expect(broken(NETWORK_RULES, body, 'restricted')).toEqual([expected]);
    expect(broken(NETWORK_RULES, body, 'privileged')).toEqual([]);
  });
});

describe('a build', () => {
  it.each<Record<string, unknown>>([
    {},
    { networkmode: '', remote: '', cgroupparent: '' },
    { networkmode: 'none' },
    { networkmode: 'default', remote: 'client-session' },
  ])('passes at baseline, and as nothing is built at restricted, not there: %j', (query) => {
    expect(broken(BUILD_RULES, query)).toEqual([]);
    expect(broken(BUILD_RULES, query, 'restricted')).toEqual(['buildUser dockerfile']);
  });

  it.each<[query: Record<string, unknown>, expected: string]>([
    [{ networkmode: 'host' }, 'buildNetwork networkmode'],
    [{ networkmode: 'container:db' }, 'buildNetwork networkmode'],
    [{ networkmode: ['none', 'host'] }, 'buildNetwork networkmode'],
    [{ remote: 'http://169.254.169.254/' }, 'buildRemote remote'],
    [{ cgroupparent: '/docker' }, 'buildCgroup cgroupparent'],
  ])('does not pass below privileged: %j', (query, expected) => {
    expect(broken(BUILD_RULES, query)).toEqual([expected]);
    expect(broken(BUILD_RULES, query, 'privileged')).toEqual([]);
  });
});

describe('the processes of a container', () => {
  it.each(['', '-ef', '-e', '-f', 'aux', '-o pid', '-eo pid,user,pcpu,rss,args'])(
    'are shown at restricted by %j',
    (ps_args) => {
      expect(broken(TOP_RULES, { ps_args }, 'restricted')).toEqual([]);
    },
  );

  it.each([
    'axeouid=PID -oargs',
    '-o pid=PID',
    '-o pid,environ',
    'e',
    'eww',
    '-ef e',
    '-o pid -e',
    '-o  pid',
    ['-ef', 'e'],
  ])('are not shown below privileged by %j', (ps_args) => {
    expect(broken(TOP_RULES, { ps_args })).toEqual(['processArguments ps_args']);
    expect(broken(TOP_RULES, { ps_args }, 'privileged')).toEqual([]);
  });
});

describe('an import', () => {
  it.each([{}, { fromSrc: '-' }])('passes at restricted: %j', (query) => {
    expect(broken(IMPORT_RULES, query, 'restricted')).toEqual([]);
  });

  it.each(['http://169.254.169.254/', 'file:///etc', ['-', 'http://a']])(
    'from an address does not pass below privileged: %j',
    (fromSrc) => {
      expect(broken(IMPORT_RULES, { fromSrc })).toEqual(['importRemote fromSrc']);
      expect(broken(IMPORT_RULES, { fromSrc }, 'privileged')).toEqual([]);
    },
  );
});

it('each rule has a name of its own, and says what it reads', () => {
  const rules = [...NETWORK_RULES, ...BUILD_RULES, ...IMPORT_RULES, ...TOP_RULES];
  expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
  expect(rules.every(({ summary, fields }) => summary !== '' && fields.length > 0)).toBe(true);
});
