import { describe, expect, it } from '@jest/globals';
import { normaliseCreate } from '../gate/policy/normalise-container.js';
import { type KnownContainer, replacementBody } from './replacement-body.js';

const ID = 'abcdef012345'.padEnd(64, '0');

type Parts = { config?: object; host?: object; mounts?: object[]; networks?: object };

function body(
  { config, host, mounts = [], networks = {} }: Parts,
  image: Record<string, unknown> = {},
  api = '1.47',
) {
  const container = {
    Id: ID,
    Config: { Hostname: ID.slice(0, 12), Image: 'app:v1', ...config },
    HostConfig: { NetworkMode: 'default', ...host },
    Mounts: mounts,
    NetworkSettings: { Networks: networks },
  } as unknown as KnownContainer;
  return replacementBody(container, image, 'app:v2', api);
}

const mount = (more: object) => ({
  Type: 'volume',
  Name: 'x'.repeat(64),
  Destination: '/data',
  RW: true,
  ...more,
});

describe('the configuration of what takes a container’s place', () => {
  it('has of its image what the container had of the one before', () => {
    const image = {
      Env: ['PATH=/bin', 'VERSION=1'],
      Labels: { version: '1', kept: 'image' },
      ExposedPorts: { '80/tcp': {} },
      Cmd: ['serve'],
      Entrypoint: ['/init'],
      WorkingDir: '/srv',
      User: 'app',
      Healthcheck: { Test: ['CMD', 'true'] },
    };
    const config = {
      ...image,
      Env: ['OWN=1', 'PATH=/bin', 'VERSION=1'],
      Labels: { version: '1', kept: 'own', own: 'yes' },
      ExposedPorts: { '80/tcp': {}, '81/tcp': {} },
    };
    const { body: made } = body({ config }, image);
    expect(made).toMatchObject({
      Image: 'app:v2',
      Env: ['OWN=1'],
      Labels: { kept: 'own', own: 'yes' },
      ExposedPorts: { '81/tcp': {} },
    });
    for (const field of ['Cmd', 'Entrypoint', 'WorkingDir', 'User', 'Healthcheck', 'Hostname'])
      expect(made).not.toHaveProperty(field);
  });

  it('keeps all where nothing is known of the image', () => {
    const config = { Env: ['A=1'], Cmd: ['serve'], User: 'app', Labels: { a: 'b' } };
    expect(body({ config }).body).toMatchObject(config);
  });

  it('keeps a command of its own, and with an entrypoint of its own also the same one', () => {
    const image = { Entrypoint: ['/init'], Cmd: ['serve'] };
    expect(body({ config: { Entrypoint: ['/init'], Cmd: ['other'] } }, image).body).toMatchObject({
      Cmd: ['other'],
    });
    expect(body({ config: { Entrypoint: ['/own'], Cmd: ['serve'] } }, image).body).toMatchObject({
      Entrypoint: ['/own'],
      Cmd: ['serve'],
    });
    expect(body({ config: { Entrypoint: null, Cmd: ['own'] } }, image).body).toMatchObject({
      Entrypoint: [''],
    });
  });

  it('keeps a host name that was chosen', () => {
    expect(body({ config: { Hostname: 'web' } }).body).toMatchObject({ Hostname: 'web' });
    expect(body({ config: { Hostname: 'web' }, host: { NetworkMode: 'host' } }).body).not.toHaveProperty(
      'Hostname',
    );
  });

  it('names the volumes that had no name, and leaves the others as they were', () => {
    const host = {
      Binds: ['named:/named', '/srv:/srv:ro'],
      Mounts: [
        { Type: 'volume', Target: '/asked' },
        { Type: 'tmpfs', Target: '/tmp' },
      ],
    };
    const mounts = [
      mount({ Name: 'named', Destination: '/named' }),
      mount({ Name: 'asked', Destination: '/asked' }),
      mount({ Name: 'image', Destination: '/image', RW: false }),
      { Type: 'bind', Source: '/srv', Destination: '/srv', RW: false },
    ];
    expect(body({ host, mounts }).body).toMatchObject({
      HostConfig: {
        Binds: host.Binds,
        Mounts: [
          { Type: 'volume', Target: '/asked', Source: 'asked' },
          { Type: 'tmpfs', Target: '/tmp' },
          { Type: 'volume', Source: 'image', Target: '/image', ReadOnly: true },
        ],
      },
    });
  });

  it('asks for addresses and aliases that were asked for, not for those that came by themselves', () => {
    const networks = {
      other: { NetworkID: 'o', IPAddress: '10.1.0.9', MacAddress: '02:00:00:00:00:01', Aliases: null },
      main: {
        NetworkID: 'm',
        IPAMConfig: { IPv4Address: '10.0.0.7' },
        IPAddress: '10.0.0.7',
        Aliases: ['db', ID.slice(0, 12)],
        GwPriority: 5,
      },
    };
    const parts = { host: { NetworkMode: 'main' }, networks };
    const main = { IPAMConfig: { IPv4Address: '10.0.0.7' }, Aliases: ['db'] };
    expect(body(parts)).toMatchObject({
      body: { NetworkingConfig: { EndpointsConfig: { main: { ...main, GwPriority: 5 }, other: {} } } },
      networks: [],
    });
    const old = body(parts, {}, '1.41');
    expect(old.body['NetworkingConfig']).toEqual({ EndpointsConfig: { main } });
    expect(old.networks).toEqual([{ name: 'other', endpoint: {} }]);
  });

  it.each(['host', 'none', 'container:other'])('joins nothing in the mode %s', (NetworkMode) => {
    const { body: made, networks } = body({ host: { NetworkMode }, networks: { [NetworkMode]: {} } });
    expect(made).not.toHaveProperty('NetworkingConfig');
    expect(networks).toEqual([]);
  });

  it('writes links as they are asked for', () => {
    const { body: made } = body({ host: { Links: ['/db:/web/database'] } });
    expect(made).toMatchObject({ HostConfig: { Links: ['db:database'] } });
  });

  it('is a body that the policy can read', () => {
    const host = {
      ContainerIDFile: '',
      ConsoleSize: [0, 0],
      MaskedPaths: ['/proc/asound'],
      LogConfig: { Type: 'json-file', Config: {} },
      KernelMemory: 0,
    };
    expect(() => normaliseCreate(body({ host, mounts: [mount({})] }).body)).not.toThrow();
  });
});
