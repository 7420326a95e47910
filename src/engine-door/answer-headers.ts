import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { SECURITY_HEADERS } from '../http/security-headers.js';

/** What an engine's answers tell clients besides their bodies. Nothing else of them is passed on. */
const PASSED_ON = [
  'api-version',
  'builder-version',
  'cache-control',
  'content-type',
  'docker-experimental',
  'ostype',
  'pragma',
  'sec-websocket-accept',
  'sec-websocket-protocol',
  'server',
  'swarm',
  'warning',
  'x-docker-container-path-stat',
] as const;

/** The engine's headers as they are passed on. */
export function passedOn(headers: IncomingHttpHeaders): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const name of PASSED_ON) {
    const value = headers[name];
    if (typeof value === 'string') passed[name] = value;
  }
  return passed;
}

/** On every answer of the door: what all doors send, and the id by which the request is found in logs. */
export function ownHeaders(requestId: string): OutgoingHttpHeaders {
  return { ...SECURITY_HEADERS, 'cache-control': 'no-store', 'x-request-id': requestId };
}
