import { describeRules, host, type Body } from './testing.js';
import { ISOLATION_RULES } from './isolation-rules.js';

const endpoint = (name: string, config: unknown = null): Body => ({
  NetworkingConfig: { EndpointsConfig: { [name]: config } },
});

describeRules(ISOLATION_RULES, {
  hostNamespaces: {
    passes: [
      host({
        PidMode: '',
        IpcMode: 'private',
        UTSMode: '',
        UsernsMode: '',
        CgroupnsMode: 'private',
        NetworkMode: 'default',
      }),
      ...['none', 'shareable', 'container:mine'].map((IpcMode) => host({ IpcMode })),
      ...['none', 'bridge', 'my-net_1.x', 'container:mine', 'hostel'].map((NetworkMode) =>
        host({ NetworkMode }),
      ),
      host({ PidMode: 'container:mine' }),
      endpoint('default'),
      endpoint('my-net', { Aliases: ['web'] }),
    ],
    refuses: [
      ...['PidMode', 'IpcMode', 'UTSMode', 'NetworkMode', 'UsernsMode', 'CgroupnsMode'].flatMap((field) =>
        [
          'host',
          'HOST',
          'Host',
          'host ',
          ' host',
          'ho\u017ft',
          'host\u0000',
          'ns:/proc/1/ns/net',
          'path:/proc/1',
          'container:',
          'container:other',
        ].map((mode) => host({ [field]: mode })),
      ),
      ...['Container:mine', 'container:mine ', 'container:../mine', 'container: mine'].map((PidMode) =>
        host({ PidMode }),
      ),
      host({ UTSMode: 'container:mine' }),
      host({ UsernsMode: 'container:mine' }),
      host({ CgroupnsMode: 'container:mine' }),
      host({ PidMode: 'private' }),
      host({ NetworkMode: '025df3efe08e' }),
      endpoint('host'),
      endpoint('Host'),
      endpoint('025df3efe08e'),
      endpoint('ns:/proc/1/ns/net'),
    ],
  },
  links: {
    passes: [host({ Links: ['mine:db', '/mine:/web/db'] })],
    refuses: [host({ Links: ['other:db'] }), host({ Links: [''] }), endpoint('n', { Links: ['other:db'] })],
  },
  endpointOptions: {
    passes: [endpoint('n', { DriverOpts: { 'com.docker.network.endpoint.ifname': 'eth7' } })],
    refuses: [
      endpoint('n', {
        DriverOpts: { 'com.docker.network.endpoint.sysctls': 'net.ipv4.conf.IFNAME.forwarding=1' },
      }),
      endpoint('n', { DriverOpts: { parent: 'eth0' } }),
    ],
  },
  runtime: {
    passes: ['', 'runc', 'io.containerd.runc.v2', 'runsc'].map((Runtime) => host({ Runtime })),
    refuses: ['nvidia', 'RUNC', '/usr/bin/evil', 'io.containerd.kata.v2', 'runc '].map((Runtime) =>
      host({ Runtime }),
    ),
  },
  isolation: {
    passes: ['', 'default', 'hyperv'].map((Isolation) => host({ Isolation })),
    refuses: ['process', 'Process', 'host'].map((Isolation) => host({ Isolation })),
  },
  cgroupParent: {
    passes: [host({ CgroupParent: '', Cgroup: '' })],
    refuses: [
      host({ CgroupParent: '/' }),
      host({ CgroupParent: 'system.slice' }),
      host({ Cgroup: 'container:mine' }),
    ],
  },
  annotations: {
    passes: [host({ Annotations: {} })],
    refuses: [host({ Annotations: { 'org.systemd.property.DeviceAllow': "[('/dev/sda', 'rwm')]" } })],
  },
});
