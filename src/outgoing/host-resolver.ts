import { lookup } from 'node:dns/promises';
import { Injectable } from '@nestjs/common';

/** Names to addresses, as the system has them. Replaced in tests that play a hostile name server. */
@Injectable()
export class HostResolver {
  /** @returns addresses, in the order in which they should be tried. @throws as `dns.lookup` */
  async resolve(host: string): Promise<readonly string[]> {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  }
}
