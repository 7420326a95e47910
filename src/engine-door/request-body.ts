import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { DomainError } from '../common/errors.js';
import { MAX_HEAD_BYTES } from '../http/head-limit.js';
import { readBody } from '../gate/policy/body-shape.js';
import type { Operation, OperationId } from '../gate/operations.js';
import { type BodyKind, bodyOf } from './bodies.js';
import { QUERY_PARAMETERS } from './query-parameters.js';
import { parseStrictJson } from './strict-json.js';

/** What of an operation's request comes after its head. */
export interface DoorBody {
  /** Parsed JSON. */
  readonly body?: unknown;
  /** To be passed on as it comes. */
  readonly upload?: Readable;
  /** What the body says that the query says too, though it is no parameter of the operation. */
  readonly saidTwice?: ReadonlySet<string>;
}

/** Without a body clients send nothing, or what their languages have for it. */
const AS_GOOD_AS_NONE: readonly unknown[] = [null, ''];
/** The query again, which is no longer than a head. */
const LARGEST_NOTHING = MAX_HEAD_BYTES;
const NO_FIELD = '';
/** Types that browsers send without asking first, whose contents would be taken for a query. */
const FORMS = /^(?:application\/x-www-form-urlencoded|multipart\/)/i;
const JSON_TYPE = /^application\/json\s*(?:;|$)/i;
/** What there may be once only: of two, each reader might take another. */
const ONCE = new Set([
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'transfer-encoding',
  'upgrade',
  'x-registry-auth',
  'x-registry-config',
]);

/**
 * Refuses a head that could be read in two ways. Node's parser has refused the worst already: a length together with chunks,
 * folded lines, control characters.
 *
 * @throws DomainError `invalid_input`
 */
export function requirePlainHead({ rawHeaders, headers, method }: IncomingMessage): void {
  const seen = new Set<string>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]?.toLowerCase() ?? '';
    if (!ONCE.has(name)) continue;
    if (seen.has(name)) throw new DomainError('invalid_input', `The header ${name} is there twice`);
    seen.add(name);
  }
  const { 'transfer-encoding': transfer, 'content-encoding': encoding, 'content-type': type } = headers;
  if (transfer !== undefined && transfer.toLowerCase() !== 'chunked')
    throw new DomainError('invalid_input', 'The only transfer encoding that is taken is "chunked"');
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity')
    throw new DomainError('unsupported_media_type', 'The body must not have a content encoding');
  if (type !== undefined && FORMS.test(type))
    throw new DomainError('unsupported_media_type', 'The body must not be a form');
  const reads = method === 'GET' || method === 'HEAD' || method === 'DELETE';
  if (reads && hasBody(headers)) throw new DomainError('invalid_input', `A ${method} has no body`);
}

export function hasBody({
  'content-length': length,
  'transfer-encoding': transfer,
}: IncomingMessage['headers']): boolean {
  return transfer !== undefined || (length !== undefined && Number(length) !== 0);
}

/**
 * Clients such as dockerode send all their options twice, in the query and in the body, and engines read each where they look for
 * it. Here too: a parameter is read in the query, a field in the body, and neither is taken for the other.
 *
 * @param parameters what the query names
 * @param read gives all that comes, up to so many bytes
 * @throws DomainError `invalid_input` for a body that the operation does not have, and for one that is not of its shape;
 *   `payload_too_large`
 */
export async function readDoorBody(
  operation: Operation,
  request: IncomingMessage,
  parameters: ReadonlySet<string>,
  read: (maxBytes: number) => Promise<Buffer>,
  maxBytes: number,
): Promise<DoorBody> {
  const { id } = operation;
  const kind = bodyOf(id);
  if (!hasBody(request.headers)) return kind.kind === 'json' ? { body: shaped(kind, null, id) } : {};
  const type = request.headers['content-type'] ?? '';
  if (kind.kind === 'none' || saysOptions(operation, request.headers)) {
    const fields = await fieldsOfNothing(read);
    if (fields.every((field) => field !== NO_FIELD && parameters.has(field))) return again(fields);
    throw new DomainError('invalid_input', `${id} has no body`);
  }
  if (kind.kind === 'bytes') return { upload: request };
  const bytes = await read(maxBytes);
  if (bytes.length > 0 && !JSON_TYPE.test(type))
    throw new DomainError(
      'invalid_input',
      `unsupported Content-Type header (${type.slice(0, 100)}): must be 'application/json'`,
    );
  const sent = bytes.length === 0 ? null : parseStrictJson(bytes, 'body');
  const twice = isObject(sent) ? Object.keys(sent).filter((field) => parameters.has(field)) : [];
  const known = twice.filter((field) => Object.hasOwn(QUERY_PARAMETERS[id], field));
  return { body: shaped(kind, without(sent, [...known, ...idle(id, sent)]), id), ...again(twice) };
}

/** What follows the head of an attach is input as a rule; as JSON it is the client's options. */
export function saysOptions({ id }: Operation, headers: IncomingMessage['headers']): boolean {
  return id === 'ContainerAttach' && JSON_TYPE.test(headers['content-type'] ?? '');
}

/** The fields of a body that should not be there. One that is no object has one that no query names. */
async function fieldsOfNothing(read: (maxBytes: number) => Promise<Buffer>): Promise<string[]> {
  try {
    const bytes = await read(LARGEST_NOTHING);
    const sent = bytes.toString('latin1').trim() === '' ? null : parseStrictJson(bytes, 'body');
    if (AS_GOOD_AS_NONE.includes(sent)) return [];
    return isObject(sent) ? Object.keys(sent) : [NO_FIELD];
  } catch (error) {
    if (error instanceof DomainError && ['payload_too_large', 'invalid_input'].includes(error.kind))
      return [NO_FIELD];
    throw error;
  }
}

function again(fields: readonly string[]): Pick<DoorBody, 'saidTwice'> {
  return fields.length === 0 ? {} : { saidTwice: new Set(fields) };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** dockerode runs containers with this, empty, where engines of old had it. With something in it, it is refused as unknown. */
function idle(id: OperationId, sent: unknown): readonly string[] {
  const from = id === 'ContainerCreate' && isObject(sent) ? sent['VolumesFrom'] : undefined;
  return Array.isArray(from) && from.length === 0 ? ['VolumesFrom'] : [];
}

function without(sent: unknown, fields: readonly string[]): unknown {
  if (!isObject(sent) || fields.length === 0) return sent;
  return Object.fromEntries(Object.entries(sent).filter(([field]) => !fields.includes(field)));
}

function shaped(kind: Extract<BodyKind, { kind: 'json' }>, body: unknown, id: string): unknown {
  if (body === null) return kind.shape ? undefined : {};
  return kind.shape ? readBody(kind.shape, body, `body of ${id}`) : body;
}

/**
 * Reads a stream to its end.
 *
 * @throws DomainError `payload_too_large` for more than `maxBytes`; `cancelled` where it breaks off
 */
export async function readUpTo(stream: Readable, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
      size += (chunk as Buffer).length;
      if (size > maxBytes)
        throw new DomainError('payload_too_large', `The body is larger than ${maxBytes} bytes`);
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw new DomainError('cancelled', 'The body broke off', { cause: error });
  }
  return Buffer.concat(chunks);
}
