import { ArgsType } from '@nestjs/graphql';
import { EnginePath } from '../common/engine-path.js';
import { InContainerReference, InExecId } from '../common/references.js';

/** What the path `/engines/{engine}/containers/{id}/…` carries, and the arguments of GraphQL fields on a container. */
@ArgsType()
export class ContainerPath extends EnginePath {
  @InContainerReference()
  id!: string;
}

/** What the path `/engines/{engine}/exec/{id}/…` carries, and the arguments of GraphQL fields on an exec. */
@ArgsType()
export class ExecPath extends EnginePath {
  @InExecId()
  id!: string;
}
