import { defineOperations } from './operation.js';

/** The swarm that the engine is part of. */
// prettier-ignore
export const SWARM_OPERATIONS = defineOperations({
  // operationId     method  path                nature   permission             target   engine
  SwarmInspect:     ['GET',  '/swarm',           'plain', 'swarm:get',           'swarm', 'reads'],
  SwarmInit:        ['POST', '/swarm/init',      'plain', 'swarm:init',          'swarm', 'changes'],
  SwarmJoin:        ['POST', '/swarm/join',      'plain', 'swarm:join',          'swarm', 'changes'],
  SwarmLeave:       ['POST', '/swarm/leave',     'plain', 'swarm:leave',         'swarm', 'changes'],
  SwarmUpdate:      ['POST', '/swarm/update',    'plain', 'swarm:update',        'swarm', 'changes'],
  SwarmUnlockkey:   ['GET',  '/swarm/unlockkey', 'plain', 'swarm:readUnlockKey', 'swarm', 'reads'],
  SwarmUnlock:      ['POST', '/swarm/unlock',    'plain', 'swarm:unlock',        'swarm', 'changes'],
});
