import { describe, expect, it } from '@jest/globals';
import { type InspectedContainer, toContainer } from './container.mapper.js';

const NOW = Date.parse('2026-01-31T12:03:00Z');
const ID = 'f'.repeat(64);

const INSPECTED: InspectedContainer = {
  Id: ID,
  Name: '/web',
  Created: '2026-01-31T12:00:00Z',
  Path: 'nginx',
  Args: ['-g', 'daemon off;'],
  Image: 'sha256:abc',
  State: { Status: 'running', StartedAt: '2026-01-31T12:00:00Z', Health: { Status: 'healthy' } },
  Config: { Image: 'nginx:1.27', Labels: { team: 'web', constructor: 'yes' } },
  NetworkSettings: {
    Ports: {
      '9000/tcp': null,
      '80/tcp': [
        { HostIp: '::', HostPort: '8080' },
        { HostIp: '0.0.0.0', HostPort: '8080' },
      ],
    },
    Networks: {
      frontend: {
        NetworkID: 'n1',
        Gateway: '172.20.0.1',
        IPAddress: '172.20.0.2',
        GlobalIPv6Address: '',
        MacAddress: '02:42:ac:14:00:02',
        Aliases: ['www'],
      },
      backend: { NetworkID: '', Gateway: '', IPAddress: '', MacAddress: '', Aliases: null },
    },
  },
  Mounts: [
    {
      Type: 'volume',
      Name: 'data',
      Source: '/v/data/_data',
      Destination: '/data',
      Driver: 'local',
      Mode: 'z',
      RW: true,
      Propagation: '',
    },
    { Type: 'bind', Source: '/etc', Destination: '/host-etc', Mode: '', RW: false, Propagation: 'rprivate' },
  ],
};

describe('a container of a list', () => {
  it('has what the engine tells of it', () => {
    expect(toContainer('local', INSPECTED, NOW)).toEqual({
      engine: 'local',
      id: ID,
      name: 'web',
      image: 'nginx:1.27',
      imageId: 'sha256:abc',
      command: "nginx -g 'daemon off;'",
      labels: { team: 'web', constructor: 'yes' },
      state: 'running',
      status: 'Up 3 minutes (healthy)',
      health: 'healthy',
      createdAt: '2026-01-31T12:00:00Z',
      ports: [
        { containerPort: 80, protocol: 'tcp', hostIp: '0.0.0.0', hostPort: 8_080 },
        { containerPort: 80, protocol: 'tcp', hostIp: '::', hostPort: 8_080 },
        { containerPort: 9_000, protocol: 'tcp', hostIp: null, hostPort: null },
      ],
      mounts: [
        {
          type: 'volume',
          name: 'data',
          source: '/v/data/_data',
          target: '/data',
          driver: 'local',
          readOnly: false,
          mode: 'z',
          propagation: '',
        },
        {
          type: 'bind',
          name: null,
          source: '/etc',
          target: '/host-etc',
          driver: null,
          readOnly: true,
          mode: '',
          propagation: 'rprivate',
        },
      ],
      networks: [
        {
          name: 'backend',
          id: null,
          ipv4Address: null,
          ipv6Address: null,
          gateway: null,
          macAddress: null,
          aliases: [],
        },
        {
          name: 'frontend',
          id: 'n1',
          ipv4Address: '172.20.0.2',
          ipv6Address: null,
          gateway: '172.20.0.1',
          macAddress: '02:42:ac:14:00:02',
          aliases: ['www'],
        },
      ],
    });
  });

  it.each(Object.keys(INSPECTED))('is told of also where the engine says null for %s', (key) => {
    const { [key as keyof InspectedContainer]: _left, ...rest } = INSPECTED;
    expect(toContainer('local', { ...INSPECTED, [key]: null }, NOW)).toEqual(toContainer('local', rest, NOW));
  });

  it('is told of also where the engine says nothing', () => {
    expect(toContainer('local', {})).toEqual({
      engine: 'local',
      id: '',
      name: '',
      image: '',
      imageId: '',
      command: '',
      labels: {},
      state: 'created',
      status: 'Created',
      health: 'none',
      createdAt: '1970-01-01T00:00:00.000Z',
      ports: [],
      mounts: [],
      networks: [],
    });
  });
});
