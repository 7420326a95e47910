import { labelMatcher } from '../containers/container-filter.js';
import type { ImageFilter } from './image-list.inputs.js';
import { imageNameMatcher } from './image-name-pattern.js';
import type { Image } from './image.model.js';

/** What a filter depends on besides the image. */
export interface FilterContext {
  /** The ids of images that containers were made of. */
  readonly used: ReadonlySet<string>;
  /** When the images `since` and `before` were made, in milliseconds since the epoch. */
  readonly since?: number | undefined;
  readonly before?: number | undefined;
}

/**
 * Whether an image meets every filter given.
 *
 * @throws DomainError `invalid_input` for a label selector that is none
 */
export function imageMatcher(
  { reference, label, dangling, used }: ImageFilter,
  context: FilterContext,
): (image: Image) => boolean {
  const meetsLabels = labelMatcher(label);
  const patterns = reference?.map(imageNameMatcher);
  const { since, before } = context;
  return (image) =>
    (dangling === undefined || image.dangling === dangling) &&
    (used === undefined || context.used.has(image.id) === used) &&
    (since === undefined || madeAt(image) > since) &&
    (before === undefined || madeAt(image) < before) &&
    (patterns === undefined || patterns.some((meets) => [...image.tags, ...image.digests].some(meets))) &&
    meetsLabels(image.labels);
}

function madeAt({ createdAt }: Image): number {
  return createdAt === null ? 0 : Date.parse(createdAt);
}
