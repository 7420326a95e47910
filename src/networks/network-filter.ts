import { labelMatcher } from '../containers/container-filter.js';
import type { ContainerRecord } from '../gate/engine-handle.js';
import { networksOf } from './network.mapper.js';
import type { NetworkFilter } from './network-list.inputs.js';
import type { Network } from './network.model.js';

/** Whether some container is on a network, running or not. */
export type IsUsed = (network: { readonly id: string; readonly name: string }) => boolean;

/** Whether one of these containers is on a network. */
export function usedBy(containers: readonly ContainerRecord[]): IsUsed {
  const ids = new Set<string>();
  const names = new Set<string>();
  for (const { id, name } of containers.flatMap(networksOf)) {
    if (id === null) names.add(name);
    else ids.add(id);
  }
  return ({ id, name }) => ids.has(id) || names.has(name);
}

/**
 * Whether a network meets every filter given.
 *
 * @param isUsed for the filter `dangling`
 * @throws DomainError `invalid_input` for a label selector that is none
 */
export function networkMatcher(filter: NetworkFilter, isUsed: IsUsed): (network: Network) => boolean {
  const { name, driver, scope, label, dangling, ...flags } = filter;
  const meetsLabels = labelMatcher(label);
  const wanted = Object.entries(flags) as [keyof typeof flags, boolean | undefined][];
  return (network) =>
    (name === undefined || network.name.includes(name)) &&
    (driver === undefined || driver.includes(network.driver)) &&
    (scope === undefined || network.scope === scope) &&
    (dangling === undefined || isDangling(network, isUsed) === dangling) &&
    wanted.every(([flag, value]) => value === undefined || network[flag] === value) &&
    meetsLabels(network.labels);
}

/** What pruning would remove. The engine's own networks are always in use. */
function isDangling(network: Network, isUsed: IsUsed): boolean {
  return !network.predefined && !isUsed(network);
}
