import type { ContainerInspectInfo, ImageInspectInfo } from 'dockerode';
import type { ContainerRecord } from '../state/watched-containers.js';
import type {
  ConfigDocument,
  SecretDocument,
  ServiceDocument,
  ServiceSpec,
  TaskSpec,
} from '../state/swarm-documents.js';
import type { ObjectRecord } from '../state/watched-kind.js';
import type { TaskOfService } from '../state/watched-swarm.js';
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
  return remembered(recordsWithout, record, (kept) => ({ ...kept, Mounts: sourceless(kept.Mounts) }));
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
  return remembered(volumesWithout, record, volumeWithoutOptions);
}

/** A service's document without environment values, sources of mounts and options of drivers, now and before. */
export function serviceWithoutEnvironment(document: ServiceDocument): ServiceDocument {
  const { Spec, PreviousSpec } = document;
  return {
    ...document,
    Spec: specWithoutEnvironment(Spec),
    ...(PreviousSpec ? { PreviousSpec: specWithoutEnvironment(PreviousSpec) } : {}),
  };
}

/** A task's document without environment values, sources of mounts and options of drivers. */
export function taskWithoutEnvironment<Task extends { readonly Spec: TaskSpec }>(document: Task): Task {
  return { ...document, Spec: taskSpecWithoutEnvironment(document.Spec) };
}

/** A config's document without its data. */
export function configWithoutData(document: ConfigDocument): ConfigDocument {
  const { Data, ...Spec } = document.Spec;
  return { ...document, Spec };
}

/** A secret's document without the options of its driver: they say where a plugin is to look, and with what password. */
export function secretWithoutOptions(document: SecretDocument): SecretDocument {
  const { Driver, ...Spec } = document.Spec;
  return Driver ? { ...document, Spec: { ...Spec, Driver: { ...Driver, Options: {} } } } : document;
}

const secretsWithout = new WeakMap<ObjectRecord<SecretDocument>, ObjectRecord<SecretDocument>>();

/** The same for what is kept in memory: the same object for the same record. */
export function secretRecordWithoutOptions(
  record: ObjectRecord<SecretDocument>,
): ObjectRecord<SecretDocument> {
  return remembered(secretsWithout, record, secretWithoutOptions);
}

/** What SwarmInspect answers, and what of it SystemInfo repeats. */
interface ClusterDocument {
  readonly Spec?: {
    readonly CAConfig?: { readonly ExternalCAs?: readonly object[] | null } | null;
    readonly TaskDefaults?: { readonly LogDriver?: object | null } | null;
  };
}

/** A swarm's document without the options of its log driver and of authorities that sign for it: they may hold passwords. */
export function swarmWithoutOptions<Cluster extends ClusterDocument>(cluster: Cluster): Cluster {
  const { Spec } = cluster;
  if (!Spec) return cluster;
  const { CAConfig: ca, TaskDefaults: defaults } = Spec;
  const bare = (part: object) => ('Options' in part ? { ...part, Options: {} } : part);
  return {
    ...cluster,
    Spec: {
      ...Spec,
      ...(ca
        ? { CAConfig: { ...ca, ...(ca.ExternalCAs ? { ExternalCAs: ca.ExternalCAs.map(bare) } : {}) } }
        : {}),
      ...(defaults?.LogDriver ? { TaskDefaults: { ...defaults, LogDriver: bare(defaults.LogDriver) } } : {}),
    },
  };
}

/** What SystemInfo answers, likewise. */
export function infoWithoutSwarmOptions<
  Info extends { readonly Swarm?: { readonly Cluster?: ClusterDocument | null } | null },
>(info: Info): Info {
  const { Swarm } = info;
  return Swarm?.Cluster
    ? { ...info, Swarm: { ...Swarm, Cluster: swarmWithoutOptions(Swarm.Cluster) } }
    : info;
}

function specWithoutEnvironment(spec: ServiceSpec): ServiceSpec {
  const { TaskTemplate } = spec;
  return TaskTemplate ? { ...spec, TaskTemplate: taskSpecWithoutEnvironment(TaskTemplate) } : spec;
}

function taskSpecWithoutEnvironment(spec: TaskSpec): TaskSpec {
  const { ContainerSpec: container, LogDriver: log } = spec;
  const { Env, Mounts, ...rest } = container ?? {};
  const mounts = (Mounts ?? []).map(({ VolumeOptions: options, ...mount }) => ({
    ...mount,
    Source: mount.Type === 'bind' ? '' : (mount.Source ?? ''),
    ...(options ? { VolumeOptions: { ...options, DriverConfig: null } } : {}),
  }));
  return {
    ...spec,
    ...(container ? { ContainerSpec: { ...rest, ...(Mounts ? { Mounts: mounts } : {}) } } : {}),
    ...(log ? { LogDriver: { ...(log.Name === undefined ? {} : { Name: log.Name }), Options: {} } } : {}),
    ...(spec.PluginSpec ? { PluginSpec: {} } : {}),
  };
}

const servicesWithout = new WeakMap<ObjectRecord<ServiceDocument>, ObjectRecord<ServiceDocument>>();
const tasksWithout = new WeakMap<ObjectRecord<TaskOfService>, ObjectRecord<TaskOfService>>();

/** The same for what is kept in memory: the same object for the same record. */
export function serviceRecordWithoutEnvironment(
  record: ObjectRecord<ServiceDocument>,
): ObjectRecord<ServiceDocument> {
  return remembered(servicesWithout, record, serviceWithoutEnvironment);
}

export function taskRecordWithoutEnvironment(
  record: ObjectRecord<TaskOfService>,
): ObjectRecord<TaskOfService> {
  return remembered(tasksWithout, record, taskWithoutEnvironment);
}

function remembered<Kept>(
  known: WeakMap<ObjectRecord<Kept>, ObjectRecord<Kept>>,
  record: ObjectRecord<Kept>,
  redact: (kept: Kept) => Kept,
): ObjectRecord<Kept> {
  const redacted = known.get(record) ?? { ...record, kept: redact(record.kept) };
  known.set(record, redacted);
  return redacted;
}
