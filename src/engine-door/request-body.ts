import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { DomainError } from '../common/errors.js';
import { readBody } from '../gate/policy/body-shape.js';
import type { Operation } from '../gate/operations.js';
import { type BodyKind, bodyOf } from './bodies.js';
import { parseStrictJson } from './strict-json.js';

/** What of an operation's request comes after its head. */
export interface DoorBody {
  /** Parsed JSON. */
  readonly body?: unknown;
  /** To be passed on as it comes. */
  readonly upload?: Readable;
}

/** Without a body clients send nothing, or what their languages have for it. */
const AS_GOOD_AS_NONE: ReadonlySet<string> = new Set(['', 'null', '{}', '""']);
const LARGEST_NOTHING = 16;
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
 * @param read gives all that comes, up to so many bytes
 * @throws DomainError `invalid_input` for a body that the operation does not have, and for one that is not of its shape;
 *   `payload_too_large`
 */
export async function readDoorBody(
  { id }: Operation,
  request: IncomingMessage,
  read: (maxBytes: number) => Promise<Buffer>,
  maxBytes: number,
): Promise<DoorBody> {
  const kind = bodyOf(id);
  if (!hasBody(request.headers)) return kind.kind === 'json' ? { body: shaped(kind, null, id) } : {};
  if (kind.kind === 'bytes') return { upload: request };
  if (kind.kind === 'none') {
    if (await isAsGoodAsNone(read)) return {};
    throw new DomainError('invalid_input', `${id} has no body`);
  }
  const type = request.headers['content-type'] ?? '';
  const bytes = await read(maxBytes);
  if (bytes.length > 0 && !JSON_TYPE.test(type))
    throw new DomainError(
      'invalid_input',
      `unsupported Content-Type header (${type.slice(0, 100)}): must be 'application/json'`,
    );
  return { body: shaped(kind, bytes.length === 0 ? null : parseStrictJson(bytes, 'body'), id) };
}

async function isAsGoodAsNone(read: (maxBytes: number) => Promise<Buffer>): Promise<boolean> {
  try {
    return AS_GOOD_AS_NONE.has((await read(LARGEST_NOTHING)).toString('latin1').trim());
  } catch (error) {
    if (error instanceof DomainError && error.kind === 'payload_too_large') return false;
    throw error;
  }
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
