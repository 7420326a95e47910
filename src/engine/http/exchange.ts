import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { finished, type Readable } from 'node:stream';
import { DomainError } from '../../common/errors.js';
import { connectionError } from '../engine-errors.js';
import type { CallGuard } from './call-guard.js';
import type { EngineAgent } from './engine-agent.js';
import type { RequestHead } from './request-head.js';

/**
 * Sends a request and resolves with its answer, of whatever status, when the headers are there; an upload may still go on then.
 * The upload is left to the caller when the engine does not take all of it.
 *
 * @throws DomainError when the connection or the upload fails, or `guard` ends the call
 */
export function exchange(
  engine: string,
  agent: EngineAgent,
  head: RequestHead,
  payload: Buffer | Readable | undefined,
  guard: CallGuard,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ agent, ...head });
    const onAbort = () => {
      request.destroy(guard.signal.reason as Error);
    };
    guard.signal.addEventListener('abort', onAbort);
    if (guard.signal.aborted) onAbort();

    request.once('response', (answer) => {
      guard.signal.removeEventListener('abort', onAbort);
      resolve(answer);
    });
    // After the answer has begun, what goes wrong is the answer's error too, and is reported there.
    request.on('error', (error) => {
      guard.signal.removeEventListener('abort', onAbort);
      reject(connectionError(engine, error));
    });
    if (payload === undefined || Buffer.isBuffer(payload)) request.end(payload);
    else sendUpload(payload, request);
  });
}

function sendUpload(upload: Readable, request: ClientRequest): void {
  const stopWatching = finished(upload, { writable: false }, (error) => {
    if (error) request.destroy(uploadError(error));
  });
  request.once('response', (answer) => {
    answer.once('end', () => {
      // The engine has said all it has to say, so it will not read the rest; the connection cannot be used again.
      if (!request.writableEnded) request.destroy();
    });
  });
  request.once('close', () => {
    stopWatching();
    upload.unpipe(request);
  });
  upload.pipe(request);
}

function uploadError(error: Error): DomainError {
  if (error instanceof DomainError) return error;
  return new DomainError('cancelled', 'What was to be sent to the engine broke off.', { cause: error });
}
