import type { Loose } from '../containers/engine-document.js';
import { type AdvisedEngine, daemonAdvice } from './daemon-advice.js';
import type { DaemonConfig } from './daemon-config.model.js';
import { type InfoDocument, orNull, texts } from './system.mapper.js';

/** @param defaultBridgeSubnets of the network that containers are on which choose none */
export function toDaemonConfig(info: Loose<InfoDocument>, defaultBridgeSubnets: string[]): DaemonConfig {
  const engine = toAdvised(info, defaultBridgeSubnets);
  const {
    osType: _osType,
    inSwarm: _inSwarm,
    swapLimit: _swapLimit,
    memoryLimit: _memoryLimit,
    pidsLimit: _pidsLimit,
    ipv4Forwarding: _ipv4Forwarding,
    securityOptions: _securityOptions,
    dataSpaceLoopback: _dataSpaceLoopback,
    ...config
  } = engine;
  return { ...config, advice: daemonAdvice(engine) };
}

function toAdvised(info: Loose<InfoDocument>, defaultBridgeSubnets: string[]): AdvisedEngine {
  const registries = info.RegistryConfig;
  const status = new Map((info.DriverStatus ?? []).map((pair) => [pair[0] ?? '', pair[1] ?? '']));
  const security = texts(info.SecurityOptions);
  return {
    dataRoot: info.DockerRootDir ?? '',
    storageDriver: info.Driver ?? '',
    backingFilesystem: orNull(status.get('Backing Filesystem')),
    logDriver: info.LoggingDriver ?? '',
    cgroupDriver: orNull(info.CgroupDriver),
    cgroupVersion: orNull(info.CgroupVersion),
    defaultRuntime: info.DefaultRuntime ?? '',
    runtimes: Object.keys(info.Runtimes ?? {}).sort(),
    defaultBridgeSubnets,
    addressPools: (info.DefaultAddressPools ?? []).map((pool) => ({
      base: pool.Base ?? '',
      size: pool.Size ?? 0,
    })),
    dns: null,
    registryMirrors: texts(registries?.Mirrors),
    insecureRegistries: insecureRegistries(registries),
    liveRestore: info.LiveRestoreEnabled ?? false,
    debug: info.Debug ?? false,
    experimental: info.ExperimentalBuild ?? false,
    usernsRemap: security.some((option) => option.includes('name=userns')),
    rootless: security.some((option) => option.includes('name=rootless')),
    firewallBackend: orNull(info.FirewallBackend?.Driver),
    httpProxy: withoutCredentials(info.HttpProxy),
    httpsProxy: withoutCredentials(info.HttpsProxy),
    noProxy: orNull(info.NoProxy),
    labels: texts(info.Labels),
    osType: info.OSType ?? '',
    inSwarm: !['', 'inactive'].includes(info.Swarm?.LocalNodeState ?? ''),
    swapLimit: info.SwapLimit ?? false,
    memoryLimit: info.MemoryLimit ?? false,
    pidsLimit: info.PidsLimit ?? false,
    ipv4Forwarding: info.IPv4Forwarding ?? true,
    securityOptions: security,
    dataSpaceLoopback: status.has('Data loop file'),
  };
}

/** Ranges of addresses, and names that are told as registries which are not secure. */
function insecureRegistries(registries: Loose<InfoDocument['RegistryConfig']> | null | undefined): string[] {
  const named = Object.entries(registries?.IndexConfigs ?? {}).filter(([, index]) => index?.Secure === false);
  return [...texts(registries?.InsecureRegistryCIDRs), ...named.map(([name]) => name)];
}

function withoutCredentials(address: string | null | undefined): string | null {
  return orNull(address?.replace(/\/\/[^/@]*@/, '//'));
}
