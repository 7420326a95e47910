import { once } from 'node:events';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, getCACertificates } from 'node:tls';
import type { buildConnector } from 'undici';
import type { AddressRules, Destination } from './address-rules.js';
import type { HostResolver } from './host-resolver.js';
import { OutgoingError } from './outgoing-error.js';
import { explainFailure } from './outgoing-failures.js';

/** How many addresses of one name are tried. */
const MAX_ADDRESSES = 4;
const NOT_STOPPED = { byCaller: false, byTime: false };

export interface ConnectorOptions {
  readonly rules: AddressRules;
  readonly resolver: HostResolver;
  /** For the name look-up and the connection together. */
  readonly connectMs: number;
  /** Authorities, as PEM, that are trusted besides the system's own. */
  readonly ca: string | undefined;
}

/**
 * Opens connections for undici, only to addresses that the rules allow. A name is resolved here, once for each connection,
 * and the connection goes to the very address that was checked: what the name resolves to a moment later does not matter.
 * Certificates are always verified, whatever the environment says.
 */
export function checkedConnector(options: ConnectorOptions): buildConnector.connector {
  return ({ hostname, protocol, port }, callback) => {
    const secure = protocol === 'https:';
    const destination = destinationOf({ hostname, protocol, port });
    open(destination, secure, options).then(
      (socket) => {
        callback(null, socket);
      },
      (error: unknown) => {
        callback(explainFailure(error, destination.host, NOT_STOPPED), null);
      },
    );
  };
}

/** Where an address leads. */
export function destinationOf({
  hostname,
  protocol,
  port,
}: Pick<buildConnector.Options, 'hostname' | 'protocol' | 'port'>): Destination {
  return {
    host: hostname.replaceAll(/^\[|\]$/g, ''),
    port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
  };
}

async function open(
  destination: Destination,
  secure: boolean,
  { rules, resolver, connectMs, ca }: ConnectorOptions,
): Promise<Socket> {
  const signal = AbortSignal.timeout(connectMs);
  const addresses = await checkedAddresses(destination, rules, resolver, signal);
  let failure: unknown;
  for (const address of addresses.slice(0, MAX_ADDRESSES)) {
    try {
      return await connectTo(address, destination, secure, ca, signal);
    } catch (error) {
      failure = error;
    }
    if (signal.aborted) throw tooSlow(destination.host, failure);
  }
  throw failure;
}

/** @throws OutgoingError `refused` where any of the addresses may not be called: honest names do not mix them */
async function checkedAddresses(
  destination: Destination,
  rules: AddressRules,
  resolver: HostResolver,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { host } = destination;
  const addresses = isIP(host) ? [host] : await withinTime(resolver.resolve(host), host, signal);
  if (addresses.length === 0) throw new OutgoingError('unreachable', `There is no host ${host}`);
  if (addresses.every((address) => rules.allows(address, destination))) return addresses;
  throw refused(host);
}

export function refused(host: string): OutgoingError {
  return new OutgoingError(
    'refused',
    `${host} has an address that is not public, which may be called only if DOCKMASTER_OUTGOING_ALLOW names it`,
  );
}

async function withinTime<T>(work: Promise<T>, host: string, signal: AbortSignal): Promise<T> {
  const done = new AbortController();
  const late = once(signal, 'abort', { signal: done.signal }).then(() => {
    throw tooSlow(host);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    done.abort();
    late.catch(() => undefined); // what it rejects with from now on is that nobody waits any more
  }
}

async function connectTo(
  address: string,
  { host, port }: Destination,
  secure: boolean,
  ca: string | undefined,
  signal: AbortSignal,
): Promise<Socket> {
  const socket = secure
    ? connectTls({
        host: address,
        port,
        ...(isIP(host) ? {} : { servername: host }),
        rejectUnauthorized: true,
        ALPNProtocols: ['http/1.1'],
        ...(ca === undefined ? {} : { ca: [...getCACertificates('default'), ca] }),
      })
    : connectTcp({ host: address, port });
  try {
    socket.setNoDelay(true);
    await once(socket, secure ? 'secureConnect' : 'connect', { signal });
    return socket;
  } catch (error) {
    socket.on('error', () => undefined); // it failed already, and may say so again
    socket.destroy();
    throw error;
  }
}

function tooSlow(host: string, cause?: unknown): OutgoingError {
  return new OutgoingError('timeout', `${host} took too long to connect to`, cause);
}
