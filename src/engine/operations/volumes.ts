import { defineOperations } from './operation.js';

/** Volumes. */
// prettier-ignore
export const VOLUME_OPERATIONS = defineOperations({
  // operationId    method    path               nature   permission        target    engine
  VolumeList:      ['GET',    '/volumes',        'plain', 'volumes:list',   'volume', 'reads'],
  VolumeCreate:    ['POST',   '/volumes/create', 'plain', 'volumes:create', 'volume', 'changes'],
  VolumeInspect:   ['GET',    '/volumes/{name}', 'plain', 'volumes:get',    'volume', 'reads'],
  VolumeUpdate:    ['PUT',    '/volumes/{name}', 'plain', 'volumes:update', 'volume', 'changes', { since: '1.42' }],
  VolumeDelete:    ['DELETE', '/volumes/{name}', 'plain', 'volumes:delete', 'volume', 'changes'],
  VolumePrune:     ['POST',   '/volumes/prune',  'plain', 'volumes:prune',  'volume', 'changes'],
});
