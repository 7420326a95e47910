import { defineOperations } from './operation.js';

/** Commands run in a container. An exec belongs to its container, and whoever may use that container. */
// prettier-ignore
export const EXEC_OPERATIONS = defineOperations({
  // operationId    method  path                     nature    permission         target       engine
  ContainerExec:   ['POST', '/containers/{id}/exec', 'plain',  'containers:exec', 'container', 'changes'],
  // With `Detach` in its body the answer is plain.
  ExecStart:       ['POST', '/exec/{id}/start',      'hijack', 'containers:exec', 'exec',      'changes'],
  ExecResize:      ['POST', '/exec/{id}/resize',     'plain',  'containers:exec', 'exec',      'reads'],
  ExecInspect:     ['GET',  '/exec/{id}/json',       'plain',  'containers:exec', 'exec',      'reads'],
});
