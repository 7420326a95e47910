import { DomainError } from '../common/errors.js';
import { matchesLabels, parseLabelSelector } from '../common/label-selector.js';
import type { ContainerFilter } from './container-list.inputs.js';
import type { Container } from './container.model.js';

/**
 * Whether a container meets every filter given.
 *
 * @throws DomainError `invalid_input` for a label selector that is none
 */
export function containerMatcher(filter: ContainerFilter): (container: Container) => boolean {
  const meetsLabels = labelMatcher(filter.label);
  const { state, health, name, image, network, volume } = filter;
  return (container) =>
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
    meetsLabels(container.labels);
}

/**
 * Whether labels meet all selectors of the input field `label`.
 *
 * @throws DomainError `invalid_input` that names the one that is no selector
 */
export function labelMatcher(
  texts: readonly string[] = [],
): (labels: Readonly<Record<string, string>>) => boolean {
  const selectors = texts.map((text, index) => {
    try {
      return parseLabelSelector(text);
    } catch (error) {
      throw error instanceof DomainError ? atField(error, `label.${String(index)}`) : error;
    }
  });
  return (labels) => selectors.every((selector) => matchesLabels(selector, labels));
}

function atField({ kind, message, errors }: DomainError, field: string): DomainError {
  return new DomainError(kind, message, { errors: errors.map((error) => ({ ...error, field })) });
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
