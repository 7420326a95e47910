import type { ServiceMountSpec } from '../gate/engine-handle.js';
import { type EngineDocument, given } from './engine-document.js';

/** A `Mount` of the Engine API in the words of our input: the way back of `toMount`. */
export function toMountInput(mount: ServiceMountSpec): EngineDocument {
  const { BindOptions: bind, VolumeOptions: volume, TmpfsOptions: tmpfs, ImageOptions: image } = mount;
  return given({
    type: mount.Type,
    source: mount.Source,
    target: mount.Target,
    readOnly: mount.ReadOnly,
    consistency: mount.Consistency,
    bind:
      bind &&
      given({
        propagation: bind.Propagation,
        nonRecursive: bind.NonRecursive,
        createMountpoint: bind.CreateMountpoint,
        readOnlyNonRecursive: bind.ReadOnlyNonRecursive,
        readOnlyForceRecursive: bind.ReadOnlyForceRecursive,
      }),
    volume:
      volume &&
      given({
        noCopy: volume.NoCopy,
        labels: volume.Labels,
        driver: volume.DriverConfig?.Name,
        driverOptions: volume.DriverConfig?.Options,
        subpath: volume.Subpath,
      }),
    tmpfs:
      tmpfs &&
      given({
        sizeBytes: tmpfs.SizeBytes,
        mode: tmpfs.Mode,
        options: tmpfs.Options?.map((option) => option.join('=')),
      }),
    image: image && given({ subpath: image.Subpath }),
  });
}
