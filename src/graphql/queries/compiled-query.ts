import {
  type FieldNode,
  getArgumentValues,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type OperationDefinitionNode,
} from 'graphql';
import { JsonOutput } from './json-output.js';
import type { JsonWriters } from './json-writer.js';
import type { Write } from './remembered-json.js';
import { collectFields, type SelectionScope } from './selection.js';

type Variables = Record<string, unknown>;

/** What came of the resolver of each field of the root, by response key. */
export type Outcomes = ReadonlyMap<string, PromiseSettledResult<unknown>>;

interface RootField {
  readonly key: string;
  readonly resolve: (context: unknown, variables: Variables) => unknown;
  readonly write: Write;
}

/** A query of which only the fields of the root have resolvers, and everything below is plain properties. */
export class CompiledQuery {
  private constructor(private readonly fields: readonly RootField[]) {}

  /**
   * @param scope its variables decide `@skip` and `@include`, once and for all
   * @returns undefined for a query that is not of this kind
   */
  static of(
    scope: SelectionScope,
    operation: OperationDefinitionNode,
    writers: JsonWriters,
  ): CompiledQuery | undefined {
    const type = scope.schema.getQueryType();
    if (!type) return undefined;
    const fields: RootField[] = [];
    for (const [key, nodes] of collectFields(scope, type, [operation.selectionSet])) {
      const field = rootField(scope, operation, writers, { type, key, nodes });
      if (!field) return undefined;
      fields.push(field);
    }
    return new CompiledQuery(fields);
  }

  /** Runs the resolvers, all at once. */
  async resolve(context: unknown, variables: Variables): Promise<Outcomes> {
    const settled = await Promise.allSettled(
      this.fields.map((field) => new Promise((settle) => settle(field.resolve(context, variables)))),
    );
    return new Map(settled.map((outcome, index) => [this.fields[index]?.key ?? '', outcome]));
  }

  /** The body of the answer; undefined where there are errors to tell of, or something has yet to come. */
  write(outcomes: Outcomes): Buffer | undefined {
    const out = new JsonOutput();
    let separator = '{"data":{';
    try {
      for (const { key, write } of this.fields) {
        const outcome = outcomes.get(key);
        if (outcome?.status !== 'fulfilled') return undefined;
        out.text(`${separator}"${key}":`);
        write(outcome.value, out);
        separator = ',';
      }
    } catch {
      return undefined; // graphql-js meets the same error again, and knows what to make of it
    }
    out.text(this.fields.length === 0 ? '{"data":{}}\n' : '}}\n');
    return out.toBytes();
  }
}

interface SelectedField {
  readonly type: GraphQLObjectType;
  readonly key: string;
  readonly nodes: readonly FieldNode[];
}

function rootField(
  scope: SelectionScope,
  operation: OperationDefinitionNode,
  writers: JsonWriters,
  selected: SelectedField,
): RootField | undefined {
  const { type, key, nodes } = selected;
  const [node] = nodes;
  const field = node && type.getFields()[node.name.value];
  if (!node || !field?.resolve) return undefined;
  const { resolve } = field;
  const writer = writers.of(scope, field.type, nodes);
  if (!writer) return undefined;
  const info = infoOf(scope, operation, selected, field);
  return {
    key,
    resolve: (context, variableValues) =>
      resolve(undefined, getArgumentValues(field, node, variableValues), context, {
        ...info,
        variableValues,
      }),
    write: writer.write,
  };
}

/** What graphql-js tells a resolver of the field it is called for. */
function infoOf(
  { schema, fragments }: SelectionScope,
  operation: OperationDefinitionNode,
  { type, key, nodes }: SelectedField,
  field: GraphQLField<unknown, unknown>,
): Omit<GraphQLResolveInfo, 'variableValues'> {
  return {
    fieldName: field.name,
    fieldNodes: nodes,
    returnType: field.type,
    parentType: type,
    path: { prev: undefined, key, typename: type.name },
    schema,
    fragments,
    rootValue: undefined,
    operation,
  };
}
