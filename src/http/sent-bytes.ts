import type { FastifyRequest } from 'fastify';
import { DomainError } from '../common/errors.js';

/** A type whose bodies are passed on as they come. */
const UNPARSED = 'application/octet-stream';
const sentTypes = new WeakMap<FastifyRequest, string>();

/** Has the body of a request left as it was sent, whatever it calls itself: a signature is over its bytes. To be called before it is parsed. */
export function leaveUnparsed(request: FastifyRequest): void {
  sentTypes.set(request, request.headers['content-type'] ?? '');
  request.headers['content-type'] = UNPARSED;
}

/** What the body of a request that was left unparsed calls itself; empty where it does not say. */
export function sentType(request: FastifyRequest): string {
  return sentTypes.get(request) ?? '';
}

/** How long a body may take, which is read whole before anything is done. */
const PATIENCE_MS = 30_000;

/**
 * The body of a request that was left unparsed.
 *
 * @throws DomainError `payload_too_large` beyond `maxBytes`, of which no more is read; `cancelled` where it does not come whole,
 *   or not in time
 */
export async function sentBytes(request: FastifyRequest, maxBytes: number): Promise<Buffer> {
  const tooLarge = () => new DomainError('payload_too_large', `The body may have ${maxBytes} bytes at most`);
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const parts: Buffer[] = [];
  let size = 0;
  const tooSlow = setTimeout(() => request.raw.destroy(new Error('too slow')), PATIENCE_MS);
  try {
    for await (const part of request.raw as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > maxBytes) throw tooLarge();
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw new DomainError('cancelled', 'The body did not come whole', { cause: error });
  } finally {
    clearTimeout(tooSlow);
  }
  return Buffer.concat(parts);
}
