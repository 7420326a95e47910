import type { ApolloServerOptionsWithGateway, BaseContext } from '@apollo/server';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Injectable } from '@nestjs/common';
import type { GraphQLSchema } from 'graphql';
import { stringifyResult } from './json-body.js';
import { QueryExecutor } from './query-executor.js';

/**
 * Apollo Server with QueryExecutor in place of graphql-js' `execute`, by the hook that Apollo has for gateways: parsing,
 * validation, plugins and the formatting of errors stay Apollo's.
 */
@Injectable()
export class CompilingApolloDriver extends ApolloDriver {
  override async registerServer({
    schema,
    typeDefs: _inSchema,
    resolvers: _inSchemaToo,
    ...options
  }: ApolloDriverConfig): Promise<void> {
    if (!schema) throw new Error('GraphQL has no schema');
    await super.registerServer({
      ...options,
      stringifyResult,
      gateway: gatewayTo(schema),
    } as ApolloDriverConfig);
  }
}

function gatewayTo(schema: GraphQLSchema): ApolloServerOptionsWithGateway<BaseContext>['gateway'] {
  const executor = new QueryExecutor(schema);
  return {
    onSchemaLoadOrUpdate: (use) => {
      use({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => undefined;
    },
    load: () =>
      Promise.resolve({
        executor: ({ document, request: { operationName, variables }, context }) =>
          executor.execute({ document, operationName, variables, context }),
      }),
    stop: () => Promise.resolve(),
  };
}
