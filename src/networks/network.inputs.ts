import { InputType } from '@nestjs/graphql';
import { InBoolean, InChoice, InObject, InText, InTextMap } from '../common/input-fields.js';
import { InPrunedLabels } from '../common/list-inputs.js';
import { EndpointInput } from '../containers/container-network.inputs.js';
import { InPointInTime } from '../containers/engine-time.js';
import { InContainerReference } from '../common/references.js';
import { NETWORK_SCOPES } from './network-list.inputs.js';
import { InNetworkName } from './network-paths.js';

const RANGE = {
  max: 49,
  min: 3,
  pattern: /^[0-9a-fA-F:.]{2,45}\/\d{1,3}$/,
  patternHint: 'a range of addresses, such as 10.5.0.0/16',
} as const;

@InputType({ description: 'A range of addresses of a network (`IPAM.Config`).' })
export class NetworkPoolInput {
  @InText({
    description: 'The subnet, named by its first address. The pools of a network may not overlap.',
    ...RANGE,
    example: '10.5.0.0/16',
  })
  subnet!: string;

  @InText({
    description: 'The part of the subnet that containers get addresses from. Default: all of it.',
    ...RANGE,
    optional: true,
    example: '10.5.1.0/24',
  })
  ipRange?: string;

  @InText({
    description: 'The gateway: an address in the subnet. Default: the driver chooses.',
    max: 45,
    pattern: /^[0-9a-fA-F:.]{2,45}$/,
    patternHint: 'an IP address',
    optional: true,
    example: '10.5.0.1',
  })
  gateway?: string;

  @InTextMap({
    description: 'Addresses in the subnet that containers do not get, by names of your own.',
    maxEntries: 64,
    maxKey: 255,
    maxValue: 45,
    optional: true,
  })
  auxiliaryAddresses?: Record<string, string>;
}

@InputType({ description: 'Where a network has its addresses from (`IPAM`).' })
export class NetworkIpamInput {
  @InText({
    description: 'The driver that gives addresses out. Default `default`.',
    max: 255,
    min: 1,
    optional: true,
    example: 'default',
  })
  driver?: string;

  @InTextMap({
    description: 'Options that this driver understands.',
    maxEntries: 64,
    maxKey: 255,
    maxValue: 4_096,
    optional: true,
  })
  options?: Record<string, string>;

  @InObject(() => NetworkPoolInput, {
    description: 'The ranges of addresses. Default: the engine chooses.',
    list: { max: 16 },
    optional: true,
  })
  pools?: NetworkPoolInput[];
}

@InputType({ description: 'A network to make.' })
export class CreateNetworkInput {
  @InNetworkName('The name. It may not look like an id: 12 to 64 hexadecimal digits.')
  name!: string;

  @InText({
    description:
      'The network driver: `bridge` (default), `overlay`, `macvlan`, `ipvlan`, or that of a plugin. Which of them you may use your security level says.',
    max: 255,
    min: 1,
    pattern: /^[a-zA-Z0-9][a-zA-Z0-9_.:/-]*$/,
    patternHint: 'the name of a network driver',
    optional: true,
    example: 'bridge',
  })
  driver?: string;

  @InChoice({
    description:
      'Where there is to be the network: on this engine or in its swarm. Default: as the driver has it.',
    values: NETWORK_SCOPES,
    optional: true,
  })
  scope?: (typeof NETWORK_SCOPES)[number];

  @InBoolean({
    description: 'Whether nothing outside can be reached through it. Default: false.',
    optional: true,
  })
  internal?: boolean;

  @InBoolean({
    description:
      'Whether containers that are no tasks of services may join a network of the swarm. Default: false.',
    optional: true,
  })
  attachable?: boolean;

  @InBoolean({
    description: 'Whether it is the network by which the swarm publishes ports. Default: false.',
    optional: true,
  })
  ingress?: boolean;

  @InBoolean({
    description:
      'Whether to make no network, but a configuration that others can be made from. Default: false.',
    optional: true,
  })
  configOnly?: boolean;

  @InNetworkName('The configuration to make it from. It then takes no options and addresses of its own.', {
    optional: true,
  })
  configFrom?: string;

  @InBoolean({
    description: 'Whether containers get IPv4 addresses. Default: true. From API 1.48.',
    optional: true,
  })
  ipv4Enabled?: boolean;

  @InBoolean({ description: 'Whether containers get IPv6 addresses. Default: false.', optional: true })
  ipv6Enabled?: boolean;

  @InObject(() => NetworkIpamInput, {
    description: 'Addresses. Default: the engine chooses.',
    optional: true,
  })
  ipam?: NetworkIpamInput;

  @InTextMap({
    description: 'Options that the driver understands. Which of them you may use your security level says.',
    maxEntries: 64,
    maxKey: 255,
    maxValue: 4_096,
    optional: true,
  })
  driverOptions?: Record<string, string>;

  @InTextMap({ description: 'Labels.', maxEntries: 256, maxKey: 256, maxValue: 4_096, optional: true })
  labels?: Record<string, string>;
}

@InputType({ description: 'A container to connect to a network, and how it is to be known there.' })
export class ConnectNetworkInput extends EndpointInput {
  @InContainerReference()
  container!: string;
}

@InputType({ description: 'A container to disconnect from a network.' })
export class DisconnectNetworkInput {
  @InContainerReference()
  container!: string;

  @InBoolean({
    description:
      'Whether to disconnect it also where the engine finds that something stands against it. Default: false.',
    optional: true,
  })
  force?: boolean;
}

@InputType({
  description: 'Which of the networks that no container is on to remove. All, if nothing is given.',
})
export class PruneNetworksInput {
  @InPrunedLabels()
  label?: string[];

  @InPointInTime('Only networks created before this.')
  until?: string;
}
