import { InputType } from '@nestjs/graphql';
import { InBoolean, InChoice, InInteger, InObject, InText, InTextMap } from '../common/input-fields.js';

/** Mounts of Linux engines. Left out is the type `npipe` of Windows engines. */
export const MOUNT_TYPES = ['bind', 'volume', 'tmpfs', 'image', 'cluster'] as const;

const SUBPATH = {
  max: 4_096,
  min: 1,
  pattern: /^(?!\/)(?!(.*\/)?\.\.(\/|$)).*$/,
  patternHint: 'a relative path without ".."',
  optional: true,
} as const;

@InputType({ description: 'How a path of the host is mounted (`BindOptions`).' })
export class BindOptionsInput {
  @InChoice({
    description: 'How mounts below the path travel between host and container. Engine default `rprivate`.',
    values: ['private', 'rprivate', 'shared', 'rshared', 'slave', 'rslave'],
    optional: true,
  })
  propagation?: string;

  @InBoolean({ description: 'Whether to leave out what is mounted below the path.', optional: true })
  nonRecursive?: boolean;

  @InBoolean({ description: 'Whether to create a missing path on the host. From API 1.42.', optional: true })
  createMountpoint?: boolean;

  @InBoolean({
    description: 'Whether mounts below a read-only path stay writable. From API 1.44.',
    optional: true,
  })
  readOnlyNonRecursive?: boolean;

  @InBoolean({
    description: 'Whether to fail where mounts below cannot be made read-only too. From API 1.44.',
    optional: true,
  })
  readOnlyForceRecursive?: boolean;
}

@InputType({ description: 'How a volume is made and mounted (`VolumeOptions`).' })
export class VolumeOptionsInput {
  @InBoolean({
    description: 'Whether an empty volume stays empty, instead of getting what the image has at the target.',
    optional: true,
  })
  noCopy?: boolean;

  @InTextMap({
    description: 'Labels of the volume, where it is created by this mount.',
    maxEntries: 128,
    maxKey: 512,
    maxValue: 8_192,
    optional: true,
  })
  labels?: Record<string, string>;

  @InText({
    description: 'The volume driver, where the volume is created by this mount. Engine default `local`.',
    max: 255,
    min: 1,
    optional: true,
  })
  driver?: string;

  @InTextMap({
    description: 'Options that the volume driver understands.',
    maxEntries: 64,
    maxKey: 255,
    maxValue: 4_096,
    optional: true,
  })
  driverOptions?: Record<string, string>;

  @InText({ description: 'A folder or file within the volume. From API 1.45.', ...SUBPATH })
  subpath?: string;
}

@InputType({ description: 'How a file system in memory is made (`TmpfsOptions`).' })
export class TmpfsOptionsInput {
  @InInteger({
    description: 'Size in bytes. Engine default: unlimited.',
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    optional: true,
  })
  sizeBytes?: number;

  @InInteger({
    description: 'File mode as a decimal number: 493 is 0755. Engine default 1023 (01777).',
    min: 0,
    max: 0o7777,
    optional: true,
  })
  mode?: number;

  @InText({
    description: 'Options of mount(8), each `name` or `name=value`. From API 1.46.',
    max: 256,
    pattern: /^[^=,\s]+(=[^,]*)?$/,
    patternHint: 'a mount option, name or name=value',
    list: { max: 64 },
    optional: true,
    example: ['noexec'],
  })
  options?: string[];
}

@InputType({ description: 'What of an image is mounted (`ImageOptions`).' })
export class ImageOptionsInput {
  @InText({ description: 'A folder or file within the image.', ...SUBPATH })
  subpath?: string;
}

@InputType({ description: 'A mount of a new container (`Mounts`).' })
export class MountInput {
  @InChoice({
    description:
      '`bind`: a path of the host. `volume`: a volume, created where it is missing. `tmpfs`: memory. `image`: an image, read-only, from API 1.48. `cluster`: a Swarm cluster volume, from API 1.42.',
    values: MOUNT_TYPES,
    example: 'volume',
  })
  type!: (typeof MOUNT_TYPES)[number];

  @InText({
    description:
      'The path on the host, the name of the volume, or the image. None for `tmpfs`; none for `volume` makes an anonymous one.',
    max: 4_096,
    min: 1,
    optional: true,
    example: 'data',
  })
  source?: string;

  @InText({
    description: 'The absolute path in the container.',
    max: 4_096,
    min: 1,
    pattern: /^\/.*$/,
    patternHint: 'an absolute path',
    example: '/var/lib/data',
  })
  target!: string;

  @InBoolean({ description: 'Whether the container may only read. Default false.', optional: true })
  readOnly?: boolean;

  @InChoice({
    description: 'How strictly host and container see the same. Without effect on Linux.',
    values: ['default', 'consistent', 'cached', 'delegated'],
    optional: true,
  })
  consistency?: string;

  @InObject(() => BindOptionsInput, { description: 'Options of type `bind`.', optional: true })
  bind?: BindOptionsInput;

  @InObject(() => VolumeOptionsInput, { description: 'Options of type `volume`.', optional: true })
  volume?: VolumeOptionsInput;

  @InObject(() => TmpfsOptionsInput, { description: 'Options of type `tmpfs`.', optional: true })
  tmpfs?: TmpfsOptionsInput;

  @InObject(() => ImageOptionsInput, { description: 'Options of type `image`.', optional: true })
  image?: ImageOptionsInput;
}
