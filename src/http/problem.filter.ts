import { type ArgumentsHost, Catch, type ExceptionFilter, Inject } from '@nestjs/common';
import type { GqlContextType } from '@nestjs/graphql';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { DomainError } from '../common/errors.js';
import { LOGGER } from '../common/logging.js';
import { toDomainError, toProblem } from './problem.js';

/** Answers every error of a REST handler as a problem document. GraphQL formats its own (graphql/graphql-error.ts). */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    if (host.getType<GqlContextType>() === 'graphql') throw thrown;
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const error = withTypes(toDomainError(thrown), request);
    if (error.kind === 'internal')
      this.logger.error({ err: thrown, requestId: request.id }, 'request failed');
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    if (error.retryAfter !== undefined) void reply.header('retry-after', String(Math.ceil(error.retryAfter)));
    if (error.kind === 'unauthenticated') void reply.header('www-authenticate', 'Bearer');
    const problem = toProblem(error, request.id);
    void reply.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }
}

/** What came and what is taken, in place of a message that says neither. */
function withTypes(error: DomainError, { headers }: FastifyRequest): DomainError {
  if (error.kind !== 'unsupported_media_type' || error.cause === undefined) return error;
  const type = headers['content-type'];
  const came = type === undefined ? 'The body has no Content-Type' : `${type.slice(0, 100)} is not taken`;
  return new DomainError(
    error.kind,
    `${came}: send application/json, or an archive's own type to a route that takes archives`,
    { cause: error.cause },
  );
}
