import { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { DomainError } from '../common/errors.js';

/** How much of what nobody wants is read, so that the client gets to read its answer. */
const MOST_DISCARDED = 64 * 1024 * 1024;
const LONGEST_DISCARD_MS = 5_000;

/** Reads on, for a while, what a refused client goes on to send, and ends its connection where it goes on for too long. */
export function discardRest(stream: IncomingMessage | Duplex): void {
  const isRequest = stream instanceof IncomingMessage;
  if (stream.destroyed || (isRequest && stream.complete)) return;
  const socket = isRequest ? stream.socket : stream;
  const timer = setTimeout(() => socket.destroy(), LONGEST_DISCARD_MS);
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MOST_DISCARDED) socket.destroy();
  });
  for (const event of ['end', 'close']) {
    stream.once(event, () => {
      clearTimeout(timer);
      if (isRequest) return;
      if (stream.writableFinished) stream.destroy();
      else stream.once('finish', () => stream.destroy());
    });
  }
  stream.resume();
}

/**
 * The body of a request to upgrade, which comes on the connection itself. What comes after it stays there.
 *
 * @throws DomainError `payload_too_large`; `cancelled` where the connection ends before, or the body takes too long
 */
export async function takeBytes(socket: Duplex, length: number, maxBytes: number): Promise<Buffer> {
  if (length > maxBytes)
    throw new DomainError('payload_too_large', `The body is larger than ${maxBytes} bytes`);
  const chunks: Buffer[] = [];
  let size = 0;
  const slow = AbortSignal.timeout(LONGEST_BODY_MS);
  while (size < length) {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) {
      if (socket.readableEnded || socket.destroyed || slow.aborted)
        throw new DomainError('cancelled', 'The body broke off, or took too long');
      await moreOf(socket, slow);
    } else {
      chunks.push(chunk);
      size += chunk.length;
    }
  }
  const all = Buffer.concat(chunks);
  if (size > length) socket.unshift(all.subarray(length));
  return all.subarray(0, length);
}

/** Resolves when there may be more to read, or never will be. */
function moreOf(socket: Duplex, slow: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      for (const event of READABLE_EVENTS) socket.off(event, done);
      slow.removeEventListener('abort', done);
      resolve();
    };
    for (const event of READABLE_EVENTS) socket.on(event, done);
    slow.addEventListener('abort', done);
  });
}

const READABLE_EVENTS = ['readable', 'end', 'close'] as const;
const LONGEST_BODY_MS = 30_000;
