import { ArgsType, InputType } from '@nestjs/graphql';
import { InChoice, InText } from '../common/input-fields.js';
import {
  ChangedArgsOf,
  InLabelFilter,
  InNameFilter,
  ListArgsOf,
  ListQueryOf,
} from '../common/list-inputs.js';
import { SERVICE_MODES, type ServiceModeName, UPDATE_STATES, type UpdateState } from './service-words.js';

const SEVERAL = { list: { max: 16 }, optional: true, fromText: true } as const;
const USED = { max: 255, min: 1, optional: true } as const;

@InputType({ description: 'Which services to list. All that is given must hold.' })
export class ServiceFilter {
  @InNameFilter()
  name?: string;

  @InChoice({ description: 'Of one of these modes.', values: SERVICE_MODES, ...SEVERAL })
  mode?: ServiceModeName[];

  @InText({ description: 'With this in the name of the image.', ...USED })
  image?: string;

  @InChoice({
    description: 'Whose last change is being rolled out, or was, like this.',
    values: UPDATE_STATES,
    ...SEVERAL,
  })
  updateState?: UpdateState[];

  @InText({ description: 'On the network of this full id.', ...USED })
  network?: string;

  @InText({ description: 'With the secret of this full id or name.', ...USED })
  secret?: string;

  @InText({ description: 'With the config of this full id or name.', ...USED })
  config?: string;

  @InLabelFilter()
  label?: string[];
}

/** The query of `GET …/services`. */
export class ListServicesQuery extends ListQueryOf(ServiceFilter) {}

/** The arguments of GraphQL's `services`. */
@ArgsType()
export class ServicesArgs extends ListArgsOf(ServiceFilter, 'services') {}

/** The arguments of GraphQL's `serviceChanged`. */
@ArgsType()
export class ServiceChangedArgs extends ChangedArgsOf(ServiceFilter, 'services') {}
