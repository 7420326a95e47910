import { GraphQLSchemaHost } from '@nestjs/graphql';
import {
  getNamedType,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  isLeafType,
  isObjectType,
} from 'graphql';
import { readerOf } from '../../../src/graphql/queries/plain-field.js';
import { createOpenApiDocument } from '../../../src/http/docs.js';
import { UpgradeRouter } from '../../../src/http/upgrade-router.js';
import type { TestApp } from '../app.js';

/** A route of the running server. */
export interface Route {
  readonly method: string;
  /** As in the OpenAPI document: `/api/v1/users/{id}`. */
  readonly path: string;
  /** Its tag in the document; undefined for what the document does not have. */
  readonly tag: string | undefined;
}

/** A field of the running schema that is more than a property of its object: it may reach data. */
export interface Field {
  readonly type: string;
  readonly name: string;
  readonly field: GraphQLField<unknown, unknown>;
}

interface DocumentedRoute {
  readonly tags?: readonly string[];
  readonly parameters?: readonly { readonly name?: string }[];
}

/** Every route that the server answers on, documented or not, and every path that WebSockets are opened on. */
export function routesOf({ nest }: TestApp): Route[] {
  const { paths } = createOpenApiDocument(nest);
  const documented = (method: string, path: string) =>
    (paths[path] as Record<string, DocumentedRoute> | undefined)?.[method.toLowerCase()];
  const fastify = nest.getHttpAdapter().getInstance();
  const routes = readTree(fastify.printRoutes()).map(({ method, path: written }) => {
    const path = written.replace(/:(\w+)/g, '{$1}');
    return { method, path, tag: documented(method, path)?.tags?.[0] };
  });
  // The server answers HEAD wherever it answers GET, by the same code.
  const repeatsGet = ({ method, path, tag }: Route) =>
    method === 'HEAD' &&
    tag === undefined &&
    routes.some((other) => other.path === path && other.method === 'GET');
  // Behind some there are two: a list, and a watch on it.
  const watches = routes.flatMap(({ method, path, tag }) => {
    const parameters = documented(method, path)?.parameters ?? [];
    return parameters.some(({ name }) => name === 'watch')
      ? [{ method, path: `${path}?watch=true`, tag }]
      : [];
  });
  return [
    ...routes.filter((route) => !repeatsGet(route)),
    ...watches,
    ...upgradesOf(nest.get(UpgradeRouter)),
  ];
}

/** What the OpenAPI document tells of, as `METHOD /path`. */
export function documentedRoutes({ nest }: TestApp): string[] {
  return Object.entries(createOpenApiDocument(nest).paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
}

/** Root fields, and those that are resolved by code of ours. */
export function fieldsOf(app: TestApp): Field[] {
  const schema = schemaOf(app);
  const roots = ['Query', 'Mutation', 'Subscription'];
  return Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => roots.includes(type.name) || readerOf(field) === undefined)
        .map((field) => ({ type: type.name, name: field.name, field })),
    );
}

/** An operation that calls the field with all its arguments as variables, and asks for all that comes of it. */
export function documentFor({ type, name, field }: Field, given: object, below = '%'): string {
  const kind = below === '%' ? type.toLowerCase() : 'query';
  const args = field.args.filter((arg) => arg.name in given);
  const variables = args.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ');
  const passed = args.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
  const called = `${name}${passed && `(${passed})`} ${selectionOf(field.type)}`;
  return `${kind}${variables && ` (${variables})`} { ${below.replace('%', called)} }`;
}

function schemaOf({ nest }: TestApp): GraphQLSchema {
  return nest.get(GraphQLSchemaHost).schema;
}

function selectionOf(output: GraphQLOutputType, depth = 3): string {
  const type = getNamedType(output);
  if (isLeafType(type)) return '';
  if (!isObjectType(type) || depth === 0) return '{ __typename }';
  const fields = Object.values(type.getFields()).filter((field) => readerOf(field) !== undefined);
  return `{ ${fields.map((field) => `${field.name} ${selectionOf(field.type, depth - 1)}`).join(' ')} }`;
}

/** Reads what `printRoutes` draws: a line a node, four characters a level. */
function readTree(text: string): { method: string; path: string }[] {
  const above: string[] = [];
  return text.split('\n').flatMap((line) => {
    const [, indent = '', own, methods = ''] =
      /^((?:│ {3}| {4})*)[├└]── (.*?)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? [];
    if (own === undefined) return [];
    const level = indent.length / 4;
    const path = `${level === 0 ? '' : (above[level - 1] ?? '')}${own}`;
    above[level] = path;
    return methods === '' ? [] : methods.split(', ').map((method) => ({ method, path }));
  });
}

function upgradesOf(router: UpgradeRouter): Route[] {
  const { routes } = router as unknown as { routes: readonly { route: { path: RegExp } }[] };
  return routes.map(({ route }) => ({
    method: 'WS',
    path: route.path.source
      .replace(/^\^|\$$/g, '')
      .replace(/\\\//g, '/')
      .replace(/\(\?<(\w+)>[^)]*\)/g, '{$1}'),
    tag: 'containers',
  }));
}
