import { matchesLabels, parseLabelSelector } from '../common/label-selector.js';
import type { ContainerFilter } from './container-list.inputs.js';
import type { Container } from './container.model.js';

/** Those of `containers` that meet every filter given. */
export function filterContainers(containers: readonly Container[], filter: ContainerFilter): Container[] {
  const selectors = (filter.label ?? []).map(parseLabelSelector);
  const { state, health, name, image, network, volume } = filter;
  return containers.filter(
    (container) =>
      (state === undefined || state.includes(container.state)) &&
      (health === undefined || health.includes(container.health)) &&
      (name === undefined || container.name.includes(name)) &&
      (image === undefined || isImage(container, image)) &&
      (network === undefined ||
        container.networks.some((joined) => joined.name === network || joined.id === network)) &&
      (volume === undefined ||
        container.mounts.some(
          (mount) => mount.name === volume || mount.source === volume || mount.target === volume,
        )) &&
      selectors.every((selector) => matchesLabels(selector, container.labels)),
  );
}

/** An image is named as the container names it, with or without `:latest`, or by its id with or without `sha256:`. */
function isImage({ image, imageId }: Container, wanted: string): boolean {
  return (
    image === wanted ||
    image === `${wanted}:latest` ||
    `${image}:latest` === wanted ||
    imageId === wanted ||
    imageId === `sha256:${wanted}`
  );
}
