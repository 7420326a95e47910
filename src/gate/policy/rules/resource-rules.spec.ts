import { describeRules, host } from './testing.js';
import { RESOURCE_RULES } from './resource-rules.js';

describeRules(RESOURCE_RULES, {
  devices: {
    passes: [host({ Devices: [], DeviceCgroupRules: null, DeviceRequests: [], BlkioWeight: 300 })],
    refuses: [
      host({ Devices: [{ PathOnHost: '/dev/sda', PathInContainer: '/dev/x', CgroupPermissions: 'r' }] }),
      host({ Devices: [{}] }),
      host({ DeviceCgroupRules: ['a *:* rwm'] }),
      host({ DeviceRequests: [{ Driver: 'nvidia', Count: -1 }] }),
      host({ DeviceRequests: [{ Capabilities: [['gpu']] }] }),
      host({ BlkioDeviceReadBps: [{ Path: '/root/.ssh/id_rsa', Rate: 1 }] }),
      host({ BlkioWeightDevice: [{ Path: '/dev/sda', Weight: 1 }] }),
    ],
  },
  oomScore: {
    passes: [host({ OomScoreAdj: 500, OomKillDisable: false }), host({ OomScoreAdj: 0 })],
    refuses: [host({ OomScoreAdj: -1 }), host({ OomScoreAdj: -1000 }), host({ OomKillDisable: true })],
  },
  realtime: {
    passes: [host({ CpuRealtimeRuntime: 0, Ulimits: [{ Name: 'nofile', Soft: 1, Hard: -1 }] })],
    refuses: [
      host({ CpuRealtimeRuntime: 950000 }),
      host({ CpuRealtimePeriod: 1 }),
      ...['rtprio', 'nice', 'NOFILE', ''].map((Name) => host({ Ulimits: [{ Name, Soft: 99, Hard: 99 }] })),
    ],
  },
  storageOptions: {
    passes: [host({ StorageOpt: { size: '10G' } })],
    refuses: [host({ StorageOpt: { 'dm.thinpooldev': '/dev/x' } }), host({ StorageOpt: { Size: '1G' } })],
  },
  logDriver: {
    passes: [
      host({ LogConfig: { Type: '', Config: {} } }),
      host({ LogConfig: { Type: 'json-file', Config: { 'max-size': '1m', labels: 'a' } } }),
      host({ LogConfig: { Type: 'journald', Config: { tag: 'web' } } }),
      host({ LogConfig: { Type: 'none' } }),
      host({ LogConfig: { Type: 'local', Config: { compress: 'true' } } }),
      host({ LogConfig: { Config: { 'max-size': '1m' } } }),
    ],
    refuses: [
      ...[
        'syslog',
        'gelf',
        'fluentd',
        'awslogs',
        'splunk',
        'etwlogs',
        'gcplogs',
        'my/plugin',
        'Json-File',
        '__proto__',
        'constructor',
      ].map((Type) => host({ LogConfig: { Type } })),
      host({ LogConfig: { Type: '', Config: { 'syslog-address': 'unix:///var/run/docker.sock' } } }),
      host({ LogConfig: { Type: 'json-file', Config: { 'gelf-address': 'udp://10.0.0.1' } } }),
      host({ LogConfig: { Type: 'journald', Config: { env: 'PRIORITY' } } }),
    ],
  },
});
