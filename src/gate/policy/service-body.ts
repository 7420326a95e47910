import { decimal, flag, integer, list, map, object, text, type ValueOf } from './body-shape.js';
import { HEALTH_CHECK, MOUNT } from './container-body.js';

/*
 * A ServiceSpec, the body of ServiceCreate and ServiceUpdate, field by field, as Engine API 1.41 to 1.55 describe it. What is
 * not here is refused (default deny): a field that a newer engine adds must be read by the policy before it may pass.
 */

const FILE = object({ Name: text, UID: text, GID: text, Mode: integer });

const PRIVILEGES = object({
  CredentialSpec: object({ Config: text, File: text, Registry: text }),
  SELinuxContext: object({ Disable: flag, User: text, Role: text, Type: text, Level: text }),
  Seccomp: object({ Mode: text, Profile: text }),
  AppArmor: object({ Mode: text }),
  NoNewPrivileges: flag,
});

const CONTAINER_SPEC = object({
  Image: text,
  Labels: map(text),
  Command: list(text),
  Args: list(text),
  Hostname: text,
  Env: list(text),
  Dir: text,
  User: text,
  Groups: list(text),
  Privileges: PRIVILEGES,
  TTY: flag,
  OpenStdin: flag,
  ReadOnly: flag,
  Mounts: list(MOUNT),
  StopSignal: text,
  StopGracePeriod: integer,
  // So engines and their own clients write it; the API's description, and who goes by that, write `HealthCheck`.
  Healthcheck: HEALTH_CHECK,
  HealthCheck: HEALTH_CHECK,
  Hosts: list(text),
  DNSConfig: object({ Nameservers: list(text), Search: list(text), Options: list(text) }),
  Secrets: list(object({ File: FILE, SecretID: text, SecretName: text })),
  Configs: list(object({ File: FILE, Runtime: object({}), ConfigID: text, ConfigName: text })),
  OomScoreAdj: integer,
  Isolation: text,
  Init: flag,
  Sysctls: map(text),
  CapabilityAdd: list(text),
  CapabilityDrop: list(text),
  Ulimits: list(object({ Name: text, Soft: integer, Hard: integer })),
});

const NETWORKS = list(object({ Target: text, Aliases: list(text), DriverOpts: map(text) }));

const GENERIC_RESOURCES = list(
  object({
    NamedResourceSpec: object({ Kind: text, Value: text }),
    DiscreteResourceSpec: object({ Kind: text, Value: integer }),
  }),
);

const TASK_TEMPLATE = object({
  PluginSpec: object({
    Name: text,
    Remote: text,
    Disabled: flag,
    PluginPrivilege: list(object({ Name: text, Description: text, Value: list(text) })),
    Env: list(text),
  }),
  ContainerSpec: CONTAINER_SPEC,
  NetworkAttachmentSpec: object({ ContainerID: text }),
  Resources: object({
    Limits: object({ NanoCPUs: integer, MemoryBytes: integer, Pids: integer }),
    Reservations: object({
      NanoCPUs: integer,
      MemoryBytes: integer,
      GenericResources: GENERIC_RESOURCES,
    }),
    SwapBytes: integer,
    MemorySwappiness: integer,
  }),
  RestartPolicy: object({ Condition: text, Delay: integer, MaxAttempts: integer, Window: integer }),
  Placement: object({
    Constraints: list(text),
    Preferences: list(object({ Spread: object({ SpreadDescriptor: text }) })),
    MaxReplicas: integer,
    Platforms: list(object({ Architecture: text, OS: text })),
  }),
  ForceUpdate: integer,
  Runtime: text,
  Networks: NETWORKS,
  LogDriver: object({ Name: text, Options: map(text) }),
});

const ROLLOUT = object({
  Parallelism: integer,
  Delay: integer,
  FailureAction: text,
  Monitor: integer,
  MaxFailureRatio: decimal,
  Order: text,
});

/** The body of ServiceCreate (`POST /services/create`) and ServiceUpdate (`POST /services/{id}/update`). */
export const SERVICE_BODY = object({
  Name: text,
  Labels: map(text),
  TaskTemplate: TASK_TEMPLATE,
  Mode: object({
    Replicated: object({ Replicas: integer }),
    Global: object({}),
    ReplicatedJob: object({ MaxConcurrent: integer, TotalCompletions: integer }),
    GlobalJob: object({}),
  }),
  UpdateConfig: ROLLOUT,
  RollbackConfig: ROLLOUT,
  Networks: NETWORKS,
  EndpointSpec: object({
    Mode: text,
    Ports: list(
      object({
        Name: text,
        Protocol: text,
        TargetPort: integer,
        PublishedPort: integer,
        PublishMode: text,
      }),
    ),
  }),
});

export type ServiceBody = ValueOf<typeof SERVICE_BODY>;
export type TaskBody = NonNullable<ServiceBody['TaskTemplate']>;
export type TaskContainerBody = NonNullable<TaskBody['ContainerSpec']>;
