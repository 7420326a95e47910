import { familiarName } from '../common/image-reference.js';
import type { WatchedKindName } from '../state/watched-kinds.js';

/** The repository that a reference names, in the form in which role bindings name it: without tag and digest. */
export function repositoryOf(reference: string): string {
  const [name = ''] = familiarName(reference).split('@', 1);
  return name.replace(/:[^/:]+$/, '');
}

/** The repositories of an image, by its tags and digests; undefined for what is no image. */
export function repositoriesOf(kind: WatchedKindName, kept: object): string[] | undefined {
  if (kind !== 'image') return undefined;
  // Lists of engines have null, or `<none>`, where there are no names.
  const { RepoTags, RepoDigests } = kept as { RepoTags?: string[] | null; RepoDigests?: string[] | null };
  const names = [...(RepoTags ?? []), ...(RepoDigests ?? [])].filter((name) => !name.includes('<none>'));
  return [...new Set(names.map(repositoryOf))];
}

/** Whether `reference` is an id, or the start of one, rather than a name. */
export function isImageId(reference: string): boolean {
  return /^(sha256:)?[0-9a-f]{6,64}$/.test(reference);
}

/** Whether a name says which one of its repository it means: by a tag or a digest. */
export function hasTag(name: string): boolean {
  return name.includes('@') || name.lastIndexOf(':') > name.lastIndexOf('/');
}

/** The name that an engine makes of a name and a tag or digest; where the name has one of its own, the other takes its place. */
export function withTag(name: string, tag: unknown): string {
  if (typeof tag !== 'string' || tag === '') return name;
  const [named = ''] = name.split('@', 1);
  const bare = named.replace(/:[^/:]*$/, '');
  return tag.includes(':') ? `${bare}@${tag}` : `${bare}:${tag}`;
}
