import { ArgsType } from '@nestjs/graphql';
import { EnginePath } from '../common/engine-path.js';
import { InDataName } from '../swarm/swarm-fields.js';

/** What the path `/engines/{engine}/secrets/{id}` carries, and the arguments of GraphQL fields on a secret. */
@ArgsType()
export class SecretPath extends EnginePath {
  @InDataName("The secret's id, the start of one, or its name.")
  id!: string;
}
