import { isIPv6 } from 'node:net';
import { DomainError } from '../common/errors.js';

/** How an engine is reached. */
export type EngineAddress = UnixAddress | TcpAddress | SshAddress;

export interface UnixAddress {
  readonly transport: 'unix';
  /** Absolute path of the engine's socket. */
  readonly path: string;
}

export interface TcpAddress {
  readonly transport: 'tcp';
  /** Name or IP address; an IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

export interface SshAddress {
  readonly transport: 'ssh';
  readonly user: string | undefined;
  readonly host: string;
  /** Undefined leaves it to the OpenSSH client's configuration. */
  readonly port: number | undefined;
  /** The engine's socket on the far side; undefined means where the far side's docker client finds it. */
  readonly socketPath: string | undefined;
}

const PLAIN_PORT = 2375;
const TLS_PORT = 2376;
const FORMS = 'unix:///path, tcp://host:port, http(s)://host:port or ssh://[user@]host[:port][/path]';

// What passes these cannot be an option of ssh (no leading "-"), nor mean anything to a shell on the far side.
const HOST_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?\.?$/;
const USER_NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;
const REMOTE_PATH = /^(?:\/[A-Za-z0-9._-]+)+$/;

/**
 * Reads an engine's address as `DOCKER_HOST` has it.
 *
 * @param options.tls whether `tcp://` means TLS, as `DOCKER_TLS_VERIFY` says
 * @throws DomainError `invalid_input` for any other form. The address is not repeated: it may hold a password by mistake.
 */
export function parseEngineAddress(text: string, options: { tls?: boolean } = {}): EngineAddress {
  const tls = options.tls ?? false;
  const [, scheme, rest] = /^([a-z]+):\/\/(.*)$/s.exec(text) ?? [];
  switch (scheme) {
    case 'unix':
      return unixAddress(rest ?? '');
    case 'tcp':
      return tcpAddress(text, tls);
    case 'http':
      if (tls) throw invalid('is http:// but TLS is asked for: use tcp:// or https://');
      return tcpAddress(text, false);
    case 'https':
      return tcpAddress(text, true);
    case 'ssh':
      return sshAddress(text);
    default:
      throw invalid(`must be ${FORMS}`);
  }
}

function unixAddress(path: string): UnixAddress {
  if (!path.startsWith('/')) throw invalid('must name the socket by an absolute path: unix:///path');
  if (path.includes('\0')) throw invalid('must not hold a NUL character');
  return { transport: 'unix', path };
}

function tcpAddress(text: string, tls: boolean): TcpAddress {
  const url = parseUrl(text);
  if (url.username !== '' || url.password !== '') throw invalid('must not hold a user or password');
  if (url.pathname !== '' && url.pathname !== '/') throw invalid('must not hold a path');
  return { transport: 'tcp', host: hostOf(url), port: portOf(url) ?? (tls ? TLS_PORT : PLAIN_PORT), tls };
}

function sshAddress(text: string): SshAddress {
  const url = parseUrl(text);
  if (url.password !== '') throw invalid('must not hold a password: ssh uses keys or an agent');
  if (url.username !== '' && !USER_NAME.test(url.username)) throw invalid('holds a user name that is none');
  const path = url.pathname === '/' ? '' : url.pathname;
  if (path !== '' && !REMOTE_PATH.test(path)) {
    throw invalid(
      'holds a remote socket path with characters other than letters, digits, ".", "_", "-" and "/"',
    );
  }
  return {
    transport: 'ssh',
    user: url.username === '' ? undefined : url.username,
    host: hostOf(url),
    port: portOf(url),
    socketPath: path === '' ? undefined : path,
  };
}

/** An authority is read alike for all schemes, so it is parsed under one that has no default port and no special rules. */
function parseUrl(text: string): URL {
  if (/[\s\\%]/.test(text)) throw invalid('must not hold spaces, "\\" or "%"');
  let url: URL;
  try {
    url = new URL(text.replace(/^[a-z]+:/, 'engine:'));
  } catch (error) {
    throw invalid(`must be ${FORMS}`, error);
  }
  if (url.search !== '' || url.hash !== '') throw invalid('must not hold a query or fragment');
  return url;
}

function hostOf(url: URL): string {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (!isIPv6(host) && !HOST_NAME.test(host))
    throw invalid('holds a host that is neither a name nor an IP address');
  return host;
}

function portOf(url: URL): number | undefined {
  if (url.port === '') return undefined;
  const port = Number(url.port);
  if (port === 0) throw invalid('must have a port from 1 to 65535');
  return port;
}

function invalid(problem: string, cause?: unknown): DomainError {
  return new DomainError('invalid_input', `The engine's address ${problem}.`, {
    errors: [{ field: 'address', message: problem }],
    cause,
  });
}
