import { describe, expect, it } from '@jest/globals';
import { validateDaemonConfig } from './daemon-config-validation.js';
import { DAEMON_KEYS, REMOVED_KEYS } from './daemon-keys.js';

const RUNNING = {
  DockerRootDir: '/var/lib/docker',
  Driver: 'overlay2',
  LoggingDriver: 'json-file',
  CgroupDriver: 'systemd',
  Runtimes: { runc: {} },
  SecurityOptions: ['name=seccomp'],
  Swarm: { LocalNodeState: 'inactive' },
};

const validate = (config: object, running: object = RUNNING) =>
  validateDaemonConfig(JSON.stringify(config), running);

const problems = (config: object, running: object = RUNNING) =>
  validate(config, running).findings.map(({ key, kind, severity }) => [key, kind, severity]);

describe('a proposed daemon.json', () => {
  it('is valid where there is nothing to say, with what reloads and what restarts', () => {
    expect(validate({ debug: true, 'live-restore': true, mtu: 1450, dns: ['192.0.2.53'] })).toEqual({
      valid: true,
      findings: [],
      reload: ['debug', 'live-restore'],
      restart: ['dns', 'mtu'],
    });
  });

  it.each([
    ['{', 'syntax'],
    ['[]', 'syntax'],
    ['null', 'syntax'],
  ])('must be a JSON object: %s', (text, kind) => {
    expect(validateDaemonConfig(text, RUNNING)).toMatchObject({ valid: false, findings: [{ kind }] });
  });

  it('names keys that stand there twice, at any depth', () => {
    const text =
      '{"debug": true, "log-opts": {"tag": "{", "tag": "b"}, "debug": false, "dns": [], "x:": "debug"}';
    expect(
      validateDaemonConfig(text, RUNNING)
        .findings.filter(({ kind }) => kind === 'duplicateKey')
        .map(({ key }) => key),
    ).toEqual(['log-opts.tag', 'debug']);
  });

  it.each(Object.entries(DAEMON_KEYS))('knows the type of %s', (key, { type }) => {
    const wrong = type === 'string' ? 5 : 'text';
    expect(problems({ [key]: wrong })).toEqual([[key, 'wrongType', 'error']]);
  });

  it.each(Object.keys(REMOVED_KEYS))('tells what became of %s', (key) => {
    expect(problems({ [key]: '' })).toEqual([[key, 'removedKey', 'error']]);
  });

  it('guesses what an unknown key was meant to be', () => {
    const [finding] = validate({ live_restore: true }).findings;
    expect(finding).toMatchObject({
      kind: 'unknownKey',
      message: expect.stringContaining('is it live-restore?'),
    });
    expect(problems({ constructor: {} })).toEqual([['constructor', 'unknownKey', 'error']]);
  });

  it.each<[object, string]>([
    [{ dns: ['resolver.example'] }, 'dns'],
    [{ 'registry-mirrors': ['mirror.example'] }, 'registry-mirrors'],
    [{ 'insecure-registries': ['http://registry.example'] }, 'insecure-registries'],
    [{ labels: ['a=1', 'a=2'] }, 'labels'],
    [{ hosts: ['0.0.0.0:2375'] }, 'hosts'],
    [{ bip: '172.17.0.1' }, 'bip'],
    [{ 'log-level': 'loud' }, 'log-level'],
    [{ 'max-concurrent-downloads': -1 }, 'max-concurrent-downloads'],
    [{ 'default-address-pools': [{ base: '10.0.0.0/16', size: 8 }] }, 'default-address-pools'],
    [{ 'data-root': 'relative' }, 'data-root'],
  ])('refuses a value that can not be meant: %j', (config, key) => {
    expect(problems(config)).toContainEqual([key, 'invalidValue', 'error']);
  });

  it.each<[object, string, 'error' | 'warning']>([
    [{ bridge: 'br0', bip: '172.17.0.1/16' }, 'bip', 'error'],
    [{ iptables: false, 'ip-masq': false, icc: false }, 'icc', 'error'],
    [{ tlsverify: true }, 'tlsverify', 'error'],
    [{ tlscert: '/cert.pem' }, 'tlskey', 'error'],
    [{ 'default-runtime': 'kata' }, 'default-runtime', 'error'],
    [{ runtimes: { runc: {} } }, 'runtimes', 'error'],
    [{ 'exec-opts': ['native.cgroupdriver=other'] }, 'exec-opts', 'error'],
    [{ proxies: { 'http-proxy': 'a' }, 'http-proxy': 'b' }, 'proxies.http-proxy', 'error'],
    [{ hosts: ['unix:///run/docker.sock'] }, 'hosts', 'warning'],
    [{ 'data-root': '/elsewhere' }, 'data-root', 'warning'],
    [{ 'storage-driver': 'btrfs' }, 'storage-driver', 'warning'],
    [{ 'userns-remap': 'default' }, 'userns-remap', 'warning'],
    [{ 'exec-opts': ['native.cgroupdriver=cgroupfs'] }, 'exec-opts', 'warning'],
    [{ 'log-driver': 'json-file' }, 'log-opts', 'warning'],
    [{ 'fixed-cidr-v6': 'fd00::/64' }, 'fixed-cidr-v6', 'warning'],
  ])('tells what does not go together: %j', (config, key, severity) => {
    expect(problems(config)).toEqual([[key, 'conflict', severity]]);
    expect(validate(config).valid).toBe(severity === 'warning');
  });

  it.each<[object, object]>([
    [{ 'default-runtime': 'kata', runtimes: { kata: { path: '/kata' } } }, RUNNING],
    [{ 'log-driver': 'json-file', 'log-opts': { 'max-size': '10m' } }, RUNNING],
    [{ 'data-root': '/var/lib/docker', 'storage-driver': 'overlay2' }, RUNNING],
    [{ 'userns-remap': 'default' }, { ...RUNNING, SecurityOptions: ['name=userns'] }],
    [{ 'live-restore': true }, RUNNING],
  ])('says nothing where it does: %j', (config, running) => {
    expect(problems(config, running)).toEqual([]);
  });

  it('knows that an engine in a swarm can not keep containers running', () => {
    const inSwarm = { ...RUNNING, Swarm: { LocalNodeState: 'active' } };
    expect(problems({ 'live-restore': true }, inSwarm)).toEqual([['live-restore', 'conflict', 'error']]);
  });

  it('warns of an engine that anybody can control', () => {
    const found = problems({ hosts: ['tcp://0.0.0.0:2375'] });
    expect(found).toContainEqual(['hosts', 'danger', 'warning']);
    expect(problems({ 'insecure-registries': ['0.0.0.0/0'] })).toEqual([
      ['insecure-registries', 'danger', 'warning'],
    ]);
  });
});
