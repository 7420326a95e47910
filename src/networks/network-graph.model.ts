import { ObjectType } from '@nestjs/graphql';
import { FollowedList } from '../common/freshness.js';
import { OutBoolean, OutObject, OutText, OutTextMap } from '../common/output-fields.js';

@ObjectType({ description: 'A network in the graph.' })
export class NetworkGraphNetwork {
  @OutText('The full id.')
  id!: string;

  @OutText('The name.')
  name!: string;

  @OutText('The network driver.')
  driver!: string;

  @OutBoolean('Whether nothing outside can be reached through it.')
  internal!: boolean;

  @OutBoolean('Whether containers on it can talk to each other by it.')
  connects!: boolean;

  @OutText('Its subnets.', { list: true })
  subnets!: string[];

  @OutTextMap('Labels.')
  labels!: Record<string, string>;
}

@ObjectType({ description: 'A container in the graph.' })
export class NetworkGraphContainer {
  @OutText('The full id.')
  id!: string;

  @OutText('The name.')
  name!: string;

  @OutText('The state.')
  state!: string;

  @OutText(
    'The container whose network it shares, by its full id: it is wherever that is. Null for one with a network of its own, or where you may not see that container.',
    { nullable: true },
  )
  sharesNetworkOf!: string | null;

  @OutTextMap('Labels.')
  labels!: Record<string, string>;
}

@ObjectType({ description: 'That a container is on a network.' })
export class NetworkGraphEdge {
  @OutText('The full id of the network.')
  networkId!: string;

  @OutText('The full id of the container.')
  containerId!: string;

  @OutText('The IPv4 address; null while there is none.', { nullable: true })
  ipv4Address!: string | null;

  @OutText('The global IPv6 address; null while there is none.', { nullable: true })
  ipv6Address!: string | null;

  @OutText('The MAC address; null while there is none.', { nullable: true })
  macAddress!: string | null;

  @OutText('More names of the container on this network.', { list: true })
  aliases!: string[];
}

@ObjectType({
  description: 'Containers that run and are connected, directly or by way of one another, and to no others.',
})
export class NetworkGraphGroup {
  @OutText('The full ids of the containers.', { list: true })
  containerIds!: string[];

  @OutText('The full ids of the networks that connect them.', { list: true })
  networkIds!: string[];

  @OutBoolean(
    'Whether each can reach each of the others directly. Otherwise some only reach others that stand between.',
  )
  direct!: boolean;
}

@ObjectType({
  description: 'Which containers talk on which network, as far as you may see networks and containers.',
})
export class NetworkGraph extends FollowedList {
  @OutText('The name of the engine.')
  engine!: string;

  @OutObject(() => NetworkGraphNetwork, 'The networks, by name.', { list: true })
  networks!: NetworkGraphNetwork[];

  @OutObject(() => NetworkGraphContainer, 'The containers, by name.', { list: true })
  containers!: NetworkGraphContainer[];

  @OutObject(() => NetworkGraphEdge, 'Which container is on which network.', { list: true })
  edges!: NetworkGraphEdge[];

  @OutObject(() => NetworkGraphGroup, 'Which running containers are connected, the largest group first.', {
    list: true,
  })
  groups!: NetworkGraphGroup[];
}
