import { once } from 'node:events';
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
 * @throws DomainError `payload_too_large`; `cancelled` where the connection ends before
 */
export async function takeBytes(
  socket: Duplex,
  length: number,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Buffer> {
  if (length > maxBytes)
    throw new DomainError('payload_too_large', `The body is larger than ${maxBytes} bytes`);
  for (;;) {
    const bytes = socket.read(length) as Buffer | null;
    if (bytes?.length === length) return bytes;
    if (bytes !== null || socket.readableEnded || signal.aborted)
      throw new DomainError('cancelled', 'The body broke off');
    await Promise.race([once(socket, 'readable', { signal }), once(socket, 'end', { signal })]).catch(
      () => undefined,
    );
  }
}
