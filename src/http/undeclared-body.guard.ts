import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { GqlContextType } from '@nestjs/graphql';
import { DECORATORS } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '../common/errors.js';

/**
 * Refuses what a REST route is sent as its body where it declares none: what is sent and not known is refused, never left
 * out without a word. An empty object says nothing, and passes.
 */
@Injectable()
export class UndeclaredBodyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (context.getType<GqlContextType>() === 'graphql') return true;
    const { body } = context.switchToHttp().getRequest<FastifyRequest>();
    if (body !== undefined && !declaresBody(context)) refuseBody(body);
    return true;
  }
}

/** As a parameter, or, where the handler takes its bytes from the request itself, in the words of the contract. */
function declaresBody(context: ExecutionContext): boolean {
  const handler = context.getHandler();
  const parameters = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), handler.name) as
    object | undefined;
  const documented = Reflect.getMetadata(DECORATORS.API_PARAMETERS, handler) as { in?: string }[] | undefined;
  return (
    Object.keys(parameters ?? {}).some((key) => key.startsWith(`${RouteParamtypes.BODY}:`)) ||
    (documented ?? []).some((parameter) => parameter.in === 'body')
  );
}

function refuseBody(body: unknown): void {
  const isObject =
    typeof body === 'object' && body !== null && Object.getPrototypeOf(body) === Object.prototype;
  if (!isObject) throw new DomainError('invalid_input', 'This takes no body');
  const fields = Object.keys(body)
    .slice(0, 100)
    .map((key) => key.slice(0, 200));
  if (fields.length === 0) return;
  throw new DomainError('invalid_input', 'This takes no body', {
    errors: fields.map((field) => ({ field, message: `${field} is not a known field` })),
  });
}
