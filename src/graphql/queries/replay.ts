import {
  execute,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLFieldConfig,
  GraphQLObjectType,
  GraphQLSchema,
} from 'graphql';
import type { Outcomes } from './compiled-query.js';

/**
 * Executes a query by graphql-js with what its resolvers came to before: none runs twice, and nulls, errors and promises
 * are told of exactly as graphql-js does.
 */
export class Replay {
  private readonly schema: GraphQLSchema;

  constructor(schema: GraphQLSchema) {
    const query = schema.getQueryType();
    this.schema = new GraphQLSchema({
      ...schema.toConfig(),
      query: query ? replaying(query) : null,
      types: schema.toConfig().types.filter((type) => type !== query),
      assumeValid: true,
    });
  }

  async execute(
    args: Omit<ExecutionArgs, 'schema' | 'rootValue'>,
    outcomes: Outcomes,
  ): Promise<ExecutionResult> {
    return execute({ ...args, schema: this.schema, rootValue: outcomes });
  }
}

function replaying(query: GraphQLObjectType): GraphQLObjectType {
  const config = query.toConfig();
  const fields = Object.entries(config.fields).map(([name, field]) => [name, { ...field, resolve: replay }]);
  return new GraphQLObjectType({
    ...config,
    fields: Object.fromEntries(fields) as Record<string, GraphQLFieldConfig<unknown, unknown>>,
  });
}

const replay: GraphQLFieldConfig<Outcomes, unknown>['resolve'] = (outcomes, _args, _context, { path }) => {
  const outcome = outcomes.get(String(path.key));
  if (outcome?.status === 'fulfilled') return outcome.value;
  throw outcome?.reason;
};
