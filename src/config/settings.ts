import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { DomainError, messageOf } from '../common/errors.js';
import { type OutgoingAllow, parseOutgoingAllow } from './outgoing-allow.js';
import { type OidcSettings, readOidcSettings, type SettingsSource } from './oidc-settings.js';
import { readTlsListenSettings, type TlsListenSettings } from './tls-listen-settings.js';
import { unknownVariables } from './unknown-variables.js';

/** Every setting of the program. Read once at start from the environment, never changed after. */
export class Settings {
  /** Where the HTTP server listens. `DOCKMASTER_LISTEN`. */
  readonly listen!: { readonly host: string; readonly port: number };
  /** Folder for the SQLite file, keys and the first password. `DOCKMASTER_DATA_DIR`. */
  readonly dataDir!: string;
  /** Folder of the scoped sockets. `DOCKMASTER_SOCKET_DIR`. */
  readonly socketDir!: string;
  /** Undefined where nobody comes in by a client certificate. `DOCKMASTER_TLS_…`. */
  readonly tlsListen!: TlsListenSettings | undefined;
  /** Folder that schedules and hooks write backups of volumes to. `DOCKMASTER_BACKUP_DIR`. */
  readonly backupDir!: string;
  /** `postgres://…`; undefined means the SQLite file in the data directory. `DATABASE_URL`. */
  readonly databaseUrl!: string | undefined;
  /** The engine named `local`. `DOCKER_HOST`, `DOCKER_TLS_VERIFY`, `DOCKER_CERT_PATH`. */
  readonly docker!: {
    readonly host: string;
    readonly tlsVerify: boolean;
    readonly certPath: string | undefined;
  };
  /** Password of the first admin; undefined means a random one is written to the data directory. */
  readonly adminPassword!: string | undefined;
  /** Key that stored credentials are encrypted with; undefined means one kept in the data directory. */
  readonly secretKey!: string | undefined;
  /** Undefined where nobody signs in by OpenID Connect. `DOCKMASTER_OIDC_…`. */
  readonly oidc!: OidcSettings | undefined;
  /** Least severe level that is logged. `DOCKMASTER_LOG_LEVEL`. */
  readonly logLevel!: LogLevel;
  /** Proxies in front whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed. `DOCKMASTER_TRUST_PROXY`: addresses or CIDR ranges. */
  readonly trustedProxies!: readonly string[];
  /** Origins that browsers may call from, besides our own. `DOCKMASTER_ALLOWED_ORIGINS`. */
  readonly allowedOrigins!: readonly string[];
  /** Names by which clients may call us, besides IP addresses and `localhost`; see http/host-check.ts. `DOCKMASTER_ALLOWED_HOSTS`. */
  readonly allowedHosts!: readonly string[];
  /** What outgoing requests may reach besides public addresses; see outgoing/address-rules.ts. `DOCKMASTER_OUTGOING_ALLOW`. */
  readonly outgoingAllow!: readonly OutgoingAllow[];
  /** How long a webhook's receiver may take to answer, in milliseconds. `DOCKMASTER_WEBHOOK_TIMEOUT_MS`. */
  readonly webhookTimeoutMs!: number;
  /** How long audit records are kept, in days; 0 means for ever. `DOCKMASTER_AUDIT_RETENTION_DAYS`. */
  readonly auditRetentionDays!: number;
  /** Largest JSON body that is read, in bytes. `DOCKMASTER_MAX_BODY_BYTES`. */
  readonly maxBodyBytes!: number;
  /** Streams that one actor may have open on engines at the same time, by all doors. `DOCKMASTER_DOOR_STREAMS_PER_ACTOR`. */
  readonly doorStreamsPerActor!: number;
  /** How long a stop waits for requests in flight, in milliseconds. `DOCKMASTER_SHUTDOWN_TIMEOUT_MS`. */
  readonly shutdownTimeoutMs!: number;
  /** What is wrong with variables that look like settings and are none, in words. */
  readonly unknownVariables!: readonly string[];
}

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
type Environment = Readonly<Record<string, string | undefined>>;

/** What other rooms know to be wrong with a value, for `readSettings` to tell of with all the others. */
export interface ValueCheck {
  /** The setting. */
  readonly field: string;
  /** @throws DomainError `invalid_input` */
  readonly check: (settings: Pick<Settings, 'docker' | 'adminPassword'>) => void;
}

/**
 * Reads the settings from `environment`. Secrets may be given as `NAME_FILE`, the path of a file that holds the value.
 * @throws DomainError `invalid_input` that lists every problem, not just the first.
 */
export function readSettings(
  environment: Environment = process.env,
  checks: readonly ValueCheck[] = [],
): Settings {
  const reader = new SettingsReader(environment);
  const settings = readAll(reader);
  for (const { field, check } of checks) reader.check(field, () => check(settings));
  reader.finish();
  return Object.assign(new Settings(), settings, {
    unknownVariables: unknownVariables(environment, reader.names),
  });
}

/** The names of all settings. */
export function settingNames(): ReadonlySet<string> {
  const reader = new SettingsReader({});
  readAll(reader);
  return reader.names;
}

function readAll(reader: SettingsReader): Omit<Settings, 'unknownVariables'> {
  const dataDir = reader.read('DOCKMASTER_DATA_DIR', './data', (text) => resolve(text));
  return {
    listen: reader.read('DOCKMASTER_LISTEN', '127.0.0.1:8080', parseListen),
    dataDir,
    socketDir: reader.read('DOCKMASTER_SOCKET_DIR', join(dataDir, 'sockets'), (text) => resolve(text)),
    tlsListen: readTlsListenSettings(reader, parseListen),
    backupDir: reader.read('DOCKMASTER_BACKUP_DIR', join(dataDir, 'backups'), (text) => resolve(text)),
    databaseUrl: reader.optional('DATABASE_URL', parseDatabaseUrl, { secret: true }),
    docker: {
      host: reader.read('DOCKER_HOST', 'unix:///var/run/docker.sock', (text) => text),
      tlsVerify: reader.read('DOCKER_TLS_VERIFY', '', (text) => text !== '' && text !== '0'),
      certPath: reader.optional('DOCKER_CERT_PATH', (text) => resolve(text)),
    },
    adminPassword: reader.optional('DOCKMASTER_ADMIN_PASSWORD', (text) => text, { secret: true }),
    secretKey: reader.optional('DOCKMASTER_SECRET_KEY', parseSecretKey, { secret: true }),
    oidc: readOidcSettings(reader),
    logLevel: reader.read('DOCKMASTER_LOG_LEVEL', 'info', parseLogLevel),
    trustedProxies: reader.read('DOCKMASTER_TRUST_PROXY', '', (text) => parseList(text).map(parseProxy)),
    allowedOrigins: reader.read('DOCKMASTER_ALLOWED_ORIGINS', '', (text) => parseList(text).map(parseOrigin)),
    allowedHosts: reader.read('DOCKMASTER_ALLOWED_HOSTS', '', (text) => parseList(text).map(parseHost)),
    outgoingAllow: reader.read('DOCKMASTER_OUTGOING_ALLOW', '', (text) =>
      parseList(text).map(parseOutgoingAllow),
    ),
    webhookTimeoutMs: reader.read('DOCKMASTER_WEBHOOK_TIMEOUT_MS', '10000', (text) =>
      parseWhole(text, 500, 30_000),
    ),
    auditRetentionDays: reader.read('DOCKMASTER_AUDIT_RETENTION_DAYS', '365', (text) =>
      parseWhole(text, 0, 36_500),
    ),
    maxBodyBytes: reader.read('DOCKMASTER_MAX_BODY_BYTES', '1048576', (text) =>
      parseWhole(text, 1024, 64 * 1024 * 1024),
    ),
    doorStreamsPerActor: reader.read('DOCKMASTER_DOOR_STREAMS_PER_ACTOR', '256', (text) =>
      parseWhole(text, 1, 10_000),
    ),
    shutdownTimeoutMs: reader.read('DOCKMASTER_SHUTDOWN_TIMEOUT_MS', '10000', (text) =>
      parseWhole(text, 0, 300_000),
    ),
  };
}

class SettingsReader implements SettingsSource {
  /** Those that were read so far. */
  readonly names = new Set<string>();
  private readonly problems: { field: string; message: string }[] = [];

  constructor(private readonly environment: Environment) {}

  read<T>(name: string, byDefault: string, parse: (text: string) => T): T {
    const text = this.textOf(name);
    return this.parse(name, text === undefined || text === '' ? byDefault : text, parse) as T;
  }

  optional<T>(name: string, parse: (text: string) => T, { secret = false } = {}): T | undefined {
    const text = secret ? this.secretText(name) : this.textOf(name);
    return text === undefined || text === '' ? undefined : this.parse(name, text, parse);
  }

  /** Notes what is wrong with a setting, to be told with all the others. */
  problem(field: string, message: string): void {
    this.problems.push({ field, message });
  }

  check(field: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      this.problem(field, error.errors[0]?.message ?? error.message);
    }
  }

  finish(): void {
    if (this.problems.length === 0) return;
    const list = this.problems.map(({ field, message }) => `  ${field} ${message}`).join('\n');
    throw new DomainError('invalid_input', `The settings are not valid:\n${list}`, { errors: this.problems });
  }

  private parse<T>(name: string, text: string, parse: (text: string) => T): T | undefined {
    try {
      return parse(text);
    } catch (error) {
      this.problems.push({ field: name, message: messageOf(error) });
      return undefined;
    }
  }

  private textOf(name: string): string | undefined {
    this.names.add(name);
    return this.environment[name];
  }

  private secretText(name: string): string | undefined {
    const text = this.textOf(name);
    const path = this.textOf(`${name}_FILE`);
    if (path === undefined || path === '') return text;
    if (text) {
      this.problems.push({ field: name, message: `is given twice: as ${name} and as ${name}_FILE` });
      return undefined;
    }
    return this.parse(`${name}_FILE`, path, (file) => readFileSync(file, 'utf8').replace(/\r?\n$/, ''));
  }
}

function parseListen(text: string): { host: string; port: number } {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s/]*)):(\d{1,5})$/.exec(text);
  if (!match) throw new Error('must be HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080');
  return { host: match[1] ?? (match[2] || '0.0.0.0'), port: parseWhole(match[3] ?? '', 0, 65_535) };
}

function parseDatabaseUrl(text: string): string {
  if (!/^postgres(ql)?:\/\//.test(text))
    throw new Error('must be a postgres:// address, or unset for the SQLite file');
  return text;
}

function parseSecretKey(text: string): string {
  if (text.length < 32) throw new Error('must be at least 32 characters long');
  return text;
}

function parseLogLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find((known) => known === text);
  if (!level) throw new Error(`must be one of: ${LOG_LEVELS.join(', ')}`);
  return level;
}

function parseList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function parseOrigin(text: string): string {
  if (!URL.canParse(text) || new URL(text).origin !== text) {
    throw new Error(`must be a list of origins such as https://ui.example.com, without a path: ${text}`);
  }
  return text;
}

function parseHost(text: string): string {
  const host = text.toLowerCase();
  if (host === '*' || /^[a-z0-9]([a-z0-9._-]{0,251}[a-z0-9])?$/.test(host)) return host;
  throw new Error(`must be a list of host names such as dock.example.com, without a port, or *: ${text}`);
}

/** Names that Fastify knows ranges by. */
const RANGES: ReadonlySet<string> = new Set(['loopback', 'linklocal', 'uniquelocal']);

function parseProxy(text: string): string {
  const [address = '', prefix, ...rest] = text.split('/');
  const bits = isIP(address) === 6 ? 128 : 32;
  const wholePrefix = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
  if (RANGES.has(text) || (isIP(address) !== 0 && wholePrefix && rest.length === 0)) return text;
  throw new Error(`must be a list of addresses or ranges such as 10.0.0.7 or 10.0.0.0/8: ${text}`);
}

function parseWhole(text: string, min: number, max: number): number {
  const value = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) throw new Error(`must be a whole number from ${min} to ${max}`);
  return value;
}
