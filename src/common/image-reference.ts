import { DomainError } from './errors.js';

/**
 * What an image is called, whole: as the distribution project's grammar of references has it, and with what Docker
 * leaves out of short names.
 */
export interface ImageReference {
  /** The registry: `docker.io`, `registry.example.com:5000`. */
  readonly domain: string;
  /** The repository within it: `library/alpine`. */
  readonly path: string;
  readonly tag?: string;
  /** `sha256:…` */
  readonly digest?: string;
}

/** Where images are that name no registry. */
export const DOCKER_HUB = 'docker.io';
/** What else Docker Hub is called: by clients of old, and where its API is. */
const DOCKER_HUB_ALIASES: ReadonlySet<string> = new Set([
  'index.docker.io',
  'registry-1.docker.io',
  'registry.hub.docker.com',
]);
const OFFICIAL = 'library/';
/** Of domain and path together. */
const MAX_NAME_LENGTH = 255;

const HOST_LABEL = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const DOMAIN = `(?:${HOST_LABEL}(?:\\.${HOST_LABEL})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const PATH_PART = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const PATH = `${PATH_PART}(?:/${PATH_PART})*`;

/** A registry as it stands in references: `registry.example.com:5000`. */
export const REGISTRY_HOST = new RegExp(`^${DOMAIN}$`);
/** A repository within a registry: `team/app`. */
export const REPOSITORY_PATH = new RegExp(`^${PATH}$`);
export const IMAGE_TAG = /^\w[\w.-]{0,127}$/;
/** `algorithm:hex`; of the algorithms that everybody uses, of the right length. */
export const IMAGE_DIGEST =
  /^(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128}|(?!sha256:|sha512:)[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,256})$/;
/** What only an image id can be, so that it is no name. */
const IMAGE_ID = /^[a-f0-9]{64}$/;

/**
 * Reads `alpine`, `team/app:v1`, `registry.example.com:5000/app@sha256:…` and so on.
 *
 * @throws DomainError `invalid_input` for what no image is called, and for an image id
 */
export function parseImageReference(text: string): ImageReference {
  const reference = readImageReference(text);
  if (!reference) throw invalid(text);
  return reference;
}

function readImageReference(text: string): ImageReference | undefined {
  const [named = '', digest, ...more] = text.split('@');
  const colon = named.lastIndexOf(':');
  const hasTag = colon > named.lastIndexOf('/');
  const name = hasTag ? named.slice(0, colon) : named;
  const tag = hasTag ? named.slice(colon + 1) : undefined;
  const { domain, path } = splitDomain(name);
  const valid =
    more.length === 0 &&
    !IMAGE_ID.test(name) &&
    REGISTRY_HOST.test(domain) &&
    REPOSITORY_PATH.test(path) &&
    name.length <= MAX_NAME_LENGTH &&
    (tag === undefined || IMAGE_TAG.test(tag)) &&
    (digest === undefined || IMAGE_DIGEST.test(digest));
  if (!valid) return undefined;
  return { domain, path, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

/** The whole name of the repository: `docker.io/library/alpine`. */
export function repositoryOf({ domain, path }: ImageReference): string {
  return `${domain}/${path}`;
}

/** The reference whole: `docker.io/library/alpine:3.20`. Without a tag and digest it stays so. */
export function canonicalReference(reference: ImageReference): string {
  const { tag, digest } = reference;
  return `${repositoryOf(reference)}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

/** As people write it: `alpine:3.20`. Without tag and digest it is how role bindings name repositories. */
export function familiarReference(reference: ImageReference): string {
  return canonicalReference(reference).replace(/^docker\.io\/(library\/(?=[^/]+$))?/, '');
}

/**
 * The one name that stands for all ways to write a reference, as engines list it: familiar, and with a digest, or a tag where
 * there is none. What no image is called stays as it is, so that it is the same as nothing else.
 */
export function familiarName(text: string): string {
  const reference = readImageReference(text);
  if (!reference) return text;
  const { domain, path, tag = 'latest', digest } = reference;
  return familiarReference({ domain, path, ...(digest === undefined ? { tag } : { digest }) });
}

/** A registry by the one name that we know it by: lower case, and Docker Hub by none of its others. */
export function canonicalRegistry(host: string): string {
  const lower = host.toLowerCase();
  return DOCKER_HUB_ALIASES.has(lower) ? DOCKER_HUB : lower;
}

/** The first part is a registry if it could be no repository's: with a dot, a colon, upper case, or `localhost`. */
function splitDomain(name: string): { domain: string; path: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, slash);
  const isDomain =
    slash > 0 &&
    (/[.:]/.test(first) || first === 'localhost' || first.toLowerCase() !== first || first.startsWith('['));
  const domain = isDomain && first !== `index.${DOCKER_HUB}` ? first : DOCKER_HUB;
  const path = isDomain ? name.slice(slash + 1) : name;
  return { domain, path: domain === DOCKER_HUB && !path.includes('/') ? `${OFFICIAL}${path}` : path };
}

function invalid(text: string): DomainError {
  const shown = JSON.stringify(text.slice(0, 300));
  return new DomainError('invalid_input', `${shown} is no name of an image`, {
    errors: [
      { field: 'image', message: 'must be a name such as team/app:v1 or registry.example.com/team/app' },
    ],
  });
}
