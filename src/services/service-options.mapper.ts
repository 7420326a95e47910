import { isDeepStrictEqual } from 'node:util';
import { DomainError } from '../common/errors.js';
import { toSeconds } from '../containers/container-create.mapper.js';
import { type EngineDocument, given } from '../containers/engine-document.js';
import type { ServicePort, ServiceSpec, ServiceUpdateConfig, TaskSpec } from '../gate/engine-handle.js';
import { toContainerOptions, toResourceOptions } from './service-container-options.mapper.js';
import { modeOf } from './service-mode.js';
import { toNewSpec } from './service-spec.mapper.js';
import type { ServiceOptionsInput } from './service.inputs.js';

/**
 * A spec in the words of our inputs: what `toNewSpec` makes of it is the same spec.
 *
 * @returns null where it has what our inputs have no name for: written back, that would be lost
 */
export function toOptions(spec: ServiceSpec): ServiceOptionsInput | null {
  const { TaskTemplate: task = {}, EndpointSpec: endpoint } = spec;
  const options = given({
    labels: spec.Labels,
    mode: toMode(spec),
    updateConfig: spec.UpdateConfig && toRollout(spec.UpdateConfig),
    rollbackConfig: spec.RollbackConfig && toRollout(spec.RollbackConfig),
    endpointMode: endpoint?.Mode,
    ports: endpoint?.Ports?.map(toPort),
    ...toTaskOptions(task),
    ...toContainerOptions(task.ContainerSpec ?? {}),
  }) as ServiceOptionsInput;
  try {
    const rebuilt = toNewSpec({ ...options, name: spec.Name ?? '' });
    return isDeepStrictEqual(essence(rebuilt), essence(spec)) ? options : null;
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}

function toMode(spec: ServiceSpec): EngineDocument {
  const { Replicated, ReplicatedJob: job } = spec.Mode ?? {};
  return given({
    type: modeOf(spec),
    replicas: Replicated?.Replicas,
    maxConcurrent: job?.MaxConcurrent,
    totalCompletions: job?.TotalCompletions,
  });
}

function toRollout(config: ServiceUpdateConfig): EngineDocument {
  return given({
    parallelism: config.Parallelism,
    delaySeconds: toSeconds(config.Delay),
    monitorSeconds: toSeconds(config.Monitor),
    maxFailureRatio: config.MaxFailureRatio,
    failureAction: config.FailureAction,
    order: config.Order,
  });
}

function toPort(port: ServicePort): EngineDocument {
  return given({
    name: port.Name,
    containerPort: port.TargetPort,
    publishedPort: port.PublishedPort,
    protocol: port.Protocol,
    publishMode: port.PublishMode,
  });
}

function toTaskOptions(task: TaskSpec): EngineDocument {
  const { Resources, RestartPolicy: restart, Placement: placement, LogDriver } = task;
  return {
    resources: Resources && toResourceOptions(Resources),
    restartPolicy:
      restart &&
      given({
        condition: restart.Condition,
        delaySeconds: toSeconds(restart.Delay),
        maxAttempts: restart.MaxAttempts,
        windowSeconds: toSeconds(restart.Window),
      }),
    placement:
      placement &&
      given({
        constraints: placement.Constraints,
        spreadOver: placement.Preferences?.map(({ Spread }) => Spread?.SpreadDescriptor),
        maxReplicasPerNode: placement.MaxReplicas,
        platforms: placement.Platforms?.map(({ Architecture, OS }) =>
          given({ architecture: Architecture, os: OS }),
        ),
      }),
    forceUpdate: task.ForceUpdate,
    networks: task.Networks?.map(({ Target, Aliases, DriverOpts }) =>
      given({ network: Target, aliases: Aliases, driverOptions: DriverOpts }),
    ),
    logging: LogDriver && given({ driver: LogDriver.Name, options: LogDriver.Options }),
  };
}

/** What engines add by themselves. */
const ADDED: ReadonlySet<string> = new Set(['SecretName', 'ConfigName']);

/** What two specs have to have in common to be the same to an engine, which takes what is empty for what is missing. */
function essence(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((item) => essence(item));
  if (key === 'Runtime' && value === 'container') return undefined;
  if (typeof value !== 'object' || value === null) return isZero(value) ? undefined : value;
  const fields = Object.entries(value)
    .filter(([name]) => !ADDED.has(name))
    .map(([name, field]) => [name, essence(field, name)] as const)
    .filter(([, field]) => field !== undefined);
  // An empty object may be all that tells a mode, or that a config is no file.
  const isTelling = ['Global', 'GlobalJob', 'Replicated', 'ReplicatedJob', 'Runtime'].includes(key);
  return fields.length > 0 || isTelling ? Object.fromEntries(fields) : undefined;
}

function isZero(value: unknown): boolean {
  return value === undefined || value === null || value === '' || value === 0 || value === false;
}
