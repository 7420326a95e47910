import { createHash } from 'node:crypto';
import { IMAGE_DIGEST } from '../../common/image-reference.js';
import type { OutgoingAnswer } from '../../outgoing/outgoing-answer.js';
import { notARegistry } from './registry-errors.js';
import { parseJson, type RegistrySession } from './registry-session.js';

/** What the OCI image specification allows a manifest to have. */
const MAX_MANIFEST = 4 * 1024 * 1024;
const MAX_CONFIG = 4 * 1024 * 1024;
const BLOB_REDIRECTS = 3;
const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
] as const;
const CONFIG_TYPES: ReadonlySet<unknown> = new Set([
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
]);

/** The documents of a registry, as far as they are read here. All of it is as the registry says, so it may be anything. */
export interface Descriptor {
  readonly mediaType?: unknown;
  readonly digest?: unknown;
  readonly size?: unknown;
  readonly platform?: Record<string, unknown> | null;
  readonly annotations?: unknown;
}
export interface ManifestDocument {
  readonly mediaType?: unknown;
  readonly artifactType?: unknown;
  readonly config?: Descriptor | null;
  readonly layers?: (Descriptor | null)[] | null;
  readonly manifests?: (Descriptor | null)[] | null;
  readonly annotations?: unknown;
}
export type ConfigDocument = Record<string, unknown>;

export interface FetchedManifest {
  readonly digest: string;
  readonly mediaType: string;
  /** In bytes, of the document itself. */
  readonly size: number;
  readonly document: ManifestDocument;
}

/**
 * What a tag or digest stands for. Its digest is reckoned here, and has to be the one that was asked for.
 *
 * @throws DomainError `not_found`; `unavailable` for a manifest that is not what its digest says
 */
export async function fetchManifest(
  session: RegistrySession,
  repository: string,
  reference: string,
): Promise<FetchedManifest> {
  const answer = await session.request({
    path: `${repository}/manifests/${reference}`,
    headers: { accept: MANIFEST_TYPES.join(', ') },
    scope: pull(repository),
    maxBytes: MAX_MANIFEST,
  });
  const bytes = await answer.bytes();
  const { name } = session.registry;
  const document = objectOf(name, bytes) as ManifestDocument;
  const wanted = IMAGE_DIGEST.test(reference) ? reference : answer.headers['docker-content-digest'];
  const digest = verifiedDigest(name, bytes, wanted);
  return { digest, mediaType: mediaTypeOf(answer, document), size: bytes.length, document };
}

/** The configuration of an image; undefined for what is no image, such as a chart. */
export async function fetchConfig(
  session: RegistrySession,
  repository: string,
  { config }: ManifestDocument,
): Promise<ConfigDocument | undefined> {
  const digest = config?.digest;
  if (typeof digest !== 'string' || !IMAGE_DIGEST.test(digest) || !CONFIG_TYPES.has(config?.mediaType)) {
    return undefined;
  }
  const answer = await session.request({
    path: `${repository}/blobs/${digest}`,
    scope: pull(repository),
    maxBytes: MAX_CONFIG,
    redirects: BLOB_REDIRECTS, // many registries keep their blobs elsewhere
  });
  const bytes = await answer.bytes();
  verifiedDigest(session.registry.name, bytes, digest);
  return objectOf(session.registry.name, bytes);
}

/** The digest that a tag stands for now. @throws DomainError `not_found` */
export async function digestOf(session: RegistrySession, repository: string, tag: string): Promise<string> {
  const answer = await session.request({
    path: `${repository}/manifests/${tag}`,
    method: 'HEAD',
    headers: { accept: MANIFEST_TYPES.join(', ') },
    scope: pull(repository),
  });
  answer.discard();
  const digest = answer.headers['docker-content-digest'];
  if (digest !== undefined && IMAGE_DIGEST.test(digest)) return digest;
  return (await fetchManifest(session, repository, tag)).digest;
}

/** The scope of what only reads a repository. */
function pull(repository: string): string {
  return `repository:${repository}:pull`;
}

/** @returns `wanted`, or the sha256 digest where none is known */
function verifiedDigest(registry: string, bytes: Buffer, wanted: string | undefined): string {
  const algorithm = wanted?.startsWith('sha512:') ? 'sha512' : 'sha256';
  const digest = `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
  if (wanted === undefined || wanted === digest) return digest;
  throw notARegistry(registry, `with something else than ${wanted.slice(0, 200)}`);
}

function mediaTypeOf({ headers }: OutgoingAnswer, { mediaType }: ManifestDocument): string {
  if (typeof mediaType === 'string') return mediaType;
  return (headers['content-type'] ?? '').split(';', 1)[0]?.trim() ?? '';
}

function objectOf(registry: string, bytes: Buffer): Record<string, unknown> {
  const document = parseJson(registry, bytes.toString('utf8'));
  if (typeof document === 'object' && document !== null) return document as Record<string, unknown>;
  throw notARegistry(registry, 'what is no document');
}
