import { statSync } from 'node:fs';
import { messageOf } from '../common/errors.js';
import { isLoopback } from './loopback.js';
import type { Settings } from './settings.js';

/** A setting, or a state of the machine, that is less safe than it could be. Shown in the log at start, and to admins. */
export interface SettingsWarning {
  /** The check that it comes from, for programs. */
  readonly name: string;
  /** What is unsafe and what to do about it. Holds no secret. */
  readonly message: string;
}

/** What the checks look at besides the settings. */
export interface Surroundings {
  /** The user id of the process; undefined where there is no such thing. */
  readonly userId: number | undefined;
  /** The permission bits of the data directory, or why they can't be read. */
  readonly dataDirMode: number | { readonly problem: string };
}

type Check = (settings: Settings, surroundings: Surroundings) => string | false;

/** Every check with its name. Each tells what is wrong, or `false`. docs/hardening.md lists them. */
export const SETTINGS_CHECKS = {
  listensWithoutTls: ({ listen, trustedProxies }) =>
    !isLoopback(listen.host) &&
    trustedProxies.length === 0 &&
    'It listens beyond this machine, without TLS and without a proxy: tokens and passwords can be read on the way. ' +
      'Put a proxy with TLS in front and set DOCKMASTER_TRUST_PROXY, or listen on 127.0.0.1.',
  answersToAnyHost: ({ listen, allowedHosts }) =>
    (allowedHosts.includes('*') || (allowedHosts.length === 0 && !isLoopback(listen.host))) &&
    'It answers to any host name, so a web page may reach it through a name of its own (DNS rebinding). Set ' +
      'DOCKMASTER_ALLOWED_HOSTS to the names that it is called by.',
  trustsEveryProxy: ({ trustedProxies }) =>
    trustedProxies.some((range) => range.endsWith('/0')) &&
    'DOCKMASTER_TRUST_PROXY trusts every address: any client may choose the address that throttling and the audit ' +
      'trail see. Name the addresses of the proxies.',
  allowsOriginWithoutTls: ({ allowedOrigins }) =>
    allowedOrigins.some(
      (origin) => new URL(origin).protocol === 'http:' && !isLoopback(new URL(origin).hostname),
    ) &&
    'DOCKMASTER_ALLOWED_ORIGINS has an origin without TLS: whoever is on the way to its users can act as it. ' +
      'Use https:// origins.',
  engineWithoutTls: ({ docker }) =>
    (/^http:/i.test(docker.host) || (/^tcp:/i.test(docker.host) && !docker.tlsVerify)) &&
    'DOCKER_HOST is reached without TLS: whoever can connect to it owns that machine, past Dockmaster. Set ' +
      'DOCKER_TLS_VERIFY and DOCKER_CERT_PATH, or use unix:// or ssh://.',
  databaseWithoutTls: ({ databaseUrl }) =>
    databaseUrl !== undefined &&
    isPlainAndRemote(databaseUrl) &&
    'DATABASE_URL is on another machine, without TLS. Add sslmode=verify-full.',
  secretKeyNotShared: ({ databaseUrl, secretKey }) =>
    databaseUrl !== undefined &&
    secretKey === undefined &&
    'DOCKMASTER_SECRET_KEY is not set, and replicas on one database need the same: set it, or DOCKMASTER_SECRET_KEY_FILE.',
  secretKeyGuessable: ({ secretKey }) =>
    secretKey !== undefined &&
    new Set(secretKey).size < 12 &&
    'DOCKMASTER_SECRET_KEY has few different characters and may be guessed. Make a random one: openssl rand -base64 32.',
  dataDirectoryOpen: ({ dataDir }, { dataDirMode }) =>
    typeof dataDirMode === 'number'
      ? (dataDirMode & 0o077) !== 0 &&
        `Other users of this machine can look into the data directory ${dataDir}. Run chmod 700 on it.`
      : `The permissions of the data directory ${dataDir} can't be read: ${dataDirMode.problem}`,
  runsAsRoot: (_settings, { userId }) =>
    userId === 0 &&
    'It runs as root. Run it as a user of its own that is in the group of the engine’s socket, and in no other.',
  auditKeptForEver: ({ auditRetentionDays }) =>
    auditRetentionDays === 0 &&
    'DOCKMASTER_AUDIT_RETENTION_DAYS is 0: the audit trail, which names people and addresses, is kept for ever and grows without end.',
  logsEverything: ({ logLevel }) =>
    (logLevel === 'debug' || logLevel === 'trace') &&
    'DOCKMASTER_LOG_LEVEL is for finding faults: addresses and names of objects end up in the log.',
  unknownVariables: ({ unknownVariables }) => unknownVariables.length > 0 && unknownVariables.join(' '),
} as const satisfies Record<string, Check>;

/** All that is unsafe, in the order of the table. */
export function unsafeSettings(
  settings: Settings,
  surroundings: Surroundings = lookAround(settings),
): SettingsWarning[] {
  return Object.entries<Check>(SETTINGS_CHECKS).flatMap(([name, check]) => {
    const message = check(settings, surroundings);
    return message === false ? [] : [{ name, message }];
  });
}

function lookAround({ dataDir }: Settings): Surroundings {
  return { userId: process.getuid?.(), dataDirMode: modeOf(dataDir) };
}

function modeOf(path: string): Surroundings['dataDirMode'] {
  try {
    return statSync(path).mode & 0o777;
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

function isPlainAndRemote(databaseUrl: string): boolean {
  if (!URL.canParse(databaseUrl)) return false;
  const { hostname, searchParams } = new URL(databaseUrl);
  const isSocket = hostname === '' || searchParams.has('host');
  const mode = searchParams.get('sslmode') ?? 'disable';
  return !isSocket && !isLoopback(hostname) && ['disable', 'allow', 'prefer'].includes(mode);
}
