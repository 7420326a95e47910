import { ArgsType, InputType } from '@nestjs/graphql';
import {
  ChangedArgsOf,
  InLabelFilter,
  InNameFilter,
  ListArgsOf,
  ListQueryOf,
} from '../common/list-inputs.js';

@InputType({ description: 'Which configs to list. All that is given must hold.' })
export class ConfigFilter {
  @InNameFilter()
  name?: string;

  @InLabelFilter()
  label?: string[];
}

/** The query of `GET …/configs`. */
export class ListConfigsQuery extends ListQueryOf(ConfigFilter) {}

/** The arguments of GraphQL's `configs`. */
@ArgsType()
export class ConfigsArgs extends ListArgsOf(ConfigFilter, 'configs') {}

/** The arguments of GraphQL's `configChanged`. */
@ArgsType()
export class ConfigChangedArgs extends ChangedArgsOf(ConfigFilter, 'configs') {}
