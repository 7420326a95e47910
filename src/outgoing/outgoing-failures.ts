import { DomainError } from '../common/errors.js';
import { OutgoingError } from './outgoing-error.js';

const TIMEOUTS: ReadonlySet<string> = new Set([
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'ETIMEDOUT',
]);
/** OpenSSL's reasons for not believing a certificate, and failed handshakes, as Node.js names them. */
const TLS =
  /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|EPROTO)/;
const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses connections',
  ENOTFOUND: 'does not exist',
  EAI_AGAIN: 'can not be looked up at the moment',
  ECONNRESET: 'closed the connection',
  UND_ERR_SOCKET: 'closed the connection',
  EHOSTUNREACH: 'can not be reached',
  ENETUNREACH: 'can not be reached',
};

/**
 * What went wrong with a request, in words that tell no more than its sender knows.
 *
 * @param host the one that was asked
 * @param stopped what ended the request from our side, where something did
 */
export function explainFailure(
  error: unknown,
  host: string,
  stopped: { readonly byCaller: boolean; readonly byTime: boolean },
): DomainError {
  if (error instanceof DomainError) return error;
  if (stopped.byCaller) return new DomainError('cancelled', 'The request was given up', { cause: error });
  const code = codeOf(error);
  if (stopped.byTime || TIMEOUTS.has(code)) {
    return new OutgoingError('timeout', `${host} took too long to answer`, error);
  }
  if (TLS.test(code)) {
    return new OutgoingError('tls', `${host} has no certificate that can be trusted (${code})`, error);
  }
  return new OutgoingError('unreachable', `${host} ${WORDS[code] ?? 'does not answer as it should'}`, error);
}

function codeOf(error: unknown): string {
  const hasCode = typeof error === 'object' && error !== null && 'code' in error;
  return hasCode && typeof error.code === 'string' ? error.code : '';
}
