import { defineOperations } from './operation.js';

/** Services of the swarm and their tasks. */
// prettier-ignore
export const SERVICE_OPERATIONS = defineOperations({
  // operationId     method    path                     nature    permission         target     engine
  ServiceList:      ['GET',    '/services',             'plain',  'services:list',   'service', 'reads'],
  ServiceCreate:    ['POST',   '/services/create',      'plain',  'services:create', 'service', 'changes'],
  ServiceInspect:   ['GET',    '/services/{id}',        'plain',  'services:get',    'service', 'reads'],
  ServiceDelete:    ['DELETE', '/services/{id}',        'plain',  'services:delete', 'service', 'changes'],
  ServiceUpdate:    ['POST',   '/services/{id}/update', 'plain',  'services:update', 'service', 'changes'],
  ServiceLogs:      ['GET',    '/services/{id}/logs',   'stream', 'services:logs',   'service', 'reads'],
  TaskList:         ['GET',    '/tasks',                'plain',  'tasks:list',      'task',    'reads'],
  TaskInspect:      ['GET',    '/tasks/{id}',           'plain',  'tasks:get',       'task',    'reads'],
  TaskLogs:         ['GET',    '/tasks/{id}/logs',      'stream', 'tasks:logs',      'task',    'reads'],
});
