import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { DomainError } from '../common/errors.js';

const PAGE_PATH = '/graphql';
const ASSETS_PREFIX = '/graphql/assets/';
/** Where `npm run build` puts the page. The same from src/graphql and from dist/graphql. */
const BUILT = fileURLToPath(new URL('../../dist/graphiql/', import.meta.url));

/**
 * The page may load from this server alone and be framed by nobody. Styles stay open to inline ones, which GraphiQL's
 * editor writes for each of its themes; fonts and icons lie in its style sheet as data.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Serves GraphiQL to browsers, without a word from any other host. `GET /graphql` answers with the page where the client
 * prefers HTML, and stays Apollo's for everyone else; what the page loads lies under `/graphql/assets/`, whose paths
 * change with their content. To be called before the server is ready; `built` is the folder that
 * scripts/graphiql/build.mjs writes.
 *
 * Where that folder is missing, browsers are told so with `unavailable` and all else works.
 */
export function registerGraphiql(fastify: FastifyInstance, built: string = BUILT): void {
  const pageFile = join(built, 'index.html');
  const page = existsSync(pageFile) ? readFileSync(pageFile) : undefined;

  fastify.addHook('onRequest', (request, reply, done) => {
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (!reads || request.routeOptions.url !== PAGE_PATH || !prefersHtml(request.headers.accept ?? '')) {
      done();
      return;
    }
    if (!page) {
      done(new DomainError('unavailable', 'GraphiQL has not been built: run "npm run build"'));
      return;
    }
    void reply
      .header('content-security-policy', CONTENT_SECURITY_POLICY)
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(page);
  });

  if (!page) return;
  fastify.register(fastifyStatic, {
    root: join(built, 'assets'),
    prefix: ASSETS_PREFIX,
    decorateReply: false,
    index: false,
    dotfiles: 'ignore',
    preCompressed: true,
    immutable: true,
    maxAge: '365d',
    // A worker is held to the policy that its own script comes with.
    setHeaders: (reply) => void reply.header('content-security-policy', CONTENT_SECURITY_POLICY),
  });
}

/** Whether an `Accept` header names HTML and likes it no less than JSON. Wildcards count as no wish for HTML. */
function prefersHtml(accept: string): boolean {
  const html = quality(accept, 'text/html');
  return html > 0 && html >= quality(accept, 'application/json', 'application/graphql-response+json');
}

/** The highest weight (RFC 9110, 12.4.2) that `accept` gives to any of the media types by name; 0 where it names none. */
function quality(accept: string, ...mediaTypes: string[]): number {
  const weights = accept.split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    if (!mediaTypes.includes(type)) return 0;
    const weight = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
    return Number.isNaN(weight) ? 0 : weight;
  });
  return Math.max(0, ...weights);
}
