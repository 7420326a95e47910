import { ArgsType } from '@nestjs/graphql';
import { InEngineName } from './references.js';

/** What the path `/engines/{engine}/…` carries, and the argument of GraphQL fields on an engine. */
@ArgsType()
export class EnginePath {
  @InEngineName()
  engine!: string;
}
