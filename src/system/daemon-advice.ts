import type { DaemonAdvice, DaemonConfig } from './daemon-config.model.js';

/** What the checks look at: the configuration, and what the engine tells of the machine. */
export interface AdvisedEngine extends Omit<DaemonConfig, 'advice'> {
  readonly osType: string;
  readonly inSwarm: boolean;
  readonly swapLimit: boolean;
  readonly memoryLimit: boolean;
  readonly pidsLimit: boolean;
  readonly ipv4Forwarding: boolean;
  readonly securityOptions: readonly string[];
  readonly dataSpaceLoopback: boolean;
}

interface Check {
  readonly level: DaemonAdvice['level'];
  readonly key: string | null;
  /** Whether there is something to say. */
  readonly applies: (engine: AdvisedEngine) => boolean;
  readonly message: string;
}

/** Every check with its name. docs/system.md lists them. */
export const DAEMON_CHECKS: Readonly<Record<string, Check>> = {
  insecureRegistries: {
    level: 'danger',
    key: 'insecure-registries',
    // The loopback range is always there.
    applies: ({ insecureRegistries }) => insecureRegistries.some((range) => !isLoopbackRange(range)),
    message:
      'Registries are trusted without TLS: whoever is on the way can give the engine other images. Give them certificates.',
  },
  storageDriverSlow: {
    level: 'danger',
    key: 'storage-driver',
    applies: ({ storageDriver }) => storageDriver === 'vfs',
    message:
      'vfs copies every layer whole: it is slow and fills the disk. Use overlay2 on a file system that it works on.',
  },
  storageDriverDeprecated: {
    level: 'danger',
    key: 'storage-driver',
    applies: ({ storageDriver }) => ['devicemapper', 'aufs', 'overlay'].includes(storageDriver),
    message:
      'The storage driver was removed from newer engines, which do not start with it. Move to overlay2.',
  },
  storageOnLoopback: {
    level: 'danger',
    key: 'storage-opts',
    applies: ({ dataSpaceLoopback }) => dataSpaceLoopback,
    message: 'devicemapper lies on a loopback file, which is slow and loses data. Use overlay2.',
  },
  memoryLimitUnsupported: {
    level: 'danger',
    key: null,
    applies: ({ osType, memoryLimit }) => osType !== 'windows' && !memoryLimit,
    message:
      'The kernel does not limit memory: one container can take all of it. Switch the memory controller on.',
  },
  noSeccomp: {
    level: 'danger',
    key: 'seccomp-profile',
    applies: ({ osType, securityOptions }) =>
      osType !== 'windows' &&
      (!securityOptions.some((option) => option.includes('name=seccomp')) ||
        securityOptions.some(
          (option) => option.includes('seccomp') && option.includes('profile=unconfined'),
        )),
    message:
      'System calls of containers are not filtered. Use an engine with seccomp and its built-in profile.',
  },
  swapLimitUnsupported: {
    level: 'warning',
    key: null,
    applies: ({ osType, memoryLimit, swapLimit }) => osType !== 'windows' && memoryLimit && !swapLimit,
    message:
      'The kernel does not limit swap: a container with a limit of memory can still fill it. Boot with swapaccount=1.',
  },
  pidsLimitUnsupported: {
    level: 'warning',
    key: null,
    applies: ({ osType, pidsLimit }) => osType !== 'windows' && !pidsLimit,
    message:
      'The kernel does not limit processes: one container can take all of them. Switch the pids controller on.',
  },
  cgroupV1: {
    level: 'warning',
    key: null,
    applies: ({ cgroupVersion }) => cgroupVersion === '1',
    message: 'Control groups are of version 1, which distributions and engines drop. Boot with version 2.',
  },
  jsonFileUnbounded: {
    level: 'warning',
    key: 'log-opts',
    applies: ({ logDriver }) => logDriver === 'json-file',
    message:
      'Logs are kept in json files, which grow without end unless max-size is set; the engine does not tell whether it is. Set log-opts max-size and max-file, or use the driver local.',
  },
  liveRestoreOff: {
    level: 'warning',
    key: 'live-restore',
    applies: ({ liveRestore, inSwarm, osType }) => !liveRestore && !inSwarm && osType !== 'windows',
    message: 'Containers stop when the engine is restarted or updated. Set live-restore to true.',
  },
  forwardingOff: {
    level: 'warning',
    key: 'ip-forward',
    applies: ({ osType, ipv4Forwarding }) => osType !== 'windows' && !ipv4Forwarding,
    message: 'The machine does not forward packets: containers on bridges do not reach other machines.',
  },
  mirrorWithoutTls: {
    level: 'warning',
    key: 'registry-mirrors',
    applies: ({ registryMirrors }) => registryMirrors.some((mirror) => mirror.startsWith('http://')),
    message:
      'A mirror is spoken to without TLS: whoever is on the way can read and change what is pulled by tag.',
  },
  debugOn: {
    level: 'info',
    key: 'debug',
    applies: ({ debug }) => debug,
    message: 'The engine writes what it does in detail, which takes space and time. Set debug to false.',
  },
  experimentalOn: {
    level: 'info',
    key: 'experimental',
    applies: ({ experimental }) => experimental,
    message: 'Features that are not finished are switched on.',
  },
  noUserNamespaces: {
    level: 'info',
    key: 'userns-remap',
    applies: ({ usernsRemap, rootless, osType }) => !usernsRemap && !rootless && osType !== 'windows',
    message:
      'Root in a container is root on the host, kept in by capabilities only. Consider userns-remap, or a rootless engine.',
  },
};

const LEVELS: readonly DaemonAdvice['level'][] = ['danger', 'warning', 'info'];

/** What is known to hurt, the worst first. */
export function daemonAdvice(engine: AdvisedEngine): DaemonAdvice[] {
  const advice = Object.entries(DAEMON_CHECKS)
    .filter(([, { applies }]) => applies(engine))
    .map(([name, { level, key, message }]) => ({ name, level, key, message }));
  return advice.sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
}

function isLoopbackRange(range: string): boolean {
  return /^127\./.test(range) || range.startsWith('::1') || range === 'localhost';
}
