import { defineOperations } from './operation.js';

/** Images, and looking them up in registries. Building them is in `builder.ts`. */
// prettier-ignore
export const IMAGE_OPERATIONS = defineOperations({
  // operationId          method    path                           nature    permission                 target        engine
  ImageList:             ['GET',    '/images/json',                'plain',  'images:list',             'image',      'reads'],
  // Pulls `fromImage`; without it imports `fromSrc`, a body or an address.
  ImageCreate:           ['POST',   '/images/create',              'stream', 'images:pull',             'image',      'changes', { also: { fromSrc: 'images:import' } }],
  ImageInspect:          ['GET',    '/images/{name}/json',         'plain',  'images:get',              'image',      'reads'],
  ImageAttestations:     ['GET',    '/images/{name}/attestations', 'plain',  'images:readAttestations', 'image',      'reads', { since: '1.55' }],
  ImageHistory:          ['GET',    '/images/{name}/history',      'plain',  'images:history',          'image',      'reads'],
  ImagePush:             ['POST',   '/images/{name}/push',         'stream', 'images:push',             'image',      'changes'],
  ImageTag:              ['POST',   '/images/{name}/tag',          'plain',  'images:tag',              'image',      'changes'],
  ImageDelete:           ['DELETE', '/images/{name}',              'plain',  'images:delete',           'image',      'changes'],
  ImageSearch:           ['GET',    '/images/search',              'plain',  'images:search',           'repository', 'reads'],
  ImagePrune:            ['POST',   '/images/prune',               'plain',  'images:prune',            'image',      'changes'],
  ImageCommit:           ['POST',   '/commit',                     'plain',  'containers:commit',       'container',  'changes', { targetQuery: 'container' }],
  ImageGet:              ['GET',    '/images/{name}/get',          'stream', 'images:save',             'image',      'reads'],
  // `names` may be several.
  ImageGetAll:           ['GET',    '/images/get',                 'stream', 'images:save',             'image',      'reads', { targetQuery: 'names' }],
  ImageLoad:             ['POST',   '/images/load',                'stream', 'images:load',             'image',      'changes'],
  DistributionInspect:   ['GET',    '/distribution/{name}/json',   'plain',  'distribution:get',        'repository', 'reads'],
});
