import { ArgsType, InputType } from '@nestjs/graphql';
import { EnginePath } from '../common/engine-path.js';
import type { FreshQuery } from '../common/freshness.js';
import { InBoolean, InChoice, InObject, InText } from '../common/input-fields.js';
import { ConnectionArgs, PageQuery } from '../common/pagination.js';
import { InEngineName } from '../common/references.js';
import { InNetworkName } from './network-paths.js';

export const NETWORK_SCOPES = ['local', 'swarm', 'global'] as const;
type NetworkScope = (typeof NETWORK_SCOPES)[number];

/** Each filter is stated once, for the REST query and the GraphQL input. */
const NAME = { description: 'With this in the name.', max: 255, min: 1, optional: true } as const;
const DRIVER = {
  description: 'Of one of these drivers.',
  max: 255,
  min: 1,
  list: { max: 16 },
  optional: true,
  fromText: true,
  example: ['bridge'],
} as const;
const SCOPE = { description: 'Of this scope.', values: NETWORK_SCOPES, optional: true } as const;
const LABEL = {
  description:
    'With labels that meet all of these selectors: `key`, `key=value`, `key!=value`, `!key`, `key in (a, b)`.',
  max: 1_024,
  min: 1,
  list: { max: 32 },
  optional: true,
  fromText: true,
  example: ['com.example.team=web'],
} as const;
const DANGLING = {
  description:
    'Whether no container that you may see is on it, running or not. Networks that came with the engine are never dangling. Not for watching.',
  optional: true,
  fromText: true,
} as const;
const flag = (description: string) => ({ description, optional: true, fromText: true }) as const;
const PREDEFINED = flag('Whether it came with the engine.');
const INTERNAL = flag('Whether nothing outside can be reached through it.');
const ATTACHABLE = flag('Whether containers may join a network of the swarm.');
const INGRESS = flag('Whether it is the ingress network of the swarm.');
const CONFIG_ONLY = flag('Whether it is the configuration of others.');
const IPV6 = flag('Whether its containers have IPv6 addresses.');
const FRESH = flag(
  'Ask the engine instead of answering from memory, which is milliseconds behind it. Default: false.',
);

@InputType({ description: 'Which networks to list. All that is given must hold.' })
export class NetworkFilter {
  @InText(NAME)
  name?: string;

  @InText(DRIVER)
  driver?: string[];

  @InChoice(SCOPE)
  scope?: NetworkScope;

  @InText(LABEL)
  label?: string[];

  @InBoolean(DANGLING)
  dangling?: boolean;

  @InBoolean(PREDEFINED)
  predefined?: boolean;

  @InBoolean(INTERNAL)
  internal?: boolean;

  @InBoolean(ATTACHABLE)
  attachable?: boolean;

  @InBoolean(INGRESS)
  ingress?: boolean;

  @InBoolean(CONFIG_ONLY)
  configOnly?: boolean;

  @InBoolean(IPV6)
  ipv6Enabled?: boolean;
}

/** The query of `GET …/networks`. */
export class ListNetworksQuery extends PageQuery implements NetworkFilter, FreshQuery {
  @InText(NAME)
  name?: string;

  @InText(DRIVER)
  driver?: string[];

  @InChoice(SCOPE)
  scope?: NetworkScope;

  @InText(LABEL)
  label?: string[];

  @InBoolean(DANGLING)
  dangling?: boolean;

  @InBoolean(PREDEFINED)
  predefined?: boolean;

  @InBoolean(INTERNAL)
  internal?: boolean;

  @InBoolean(ATTACHABLE)
  attachable?: boolean;

  @InBoolean(INGRESS)
  ingress?: boolean;

  @InBoolean(CONFIG_ONLY)
  configOnly?: boolean;

  @InBoolean(IPV6)
  ipv6Enabled?: boolean;

  @InBoolean(FRESH)
  fresh?: boolean;

  @InBoolean(flag('Whether to answer with a stream of what changes instead of a page. Default: false.'))
  watch?: boolean;
}

/** The arguments of GraphQL's `networks`. */
@ArgsType()
export class NetworksArgs extends ConnectionArgs {
  @InEngineName()
  engine!: string;

  @InObject(() => NetworkFilter, { description: 'Which networks. Default: all.', optional: true })
  filter?: NetworkFilter;

  @InBoolean(FRESH)
  fresh?: boolean;
}

/** The arguments of GraphQL's `networkChanged`. */
@ArgsType()
export class NetworkChangedArgs extends EnginePath {
  @InObject(() => NetworkFilter, { description: 'Which networks. Default: all.', optional: true })
  filter?: NetworkFilter;

  @InText({
    description: 'The `revision` of the last change that you know, to be told only of what changed since.',
    max: 64,
    optional: true,
  })
  after?: string;
}

/** Which part of the graph to show. */
@ArgsType()
export class NetworkGraphQuery {
  @InNetworkName('Only this network and the containers on it: its full id or its name. Default: all.', {
    optional: true,
  })
  network?: string;

  @InText({ ...LABEL, description: 'Only containers with labels that meet all of these selectors.' })
  label?: string[];
}
