import type { ContainerInfo } from 'dockerode';
import type { Container, ContainerMount, ContainerNetwork, ContainerPort } from './container.model.js';
import { healthInStatus, toHealth, toState } from './container-status.js';
import type { Loose } from './engine-document.js';

/** One container of ContainerList. `Health` came with API 1.52. */
export type ListedContainer = Loose<ContainerInfo & { Health: { Status: string } }>;

/** `NetworkSettings.Networks` of lists and of inspect. */
export type NetworksDocument = Loose<
  Record<
    string,
    Partial<Record<'NetworkID' | 'IPAddress' | 'GlobalIPv6Address' | 'Gateway' | 'MacAddress', string>> & {
      Aliases?: string[];
    }
  >
>;

/** `Mounts` of lists and of inspect. */
export type MountsDocument = Loose<ContainerInfo['Mounts']>;

/** A container as ContainerList tells of it. */
export function toContainer(engine: string, document: ListedContainer): Container {
  const status = document.Status ?? '';
  const health = document.Health?.Status;
  return {
    engine,
    id: document.Id ?? '',
    name: ownName(document.Names ?? []),
    image: document.Image ?? '',
    imageId: document.ImageID ?? '',
    command: document.Command ?? '',
    labels: toLabels(document.Labels),
    state: toState(document.State),
    status,
    health: health === undefined || health === null ? healthInStatus(status) : toHealth(health),
    createdAt: new Date((document.Created ?? 0) * 1_000).toISOString(),
    ports: sortPorts((document.Ports ?? []).map(toPort)),
    mounts: toMounts(document.Mounts),
    networks: toNetworks(document.NetworkSettings?.Networks),
  };
}

/** Links give a container further names, which have the other container's before theirs: `/web/db`. */
function ownName(names: readonly string[]): string {
  const own = names.find((name) => name.lastIndexOf('/') <= 0) ?? names[0] ?? '';
  return own.replace(/^\//, '');
}

export function toLabels(labels: Loose<Record<string, string>> | null | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(labels ?? {}).map(([key, value]) => [key, value ?? '']));
}

export function toMounts(mounts: MountsDocument | null | undefined): ContainerMount[] {
  return (mounts ?? []).map((mount) => ({
    type: mount.Type ?? '',
    name: textOrNull(mount.Name),
    source: mount.Source ?? '',
    target: mount.Destination ?? '',
    driver: textOrNull(mount.Driver),
    readOnly: mount.RW === false,
    mode: mount.Mode ?? '',
    propagation: mount.Propagation ?? '',
  }));
}

export function toNetworks(networks: NetworksDocument | null | undefined): ContainerNetwork[] {
  return Object.entries(networks ?? {})
    .map(([name, endpoint]) => ({
      name,
      id: textOrNull(endpoint?.NetworkID),
      ipv4Address: textOrNull(endpoint?.IPAddress),
      ipv6Address: textOrNull(endpoint?.GlobalIPv6Address),
      gateway: textOrNull(endpoint?.Gateway),
      macAddress: textOrNull(endpoint?.MacAddress),
      aliases: [...(endpoint?.Aliases ?? [])],
    }))
    .sort((a, b) => compare(a.name, b.name));
}

/** By number, protocol and address; the engine's own order changes from call to call. */
export function sortPorts(ports: ContainerPort[]): ContainerPort[] {
  return ports.sort(
    (a, b) =>
      Number(a.hostPort === null) - Number(b.hostPort === null) ||
      a.containerPort - b.containerPort ||
      compare(a.protocol, b.protocol) ||
      compare(a.hostIp ?? '', b.hostIp ?? '') ||
      (a.hostPort ?? 0) - (b.hostPort ?? 0),
  );
}

export function textOrNull(text: string | null | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}

function toPort(port: Loose<ContainerInfo['Ports'][number]>): ContainerPort {
  return {
    containerPort: port.PrivatePort ?? 0,
    protocol: port.Type ?? 'tcp',
    hostIp: textOrNull(port.IP),
    hostPort: port.PublicPort ?? null,
  };
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
