import { type ArgumentsHost, Catch, type ExceptionFilter, Inject } from '@nestjs/common';
import type { GqlContextType } from '@nestjs/graphql';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
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
    const error = toDomainError(thrown);
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
