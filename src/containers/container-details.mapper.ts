import type { ContainerInspectInfo, HostConfig } from 'dockerode';
import { sortPorts, textOrNull, toLabels, toMounts, toNetworks } from './container.mapper.js';
import type { ContainerPort } from './container.model.js';
import type { ContainerDetails, ContainerResources } from './container-details.model.js';
import { exitCodeOrNull, statusText, timeOrNull, toHealth, toState } from './container-status.js';
import type { Loose } from './engine-document.js';

/** The answer of ContainerInspect. */
export type InspectedContainer = Loose<ContainerInspectInfo>;

/**
 * A container as ContainerInspect tells of it.
 *
 * @param document as the caller may see it: the gate takes out environment values
 * @param now the time that the status text counts from, in milliseconds since the epoch
 */
export function toContainerDetails(
  engine: string,
  document: InspectedContainer,
  now = Date.now(),
): ContainerDetails {
  const state = document.State ?? {};
  const config = document.Config ?? {};
  const host = document.HostConfig ?? {};
  const pid = state.Pid ?? 0;
  return {
    engine,
    id: document.Id ?? '',
    name: (document.Name ?? '').replace(/^\//, ''),
    image: config.Image ?? '',
    imageId: document.Image ?? '',
    command: commandLine(document.Path ?? '', document.Args ?? []),
    labels: toLabels(config.Labels),
    state: toState(state.Status),
    status: statusText(state, now),
    health: toHealth(state.Health?.Status),
    createdAt: timeOrNull(document.Created) ?? new Date(0).toISOString(),
    ports: toPublishedPorts(document.NetworkSettings?.Ports),
    mounts: toMounts(document.Mounts),
    networks: toNetworks(document.NetworkSettings?.Networks),
    startedAt: timeOrNull(state.StartedAt),
    finishedAt: timeOrNull(state.FinishedAt),
    exitCode: exitCodeOrNull(state),
    error: textOrNull(state.Error),
    oomKilled: state.OOMKilled ?? false,
    restartCount: document.RestartCount ?? 0,
    pid: pid > 0 ? pid : null,
    entrypoint: words(config.Entrypoint),
    arguments: words(config.Cmd),
    env: config.Env ? [...config.Env] : null,
    workingDir: config.WorkingDir ?? '',
    user: config.User ?? '',
    hostname: config.Hostname ?? '',
    tty: config.Tty ?? false,
    openStdin: config.OpenStdin ?? false,
    platform: document.Platform ?? '',
    logDriver: host.LogConfig?.Type ?? '',
    autoRemove: host.AutoRemove ?? false,
    privileged: host.Privileged ?? false,
    networkMode: host.NetworkMode ?? '',
    restartPolicy: {
      name: textOrNull(host.RestartPolicy?.Name) ?? 'no',
      maximumRetryCount: host.RestartPolicy?.MaximumRetryCount ?? 0,
    },
    resources: toContainerResources(host),
    warnings: [],
    raw: document,
  };
}

/** As the engine writes it in lists: arguments with a space in them stand in quotation marks. */
function commandLine(path: string, args: readonly string[]): string {
  return [path, ...args.map((argument) => (argument.includes(' ') ? `'${argument}'` : argument))].join(' ');
}

function words(value: string | readonly string[] | null | undefined): string[] {
  return typeof value === 'string' ? [value] : [...(value ?? [])];
}

/** `80/tcp: [{HostIp, HostPort}]`, or null for a port that is exposed only. */
function toPublishedPorts(
  ports: Loose<ContainerInspectInfo['NetworkSettings']['Ports']> | null | undefined,
): ContainerPort[] {
  return sortPorts(
    Object.entries(ports ?? {}).flatMap(([key, bindings]) => {
      const [number = '', protocol = 'tcp'] = key.split('/');
      const port = { containerPort: Number(number), protocol };
      if (!bindings || bindings.length === 0) return [{ ...port, hostIp: null, hostPort: null }];
      return bindings.map(({ HostIp, HostPort }) => ({
        ...port,
        hostIp: textOrNull(HostIp),
        hostPort: HostPort === undefined || HostPort === null || HostPort === '' ? null : Number(HostPort),
      }));
    }),
  );
}

function toContainerResources(host: Loose<HostConfig>): ContainerResources {
  return {
    memory: limitOrNull(host.Memory),
    memorySwap: limitOrNull(host.MemorySwap),
    memoryReservation: limitOrNull(host.MemoryReservation),
    nanoCpus: limitOrNull(host.NanoCpus),
    cpuShares: limitOrNull(host.CpuShares),
    cpuPeriod: limitOrNull(host.CpuPeriod),
    cpuQuota: limitOrNull(host.CpuQuota),
    cpusetCpus: textOrNull(host.CpusetCpus),
    cpusetMems: textOrNull(host.CpusetMems),
    pidsLimit: limitOrNull(host.PidsLimit),
    blkioWeight: limitOrNull(host.BlkioWeight),
  };
}

/** 0 stands for "no limit" in the Engine API. */
function limitOrNull(limit: number | null | undefined): number | null {
  return limit === undefined || limit === 0 ? null : limit;
}
