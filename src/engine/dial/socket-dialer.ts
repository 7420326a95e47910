import { connect as connectSocket, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  connect as connectTls,
  createSecureContext,
  type ConnectionOptions,
  type SecureContext,
} from 'node:tls';
import type { TcpAddress, UnixAddress } from '../engine-address.js';
import type { EngineTls } from '../engine-tls.js';
import { withConnectTimeout } from './connect-timeout.js';
import type { Dialer } from './dialer.js';

/** Long streams may be silent for hours: probes show that the other side, and what is between, are still there. */
const KEEP_ALIVE_MS = 30_000;

/** Connects to a Unix socket. */
export class UnixDialer implements Dialer {
  constructor(
    private readonly address: UnixAddress,
    private readonly connectTimeoutMs: number,
  ) {}

  connect({ allowHalfOpen }: { allowHalfOpen: boolean }): Duplex {
    const socket = connectSocket({ path: this.address.path, allowHalfOpen });
    return withConnectTimeout(socket, 'connect', this.connectTimeoutMs);
  }

  async close(): Promise<void> {
    // Sockets share nothing.
  }
}

/** Connects by TCP, in the clear. */
export class TcpDialer implements Dialer {
  constructor(
    private readonly address: TcpAddress,
    private readonly connectTimeoutMs: number,
  ) {}

  connect({ allowHalfOpen }: { allowHalfOpen: boolean }): Duplex {
    const { host, port } = this.address;
    return withConnectTimeout(
      tuned(connectSocket({ host, port, allowHalfOpen })),
      'connect',
      this.connectTimeoutMs,
    );
  }

  async close(): Promise<void> {
    // Sockets share nothing.
  }
}

/** Connects by TCP with TLS. The engine must show a certificate for the host that was asked for; nothing turns that off. */
export class TlsDialer implements Dialer {
  readonly #context: SecureContext;

  constructor(
    private readonly address: TcpAddress,
    tls: EngineTls,
    private readonly connectTimeoutMs: number,
  ) {
    this.#context = createSecureContext({ ...tls, minVersion: 'TLSv1.2' });
  }

  connect({ allowHalfOpen }: { allowHalfOpen: boolean }): Duplex {
    const { host, port } = this.address;
    const options: ConnectionOptions & { allowHalfOpen: boolean } = {
      host,
      port,
      allowHalfOpen,
      ...(isIP(host) === 0 && { servername: host }),
      secureContext: this.#context,
      rejectUnauthorized: true,
    };
    return withConnectTimeout(tuned(connectTls(options)), 'secureConnect', this.connectTimeoutMs);
  }

  async close(): Promise<void> {
    // Sockets share nothing.
  }
}

function tuned<S extends Socket>(socket: S): S {
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  return socket;
}
