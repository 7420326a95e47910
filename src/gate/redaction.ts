import type { ContainerInspectInfo } from 'dockerode';
import type { ContainerRecord } from '../state/watched-containers.js';

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
