import type { ApolloServerPlugin } from '@apollo/server';
import { OperationTypeNode } from 'graphql';
import { DomainError } from '../common/errors.js';
import { toGraphqlError } from './graphql-error.js';

/** Over HTTP a subscription would be executed like a query, once, on fields that are made to go on. */
export const refuseSubscriptions: ApolloServerPlugin = {
  requestDidStart: () =>
    Promise.resolve({
      didResolveOperation: ({ operation }) => {
        if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) return Promise.resolve();
        const error = toGraphqlError(
          new DomainError(
            'invalid_input',
            'Subscriptions are served over WebSocket, by graphql-transport-ws',
          ),
        );
        error.extensions['http'] = { status: 400 };
        return Promise.reject(error);
      },
    }),
};
