import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { Readable } from 'node:stream';
import { DomainError, messageOf } from '../../common/errors.js';
import type { HttpMethod } from '../operations/index.js';

/** A value of a query parameter: a list is repeated, an object is sent as JSON (as the Engine API's `filters`). */
export type QueryValue =
  string | number | boolean | readonly string[] | Readonly<Record<string, unknown>> | undefined;

/** What goes to the engine before the body. */
export interface RequestHead {
  readonly method: HttpMethod;
  /** Path with version prefix and query, percent-encoded. */
  readonly path: string;
  readonly headers: Record<string, string>;
}

/** Of one connection only, or our own to set; a caller's never reach the engine. */
const NOT_FORWARDED = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authorization',
  'authorization',
  'cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'host',
  'content-length',
  'content-type',
]);

/**
 * The headers that a request to the engine carries: the caller's, without those that concern its own connection to us, or the
 * body.
 *
 * @throws DomainError `invalid_input` for a name or value that HTTP does not allow.
 */
export function requestHeaders(given: Readonly<Record<string, string>> = {}): Record<string, string> {
  const headers: Record<string, string> = { Host: 'docker' };
  for (const [name, value] of Object.entries(given)) {
    if (NOT_FORWARDED.has(name.toLowerCase())) continue;
    assertValidHeader(name, value);
    headers[name] = value;
  }
  return headers;
}

function assertValidHeader(name: string, value: string): void {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch (error) {
    throw new DomainError('invalid_input', `A header cannot be sent to the engine: ${messageOf(error)}`);
  }
}

/**
 * The query string with its leading `?`, or nothing when no parameter has a value.
 *
 * @throws DomainError `invalid_input` for text that is not well-formed Unicode and so cannot be percent-encoded.
 */
export function queryString(query: Readonly<Record<string, QueryValue>> = {}): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    valuesOf(value).map((text) => {
      if (/\p{Cs}/u.test(text))
        throw new DomainError('invalid_input', `The value of ${name} is not valid Unicode.`);
      return `${encodeURIComponent(name)}=${encodeURIComponent(text)}`;
    }),
  );
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

function valuesOf(value: QueryValue): readonly string[] {
  if (value === undefined) return [];
  if (isList(value)) return value;
  return [typeof value === 'object' ? JSON.stringify(value) : String(value)];
}

function isList(value: QueryValue): value is readonly string[] {
  return Array.isArray(value);
}

/** The body of a request, with the headers that describe it. */
export interface RequestContent<Data = Buffer | Readable | undefined> {
  readonly headers: Record<string, string>;
  readonly data: Data;
}

/** A JSON body, or none where `body` is undefined. */
export function jsonContent(body: unknown): RequestContent<Buffer | undefined> {
  if (body === undefined) return { headers: {}, data: undefined };
  const data = Buffer.from(JSON.stringify(body));
  return { headers: { 'Content-Type': 'application/json', 'Content-Length': String(data.length) }, data };
}

/**
 * A body that is sent as it comes, of the type that the caller's headers say.
 *
 * @throws DomainError `invalid_input` for a type that HTTP does not allow.
 */
export function uploadContent(
  upload: Readable,
  given: Readonly<Record<string, string>> = {},
): RequestContent<Readable> {
  const type = Object.entries(given).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  if (type !== undefined) assertValidHeader('Content-Type', type);
  return { headers: { 'Content-Type': type ?? 'application/x-tar' }, data: upload };
}
