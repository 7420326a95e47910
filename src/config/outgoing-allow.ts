import { isIP } from 'node:net';

/** What outgoing requests may reach besides public addresses: a range of addresses, or a name; perhaps on one port only. */
export type OutgoingAllow =
  | {
      readonly kind: 'range';
      readonly address: string;
      readonly prefix: number;
      readonly port: number | undefined;
    }
  | {
      readonly kind: 'name';
      /** Lower case. After `*.`, the names below it. */
      readonly name: string;
      readonly port: number | undefined;
    };

const NAME = /^(\*\.)?[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

/**
 * One entry of `DOCKMASTER_OUTGOING_ALLOW`: `10.0.0.0/8`, `10.1.2.3`, `10.1.2.3:5000`, `fd00::/8`, `[fd00::1]:443`,
 * `registry.internal`, `registry.internal:5000`, `*.internal`.
 *
 * @throws Error that says what it must be
 */
export function parseOutgoingAllow(text: string): OutgoingAllow {
  const entry = parseRange(text) ?? parseHost(text);
  if (entry) return entry;
  throw new Error(
    `must be a list of ranges, addresses or host names, such as 10.0.0.0/8, 10.1.2.3:5000 or registry.internal: ${text}`,
  );
}

function parseRange(text: string): OutgoingAllow | undefined {
  const [address = '', prefix = '', ...rest] = text.split('/');
  const version = isIP(address);
  const bits = version === 6 ? 128 : 32;
  if (version === 0 || address.includes('%') || rest.length > 0) return undefined;
  if (!text.includes('/')) return { kind: 'range', address, prefix: bits, port: undefined };
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > bits) return undefined;
  return { kind: 'range', address, prefix: Number(prefix), port: undefined };
}

function parseHost(text: string): OutgoingAllow | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]/\s]+))(?::(\d{1,5}))?$/.exec(text);
  if (!match) return undefined;
  const [, bracketed, plain = '', digits] = match;
  const port = digits === undefined ? undefined : Number(digits);
  if (port === 0 || (port ?? 0) > 65_535) return undefined;
  if (bracketed !== undefined) {
    return isIP(bracketed) === 6 ? { kind: 'range', address: bracketed, prefix: 128, port } : undefined;
  }
  if (isIP(plain) === 4) return { kind: 'range', address: plain, prefix: 32, port };
  const name = plain.toLowerCase().replace(/\.$/, '');
  // A last label of digits is a mistyped address: URLs read such hosts as IPv4 addresses.
  if (name.length > 253 || !NAME.test(name) || /(^|\.)(\d+|0x[0-9a-f]*)$/.test(name)) return undefined;
  return { kind: 'name', name, port };
}
