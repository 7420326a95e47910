import { ArgsType, InputType } from '@nestjs/graphql';
import { InBoolean, InChoice } from '../common/input-fields.js';
import {
  ChangedArgsOf,
  InLabelFilter,
  InNameFilter,
  ListArgsOf,
  ListQueryOf,
} from '../common/list-inputs.js';
import {
  NODE_AVAILABILITIES,
  NODE_ROLES,
  NODE_STATES,
  type NodeAvailability,
  type NodeRole,
  type NodeState,
} from './node-words.js';

@InputType({ description: 'Which nodes to list. All that is given must hold.' })
export class NodeFilter {
  @InNameFilter()
  name?: string;

  @InChoice({ description: 'That is to be this.', values: NODE_ROLES, optional: true })
  role?: NodeRole;

  @InChoice({
    description: 'With one of these availabilities.',
    values: NODE_AVAILABILITIES,
    list: { max: 3 },
    optional: true,
    fromText: true,
  })
  availability?: NodeAvailability[];

  @InChoice({
    description: 'In one of these states.',
    values: NODE_STATES,
    list: { max: 4 },
    optional: true,
    fromText: true,
  })
  state?: NodeState[];

  @InBoolean({ description: 'Whether it is the manager that decides.', optional: true, fromText: true })
  leader?: boolean;

  @InLabelFilter()
  label?: string[];
}

/** The query of `GET …/nodes`. */
export class ListNodesQuery extends ListQueryOf(NodeFilter) {}

/** The arguments of GraphQL's `nodes`. */
@ArgsType()
export class NodesArgs extends ListArgsOf(NodeFilter, 'nodes') {}

/** The arguments of GraphQL's `nodeChanged`. */
@ArgsType()
export class NodeChangedArgs extends ChangedArgsOf(NodeFilter, 'nodes') {}
