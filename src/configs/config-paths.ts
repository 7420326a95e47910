import { ArgsType } from '@nestjs/graphql';
import { EnginePath } from '../common/engine-path.js';
import { InDataName } from '../swarm/swarm-fields.js';

/** What the path `/engines/{engine}/configs/{id}` carries, and the arguments of GraphQL fields on a config. */
@ArgsType()
export class ConfigPath extends EnginePath {
  @InDataName("The config's id, the start of one, or its name.")
  id!: string;
}
