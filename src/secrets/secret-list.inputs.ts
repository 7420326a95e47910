import { ArgsType, InputType } from '@nestjs/graphql';
import {
  ChangedArgsOf,
  InLabelFilter,
  InNameFilter,
  ListArgsOf,
  ListQueryOf,
} from '../common/list-inputs.js';

@InputType({ description: 'Which secrets to list. All that is given must hold.' })
export class SecretFilter {
  @InNameFilter()
  name?: string;

  @InLabelFilter()
  label?: string[];
}

/** The query of `GET …/secrets`. */
export class ListSecretsQuery extends ListQueryOf(SecretFilter) {}

/** The arguments of GraphQL's `secrets`. */
@ArgsType()
export class SecretsArgs extends ListArgsOf(SecretFilter, 'secrets') {}

/** The arguments of GraphQL's `secretChanged`. */
@ArgsType()
export class SecretChangedArgs extends ChangedArgsOf(SecretFilter, 'secrets') {}
