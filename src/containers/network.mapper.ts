import { DomainError } from '../common/errors.js';
import type { CreateContainerInput } from './container-create.inputs.js';
import type {
  EndpointInput,
  ExposedPortInput,
  NetworkAttachmentInput,
  PublishedPortInput,
} from './container-network.inputs.js';
import { type EngineDocument, present } from './engine-document.js';
import { isOlder } from './engine-options.js';

/** Before it ContainerCreate takes one network, and the MAC address beside it instead of on it. */
const SEVERAL_NETWORKS_SINCE = '1.44';

/** Modes that join no network of their own. */
export const NO_NETWORK = /^(host|none|container:.*)$/;

/** A network to join, and how: `EndpointConfig` of NetworkConnect, and of ContainerCreate by the network's name. */
export interface NetworkConnection {
  readonly name: string;
  readonly endpoint: EngineDocument;
}

/** What ContainerCreate takes about networks, each part in its place. */
export interface CreateNetworking {
  readonly networkMode: string | undefined;
  readonly macAddress: unknown;
  readonly networkingConfig: EngineDocument | undefined;
}

type NetworkingInput = Pick<CreateContainerInput, 'networks' | 'namespaces' | 'macAddress'>;

/**
 * @param apiVersion the version spoken with the engine
 * @throws DomainError `invalid_input` for a network that is named twice or a MAC address that is given twice,
 * `not_supported` for a MAC address where this version takes none
 */
export function toCreateNetworking(input: NetworkingInput, apiVersion: string): CreateNetworking {
  refuseContradictions(input);
  const networks = networksInOrder(input);
  const [first = { name: 'default', endpoint: {} }, ...others] = networks;
  const mac = input.macAddress ?? first.endpoint['MacAddress'];
  const joins = networks.length > 0 || mac !== undefined;
  const networkMode = joins ? first.name : undefined;
  if (takesOneNetwork(apiVersion)) {
    refuseMacAddresses(others, apiVersion);
    const taken = networks.slice(0, 1).map((network) => withMac(network, undefined));
    return { networkMode, macAddress: mac, networkingConfig: toNetworkingConfig(taken) };
  }
  const all = joins ? [withMac(first, mac), ...others] : [];
  return { networkMode, macAddress: undefined, networkingConfig: toNetworkingConfig(all) };
}

/** The networks that the engine does not take at create: those to connect the new container to, in this order. */
export function networksToConnect(input: NetworkingInput, apiVersion: string): NetworkConnection[] {
  return takesOneNetwork(apiVersion) ? networksInOrder(input).slice(1) : [];
}

/** `EndpointSettings` of the Engine API. */
export function toEndpoint(network: EndpointInput): EngineDocument {
  const addresses = present({
    IPv4Address: network.ipv4Address,
    IPv6Address: network.ipv6Address,
    LinkLocalIPs: network.linkLocalIps,
  });
  return present({
    IPAMConfig: Object.keys(addresses).length > 0 ? addresses : undefined,
    Aliases: network.aliases,
    Links: network.links,
    MacAddress: network.macAddress,
    DriverOpts: network.driverOptions,
    GwPriority: network.priority,
  });
}

/** `ExposedPorts` of the Engine API: what is published is exposed too. */
export function toExposedPorts(ports: readonly ExposedPortInput[]): EngineDocument | undefined {
  return ports.length > 0 ? Object.fromEntries(ports.map((port) => [portKey(port), {}])) : undefined;
}

/** `PortBindings` of the Engine API. */
export function toPortBindings(ports: readonly PublishedPortInput[] = []): EngineDocument | undefined {
  const bindings: Record<string, EngineDocument[]> = {};
  for (const port of ports) (bindings[portKey(port)] ??= []).push(toBinding(port));
  return ports.length > 0 ? bindings : undefined;
}

function toBinding({ hostIp, hostPort = 0 }: PublishedPortInput): EngineDocument {
  return { HostIp: hostIp ?? '', HostPort: hostPort === 0 ? '' : String(hostPort) };
}

function portKey({ containerPort, protocol = 'tcp' }: ExposedPortInput): string {
  return `${containerPort}/${protocol}`;
}

/** Whether ContainerCreate of this version takes no more than one network. */
export function takesOneNetwork(apiVersion: string): boolean {
  return isOlder(apiVersion, SEVERAL_NETWORKS_SINCE);
}

/** That of the network mode first. */
function networksInOrder({ namespaces, networks = [] }: NetworkingInput): NetworkConnection[] {
  const connections = networks.map(toConnection);
  const mode = namespaces?.network;
  if (mode === undefined) return connections;
  const first = connections.find(({ name }) => name === mode) ?? { name: mode, endpoint: {} };
  return [first, ...connections.filter((connection) => connection !== first)];
}

function toConnection(network: NetworkAttachmentInput): NetworkConnection {
  return { name: network.name, endpoint: toEndpoint(network) };
}

function withMac({ name, endpoint }: NetworkConnection, macAddress: unknown): NetworkConnection {
  return { name, endpoint: present({ ...endpoint, MacAddress: macAddress }) };
}

function toNetworkingConfig(connections: readonly NetworkConnection[]): EngineDocument | undefined {
  const endpoints = connections
    .filter(({ name, endpoint }) => !NO_NETWORK.test(name) || Object.keys(endpoint).length > 0)
    .map(({ name, endpoint }) => [name, endpoint] as const);
  return endpoints.length > 0 ? { EndpointsConfig: Object.fromEntries(endpoints) } : undefined;
}

function refuseContradictions({ networks = [], macAddress }: NetworkingInput): void {
  const names = networks.map(({ name }) => name);
  const twice = names.findIndex((name, index) => names.indexOf(name) < index);
  if (twice >= 0) refuse('invalid_input', `networks.${twice}.name`, 'must not name a network again');
  if (macAddress !== undefined && networks.some((network) => network.macAddress !== undefined)) {
    refuse('invalid_input', 'macAddress', 'must be left out where a network has one of its own');
  }
}

function refuseMacAddresses(others: readonly NetworkConnection[], apiVersion: string): void {
  if (others.every(({ endpoint }) => endpoint['MacAddress'] === undefined)) return;
  const problem = `beyond the first take a macAddress from API ${SEVERAL_NETWORKS_SINCE}; the engine speaks ${apiVersion}`;
  refuse('not_supported', 'networks', problem);
}

function refuse(kind: 'invalid_input' | 'not_supported', field: string, problem: string): never {
  const message = `${field} ${problem}`;
  throw new DomainError(kind, message, { errors: [{ field, message }] });
}
