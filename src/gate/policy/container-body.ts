import { flag, integer, list, map, object, text, textOrList, type ValueOf } from './body-shape.js';

/*
 * The bodies of ContainerCreate, ContainerUpdate and ContainerExec, field by field, as Engine API 1.41 to 1.55
 * describe them. What is not here is refused (default deny): a field that a newer engine adds must be read by the
 * policy before it may pass.
 */

const deviceRates = list(object({ Path: text, Rate: integer }));

/** Of a container, and of a build. */
export const ULIMIT = object({ Name: text, Soft: integer, Hard: integer });

/** `Resources`: the part of a HostConfig that ContainerUpdate may change. */
const RESOURCES = {
  CpuShares: integer,
  Memory: integer,
  NanoCpus: integer,
  CgroupParent: text,
  BlkioWeight: integer,
  BlkioWeightDevice: list(object({ Path: text, Weight: integer })),
  BlkioDeviceReadBps: deviceRates,
  BlkioDeviceWriteBps: deviceRates,
  BlkioDeviceReadIOps: deviceRates,
  BlkioDeviceWriteIOps: deviceRates,
  CpuPeriod: integer,
  CpuQuota: integer,
  CpuRealtimePeriod: integer,
  CpuRealtimeRuntime: integer,
  CpusetCpus: text,
  CpusetMems: text,
  Devices: list(object({ PathOnHost: text, PathInContainer: text, CgroupPermissions: text })),
  DeviceCgroupRules: list(text),
  DeviceRequests: list(
    object({
      Driver: text,
      Count: integer,
      DeviceIDs: list(text),
      Capabilities: list(list(text)),
      Options: map(text),
    }),
  ),
  KernelMemory: integer,
  KernelMemoryTCP: integer,
  MemoryReservation: integer,
  MemorySwap: integer,
  MemorySwappiness: integer,
  OomKillDisable: flag,
  Init: flag,
  PidsLimit: integer,
  Ulimits: list(ULIMIT),
  CpuCount: integer,
  CpuPercent: integer,
  IOMaximumIOps: integer,
  IOMaximumBandwidth: integer,
};

const RESTART_POLICY = object({ Name: text, MaximumRetryCount: integer });

/** `Mount`, of containers and services. */
export const MOUNT = object({
  Target: text,
  Source: text,
  Type: text,
  ReadOnly: flag,
  Consistency: text,
  BindOptions: object({
    Propagation: text,
    NonRecursive: flag,
    CreateMountpoint: flag,
    ReadOnlyNonRecursive: flag,
    ReadOnlyForceRecursive: flag,
  }),
  VolumeOptions: object({
    NoCopy: flag,
    Labels: map(text),
    DriverConfig: object({ Name: text, Options: map(text) }),
    Subpath: text,
  }),
  ImageOptions: object({ Subpath: text }),
  TmpfsOptions: object({ SizeBytes: integer, Mode: integer, Options: list(list(text)) }),
  ClusterOptions: object({}),
});

export type MountBody = ValueOf<typeof MOUNT>;

const HOST_CONFIG = object({
  ...RESOURCES,
  Binds: list(text),
  ContainerIDFile: text,
  LogConfig: object({ Type: text, Config: map(text) }),
  NetworkMode: text,
  PortBindings: map(list(object({ HostIp: text, HostPort: text }))),
  RestartPolicy: RESTART_POLICY,
  AutoRemove: flag,
  VolumeDriver: text,
  VolumesFrom: list(text),
  Mounts: list(MOUNT),
  ConsoleSize: list(integer),
  Annotations: map(text),
  CapAdd: list(text),
  CapDrop: list(text),
  CgroupnsMode: text,
  Dns: list(text),
  DnsOptions: list(text),
  DnsSearch: list(text),
  ExtraHosts: list(text),
  GroupAdd: list(text),
  IpcMode: text,
  Cgroup: text,
  Links: list(text),
  OomScoreAdj: integer,
  PidMode: text,
  Privileged: flag,
  PublishAllPorts: flag,
  ReadonlyRootfs: flag,
  SecurityOpt: list(text),
  StorageOpt: map(text),
  Tmpfs: map(text),
  UTSMode: text,
  UsernsMode: text,
  ShmSize: integer,
  Sysctls: map(text),
  Runtime: text,
  Isolation: text,
  MaskedPaths: list(text),
  ReadonlyPaths: list(text),
});

export type HostConfigBody = ValueOf<typeof HOST_CONFIG>;

/** How a container is on a network. Clients send also what the engine itself sets, empty. */
export const ENDPOINT = object({
  IPAMConfig: object({ IPv4Address: text, IPv6Address: text, LinkLocalIPs: list(text) }),
  Links: list(text),
  MacAddress: text,
  Aliases: list(text),
  DriverOpts: map(text),
  GwPriority: integer,
  NetworkID: text,
  EndpointID: text,
  Gateway: text,
  IPAddress: text,
  IPPrefixLen: integer,
  IPv6Gateway: text,
  GlobalIPv6Address: text,
  GlobalIPv6PrefixLen: integer,
  DNSNames: list(text),
});

export type EndpointBody = ValueOf<typeof ENDPOINT>;

/** Of a container, and of the containers of a service. */
export const HEALTH_CHECK = object({
  Test: list(text),
  Interval: integer,
  Timeout: integer,
  Retries: integer,
  StartPeriod: integer,
  StartInterval: integer,
});

const CONTAINER_CONFIG = {
  Hostname: text,
  Domainname: text,
  User: text,
  AttachStdin: flag,
  AttachStdout: flag,
  AttachStderr: flag,
  ExposedPorts: map(object({})),
  Tty: flag,
  OpenStdin: flag,
  StdinOnce: flag,
  Env: list(text),
  Cmd: textOrList,
  Healthcheck: HEALTH_CHECK,
  ArgsEscaped: flag,
  Image: text,
  Volumes: map(object({})),
  WorkingDir: text,
  Entrypoint: textOrList,
  NetworkDisabled: flag,
  MacAddress: text,
  OnBuild: list(text),
  Labels: map(text),
  StopSignal: text,
  StopTimeout: integer,
  Shell: list(text),
};

/** The body of ImageCommit (`POST /commit`): what of the container's own configuration the image is to have otherwise. */
export const CONTAINER_CONFIG_BODY = object(CONTAINER_CONFIG);

/** The body of ContainerCreate (`POST /containers/create`). */
export const CONTAINER_CREATE_BODY = object({
  ...CONTAINER_CONFIG,
  HostConfig: HOST_CONFIG,
  NetworkingConfig: object({ EndpointsConfig: map(ENDPOINT) }),
});

/** The body of ContainerUpdate (`POST /containers/{id}/update`). */
export const CONTAINER_UPDATE_BODY = object({ ...RESOURCES, RestartPolicy: RESTART_POLICY });

/**
 * The body of ContainerExec (`POST /containers/{id}/exec`). `Detach` (the Docker CLI), `Container` and `detachKeys`
 * (docker-py) are sent by clients though the API's description has them not; the engine gives them no power.
 */
export const EXEC_CREATE_BODY = object({
  AttachStdin: flag,
  AttachStdout: flag,
  AttachStderr: flag,
  ConsoleSize: list(integer),
  DetachKeys: text,
  detachKeys: text,
  Detach: flag,
  Container: text,
  Tty: flag,
  Env: list(text),
  Cmd: list(text),
  Privileged: flag,
  User: text,
  WorkingDir: text,
});

/** What the policy reads of ContainerInspect's answer. */
export const CONTAINER_DOCUMENT = object({
  Id: text,
  Config: object({ Image: text, User: text }),
  HostConfig: HOST_CONFIG,
  Mounts: list(
    object({
      Type: text,
      Name: text,
      Source: text,
      Destination: text,
      Driver: text,
      Mode: text,
      RW: flag,
      Propagation: text,
    }),
  ),
  NetworkSettings: object({ Networks: map(ENDPOINT) }),
});

export type ContainerDocument = ValueOf<typeof CONTAINER_DOCUMENT>;
export type MountPointBody = NonNullable<ContainerDocument['Mounts']>[number];
