import { randomUUID } from 'node:crypto';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import {
  execute,
  GraphQLError,
  type GraphQLFormattedError,
  parse,
  specifiedRules,
  subscribe,
  validate,
} from 'graphql';
import { handleProtocols, makeServer, type Server, type Context } from 'graphql-ws';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import { LOGGER } from '../common/logging.js';
import { type RequestContext, runInRequestContext } from '../common/request-context.js';
import { bearerToken } from '../identity/authentication.guard.js';
import { toDomainError } from '../http/problem.js';
import { UpgradeRouter } from '../http/upgrade-router.js';
import { AuthenticationService } from '../identity/authentication.service.js';
import type { GraphqlContext } from '../common/graphql-context.js';
import { formatGraphqlError, toGraphqlError } from './graphql-error.js';
import { QUERY_LIMITS, queryLimitRules } from './query-limits.js';

/** Operations that one connection may have open at once. */
const MAX_OPERATIONS_PER_CONNECTION = 100;
const INIT_TIMEOUT_MS = 10_000;

interface Connection {
  context: RequestContext;
  controller: AbortController;
  refuse: () => void;
  actor?: Actor;
}
type ConnectionContext = Context<Record<string, unknown>, Connection>;

/** GraphQL over WebSocket (graphql-transport-ws). The actor is `connectionParams.authorization`, never a query string. */
@Injectable()
export class SubscriptionServer implements OnApplicationBootstrap {
  constructor(
    private readonly schemaHost: GraphQLSchemaHost,
    private readonly authentication: AuthenticationService,
    private readonly upgrades: UpgradeRouter,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const server = this.createServer();
    this.upgrades.add({
      path: /^\/graphql$/,
      protocol: (offered) => handleProtocols(offered),
      accept: (socket, _request, _params, address) =>
        this.open(server, socket, {
          requestId: randomUUID(),
          address,
          door: 'graphql',
        }),
    });
  }

  private createServer(): Server<Connection> {
    return makeServer<Record<string, unknown>, Connection>({
      schema: () => this.schemaHost.schema,
      execute,
      subscribe,
      parse: (source) => parse(source, { maxTokens: QUERY_LIMITS.tokens }),
      validate: (schema, document) => validate(schema, document, [...specifiedRules, ...queryLimitRules]),
      connectionInitWaitTimeout: INIT_TIMEOUT_MS,
      onConnect: async (connection) => this.authenticate(connection),
      onSubscribe: (connection) => this.admitOperation(connection),
      context: ({ extra: { actor, context, controller } }): GraphqlContext => {
        if (!actor) throw new DomainError('unauthenticated', 'Sign in first');
        return { actor, requestId: context.requestId, signal: controller.signal };
      },
      onNext: (_connection, _id, _payload, _args, result) =>
        result.errors ? { ...result, errors: result.errors.map((error) => this.format(error)) } : undefined,
      onError: (_connection, _id, _payload, errors) => errors.map((error) => this.format(error)),
    });
  }

  private open(server: Server<Connection>, socket: WebSocket, context: RequestContext): void {
    const controller = new AbortController();
    const closed = server.opened(
      {
        protocol: socket.protocol,
        // Resolves when the bytes have left: a slow client slows its own subscription instead of filling memory.
        send: (data) =>
          new Promise((resolve, reject) => {
            if (socket.readyState !== socket.OPEN) resolve();
            else socket.send(data, (error) => (error ? reject(error) : resolve()));
          }),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (listener) => {
          socket.on('message', (data) => {
            runInRequestContext(context, () => {
              listener(String(data as Buffer)).catch((error: unknown) => {
                this.logger.warn({ err: error }, 'WebSocket message failed');
                socket.close(4400, 'The message could not be handled');
              });
            });
          });
        },
      },
      { context, controller, refuse: () => socket.close(4401, 'Unauthorized') },
    );
    socket.once('close', (code, reason) => {
      controller.abort();
      closed(code, String(reason)).catch((error: unknown) =>
        this.logger.warn({ err: error }, 'WebSocket close failed'),
      );
    });
  }

  /** Closes with 4401 "Unauthorized": clients of graphql-ws do not try that again, unlike the 4403 of `false` alone. */
  private async authenticate(connection: ConnectionContext): Promise<boolean> {
    try {
      const token = bearerToken(
        connection.connectionParams?.['authorization'] ?? connection.connectionParams?.['Authorization'],
      );
      connection.extra.actor = await this.authentication.authenticate(token);
      return true;
    } catch (error) {
      const { kind } = toDomainError(error);
      if (kind !== 'unauthenticated') throw error;
      connection.extra.refuse();
      return false;
    }
  }

  /** The errors to refuse an operation with; the connection may be older than what became of its token. */
  private async admitOperation({
    subscriptions,
    extra,
  }: ConnectionContext): Promise<GraphQLError[] | undefined> {
    try {
      if (Object.keys(subscriptions).length > MAX_OPERATIONS_PER_CONNECTION) {
        throw new DomainError(
          'too_many_requests',
          `At most ${MAX_OPERATIONS_PER_CONNECTION} operations at once`,
        );
      }
      if (extra.actor) await this.authentication.requireLive(extra.actor);
      return undefined;
    } catch (error) {
      return [toGraphqlError(toDomainError(error))];
    }
  }

  private format(error: GraphQLFormattedError | GraphQLError): GraphQLFormattedError {
    const formatted = error instanceof GraphQLError ? error.toJSON() : error;
    const bad =
      formatted.extensions?.['code'] === undefined && error instanceof GraphQLError && !error.originalError;
    return formatGraphqlError(
      bad ? { ...formatted, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } } : formatted,
      error,
      this.logger,
    );
  }
}
