/*
 * The closed lists of the rules. Source, where not said otherwise: Kubernetes Pod Security Standards; what differs
 * for Docker says why.
 */

/**
 * Capabilities that baseline may add. The standards' list and NET_RAW, which every Docker container has by default:
 * to refuse it here would only stop those who drop everything and add it back.
 */
export const BASELINE_CAPABILITIES = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'NET_RAW',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
];

export const RESTRICTED_CAPABILITIES = ['NET_BIND_SERVICE'];

/** Sysctls that are namespaced and harm no other container. */
export const SAFE_SYSCTLS = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.tcp_wmem',
];

export const SELINUX_TYPES = ['container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'];

/** The engine's own profile; `builtin` is its name since 23.0. */
export const SECCOMP_PROFILES = ['', 'builtin'];

/**
 * The engine's own profile. The standards also let pass any profile that the host has loaded; distributions load
 * profiles that confine nothing, so here only Docker's.
 */
export const APPARMOR_PROFILES = ['', 'docker-default'];

export const RUNTIMES = ['', 'runc', 'io.containerd.runc.v2'];

/** Windows: process isolation shares the host's kernel more closely than what the engine chooses by default. */
export const ISOLATIONS = ['', 'default', 'hyperv'];

/**
 * Log drivers that write to the engine's own files or journal, and their options that name neither an address nor a
 * path. journald's `labels` and `env` name fields of the host's journal, so they are left out.
 */
export const LOG_DRIVERS: Readonly<Record<string, readonly string[]>> = {
  none: [],
  journald: ['mode', 'max-buffer-size', 'tag'],
  local: ['mode', 'max-buffer-size', 'max-size', 'max-file', 'compress'],
  'json-file': [
    'mode',
    'max-buffer-size',
    'max-size',
    'max-file',
    'compress',
    'labels',
    'labels-regex',
    'env',
    'env-regex',
    'tag',
  ],
};

/** Without `nice`, `rtprio` and `rttime`, which let a process take the processor from the host's own. */
export const ULIMITS = [
  'core',
  'cpu',
  'data',
  'fsize',
  'locks',
  'memlock',
  'msgqueue',
  'nofile',
  'nproc',
  'rss',
  'sigpending',
  'stack',
];

export const STORAGE_OPTIONS = ['size'];

export const ENDPOINT_DRIVER_OPTIONS = ['com.docker.network.endpoint.ifname'];

/** tmpfs options that a container may choose: without `suid`, `dev` and everything that is not about a tmpfs. */
export const TMPFS_OPTION =
  /^(?:ro|rw|exec|noexec|nosuid|nodev|a?sync|atime|noatime|diratime|nodiratime|relatime|norelatime|strictatime|size=\d+[kmgKMG%]?|nr_(?:inodes|blocks)=\d+[kmgKMG]?|mode=[0-7]{1,4}|[ug]id=\d+)$/;

/** The masked paths that the Engine API 1.55 documents as the default: who names a list must keep all of them. */
export const DEFAULT_MASKED_PATHS = [
  '/proc/acpi',
  '/proc/asound',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/sys/devices/virtual/powercap',
  '/sys/firmware',
];

export const DEFAULT_READONLY_PATHS = [
  '/proc/bus',
  '/proc/fs',
  '/proc/irq',
  '/proc/sys',
  '/proc/sysrq-trigger',
];
