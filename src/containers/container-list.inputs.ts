import { ArgsType, InputType } from '@nestjs/graphql';
import { InChoice, InText } from '../common/input-fields.js';
import {
  ChangedArgsOf,
  InLabelFilter,
  InNameFilter,
  ListArgsOf,
  ListQueryOf,
} from '../common/list-inputs.js';
import {
  CONTAINER_STATES,
  type ContainerState,
  HEALTH_STATES,
  type HealthState,
} from './container-states.js';

@InputType({ description: 'Which containers to list. All that is given must hold.' })
export class ContainerFilter {
  @InChoice({
    description: 'In one of these states. Default: all.',
    values: CONTAINER_STATES,
    list: { max: CONTAINER_STATES.length },
    optional: true,
    fromText: true,
  })
  state?: ContainerState[];

  @InNameFilter()
  name?: string;

  @InLabelFilter()
  label?: string[];

  @InText({
    description: 'Of this image: its name, with or without tag, or id.',
    max: 512,
    min: 1,
    optional: true,
  })
  image?: string;

  @InChoice({
    description: 'With one of these states of health.',
    values: HEALTH_STATES,
    list: { max: HEALTH_STATES.length },
    optional: true,
    fromText: true,
  })
  health?: HealthState[];

  @InText({
    description: 'On this network: its name or id.',
    max: 255,
    min: 1,
    optional: true,
  })
  network?: string;

  @InText({
    description: 'With this volume, or a mount at this path.',
    max: 4_096,
    min: 1,
    optional: true,
  })
  volume?: string;
}

/** The query of `GET …/containers`. */
export class ListContainersQuery extends ListQueryOf(ContainerFilter) {}

/** The arguments of GraphQL's `containers`. */
@ArgsType()
export class ContainersArgs extends ListArgsOf(ContainerFilter, 'containers') {}

/** The arguments of GraphQL's `containerChanged`. */
@ArgsType()
export class ContainerChangedArgs extends ChangedArgsOf(ContainerFilter, 'containers') {}
