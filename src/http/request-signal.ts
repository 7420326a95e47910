import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

const signals = new WeakMap<object, AbortSignal>();

/** Aborted when the client goes away before it has its whole answer, so that the engine is not kept busy for nobody. */
export function signalOf(reply: FastifyReply): AbortSignal {
  const known = signals.get(reply.raw);
  if (known) return known;
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  signals.set(reply.raw, controller.signal);
  return controller.signal;
}

/** The signal of the request being served, for REST handlers and GraphQL over HTTP alike. */
export const RequestSignal = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  signalOf(context.switchToHttp().getResponse<FastifyReply>()),
);
