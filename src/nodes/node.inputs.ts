import { ArgsType, InputType } from '@nestjs/graphql';
import { InBoolean, InChoice, InInteger } from '../common/input-fields.js';
import { InSwarmLabels, InVersion } from '../swarm/swarm-fields.js';
import { NODE_AVAILABILITIES, NODE_ROLES, type NodeAvailability, type NodeRole } from './node-words.js';

@InputType({ description: 'What to change of a node. What is left out stays.' })
export class UpdateNodeInput {
  @InSwarmLabels('All labels: those that are left out are taken away.')
  labels?: Record<string, string>;

  @InChoice({
    description: 'What it is to be: `manager` promotes it, `worker` demotes it.',
    values: NODE_ROLES,
    optional: true,
  })
  role?: NodeRole;

  @InChoice({
    description:
      'Whether tasks are given to it (`active`), only left to it (`pause`), or taken from it (`drain`).',
    values: NODE_AVAILABILITIES,
    optional: true,
  })
  availability?: NodeAvailability;

  @InVersion()
  version?: number;
}

/** How a node is removed. */
@ArgsType()
export class RemoveNodeQuery {
  @InBoolean({
    description:
      'Whether to remove it also where it is not down: it then has to leave the swarm by itself. Default: false.',
    optional: true,
    fromText: true,
  })
  force?: boolean;
}

@InputType({ description: 'How a node is drained.' })
export class DrainNodeInput {
  @InVersion()
  version?: number;

  @InInteger({
    description:
      'For how many seconds to wait until its tasks have moved: after that the job fails, and the node stays drained. Default: 600.',
    min: 1,
    max: 86_400,
    optional: true,
  })
  timeoutSeconds?: number;
}
