import { describe, expect, it } from '@jest/globals';
import { DomainError } from '../../common/errors.js';
import { referencesOf } from './container-spec.js';
import { execSpec, normaliseCreate, normaliseInspect, normaliseUpdate } from './normalise-container.js';

/** Of ContainerInspect's answer for an ordinary container on engine 20.10. */
const DOCUMENT = {
  Id: '555dd91593eadf12d558a845aa0e83651092394e04eed5d9591d1b3c7a675a18',
  AppArmorProfile: '',
  Config: { Image: 'busybox', User: '1000', Labels: {} },
  HostConfig: {
    Binds: ['data:/v'],
    VolumesFrom: ['other'],
    LogConfig: { Type: 'fluentd', Config: { 'fluentd-address': 'logs:24224' } },
    NetworkMode: 'my-net',
    CgroupnsMode: 'host',
    IpcMode: 'private',
    Tmpfs: { '/t': 'size=1m' },
    Runtime: 'runc',
    Devices: [],
    OomKillDisable: false,
    MaskedPaths: [
      '/proc/asound',
      '/proc/acpi',
      '/proc/kcore',
      '/proc/keys',
      '/proc/latency_stats',
      '/proc/timer_list',
      '/proc/timer_stats',
      '/proc/sched_debug',
      '/proc/scsi',
      '/sys/firmware',
    ],
    ReadonlyPaths: ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'],
  },
  Mounts: [
    {
      Type: 'volume',
      Name: 'data',
      Source: '/var/lib/docker/volumes/data/_data',
      Destination: '/v',
      Driver: 'local',
      RW: true,
    },
    { Type: 'bind', Source: '/etc', Destination: '/e', Mode: '', RW: false, Propagation: 'rprivate' },
  ],
  NetworkSettings: { Networks: { 'my-net': { NetworkID: '', DriverOpts: null } } },
};

describe('the spec of a create', () => {
  it('gathers the mounts of every field', () => {
    const spec = normaliseCreate({
      Volumes: { '/anonymous': {} },
      HostConfig: {
        Binds: ['/etc:/e:ro', 'data:/d'],
        Mounts: [{ Type: 'volume', Source: 'more', Target: '/m', ReadOnly: true }],
        Tmpfs: { '/t': 'ro,size=1m' },
      },
    });
    expect(spec.mounts.map(({ kind, source, target, readOnly }) => [kind, source, target, readOnly])).toEqual(
      [
        ['bind', '/etc:/e:ro', '', false],
        ['volume', 'data', '/d', false],
        ['volume', 'more', '/m', true],
        ['tmpfs', '', '/t', true],
        ['volume', '', '/anonymous', false],
      ],
    );
  });

  it('names every other object that it makes use of', () => {
    const spec = normaliseCreate({
      Image: 'alpine',
      HostConfig: {
        PidMode: 'container:a',
        NetworkMode: 'back',
        VolumesFrom: ['b:ro'],
        Links: ['/c:/web/c'],
        Binds: ['data:/d', 'data:/e', '/etc:/etc'],
        Mounts: [{ Type: 'image', Source: 'tools', Target: '/t' }],
      },
      NetworkingConfig: { EndpointsConfig: { front: { Links: ['d:x'] } } },
    });
    expect(referencesOf(spec)).toEqual({
      containers: ['a', 'b', 'c', 'd'],
      volumes: ['data'],
      networks: ['front', 'back'],
      images: ['alpine', 'tools'],
    });
  });

  it('refuses a body that it cannot read wholly', () => {
    for (const body of [
      null,
      'x',
      [],
      { HostConfig: 'x' },
      { HostConfig: { binds: [] } },
      { HostConfig: { Binds: '/:/x' } },
    ]) {
      expect(() => normaliseCreate(body)).toThrow(expect.objectContaining({ kind: 'invalid_input' }));
    }
  });
});

describe('the spec of an existing container', () => {
  const spec = normaliseInspect(DOCUMENT);

  it('has the mounts that the container has, inherited ones included', () => {
    expect(spec.mounts.map(({ kind, source, target }) => [kind, source, target])).toEqual([
      ['volume', 'data', '/v'],
      ['bind', '/etc', '/e'],
      ['tmpfs', '', '/t'],
    ]);
    expect(spec.volumesFrom).toEqual([]);
  });

  it('takes the engine’s own defaults back out', () => {
    expect(spec).toMatchObject({ maskedPaths: undefined, readonlyPaths: undefined, logDriver: undefined });
  });

  it('keeps paths that are not the engine’s defaults', () => {
    const unmasked = {
      ...DOCUMENT,
      HostConfig: { ...DOCUMENT.HostConfig, MaskedPaths: [], ReadonlyPaths: ['/proc/bus'] },
    };
    expect(normaliseInspect(unmasked)).toMatchObject({ maskedPaths: [], readonlyPaths: ['/proc/bus'] });
  });

  it.each([
    ['nothing', undefined],
    ['an empty document', {}],
    ['one without a host config', { ...DOCUMENT, HostConfig: null }],
    ['one without mounts', { ...DOCUMENT, Mounts: null }],
    ['one with a host config of another type', { ...DOCUMENT, HostConfig: { Privileged: 'no' } }],
  ])('is not made from %s, which would look harmless', (_, document) => {
    expect(() => normaliseInspect(document)).toThrow(expect.objectContaining({ kind: 'engine_error' }));
  });
});

describe('the spec of an update', () => {
  it('is the container with what the update adds', () => {
    const spec = normaliseUpdate(DOCUMENT, {
      Devices: [{ PathOnHost: '/dev/sda' }],
      CgroupParent: '/',
      OomKillDisable: true,
      RestartPolicy: { Name: 'always' },
      Memory: 1,
    });
    expect(spec).toMatchObject({
      devices: [{ field: 'HostConfig.Devices', value: '/dev/sda' }],
      cgroupParent: '/',
      oomKillDisable: true,
      user: '1000',
    });
  });

  it('leaves alone what the update leaves empty', () => {
    const document = {
      ...DOCUMENT,
      HostConfig: { ...DOCUMENT.HostConfig, CgroupParent: '/mine', OomKillDisable: true, Devices: [{}] },
    };
    const spec = normaliseUpdate(document, { CgroupParent: '', Devices: [], OomKillDisable: false });
    expect(spec).toMatchObject({ cgroupParent: '/mine', oomKillDisable: true, devices: [{ value: '' }] });
  });

  it('refuses fields that only a create has', () => {
    expect(() => normaliseUpdate(DOCUMENT, { Privileged: true })).toThrow(DomainError);
  });
});

describe('the spec of an exec', () => {
  const container = normaliseInspect(DOCUMENT);

  it('is the container’s, with the exec’s privileges and user', () => {
    expect(execSpec(container, { Cmd: ['sh'], Privileged: true, User: 'root' })).toEqual({
      ...container,
      privileged: true,
      user: 'root',
    });
  });

  it('has the container’s own privileges and user where the exec has none', () => {
    expect(execSpec(container, { Cmd: ['sh'], Privileged: false, User: '' })).toEqual(container);
    expect(execSpec({ ...container, privileged: true }, { Cmd: ['sh'] }).privileged).toBe(true);
  });

  it('refuses a body that it cannot read wholly', () => {
    for (const body of [undefined, { privileged: true }, { Privileged: 'true' }, { Cmd: 'sh' }]) {
      expect(() => execSpec(container, body)).toThrow(expect.objectContaining({ kind: 'invalid_input' }));
    }
  });
});
