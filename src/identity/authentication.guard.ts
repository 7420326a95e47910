import {
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  SetMetadata,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { GqlExecutionContext, type GqlContextType } from '@nestjs/graphql';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import type { GraphqlContext } from '../common/graphql-context.js';
import { AuthenticationService } from './authentication.service.js';

const PUBLIC = 'dockmaster:public';
const actors = new WeakMap<FastifyRequest, Actor>();

/** Opens a REST route to callers that are not signed in. Everything else needs a token. */
export const Public = () => SetMetadata(PUBLIC, true);

/** The token of an `Authorization: Bearer …` header. RFC 6750. */
export function bearerToken(authorization: unknown): string {
  const match =
    typeof authorization === 'string' ? /^Bearer ([A-Za-z0-9._~+/-]{1,512}=*)$/i.exec(authorization) : null;
  if (!match?.[1]) {
    throw new DomainError('unauthenticated', 'Sign in first: send `Authorization: Bearer <token>`');
  }
  return match[1];
}

/**
 * Establishes who asks on every REST route. GraphQL establishes it once per operation or connection, when its context
 * is made (graphql/graphql-context.ts), because guards do not run on field resolvers. What an actor may do is decided
 * by the gate alone.
 */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authentication: AuthenticationService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType<GqlContextType>() === 'graphql') return true;
    if (
      this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, [
        context.getHandler(),
        context.getClass(),
      ])
    )
      return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    actors.set(request, await this.authentication.authenticate(bearerToken(request.headers.authorization)));
    return true;
  }
}

/** The actor of the request or GraphQL operation being served. */
export const CurrentActor = createParamDecorator((_data: unknown, context: ExecutionContext): Actor => {
  const actor =
    context.getType<GqlContextType>() === 'graphql'
      ? GqlExecutionContext.create(context).getContext<GraphqlContext>().actor
      : actors.get(context.switchToHttp().getRequest<FastifyRequest>());
  if (!actor) throw new DomainError('unauthenticated', 'Sign in first');
  return actor;
});
