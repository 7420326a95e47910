import { namedMatcher } from '../swarm/named-matcher.js';
import type { ServiceFilter } from './service-list.inputs.js';
import type { Service, ServiceDataFile } from './service.model.js';

/**
 * Whether a service meets every filter given.
 *
 * @throws DomainError `invalid_input` for a label selector that is none
 */
export function serviceMatcher(filter: ServiceFilter): (service: Service) => boolean {
  const isNamed = namedMatcher(filter);
  const { mode, image, updateState, network, secret, config } = filter;
  return (service) =>
    isNamed(service) &&
    (mode === undefined || mode.includes(service.mode)) &&
    (image === undefined || service.image.includes(image)) &&
    (updateState === undefined || updateState.includes(service.updateStatus.state)) &&
    (network === undefined || service.networks.some(({ id }) => id === network)) &&
    (secret === undefined || has(service.secrets, secret)) &&
    (config === undefined || has(service.configs, config));
}

function has(files: readonly ServiceDataFile[], wanted: string): boolean {
  return files.some(({ id, name }) => id === wanted || name === wanted);
}
