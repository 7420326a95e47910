import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { STATUS_CODES } from 'node:http';
import { DomainError } from '../common/errors.js';
import { toProblem } from './problem.js';
import { SECURITY_HEADERS } from './security-headers.js';

const STATUS: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Answers what Node's HTTP parser refused, which no handler gets to see, with a problem document like any other. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = STATUS[error.code ?? ''] ?? 400;
  const title = STATUS_CODES[status] ?? '';
  const refusal = new DomainError('invalid_input', `The request is not HTTP as it should be: ${title}`);
  const requestId = randomUUID();
  const body = JSON.stringify({ ...toProblem(refusal, requestId), status, title });
  socket.end(
    [
      `HTTP/1.1 ${String(status)} ${title}`,
      'Connection: close',
      'Content-Type: application/problem+json',
      `Content-Length: ${String(Buffer.byteLength(body))}`,
      `X-Request-Id: ${requestId}`,
      ...Object.entries(SECURITY_HEADERS).map(([name, value]) => `${name}: ${value}`),
      '',
      body,
    ].join('\r\n'),
  );
}
