import { labelMatcher } from '../containers/container-filter.js';
import type { VolumeFilter } from './volume-list.inputs.js';
import type { Volume } from './volume.model.js';

/**
 * Whether a volume meets every filter given.
 *
 * @param used the names of volumes that some container has
 * @throws DomainError `invalid_input` for a label selector that is none
 */
export function volumeMatcher(
  { name, driver, label, dangling }: VolumeFilter,
  used: ReadonlySet<string>,
): (volume: Volume) => boolean {
  const meetsLabels = labelMatcher(label);
  return (volume) =>
    (name === undefined || volume.name.includes(name)) &&
    (driver === undefined || volume.driver === driver) &&
    (dangling === undefined || used.has(volume.name) !== dangling) &&
    meetsLabels(volume.labels);
}
