import { defineOperations } from './operation.js';

/** Configs of the swarm. List and inspect answer with their data: `configs:readData`. */
// prettier-ignore
export const CONFIG_OPERATIONS = defineOperations({
  // operationId    method    path                    nature   permission        target    engine
  ConfigList:      ['GET',    '/configs',             'plain', 'configs:list',   'config', 'reads'],
  ConfigCreate:    ['POST',   '/configs/create',      'plain', 'configs:create', 'config', 'changes'],
  ConfigInspect:   ['GET',    '/configs/{id}',        'plain', 'configs:get',    'config', 'reads'],
  ConfigDelete:    ['DELETE', '/configs/{id}',        'plain', 'configs:delete', 'config', 'changes'],
  ConfigUpdate:    ['POST',   '/configs/{id}/update', 'plain', 'configs:update', 'config', 'changes'],
});
