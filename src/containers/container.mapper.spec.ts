import { describe, expect, it } from '@jest/globals';
import { type ListedContainer, toContainer } from './container.mapper.js';

const ID = 'f'.repeat(64);

const LISTED: ListedContainer = {
  Id: ID,
  Names: ['/proxy/web', '/web'],
  Image: 'nginx:1.27',
  ImageID: 'sha256:abc',
  Command: "nginx -g 'daemon off;'",
  Created: 1_769_860_800,
  Ports: [
    { PrivatePort: 9_000, Type: 'tcp' },
    { IP: '::', PrivatePort: 80, PublicPort: 8_080, Type: 'tcp' },
    { IP: '0.0.0.0', PrivatePort: 80, PublicPort: 8_080, Type: 'tcp' },
  ],
  Labels: { team: 'web', constructor: 'yes' },
  State: 'running',
  Status: 'Up 3 minutes (healthy)',
  HostConfig: { NetworkMode: 'frontend' },
  NetworkSettings: {
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
    expect(toContainer('local', LISTED)).toEqual({
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
      createdAt: '2026-01-31T12:00:00.000Z',
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

  it('has the health of its own field where the engine sends one, from API 1.52', () => {
    const status = 'Up 3 minutes';
    expect(toContainer('local', { ...LISTED, Status: status, Health: { Status: 'starting' } }).health).toBe(
      'starting',
    );
    expect(toContainer('local', { ...LISTED, Status: status, Health: null }).health).toBe('none');
  });

  it.each(Object.keys(LISTED))('is told of also where the engine says null for %s', (key) => {
    const { [key as keyof ListedContainer]: _left, ...rest } = LISTED;
    expect(toContainer('local', { ...LISTED, [key]: null })).toEqual(toContainer('local', rest));
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
      status: '',
      health: 'none',
      createdAt: '1970-01-01T00:00:00.000Z',
      ports: [],
      mounts: [],
      networks: [],
    });
  });

  it('has the only name there is, also one that a link gave it', () => {
    expect(toContainer('local', { Names: ['/proxy/web'] }).name).toBe('proxy/web');
  });
});
