import { DomainError, type FieldError } from '../common/errors.js';
import { type EngineDocument, present } from '../containers/engine-document.js';
import type { VersionedOption } from '../containers/engine-options.js';
import { holdsAddress, holdsRange, type IpRange, overlap, parseAddress, parseRange } from './ip-range.js';
import type { ConnectNetworkInput, CreateNetworkInput, NetworkPoolInput } from './network.inputs.js';

/** Source: the version history of the Engine API. Older engines take no notice of these. */
export const NETWORK_CREATE_OPTIONS: readonly VersionedOption[] = [{ field: 'ipv4Enabled', since: '1.48' }];
export const NETWORK_CONNECT_OPTIONS: readonly VersionedOption[] = [
  { field: 'priority', since: '1.48' },
  { field: 'macAddress', since: '1.54' },
];

/** The body of NetworkCreate. */
export function toNetworkBody(input: CreateNetworkInput): EngineDocument {
  const { ipam } = input;
  return present({
    Name: input.name,
    // Before API 1.44 engines take a name twice unless told not to.
    CheckDuplicate: true,
    // From a configuration it gets its driver's options and addresses, not its driver.
    Driver: input.driver ?? 'bridge',
    Scope: input.scope,
    Internal: input.internal,
    Attachable: input.attachable,
    Ingress: input.ingress,
    ConfigOnly: input.configOnly,
    ConfigFrom: input.configFrom === undefined ? undefined : { Network: input.configFrom },
    EnableIPv4: input.ipv4Enabled,
    EnableIPv6: input.ipv6Enabled,
    IPAM:
      ipam &&
      present({
        Driver: ipam.driver ?? 'default',
        Options: ipam.options,
        Config: ipam.pools?.map(toPool),
      }),
    Options: input.driverOptions,
    Labels: input.labels,
  });
}

function toPool({ subnet, ipRange, gateway, auxiliaryAddresses }: NetworkPoolInput): EngineDocument {
  return present({
    Subnet: subnet,
    IPRange: ipRange,
    Gateway: gateway,
    AuxiliaryAddresses: auxiliaryAddresses,
  });
}

/**
 * Refuses a network that contradicts itself: addresses that are none or lie outside of their subnet, pools that overlap,
 * pools of a family that is not enabled, options beside the configuration that they come from.
 *
 * @throws DomainError `invalid_input` that names each field
 */
export function requireConsistent(input: CreateNetworkInput): void {
  const { configFrom, configOnly, ipam, driverOptions, ipv4Enabled, ipv6Enabled } = input;
  const errors: FieldError[] = [];
  if (configFrom !== undefined) {
    if (configOnly === true) errors.push(fault('configFrom', 'must be left out of a configuration'));
    if (ipam !== undefined) errors.push(fault('ipam', 'must be left out with `configFrom`'));
    if (Object.keys(driverOptions ?? {}).length > 0)
      errors.push(fault('driverOptions', 'must be left out with `configFrom`'));
  }
  if (ipv4Enabled === false && ipv6Enabled !== true)
    errors.push(fault('ipv4Enabled', 'may be false only where `ipv6Enabled` is true'));
  errors.push(...poolFaults(ipam?.pools ?? [], { 4: ipv4Enabled !== false, 6: ipv6Enabled === true }));
  refuse(errors);
}

/** @throws DomainError `invalid_input` for addresses that are none */
export function requireAddresses({ ipv4Address, ipv6Address, linkLocalIps = [] }: ConnectNetworkInput): void {
  const errors: FieldError[] = [];
  if (ipv4Address !== undefined && parseAddress(ipv4Address)?.family !== 4)
    errors.push(fault('ipv4Address', 'must be an IPv4 address'));
  if (ipv6Address !== undefined && parseAddress(ipv6Address)?.family !== 6)
    errors.push(fault('ipv6Address', 'must be an IPv6 address'));
  for (const [index, address] of linkLocalIps.entries()) {
    if (!parseAddress(address)) errors.push(fault(`linkLocalIps.${index}`, 'must be an IP address'));
  }
  refuse(errors);
}

function poolFaults(
  pools: readonly NetworkPoolInput[],
  enabled: Readonly<Record<4 | 6, boolean>>,
): FieldError[] {
  const errors: FieldError[] = [];
  const before: IpRange[] = [];
  for (const [index, pool] of pools.entries()) {
    const field = `ipam.pools.${index}`;
    const subnet = parseRange(pool.subnet);
    if (!subnet) {
      errors.push(fault(`${field}.subnet`, 'must be a range of addresses, named by its first'));
      continue;
    }
    if (!enabled[subnet.family])
      errors.push(fault(`${field}.subnet`, `needs \`ipv${subnet.family}Enabled\` to be true`));
    if (before.some((other) => overlap(subnet, other)))
      errors.push(fault(`${field}.subnet`, 'must not overlap with another pool'));
    before.push(subnet);
    errors.push(...memberFaults(pool, subnet, field));
  }
  return errors;
}

function memberFaults(
  { ipRange, gateway, auxiliaryAddresses = {} }: NetworkPoolInput,
  subnet: IpRange,
  field: string,
): FieldError[] {
  const errors: FieldError[] = [];
  const range = ipRange === undefined ? subnet : parseRange(ipRange);
  if (!range || !holdsRange(subnet, range))
    errors.push(fault(`${field}.ipRange`, 'must be a range within the subnet, named by its first address'));
  const taken = new Map<bigint, string>();
  const addresses = [
    ...(gateway === undefined ? [] : [[`${field}.gateway`, gateway] as const]),
    ...Object.entries(auxiliaryAddresses).map(
      ([name, text]) => [`${field}.auxiliaryAddresses.${name.slice(0, 100)}`, text] as const,
    ),
  ];
  for (const [at, text] of addresses) {
    const address = parseAddress(text);
    if (!address || !holdsAddress(subnet, address))
      errors.push(fault(at, 'must be an address in the subnet'));
    else if (taken.has(address.value))
      errors.push(fault(at, `must be another address than ${taken.get(address.value) ?? ''}`));
    else taken.set(address.value, at);
  }
  return errors;
}

function fault(field: string, problem: string): FieldError {
  return { field, message: `${field} ${problem}` };
}

function refuse(errors: readonly FieldError[]): void {
  const [first] = errors;
  if (first) throw new DomainError('invalid_input', first.message, { errors: [...errors].slice(0, 50) });
}
