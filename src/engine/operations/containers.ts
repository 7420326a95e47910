import { defineOperations } from './operation.js';

/** Containers: life cycle, looking, streams and files. Commands run in them are in `exec.ts`. */
// prettier-ignore
export const CONTAINER_OPERATIONS = defineOperations({
  // operationId               method    path                          nature       permission               target       engine
  ContainerList:              ['GET',    '/containers/json',           'plain',     'containers:list',       'container', 'reads'],
  ContainerCreate:            ['POST',   '/containers/create',         'plain',     'containers:create',     'container', 'changes'],
  ContainerInspect:           ['GET',    '/containers/{id}/json',      'plain',     'containers:get',        'container', 'reads'],
  // `ps_args` goes to the host's ps, some of whose options print every process' environment.
  ContainerTop:               ['GET',    '/containers/{id}/top',       'plain',     'containers:top',        'container', 'reads', { also: { ps_args: 'containers:readEnvironment' } }],
  // `details` tells the environment values that options of the log driver name.
  ContainerLogs:              ['GET',    '/containers/{id}/logs',      'stream',    'containers:logs',       'container', 'reads', { also: { details: 'containers:readEnvironment' } }],
  ContainerChanges:           ['GET',    '/containers/{id}/changes',   'plain',     'containers:changes',    'container', 'reads'],
  ContainerExport:            ['GET',    '/containers/{id}/export',    'stream',    'containers:export',     'container', 'reads'],
  ContainerStats:             ['GET',    '/containers/{id}/stats',     'stream',    'containers:stats',      'container', 'reads'],
  ContainerResize:            ['POST',   '/containers/{id}/resize',    'plain',     'containers:resize',     'container', 'reads'],
  ContainerStart:             ['POST',   '/containers/{id}/start',     'plain',     'containers:start',      'container', 'changes'],
  ContainerStop:              ['POST',   '/containers/{id}/stop',      'plain',     'containers:stop',       'container', 'changes'],
  ContainerRestart:           ['POST',   '/containers/{id}/restart',   'plain',     'containers:restart',    'container', 'changes'],
  ContainerKill:              ['POST',   '/containers/{id}/kill',      'plain',     'containers:kill',       'container', 'changes'],
  ContainerUpdate:            ['POST',   '/containers/{id}/update',    'plain',     'containers:update',     'container', 'changes'],
  ContainerRename:            ['POST',   '/containers/{id}/rename',    'plain',     'containers:rename',     'container', 'changes'],
  ContainerPause:             ['POST',   '/containers/{id}/pause',     'plain',     'containers:pause',      'container', 'changes'],
  ContainerUnpause:           ['POST',   '/containers/{id}/unpause',   'plain',     'containers:unpause',    'container', 'changes'],
  ContainerAttach:            ['POST',   '/containers/{id}/attach',    'hijack',    'containers:attach',     'container', 'changes'],
  ContainerAttachWebsocket:   ['GET',    '/containers/{id}/attach/ws', 'websocket', 'containers:attach',     'container', 'changes'],
  // Headers come at once, the body when the container stops.
  ContainerWait:              ['POST',   '/containers/{id}/wait',      'stream',    'containers:wait',       'container', 'reads'],
  ContainerDelete:            ['DELETE', '/containers/{id}',           'plain',     'containers:delete',     'container', 'changes'],
  ContainerArchiveInfo:       ['HEAD',   '/containers/{id}/archive',   'plain',     'containers:readFiles',  'container', 'reads'],
  ContainerArchive:           ['GET',    '/containers/{id}/archive',   'stream',    'containers:readFiles',  'container', 'reads'],
  PutContainerArchive:        ['PUT',    '/containers/{id}/archive',   'stream',    'containers:writeFiles', 'container', 'changes'],
  ContainerPrune:             ['POST',   '/containers/prune',          'plain',     'containers:prune',      'container', 'changes'],
});
