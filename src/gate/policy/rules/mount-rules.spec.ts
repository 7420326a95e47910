import { describeRules, host, type Body } from './testing.js';
import { MOUNT_RULES } from './mount-rules.js';

const bind = (entry: string): Body => ({ HostConfig: { Binds: [entry] } });
const mount = (entry: Record<string, unknown>): Body => ({
  HostConfig: { Mounts: [{ Target: '/x', ...entry }] },
});
const volumeOf = (options: Record<string, string>, driver = 'local'): Body =>
  mount({ Type: 'volume', VolumeOptions: { DriverConfig: { Name: driver, Options: options } } });

describeRules(MOUNT_RULES, {
  hostPath: {
    passes: [
      bind('data:/x'),
      bind('data:/x:ro'),
      bind('new-volume:/x:rw,z,nocopy'),
      bind('/anonymous'),
      bind('memory:/x'),
      bind('limited:/x'),
      { Volumes: { '/data': {}, '/more': null } },
      mount({ Type: 'volume', Source: 'data' }),
      mount({ Type: 'volume' }),
      mount({ Type: 'tmpfs' }),
      volumeOf({}),
      volumeOf({ size: '10g' }),
      volumeOf({ type: 'tmpfs', device: 'tmpfs', o: 'size=1m' }),
    ],
    refuses: [
      ...[
        '/:/host',
        '/var/run/docker.sock:/var/run/docker.sock',
        '/var/run:/r:ro',
        '/proc/1/root:/x',
        '/etc:/x:ro,rshared',
        '//etc:/x',
        './x:/x',
        '../x:/x',
        '~/x:/x',
        '.:/x',
        'C:\\:/x',
        'c:\\windows:d:',
        '\\etc:/x',
        '\\\\.\\pipe\\docker_engine:/x',
        ' /etc:/x',
        'data/../../etc:/x',
        '/etc:/x:ro:z',
        ':/x',
        '',
        'relative',
        'etc:/x',
        'disguised:/x',
        'disk:/x',
        'nfs:/x',
      ].map(bind),
      { Volumes: { '/:/host': {} } },
      { Volumes: { '/etc:/x:ro': {} } },
      { Volumes: { 'etc:/x': {} } },
      mount({ Type: 'bind', Source: '/' }),
      mount({ Type: 'bind', Source: '' }),
      mount({ Type: 'bind', Source: '/etc', BindOptions: { Propagation: 'rshared' } }),
      mount({ Type: 'npipe', Source: '\\\\.\\pipe\\docker_engine' }),
      mount({ Type: 'volume', Source: 'etc' }),
      volumeOf({ type: 'none', o: 'bind', device: '/' }),
      volumeOf({ type: 'none', o: 'bind', device: '/' }, ''),
      volumeOf({ o: 'rbind', device: '/' }),
      volumeOf({ device: '/dev/sda1', type: 'ext4' }),
      volumeOf({ type: 'nfs', o: 'addr=10.0.0.1', device: ':/' }),
      volumeOf({ type: 'overlay', device: 'overlay', o: 'lowerdir=/,upperdir=/u,workdir=/w' }),
      volumeOf({ type: 'tmpfs', device: '/', o: 'bind' }),
      volumeOf({ type: 'tmpfs', device: 'tmpfs', o: 'size=1m,bind' }),
      volumeOf({ type: 'tmpfs', device: '/etc' }),
      volumeOf({ o: '' }),
      volumeOf({ Type: 'none' }),
    ],
  },
  volumeDrivers: {
    passes: [host({ VolumeDriver: 'local' }), volumeOf({}, 'local'), bind('data:/x')],
    refuses: [
      { HostConfig: { VolumeDriver: 'sshfs', Binds: ['new-volume:/x'] } },
      { HostConfig: { VolumeDriver: 'sshfs' }, Volumes: { '/x': {} } },
      volumeOf({}, 'sshfs'),
      volumeOf({}, 'Local'),
      bind('plugin:/x'),
      mount({ Type: 'volume', Source: 'plugin' }),
    ],
  },
  volumesFrom: {
    passes: [host({ VolumesFrom: ['mine', 'mine:ro'] })],
    refuses: ['other', 'other:ro', '', ':ro', 'Mine'].map((name) => host({ VolumesFrom: ['mine', name] })),
  },
  mountTypes: {
    passes: [mount({ Type: 'volume' }), mount({ Type: 'tmpfs' }), mount({ Type: 'image', Source: 'alpine' })],
    refuses: ['cluster', 'Bind', 'BIND', '', 'nfs', null].map((Type) => mount({ Type, Source: '/etc' })),
  },
  volumeTypes: {
    passes: [mount({ Type: 'volume' }), mount({ Type: 'tmpfs' })],
    refuses: [mount({ Type: 'image', Source: 'alpine' }), mount({ Type: 'cluster', Source: 'a' })],
  },
  mountOptions: {
    passes: [
      mount({
        Type: 'volume',
        Source: 'data',
        VolumeOptions: { NoCopy: true, Subpath: 'a/b..c' },
        BindOptions: null,
      }),
      mount({
        Type: 'tmpfs',
        TmpfsOptions: { SizeBytes: 1, Mode: 511, Options: [['exec'], ['uid', '1000']] },
      }),
      host({ Tmpfs: { '/run': 'rw,noexec,nosuid,size=65536k,mode=1777', '/tmp': '', '/x': 'exec' } }),
    ],
    refuses: [
      mount({ Type: 'volume', Source: 'data', BindOptions: { Propagation: 'rshared' } }),
      mount({ Type: 'volume', Source: 'data', BindOptions: {} }),
      mount({ Type: 'volume', Source: '/etc' }),
      mount({ Type: 'volume', Source: '../etc' }),
      mount({ Type: 'tmpfs', Source: '/etc' }),
      mount({ Type: 'tmpfs', VolumeOptions: { DriverConfig: { Options: { o: 'bind', device: '/' } } } }),
      ...['/etc', '../other', 'a/../..', '..', 'a\\..\\..'].map((Subpath) =>
        mount({ Type: 'volume', Source: 'data', VolumeOptions: { Subpath } }),
      ),
      ...[[['suid']], [['dev']], [['bind']], [['size', '1m,suid']], [['exec', 'x']], [[]]].map((Options) =>
        mount({ Type: 'tmpfs', TmpfsOptions: { Options } }),
      ),
      ...['suid', 'dev', 'bind', 'rshared', 'rw,remount', 'size=1m,mpol=bind', 'EXEC', 'exec '].map(
        (options) => host({ Tmpfs: { '/x': options } }),
      ),
      bind('data:/x:rw,shared'),
      bind('data:/x:rslave'),
      bind('data:/x:exec'),
      bind('data:/x:RO'),
    ],
  },
});
