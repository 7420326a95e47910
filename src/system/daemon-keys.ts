/** What a key of daemon.json holds. */
export type KeyType =
  | 'boolean'
  | 'integer'
  | 'string'
  | 'strings'
  | 'map of strings'
  | 'map of booleans'
  | 'map of maps'
  | 'map of objects'
  | 'object'
  | 'objects';

export interface DaemonKey {
  readonly type: KeyType;
  /** Whether a running engine takes it over on SIGHUP. */
  readonly applies: 'reload' | 'restart';
  readonly values?: readonly string[];
  /** The least that an integer may be. */
  readonly min?: number;
}

const reload = (type: KeyType, more: Partial<DaemonKey> = {}): DaemonKey => ({
  type,
  applies: 'reload',
  ...more,
});
const restart = (type: KeyType, more: Partial<DaemonKey> = {}): DaemonKey => ({
  type,
  applies: 'restart',
  ...more,
});

/** The keys of daemon.json (dockerd's reference, "Daemon configuration file"), on Linux. */
export const DAEMON_KEYS: Readonly<Record<string, DaemonKey>> = {
  'allow-direct-routing': restart('boolean'),
  'authorization-plugins': reload('strings'),
  bip: restart('string'),
  bip6: restart('string'),
  bridge: restart('string'),
  'bridge-accept-fwmark': restart('string'),
  builder: restart('object'),
  'cdi-spec-dirs': restart('strings'),
  'cgroup-parent': restart('string'),
  containerd: restart('string'),
  'containerd-namespace': restart('string'),
  'containerd-plugin-namespace': restart('string'),
  'cpu-rt-period': restart('integer', { min: 0 }),
  'cpu-rt-runtime': restart('integer', { min: 0 }),
  'data-root': restart('string'),
  debug: reload('boolean'),
  'default-address-pools': restart('objects'),
  'default-cgroupns-mode': restart('string', { values: ['host', 'private'] }),
  'default-gateway': restart('string'),
  'default-gateway-v6': restart('string'),
  'default-ipc-mode': restart('string', { values: ['private', 'shareable'] }),
  'default-network-opts': restart('map of maps'),
  'default-runtime': reload('string'),
  'default-shm-size': restart('string'),
  'default-ulimits': restart('map of objects'),
  dns: restart('strings'),
  'dns-opts': restart('strings'),
  'dns-search': restart('strings'),
  'exec-opts': restart('strings'),
  'exec-root': restart('string'),
  experimental: restart('boolean'),
  features: reload('map of booleans'),
  'firewall-backend': restart('string', { values: ['', 'iptables', 'nftables'] }),
  'fixed-cidr': restart('string'),
  'fixed-cidr-v6': restart('string'),
  group: restart('string'),
  'host-gateway-ip': restart('string'),
  'host-gateway-ips': restart('strings'),
  hosts: restart('strings'),
  'http-proxy': restart('string'),
  'https-proxy': restart('string'),
  icc: restart('boolean'),
  init: restart('boolean'),
  'init-path': restart('string'),
  'insecure-registries': reload('strings'),
  ip: restart('string'),
  'ip-forward': restart('boolean'),
  'ip-forward-no-drop': restart('boolean'),
  'ip-masq': restart('boolean'),
  ip6tables: restart('boolean'),
  iptables: restart('boolean'),
  ipv6: restart('boolean'),
  labels: reload('strings'),
  'live-restore': reload('boolean'),
  'log-driver': restart('string'),
  'log-format': restart('string', { values: ['text', 'json'] }),
  'log-level': restart('string', { values: ['debug', 'info', 'warn', 'error', 'fatal', 'panic', 'trace'] }),
  'log-opts': restart('map of strings'),
  'max-concurrent-downloads': reload('integer', { min: 0 }),
  'max-concurrent-uploads': reload('integer', { min: 0 }),
  'max-download-attempts': reload('integer', { min: 0 }),
  'metrics-addr': restart('string'),
  'min-api-version': restart('string'),
  mtu: restart('integer', { min: 0 }),
  'network-control-plane-mtu': restart('integer', { min: 500 }),
  'no-new-privileges': restart('boolean'),
  'no-proxy': restart('string'),
  'node-generic-resources': restart('strings'),
  'oom-score-adjust': restart('integer', { min: -1000 }),
  pidfile: restart('string'),
  proxies: restart('map of strings'),
  'raw-logs': restart('boolean'),
  'registry-mirrors': reload('strings'),
  rootless: restart('boolean'),
  runtimes: reload('map of objects'),
  'seccomp-profile': restart('string'),
  'selinux-enabled': restart('boolean'),
  'shutdown-timeout': reload('integer', { min: -1 }),
  'storage-driver': restart('string'),
  'storage-opts': restart('strings'),
  'swarm-default-advertise-addr': restart('string'),
  tls: restart('boolean'),
  tlscacert: restart('string'),
  tlscert: restart('string'),
  tlskey: restart('string'),
  tlsverify: restart('boolean'),
  'userland-proxy': restart('boolean'),
  'userland-proxy-path': restart('string'),
  'userns-remap': restart('string'),
};

/** Keys that were, and what became of them. Engines that do not know them any more refuse to start. */
export const REMOVED_KEYS: Readonly<Record<string, string>> = {
  graph: 'use data-root',
  'storage-drivers': 'use storage-driver',
  'cluster-store': 'external stores for overlay networks are gone: use swarm mode',
  'cluster-store-opts': 'external stores for overlay networks are gone: use swarm mode',
  'cluster-advertise': 'external stores for overlay networks are gone: use swarm mode',
  'disable-legacy-registry': 'registries of version 1 are gone',
  'deprecated-key-path': 'manifests of schema 1 are gone',
  'api-cors-header': 'put a proxy in front that adds the header',
  'oom-score-adj': 'the key is oom-score-adjust',
  'userland-proxy-binary': 'the key is userland-proxy-path',
  'allow-nondistributable-artifacts': 'such layers are always pushed',
};
