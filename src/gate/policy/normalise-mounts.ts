import type { HostConfigBody, MountBody, MountPointBody } from './container-body.js';
import type { MountKind, MountSpec } from './container-spec.js';

const KINDS: readonly MountKind[] = ['bind', 'volume', 'tmpfs', 'npipe', 'cluster', 'image'];

/** The option block that each kind of mount may carry; a block of another kind is odd. */
const OPTION_BLOCKS = {
  BindOptions: 'bind',
  VolumeOptions: 'volume',
  TmpfsOptions: 'tmpfs',
  ImageOptions: 'image',
  ClusterOptions: 'cluster',
} as const satisfies Record<string, MountKind>;

/** A volume's name, as the `local` driver takes it: two letters at least, so that `C:` is none. */
const VOLUME_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;

/** The modes of a `Binds` entry that mean something for a volume. */
const VOLUME_MODES = ['rw', 'ro', 'z', 'Z', 'nocopy', 'consistent', 'cached', 'delegated', 'default'];
const PROPAGATIONS = ['shared', 'rshared', 'slave', 'rslave', 'private', 'rprivate'];

function mount(kind: MountKind, field: string, parts: Partial<MountSpec>): MountSpec {
  return {
    kind,
    field,
    source: '',
    target: '',
    readOnly: false,
    propagation: '',
    subpath: '',
    driver: '',
    driverOptions: {},
    tmpfsOptions: [],
    odd: [],
    ...parts,
  };
}

/** The mounts that a create asks for: `Binds`, `Mounts`, `Tmpfs` and `Config.Volumes`. */
export function requestedMounts(
  host: HostConfigBody,
  volumes: Record<string, unknown> | null | undefined,
): MountSpec[] {
  return [
    ...(host.Binds ?? []).map((bind, index) => parseBind(bind, `HostConfig.Binds.${index}`)),
    ...(host.Mounts ?? []).map((body, index) => fromMount(body, `HostConfig.Mounts.${index}`)),
    ...tmpfsMounts(host),
    // engines have read a key of Config.Volumes as a path and as a whole bind: judged as the latter, it is both
    ...Object.keys(volumes ?? {}).map((target) => parseBind(target, `Volumes.${target}`)),
  ];
}

/** The mounts that an existing container has, inherited ones included. */
export function existingMounts(host: HostConfigBody, points: readonly MountPointBody[]): MountSpec[] {
  return [
    ...points.map((point, index) => {
      const kind = kindOf(point.Type);
      return mount(kind, `Mounts.${index}`, {
        source: (kind === 'volume' || kind === 'cluster' ? point.Name : point.Source) ?? '',
        target: point.Destination ?? '',
        readOnly: point.RW === false,
        propagation: kind === 'bind' ? (point.Propagation ?? '') : '',
        driver: point.Driver ?? '',
      });
    }),
    ...tmpfsMounts(host),
  ];
}

function tmpfsMounts(host: HostConfigBody): MountSpec[] {
  return Object.entries(host.Tmpfs ?? {}).map(([target, options]) => {
    const tmpfsOptions = (options ?? '').split(',').filter((option) => option !== '');
    return mount('tmpfs', `HostConfig.Tmpfs.${target}`, {
      target,
      tmpfsOptions,
      readOnly: tmpfsOptions.includes('ro'),
    });
  });
}

/**
 * One entry of `Binds`: `source:target[:mode]`, or `target` alone for an anonymous volume. The source is a volume only
 * when it is spelled like a volume's name. A path, and whatever else (`~/x`, `./x`, `C:\x`, too many colons), is
 * taken for a path on the host.
 */
function parseBind(bind: string, field: string): MountSpec {
  const parts = bind.split(':');
  if (parts.length === 1 && bind.startsWith('/')) return mount('volume', field, { target: bind });
  const [source = '', target = '', mode = ''] = parts;
  if (parts.length < 2 || parts.length > 3 || !VOLUME_NAME.test(source))
    return mount('bind', field, { source: bind });
  const modes = mode === '' ? [] : mode.split(',');
  return mount('volume', field, {
    source,
    target,
    readOnly: modes.includes('ro'),
    propagation: modes.find((word) => PROPAGATIONS.includes(word)) ?? '',
    odd: modes.filter((word) => !VOLUME_MODES.includes(word) && !PROPAGATIONS.includes(word)),
  });
}

function fromMount(body: MountBody, field: string): MountSpec {
  const kind = kindOf(body.Type);
  const volume = body.VolumeOptions;
  const odd = Object.entries(OPTION_BLOCKS)
    .filter(([block, owner]) => owner !== kind && body[block as keyof typeof OPTION_BLOCKS] != null)
    .map(([block]) => block);
  const source = body.Source ?? '';
  if (kind === 'tmpfs' && source !== '') odd.push('Source');
  if (kind === 'volume' && source !== '' && !VOLUME_NAME.test(source)) odd.push('Source');
  return mount(kind, field, {
    source,
    target: body.Target ?? '',
    readOnly: body.ReadOnly === true,
    propagation: body.BindOptions?.Propagation ?? '',
    subpath: volume?.Subpath ?? body.ImageOptions?.Subpath ?? '',
    driver: volume?.DriverConfig?.Name ?? '',
    driverOptions: withoutNulls(volume?.DriverConfig?.Options ?? {}),
    tmpfsOptions: (body.TmpfsOptions?.Options ?? []).map((option) => option.join('=')),
    odd,
  });
}

function kindOf(type: string | null | undefined): MountKind {
  return KINDS.find((kind) => kind === type) ?? 'unknown';
}

function withoutNulls(options: Record<string, string | null>): Record<string, string> {
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [key, value ?? '']));
}
