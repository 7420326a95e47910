import { defineOperations } from './operation.js';

/** Networks. Connect and disconnect name a container in the body: a second target. */
// prettier-ignore
export const NETWORK_OPERATIONS = defineOperations({
  // operationId        method    path                         nature   permission             target     engine
  NetworkList:         ['GET',    '/networks',                 'plain', 'networks:list',       'network', 'reads'],
  NetworkInspect:      ['GET',    '/networks/{id}',            'plain', 'networks:get',        'network', 'reads'],
  NetworkDelete:       ['DELETE', '/networks/{id}',            'plain', 'networks:delete',     'network', 'changes'],
  NetworkCreate:       ['POST',   '/networks/create',          'plain', 'networks:create',     'network', 'changes'],
  NetworkConnect:      ['POST',   '/networks/{id}/connect',    'plain', 'networks:connect',    'network', 'changes'],
  NetworkDisconnect:   ['POST',   '/networks/{id}/disconnect', 'plain', 'networks:disconnect', 'network', 'changes'],
  NetworkPrune:        ['POST',   '/networks/prune',           'plain', 'networks:prune',      'network', 'changes'],
});
