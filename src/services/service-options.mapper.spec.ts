import { describe, expect, it } from '@jest/globals';
import type { ServiceSpec } from '../gate/engine-handle.js';
import { toOptions } from './service-options.mapper.js';
import { toNewSpec } from './service-spec.mapper.js';
import { WHOLE_SERVICE } from './testing/whole-service.js';

const NAME = 'web';
/** What an engine has of it once it was created: it adds what it takes for granted. */
const asEngineHasIt = (spec: ServiceSpec): ServiceSpec => {
  const { TaskTemplate: task = {} } = spec;
  return { ...spec, TaskTemplate: { Runtime: 'container', ForceUpdate: 0, ...task } };
};

describe('a service in the words in which it is written', () => {
  it('is the same service when it is written back, with every option that there is', () => {
    const spec = asEngineHasIt(toNewSpec(WHOLE_SERVICE));
    const options = toOptions(spec);
    expect(options).toMatchObject({ mode: { type: 'replicated', replicas: 3 }, stopTimeoutSeconds: 2.5 });
    expect(Object.keys(options ?? {}).sort()).toEqual(
      Object.keys(WHOLE_SERVICE)
        .filter((field) => field !== 'name')
        .sort(),
    );
    expect(asEngineHasIt(toNewSpec({ ...options, name: NAME }))).toEqual(spec);
  });

  it.each<[string, Partial<typeof WHOLE_SERVICE>]>([
    ['of few words', {}],
    ['on each node', { mode: { type: 'global' } }],
    ['that is a job', { mode: { type: 'replicatedJob', maxConcurrent: 2, totalCompletions: 5 } }],
    ['that is a job on each node', { mode: { type: 'globalJob' } }],
    ['without tasks', { mode: { type: 'replicated', replicas: 0 } }],
    ['updated all at once', { updateConfig: { parallelism: 0, maxFailureRatio: 0 } }],
    ['with memory', { mounts: [{ type: 'tmpfs', target: '/t', tmpfs: { options: ['noexec', 'size=1m'] } }] }],
  ])('%s is the same too', (_, rest) => {
    const spec = toNewSpec({ name: NAME, image: 'app', ...rest });
    expect(toNewSpec({ ...toOptions(asEngineHasIt(spec)), name: NAME })).toMatchObject(spec);
  });

  it.each<[string, (spec: ServiceSpec) => ServiceSpec]>([
    ['what a later engine may have', (spec) => ({ ...spec, Later: { A: 1 } }) as ServiceSpec],
    [
      'a container that is no service’s own',
      (spec) => ({ ...spec, TaskTemplate: { NetworkAttachmentSpec: { ContainerID: 'c' } } }),
    ],
    ['a plugin', (spec) => ({ ...spec, TaskTemplate: { Runtime: 'plugin', PluginSpec: { name: 'x' } } })],
    [
      'a host with two names',
      (spec) => ({
        ...spec,
        TaskTemplate: { ContainerSpec: { Image: 'app', Hosts: ['192.0.2.1 one two'] } },
      }),
    ],
  ])('has no words for %s, rather than to lose it', (_, change) => {
    expect(toOptions(change(toNewSpec({ name: NAME, image: 'app' })))).toBeNull();
  });
});
