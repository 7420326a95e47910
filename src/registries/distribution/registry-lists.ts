import { DomainError } from '../../common/errors.js';
import { IMAGE_TAG, REPOSITORY_PATH } from '../../common/image-reference.js';
import { notARegistry } from './registry-errors.js';
import { parseJson, type RegistrySession } from './registry-session.js';

const MAX_LIST_BYTES = 8 * 1024 * 1024;
const MAX_QUERY = 2_048;

/** A page of a list that a registry keeps. */
export interface RemotePage<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
}

export interface RemotePageRequest {
  readonly limit: number;
  readonly after: string | undefined;
}

/** Where a page begins: in which page of the registry's, and after which item of it. */
interface Place {
  readonly query: string;
  readonly after: string | undefined;
}

/** The names of a registry's repositories, in its order, as far as it tells them. */
export function repositoryNames(
  session: RegistrySession,
  page: RemotePageRequest,
): Promise<RemotePage<string>> {
  const scope = 'registry:catalog:*';
  return namesOf(session, { path: '_catalog', scope, field: 'repositories', pattern: REPOSITORY_PATH }, page);
}

/** The tags of a repository, in the registry's order. */
export function tagNames(
  session: RegistrySession,
  repository: string,
  page: RemotePageRequest,
): Promise<RemotePage<string>> {
  const path = `${repository}/tags/list`;
  const scope = `repository:${repository}:pull`;
  return namesOf(session, { path, scope, field: 'tags', pattern: IMAGE_TAG }, page);
}

/**
 * Registries cut their lists as they like: some as they are asked, some not at all. So a page is cut out of theirs here, and
 * the cursor knows both.
 */
async function namesOf(
  session: RegistrySession,
  list: { path: string; scope: string; field: string; pattern: RegExp },
  { limit, after }: RemotePageRequest,
): Promise<RemotePage<string>> {
  const place = after === undefined ? { query: `n=${limit}`, after: undefined } : decodePlace(after);
  const { path, scope } = list;
  const answer = await session.request({ path, query: place.query, scope, maxBytes: MAX_LIST_BYTES });
  const next = nextQuery(answer.headers['link']);
  const { name } = session.registry;
  const document = parseJson(name, await answer.text()) as Record<string, unknown> | null;
  const listed = document?.[list.field] ?? [];
  if (!Array.isArray(listed)) throw notARegistry(name, `without ${list.field}`);
  const names = listed.filter((each): each is string => typeof each === 'string' && list.pattern.test(each));
  const rest = names.slice(startAfter(names, place.after));
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  if (last !== undefined && rest.length > items.length) {
    return { items, nextCursor: encodePlace({ query: place.query, after: last }) };
  }
  return { items, nextCursor: next === undefined ? null : encodePlace({ query: next, after: undefined }) };
}

/** One that is gone meanwhile is looked for by its place in the alphabet. */
function startAfter(names: readonly string[], after: string | undefined): number {
  if (after === undefined) return 0;
  const index = names.indexOf(after);
  if (index >= 0) return index + 1;
  const later = names.findIndex((name) => name > after);
  return later < 0 ? names.length : later;
}

/** The query of the page that a `Link` header (RFC 8288) calls the next. Whatever else its address says is not followed. */
export function nextQuery(link = ''): string | undefined {
  const target = /<([^<>]*)>\s*;[^,]*\brel="?next"?/i.exec(link)?.[1];
  if (target === undefined || !URL.canParse(target, 'http://registry.invalid')) return undefined;
  const query = new URL(target, 'http://registry.invalid').search.slice(1);
  return query.length > 0 && query.length <= MAX_QUERY ? query : undefined;
}

function encodePlace({ query, after }: Place): string {
  return Buffer.from(JSON.stringify([query, after ?? null])).toString('base64url');
}

function decodePlace(cursor: string): Place {
  let place: unknown;
  try {
    place = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch (error) {
    throw invalidCursor(error);
  }
  if (!Array.isArray(place) || place.length !== 2) throw invalidCursor();
  const [query, after] = place as unknown[];
  if (typeof query !== 'string' || query.length > MAX_QUERY || !/^[\x21-\x7e]+$/.test(query))
    throw invalidCursor();
  if (after !== null && typeof after !== 'string') throw invalidCursor();
  return { query, after: after ?? undefined };
}

function invalidCursor(cause?: unknown): DomainError {
  return new DomainError('invalid_input', 'The cursor is not one that this list answered with', {
    errors: [{ field: 'after', message: 'must be the cursor of an earlier page of this list' }],
    cause,
  });
}
