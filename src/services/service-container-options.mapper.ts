import { toSeconds } from '../containers/container-create.mapper.js';
import { type EngineDocument, given } from '../containers/engine-document.js';
import { toMountInput } from '../containers/mount-input.mapper.js';
import type {
  ConfigReference,
  SecretReference,
  ServiceContainerSpec,
  ServiceHealthCheck,
  TaskSpec,
} from '../gate/engine-handle.js';

/** A ContainerSpec in the words of our inputs. */
export function toContainerOptions(container: ServiceContainerSpec): EngineDocument {
  const { Healthcheck: check, Privileges: privileges } = container;
  return {
    image: container.Image,
    containerLabels: container.Labels,
    command: container.Args,
    entrypoint: container.Command,
    env: container.Env,
    workingDir: container.Dir,
    user: container.User,
    groupAdd: container.Groups,
    hostname: container.Hostname,
    tty: container.TTY,
    openStdin: container.OpenStdin,
    readOnlyRootFilesystem: container.ReadOnly,
    init: container.Init,
    stopSignal: container.StopSignal,
    stopTimeoutSeconds: toSeconds(container.StopGracePeriod),
    healthcheck: check && toHealthcheck(check),
    mounts: container.Mounts?.map(toMountInput),
    dns: toDns(container),
    secrets: container.Secrets?.map(toSecret),
    configs: container.Configs?.map(toConfig),
    privileges: privileges && toPrivileges(privileges),
    capAdd: container.CapabilityAdd,
    capDrop: container.CapabilityDrop,
    sysctls: container.Sysctls,
    ulimits: container.Ulimits?.map(({ Name, Soft, Hard }) => given({ name: Name, soft: Soft, hard: Hard })),
    oomScoreAdj: container.OomScoreAdj,
    isolation: container.Isolation,
  };
}

/** `Resources` of a TaskSpec in the words of our inputs. */
export function toResourceOptions({
  Limits,
  Reservations,
  SwapBytes,
  MemorySwappiness,
}: NonNullable<TaskSpec['Resources']>): EngineDocument {
  return given({
    limits: Limits && given({ nanoCpus: Limits.NanoCPUs, memory: Limits.MemoryBytes, pids: Limits.Pids }),
    reservations:
      Reservations &&
      given({
        nanoCpus: Reservations.NanoCPUs,
        memory: Reservations.MemoryBytes,
        genericResources: Reservations.GenericResources?.map(
          ({ NamedResourceSpec: named, DiscreteResourceSpec: counted }) =>
            given({ kind: named?.Kind ?? counted?.Kind, name: named?.Value, count: counted?.Value }),
        ),
      }),
    swapBytes: SwapBytes,
    memorySwappiness: MemorySwappiness,
  });
}

function toHealthcheck(check: ServiceHealthCheck): EngineDocument {
  return given({
    test: check.Test,
    intervalSeconds: toSeconds(check.Interval),
    timeoutSeconds: toSeconds(check.Timeout),
    startPeriodSeconds: toSeconds(check.StartPeriod),
    startIntervalSeconds: toSeconds(check.StartInterval),
    retries: check.Retries,
  });
}

function toDns({ DNSConfig, Hosts }: ServiceContainerSpec): EngineDocument | undefined {
  if (!DNSConfig && !Hosts) return undefined;
  return given({
    servers: DNSConfig?.Nameservers,
    search: DNSConfig?.Search,
    options: DNSConfig?.Options,
    extraHosts: Hosts?.map(toExtraHost),
  });
}

/** `address name` here is `name:address` there. Of several names only the first has a place. */
function toExtraHost(line: string): string {
  const [address = '', name = ''] = line.split(/\s+/);
  return `${name}:${address}`;
}

function toSecret({ SecretID, File }: SecretReference): EngineDocument {
  return given({ secret: SecretID, ...toFile(File) });
}

function toConfig({ ConfigID, File, Runtime }: ConfigReference): EngineDocument {
  return given({ config: ConfigID, ...(Runtime ? { runtime: true } : toFile(File)) });
}

function toFile(file: SecretReference['File']): EngineDocument {
  return { target: file?.Name, uid: file?.UID, gid: file?.GID, mode: file?.Mode };
}

function toPrivileges({
  CredentialSpec: account,
  SELinuxContext: selinux,
  Seccomp: seccomp,
  AppArmor,
  NoNewPrivileges,
}: NonNullable<ServiceContainerSpec['Privileges']>): EngineDocument {
  return given({
    credentialSpec:
      account && given({ config: account.Config, file: account.File, registry: account.Registry }),
    selinux:
      selinux &&
      given({
        disable: selinux.Disable,
        user: selinux.User,
        role: selinux.Role,
        type: selinux.Type,
        level: selinux.Level,
      }),
    seccomp:
      seccomp &&
      given({
        mode: seccomp.Mode,
        profile:
          seccomp.Profile === undefined ? undefined : Buffer.from(seccomp.Profile, 'base64').toString(),
      }),
    appArmor: AppArmor?.Mode,
    noNewPrivileges: NoNewPrivileges,
  });
}
