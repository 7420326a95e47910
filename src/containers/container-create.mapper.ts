import type { UpdateContainerInput } from './container.inputs.js';
import type { ContainerConfigInput } from './container-config.inputs.js';
import type { CreateContainerInput } from './container-create.inputs.js';
import type { NamespacesInput, SecurityInput } from './container-isolation.inputs.js';
import type {
  DnsInput,
  HealthcheckInput,
  LoggingInput,
  RestartPolicyInput,
  TerminalSizeInput,
} from './container-runtime.inputs.js';
import { type EngineDocument, present } from './engine-document.js';
import { CREATE_OPTIONS, requireSupported, UPDATE_OPTIONS } from './engine-options.js';
import { toMount } from './mount.mapper.js';
import { toCreateNetworking, toExposedPorts, toPortBindings } from './network.mapper.js';
import { toResourceLimits, toResources } from './resources.mapper.js';

const NANOSECONDS = 1_000_000_000;

/**
 * The body of ContainerCreate. The name and the platform go in the query.
 *
 * @param apiVersion the version spoken with the engine, such as `1.41`
 * @throws DomainError `not_supported` for options that this version does not have, `invalid_input` for contradictions
 */
export function toCreateBody(input: CreateContainerInput, apiVersion: string): EngineDocument {
  requireSupported(input, CREATE_OPTIONS, apiVersion);
  const networking = toCreateNetworking(input, apiVersion);
  return {
    ...toConfig(input),
    ...present({
      ExposedPorts: toExposedPorts([...(input.exposedPorts ?? []), ...(input.ports ?? [])]),
      MacAddress: networking.macAddress,
      NetworkingConfig: networking.networkingConfig,
    }),
    HostConfig: {
      ...toHostConfig(input),
      ...(input.resources && toResources(input.resources)),
      ...(input.security && toSecurity(input.security)),
      ...(input.namespaces && toNamespaces(input.namespaces)),
      ...(input.dns && toDns(input.dns)),
      ...present({ NetworkMode: networking.networkMode }),
    },
  };
}

/**
 * The body of ContainerUpdate.
 *
 * @throws DomainError `not_supported` for options that this version does not have
 */
export function toUpdateBody(input: UpdateContainerInput, apiVersion: string): EngineDocument {
  requireSupported(input, UPDATE_OPTIONS, apiVersion);
  return {
    ...(input.resources && toResourceLimits(input.resources)),
    ...present({ RestartPolicy: input.restartPolicy && toRestartPolicy(input.restartPolicy) }),
  };
}

/** `ConsoleSize` of the Engine API: height first. */
export function toConsoleSize({ height, width }: TerminalSizeInput): [height: number, width: number] {
  return [height, width];
}

function toConfig(input: ContainerConfigInput): EngineDocument {
  return present({
    Image: input.image,
    Cmd: input.command,
    Entrypoint: input.entrypoint,
    Env: input.env,
    Labels: input.labels,
    User: input.user,
    WorkingDir: input.workingDir,
    Hostname: input.hostname,
    Domainname: input.domainname,
    Healthcheck: input.healthcheck && toHealthcheck(input.healthcheck),
    StopSignal: input.stopSignal,
    StopTimeout: input.stopTimeoutSeconds,
    Tty: input.tty,
    OpenStdin: input.openStdin,
    StdinOnce: input.stdinOnce,
    AttachStdin: input.attachStdin,
    AttachStdout: input.attachStdout,
    AttachStderr: input.attachStderr,
    Volumes: input.volumes && Object.fromEntries(input.volumes.map((path) => [path, {}])),
    NetworkDisabled: input.networkDisabled,
    Shell: input.shell,
    OnBuild: input.onBuild,
  });
}

function toHostConfig(input: CreateContainerInput): EngineDocument {
  return present({
    PortBindings: toPortBindings(input.ports),
    PublishAllPorts: input.publishAllPorts,
    Mounts: input.mounts?.map(toMount),
    Binds: input.binds,
    Tmpfs: input.tmpfs,
    VolumesFrom: input.volumesFrom,
    VolumeDriver: input.volumeDriver,
    StorageOpt: input.storageOptions,
    ShmSize: input.shmSize,
    RestartPolicy: input.restartPolicy && toRestartPolicy(input.restartPolicy),
    AutoRemove: input.autoRemove,
    Init: input.init,
    LogConfig: input.logging && toLogConfig(input.logging),
    GroupAdd: input.groupAdd,
    Sysctls: input.sysctls,
    Annotations: input.annotations,
    Runtime: input.runtime,
    OomScoreAdj: input.oomScoreAdj,
    Links: input.links,
    ConsoleSize: input.consoleSize && toConsoleSize(input.consoleSize),
  });
}

function toSecurity(security: SecurityInput): EngineDocument {
  return present({
    Privileged: security.privileged,
    CapAdd: security.capAdd,
    CapDrop: security.capDrop,
    SecurityOpt: security.securityOptions,
    ReadonlyRootfs: security.readOnlyRootFilesystem,
    MaskedPaths: security.maskedPaths,
    ReadonlyPaths: security.readonlyPaths,
  });
}

function toNamespaces(namespaces: NamespacesInput): EngineDocument {
  return present({
    PidMode: namespaces.pid,
    IpcMode: namespaces.ipc,
    UTSMode: namespaces.uts,
    UsernsMode: namespaces.userns,
    CgroupnsMode: namespaces.cgroupns,
    Cgroup: namespaces.cgroup,
  });
}

function toDns(dns: DnsInput): EngineDocument {
  return present({
    Dns: dns.servers,
    DnsSearch: dns.search,
    DnsOptions: dns.options,
    ExtraHosts: dns.extraHosts,
  });
}

/** `Healthcheck` of the Engine API, of containers and services. */
export function toHealthcheck(check: HealthcheckInput): EngineDocument {
  return present({
    Test: check.test,
    Interval: toNanoseconds(check.intervalSeconds),
    Timeout: toNanoseconds(check.timeoutSeconds),
    StartPeriod: toNanoseconds(check.startPeriodSeconds),
    StartInterval: toNanoseconds(check.startIntervalSeconds),
    Retries: check.retries,
  });
}

/** As the Engine API counts time. */
export function toNanoseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.round(seconds * NANOSECONDS);
}

/** From how the Engine API counts time. */
export function toSeconds(nanoseconds: number | undefined): number | undefined {
  return nanoseconds === undefined ? undefined : nanoseconds / NANOSECONDS;
}

function toRestartPolicy({ name, maximumRetryCount }: RestartPolicyInput): EngineDocument {
  return present({ Name: name, MaximumRetryCount: maximumRetryCount });
}

function toLogConfig({ driver, options }: LoggingInput): EngineDocument {
  return present({ Type: driver, Config: options });
}
