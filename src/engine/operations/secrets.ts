import { defineOperations } from './operation.js';

/** Secrets of the swarm. The engine never gives their data back. */
// prettier-ignore
export const SECRET_OPERATIONS = defineOperations({
  // operationId    method    path                    nature   permission        target    engine
  SecretList:      ['GET',    '/secrets',             'plain', 'secrets:list',   'secret', 'reads'],
  SecretCreate:    ['POST',   '/secrets/create',      'plain', 'secrets:create', 'secret', 'changes'],
  SecretInspect:   ['GET',    '/secrets/{id}',        'plain', 'secrets:get',    'secret', 'reads'],
  SecretDelete:    ['DELETE', '/secrets/{id}',        'plain', 'secrets:delete', 'secret', 'changes'],
  SecretUpdate:    ['POST',   '/secrets/{id}/update', 'plain', 'secrets:update', 'secret', 'changes'],
});
