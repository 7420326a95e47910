import { DomainError } from '../common/errors.js';
import { IMAGE_DIGEST, IMAGE_TAG } from '../common/image-reference.js';
import { IMAGE_REFERENCE } from '../common/references.js';
import type { EngineRequest } from '../gate/engine-handle.js';
import { hasTag } from '../gate/image-names.js';
import type { Operation } from '../gate/operations.js';
import { type ParameterType, QUERY_PARAMETERS } from './query-parameters.js';
import { parseStrictJson } from './strict-json.js';

export type Query = NonNullable<EngineRequest['query']>;
type QueryValue = Query[string];

const LONGEST_TEXT = 4096;
const MOST_VALUES = 1000;
/** A build's arguments and labels may be long. */
const LONGEST_JSON = 256 * 1024;
const TRUE = new Set(['1', 'true', 'yes', 't']);
const FALSE = new Set(['', '0', 'false', 'no', 'none', 'f']);

/**
 * The query as it is sent on: only parameters that the operation has, of their types, each once unless it is a list. Empty texts
 * are as good as none to the engine, and are left out.
 *
 * @param raw without its `?`
 * @param saidTwice what is no matter where it is no parameter: the body says it too
 * @throws DomainError `invalid_input` that names the parameter
 */
export function readQuery({ id }: Operation, raw: string, saidTwice: ReadonlySet<string> = new Set()): Query {
  const types = QUERY_PARAMETERS[id];
  const query: Record<string, QueryValue> = {};
  for (const [key, values] of valuesByKey(raw)) {
    const type = Object.hasOwn(types, key) ? types[key] : undefined;
    if (type === undefined && saidTwice.has(key)) continue;
    if (type === undefined) throw fault(key, `is not a parameter of ${id}`);
    const value = type === 'texts' ? textsOf(key, values) : valueOf(type, key, only(key, values));
    if (value !== undefined) query[key] = value;
  }
  requireOneTag(query);
  return query;
}

/** The query before it is read: for what is refused without that, and is to be recorded by its names. */
export function asSent(raw: string): Readonly<Record<string, string | readonly string[]>> {
  const sent = new URLSearchParams(raw);
  return Object.fromEntries(
    [...new Set(sent.keys())].map((key) => {
      const [value = '', ...more] = sent.getAll(key);
      return [key, more.length === 0 ? value : [value, ...more]];
    }),
  );
}

/** The parameters that a query names, whatever they are. */
export function parametersIn(raw: string): ReadonlySet<string> {
  return new Set(valuesByKey(raw).keys());
}

function valuesByKey(raw: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  // Go refuses ";", which others take for "&".
  if (raw.includes(';')) throw fault('query', 'must encode ";"');
  for (const pair of raw.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const key = decode(equals === -1 ? pair : pair.slice(0, equals));
    const value = equals === -1 ? '' : decode(pair.slice(equals + 1));
    const values = found.get(key) ?? [];
    if (values.length === MOST_VALUES) throw fault(key, `must be there at most ${MOST_VALUES} times`);
    found.set(key, [...values, value]);
  }
  return found;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (error) {
    if (error instanceof URIError) throw fault('query', 'must be encoded as URLs are', error);
    throw error;
  }
}

function only(key: string, values: readonly string[]): string {
  const [value = '', ...more] = values;
  if (more.length > 0) throw fault(key, 'must be there once');
  return value;
}

function textsOf(key: string, values: readonly string[]): readonly string[] | undefined {
  const texts = values.filter((value) => value !== '').map((value) => plainText(key, value));
  return texts.length === 0 ? undefined : texts;
}

function valueOf(type: Exclude<ParameterType, 'texts'>, key: string, value: string): QueryValue {
  if (type === 'flag') return flag(key, value);
  if (value === '') return undefined;
  switch (type) {
    case 'ignored':
      return undefined;
    case 'integer':
      return matching(key, value, /^-?\d{1,15}$/, 'a whole number');
    case 'instant':
      return matching(key, value, /^-?\d{1,15}(?:\.\d{1,9})?$/, 'Unix seconds');
    case 'text':
      return plainText(key, value);
    case 'image':
      return matching(key, value, IMAGE_REFERENCE, 'a name of an image');
    case 'tag':
      if (IMAGE_TAG.test(value) || IMAGE_DIGEST.test(value)) return value;
      throw fault(key, 'must be a tag or a digest');
    case 'filters':
      return JSON.stringify(filters(key, json(key, value)));
    case 'map':
      return JSON.stringify(mapOfTexts(key, json(key, value)));
    case 'list':
      return listOfTexts(key, json(key, value));
    case 'json':
      return JSON.stringify(json(key, value));
  }
}

function flag(key: string, value: string): boolean {
  const text = value.trim().toLowerCase();
  if (TRUE.has(text)) return true;
  if (FALSE.has(text)) return false;
  throw fault(key, 'must be true or false');
}

function plainText(key: string, value: string): string {
  if (value.length > LONGEST_TEXT) throw fault(key, `must be at most ${LONGEST_TEXT} characters long`);
  if (value.includes('\0')) throw fault(key, 'must not hold NUL');
  return value;
}

function matching(key: string, value: string, pattern: RegExp, what: string): string {
  if (value.length > LONGEST_TEXT || !pattern.test(value)) throw fault(key, `must be ${what}`);
  return value;
}

function json(key: string, value: string): unknown {
  if (value.length > LONGEST_JSON) throw fault(key, `must be at most ${LONGEST_JSON} characters long`);
  return parseStrictJson(Buffer.from(value), `query parameter ${key}`);
}

/** In the one form that all engines read: `{"label":{"a=b":true}}`, in which old clients send it too. */
function filters(key: string, value: unknown): Record<string, Record<string, true>> {
  if (value === null) return {};
  return Object.fromEntries(
    entriesOf(key, value).map(([name, wanted]) => {
      const values = Array.isArray(wanted) ? textsIn(key, wanted) : namesOfTrue(key, wanted);
      return [name, Object.fromEntries(values.map((text) => [text, true] as const))];
    }),
  );
}

function namesOfTrue(key: string, wanted: unknown): string[] {
  return entriesOf(key, wanted).map(([name, value]) => {
    if (value !== true) throw fault(key, 'must hold lists of texts, or texts that are `true`');
    return name;
  });
}

function mapOfTexts(key: string, value: unknown): Record<string, unknown> {
  const entries = value === null ? [] : entriesOf(key, value);
  // A build argument without a value is taken from the client's environment, and null where that has none.
  if (!entries.every(([, text]) => typeof text === 'string' || text === null))
    throw fault(key, 'must be an object of texts');
  return Object.fromEntries(entries);
}

function listOfTexts(key: string, value: unknown): string {
  return JSON.stringify(value === null ? [] : textsIn(key, value));
}

function textsIn(key: string, value: unknown): string[] {
  const isText = (item: unknown): item is string => typeof item === 'string';
  if (Array.isArray(value) && value.every(isText)) return value;
  throw fault(key, 'must be a list of texts');
}

function entriesOf(key: string, value: unknown): [string, unknown][] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.entries(value);
  throw fault(key, 'must be an object');
}

/** Of two tags the engine takes the second: what is decided on must be what is done. */
function requireOneTag({ tag, fromImage, repo }: Query): void {
  const name = fromImage ?? repo;
  if (tag === undefined || typeof name !== 'string') return;
  if (hasTag(name)) throw fault('tag', 'must be left out where the name has one');
}

function fault(field: string, message: string, cause?: unknown): DomainError {
  const name = field.slice(0, 100);
  return new DomainError('invalid_input', `${name} ${message}`, {
    errors: [{ field: name, message }],
    cause,
  });
}
