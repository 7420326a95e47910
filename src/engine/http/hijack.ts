import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Dialer } from '../dial/dialer.js';
import { connectionError } from '../engine-errors.js';
import type { CallGuard } from './call-guard.js';
import type { RequestHead } from './request-head.js';

/** What came of asking the engine to give the connection up: the connection, or an answer that says why not. */
export type HijackOutcome =
  | { readonly upgraded: true; readonly headers: IncomingHttpHeaders; readonly socket: Duplex }
  | { readonly upgraded: false; readonly answer: IncomingMessage };

/**
 * Asks, on a connection of its own, for a raw two-way stream instead of an answer (HTTP `Upgrade`, RFC 9110 section 7.8).
 * The stream can be ended on our side and go on on the engine's.
 *
 * @param protocol what to upgrade to: `tcp` for attach and exec, `h2c` for BuildKit
 * @throws DomainError when the connection fails or `guard` ends the call
 */
export function hijack(
  engine: string,
  dialer: Dialer,
  head: RequestHead,
  body: Buffer | undefined,
  protocol: string,
  guard: CallGuard,
): Promise<HijackOutcome> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      ...head,
      headers: { ...head.headers, Connection: 'Upgrade', Upgrade: protocol },
      createConnection: () => dialer.connect({ allowHalfOpen: true }),
    });
    const onAbort = () => {
      request.destroy(guard.signal.reason as Error);
    };
    guard.signal.addEventListener('abort', onAbort);
    if (guard.signal.aborted) onAbort();

    request.once('upgrade', ({ headers }: IncomingMessage, socket: Duplex, first: Buffer) => {
      guard.signal.removeEventListener('abort', onAbort);
      if (first.length > 0) socket.unshift(first);
      // A stream that fails while nobody listens must not end the program; who uses it finds the error in `errored`.
      socket.on('error', () => undefined);
      resolve({ upgraded: true, headers, socket });
    });
    request.once('response', (answer) => {
      guard.signal.removeEventListener('abort', onAbort);
      // Node would keep the connection for another request; after a refused upgrade nothing more may be sent on it.
      const { socket } = answer;
      answer.once('close', () => socket.destroy());
      resolve({ upgraded: false, answer });
    });
    request.on('error', (error) => {
      guard.signal.removeEventListener('abort', onAbort);
      reject(connectionError(engine, error));
    });
    request.end(body);
  });
}
