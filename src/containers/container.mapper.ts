import type { ContainerInfo, ContainerInspectInfo } from 'dockerode';
import type { Container, ContainerMount, ContainerNetwork, ContainerPort } from './container.model.js';
import { ofEngine } from '../common/of-engine.js';
import { statusText, timeOrNull, toHealth, toState } from './container-status.js';
import type { Loose } from './engine-document.js';

/** The answer of ContainerInspect, or what is kept of it. */
export type InspectedContainer = Loose<ContainerInspectInfo>;

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

/**
 * A container as lists show it.
 *
 * @param now the time that the status text counts from, in milliseconds since the epoch
 */
export function toContainer(engine: string, document: InspectedContainer, now = Date.now()): Container {
  const state = document.State ?? {};
  const config = document.Config ?? {};
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
    mounts: toMounts(engine, document.Mounts),
    networks: toNetworks(engine, document.NetworkSettings?.Networks),
  };
}

/** As the engine writes it in lists: arguments with a space in them stand in quotation marks. */
function commandLine(path: string, args: readonly string[]): string {
  return [path, ...args.map((argument) => (argument.includes(' ') ? `'${argument}'` : argument))].join(' ');
}

function toLabels(labels: Loose<Record<string, string>> | null | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(labels ?? {}).map(([key, value]) => [key, value ?? '']));
}

function toMounts(engine: string, mounts: MountsDocument | null | undefined): ContainerMount[] {
  return (mounts ?? []).map((mount) =>
    ofEngine(engine, {
      type: mount.Type ?? '',
      name: textOrNull(mount.Name),
      source: mount.Source ?? '',
      target: mount.Destination ?? '',
      driver: textOrNull(mount.Driver),
      readOnly: mount.RW === false,
      mode: mount.Mode ?? '',
      propagation: mount.Propagation ?? '',
    }),
  );
}

function toNetworks(engine: string, networks: NetworksDocument | null | undefined): ContainerNetwork[] {
  return Object.entries(networks ?? {})
    .map(([name, endpoint]) =>
      ofEngine(engine, {
        name,
        id: textOrNull(endpoint?.NetworkID),
        ipv4Address: textOrNull(endpoint?.IPAddress),
        ipv6Address: textOrNull(endpoint?.GlobalIPv6Address),
        gateway: textOrNull(endpoint?.Gateway),
        macAddress: textOrNull(endpoint?.MacAddress),
        aliases: [...(endpoint?.Aliases ?? [])],
      }),
    )
    .sort((a, b) => compare(a.name, b.name));
}

/** By number, protocol and address; the engine's own order changes from call to call. */
function sortPorts(ports: ContainerPort[]): ContainerPort[] {
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

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
