import type { Freshness } from '../common/freshness.js';
import type { GenericResource, NodeDocument } from '../gate/engine-handle.js';
import { toOfSwarm } from '../swarm/swarm-object.model.js';
import type { Node, NodeDetails, NodeResource } from './node.model.js';

const NANO = 1e9;

/** A node as lists show it. */
export function toNode(engine: string, document: NodeDocument): Node {
  const { Spec, Description, Status, ManagerStatus } = document;
  return {
    ...toOfSwarm(engine, document, Spec.Labels),
    name: Description?.Hostname ?? '',
    role: Spec.Role ?? 'worker',
    availability: Spec.Availability ?? 'active',
    state: Status?.State ?? 'unknown',
    stateMessage: Status?.Message ?? '',
    address: Status?.Addr ?? null,
    leader: ManagerStatus?.Leader === true,
    reachability: ManagerStatus ? (ManagerStatus.Reachability ?? 'unknown') : null,
    managerAddress: ManagerStatus?.Addr ?? null,
    engineVersion: Description?.Engine?.EngineVersion ?? '',
    engineLabels: { ...Description?.Engine?.Labels },
    os: Description?.Platform?.OS ?? '',
    architecture: Description?.Platform?.Architecture ?? '',
    cpus: (Description?.Resources?.NanoCPUs ?? 0) / NANO,
    memoryBytes: Description?.Resources?.MemoryBytes ?? 0,
  };
}

export function toNodeDetails(engine: string, document: NodeDocument, freshness: Freshness): NodeDetails {
  const { Description } = document;
  return {
    ...toNode(engine, document),
    ...freshness,
    plugins: (Description?.Engine?.Plugins ?? []).map(({ Type = '', Name = '' }) => ({
      type: Type,
      name: Name,
    })),
    resources: (Description?.Resources?.GenericResources ?? []).flatMap(toResource),
    raw: document,
  };
}

function toResource({ NamedResourceSpec: named, DiscreteResourceSpec: counted }: GenericResource) {
  const resources: NodeResource[] = [];
  if (named) resources.push({ kind: named.Kind ?? '', value: named.Value ?? '' });
  if (counted) resources.push({ kind: counted.Kind ?? '', value: String(counted.Value ?? 0) });
  return resources;
}
