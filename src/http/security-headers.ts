import type { FastifyReply, FastifyRequest } from 'fastify';

/** On every answer. Pages for browsers replace the policy by their own, which lets in what they load. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'content-security-policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

/** A year, for this host alone: what else runs on the domain is not ours to decide about. RFC 6797. */
const STRICT_TRANSPORT_SECURITY = 'max-age=31536000';

/** Sets what every answer carries, and how it may be kept unless its handler says so itself. */
export function setSecurityHeaders({ method, url, protocol }: FastifyRequest, reply: FastifyReply): void {
  void reply.headers(SECURITY_HEADERS);
  if (protocol === 'https') void reply.header('strict-transport-security', STRICT_TRANSPORT_SECURITY);
  const reads = method === 'GET' || method === 'HEAD';
  if (reads && url.startsWith('/docs')) return; // scripts and styles of the page
  void reply.header('cache-control', reads && url.startsWith('/api/') ? 'private, no-cache' : 'no-store');
}
