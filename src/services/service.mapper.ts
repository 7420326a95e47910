import type { Freshness } from '../common/freshness.js';
import { toSeconds } from '../containers/container-create.mapper.js';
import type {
  ServiceDocument,
  ServicePort as PortDocument,
  ServiceSpec,
  ServiceUpdateConfig,
} from '../gate/engine-handle.js';
import { toOfSwarm } from '../swarm/swarm-object.model.js';
import { toOptions } from './service-options.mapper.js';
import { modeOf } from './service-mode.js';
import { UPDATE_STATES, type UpdateState } from './service-words.js';
import type {
  Service,
  ServiceDataFile,
  ServiceDetails,
  ServiceNetwork,
  ServicePort,
  ServiceRollout,
  ServiceTaskCounts,
  ServiceUpdateStatus,
} from './service.model.js';

/** A service as lists show it. */
export function toService(engine: string, document: ServiceDocument): Service {
  const { Spec, Endpoint, PreviousSpec } = document;
  const { TaskTemplate: task } = Spec;
  const mode = modeOf(Spec);
  const { ReplicatedJob: job, Replicated } = Spec.Mode ?? {};
  return {
    ...toOfSwarm(engine, document, Spec.Labels),
    name: Spec.Name ?? '',
    image: imageOf(Spec),
    mode,
    replicas:
      mode === 'replicated'
        ? (Replicated?.Replicas ?? 0)
        : mode === 'replicatedJob'
          ? (job?.TotalCompletions ?? job?.MaxConcurrent ?? 1)
          : null,
    maxConcurrent: mode === 'replicatedJob' ? (job?.MaxConcurrent ?? 1) : null,
    // What the swarm has chosen; until then, what was asked for.
    ports: (Endpoint?.Ports ?? Spec.EndpointSpec?.Ports ?? []).map(toPort),
    networks: networksOf(document),
    secrets: (task?.ContainerSpec?.Secrets ?? []).map(({ SecretID, SecretName, File }) =>
      toDataFile(SecretID, SecretName, File),
    ),
    configs: (task?.ContainerSpec?.Configs ?? []).map(({ ConfigID, ConfigName, File }) =>
      toDataFile(ConfigID, ConfigName, File),
    ),
    updateStatus: toUpdateStatus(document),
    canRollBack: PreviousSpec != null,
  };
}

/** @param tasks null where its reader may see none; `env` is missing where its reader may not see it */
export function toServiceDetails(
  engine: string,
  document: ServiceDocument,
  tasks: ServiceTaskCounts | null,
  freshness: Freshness,
  mayReadEnvironment: boolean,
): ServiceDetails {
  const { Spec } = document;
  const {
    ContainerSpec: container = {},
    Placement,
    Resources,
    RestartPolicy: restart,
  } = Spec.TaskTemplate ?? {};
  const { Limits, Reservations } = Resources ?? {};
  return {
    ...toService(engine, document),
    ...freshness,
    tasksByState: tasks,
    entrypoint: [...(container.Command ?? [])],
    command: [...(container.Args ?? [])],
    env: mayReadEnvironment ? [...(container.Env ?? [])] : null,
    containerLabels: { ...container.Labels },
    user: container.User ?? '',
    workingDir: container.Dir ?? '',
    mounts: (container.Mounts ?? []).map(({ Type, Source, Target, ReadOnly }) => ({
      type: Type ?? 'volume',
      source: Source ? Source : null,
      target: Target ?? '',
      readOnly: ReadOnly === true,
    })),
    capAdd: [...(container.CapabilityAdd ?? [])],
    capDrop: [...(container.CapabilityDrop ?? [])],
    constraints: [...(Placement?.Constraints ?? [])],
    resources: {
      limitNanoCpus: amountOrNull(Limits?.NanoCPUs),
      limitMemory: amountOrNull(Limits?.MemoryBytes),
      limitPids: amountOrNull(Limits?.Pids),
      reservedNanoCpus: amountOrNull(Reservations?.NanoCPUs),
      reservedMemory: amountOrNull(Reservations?.MemoryBytes),
    },
    restartPolicy: {
      condition: restart?.Condition ?? null,
      delaySeconds: secondsOrNull(restart?.Delay),
      maxAttempts: restart?.MaxAttempts ?? null,
      windowSeconds: secondsOrNull(restart?.Window),
    },
    updateConfig: toRollout(Spec.UpdateConfig),
    rollbackConfig: toRollout(Spec.RollbackConfig),
    endpointMode: Spec.EndpointSpec?.Mode ?? 'vip',
    forceUpdate: Spec.TaskTemplate?.ForceUpdate ?? 0,
    warnings: [],
    spec: mayReadEnvironment ? toOptions(Spec) : null,
    raw: document,
  };
}

export function updateStateOf({ UpdateStatus }: Pick<ServiceDocument, 'UpdateStatus'>): UpdateState {
  return UPDATE_STATES.find((state) => state === UpdateStatus?.State) ?? 'none';
}

function toUpdateStatus(document: ServiceDocument): ServiceUpdateStatus {
  const { UpdateStatus } = document;
  return {
    state: updateStateOf(document),
    message: UpdateStatus?.Message ?? '',
    startedAt: timeOrNull(UpdateStatus?.StartedAt),
    completedAt: timeOrNull(UpdateStatus?.CompletedAt),
  };
}

function imageOf({ TaskTemplate }: ServiceSpec): string {
  const { Remote } = (TaskTemplate?.PluginSpec ?? {}) as { Remote?: string };
  return TaskTemplate?.ContainerSpec?.Image ?? Remote ?? '';
}

function networksOf({ Spec, Endpoint }: ServiceDocument): ServiceNetwork[] {
  const addresses = new Map((Endpoint?.VirtualIPs ?? []).map(({ NetworkID, Addr }) => [NetworkID, Addr]));
  return (Spec.TaskTemplate?.Networks ?? Spec.Networks ?? []).map(({ Target = '', Aliases }) => ({
    id: Target,
    aliases: [...(Aliases ?? [])],
    virtualIp: addresses.get(Target) ?? null,
  }));
}

function toPort({ Name, Protocol, TargetPort, PublishedPort, PublishMode }: PortDocument): ServicePort {
  return {
    name: Name ?? null,
    protocol: Protocol ?? 'tcp',
    containerPort: TargetPort ?? 0,
    publishedPort: PublishedPort ? PublishedPort : null,
    publishMode: PublishMode ?? 'ingress',
  };
}

function toDataFile(
  id = '',
  name = '',
  file?: { readonly Name?: string; readonly UID?: string; readonly GID?: string; readonly Mode?: number },
): ServiceDataFile {
  return {
    id,
    name,
    target: file?.Name ?? null,
    uid: file?.UID ?? null,
    gid: file?.GID ?? null,
    mode: file?.Mode ?? null,
  };
}

function toRollout(config: ServiceUpdateConfig | null | undefined): ServiceRollout {
  return {
    parallelism: config?.Parallelism ?? null,
    delaySeconds: secondsOrNull(config?.Delay),
    monitorSeconds: secondsOrNull(config?.Monitor),
    maxFailureRatio: config?.MaxFailureRatio ?? null,
    failureAction: config?.FailureAction ?? null,
    order: config?.Order ?? null,
  };
}

/** Zero is what the engine has for no limit. */
function amountOrNull(amount: number | null | undefined): number | null {
  return amount ? amount : null;
}

function secondsOrNull(nanoseconds: number | undefined): number | null {
  return toSeconds(nanoseconds) ?? null;
}

function timeOrNull(text: string | null | undefined): string | null {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) || time <= 0 ? null : new Date(time).toISOString();
}
