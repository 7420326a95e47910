import {
  type FieldNode,
  type FragmentDefinitionNode,
  getDirectiveValues,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  isAbstractType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** What selections are read against. */
export interface SelectionScope {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** Coerced. Only `@skip` and `@include` are decided by them here. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * The fields that are selected of `type`, in the order of the answer: fragments opened, `@skip` and `@include` decided,
 * nodes of the same response key together. As CollectFields() of the GraphQL specification.
 */
export function collectFields(
  scope: SelectionScope,
  type: GraphQLObjectType,
  selectionSets: readonly SelectionSetNode[],
): Map<string, FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const opened = new Set<string>();

  const collect = ({ selections }: SelectionSetNode) => {
    for (const selection of selections) if (isIncluded(scope, selection)) add(selection);
  };
  const add = (selection: SelectionNode) => {
    switch (selection.kind) {
      case Kind.FIELD: {
        const key = selection.alias?.value ?? selection.name.value;
        const nodes = fields.get(key);
        if (nodes) nodes.push(selection);
        else fields.set(key, [selection]);
        return;
      }
      case Kind.INLINE_FRAGMENT:
        if (applies(scope, type, selection.typeCondition?.name.value)) collect(selection.selectionSet);
        return;
      case Kind.FRAGMENT_SPREAD: {
        const name = selection.name.value;
        const fragment = scope.fragments[name];
        if (!fragment || opened.has(name)) return;
        opened.add(name);
        if (applies(scope, type, fragment.typeCondition.name.value)) collect(fragment.selectionSet);
      }
    }
  };
  for (const selectionSet of selectionSets) collect(selectionSet);
  return fields;
}

function isIncluded({ variables }: SelectionScope, selection: SelectionNode): boolean {
  if (!selection.directives || selection.directives.length === 0) return true;
  return (
    getDirectiveValues(GraphQLSkipDirective, selection, variables)?.['if'] !== true &&
    getDirectiveValues(GraphQLIncludeDirective, selection, variables)?.['if'] !== false
  );
}

function applies(
  { schema }: SelectionScope,
  type: GraphQLObjectType,
  condition: string | undefined,
): boolean {
  if (condition === undefined || condition === type.name) return true;
  const conditional = schema.getType(condition);
  return isAbstractType(conditional) && schema.isSubType(conditional, type);
}
