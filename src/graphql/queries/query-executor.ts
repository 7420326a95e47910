import {
  type DocumentNode,
  execute,
  type ExecutionResult,
  type FragmentDefinitionNode,
  getOperationAST,
  getVariableValues,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  visit,
} from 'graphql';
import { RecentlyUsed } from '../../common/recently-used.js';
import { CompiledQuery } from './compiled-query.js';
import { JsonBody } from './json-body.js';
import { JsonWriters } from './json-writer.js';
import { RememberedJson } from './remembered-json.js';
import { Replay } from './replay.js';

/** Operations whose compiled form is kept. */
const MAX_OPERATIONS = 200;
/** Combinations of what `@skip` and `@include` decide that are kept of one operation. */
const MAX_VARIANTS = 8;
/** Bytes of JSON that are kept of immutable objects, for all queries together. */
const MAX_REMEMBERED = 32 * 1024 * 1024;

export interface Operation {
  /** Valid against the schema. */
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | undefined;
  /** What resolvers are given. */
  readonly context: unknown;
}

/**
 * Executes operations as graphql-js does, and queries for plain objects much faster: docs/adr/0007. Everything else, and
 * everything that does not go as expected, is left to graphql-js.
 */
export class QueryExecutor {
  private readonly writers = new JsonWriters(new RememberedJson(MAX_REMEMBERED));
  private readonly known = new RecentlyUsed<OperationDefinitionNode, KnownQuery>(MAX_OPERATIONS);
  private readonly replay: Replay;

  constructor(private readonly schema: GraphQLSchema) {
    this.replay = new Replay(schema);
  }

  /** @returns where nothing failed, perhaps a JsonBody */
  async execute({ document, operationName, variables = {}, context }: Operation): Promise<ExecutionResult> {
    const args = {
      document,
      contextValue: context,
      variableValues: variables,
      ...(operationName === undefined ? {} : { operationName }),
    };
    const operation = getOperationAST(document, operationName);
    if (operation?.operation !== OperationTypeNode.QUERY) return execute({ schema: this.schema, ...args });
    const { coerced } = getVariableValues(this.schema, operation.variableDefinitions ?? [], variables, {
      maxErrors: 1,
    });
    const query = coerced && this.compiled(document, operation, coerced);
    if (!query) return execute({ schema: this.schema, ...args });

    const outcomes = await query.resolve(context, coerced);
    const body = query.write(outcomes);
    return body ? JsonBody.result(body) : this.replay.execute(args, outcomes);
  }

  private compiled(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Record<string, unknown>,
  ): CompiledQuery | undefined {
    let known = this.known.get(operation);
    if (!known) {
      known = { conditions: conditionsIn(document), variants: new RecentlyUsed(MAX_VARIANTS) };
      this.known.set(operation, known);
    }
    const decisions = known.conditions.map((name) => String(variables[name]));
    // A null where true or false has to be is an error, which graphql-js tells of.
    if (decisions.some((decision) => decision !== 'true' && decision !== 'false')) return undefined;
    const variant = decisions.join();
    const compiled = known.variants.get(variant);
    if (compiled) return compiled.query;
    const fragments = fragmentsOf(document);
    const query = CompiledQuery.of({ schema: this.schema, fragments, variables }, operation, this.writers);
    known.variants.set(variant, { query });
    return query;
  }
}

interface KnownQuery {
  /** The variables that `@skip` and `@include` depend on. */
  readonly conditions: readonly string[];
  /** By their values. Without a query for what cannot be compiled. */
  readonly variants: RecentlyUsed<string, { readonly query: CompiledQuery | undefined }>;
}

function conditionsIn(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive: ({ name, arguments: args = [] }) => {
      if (name.value !== 'skip' && name.value !== 'include') return;
      for (const { value } of args) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}

function fragmentsOf(document: DocumentNode): Record<string, FragmentDefinitionNode> {
  const fragments = Object.create(null) as Record<string, FragmentDefinitionNode>;
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  return fragments;
}
