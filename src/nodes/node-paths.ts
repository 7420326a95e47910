import { ArgsType } from '@nestjs/graphql';
import { EnginePath } from '../common/engine-path.js';
import { InText } from '../common/input-fields.js';

/** What the path `/engines/{engine}/nodes/{id}/…` carries, and the arguments of GraphQL fields on a node. */
@ArgsType()
export class NodePath extends EnginePath {
  @InText({
    description: "The node's id, the start of one, or the name of its machine.",
    min: 1,
    max: 255,
    pattern: /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/,
    patternHint: 'a node id or host name: letters, digits, "_", "." and "-"',
    example: 'worker-1',
  })
  id!: string;
}
