import { familiarName } from '../common/image-reference.js';
import type { ImageRecord } from './image-catalog.js';

/** The image that `reference` names among those given: by a name, its id, or the start of one. */
export function findImage(records: readonly ImageRecord[], reference: string): ImageRecord | undefined {
  const id = reference.startsWith('sha256:') ? reference : `sha256:${reference}`;
  const exact = records.find((record) => record.id === id);
  if (exact) return exact;
  const wanted = familiarName(reference);
  const named = records.find(({ kept }) =>
    [...kept.RepoTags, ...kept.RepoDigests].some((name) => familiarName(name) === wanted),
  );
  if (named) return named;
  const [first, second] = records.filter((record) => record.id.startsWith(id));
  return second ? undefined : first;
}
