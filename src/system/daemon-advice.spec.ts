import { describe, expect, it } from '@jest/globals';
import { DAEMON_CHECKS } from './daemon-advice.js';
import { toDaemonConfig } from './daemon-config.mapper.js';

/** An engine that there is nothing to say about. */
const SOUND = {
  Driver: 'overlay2',
  DriverStatus: [['Backing Filesystem', 'extfs']] as [string, string][],
  LoggingDriver: 'local',
  CgroupVersion: '2',
  CgroupDriver: 'systemd',
  OSType: 'linux',
  LiveRestoreEnabled: true,
  MemoryLimit: true,
  SwapLimit: true,
  PidsLimit: true,
  IPv4Forwarding: true,
  SecurityOptions: ['name=seccomp,profile=builtin', 'name=userns'],
  RegistryConfig: { InsecureRegistryCIDRs: ['127.0.0.0/8', '::1/128'], Mirrors: ['https://mirror.example'] },
};

const advice = (change: object) => toDaemonConfig({ ...SOUND, ...change }, []).advice.map(({ name }) => name);

describe('advice on the configuration of an engine', () => {
  it('is none where nothing is known to hurt', () => {
    expect(advice({})).toEqual([]);
  });

  const CASES: Record<string, object> = {
    insecureRegistries: { RegistryConfig: { IndexConfigs: { 'registry.example': { Secure: false } } } },
    storageDriverSlow: { Driver: 'vfs' },
    storageDriverDeprecated: { Driver: 'devicemapper' },
    storageOnLoopback: { DriverStatus: [['Data loop file', '/data']] },
    memoryLimitUnsupported: { MemoryLimit: false },
    noSeccomp: { SecurityOptions: ['name=userns'] },
    swapLimitUnsupported: { SwapLimit: false },
    pidsLimitUnsupported: { PidsLimit: false },
    cgroupV1: { CgroupVersion: '1' },
    jsonFileUnbounded: { LoggingDriver: 'json-file' },
    liveRestoreOff: { LiveRestoreEnabled: false },
    forwardingOff: { IPv4Forwarding: false },
    mirrorWithoutTls: { RegistryConfig: { Mirrors: ['http://mirror.example'] } },
    debugOn: { Debug: true },
    experimentalOn: { ExperimentalBuild: true },
    noUserNamespaces: { SecurityOptions: ['name=seccomp,profile=builtin'] },
  };

  it.each(Object.keys(DAEMON_CHECKS))('%s is found', (name) => {
    expect(CASES).toHaveProperty(name);
    expect(advice(CASES[name] ?? {})).toEqual([name]);
  });

  it('does not ask an engine in a swarm for what a swarm excludes', () => {
    expect(advice({ LiveRestoreEnabled: false, Swarm: { LocalNodeState: 'active' } })).toEqual([]);
  });

  it('puts the worst first', () => {
    expect(advice({ Debug: true, Driver: 'vfs', LiveRestoreEnabled: false })).toEqual([
      'storageDriverSlow',
      'liveRestoreOff',
      'debugOn',
    ]);
  });
});

describe('the configuration of an engine', () => {
  it('shows proxies without user and password', () => {
    const config = toDaemonConfig({ ...SOUND, HttpProxy: 'http://user:secret@proxy.example:3128' }, []);
    expect(config.httpProxy).toBe('http://proxy.example:3128');
  });
});
