import { ArgsType, InputType } from '@nestjs/graphql';
import { InBoolean, InChoice, InText } from '../common/input-fields.js';
import {
  ChangedArgsOf,
  InLabelFilter,
  InNameFilter,
  ListArgsOf,
  ListQueryOf,
} from '../common/list-inputs.js';
import { InNetworkName } from './network-paths.js';

export const NETWORK_SCOPES = ['local', 'swarm', 'global'] as const;
type NetworkScope = (typeof NETWORK_SCOPES)[number];

const flag = (description: string) => ({ description, optional: true, fromText: true }) as const;

@InputType({ description: 'Which networks to list. All that is given must hold.' })
export class NetworkFilter {
  @InNameFilter()
  name?: string;

  @InText({
    description: 'Of one of these drivers.',
    max: 255,
    min: 1,
    list: { max: 16 },
    optional: true,
    fromText: true,
    example: ['bridge'],
  })
  driver?: string[];

  @InChoice({ description: 'Of this scope.', values: NETWORK_SCOPES, optional: true })
  scope?: NetworkScope;

  @InLabelFilter()
  label?: string[];

  @InBoolean({
    description:
      'Whether no container that you may see is on it, running or not. Networks that came with the engine are never dangling. Not for watching.',
    optional: true,
    fromText: true,
  })
  dangling?: boolean;

  @InBoolean(flag('Whether it came with the engine.'))
  predefined?: boolean;

  @InBoolean(flag('Whether nothing outside can be reached through it.'))
  internal?: boolean;

  @InBoolean(flag('Whether containers may join a network of the swarm.'))
  attachable?: boolean;

  @InBoolean(flag('Whether it is the ingress network of the swarm.'))
  ingress?: boolean;

  @InBoolean(flag('Whether it is the configuration of others.'))
  configOnly?: boolean;

  @InBoolean(flag('Whether its containers have IPv6 addresses.'))
  ipv6Enabled?: boolean;
}

/** The query of `GET …/networks`. */
export class ListNetworksQuery extends ListQueryOf(NetworkFilter) {}

/** The arguments of GraphQL's `networks`. */
@ArgsType()
export class NetworksArgs extends ListArgsOf(NetworkFilter, 'networks') {}

/** The arguments of GraphQL's `networkChanged`. */
@ArgsType()
export class NetworkChangedArgs extends ChangedArgsOf(NetworkFilter, 'networks') {}

/** Which part of the graph to show. */
@ArgsType()
export class NetworkGraphQuery {
  @InNetworkName('Only this network and the containers on it: its full id or its name. Default: all.', {
    optional: true,
  })
  network?: string;

  @InLabelFilter('Only containers with labels that meet all of these selectors.')
  label?: string[];
}
