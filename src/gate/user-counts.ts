import type { WatchedKindName } from '../state/watched-kinds.js';
import type { Rights } from './rights.js';

/** As engines say of a number that it was not counted. */
const NOT_COUNTED = -1;

interface Counted {
  /** Of images. */
  readonly Containers?: number;
  readonly SharedSize?: number;
  readonly Manifests?: readonly { readonly ImageData?: object | null }[] | null;
  /** Of volumes. */
  readonly UsageData?: object | null;
}

/** The document of an image or volume without how many containers use it, and what an image shares with others, that are hidden. */
export function withoutHiddenUsers<T extends object>(rights: Rights, kind: WatchedKindName, document: T): T {
  const { Containers, SharedSize, Manifests, UsageData } = document as Counted;
  const seesUsers = rights.mayAlways('containers:list');
  if (kind === 'volume')
    return seesUsers || !UsageData
      ? document
      : { ...document, UsageData: { ...UsageData, RefCount: NOT_COUNTED } };
  if (kind !== 'image') return document;
  return {
    ...document,
    ...(seesUsers || Containers === undefined ? {} : { Containers: NOT_COUNTED }),
    ...(seesUsers || !Manifests ? {} : { Manifests: Manifests.map(withoutContainers) }),
    ...(rights.mayAlways('images:list') || SharedSize === undefined ? {} : { SharedSize: NOT_COUNTED }),
  };
}

/** Of each platform, an engine tells the ids of those that use it. */
function withoutContainers<T extends { readonly ImageData?: object | null }>(manifest: T): T {
  return manifest.ImageData
    ? { ...manifest, ImageData: { ...manifest.ImageData, Containers: [] } }
    : manifest;
}
