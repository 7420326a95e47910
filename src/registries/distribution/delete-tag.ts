import { DomainError } from '../../common/errors.js';
import { digestOf } from './manifests.js';
import { registryError } from './registry-errors.js';
import { tagNames } from './registry-lists.js';
import type { RegistrySession } from './registry-session.js';

/** How many tags are looked at for being of the same image. */
const MAX_OTHER_TAGS = 200;
const AT_ONCE = 8;
/** What registries answer that delete images only. */
const NOT_BY_TAG: ReadonlySet<number> = new Set([400, 404, 405, 501]);

export interface DeletedTag {
  /** What the tag stood for. */
  readonly digest: string;
  /** Whether the image itself is gone, and all of its tags. */
  readonly imageDeleted: boolean;
}

/**
 * Deletes a tag alone where the registry can (OCI distribution specification 1.1), and else the image that it stands for:
 * that takes all tags of the image along, so they are looked for first.
 *
 * @param withOtherTags whether these may go too
 * @throws DomainError `not_found`; `not_supported` where the registry deletes nothing; `conflict` for other tags
 */
export async function deleteTag(
  session: RegistrySession,
  repository: string,
  tag: string,
  withOtherTags: boolean,
): Promise<DeletedTag> {
  const digest = await digestOf(session, repository, tag);
  const scope = `repository:${repository}:pull,push,delete`;
  const byTag = await session.attempt({ path: `${repository}/manifests/${tag}`, method: 'DELETE', scope });
  if (byTag.status >= 200 && byTag.status < 300) {
    byTag.discard();
    return { digest, imageDeleted: false };
  }
  if (!NOT_BY_TAG.has(byTag.status)) throw await registryError(session.registry.name, byTag);
  byTag.discard();
  if (!withOtherTags) await requireNoOtherTags(session, repository, tag, digest);
  const byDigest = await session.request({
    path: `${repository}/manifests/${digest}`,
    method: 'DELETE',
    scope,
  });
  byDigest.discard();
  return { digest, imageDeleted: true };
}

async function requireNoOtherTags(
  session: RegistrySession,
  repository: string,
  tag: string,
  digest: string,
): Promise<void> {
  const { items, nextCursor } = await tagNames(session, repository, {
    limit: MAX_OTHER_TAGS,
    after: undefined,
  });
  if (nextCursor !== null) {
    throw conflict(
      `there are more than ${MAX_OTHER_TAGS} tags, too many to see if others are of the same image`,
    );
  }
  const others = items.filter((other) => other !== tag);
  for (let at = 0; at < others.length; at += AT_ONCE) {
    const group = others.slice(at, at + AT_ONCE);
    const digests = await Promise.all(group.map((other) => digestOrNone(session, repository, other)));
    const same = group.filter((_, index) => digests[index] === digest);
    if (same.length > 0) throw conflict(`the image has other tags, which would go too: ${same.join(', ')}`);
  }
}

/** Undefined for one that was deleted meanwhile. */
async function digestOrNone(
  session: RegistrySession,
  repository: string,
  tag: string,
): Promise<string | undefined> {
  try {
    return await digestOf(session, repository, tag);
  } catch (error) {
    if (error instanceof DomainError && error.kind === 'not_found') return undefined;
    throw error;
  }
}

function conflict(why: string): DomainError {
  return new DomainError(
    'conflict',
    `This registry can not delete a tag alone, and ${why}. Delete with withOtherTags to do it`,
  );
}
