import { DomainError } from '../../common/errors.js';
import { readBody, readDocument } from './body-shape.js';
import {
  CONTAINER_CREATE_BODY,
  CONTAINER_DOCUMENT,
  CONTAINER_UPDATE_BODY,
  EXEC_CREATE_BODY,
  type EndpointBody,
  type HostConfigBody,
} from './container-body.js';
import type { ContainerSpec, FieldValue } from './container-spec.js';
import { parseContainerName, parseNamespace } from './namespace-mode.js';
import { existingMounts, requestedMounts } from './normalise-mounts.js';
import { parseSecurityOptions } from './security-options.js';

/** What every engine since 20.10 masks and makes read-only in /proc and /sys unless a container says otherwise. */
export const ENGINE_MASKED_PATHS = [
  '/proc/acpi',
  '/proc/asound',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/sys/firmware',
];
export const ENGINE_READONLY_PATHS = [
  '/proc/bus',
  '/proc/fs',
  '/proc/irq',
  '/proc/sys',
  '/proc/sysrq-trigger',
];

/**
 * The spec of a ContainerCreate body. The body that was judged must be the one that is sent on.
 * @throws DomainError `invalid_input` when it has a field that the policy does not know or a value of the wrong type
 */
export function normaliseCreate(body: unknown): ContainerSpec {
  const container = readBody(CONTAINER_CREATE_BODY, body, 'container');
  const host = container.HostConfig ?? {};
  return {
    ...fromHostConfig(host),
    image: container.Image ?? '',
    user: container.User ?? '',
    ...networking(host, 'NetworkingConfig.EndpointsConfig', container.NetworkingConfig?.EndpointsConfig),
    mounts: requestedMounts(host, container.Volumes),
  };
}

/**
 * The spec of an existing container, from ContainerInspect's answer. Defaults that the engine has written into it are
 * taken back out, and its mounts are those that it has, so `volumesFrom` is empty.
 * @throws DomainError `engine_error` when the document is not what the Engine API describes
 */
export function normaliseInspect(document: unknown): ContainerSpec {
  const {
    Config: config,
    HostConfig: host,
    Mounts: mounts,
    NetworkSettings: network,
  } = readDocument(CONTAINER_DOCUMENT, document, 'container');
  if (!config || !host || !mounts) {
    throw new DomainError('engine_error', "The engine's container cannot be read: it has no configuration");
  }
  const spec = fromHostConfig(host);
  return {
    ...spec,
    image: config.Image ?? '',
    user: config.User ?? '',
    ...networking(host, 'NetworkSettings.Networks', network?.Networks),
    mounts: existingMounts(host, mounts),
    volumesFrom: [],
    maskedPaths: unlessDefault(spec.maskedPaths, ENGINE_MASKED_PATHS),
    readonlyPaths: unlessDefault(spec.readonlyPaths, ENGINE_READONLY_PATHS),
    logDriver: undefined,
  };
}

/**
 * The spec of the existing container `document` after ContainerUpdate with `body`. Lists are joined, because engines
 * differ in which of them an update replaces.
 * @throws DomainError `invalid_input` or `engine_error` as the two it is made of
 */
export function normaliseUpdate(document: unknown, body: unknown): ContainerSpec {
  const update = fromHostConfig(readBody(CONTAINER_UPDATE_BODY, body, 'update'));
  const current = normaliseInspect(document);
  return {
    ...current,
    devices: [...current.devices, ...update.devices],
    ulimits: [...current.ulimits, ...update.ulimits],
    cgroupParent: update.cgroupParent === '' ? current.cgroupParent : update.cgroupParent,
    oomKillDisable: update.oomKillDisable || current.oomKillDisable,
    realtimeCpu: update.realtimeCpu || current.realtimeCpu,
  };
}

/**
 * The spec of a process that ContainerExec starts with `body` in `container`: the container as it is, with the
 * exec's own privileges and user. So entering a container needs the container's level, and the exec's on top.
 * @throws DomainError `invalid_input` as for a create
 */
export function execSpec(container: ContainerSpec, body: unknown): ContainerSpec {
  const exec = readBody(EXEC_CREATE_BODY, body, 'exec');
  return {
    ...container,
    privileged: container.privileged || exec.Privileged === true,
    user: exec.User != null && exec.User !== '' ? exec.User : container.user,
  };
}

function fromHostConfig(host: HostConfigBody): ContainerSpec {
  return {
    image: '',
    user: '',
    networks: [],
    mounts: [],
    privileged: host.Privileged === true,
    capAdd: host.CapAdd ?? [],
    capDrop: host.CapDrop ?? [],
    namespaces: {
      pid: parseNamespace('pid', host.PidMode ?? ''),
      ipc: parseNamespace('ipc', host.IpcMode ?? ''),
      uts: parseNamespace('uts', host.UTSMode ?? ''),
      net: parseNamespace('net', host.NetworkMode ?? ''),
      userns: parseNamespace('userns', host.UsernsMode ?? ''),
      cgroupns: parseNamespace('cgroupns', host.CgroupnsMode ?? ''),
    },
    links: [],
    volumesFrom: (host.VolumesFrom ?? []).map(containerOf),
    volumeDriver: host.VolumeDriver ?? '',
    devices: devicesOf(host),
    security: parseSecurityOptions(host.SecurityOpt ?? []),
    maskedPaths: host.MaskedPaths ?? undefined,
    readonlyPaths: host.ReadonlyPaths ?? undefined,
    sysctls: Object.keys(host.Sysctls ?? {}),
    runtime: host.Runtime ?? '',
    logDriver: { type: host.LogConfig?.Type ?? '', options: Object.keys(host.LogConfig?.Config ?? {}) },
    cgroupParent: host.CgroupParent ?? '',
    cgroup: host.Cgroup ?? '',
    oomScoreAdj: host.OomScoreAdj ?? 0,
    oomKillDisable: host.OomKillDisable === true,
    realtimeCpu: isSet(host.CpuRealtimePeriod) || isSet(host.CpuRealtimeRuntime),
    ulimits: (host.Ulimits ?? []).map((ulimit) => ulimit.Name ?? ''),
    storageOptions: Object.keys(host.StorageOpt ?? {}),
    isolation: host.Isolation ?? '',
    annotations: Object.keys(host.Annotations ?? {}),
  };
}

function devicesOf(host: HostConfigBody): FieldValue[] {
  const all = (field: string, values: readonly string[]) =>
    values.map((value) => ({ field: `HostConfig.${field}`, value }));
  const paths = (limits: readonly { Path?: string | null }[] | null | undefined) =>
    (limits ?? []).map((limit) => limit.Path ?? '');
  return [
    ...all(
      'Devices',
      (host.Devices ?? []).map((device) => device.PathOnHost ?? ''),
    ),
    ...all('DeviceCgroupRules', host.DeviceCgroupRules ?? []),
    ...all(
      'DeviceRequests',
      (host.DeviceRequests ?? []).map((request) => request.Driver ?? ''),
    ),
    ...all('BlkioWeightDevice', paths(host.BlkioWeightDevice)),
    ...all('BlkioDeviceReadBps', paths(host.BlkioDeviceReadBps)),
    ...all('BlkioDeviceWriteBps', paths(host.BlkioDeviceWriteBps)),
    ...all('BlkioDeviceReadIOps', paths(host.BlkioDeviceReadIOps)),
    ...all('BlkioDeviceWriteIOps', paths(host.BlkioDeviceWriteIOps)),
  ];
}

/** The networks that a container is on, by its endpoints and its network mode, and its links on any of them. */
function networking(
  host: HostConfigBody,
  field: string,
  endpoints: Record<string, EndpointBody | null> | null | undefined,
): Pick<ContainerSpec, 'networks' | 'links'> {
  const networks = Object.entries(endpoints ?? {}).map(([network, endpoint]) => ({
    field: `${field}.${network}`,
    network,
    driverOptions: Object.keys(endpoint?.DriverOpts ?? {}),
  }));
  const mode = host.NetworkMode ?? '';
  if (
    mode !== '' &&
    parseNamespace('net', mode) === 'private' &&
    !networks.some(({ network }) => network === mode)
  ) {
    networks.push({ field: 'HostConfig.NetworkMode', network: mode, driverOptions: [] });
  }
  const endpointLinks = Object.values(endpoints ?? {}).flatMap((endpoint) => endpoint?.Links ?? []);
  return { networks, links: [...(host.Links ?? []), ...endpointLinks].map(containerOf) };
}

function unlessDefault(paths: string[] | undefined, defaults: readonly string[]): string[] | undefined {
  return paths !== undefined && defaults.every((path) => paths.includes(path)) ? undefined : paths;
}

function isSet(value: number | null | undefined): boolean {
  return value != null && value !== 0;
}

/** The container of a `Links` or `VolumesFrom` entry (`/name:…`), or the entry itself when it names none. */
function containerOf(entry: string): string {
  return parseContainerName(entry.split(':', 1)[0] ?? '') ?? entry;
}
