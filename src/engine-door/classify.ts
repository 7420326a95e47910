import { DomainError } from '../common/errors.js';
import { MAX_HEAD_BYTES } from '../http/head-limit.js';
import { ALL_OPERATIONS, type Operation } from '../gate/operations.js';

/** A request that is exactly one operation of the table. */
export interface Classified {
  readonly operation: Operation;
  /** What the path names, decoded, by the parameter's name. */
  readonly params: Readonly<Record<string, string>>;
  /** The minor version that the client speaks; undefined where it leaves that to the engine. */
  readonly minorVersion: number | undefined;
  /** As it came, without its `?`. */
  readonly query: string;
}

const LONGEST_TARGET = MAX_HEAD_BYTES;
/** RFC 3986's `pchar`, of which a segment is made. */
const SEGMENT = /^(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+$/;
/** What needs no encoding has none in a canonical path, and what separates must not get in by one. */
const NEEDLESSLY_ENCODED = /[A-Za-z0-9._~/\\\p{Cc}-]/u;
const VERSION = /^v1\.(0|[1-9]\d{0,3})$/;

/**
 * Maps a request to one operation, on its canonical path alone: there is one way to write each, and all others are refused
 * rather than understood, since the engine might understand them otherwise.
 *
 * @param target the request's, below the engine's root: `/v1.41/containers/json?all=1`
 * @throws DomainError `invalid_input` for a path that is not canonical; `not_found` for one that is no operation
 */
export function classify(method: string, target: string): Classified {
  if (target.length > LONGEST_TARGET)
    throw new DomainError('invalid_input', 'The request target is too long');
  const question = target.indexOf('?');
  const path = question === -1 ? target : target.slice(0, question);
  const query = question === -1 ? '' : target.slice(question + 1);
  if (!path.startsWith('/')) throw notCanonical();
  const segments = path.slice(1).split('/').map(decodeSegment);
  const [first = ''] = segments;
  const version = VERSION.exec(first)?.[1];
  // Whatever else looks like a version is another way to write one.
  if (version === undefined && /^v\d/i.test(first)) throw notFound();
  const below = version === undefined ? segments : segments.slice(1);
  const { operation, name } = find(method, below);
  const parameter = operation.targetParameter;
  return {
    operation,
    params: parameter?.in === 'path' ? { [parameter.name]: name } : {},
    minorVersion: version === undefined ? undefined : Number(version),
    query,
  };
}

function decodeSegment(raw: string): string {
  if (!SEGMENT.test(raw)) throw notCanonical();
  if (!raw.includes('%')) {
    if (raw === '.' || raw === '..') throw notCanonical();
    return raw;
  }
  for (const [encoded] of raw.matchAll(/(?:%[0-9A-Fa-f]{2})+/g)) {
    const text = decoded(encoded);
    if (text === undefined || NEEDLESSLY_ENCODED.test(text)) throw notCanonical();
  }
  return decoded(raw) ?? '';
}

/** @returns undefined for what is not UTF-8 */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** A row whose path has a parameter. */
interface Pattern {
  readonly operation: Operation;
  /** What comes after the parameter: `['start']`. */
  readonly rest: readonly string[];
  /** Image and plugin names have slashes. */
  readonly many: boolean;
}

const FIXED = new Map<string, Operation>();
/** By method and first segment. */
const PATTERNS = new Map<string, Pattern[]>();

for (const operation of ALL_OPERATIONS) {
  const [first = '', parameter, ...rest] = operation.path.slice(1).split('/');
  if (!operation.path.includes('{')) {
    FIXED.set(`${operation.method} ${operation.path}`, operation);
    continue;
  }
  if (parameter?.startsWith('{') !== true)
    throw new Error(`${operation.id}: a parameter is the second part of a path`);
  const key = `${operation.method} ${first}`;
  const many = ['image', 'repository', 'plugin'].includes(operation.target);
  PATTERNS.set(key, [...(PATTERNS.get(key) ?? []), { operation, rest, many }]);
}

// `/images/{name}/get` before `/images/{name}`: what a name could swallow is looked for first.
for (const patterns of PATTERNS.values())
  patterns.sort((left, right) => right.rest.length - left.rest.length);

function find(method: string, segments: readonly string[]): { operation: Operation; name: string } {
  const fixed = FIXED.get(`${method} /${segments.join('/')}`);
  if (fixed) return { operation: fixed, name: '' };
  const [first = '', ...below] = segments;
  for (const { operation, rest, many } of PATTERNS.get(`${method} ${first}`) ?? []) {
    const length = below.length - rest.length;
    if (length < 1 || (length > 1 && !many)) continue;
    if (rest.every((segment, index) => below[length + index] === segment))
      return { operation, name: below.slice(0, length).join('/') };
  }
  throw notFound();
}

function notCanonical(): DomainError {
  return new DomainError('invalid_input', 'The path is not written as the Engine API has it');
}

/** In the engine's own words. */
function notFound(): DomainError {
  return new DomainError('not_found', 'page not found');
}
