import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** What Fastify understands by these names, so that both read the setting alike. */
const RANGES: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.1/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/**
 * The client's address for requests that Fastify does not see, such as upgrades: the nearest in `X-Forwarded-For` that is not one
 * of our proxies, or the peer's where that is no proxy of ours.
 */
export class ClientAddress {
  private readonly trusted = new BlockList();

  /** @param proxies the setting `trustedProxies` */
  constructor(proxies: readonly string[]) {
    for (const range of proxies.flatMap((proxy) => RANGES[proxy] ?? [proxy])) {
      const [address = '', prefix] = range.split('/');
      const family = familyOf(address);
      this.trusted.addSubnet(address, Number(prefix ?? (family === 'ipv6' ? 128 : 32)), family);
    }
  }

  of({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): string {
    const forwarded = headers['x-forwarded-for'];
    const hops = [forwarded ?? []].flat().flatMap((list) => list.split(',').map((hop) => hop.trim()));
    let address = socket.remoteAddress ?? '';
    while (this.isTrusted(address)) {
      const hop = hops.pop();
      if (hop === undefined) break;
      address = hop;
    }
    return address;
  }

  private isTrusted(address: string): boolean {
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
    return isIP(plain) !== 0 && this.trusted.check(plain, familyOf(plain));
  }
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
