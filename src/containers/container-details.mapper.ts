import type { HostConfig } from 'dockerode';
import type { Freshness } from '../common/freshness.js';
import { type InspectedContainer, textOrNull, toContainer } from './container.mapper.js';
import type { ContainerDetails, ContainerResources } from './container-details.model.js';
import { exitCodeOrNull, timeOrNull } from './container-status.js';
import type { Loose } from './engine-document.js';

/**
 * A container as ContainerInspect tells of it.
 *
 * @param document as the caller may see it: the gate takes out environment values
 * @param freshness how far the document can be relied on
 * @param now the time that the status text counts from, in milliseconds since the epoch
 */
export function toContainerDetails(
  engine: string,
  document: InspectedContainer,
  freshness: Freshness,
  now = Date.now(),
): ContainerDetails {
  const state = document.State ?? {};
  const config = document.Config ?? {};
  const host = document.HostConfig ?? {};
  const pid = state.Pid ?? 0;
  return {
    ...toContainer(engine, document, now),
    ...freshness,
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

function words(value: string | readonly string[] | null | undefined): string[] {
  return typeof value === 'string' ? [value] : [...(value ?? [])];
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
