import { defineOperations } from './operation.js';

/** Engine plugins, which run with whatever privileges they ask for. */
// prettier-ignore
export const PLUGIN_OPERATIONS = defineOperations({
  // operationId          method    path                       nature    permission           target        engine
  PluginList:            ['GET',    '/plugins',                'plain',  'plugins:list',      'plugin',     'reads'],
  GetPluginPrivileges:   ['GET',    '/plugins/privileges',     'plain',  'plugins:pull',      'repository', 'reads'],
  PluginPull:            ['POST',   '/plugins/pull',           'stream', 'plugins:pull',      'plugin',     'changes'],
  PluginInspect:         ['GET',    '/plugins/{name}/json',    'plain',  'plugins:get',       'plugin',     'reads'],
  PluginDelete:          ['DELETE', '/plugins/{name}',         'plain',  'plugins:delete',    'plugin',     'changes'],
  PluginEnable:          ['POST',   '/plugins/{name}/enable',  'plain',  'plugins:enable',    'plugin',     'changes'],
  PluginDisable:         ['POST',   '/plugins/{name}/disable', 'plain',  'plugins:disable',   'plugin',     'changes'],
  PluginUpgrade:         ['POST',   '/plugins/{name}/upgrade', 'stream', 'plugins:upgrade',   'plugin',     'changes'],
  PluginCreate:          ['POST',   '/plugins/create',         'stream', 'plugins:create',    'plugin',     'changes'],
  PluginPush:            ['POST',   '/plugins/{name}/push',    'stream', 'plugins:push',      'plugin',     'changes'],
  PluginSet:             ['POST',   '/plugins/{name}/set',     'plain',  'plugins:configure', 'plugin',     'changes'],
});
