import { ObjectType } from '@nestjs/graphql';
import {
  OutBoolean,
  OutChoice,
  OutInteger,
  OutObject,
  OutText,
  OutTextMap,
  OutTime,
} from '../common/output-fields.js';
import { FollowedList } from '../common/freshness.js';
import { ConnectionOf } from '../common/pagination.js';
import {
  CONTAINER_STATES,
  type ContainerState,
  HEALTH_STATES,
  type HealthState,
} from './container-states.js';

@ObjectType({ description: 'A port of a container, published on the host or exposed only.' })
export class ContainerPort {
  @OutInteger('The port in the container.')
  containerPort!: number;

  @OutText('The protocol: tcp, udp or sctp.')
  protocol!: string;

  @OutText('The address of the host that is listened on; null where the port is not published.', {
    nullable: true,
  })
  hostIp!: string | null;

  @OutInteger('The port on the host; null where the port is not published.', { nullable: true })
  hostPort!: number | null;
}

@ObjectType({ description: 'Something mounted in a container.' })
export class ContainerMount {
  @OutText('What is mounted: bind, volume, tmpfs, image, cluster or npipe.')
  type!: string;

  @OutText('The name of the volume; null for other types.', { nullable: true })
  name!: string | null;

  @OutText('The path on the host; empty for tmpfs.')
  source!: string;

  @OutText('The path in the container.')
  target!: string;

  @OutText('The volume driver; null for other types.', { nullable: true })
  driver!: string | null;

  @OutBoolean('Whether the container may only read.')
  readOnly!: boolean;

  @OutText('Further options that the mount was made with, by commas.')
  mode!: string;

  @OutText('How mounts below travel between host and container; empty for volumes.')
  propagation!: string;
}

@ObjectType({ description: 'A network that a container is on.' })
export class ContainerNetwork {
  @OutText('The name of the network.')
  name!: string;

  @OutText('The id of the network; null while the container has never run on it.', { nullable: true })
  id!: string | null;

  @OutText('The IPv4 address; null while the container does not run.', { nullable: true })
  ipv4Address!: string | null;

  @OutText('The global IPv6 address; null where there is none.', { nullable: true })
  ipv6Address!: string | null;

  @OutText('The gateway; null where there is none.', { nullable: true })
  gateway!: string | null;

  @OutText('The MAC address; null while the container does not run.', { nullable: true })
  macAddress!: string | null;

  @OutText('More names of the container on this network.', { list: true })
  aliases!: string[];
}

@ObjectType({ description: 'A container, as lists tell of it.' })
export class Container {
  @OutText('The name of the engine.')
  engine!: string;

  @OutText('The full id.')
  id!: string;

  @OutText('The name.')
  name!: string;

  @OutText('The image as it was asked for.')
  image!: string;

  @OutText('The id of the image.')
  imageId!: string;

  @OutText('The program and its arguments, in one line.')
  command!: string;

  @OutTextMap('Labels.')
  labels!: Record<string, string>;

  @OutChoice(CONTAINER_STATES, 'The state.')
  state!: ContainerState;

  @OutText('The state in words, such as "Up 3 minutes (healthy)".')
  status!: string;

  @OutChoice(HEALTH_STATES, 'The health.')
  health!: HealthState;

  @OutTime('When the container was created.')
  createdAt!: string;

  @OutObject(() => ContainerPort, 'Ports, those that are published first.', { list: true })
  ports!: ContainerPort[];

  @OutObject(() => ContainerMount, 'Mounts.', { list: true })
  mounts!: ContainerMount[];

  @OutObject(() => ContainerNetwork, 'Networks.', { list: true })
  networks!: ContainerNetwork[];
}

/** A page of containers in GraphQL. */
export const ContainerConnection = ConnectionOf(Container, FollowedList);
