import { ObjectType } from '@nestjs/graphql';
import { OutObject } from '../common/output-fields.js';
import { ObjectChange } from '../http/object-change.model.js';
import { Node } from './node.model.js';

@ObjectType({ description: 'Something new about the nodes of a swarm.' })
export class NodeChange extends ObjectChange {
  @OutObject(() => Node, 'The node as it is now, or was before it was removed.', { nullable: true })
  node!: Node | null;
}
