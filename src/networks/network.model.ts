import { ObjectType } from '@nestjs/graphql';
import { FollowedList, WithFreshness } from '../common/freshness.js';
import { OutBoolean, OutJson, OutObject, OutText, OutTextMap, OutTime } from '../common/output-fields.js';
import { ConnectionOf } from '../common/pagination.js';

@ObjectType({ description: 'A range of addresses of a network.' })
export class NetworkPool {
  @OutText('The subnet, such as `10.5.0.0/16`.')
  subnet!: string;

  @OutText('The part of the subnet that containers get addresses from; null for all of it.', {
    nullable: true,
  })
  ipRange!: string | null;

  @OutText('The gateway; null where there is none, or the driver chooses when the first container joins.', {
    nullable: true,
  })
  gateway!: string | null;

  @OutTextMap('Addresses that containers do not get, by names of the driver’s or one’s own.')
  auxiliaryAddresses!: Record<string, string>;
}

@ObjectType({ description: 'Where a network has its addresses from.' })
export class NetworkIpam {
  @OutText('The driver that gives addresses out.')
  driver!: string;

  @OutTextMap('Options of that driver.')
  options!: Record<string, string>;

  @OutObject(() => NetworkPool, 'The ranges of addresses.', { list: true })
  pools!: NetworkPool[];
}

@ObjectType({ description: 'A network, as lists tell of it.' })
export class Network {
  @OutText('The name of the engine.')
  engine!: string;

  @OutText('The full id.')
  id!: string;

  @OutText('The name.')
  name!: string;

  @OutText('The network driver.')
  driver!: string;

  @OutText('`local` to this engine, or of its whole `swarm`.')
  scope!: string;

  @OutBoolean('Whether it came with the engine: such a network cannot be removed.')
  predefined!: boolean;

  @OutBoolean('Whether nothing outside can be reached through it.')
  internal!: boolean;

  @OutBoolean('Whether containers that are no tasks of services may join a network of the swarm.')
  attachable!: boolean;

  @OutBoolean('Whether it is the network by which the swarm publishes ports.')
  ingress!: boolean;

  @OutBoolean('Whether it is no network, but the configuration that others are made from.')
  configOnly!: boolean;

  @OutText('The configuration that it was made from; null for most.', { nullable: true })
  configFrom!: string | null;

  @OutBoolean('Whether its containers have IPv4 addresses.')
  ipv4Enabled!: boolean;

  @OutBoolean('Whether its containers have IPv6 addresses.')
  ipv6Enabled!: boolean;

  @OutObject(() => NetworkIpam, 'Addresses.')
  ipam!: NetworkIpam;

  @OutTextMap('Options of the driver.')
  driverOptions!: Record<string, string>;

  @OutTextMap('Labels.')
  labels!: Record<string, string>;

  @OutTime('When it was created.')
  createdAt!: string;
}

@ObjectType({ description: 'A container on a network.' })
export class NetworkEndpoint {
  @OutText('The full id of the container.')
  containerId!: string;

  @OutText('The name of the container.')
  containerName!: string;

  @OutText('The state of the container. Only one that runs has addresses.')
  state!: string;

  @OutText('The IPv4 address; null while there is none.', { nullable: true })
  ipv4Address!: string | null;

  @OutText('The global IPv6 address; null while there is none.', { nullable: true })
  ipv6Address!: string | null;

  @OutText('The MAC address; null while there is none.', { nullable: true })
  macAddress!: string | null;

  @OutText('More names of the container on this network.', { list: true })
  aliases!: string[];
}

@ObjectType({ description: 'A network, with all that is known of it.' })
export class NetworkDetails extends WithFreshness(Network) {
  @OutObject(
    () => NetworkEndpoint,
    'The containers on it, running or not, as far as you may see them; null where you may see none at all.',
    { nullable: true, list: true },
  )
  endpoints!: NetworkEndpoint[] | null;

  @OutText('What the engine had to say when it was created; empty otherwise.', { list: true })
  warnings!: string[];

  @OutJson(
    "The engine's own document, as NetworkInspect answers it, without containers that you may not see; null for one that is only rehearsed.",
    { nullable: true },
  )
  raw!: unknown;
}

/** A page of networks in GraphQL. */
export const NetworkConnection = ConnectionOf(Network, FollowedList);

@ObjectType({ description: 'A network that pruning removed.' })
export class PrunedNetwork {
  @OutText('The full id.')
  id!: string;

  @OutText('The name.')
  name!: string;
}

@ObjectType({ description: 'What pruning removed, or would remove.' })
export class NetworkPruneResult {
  @OutObject(() => PrunedNetwork, 'The networks.', { list: true })
  deleted!: PrunedNetwork[];
}
