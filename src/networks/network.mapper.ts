import { type Freshness } from '../common/freshness.js';
import type { Loose } from '../containers/engine-document.js';
import type { ContainerRecord } from '../gate/engine-handle.js';
import type { Network, NetworkDetails, NetworkEndpoint, NetworkPool } from './network.model.js';

/** Names of the networks that every engine has of its own. */
const PREDEFINED: ReadonlySet<string> = new Set(['bridge', 'host', 'none', 'nat', 'default', 'ingress']);

/** The answer of NetworkInspect, or what is kept of it: engines of all versions leave parts of it out. */
export type InspectedNetwork = Loose<{
  Id: string;
  Name: string;
  Created: string;
  Driver: string;
  Scope: string;
  Internal: boolean;
  Attachable: boolean;
  Ingress: boolean;
  ConfigOnly: boolean;
  ConfigFrom: { Network: string };
  EnableIPv4: boolean;
  EnableIPv6: boolean;
  IPAM: {
    Driver: string;
    Options: Record<string, string>;
    Config: {
      Subnet: string;
      IPRange: string;
      Gateway: string;
      AuxiliaryAddresses: Record<string, string>;
      /** As engines write it. */
      AuxAddress: Record<string, string>;
    }[];
  };
  Options: Record<string, string>;
  Labels: Record<string, string>;
}>;

/** A network as lists show it. */
export function toNetwork(engine: string, document: InspectedNetwork): Network {
  const created = Date.parse(document.Created ?? '');
  return {
    engine,
    id: document.Id ?? '',
    name: document.Name ?? '',
    driver: document.Driver ?? '',
    scope: document.Scope ?? '',
    predefined: isPredefined(document),
    internal: document.Internal === true,
    attachable: document.Attachable === true,
    ingress: document.Ingress === true,
    configOnly: document.ConfigOnly === true,
    configFrom: textOrNull(document.ConfigFrom?.Network),
    // Engines before API 1.48 don't tell, because they can't do without.
    ipv4Enabled: document.EnableIPv4 !== false,
    ipv6Enabled: document.EnableIPv6 === true,
    ipam: {
      driver: document.IPAM?.Driver ?? '',
      options: toTexts(document.IPAM?.Options),
      pools: (document.IPAM?.Config ?? []).map((pool): NetworkPool => ({
        subnet: pool.Subnet ?? '',
        ipRange: textOrNull(pool.IPRange),
        gateway: textOrNull(pool.Gateway),
        auxiliaryAddresses: toTexts(pool.AuxiliaryAddresses ?? pool.AuxAddress),
      })),
    },
    driverOptions: toTexts(document.Options),
    labels: toTexts(document.Labels),
    createdAt: new Date(Number.isNaN(created) ? 0 : created).toISOString(),
  };
}

/** Such a network is always there, and cannot be removed. */
export function isPredefined({ Name, Ingress }: Pick<InspectedNetwork, 'Name' | 'Ingress'>): boolean {
  return Ingress === true || PREDEFINED.has(Name ?? '');
}

/** @param endpoints null where its reader may see no containers */
export function toNetworkDetails(
  engine: string,
  document: InspectedNetwork,
  endpoints: NetworkEndpoint[] | null,
  freshness: Freshness,
): NetworkDetails {
  return { ...toNetwork(engine, document), ...freshness, endpoints, warnings: [], raw: document };
}

type Endpoints = Loose<
  Record<
    string,
    Record<'NetworkID' | 'IPAddress' | 'GlobalIPv6Address' | 'MacAddress', string> & { Aliases: string[] }
  >
>;
type Endpoint = NonNullable<Endpoints[string]>;

/** Which of these containers are on a network, in the order of their names. */
export function endpointsOn(
  network: { readonly id: string; readonly name: string },
  containers: readonly ContainerRecord[],
): NetworkEndpoint[] {
  return containers
    .flatMap((container) => {
      const endpoint = endpointOn(network, container);
      return endpoint ? [toEndpoint(container, endpoint)] : [];
    })
    .sort((one, other) => (one.containerName < other.containerName ? -1 : 1));
}

/** The networks that a container is on, each by its id, or by its name where the container has never run on it. */
export function networksOf({
  kept,
}: ContainerRecord): { id: string | null; name: string; endpoint: Endpoint }[] {
  const { Networks } = kept.NetworkSettings as { Networks?: Endpoints | null };
  return Object.entries(Networks ?? {}).map(([name, endpoint]) => ({
    id: textOrNull(endpoint?.NetworkID),
    name,
    endpoint: endpoint ?? {},
  }));
}

/** What a container tells of itself on a network. Only one that runs has addresses. */
export function toEndpoint({ id, name, kept }: ContainerRecord, endpoint: Endpoint): NetworkEndpoint {
  return {
    containerId: id,
    containerName: name,
    state: kept.State.Status,
    ipv4Address: textOrNull(endpoint.IPAddress),
    ipv6Address: textOrNull(endpoint.GlobalIPv6Address),
    macAddress: textOrNull(endpoint.MacAddress),
    aliases: [...(endpoint.Aliases ?? [])],
  };
}

function endpointOn(
  network: { readonly id: string; readonly name: string },
  container: ContainerRecord,
): Endpoint | undefined {
  return networksOf(container).find(({ id, name }) =>
    id === null ? name === network.name : id === network.id,
  )?.endpoint;
}

function toTexts(texts: Loose<Record<string, string>> | null | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(texts ?? {}).map(([key, value]) => [key, value ?? '']));
}

function textOrNull(text: string | null | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}
