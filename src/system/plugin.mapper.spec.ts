import { describe, expect, it } from '@jest/globals';
import { acceptedPrivileges, toPlugin } from './plugin.mapper.js';

const DOCUMENT = {
  Id: 'abc',
  Name: 'example/volume:latest',
  Enabled: true,
  PluginReference: 'registry.example/volume:latest',
  Settings: { Env: ['PASSWORD=secret=1'], Args: ['--token=secret'] },
  Config: {
    Description: 'volumes',
    Interface: { Types: [{ Prefix: 'docker', Capability: 'volumedriver', Version: '1.0' }] },
    Network: { Type: 'host' },
    Linux: { Capabilities: ['CAP_SYS_ADMIN'], AllowAllDevices: false },
    Env: [{ Name: 'PASSWORD', Description: 'of the share', Settable: ['value'], Value: '' }],
    Mounts: [{ Source: '/var/lib', Settable: null }],
    IpcHost: false,
    PidHost: true,
  },
};

describe('a plugin', () => {
  it('is shown with what it may do on the host', () => {
    expect(toPlugin(DOCUMENT, true)).toMatchObject({
      id: 'abc',
      enabled: true,
      interfaces: ['docker.volumedriver/1.0'],
      environment: [{ name: 'PASSWORD', value: 'secret=1', settable: true }],
      args: ['--token=secret'],
      privileges: [
        { name: 'network', value: ['host'] },
        { name: 'host pid namespace', value: ['true'] },
        { name: 'mount', value: ['/var/lib'] },
        { name: 'capabilities', value: ['CAP_SYS_ADMIN'] },
      ],
    });
  });

  it('is shown without values to who may not read them', () => {
    const shown = toPlugin(DOCUMENT, false);
    expect(shown).toMatchObject({ environment: [{ name: 'PASSWORD', value: null }], args: [] });
    expect(JSON.stringify(shown)).not.toContain('secret');
  });

  it('may be told of in part only', () => {
    expect(toPlugin({}, true)).toMatchObject({ id: '', interfaces: [], environment: [], privileges: [] });
  });
});

describe('the privileges of a plugin', () => {
  const asked = [
    { name: 'network', description: 'the network', value: ['host'] },
    { name: 'capabilities', description: 'the kernel', value: ['CAP_A', 'CAP_B'] },
  ];

  it('are sent on where all were accepted, in whatever order', () => {
    const accepted = [
      { name: 'capabilities', value: ['CAP_B', 'CAP_A'] },
      { name: 'network', value: ['host'] },
    ];
    expect(acceptedPrivileges(asked, accepted)).toEqual([
      { Name: 'network', Description: 'the network', Value: ['host'] },
      { Name: 'capabilities', Description: 'the kernel', Value: ['CAP_A', 'CAP_B'] },
    ]);
  });

  it('that were not accepted, or with other values, keep it from being installed', () => {
    const accepted = [
      { name: 'network', value: ['host'] },
      { name: 'capabilities', value: ['CAP_A'] },
    ];
    expect(() => acceptedPrivileges(asked, accepted)).toThrow(
      expect.objectContaining({
        kind: 'conflict',
        errors: [{ field: 'privileges', message: 'must have capabilities: CAP_A, CAP_B' }],
      }),
    );
  });

  it('that it does not ask for are not granted', () => {
    const accepted = [...asked, { name: 'mount', value: ['/'] }];
    expect(acceptedPrivileges(asked, accepted)).toHaveLength(2);
  });
});
