import ipaddr from 'ipaddr.js';
import type { OutgoingAllow } from '../config/outgoing-allow.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** What a request is to reach: the host as its URL has it, and the port. */
export interface Destination {
  readonly host: string;
  readonly port: number;
}

/**
 * Where clouds keep the credentials of the machine, and containers theirs. Not all are in a range that is refused anyway,
 * and none is allowed by a range or a name: only by an entry for this one address.
 */
const METADATA: ReadonlySet<string> = new Set(
  [
    '169.254.169.254',
    '169.254.170.2',
    '169.254.170.23',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    'fd00:ec2::254',
    'fd00:ec2::23',
    'fd20:ce::254',
  ].map((address) => ipaddr.parse(address).toString()),
);

/** What an allowed name may resolve to besides public addresses. */
const PRIVATE_RANGES: ReadonlySet<string> = new Set([
  'private',
  'loopback',
  'carrierGradeNat',
  'uniqueLocal',
]);
/** All that is routed on the internet (RFC 4291, section 2.4). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');
const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');
/** Deprecated, and by some systems still taken for the IPv4 address within (RFC 4291, section 2.5.5.1). */
const IPV4_COMPATIBLE = ipaddr.IPv6.parseCIDR('::/96');

/**
 * Which addresses outgoing requests may go to: public ones, and what `DOCKMASTER_OUTGOING_ALLOW` names. An address that
 * stands for another (IPv4-mapped, -compatible, NAT64, 6to4, Teredo) is not public.
 */
export class AddressRules {
  constructor(private readonly allowed: readonly OutgoingAllow[]) {}

  /** Whether a connection to `address`, which `destination` resolved to, may be opened. */
  allows(address: string, destination: Destination): boolean {
    if (!ipaddr.isValid(address)) return false;
    const parsed = ipaddr.parse(address);
    const inner = embedded(parsed);
    if (inner) {
      return this.allowsRange(parsed, destination.port) && this.allows(inner.toString(), destination);
    }
    if (METADATA.has(parsed.toString())) return this.allowsExactly(parsed, destination.port);
    return (
      isPublic(parsed) ||
      this.allowsRange(parsed, destination.port) ||
      (PRIVATE_RANGES.has(parsed.range()) && this.allowsName(destination))
    );
  }

  /** Whether `DOCKMASTER_OUTGOING_ALLOW` names this very host: by its name, or as an address within a range. */
  names(destination: Destination): boolean {
    const { host, port } = destination;
    return ipaddr.isValid(host)
      ? this.allows(host, destination) && this.allowsRange(ipaddr.parse(host), port)
      : this.allowsName(destination);
  }

  private allowsRange(address: Address, port: number): boolean {
    return this.allowed.some(
      (entry) => entry.kind === 'range' && portMatches(entry, port) && isWithin(address, entry),
    );
  }

  private allowsExactly(address: Address, port: number): boolean {
    const bits = address.kind() === 'ipv6' ? 128 : 32;
    return this.allowed.some(
      (entry) =>
        entry.kind === 'range' &&
        entry.prefix === bits &&
        portMatches(entry, port) &&
        isWithin(address, entry),
    );
  }

  private allowsName({ host, port }: Destination): boolean {
    const name = host.toLowerCase().replace(/\.$/, '');
    return this.allowed.some(
      (entry) =>
        entry.kind === 'name' &&
        portMatches(entry, port) &&
        (entry.name.startsWith('*.') ? name.endsWith(entry.name.slice(1)) : name === entry.name),
    );
  }
}

function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false;
  return isIPv6(address) ? address.match(GLOBAL_UNICAST) : true;
}

/** The IPv4 address that an IPv6 address stands for, where a packet to the one may end at the other. */
function embedded(address: Address): ipaddr.IPv4 | undefined {
  if (!isIPv6(address)) return undefined;
  const bytes = address.toByteArray();
  const range = address.range();
  if (range === '6to4') return new ipaddr.IPv4(bytes.slice(2, 6));
  if (range === 'unspecified' || range === 'loopback') return undefined;
  const inLastFour =
    range === 'ipv4Mapped' || range === 'rfc6145' || address.match(NAT64) || address.match(IPV4_COMPATIBLE);
  return inLastFour ? new ipaddr.IPv4(bytes.slice(12)) : undefined;
}

function isIPv6(address: Address): address is ipaddr.IPv6 {
  return address.kind() === 'ipv6';
}

function isWithin(address: Address, { address: base, prefix }: OutgoingAllow & { kind: 'range' }): boolean {
  const range = ipaddr.parse(base);
  if (isIPv6(address)) return isIPv6(range) && address.match(range, prefix);
  return !isIPv6(range) && address.match(range, prefix);
}

function portMatches(entry: OutgoingAllow, port: number): boolean {
  return entry.port === undefined || entry.port === port;
}
