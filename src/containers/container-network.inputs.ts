import { InputType } from '@nestjs/graphql';
import { InChoice, InInteger, InText, InTextMap } from '../common/input-fields.js';
import { InMacAddress } from './container-fields.js';

const PROTOCOLS = ['tcp', 'udp', 'sctp'] as const;

const IPV4 = {
  max: 15,
  pattern: /^((25[0-5]|2[0-4]\d|1?\d?\d)(\.(?!$)|$)){4}$/,
  patternHint: 'an IPv4 address',
} as const;

const IPV6 = {
  max: 45,
  pattern: /^(?=.*:.*:)[0-9a-fA-F:]{2,39}(\d{1,3}(\.\d{1,3}){3})?$/,
  patternHint: 'an IPv6 address',
} as const;

const IP_ADDRESS = { max: 45, pattern: /^[0-9a-fA-F:.]{2,45}$/, patternHint: 'an IP address' } as const;

@InputType({ description: 'A port that the container says it listens on (`ExposedPorts`).' })
export class ExposedPortInput {
  @InInteger({ description: 'The port in the container.', min: 1, max: 65_535, example: 80 })
  containerPort!: number;

  @InChoice({ description: 'The protocol. Default `tcp`.', values: PROTOCOLS, optional: true })
  protocol?: (typeof PROTOCOLS)[number];
}

@InputType({
  description: 'A port that can be reached through the host (`PortBindings`). It is exposed too.',
})
export class PublishedPortInput extends ExposedPortInput {
  @InText({
    description: 'The address of the host to listen on. Default: all.',
    ...IP_ADDRESS,
    optional: true,
    example: '127.0.0.1',
  })
  hostIp?: string;

  @InInteger({
    description: 'The port on the host. Left out or 0: the engine chooses a free one.',
    min: 0,
    max: 65_535,
    optional: true,
    example: 8080,
  })
  hostPort?: number;
}

/** How a container is on a network (`EndpointSettings`). */
@InputType({ isAbstract: true })
export abstract class EndpointInput {
  @InText({
    description: 'More names of the container on this network.',
    max: 255,
    min: 1,
    list: { max: 64 },
    optional: true,
  })
  aliases?: string[];

  @InText({
    description: 'Containers to reach by another name, each `container` or `container:alias`.',
    max: 512,
    min: 1,
    list: { max: 64 },
    optional: true,
  })
  links?: string[];

  @InText({ description: "The container's IPv4 address on this network.", ...IPV4, optional: true })
  ipv4Address?: string;

  @InText({ description: "The container's IPv6 address on this network.", ...IPV6, optional: true })
  ipv6Address?: string;

  @InText({ description: 'Link-local addresses.', ...IP_ADDRESS, list: { max: 16 }, optional: true })
  linkLocalIps?: string[];

  @InMacAddress('The MAC address on this network. Before API 1.44 on the first network only.')
  macAddress?: string;

  @InTextMap({
    description: 'Options that the network driver understands.',
    maxEntries: 64,
    maxKey: 255,
    maxValue: 4_096,
    optional: true,
  })
  driverOptions?: Record<string, string>;

  @InInteger({
    description: 'The network with the highest priority is the way out. From API 1.48.',
    min: -(2 ** 31),
    max: 2 ** 31 - 1,
    optional: true,
  })
  priority?: number;
}

@InputType({ description: 'A network that the container joins (`EndpointsConfig`).' })
export class NetworkAttachmentInput extends EndpointInput {
  @InText({
    description:
      'The name or id of the network. As the first: `bridge`, `host`, `none` or `container:<id or name>` too.',
    max: 266,
    min: 1,
    pattern: /^(container:)?[a-zA-Z0-9][a-zA-Z0-9_.-]*$/,
    patternHint: 'the name of a network',
    example: 'frontend',
  })
  name!: string;
}
