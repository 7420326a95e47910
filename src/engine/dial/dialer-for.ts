import type { EngineAddress } from '../engine-address.js';
import type { EngineSsh } from '../engine-ssh.js';
import type { EngineTls } from '../engine-tls.js';
import type { Dialer } from './dialer.js';
import { TcpDialer, TlsDialer, UnixDialer } from './socket-dialer.js';
import { SshDialer } from './ssh-dialer.js';

export interface DialOptions {
  readonly connectTimeoutMs: number;
  /** Certificates, for an address with TLS. */
  readonly tls?: EngineTls | undefined;
  /** Key and known hosts, for an address by ssh. */
  readonly ssh?: EngineSsh | undefined;
  /** The OpenSSH client, for an address by ssh. */
  readonly sshCommand?: string | undefined;
}

export function dialerFor(address: EngineAddress, options: DialOptions): Dialer {
  switch (address.transport) {
    case 'unix':
      return new UnixDialer(address, options.connectTimeoutMs);
    case 'tcp':
      return address.tls
        ? new TlsDialer(address, options.tls ?? {}, options.connectTimeoutMs)
        : new TcpDialer(address, options.connectTimeoutMs);
    case 'ssh':
      return new SshDialer(address, options.connectTimeoutMs, options.sshCommand, options.ssh);
  }
}
