import type { ContainerInspectInfo, ImageInspectInfo } from 'dockerode';
import type { ContainerRecord } from '../state/watched-containers.js';
import type { ObjectRecord } from '../state/watched-kind.js';
import type { VolumeDocument } from '../state/watched-volumes.js';

/** A container's document without environment values and without what options of drivers may hold. */
export function withoutEnvironment(document: ContainerInspectInfo): ContainerInspectInfo {
  const { Env, ...config } = document.Config;
  return {
    ...document,
    Config: config as ContainerInspectInfo['Config'],
    HostConfig: withoutOptions(document),
  };
}

/** A container's document without the paths on the host that are mounted in it. */
export function withoutMountSources(document: ContainerInspectInfo): ContainerInspectInfo {
  const { Binds, Mounts: mounts, ...host } = document.HostConfig;
  return {
    ...document,
    Mounts: sourceless(document.Mounts),
    HostConfig: { ...host, ...(mounts ? { Mounts: sourceless(mounts) } : {}) },
  };
}

const recordsWithout = new WeakMap<ContainerRecord, ContainerRecord>();

/** The same for what is kept in memory: the same object for the same record. */
export function recordWithoutMountSources(record: ContainerRecord): ContainerRecord {
  const known = recordsWithout.get(record);
  if (known) return known;
  const redacted = { ...record, kept: { ...record.kept, Mounts: sourceless(record.kept.Mounts) } };
  recordsWithout.set(record, redacted);
  return redacted;
}

/** The name of a volume tells as much as its listing; where it lies on the host, or a folder of the host, tells more. */
function sourceless<T extends { Source: string }>(mounts: readonly T[] | null): T[] {
  return (mounts ?? []).map((mount) => ({ ...mount, Source: '' }));
}

/** Options of log and volume drivers hold addresses, tokens and passwords of shares. */
function withoutOptions({ HostConfig: host }: ContainerInspectInfo): ContainerInspectInfo['HostConfig'] {
  const { LogConfig: log, Mounts: mounts } = host;
  return {
    ...host,
    ...(log ? { LogConfig: { Type: log.Type, Config: {} } } : {}),
    ...(mounts
      ? {
          Mounts: mounts.map(({ VolumeOptions: options, ...mount }) => ({
            ...mount,
            ...(options ? { VolumeOptions: { ...options, DriverConfig: { Name: '', Options: {} } } } : {}),
          })),
        }
      : {}),
  };
}

/** An image's document without the values of its environment. */
export function imageWithoutEnvironment(document: ImageInspectInfo): ImageInspectInfo {
  const bare = <T extends object | null | undefined>(config: T): T =>
    config ? { ...config, Env: null } : config;
  return {
    ...document,
    Config: bare(document.Config),
    ContainerConfig: bare(
      document.ContainerConfig as object | undefined,
    ) as ImageInspectInfo['ContainerConfig'],
  };
}

/** A volume's document without the options of its driver and the place of its files on the host. */
export function volumeWithoutOptions(document: VolumeDocument): VolumeDocument {
  return { ...document, Mountpoint: '', Options: null, Status: {} };
}

const volumesWithout = new WeakMap<ObjectRecord<VolumeDocument>, ObjectRecord<VolumeDocument>>();

/** The same for what is kept in memory: the same object for the same record. */
export function recordWithoutOptions(record: ObjectRecord<VolumeDocument>): ObjectRecord<VolumeDocument> {
  const known = volumesWithout.get(record);
  if (known) return known;
  const redacted = { ...record, kept: volumeWithoutOptions(record.kept) };
  volumesWithout.set(record, redacted);
  return redacted;
}
