import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import type { ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { LOGGER } from '../common/logging.js';
import { bearerToken } from '../identity/authentication.guard.js';
import { toDomainError } from '../http/problem.js';
import { signalOf } from '../http/request-signal.js';
import { AuthenticationService } from '../identity/authentication.service.js';
import { IdentityModule } from '../identity/identity.module.js';
import type { GraphqlContext } from '../common/graphql-context.js';
import { formatGraphqlError, toGraphqlError } from './graphql-error.js';
import { CompilingApolloDriver } from './queries/compiling.driver.js';
import { QUERY_LIMITS, queryLimitRules } from './query-limits.js';
import { refuseSubscriptions } from './refuse-subscriptions.js';
import { SubscriptionServer } from './subscription-server.js';

export const GRAPHQL_PATH = '/graphql';

/** GraphQL by Apollo Server over HTTP; subscriptions over graphql-transport-ws are served by SubscriptionServer. */
@Module({
  imports: [
    IdentityModule,
    GraphQLModule.forRootAsync<ApolloDriverConfig>({
      driver: CompilingApolloDriver,
      imports: [IdentityModule],
      inject: [AuthenticationService, LOGGER],
      useFactory: (authentication: AuthenticationService, logger: Logger): ApolloDriverConfig => ({
        autoSchemaFile: true,
        sortSchema: true,
        path: GRAPHQL_PATH,
        graphiql: false,
        introspection: true,
        // Stopped first, as is the default, Apollo would wait for connections that only later steps end.
        stopOnApplicationShutdown: true,
        csrfPrevention: true,
        allowBatchedHttpRequests: false,
        includeStacktraceInErrorResponses: false,
        autoTransformHttpErrors: false,
        preserveHttpStatusForExecutionErrors: false,
        persistedQueries: false,
        // Cache-control instruments every field, and nothing of ours is cacheable by shared caches: docs/adr/0007.
        plugins: [ApolloServerPluginCacheControlDisabled(), refuseSubscriptions],
        parseOptions: { maxTokens: QUERY_LIMITS.tokens },
        validationRules: [...queryLimitRules],
        formatError: (formatted, thrown) => formatGraphqlError(formatted, thrown, logger),
        context: async (request: FastifyRequest, reply: FastifyReply): Promise<GraphqlContext> => {
          try {
            const actor = await authentication.authenticate(bearerToken(request.headers.authorization));
            return { actor, requestId: request.id, signal: signalOf(reply) };
          } catch (error) {
            throw toGraphqlError(toDomainError(error));
          }
        },
      }),
    }),
  ],
  providers: [SubscriptionServer],
  exports: [SubscriptionServer],
})
export class GraphqlModule {}
