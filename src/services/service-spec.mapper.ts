import { DomainError, type FieldError } from '../common/errors.js';
import { toHealthcheck, toNanoseconds } from '../containers/container-create.mapper.js';
import { type EngineDocument, present } from '../containers/engine-document.js';
import { requireSupported, type VersionedOption } from '../containers/engine-options.js';
import { toMount } from '../containers/mount.mapper.js';
import type { ServiceSpec } from '../gate/engine-handle.js';
import { toContainerData, toPrivileges, toTaskResources } from './service-container.mapper.js';
import type { ServiceModeInput, ServiceUpdateConfigInput } from './service-rollout.inputs.js';
import type { CreateServiceInput, ServiceOptionsInput } from './service.inputs.js';
import type { ServicePluginInput } from './service-parts.inputs.js';

/** Source: the differences between the Engine API's descriptions of 1.41 and 1.55, and its version history. */
export const SERVICE_OPTIONS: readonly VersionedOption[] = [
  { field: 'mounts.*.bind.createMountpoint', since: '1.42' },
  { field: 'mounts.*.type', value: 'cluster', since: '1.42' },
  { field: 'healthcheck.startIntervalSeconds', since: '1.44' },
  { field: 'mounts.*.bind.readOnlyNonRecursive', since: '1.44' },
  { field: 'mounts.*.bind.readOnlyForceRecursive', since: '1.44' },
  { field: 'privileges.seccomp', since: '1.44' },
  { field: 'privileges.appArmor', since: '1.44' },
  { field: 'privileges.noNewPrivileges', since: '1.44' },
  { field: 'mounts.*.volume.subpath', since: '1.45' },
  { field: 'mounts.*.tmpfs.options', since: '1.46' },
  { field: 'oomScoreAdj', since: '1.46' },
  { field: 'mounts.*.type', value: 'image', since: '1.48' },
  { field: 'resources.swapBytes', since: '1.52' },
  { field: 'resources.memorySwappiness', since: '1.52' },
];

/** @throws DomainError `not_supported` for options that the engine would take no notice of */
export function requireServiceOptions(input: ServiceOptionsInput, apiVersion: string): void {
  requireSupported(input, SERVICE_OPTIONS, apiVersion);
}

/**
 * The spec of a new service.
 *
 * @throws DomainError `invalid_input` for contradictions
 */
export function toNewSpec(input: CreateServiceInput): ServiceSpec {
  return withOptions({ Name: input.name, Mode: { Replicated: { Replicas: 1 } } }, input);
}

/**
 * `spec` with what `input` gives in place of what was there; the parts that it does not give stay.
 *
 * @throws DomainError `invalid_input` for contradictions
 */
export function withOptions(spec: ServiceSpec, input: ServiceOptionsInput): ServiceSpec {
  const { Networks: legacy, ...rest } = spec;
  const next = {
    ...rest,
    ...present({
      Labels: input.labels,
      Mode: input.mode && toMode(input.mode),
      UpdateConfig: input.updateConfig && toRollout(input.updateConfig),
      RollbackConfig: input.rollbackConfig && toRollout(input.rollbackConfig),
      EndpointSpec: toEndpoint(spec, input),
      // Given anew, they are where engines keep them: in the task template.
      Networks: input.networks ? undefined : (legacy ?? undefined),
    }),
    TaskTemplate: toTask(spec.TaskTemplate ?? {}, input),
  } as ServiceSpec;
  requireConsistent(next, input);
  return next;
}

function toTask(task: NonNullable<ServiceSpec['TaskTemplate']>, input: ServiceOptionsInput): EngineDocument {
  const container = { ...task.ContainerSpec, ...toContainer(input) };
  return {
    ...task,
    ...(input.plugin
      ? { Runtime: 'plugin', PluginSpec: toPlugin(input.plugin), ContainerSpec: undefined }
      : Object.keys(container).length > 0
        ? { ContainerSpec: container }
        : {}),
    ...present({
      Resources: input.resources && toTaskResources(input.resources),
      RestartPolicy:
        input.restartPolicy &&
        present({
          Condition: input.restartPolicy.condition,
          Delay: toNanoseconds(input.restartPolicy.delaySeconds),
          MaxAttempts: input.restartPolicy.maxAttempts,
          Window: toNanoseconds(input.restartPolicy.windowSeconds),
        }),
      Placement:
        input.placement &&
        present({
          Constraints: input.placement.constraints,
          Preferences: input.placement.spreadOver?.map((SpreadDescriptor) => ({
            Spread: { SpreadDescriptor },
          })),
          MaxReplicas: input.placement.maxReplicasPerNode,
          Platforms: input.placement.platforms?.map(({ architecture, os }) =>
            present({ Architecture: architecture, OS: os }),
          ),
        }),
      ForceUpdate: input.forceUpdate,
      Networks: input.networks?.map(({ network, aliases, driverOptions }) =>
        present({ Target: network, Aliases: aliases, DriverOpts: driverOptions }),
      ),
      LogDriver: input.logging && present({ Name: input.logging.driver, Options: input.logging.options }),
    }),
  };
}

function toContainer(input: ServiceOptionsInput): EngineDocument {
  return present({
    Image: input.image,
    Labels: input.containerLabels,
    Command: input.entrypoint,
    Args: input.command,
    Env: input.env,
    Dir: input.workingDir,
    User: input.user,
    Groups: input.groupAdd,
    Hostname: input.hostname,
    TTY: input.tty,
    OpenStdin: input.openStdin,
    ReadOnly: input.readOnlyRootFilesystem,
    Init: input.init,
    StopSignal: input.stopSignal,
    StopGracePeriod: toNanoseconds(input.stopTimeoutSeconds),
    Healthcheck: input.healthcheck && toHealthcheck(input.healthcheck),
    Mounts: input.mounts?.map(toMount),
    Privileges: input.privileges && toPrivileges(input.privileges),
    CapabilityAdd: input.capAdd,
    CapabilityDrop: input.capDrop,
    Sysctls: input.sysctls,
    Ulimits: input.ulimits?.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard })),
    OomScoreAdj: input.oomScoreAdj,
    Isolation: input.isolation,
    ...toContainerData(input),
  });
}

function toMode({ type, replicas = 1, maxConcurrent, totalCompletions }: ServiceModeInput): EngineDocument {
  switch (type) {
    case 'replicated':
      return { Replicated: { Replicas: replicas } };
    case 'global':
      return { Global: {} };
    case 'replicatedJob':
      return {
        ReplicatedJob: present({ MaxConcurrent: maxConcurrent, TotalCompletions: totalCompletions }),
      };
    case 'globalJob':
      return { GlobalJob: {} };
  }
}

function toRollout(config: ServiceUpdateConfigInput): EngineDocument {
  return present({
    Parallelism: config.parallelism,
    Delay: toNanoseconds(config.delaySeconds),
    FailureAction: config.failureAction,
    Monitor: toNanoseconds(config.monitorSeconds),
    MaxFailureRatio: config.maxFailureRatio,
    Order: config.order,
  });
}

function toEndpoint(
  { EndpointSpec }: ServiceSpec,
  { endpointMode, ports }: ServiceOptionsInput,
): EngineDocument | undefined {
  if (endpointMode === undefined && ports === undefined) return EndpointSpec ?? undefined;
  return {
    ...EndpointSpec,
    ...present({
      Mode: endpointMode,
      Ports: ports?.map(({ name, containerPort, publishedPort, protocol = 'tcp', publishMode = 'ingress' }) =>
        present({
          Name: name,
          Protocol: protocol,
          TargetPort: containerPort,
          PublishedPort: publishedPort,
          PublishMode: publishMode,
        }),
      ),
    }),
  };
}

function toPlugin({ name, remote, disabled, privileges, env }: ServicePluginInput): EngineDocument {
  return present({
    Name: name,
    Remote: remote,
    Disabled: disabled,
    PluginPrivilege: privileges?.map((privilege) =>
      present({ Name: privilege.name, Description: privilege.description, Value: privilege.values ?? [] }),
    ),
    Env: env,
  });
}

/** What engines would take, and mean something else by than the caller. */
function requireConsistent({ TaskTemplate, Mode }: ServiceSpec, input: ServiceOptionsInput): void {
  const errors: FieldError[] = [];
  const fault = (field: string, message: string) => errors.push({ field, message });
  if (input.plugin && input.image !== undefined) fault('plugin', 'must not be given with image');
  if (!TaskTemplate?.PluginSpec && !TaskTemplate?.ContainerSpec?.Image) fault('image', 'must be given');
  const { type, replicas, maxConcurrent, totalCompletions } = input.mode ?? {};
  if (replicas !== undefined && type !== 'replicated') fault('mode.replicas', 'is for the type replicated');
  if ((maxConcurrent ?? totalCompletions) !== undefined && type !== 'replicatedJob')
    fault('mode.type', 'must be replicatedJob for maxConcurrent and totalCompletions');
  const isJob = Mode?.ReplicatedJob != null || Mode?.GlobalJob != null;
  if (isJob && (input.updateConfig ?? input.rollbackConfig)) fault('updateConfig', 'is not for jobs');
  const { credentialSpec } = input.privileges ?? {};
  if (credentialSpec && Object.values(credentialSpec).filter((value) => value !== undefined).length !== 1)
    fault('privileges.credentialSpec', 'must have one of config, file and registry');
  for (const [index, { count, name }] of (input.resources?.reservations?.genericResources ?? []).entries()) {
    if ((count === undefined) === (name === undefined))
      fault(`resources.reservations.genericResources.${index}`, 'must have one of count and name');
  }
  if (errors.length === 0) return;
  throw new DomainError(
    'invalid_input',
    errors.map(({ field, message }) => `${field} ${message}`).join('; '),
    {
      errors,
    },
  );
}
