import type { ImageInfo, ImageInspectInfo } from 'dockerode';
import { familiarName } from '../common/image-reference.js';
import { fingerprintOf, orEmpty, orNone, READ_TIMEOUT_MS, timeOf } from './listed.js';
import type { WatchedKind } from './watched-kind.js';

/** What is kept of each image: what lists answer with, and the gate decides by. Its environment is not among it. */
export type KeptImage = Pick<
  ImageInspectInfo,
  'Id' | 'RepoTags' | 'RepoDigests' | 'Parent' | 'Created' | 'Size' | 'Architecture' | 'Os' | 'Author'
> & { readonly Labels: Readonly<Record<string, string>>; readonly Variant: string };

/**
 * Images: ImageList, ImageInspect and their events. What gives an image a name may take it from another, of which no
 * event tells: after such an event all are compared.
 */
export const WATCHED_IMAGES: WatchedKind<KeptImage, ImageInspectInfo> = {
  name: 'image',
  naming: {
    names: ({ kept }) => [...orNoNames(kept.RepoTags), ...orNoNames(kept.RepoDigests)].map(familiarName),
    meanings: (reference) =>
      reference.startsWith('sha256:')
        ? { names: [], idPrefix: reference }
        : {
            names: [familiarName(reference)],
            ...(/^[0-9a-f]+$/.test(reference) ? { idPrefix: `sha256:${reference}` } : {}),
          },
  },

  async list(connection, signal) {
    const { body } = await connection.json<ImageInfo[]>('ImageList', { signal });
    return body.map(({ Id, RepoTags, RepoDigests, Created, Size, Labels }) => ({
      id: Id,
      fingerprint: fingerprintOf([Id, RepoTags, RepoDigests, Created, Size, Labels]),
      active: false,
    }));
  },

  read(connection, id, signal) {
    return orNone(
      connection.json<ImageInspectInfo>('ImageInspect', {
        params: { name: id },
        signal,
        timeoutMs: READ_TIMEOUT_MS,
      }),
    );
  },

  toRecord(document) {
    const { Id, RepoTags, RepoDigests, Parent, Created, Size, Architecture, Os, Author } = document;
    const { Labels } = configOf(document);
    const labels = orEmpty(Labels);
    return {
      id: Id,
      name: orNoNames(RepoTags)[0] ?? '',
      labels,
      createdAt: timeOf(Created),
      kept: {
        Id,
        RepoTags: orNoNames(RepoTags),
        RepoDigests: orNoNames(RepoDigests),
        Parent,
        Created,
        Size,
        Architecture,
        Os,
        Author,
        Labels: labels,
        Variant: (document as { Variant?: string }).Variant ?? '',
      },
    };
  },

  endsWith: 'delete', // an image is called by what is in it: the same can be made again

  hint({ type, action, actorId }) {
    if (type !== 'image') return undefined;
    return action === 'push' || action === 'save' ? undefined : { id: actorId, changes: 'list' };
  },
};

function configOf(document: ImageInspectInfo): { Labels?: Record<string, string> | null } {
  const { Config } = document as { Config?: { Labels?: Record<string, string> | null } | null };
  return Config ?? {};
}

/** Without names there is null, or in older versions `<none>:<none>`. */
function orNoNames(names: readonly string[] | null): string[] {
  return (names ?? []).filter((name) => !name.includes('<none>'));
}
