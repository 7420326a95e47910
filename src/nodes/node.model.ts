import { ObjectType } from '@nestjs/graphql';
import { FollowedList, WithFreshness } from '../common/freshness.js';
import {
  OutBigInteger,
  OutBoolean,
  OutChoice,
  OutJson,
  OutNumber,
  OutObject,
  OutText,
  OutTextMap,
} from '../common/output-fields.js';
import { ConnectionOf } from '../common/pagination.js';
import { OfSwarm } from '../swarm/swarm-object.model.js';
import { NODE_AVAILABILITIES, NODE_REACHABILITIES, NODE_ROLES, NODE_STATES } from './node-words.js';

@ObjectType({ description: 'A node of a swarm, as lists tell of it.' })
export class Node extends OfSwarm {
  @OutText('The name of its machine. Several nodes may have the same.')
  name!: string;

  @OutChoice(NODE_ROLES, 'What it is to be.')
  role!: string;

  @OutChoice(NODE_AVAILABILITIES, 'Whether tasks are given to it (`active`), left to it, or taken from it.')
  availability!: string;

  @OutChoice(NODE_STATES, 'Whether its managers hear of it.')
  state!: string;

  @OutText('What its managers say of its state; empty for nothing.')
  stateMessage!: string;

  @OutText('The address that its managers hear it from; null where they do not know.', { nullable: true })
  address!: string | null;

  @OutBoolean('Whether it is the manager that decides.')
  leader!: boolean;

  @OutChoice(NODE_REACHABILITIES, 'Whether the other managers reach it; null for a worker.', {
    nullable: true,
  })
  reachability!: string | null;

  @OutText('Where it listens as a manager; null for a worker.', { nullable: true })
  managerAddress!: string | null;

  @OutText('The version of its engine; empty where it is not known.')
  engineVersion!: string;

  @OutTextMap('Labels of its engine, which its own settings give it.')
  engineLabels!: Record<string, string>;

  @OutText('The operating system, such as `linux`; empty where it is not known.')
  os!: string;

  @OutText('The kind of processor, such as `x86_64`; empty where it is not known.')
  architecture!: string;

  @OutNumber('How many processors it has.')
  cpus!: number;

  @OutBigInteger('How many bytes of memory it has.')
  memoryBytes!: number;
}

@ObjectType({ description: 'A plugin of a node’s engine.' })
export class NodePlugin {
  @OutText('What it does, such as `Volume`, `Network` or `Log`.')
  type!: string;

  @OutText('The name.')
  name!: string;
}

@ObjectType({ description: 'Something of a kind of its own that a node has, such as a GPU.' })
export class NodeResource {
  @OutText('The kind.')
  kind!: string;

  @OutText('Which one, by name, or how many.')
  value!: string;
}

@ObjectType({ description: 'A node, with all that is known of it.' })
export class NodeDetails extends WithFreshness(Node) {
  @OutObject(() => NodePlugin, 'The plugins of its engine.', { list: true })
  plugins!: NodePlugin[];

  @OutObject(() => NodeResource, 'What it has besides processors and memory.', { list: true })
  resources!: NodeResource[];

  @OutJson("The engine's own document, as NodeInspect answers it.")
  raw!: unknown;
}

/** A page of nodes in GraphQL. */
export const NodeConnection = ConnectionOf(Node, FollowedList);
