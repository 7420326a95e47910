import type { ContainerRecord } from '../gate/engine-handle.js';
import type { NetworkRecord } from './network-catalog.js';
import type {
  NetworkGraph,
  NetworkGraphContainer,
  NetworkGraphEdge,
  NetworkGraphGroup,
  NetworkGraphNetwork,
} from './network-graph.model.js';
import { networksOf, toEndpoint, toNetwork } from './network.mapper.js';

/** The graph itself, without how fresh it is. */
export type DrawnGraph = Pick<NetworkGraph, 'networks' | 'containers' | 'edges' | 'groups'>;

const RUNNING: ReadonlySet<string> = new Set(['running', 'paused', 'restarting']);
const ICC = 'com.docker.network.bridge.enable_icc';

/** Draws which of these containers are on which of these networks. */
export function drawGraph(
  engine: string,
  networkRecords: readonly NetworkRecord[],
  containerRecords: readonly ContainerRecord[],
): DrawnGraph {
  const networks = networkRecords.map((record) => toNode(engine, record)).sort(byName);
  const known = {
    ids: new Set(networks.map(({ id }) => id)),
    byName: new Map(networks.map(({ id, name }) => [name, id])),
  };
  const references = new Map(
    containerRecords.flatMap(({ id, name }) => [[name, id] as const, [id, id] as const]),
  );
  const containers = containerRecords.map((record) => toContainerNode(record, references)).sort(byName);
  const edges = containerRecords.flatMap((record) => edgesOf(record, known));
  return { networks, containers, edges, groups: groupsOf(networks, containers, edges) };
}

function toNode(engine: string, { kept }: NetworkRecord): NetworkGraphNetwork {
  const { id, name, driver, internal, driverOptions, ipam, labels } = toNetwork(engine, kept);
  const connects = driver !== 'null' && driverOptions[ICC]?.toLowerCase() !== 'false';
  return { id, name, driver, internal, connects, subnets: ipam.pools.map(({ subnet }) => subnet), labels };
}

function toContainerNode(
  { id, name, labels, kept }: ContainerRecord,
  references: ReadonlyMap<string, string>,
): NetworkGraphContainer {
  const [, shared] = /^container:(.+)$/.exec(kept.HostConfig?.NetworkMode ?? '') ?? [];
  return {
    id,
    name,
    state: kept.State.Status,
    sharesNetworkOf: shared === undefined ? null : (references.get(shared) ?? null),
    labels: { ...labels },
  };
}

function edgesOf(
  record: ContainerRecord,
  known: { readonly ids: ReadonlySet<string>; readonly byName: ReadonlyMap<string, string> },
): NetworkGraphEdge[] {
  return networksOf(record).flatMap(({ id, name, endpoint }) => {
    const networkId = id ?? known.byName.get(name);
    if (networkId === undefined || !known.ids.has(networkId)) return [];
    const { ipv4Address, ipv6Address, macAddress, aliases } = toEndpoint(record, endpoint);
    return [{ networkId, containerId: record.id, ipv4Address, ipv6Address, macAddress, aliases }];
  });
}

/** Containers that run, by what connects them: networks by which they can talk, and networks that they share whole. */
function groupsOf(
  networks: readonly NetworkGraphNetwork[],
  containers: readonly NetworkGraphContainer[],
  edges: readonly NetworkGraphEdge[],
): NetworkGraphGroup[] {
  const running = new Map(
    containers.filter(({ state }) => RUNNING.has(state)).map((container) => [container.id, container]),
  );
  const connecting = new Set(networks.filter(({ connects }) => connects).map(({ id }) => id));
  /** Who can talk directly, each by what they talk over. */
  const circles = new Map<string, Set<string>>();
  const join = (circle: string, containerId: string) => {
    if (running.has(containerId)) circles.set(circle, (circles.get(circle) ?? new Set()).add(containerId));
  };
  for (const { networkId, containerId } of edges) if (connecting.has(networkId)) join(networkId, containerId);
  for (const { id, sharesNetworkOf } of running.values()) {
    if (sharesNetworkOf === null || !running.has(sharesNetworkOf)) continue;
    for (const members of circles.values()) if (members.has(sharesNetworkOf)) members.add(id);
    join(`of ${sharesNetworkOf}`, sharesNetworkOf);
    join(`of ${sharesNetworkOf}`, id);
  }
  return [...componentsOf([...running.keys()], circles)]
    .map(({ members, by }) => ({
      containerIds: members,
      networkIds: by.filter((circle) => connecting.has(circle)),
      direct: isDirect(members, by, circles),
    }))
    .sort((one, other) => other.containerIds.length - one.containerIds.length);
}

interface Component {
  readonly members: string[];
  readonly by: string[];
}

function componentsOf(
  containers: readonly string[],
  circles: ReadonlyMap<string, ReadonlySet<string>>,
): Component[] {
  const circlesOf = new Map<string, string[]>();
  for (const [circle, members] of circles) {
    for (const member of members) circlesOf.set(member, [...(circlesOf.get(member) ?? []), circle]);
  }
  const seen = new Set<string>();
  const components: Component[] = [];
  for (const start of containers) {
    if (seen.has(start)) continue;
    seen.add(start);
    const members = [start];
    const by = new Set<string>();
    // It grows while it is walked through.
    for (const member of members) {
      for (const circle of circlesOf.get(member) ?? []) {
        if (by.has(circle)) continue;
        by.add(circle);
        for (const next of circles.get(circle) ?? []) {
          if (seen.has(next)) continue;
          seen.add(next);
          members.push(next);
        }
      }
    }
    components.push({ members, by: [...by] });
  }
  return components;
}

/** Whether each two of the members are in one circle. */
function isDirect(
  members: readonly string[],
  by: readonly string[],
  circles: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  const among = by.map((circle) => circles.get(circle) ?? new Set<string>());
  if (members.length === 1 || among.some(({ size }) => size === members.length)) return true;
  return members.every((member) => {
    const reached = new Set(among.filter((circle) => circle.has(member)).flatMap((circle) => [...circle]));
    return reached.size === members.length;
  });
}

function byName({ name }: { readonly name: string }, other: { readonly name: string }): number {
  return name === other.name ? 0 : name < other.name ? -1 : 1;
}
