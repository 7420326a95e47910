import type { ContainerSpec, MountKind, MountSpec } from '../container-spec.js';
import type { PolicyContext } from '../policy-context.js';
import { TMPFS_OPTION } from './allowed-values.js';
import { unusable } from './isolation-rules.js';
import { faultIf, onlyAllowed, quote, type Fault, type Rule } from './rule.js';

const MOUNT_FIELDS = ['HostConfig.Binds', 'HostConfig.Mounts', 'HostConfig.Tmpfs', 'Volumes'];
const LOCAL_DRIVERS = ['', 'local'];

/** What of the host's files a container sees. */
export const MOUNT_RULES: readonly Rule[] = [
  {
    name: 'hostPath',
    level: 'baseline',
    summary: 'Nothing of the host is mounted: no bind mount, and no volume that is one.',
    fields: [...MOUNT_FIELDS, 'HostConfig.Mounts.*.VolumeOptions.DriverConfig'],
    check: async (spec, context) => [
      ...spec.mounts.filter(isHostPath).map(({ field, source }) => ({
        field,
        message: `host path ${quote(source)} must not be mounted`,
      })),
      ...(await volumesUsed(spec, context))
        .filter(({ options }) => !areHarmlessOptions(options))
        .map(({ field, source }) => ({
          field,
          message: `volume ${quote(source)} must not have driver options that mount something of the host or network`,
        })),
    ],
  },
  {
    name: 'volumeDrivers',
    level: 'baseline',
    summary: "Volumes are of the engine's own driver, `local`.",
    fields: [
      'HostConfig.VolumeDriver',
      'HostConfig.Mounts.*.VolumeOptions.DriverConfig.Name',
      ...MOUNT_FIELDS,
    ],
    check: async (spec, context) => [
      ...onlyAllowed('HostConfig.VolumeDriver', [spec.volumeDriver], LOCAL_DRIVERS, 'volume driver'),
      ...(await volumesUsed(spec, context)).flatMap(({ field, driver }) =>
        onlyAllowed(field, [driver], LOCAL_DRIVERS, 'volume driver'),
      ),
    ],
  },
  {
    name: 'volumesFrom',
    level: 'baseline',
    summary: 'Mounts are taken over only from containers that the actor may use and that pass themselves.',
    fields: ['HostConfig.VolumesFrom'],
    check: (spec, context, level) => unusable(spec.volumesFrom, 'HostConfig.VolumesFrom', context, level),
  },
  {
    name: 'mountTypes',
    level: 'baseline',
    summary: 'Mounts are volumes, tmpfs or images (bind mounts and pipes: see hostPath).',
    fields: ['HostConfig.Mounts.*.Type'],
    check: ({ mounts }) => kindsOtherThan(['volume', 'tmpfs', 'image', 'bind', 'npipe'], mounts),
  },
  {
    name: 'volumeTypes',
    level: 'restricted',
    summary: 'Mounts are volumes or tmpfs.',
    fields: ['HostConfig.Mounts.*.Type'],
    check: ({ mounts }) => kindsOtherThan(['volume', 'tmpfs', 'bind', 'npipe'], mounts),
  },
  {
    name: 'mountOptions',
    level: 'baseline',
    summary:
      'A mount has only options of its own kind; tmpfs options are from a closed list, without suid and dev.',
    fields: MOUNT_FIELDS,
    check: ({ mounts }) => mounts.flatMap(optionFaults),
  },
];

function isHostPath({ kind }: MountSpec): boolean {
  return kind === 'bind' || kind === 'npipe';
}

function kindsOtherThan(allowed: readonly MountKind[], mounts: readonly MountSpec[]): Fault[] {
  return mounts.flatMap(({ kind, field }) => onlyAllowed(field, [kind], allowed, 'mount type'));
}

function optionFaults({ kind, field, odd, propagation, subpath, tmpfsOptions }: MountSpec): Fault[] {
  return [
    ...onlyAllowed(field, odd, [], 'option'),
    ...faultIf(kind !== 'bind' && propagation !== '', field, 'must not set propagation'),
    ...faultIf(!isInsidePath(subpath), field, 'must have a relative subpath without ".."'),
    ...tmpfsOptions
      .filter((option) => !TMPFS_OPTION.test(option))
      .map((option) => ({ field, message: `tmpfs option ${quote(option)} is not allowed` })),
  ];
}

function isInsidePath(subpath: string): boolean {
  return !/^[/\\]/.test(subpath) && !subpath.split(/[/\\]/).includes('..');
}

interface VolumeUse {
  field: string;
  source: string;
  driver: string;
  options: Readonly<Record<string, string>>;
}

/** Each volume as the mount describes it and, where it exists already, as it is: the engine then uses the latter. */
async function volumesUsed(spec: ContainerSpec, context: PolicyContext): Promise<VolumeUse[]> {
  const uses: VolumeUse[] = [];
  for (const { kind, field, source, driver, driverOptions } of spec.mounts) {
    if (kind !== 'volume') continue;
    uses.push({ field, source, driver, options: driverOptions });
    const existing = source === '' ? undefined : await context.volume(source);
    if (existing !== undefined) uses.push({ field, source, ...existing });
  }
  return uses;
}

/**
 * Of the `local` driver's options (`type`, `device`, `o`, `size`) only a size or a whole tmpfs: every other mount is of
 * something on the host or the network, whatever `type` says, since `o=bind` overrides it.
 */
function areHarmlessOptions(options: Readonly<Record<string, string>>): boolean {
  const given = Object.keys(options).filter((name) => name !== 'size');
  if (given.length === 0) return true;
  const mountOptions = (options.o ?? '').split(',').filter((option) => option !== '');
  return (
    given.every((name) => ['type', 'device', 'o'].includes(name)) &&
    options.type === 'tmpfs' &&
    options.device === 'tmpfs' &&
    mountOptions.every((option) => TMPFS_OPTION.test(option))
  );
}
