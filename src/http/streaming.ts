import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../common/errors.js';
import { toDomainError, toProblem } from './problem.js';
import { signalOf } from './request-signal.js';

/** Silence after which an event stream sends a comment, so that proxies keep it open and dead clients are noticed. */
const HEARTBEAT_MS = 15_000;

export type StreamFormat = 'text/event-stream' | 'application/x-ndjson' | 'text/plain';

export interface StreamOptions<T extends object> {
  /** Formats that this route offers, the default first. */
  formats: readonly StreamFormat[];
  /** Name of each event in an event stream. */
  event: string | ((item: T) => string);
  /** What a client that lost an event stream may come back with, as `Last-Event-ID`; undefined for no new one. */
  id?: (item: T) => string | undefined;
  /** An item as JSON, where that was written before. */
  json?: (item: T) => string;
  /** Whether viewers share the items, so that each is serialised once for all of them. */
  shared?: boolean;
  /** One item as plain text, line end included, where `text/plain` is offered. */
  text?: (item: T) => string;
}

/**
 * Answers with a stream of items in the format that the client accepts. The stream pulls: a client that reads slowly
 * slows its own source. `open` runs before the first byte is sent, so a refusal is an ordinary problem document; a
 * failure later ends an event stream with an `error` event and NDJSON with an `{"error": …}` line.
 */
export async function sendStream<T extends object>(
  request: FastifyRequest,
  reply: FastifyReply,
  options: StreamOptions<T>,
  open: (signal: AbortSignal) => Promise<AsyncIterable<readonly T[]>>,
): Promise<void> {
  const format = chooseFormat(request.headers.accept, options.formats);
  const source = await open(signalOf(reply));
  const body = Readable.from(encode(source, format, options, request.id), {
    objectMode: false,
    highWaterMark: 64 * 1024,
  });
  void reply
    .header('cache-control', 'no-cache, no-transform')
    .header('x-accel-buffering', 'no')
    .type(format === 'text/plain' ? 'text/plain; charset=utf-8' : format)
    .send(body);
}

/** For sources that do not come in batches. */
export async function* oneByOne<T>(source: AsyncIterable<T>): AsyncGenerator<readonly T[]> {
  for await (const item of source) yield [item];
}

/** @throws DomainError `not_acceptable` where the client accepts none of them. */
export function chooseFormat(accept: string | undefined, formats: readonly StreamFormat[]): StreamFormat {
  const [byDefault] = formats;
  if (byDefault === undefined) throw new DomainError('internal', 'A stream route without a format');
  if (accept === undefined || accept.trim() === '') return byDefault;
  const wanted = accept
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => !/;\s*q=0(\.0+)?$/.test(part))
    .map((part) => part.split(';', 1)[0]?.trim() ?? '');
  for (const type of wanted) {
    if (type === '*/*') return byDefault;
    const match = formats.find((format) => format === type || type === `${format.split('/', 1)[0] ?? ''}/*`);
    if (match) return match;
  }
  throw new DomainError('not_acceptable', `This route answers with ${formats.join(', ')}`);
}

const serialised = new WeakMap<object, string>();

function serialiseOnce(item: object): string {
  const known = serialised.get(item);
  if (known !== undefined) return known;
  const text = JSON.stringify(item);
  serialised.set(item, text);
  return text;
}

async function* encode<T extends object>(
  source: AsyncIterable<readonly T[]>,
  format: StreamFormat,
  { event, id, json, text, shared = false }: StreamOptions<T>,
  requestId: string,
): AsyncGenerator<string> {
  const serialise = json ?? (shared ? serialiseOnce : (item: object) => JSON.stringify(item));
  const nameOf = typeof event === 'string' ? () => event : event;
  const idLine = (item: T) => {
    const value = id?.(item);
    return value === undefined ? '' : `id: ${value}\n`;
  };
  const encodeItem: (item: T) => string =
    format === 'text/event-stream'
      ? (item) => `event: ${nameOf(item)}\n${idLine(item)}data: ${serialise(item)}\n\n`
      : format === 'application/x-ndjson'
        ? (item) => `${serialise(item)}\n`
        : (item) => text?.(item) ?? '';
  // An early byte tells the client that the stream stands, though the container may be silent for hours.
  if (format === 'text/event-stream') yield ': open\n\n';
  try {
    for await (const items of format === 'text/event-stream' ? orSilence(source, HEARTBEAT_MS) : source) {
      if (items === SILENCE) {
        yield ': still here\n\n';
        continue;
      }
      let chunk = '';
      for (const item of items) chunk += encodeItem(item);
      if (chunk !== '') yield chunk;
    }
    if (format === 'text/event-stream') yield 'event: end\ndata: {}\n\n';
  } catch (thrown) {
    const error = toDomainError(thrown);
    if (error.kind === 'cancelled') return;
    if (format === 'text/plain') throw error;
    const problem = JSON.stringify(toProblem(error, requestId));
    yield format === 'text/event-stream' ? `event: error\ndata: ${problem}\n\n` : `{"error":${problem}}\n`;
  }
}

const SILENCE = Symbol('silence');

/** Passes `source` on and yields SILENCE whenever it said nothing for `ms`. */
async function* orSilence<T>(source: AsyncIterable<T>, ms: number): AsyncGenerator<T | typeof SILENCE> {
  const iterator = source[Symbol.asyncIterator]();
  let pending = iterator.next();
  try {
    while (true) {
      let timer: NodeJS.Timeout | undefined;
      const silence = new Promise<typeof SILENCE>((resolve) => (timer = setTimeout(resolve, ms, SILENCE)));
      const result = await Promise.race([pending, silence]).finally(() => clearTimeout(timer));
      if (result === SILENCE) {
        yield SILENCE;
      } else if (result.done === true) {
        return;
      } else {
        yield result.value;
        pending = iterator.next();
      }
    }
  } finally {
    await iterator.return?.();
  }
}
