import type { NodeDocument, ObjectRecord } from '../gate/engine-handle.js';
import { ObjectCatalog } from '../http/object-catalog.js';
import { toNode } from './node.mapper.js';
import type { Node } from './node.model.js';

export type NodeRecord = ObjectRecord<NodeDocument>;

/** Nodes as lists show them, newest first; the id makes the order total. */
export const NODES = new ObjectCatalog<NodeRecord, Node>({
  toModel: (engine, { kept }) => toNode(engine, kept),
  order: 'number',
  keyOf: ({ createdAt, id }) => [-createdAt, id],
});
