import { isIP, isIPv4 } from 'node:net';
import type { Loose } from '../containers/engine-document.js';
import { messageOf } from '../common/errors.js';
import { DAEMON_KEYS, type DaemonKey, type KeyType, REMOVED_KEYS } from './daemon-keys.js';
import type { DaemonConfigFinding, DaemonConfigValidation } from './daemon-config.model.js';
import { duplicateKeys } from './json-keys.js';
import type { InfoDocument } from './system.mapper.js';

type Config = Readonly<Record<string, unknown>>;
type Running = Loose<InfoDocument>;

/** @param running what the engine tells of itself now */
export function validateDaemonConfig(text: string, running: Running): DaemonConfigValidation {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch (error) {
    return done([finding('', 'syntax', 'error', `It is not JSON: ${messageOf(error)}`)], {});
  }
  if (typeof config !== 'object' || config === null || Array.isArray(config))
    return done([finding('', 'syntax', 'error', 'It must be an object')], {});
  const given = config as Config;
  const findings = [
    ...duplicateKeys(text).map((key) =>
      finding(key, 'duplicateKey', 'error', 'It stands there twice; the engine takes one of them'),
    ),
    ...Object.entries(given).flatMap(([key, value]) => keyFindings(key, value)),
  ];
  // What is of a wrong type makes no sense to compare.
  const wrong = new Set(
    findings.filter(({ kind }) => kind === 'wrongType').map(({ key }) => key.split('.', 1)[0]),
  );
  const sound = Object.fromEntries(Object.entries(given).filter(([key]) => !wrong.has(key)));
  findings.push(...CONFLICTS.flatMap((check) => check(sound, running)));
  return done(findings, given);
}

function done(findings: DaemonConfigFinding[], config: Config): DaemonConfigValidation {
  const keys = Object.keys(config).filter((key) => Object.hasOwn(DAEMON_KEYS, key));
  const applying = (when: DaemonKey['applies']) =>
    keys.filter((key) => DAEMON_KEYS[key]?.applies === when).sort();
  return {
    valid: findings.every(({ severity }) => severity !== 'error'),
    findings,
    reload: applying('reload'),
    restart: applying('restart'),
  };
}

function keyFindings(key: string, value: unknown): DaemonConfigFinding[] {
  if (Object.hasOwn(REMOVED_KEYS, key))
    return [finding(key, 'removedKey', 'error', `It was removed: ${REMOVED_KEYS[key] ?? ''}`)];
  const known = Object.hasOwn(DAEMON_KEYS, key) ? DAEMON_KEYS[key] : undefined;
  if (!known) return [finding(key, 'unknownKey', 'error', unknownKey(key))];
  const problem = TYPES[known.type](value);
  if (problem !== undefined) {
    const at = problem.at === undefined ? key : `${key}.${problem.at}`;
    return [finding(at, 'wrongType', 'error', `It must be ${problem.expected}`)];
  }
  if (known.values && !known.values.includes(value as string))
    return [
      finding(key, 'invalidValue', 'error', `It must be one of: ${known.values.filter(Boolean).join(', ')}`),
    ];
  if (known.min !== undefined && (value as number) < known.min)
    return [finding(key, 'invalidValue', 'error', `It must be at least ${known.min}`)];
  return (VALUES[key] ?? (() => []))(value as never).map((message) =>
    finding(key, 'invalidValue', 'error', message),
  );
}

function unknownKey(key: string): string {
  const near = Object.keys(DAEMON_KEYS).find(
    (known) => known.replaceAll(/[-_]/g, '') === key.toLowerCase().replaceAll(/[-_]/g, ''),
  );
  return `The engine does not know it, and does not start with it${near === undefined ? '' : `: is it ${near}?`}`;
}

interface TypeProblem {
  readonly at?: string;
  readonly expected: string;
}

type TypeCheck = (value: unknown) => TypeProblem | undefined;

const isObject = (value: unknown): value is Config =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const simple =
  (expected: string, is: (value: unknown) => boolean): TypeCheck =>
  (value) =>
    is(value) ? undefined : { expected };

const listOf =
  (what: string, each: TypeCheck): TypeCheck =>
  (value) => {
    if (!Array.isArray(value)) return { expected: `a list of ${what}` };
    const items: readonly unknown[] = value;
    const at = items.findIndex((item) => each(item) !== undefined);
    return at < 0 ? undefined : { at: String(at), expected: each(items[at])?.expected ?? what };
  };

const mapOf =
  (what: string, each: TypeCheck): TypeCheck =>
  (value) => {
    if (!isObject(value)) return { expected: `an object of ${what}` };
    const wrong = Object.entries(value).find(([, item]) => each(item) !== undefined);
    return wrong && { at: wrong[0], expected: each(wrong[1])?.expected ?? what };
  };

const TEXT = simple('text', (value) => typeof value === 'string');
const BOOLEAN = simple('true or false', (value) => typeof value === 'boolean');
const OBJECT = simple('an object', isObject);

const TYPES: Readonly<Record<KeyType, TypeCheck>> = {
  boolean: BOOLEAN,
  integer: simple('a whole number', (value) => Number.isSafeInteger(value)),
  string: TEXT,
  strings: listOf('texts', TEXT),
  'map of strings': mapOf('texts', TEXT),
  'map of booleans': mapOf('booleans', BOOLEAN),
  'map of maps': mapOf('objects of texts', mapOf('texts', TEXT)),
  'map of objects': mapOf('objects', OBJECT),
  object: OBJECT,
  objects: listOf('objects', OBJECT),
};

const CIDR = (text: string) => {
  const [address = '', prefix = ''] = text.split('/');
  return isIP(address) !== 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= (isIPv4(address) ? 32 : 128);
};

const unless = (ok: boolean, message: string): string[] => (ok ? [] : [message]);

const everyText = (list: readonly string[], is: (text: string) => boolean, rule: string): string[] =>
  list.filter((text) => !is(text)).map((text) => `"${text}" must be ${rule}`);

const isHttpUrl = (text: string) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

/** What values must look like beyond their type. */
const VALUES: Readonly<Record<string, (value: never) => string[]>> = {
  dns: (list: readonly string[]) => everyText(list, (text) => isIP(text) !== 0, 'an IP address'),
  'registry-mirrors': (list: readonly string[]) =>
    everyText(list, isHttpUrl, 'an address with http:// or https://'),
  'insecure-registries': (list: readonly string[]) =>
    everyText(
      list,
      (text) => CIDR(text) || /^[\w.-]+(:\d{1,5})?$|^\[[\da-f:]+\](:\d{1,5})?$/i.test(text),
      'a host, with a port at most, or a range of addresses',
    ),
  labels: (list: readonly string[]) => [
    ...everyText(list, (text) => /^[^=]+=/.test(text), 'key=value'),
    ...unless(
      new Set(list.map((text) => text.split('=', 1)[0])).size === list.length,
      'a key of a label may stand there once only',
    ),
  ],
  hosts: (list: readonly string[]) =>
    everyText(list, (text) => /^(unix|tcp|fd|npipe):\/\//.test(text), 'unix://, tcp:// or fd://'),
  bip: (text: string) =>
    unless(CIDR(text), 'It must be an address with the length of its prefix: 172.17.0.1/16'),
  bip6: (text: string) =>
    unless(CIDR(text), 'It must be an address with the length of its prefix: fd00::1/64'),
  'fixed-cidr': (text: string) => unless(CIDR(text), 'It must be a range of addresses: 172.17.1.0/24'),
  'fixed-cidr-v6': (text: string) => unless(CIDR(text), 'It must be a range of addresses: fd00::/64'),
  ip: (text: string) => unless(isIP(text) !== 0, 'It must be an IP address'),
  'default-gateway': (text: string) => unless(isIP(text) !== 0, 'It must be an IP address'),
  'default-gateway-v6': (text: string) => unless(isIP(text) !== 0, 'It must be an IP address'),
  'data-root': (text: string) => unless(text.startsWith('/'), 'It must be an absolute path'),
  'default-shm-size': (text: string) =>
    unless(/^\d+(\.\d+)?\s*[bkmgt]?b?$/i.test(text), 'It must be a size: 64M'),
  'oom-score-adjust': (value: number) => unless(value <= 1000, 'It must be at most 1000'),
  'userns-remap': (text: string) =>
    unless(/^[\w.-]*(:[\w.-]+)?$/.test(text), 'It must be a user, or user:group, or default'),
  'default-address-pools': (pools: readonly Config[]) =>
    pools.flatMap(({ base, size }) => [
      ...unless(typeof base === 'string' && CIDR(base), 'base must be a range of addresses: 10.10.0.0/16'),
      ...unless(Number.isSafeInteger(size), 'size must be the length of a prefix: 24'),
      ...unless(
        typeof base !== 'string' || typeof size !== 'number' || Number(base.split('/')[1]) <= size,
        'size must not be less than the prefix of base',
      ),
    ]),
};

type Check = (config: Config, running: Running) => DaemonConfigFinding[];

const conflict = (key: string, message: string) => finding(key, 'conflict', 'error', message);
const caution = (key: string, message: string) => finding(key, 'conflict', 'warning', message);
const when = (holds: boolean, ...findings: DaemonConfigFinding[]) => (holds ? findings : []);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const listIn = (value: unknown): readonly string[] => (Array.isArray(value) ? (value as string[]) : []);

/** What does not go together, within the file and with the engine as it runs. */
const CONFLICTS: readonly Check[] = [
  (config) =>
    when(
      textOf(config['bridge']) !== '' && config['bridge'] !== 'none' && 'bip' in config,
      conflict('bip', 'bridge and bip exclude each other'),
    ),
  (config) =>
    when(
      config['iptables'] === false && config['icc'] === false,
      conflict('icc', 'icc: false needs iptables'),
    ),
  (config) =>
    when(
      config['iptables'] === false && config['ip-masq'] !== false,
      caution(
        'iptables',
        'Without iptables containers are not masqueraded, and published ports work through the proxy only',
      ),
    ),
  (config) =>
    when(
      config['tlsverify'] === true && !('tlscacert' in config),
      conflict('tlsverify', 'tlsverify needs tlscacert, and tlscert with tlskey'),
    ),
  (config) =>
    when(
      'tlscert' in config !== 'tlskey' in config,
      conflict('tlscert' in config ? 'tlskey' : 'tlscert', 'tlscert and tlskey need each other'),
    ),
  (config) =>
    when(
      listIn(config['hosts']).some((host) => host.startsWith('tcp://')) && config['tlsverify'] !== true,
      finding(
        'hosts',
        'danger',
        'warning',
        'It listens by TCP without asking clients for certificates: whoever can connect owns the machine. Set tlsverify',
      ),
    ),
  (config) =>
    when(
      'hosts' in config,
      caution(
        'hosts',
        'An engine that is started with --host (-H), as packages for systemd do, does not start with hosts in the file: take one away',
      ),
    ),
  (config, running) =>
    when(
      config['live-restore'] === true && isInSwarm(running),
      conflict('live-restore', 'An engine that is in a swarm cannot keep containers running by live-restore'),
    ),
  (config, running) =>
    when(
      'data-root' in config && differs(config['data-root'], running.DockerRootDir),
      caution(
        'data-root',
        `The engine keeps its data in ${running.DockerRootDir ?? ''}: what is there, containers, images and volumes, is not seen from another folder`,
      ),
    ),
  (config, running) =>
    when(
      'storage-driver' in config && differs(config['storage-driver'], running.Driver),
      caution(
        'storage-driver',
        `The engine uses ${running.Driver ?? ''}: its images and containers are not seen by another driver`,
      ),
    ),
  (config, running) =>
    when(
      textOf(config['userns-remap']) !== '' &&
        !(running.SecurityOptions ?? []).some((option) => option.includes('userns')),
      caution(
        'userns-remap',
        'The engine runs without it now: it keeps the data of remapped users apart, so what there is now is not seen',
      ),
    ),
  (config, running) => {
    const name = textOf(config['default-runtime']);
    const known = ['runc', 'io.containerd.runc.v2', ...Object.keys(running.Runtimes ?? {})];
    const own = isObject(config['runtimes']) ? Object.keys(config['runtimes']) : [];
    return when(
      name !== '' && !known.includes(name) && !own.includes(name),
      conflict('default-runtime', `There is no runtime ${name}: define it in runtimes`),
    );
  },
  (config) =>
    when(
      isObject(config['runtimes']) && 'runc' in config['runtimes'],
      conflict('runtimes', 'The name runc is taken by the runtime that is built in'),
    ),
  (config, running) =>
    listIn(config['exec-opts']).flatMap((option) => {
      const [, driver] = /^native\.cgroupdriver=(.*)$/.exec(option) ?? [];
      if (driver === undefined) return [];
      if (driver !== 'cgroupfs' && driver !== 'systemd')
        return [conflict('exec-opts', 'native.cgroupdriver must be cgroupfs or systemd')];
      return when(
        differs(driver, running.CgroupDriver),
        caution(
          'exec-opts',
          `The engine uses the cgroup driver ${running.CgroupDriver ?? ''}: running containers have to be created anew`,
        ),
      );
    }),
  (config) =>
    when(
      'fixed-cidr-v6' in config && config['ipv6'] !== true,
      caution('fixed-cidr-v6', 'It has no effect without ipv6: true'),
    ),
  (config, running) => {
    const log = textOf(config['log-driver']) || (running.LoggingDriver ?? '');
    const options = isObject(config['log-opts']) ? config['log-opts'] : {};
    return when(
      log === 'json-file' && 'log-driver' in config && !('max-size' in options),
      caution(
        'log-opts',
        'json-file without max-size fills the disk: set log-opts {"max-size": "10m", "max-file": "3"}',
      ),
    );
  },
  (config) => {
    const twice = ['http-proxy', 'https-proxy', 'no-proxy'].filter(
      (key) => key in config && isObject(config['proxies']) && key in config['proxies'],
    );
    return twice.map((key) => conflict(`proxies.${key}`, `${key} stands in proxies and beside it`));
  },
  (config) =>
    when(
      listIn(config['insecure-registries']).some((range) => /\/0$/.test(range)),
      finding(
        'insecure-registries',
        'danger',
        'warning',
        'It trusts every address as a registry without TLS',
      ),
    ),
];

const isInSwarm = ({ Swarm }: Running) => !['', 'inactive'].includes(Swarm?.LocalNodeState ?? '');

const differs = (wanted: unknown, now: string | null | undefined) =>
  typeof wanted === 'string' && now !== undefined && now !== null && now !== '' && wanted !== now;

function finding(
  key: string,
  kind: DaemonConfigFinding['kind'],
  severity: DaemonConfigFinding['severity'],
  message: string,
): DaemonConfigFinding {
  return { key, kind, severity, message };
}
