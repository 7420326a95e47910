import type { ServiceSpec } from '../gate/engine-handle.js';
import type { ServiceModeName } from './service-words.js';

export function modeOf({ Mode }: Pick<ServiceSpec, 'Mode'>): ServiceModeName {
  if (Mode?.Global != null) return 'global';
  if (Mode?.ReplicatedJob != null) return 'replicatedJob';
  if (Mode?.GlobalJob != null) return 'globalJob';
  return 'replicated';
}
