import type { IncomingHttpHeaders } from 'node:http';
import type { Loose } from '../containers/engine-document.js';
import type {
  ContainerCounts,
  DistributionImage,
  SystemInfo,
  SystemPing,
  SystemVersion,
} from './system.model.js';

/** The parts of SystemInfo that are read here. */
export interface InfoDocument {
  ID: string;
  Name: string;
  ServerVersion: string;
  OperatingSystem: string;
  OSType: string;
  Architecture: string;
  KernelVersion: string;
  NCPU: number;
  MemTotal: number;
  Containers: number;
  ContainersRunning: number;
  ContainersPaused: number;
  ContainersStopped: number;
  Images: number;
  Driver: string;
  DriverStatus: [string, string][] | null;
  LoggingDriver: string;
  CgroupDriver: string;
  CgroupVersion: string;
  DockerRootDir: string;
  Runtimes: Record<string, unknown> | null;
  DefaultRuntime: string;
  SecurityOptions: string[] | null;
  Plugins: { Volume: string[] | null; Network: string[] | null; Log: string[] | null };
  Swarm: { LocalNodeState: string };
  Labels: string[] | null;
  Warnings: string[] | null;
  SystemTime: string;
  Debug: boolean;
  ExperimentalBuild: boolean;
  LiveRestoreEnabled: boolean;
  MemoryLimit: boolean;
  SwapLimit: boolean;
  PidsLimit: boolean;
  OomKillDisable: boolean;
  CpuCfsQuota: boolean;
  IPv4Forwarding: boolean;
  BridgeNfIptables: boolean;
  BridgeNfIp6tables: boolean;
  HttpProxy: string;
  HttpsProxy: string;
  NoProxy: string;
  IndexServerAddress: string;
  RegistryConfig: {
    Mirrors: string[] | null;
    InsecureRegistryCIDRs: string[] | null;
    IndexConfigs: Record<string, { Name: string; Secure: boolean; Mirrors: string[] | null }> | null;
  };
  DefaultAddressPools: { Base: string; Size: number }[] | null;
  FirewallBackend: { Driver: string } | null;
}

/** How many of what the actor can't see whole is told to nobody. */
const CONTAINER_COUNTS = ['Containers', 'ContainersRunning', 'ContainersPaused', 'ContainersStopped'];

export function toSystemInfo(
  info: Loose<InfoDocument>,
  sees: { readonly containers: boolean; readonly images: boolean },
): SystemInfo {
  const plugins = info.Plugins;
  return {
    id: info.ID ?? '',
    hostName: info.Name ?? '',
    serverVersion: info.ServerVersion ?? '',
    operatingSystem: info.OperatingSystem ?? '',
    osType: info.OSType ?? '',
    architecture: info.Architecture ?? '',
    kernelVersion: info.KernelVersion ?? '',
    cpus: info.NCPU ?? 0,
    memoryBytes: info.MemTotal ?? 0,
    containers: sees.containers ? toCounts(info) : null,
    images: sees.images ? (info.Images ?? 0) : null,
    storageDriver: info.Driver ?? '',
    loggingDriver: info.LoggingDriver ?? '',
    cgroupDriver: orNull(info.CgroupDriver),
    cgroupVersion: orNull(info.CgroupVersion),
    dataRoot: info.DockerRootDir ?? '',
    runtimes: Object.keys(info.Runtimes ?? {}).sort(),
    defaultRuntime: info.DefaultRuntime ?? '',
    securityOptions: texts(info.SecurityOptions),
    volumeDrivers: texts(plugins?.Volume),
    networkDrivers: texts(plugins?.Network),
    logDrivers: texts(plugins?.Log),
    swarm: info.Swarm?.LocalNodeState ?? 'inactive',
    labels: texts(info.Labels),
    warnings: texts(info.Warnings),
    systemTime: orNull(info.SystemTime),
    raw: without(info, [...(sees.containers ? [] : CONTAINER_COUNTS), ...(sees.images ? [] : ['Images'])]),
  };
}

function toCounts(info: Loose<InfoDocument>): ContainerCounts {
  return {
    total: info.Containers ?? 0,
    running: info.ContainersRunning ?? 0,
    paused: info.ContainersPaused ?? 0,
    stopped: info.ContainersStopped ?? 0,
  };
}

export interface VersionDocument {
  Version: string;
  ApiVersion: string;
  MinAPIVersion: string;
  GoVersion: string;
  GitCommit: string;
  BuildTime: string;
  Os: string;
  Arch: string;
  KernelVersion: string;
  Experimental: boolean;
  Components: { Name: string; Version: string }[] | null;
}

export function toSystemVersion(document: Loose<VersionDocument>): SystemVersion {
  return {
    version: document.Version ?? '',
    apiVersion: document.ApiVersion ?? '',
    minApiVersion: document.MinAPIVersion ?? '',
    goVersion: document.GoVersion ?? '',
    gitCommit: document.GitCommit ?? '',
    buildTime: orNull(document.BuildTime),
    os: document.Os ?? '',
    architecture: document.Arch ?? '',
    kernelVersion: document.KernelVersion ?? '',
    experimental: document.Experimental ?? false,
    components: (document.Components ?? []).map((component) => ({
      name: component.Name ?? '',
      version: component.Version ?? '',
    })),
  };
}

export function toSystemPing(headers: IncomingHttpHeaders, latencyMs: number): SystemPing {
  const header = (name: string) => orNull(String(headers[name] ?? ''));
  return {
    apiVersion: header('api-version') ?? '',
    osType: header('ostype'),
    builderVersion: header('builder-version'),
    experimental: headers['docker-experimental'] === 'true',
    latencyMs: Math.round(latencyMs * 10) / 10,
  };
}

export interface DistributionDocument {
  Descriptor: {
    MediaType: string;
    mediaType: string;
    Digest: string;
    digest: string;
    Size: number;
    size: number;
  };
  Platforms: Record<string, string>[] | null;
}

export function toDistributionImage({
  Descriptor,
  Platforms,
}: Loose<DistributionDocument>): DistributionImage {
  return {
    mediaType: Descriptor?.mediaType ?? Descriptor?.MediaType ?? '',
    digest: Descriptor?.digest ?? Descriptor?.Digest ?? '',
    sizeBytes: Descriptor?.size ?? Descriptor?.Size ?? 0,
    platforms: (Platforms ?? []).map((platform) =>
      [platform['os'], platform['architecture'], platform['variant']].filter(Boolean).join('/'),
    ),
  };
}

export const orNull = (text: string | null | undefined): string | null =>
  text === undefined || text === '' ? null : text;

export const texts = (list: readonly (string | null | undefined)[] | null | undefined): string[] =>
  (list ?? []).filter((text): text is string => typeof text === 'string');

function without(document: object, keys: readonly string[]): object {
  return Object.fromEntries(Object.entries(document).filter(([key]) => !keys.includes(key)));
}
