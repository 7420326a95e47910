import { type EngineDocument, present } from './engine-document.js';
import type { BindOptionsInput, MountInput, TmpfsOptionsInput, VolumeOptionsInput } from './mount.inputs.js';

/** `Mount` of the Engine API. */
export function toMount(mount: MountInput): EngineDocument {
  return present({
    Type: mount.type,
    Source: mount.source,
    Target: mount.target,
    ReadOnly: mount.readOnly,
    Consistency: mount.consistency,
    BindOptions: mount.bind && toBindOptions(mount.bind),
    VolumeOptions: mount.volume && toVolumeOptions(mount.volume),
    TmpfsOptions: mount.tmpfs && toTmpfsOptions(mount.tmpfs),
    ImageOptions: mount.image && present({ Subpath: mount.image.subpath }),
  });
}

function toBindOptions(bind: BindOptionsInput): EngineDocument {
  return present({
    Propagation: bind.propagation,
    NonRecursive: bind.nonRecursive,
    CreateMountpoint: bind.createMountpoint,
    ReadOnlyNonRecursive: bind.readOnlyNonRecursive,
    ReadOnlyForceRecursive: bind.readOnlyForceRecursive,
  });
}

function toVolumeOptions({
  noCopy,
  labels,
  driver,
  driverOptions,
  subpath,
}: VolumeOptionsInput): EngineDocument {
  const hasDriver = driver !== undefined || driverOptions !== undefined;
  return present({
    NoCopy: noCopy,
    Labels: labels,
    DriverConfig: hasDriver ? present({ Name: driver, Options: driverOptions }) : undefined,
    Subpath: subpath,
  });
}

function toTmpfsOptions({ sizeBytes, mode, options }: TmpfsOptionsInput): EngineDocument {
  return present({ SizeBytes: sizeBytes, Mode: mode, Options: options?.map(toMountOption) });
}

/** `name` becomes `[name]`, `name=value` becomes `[name, value]`. */
function toMountOption(option: string): string[] {
  const equals = option.indexOf('=');
  return equals < 0 ? [option] : [option.slice(0, equals), option.slice(equals + 1)];
}
