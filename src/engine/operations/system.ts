import { defineOperations } from './operation.js';

/** The engine itself. */
// prettier-ignore
export const SYSTEM_OPERATIONS = defineOperations({
  // operationId      method  path          nature    permission        target    engine
  SystemPing:        ['GET',  '/_ping',     'plain',  'system:ping',    'engine', 'reads'],
  SystemPingHead:    ['HEAD', '/_ping',     'plain',  'system:ping',    'engine', 'reads'],
  SystemVersion:     ['GET',  '/version',   'plain',  'system:version', 'engine', 'reads'],
  SystemInfo:        ['GET',  '/info',      'plain',  'system:info',    'engine', 'reads'],
  SystemDataUsage:   ['GET',  '/system/df', 'plain',  'system:df',      'engine', 'reads'],
  SystemEvents:      ['GET',  '/events',    'stream', 'system:events',  'engine', 'reads'],
  SystemAuth:        ['POST', '/auth',      'plain',  'system:auth',    'engine', 'reads'],
});
