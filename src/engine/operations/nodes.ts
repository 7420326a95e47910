import { defineOperations } from './operation.js';

/** Nodes of the swarm. */
// prettier-ignore
export const NODE_OPERATIONS = defineOperations({
  // operationId  method    path                  nature   permission      target  engine
  NodeList:      ['GET',    '/nodes',             'plain', 'nodes:list',   'node', 'reads'],
  NodeInspect:   ['GET',    '/nodes/{id}',        'plain', 'nodes:get',    'node', 'reads'],
  NodeDelete:    ['DELETE', '/nodes/{id}',        'plain', 'nodes:delete', 'node', 'changes'],
  NodeUpdate:    ['POST',   '/nodes/{id}/update', 'plain', 'nodes:update', 'node', 'changes'],
});
