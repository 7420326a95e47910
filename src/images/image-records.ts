import { canonicalReference, type ImageReference, parseImageReference } from '../common/image-reference.js';
import { DomainError } from '../common/errors.js';
import type { ImageRecord } from './image-catalog.js';

/** The image that `reference` names among those given: by a name, its id, or the start of one. */
export function findImage(records: readonly ImageRecord[], reference: string): ImageRecord | undefined {
  const id = reference.startsWith('sha256:') ? reference : `sha256:${reference}`;
  const exact = records.find((record) => record.id === id);
  if (exact) return exact;
  const wanted = nameIn(reference);
  const named =
    wanted === undefined
      ? undefined
      : records.find(({ kept }) =>
          [...kept.RepoTags, ...kept.RepoDigests].some((name) => nameIn(name) === wanted),
        );
  if (named) return named;
  const [first, second] = records.filter((record) => record.id.startsWith(id));
  return second ? undefined : first;
}

/** One way to write a name: whole; by its digest, where it has one, else by its tag. */
function nameIn(text: string): string | undefined {
  let reference: ImageReference;
  try {
    reference = parseImageReference(text);
  } catch (error) {
    if (error instanceof DomainError) return undefined; // an id is no name
    throw error;
  }
  const { domain, path, tag = 'latest', digest } = reference;
  return canonicalReference(digest === undefined ? { domain, path, tag } : { domain, path, digest });
}
