import type { ConfigDocument, Descriptor, FetchedManifest } from './distribution/manifests.js';
import type {
  ManifestKind,
  RegistryIndexEntry,
  RegistryManifest,
  RegistryPlatform,
} from './registry-contents.model.js';

const MAX_ENTRIES = 1_000;

/**
 * A registry's documents as we tell them. Nothing in them can be relied on: what is missing or of another type is left out.
 *
 * @param config of an image; undefined for anything else
 */
export function toRegistryManifest(
  repository: string,
  reference: string,
  { digest, mediaType, size, document }: FetchedManifest,
  config: ConfigDocument | undefined,
): RegistryManifest {
  const layers = descriptors(document.layers).map(toLayer);
  const images = descriptors(document.manifests).map(toIndexEntry);
  const kind: ManifestKind = Array.isArray(document.manifests) ? 'index' : config ? 'image' : 'artifact';
  return {
    repository,
    reference,
    digest,
    mediaType,
    kind,
    artifactType: textOr(document.artifactType, null),
    manifestSize: size,
    size:
      kind === 'index'
        ? null
        : layers.reduce((sum, layer) => sum + layer.size, sizeOf(document.config?.size)),
    platform: toPlatform(config),
    createdAt: toTime(config?.['created']),
    layers,
    images,
    annotations: toAnnotations(document.annotations),
  };
}

function descriptors(list: readonly (Descriptor | null)[] | null | undefined): Descriptor[] {
  if (!Array.isArray(list)) return [];
  return (list as unknown[])
    .slice(0, MAX_ENTRIES)
    .filter((each): each is Descriptor => typeof each === 'object' && each !== null);
}

function toLayer({ digest, mediaType, size }: Descriptor) {
  return { digest: textOr(digest, ''), mediaType: textOr(mediaType, ''), size: sizeOf(size) };
}

function toIndexEntry(descriptor: Descriptor): RegistryIndexEntry {
  return {
    ...toLayer(descriptor),
    platform: toPlatform(descriptor.platform),
    annotations: toAnnotations(descriptor.annotations),
  };
}

function toPlatform(document: Record<string, unknown> | null | undefined): RegistryPlatform | null {
  const os = textOr(document?.['os'], '');
  const architecture = textOr(document?.['architecture'], '');
  if (os === '' && architecture === '') return null;
  return {
    os,
    architecture,
    variant: textOr(document?.['variant'], null),
    osVersion: textOr(document?.['os.version'], null),
  };
}

function toAnnotations(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const texts = Object.entries(value).filter(([, text]) => typeof text === 'string');
  return Object.fromEntries(texts.slice(0, MAX_ENTRIES));
}

function toTime(value: unknown): string | null {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

function sizeOf(value: unknown): number {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : 0;
}

function textOr<T>(value: unknown, otherwise: T): string | T {
  return typeof value === 'string' ? value : otherwise;
}
