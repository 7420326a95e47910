import { defineOperations } from './operation.js';

/**
 * Building images. The last two rows are not in Docker's description, but Docker's clients call them: the docker CLI
 * cancels builds by one, buildx talks to BuildKit over the other.
 */
// prettier-ignore
export const BUILDER_OPERATIONS = defineOperations({
  // operationId   method  path             nature    permission         target     engine
  ImageBuild:     ['POST', '/build',        'stream', 'images:build',    'image',   'changes'],
  BuildPrune:     ['POST', '/build/prune',  'plain',  'builder:prune',   'builder', 'changes'],
  Session:        ['POST', '/session',      'hijack', 'images:build',    'builder', 'changes'],
  BuildCancel:    ['POST', '/build/cancel', 'plain',  'images:build',    'builder', 'changes'],
  BuildKitGrpc:   ['POST', '/grpc',         'hijack', 'builder:control', 'builder', 'changes'],
});
