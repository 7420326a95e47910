import type { IncomingMessage } from 'node:http';
import type { Duplex, Readable } from 'node:stream';
import { DomainError } from '../../common/errors.js';
import { connectionError } from '../engine-errors.js';
import type { CallGuard } from './call-guard.js';

/**
 * Reads an answer to its end.
 *
 * @throws DomainError `engine_error` for one of more than `maxBytes`, `engine_unavailable` for one that breaks off, and whatever
 *   `guard` ends the call with.
 */
export function readBytes(
  engine: string,
  answer: IncomingMessage,
  guard: CallGuard,
  maxBytes: number,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const onAbort = () => {
      answer.destroy();
      reject(guard.signal.reason as Error);
    };
    const fail = (error: unknown) => {
      guard.signal.removeEventListener('abort', onAbort);
      reject(connectionError(engine, error, 'stream'));
    };
    guard.signal.addEventListener('abort', onAbort);
    if (guard.signal.aborted) onAbort();

    answer.on('data', (chunk: Buffer) => {
      guard.progress();
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes <= maxBytes) return;
      answer.destroy();
      fail(new DomainError('engine_error', `Engine "${engine}" answered with more than ${maxBytes} bytes.`));
    });
    answer.on('error', fail);
    let ended = false;
    answer.on('end', () => {
      ended = true;
      guard.signal.removeEventListener('abort', onAbort);
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    });
    answer.on('close', () => {
      if (!ended) fail(new Error('closed before its end')); // an Error costs its stack: only where it is one
    });
  });
}

/** The same as text. */
export async function readWhole(
  engine: string,
  answer: IncomingMessage,
  guard: CallGuard,
  maxBytes: number,
): Promise<string> {
  return (await readBytes(engine, answer, guard, maxBytes)).toString();
}

/**
 * Makes a stream fail with the domain's errors instead of Node's. It changes how the stream is destroyed rather than pipe it
 * through another one: a log comes in pieces of a hundred bytes, and each further hop would cost as much as reading it.
 */
export function withDomainErrors<S extends Readable | Duplex>(engine: string, stream: S): S {
  const destroy = stream._destroy.bind(stream);
  stream._destroy = (error, callback) => {
    destroy(error, (failure) => callback(failure ? connectionError(engine, failure, 'stream') : failure));
  };
  return stream;
}

/** Ends `stream` with the reason when `guard` ends the call; the guard is released when the stream is over. */
export function guardStream(stream: Readable | Duplex, guard: CallGuard): void {
  const onAbort = () => {
    stream.destroy(guard.signal.reason as Error);
  };
  guard.signal.addEventListener('abort', onAbort);
  stream.once('close', () => guard.release());
  if (guard.signal.aborted) onAbort();
}
