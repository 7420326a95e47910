import { type Client, createClient, type ExecutionResult } from 'graphql-ws';
import WebSocket from 'ws';
import type { TestActor, TestApp } from './app.js';

/** A graphql-transport-ws client signed in as `actor`. Dispose of it when done. */
export function graphqlClient(app: Pick<TestApp, 'webSocketUrl'>, actor?: TestActor): Client {
  return createClient({
    url: `${app.webSocketUrl}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    lazy: true,
    ...(actor ? { connectionParams: { authorization: actor.authorization } } : {}),
  });
}

/** A running subscription to one field: its values as they come. */
export interface Subscription<T> {
  readonly values: T[];
  readonly errors: { message: string; extensions: { code: string } }[];
  /** Resolves when the server has completed it or ended it with an error. */
  readonly ended: Promise<undefined>;
  /** Resolves once `enough` is true of the values so far. */
  until(enough: (values: T[]) => boolean): Promise<T[]>;
  unsubscribe(): void;
}

export function subscribe<T>(
  client: Client,
  query: string,
  variables: Record<string, unknown> = {},
): Subscription<T> {
  const values: T[] = [];
  const errors: Subscription<T>['errors'] = [];
  const waiting = new Set<() => void>();
  const { promise: ended, resolve: end } = Promise.withResolvers<undefined>();
  let over = false;
  const finish = () => {
    over = true;
    for (const check of waiting) check();
    end(undefined);
  };
  const unsubscribe = client.subscribe<Record<string, T>>(
    { query, variables },
    {
      next: (result: ExecutionResult<Record<string, T>, unknown>) => {
        if (result.errors) errors.push(...(result.errors as never[]));
        const [value] = Object.values(result.data ?? {});
        if (value !== undefined && value !== null) values.push(value);
        for (const check of waiting) check();
      },
      error: (error) => {
        errors.push(...(Array.isArray(error) ? (error as never[]) : [asError(error) as never]));
        finish();
      },
      complete: finish,
    },
  );
  return {
    values,
    errors,
    ended,
    unsubscribe,
    until: (enough) =>
      new Promise((resolve, reject) => {
        const check = () => {
          if (enough(values)) resolve(values);
          else if (over) reject(new Error(`the subscription ended with ${JSON.stringify(errors)}`));
          else return;
          waiting.delete(check);
        };
        waiting.add(check);
        check();
      }),
  };
}

function asError(error: unknown) {
  const { code, reason } = error as { code?: number; reason?: string };
  return { message: reason ?? String(error), extensions: { code: String(code) } };
}
