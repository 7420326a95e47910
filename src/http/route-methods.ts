import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError } from '../common/errors.js';

/** What the Engine API has at its root, where Docker's clients look for it that were given no path. */
const ENGINE_API =
  /^\/(v1\.\d+(\/|$)|(_ping|info|version|events|build|session|containers|images|networks|volumes|exec|services|tasks|nodes|swarm|secrets|configs|plugins|system|distribution|grpc)(\/|$))/;

/** The methods that each path has, of all routes that the server was given. */
export class RouteMethods {
  private readonly routes = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>();

  add(url: string, methods: readonly string[]): void {
    // Routes for any path at all say nothing of one.
    if (url === '*' || url === '/*') return;
    const route = this.routes.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
    for (const method of methods) route.methods.add(method);
    this.routes.set(url, route);
  }

  /** @param path without its query. @returns the methods that it has, sorted; none for a path that there is not */
  of(path: string): string[] {
    const found = new Set<string>();
    for (const { pattern, methods } of this.routes.values())
      if (pattern.test(path)) for (const method of methods) found.add(method);
    return [...found].sort();
  }
}

/**
 * Answers 405 with `Allow` where a path has other methods, and leads who looks for the Engine API at the root to where it is.
 * To be called before there are routes.
 */
export function registerOtherMethods(fastify: FastifyInstance): void {
  const routes = new RouteMethods();
  fastify.addHook('onRoute', ({ url, method }) => {
    routes.add(url, [method].flat());
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    const path = pathOf(request);
    const others = request.is404 ? routes.of(path) : [];
    if (others.length > 0) {
      const allowed = others.join(', ');
      void reply.header('allow', allowed);
      done(new DomainError('method_not_allowed', `This path has no ${request.method}, but ${allowed}`));
    } else if (request.is404 && ENGINE_API.test(path)) {
      done(new DomainError('not_found', ENGINE_API_IS_ELSEWHERE));
    } else done();
  });
}

const ENGINE_API_IS_ELSEWHERE =
  'There is nothing here. The Engine API is at /docker/{engine}: use DOCKER_HOST=tcp://HOST:PORT/docker/local';

function pathOf({ url }: FastifyRequest): string {
  return url.split('?', 1)[0] ?? '';
}

function patternOf(url: string): RegExp {
  const parts = url
    .split('/')
    .map((part) =>
      part === '*' ? '.*' : part.startsWith(':') ? '[^/]+' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'),
    );
  return new RegExp(`^${parts.join('/')}$`);
}
