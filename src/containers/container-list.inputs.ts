import { ArgsType, InputType } from '@nestjs/graphql';
import { EnginePath } from '../common/engine-path.js';
import type { FreshQuery } from '../common/freshness.js';
import { InBoolean, InChoice, InObject, InText } from '../common/input-fields.js';
import { ConnectionArgs, PageQuery } from '../common/pagination.js';
import { InEngineName } from '../common/references.js';
import {
  CONTAINER_STATES,
  type ContainerState,
  HEALTH_STATES,
  type HealthState,
} from './container-states.js';

/** Each filter is stated once, for the REST query and the GraphQL input. */
const STATE = {
  description: 'In one of these states. Default: all.',
  values: CONTAINER_STATES,
  list: { max: CONTAINER_STATES.length },
  optional: true,
  fromText: true,
} as const;
const HEALTH = {
  description: 'With one of these states of health.',
  values: HEALTH_STATES,
  list: { max: HEALTH_STATES.length },
  optional: true,
  fromText: true,
} as const;
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
const NAME = { description: 'With this in the name.', max: 255, min: 1, optional: true } as const;
const IMAGE = {
  description: 'Of this image: its name, with or without tag, or id.',
  max: 512,
  min: 1,
  optional: true,
} as const;
const NETWORK = {
  description: 'On this network: its name or id.',
  max: 255,
  min: 1,
  optional: true,
} as const;
const VOLUME = {
  description: 'With this volume, or a mount at this path.',
  max: 4_096,
  min: 1,
  optional: true,
} as const;

@InputType({ description: 'Which containers to list. All that is given must hold.' })
export class ContainerFilter {
  @InChoice(STATE)
  state?: ContainerState[];

  @InText(NAME)
  name?: string;

  @InText(LABEL)
  label?: string[];

  @InText(IMAGE)
  image?: string;

  @InChoice(HEALTH)
  health?: HealthState[];

  @InText(NETWORK)
  network?: string;

  @InText(VOLUME)
  volume?: string;
}

/** The query of `GET /engines/{engine}/containers`. */
export class ListContainersQuery extends PageQuery implements ContainerFilter, FreshQuery {
  @InBoolean({
    description:
      'Ask the engine instead of answering from memory, which is milliseconds behind it. Default: false.',
    optional: true,
    fromText: true,
  })
  fresh?: boolean;

  @InBoolean({
    description:
      'Answer with an event stream: first each container as `added`, then `synced`, then each change as `added`, `updated` or `removed`. Comes back from where it was by `Last-Event-ID`. Default: false.',
    optional: true,
    fromText: true,
  })
  watch?: boolean;

  @InChoice(STATE)
  state?: ContainerState[];

  @InText(NAME)
  name?: string;

  @InText(LABEL)
  label?: string[];

  @InText(IMAGE)
  image?: string;

  @InChoice(HEALTH)
  health?: HealthState[];

  @InText(NETWORK)
  network?: string;

  @InText(VOLUME)
  volume?: string;
}

/** The arguments of GraphQL's `containers`. */
@ArgsType()
export class ContainersArgs extends ConnectionArgs {
  @InEngineName()
  engine!: string;

  @InObject(() => ContainerFilter, { description: 'Which containers. Default: all.', optional: true })
  filter?: ContainerFilter;

  @InBoolean({
    description:
      'Ask the engine instead of answering from memory, which is milliseconds behind it. Default: false.',
    optional: true,
  })
  fresh?: boolean;
}

/** The arguments of GraphQL's `containerChanged`. */
@ArgsType()
export class ContainerChangedArgs extends EnginePath {
  @InObject(() => ContainerFilter, { description: 'Which containers. Default: all.', optional: true })
  filter?: ContainerFilter;

  @InText({
    description: 'The `revision` of the last change that you know, to be told only of what changed since.',
    max: 64,
    optional: true,
  })
  after?: string;
}
