import { describe, expect, it } from '@jest/globals';
import { toContainerDetails } from './container-details.mapper.js';
import type { InspectedContainer } from './container.mapper.js';

const NOW = Date.UTC(2026, 0, 31, 12, 0, 0);
const FRESH = { syncedAt: '2026-01-31T11:59:59.000Z', stale: false, staleSeconds: null };
const ID = 'f'.repeat(64);

const INSPECTED: InspectedContainer = {
  Id: ID,
  Created: '2026-01-31T11:00:00.123456789Z',
  Path: '/docker-entrypoint.sh',
  Args: ['nginx', '-g', 'daemon off;'],
  State: {
    Status: 'exited',
    Running: false,
    OOMKilled: true,
    Pid: 0,
    ExitCode: 137,
    Error: 'out of luck',
    StartedAt: '2026-01-31T11:00:01.5Z',
    FinishedAt: '2026-01-31T11:59:00Z',
  },
  Image: 'sha256:abc',
  Name: '/web',
  RestartCount: 3,
  Platform: 'linux',
  Mounts: [{ Type: 'tmpfs', Source: '', Destination: '/tmp', Mode: '', RW: true, Propagation: '' }],
  Config: {
    Hostname: 'web-host',
    User: '1000',
    Tty: true,
    OpenStdin: true,
    Env: ['A=1'],
    Cmd: ['nginx', '-g', 'daemon off;'],
    Image: 'nginx:1.27',
    WorkingDir: '/srv',
    Entrypoint: ['/docker-entrypoint.sh'],
    Labels: { team: 'web' },
  },
  HostConfig: {
    LogConfig: { Type: 'json-file', Config: {} },
    NetworkMode: 'frontend',
    AutoRemove: true,
    Privileged: true,
    RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 5 },
    Memory: 1_024,
    MemorySwap: -1,
    NanoCpus: 0,
    PidsLimit: null,
    CpusetCpus: '0-1',
  },
  NetworkSettings: {
    Ports: {
      '80/tcp': [
        { HostIp: '::', HostPort: '8080' },
        { HostIp: '0.0.0.0', HostPort: '8080' },
      ],
      '53/udp': null,
    },
    Networks: { frontend: { NetworkID: 'n1', IPAddress: '172.20.0.2' } },
  },
};

describe('a container that was inspected', () => {
  it('has what the engine tells of it', () => {
    expect(toContainerDetails('local', INSPECTED, FRESH, NOW)).toEqual({
      ...FRESH,
      engine: 'local',
      id: ID,
      name: 'web',
      image: 'nginx:1.27',
      imageId: 'sha256:abc',
      command: "/docker-entrypoint.sh nginx -g 'daemon off;'",
      labels: { team: 'web' },
      state: 'exited',
      status: 'Exited (137) About a minute ago',
      health: 'none',
      createdAt: '2026-01-31T11:00:00.123456789Z',
      ports: [
        { containerPort: 80, protocol: 'tcp', hostIp: '0.0.0.0', hostPort: 8_080 },
        { containerPort: 80, protocol: 'tcp', hostIp: '::', hostPort: 8_080 },
        { containerPort: 53, protocol: 'udp', hostIp: null, hostPort: null },
      ],
      mounts: [
        {
          type: 'tmpfs',
          name: null,
          source: '',
          target: '/tmp',
          driver: null,
          readOnly: false,
          mode: '',
          propagation: '',
        },
      ],
      networks: [
        {
          name: 'frontend',
          id: 'n1',
          ipv4Address: '172.20.0.2',
          ipv6Address: null,
          gateway: null,
          macAddress: null,
          aliases: [],
        },
      ],
      startedAt: '2026-01-31T11:00:01.5Z',
      finishedAt: '2026-01-31T11:59:00Z',
      exitCode: 137,
      error: 'out of luck',
      oomKilled: true,
      restartCount: 3,
      pid: null,
      entrypoint: ['/docker-entrypoint.sh'],
      arguments: ['nginx', '-g', 'daemon off;'],
      env: ['A=1'],
      workingDir: '/srv',
      user: '1000',
      hostname: 'web-host',
      tty: true,
      openStdin: true,
      platform: 'linux',
      logDriver: 'json-file',
      autoRemove: true,
      privileged: true,
      networkMode: 'frontend',
      restartPolicy: { name: 'on-failure', maximumRetryCount: 5 },
      resources: {
        memory: 1_024,
        memorySwap: -1,
        memoryReservation: null,
        nanoCpus: null,
        cpuShares: null,
        cpuPeriod: null,
        cpuQuota: null,
        cpusetCpus: '0-1',
        cpusetMems: null,
        pidsLimit: null,
        blkioWeight: null,
      },
      warnings: [],
      raw: INSPECTED,
    });
  });

  it('has a process id and no exit code while it runs', () => {
    const state = {
      Status: 'running',
      Running: true,
      Pid: 42,
      ExitCode: 0,
      StartedAt: '2026-01-31T11:57:00Z',
      Health: { Status: 'healthy' },
    };
    expect(toContainerDetails('local', { ...INSPECTED, State: state }, FRESH, NOW)).toMatchObject({
      state: 'running',
      status: 'Up 3 minutes (healthy)',
      health: 'healthy',
      pid: 42,
      exitCode: null,
      finishedAt: null,
      error: null,
    });
  });

  it('has no environment where the gate took it out', () => {
    const hidden = { ...INSPECTED, Config: { ...INSPECTED.Config, Env: null } };
    expect(toContainerDetails('local', hidden, FRESH, NOW).env).toBeNull();
  });

  it('has an entrypoint in one piece as the only word', () => {
    const config = { ...INSPECTED, Config: { Entrypoint: '/entry.sh', Cmd: null } };
    expect(toContainerDetails('local', config, FRESH, NOW)).toMatchObject({
      entrypoint: ['/entry.sh'],
      arguments: [],
    });
  });

  it.each(Object.keys(INSPECTED))('is told of also where the engine says null for %s', (key) => {
    const { [key as keyof InspectedContainer]: _left, ...rest } = INSPECTED;
    const { raw: _raw, ...details } = toContainerDetails('local', { ...INSPECTED, [key]: null }, FRESH, NOW);
    expect(toContainerDetails('local', rest, FRESH, NOW)).toMatchObject(details);
  });

  it('is told of also where the engine says nothing', () => {
    expect(toContainerDetails('local', {}, FRESH, NOW)).toMatchObject({
      id: '',
      command: '',
      state: 'created',
      status: 'Created',
      createdAt: '1970-01-01T00:00:00.000Z',
      ports: [],
      env: null,
      exitCode: null,
      restartPolicy: { name: 'no', maximumRetryCount: 0 },
    });
  });
});
