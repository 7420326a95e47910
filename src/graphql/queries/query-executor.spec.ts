import { isDeepStrictEqual } from 'node:util';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  execute,
  type ExecutionResult,
  GraphQLEnumType,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  GraphQLInt,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  parse,
  validate,
} from 'graphql';
import { markImmutable } from '../../common/immutable.js';
import { Json, SafeInteger, TextMap, Timestamp } from '../../common/scalars.js';
import { JsonBody, stringifyResult } from './json-body.js';
import { QueryExecutor } from './query-executor.js';

interface Ship {
  [field: string]: unknown;
}

/** Of the kinds that our schema is made of, and of those that it may be made of one day. */
function schemaOf(resolve: Record<string, GraphQLFieldResolver<unknown, unknown>>): GraphQLSchema {
  const Named = new GraphQLInterfaceType({
    name: 'Named',
    fields: { name: { type: new GraphQLNonNull(GraphQLString) } },
    resolveType: () => 'Ship',
  });
  const Rig = new GraphQLEnumType({
    name: 'Rig',
    values: { SLOOP: { value: 'sloop' }, KETCH: { value: 7 } },
  });
  const Mast = new GraphQLObjectType({
    name: 'Mast',
    fields: { height: { type: new GraphQLNonNull(GraphQLInt) }, material: { type: GraphQLString } },
  });
  const Ship: GraphQLObjectType = new GraphQLObjectType({
    name: 'Ship',
    interfaces: [Named],
    fields: () => ({
      name: { type: new GraphQLNonNull(GraphQLString) },
      note: { type: GraphQLString },
      rig: { type: Rig },
      tonnage: { type: SafeInteger },
      labels: { type: TextMap },
      launched: { type: Timestamp },
      raw: { type: Json },
      flags: { type: new GraphQLList(new GraphQLNonNull(GraphQLString)) },
      grid: { type: new GraphQLList(new GraphQLList(GraphQLInt)) },
      masts: { type: new GraphQLList(Mast) },
      allMasts: { type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(Mast))) },
      tender: { type: Ship },
      named: { type: Named },
      captain: { type: GraphQLString, resolve: resolve['captain'] },
      berth: { type: GraphQLString, args: { in: { type: GraphQLString } } },
    }),
  });
  const ShipPage = new GraphQLObjectType({
    name: 'ShipPage',
    fields: {
      nodes: { type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(Ship))) },
      totalCount: { type: new GraphQLNonNull(GraphQLInt) },
    },
  });
  const one = (field: string, type = new GraphQLNonNull(Ship)) => ({ type, resolve: resolve[field] });
  return new GraphQLSchema({
    query: new GraphQLObjectType({
      name: 'Query',
      fields: {
        ship: one('ship'),
        maybe: { type: Ship, resolve: resolve['maybe'] },
        fails: { type: Ship, resolve: resolve['fails'] },
        ships: {
          type: new GraphQLNonNull(ShipPage),
          args: { first: { type: GraphQLInt, defaultValue: 100 }, rig: { type: Rig } },
          resolve: resolve['ships'],
        },
        count: { type: SafeInteger, resolve: () => 3 },
        rigs: { type: new GraphQLList(Rig), resolve: () => ['sloop', 7, null] },
      },
    }),
    mutation: new GraphQLObjectType({
      name: 'Mutation',
      fields: { launch: { type: Ship, resolve: resolve['ship'] } },
    }),
  });
}

const MAUD: Ship = {
  name: 'Maud "the fast" \u{1f6a2} \ud800 \u2028',
  note: null,
  rig: 7,
  tonnage: 2 ** 40,
  labels: { team: 'web', then: 'later', __proto__x: '' },
  launched: '2026-01-31T12:00:00.123456789Z',
  raw: { a: [1, null, { b: Number.NaN }], when: new Date(0), none: undefined },
  flags: ['a', ''],
  grid: [[1, -0], null, [null]],
  masts: [{ height: 9, material: undefined }, null],
  allMasts: [],
  tender: { name: 'Gig', rig: 'sloop', allMasts: [{ height: 1 }], tender: null },
  berth: 'B1',
  named: { name: 'Maud' },
};

const ALL = `name note rig tonnage labels launched raw flags grid masts { height material } allMasts { height }
  tender { name rig tender { name } }`;

type Case = readonly [what: string, query: string, variables?: Record<string, unknown>];

const cases = (rows: readonly Case[]) =>
  rows.map(([what, query, variables = {}]) => ({ what, query, variables }));

/** Queries that are answered without graphql-js, with what makes each worth a case. */
const COMPILED: readonly Case[] = [
  ['all fields', `{ ship { ${ALL} } }`],
  ['a list with arguments', `query ($n: Int) { ships(first: $n) { nodes { ${ALL} } totalCount } }`, { n: 2 }],
  ['default arguments', '{ ships { nodes { name } } }'],
  ['an enum as argument', 'query ($r: Rig) { ships(rig: $r) { totalCount } }', { r: 'KETCH' }],
  ['nothing but leaves', '{ count rigs }'],
  ['null', '{ maybe { name } }'],
  ['aliases', '{ a: ship { x: name y: name } b: ship { __proto__: name constructor: rig } }'],
  ['type names', '{ ship { __typename t: __typename tender { __typename } } }'],
  ['a named operation', 'query A { count } query B { ship { name } }', {}],
  [
    'fragments',
    'query B { ship { ...f tender { ...f } } } fragment f on Ship { name ...g } fragment g on Ship { rig name }',
  ],
  ['fragments of interfaces', '{ ship { ... on Named { name } ...n } } fragment n on Named { x: name }'],
  ['inline fragments', '{ ship { ... { name } ... on Ship { rig } ... @include(if: true) { note } } }'],
  ['fields that are asked for twice', '{ ship { tender { name } name tender { rig } } ship { rig } }'],
  ['directives', '{ ship { name @skip(if: true) rig @include(if: false) note @skip(if: false) } }'],
  [
    'only what is skipped',
    '{ ship { name @skip(if: true) } ...q @include(if: false) } fragment q on Query { count }',
  ],
  ['nothing at all', '{ count @skip(if: true) }'],
  [
    'directives with variables',
    'query ($a: Boolean!, $b: Boolean = false) { ship { name @skip(if: $a) ...f @include(if: $b) } } fragment f on Ship { rig note @skip(if: $a) }',
    { a: false, b: true },
  ],
  [
    'the same with other variables',
    'query ($a: Boolean!, $b: Boolean = false) { ship { rig name @skip(if: $a) ...f @include(if: $b) } } fragment f on Ship { rig note @skip(if: $a) }',
    { a: true },
  ],
];

/** Queries that graphql-js has to answer. */
const LEFT: readonly Case[] = [
  ['a field with a resolver', '{ ship { name captain } }'],
  ['a field with arguments', '{ ship { berth(in: "x") } }'],
  ['a type that only the value tells', '{ ship { named { name } } }'],
  ['introspection', '{ __schema { types { name fields { name } } } __type(name: "Ship") { name } }'],
  ['the type of the root', '{ __typename count }'],
  ['a mutation', 'mutation { launch { name } }'],
  ['variables that do not fit', 'query ($n: Int) { ships(first: $n) { totalCount } }', { n: 'many' }],
  ['variables that are missing', 'query ($a: Boolean!) { count @skip(if: $a) }'],
  ['null for true or false', 'query ($a: Boolean = true) { count @skip(if: $a) }', { a: null }],
  ['a resolver that fails', '{ fails { name } count }'],
  [
    'an argument that cannot be had',
    'query ($r: Rig = KETCH) { ships(first: 1, rig: $r) { totalCount } fails { name } }',
  ],
];

/** What is wrong with an object, and what is asked of it. */
const BROKEN: readonly [string, Ship, string][] = [
  ['null where a value has to be', { ...MAUD, name: null }, '{ ship { name } count }'],
  ['the same in a field that may be null', { tender: { rig: 7 } }, '{ ship { rig tender { name rig } } }'],
  ['the same in a list', { allMasts: [{ height: 1 }, null] }, '{ maybe { allMasts { height } } }'],
  ['the same deep in a list', { masts: [{ height: 1 }, {}] }, '{ ship { masts { height } } }'],
  ['a word that is not in the enum', { rig: 'barge', note: 'x' }, '{ ship { rig note } }'],
  ['a number that is none', { tonnage: 'much' }, '{ ship { tonnage } }'],
  ['labels that are no text', { labels: { a: 1 } }, '{ ship { labels } }'],
  ['no list', { flags: 'abc' }, '{ ship { flags } }'],
  ['a failure for a value', { note: new Error('lost'), raw: new Error('lost too') }, '{ ship { note raw } }'],
  ['a failure for an object', { tender: new Error('lost') }, '{ ship { tender { name } } }'],
  ['text for an object', { tender: 'Gig' }, '{ ship { tender { note } } }'],
  ['a set for a list', { flags: new Set(['a', 'b']) }, '{ ship { flags } }'],
  ['a promise for a value', { note: Promise.resolve('late') }, '{ ship { note } }'],
  ['a promise for an object', { tender: Promise.resolve({ name: 'Gig' }) }, '{ ship { tender { name } } }'],
  ['a promise in a list', { masts: [Promise.resolve({ height: 2 })] }, '{ ship { masts { height } } }'],
  ['a function for a value', { note: () => 'called' }, '{ ship { note } }'],
  [
    'several at once',
    { rig: 'x', tonnage: 'y', flags: [null] },
    '{ ship { rig tonnage flags } maybe { rig } }',
  ],
];

describe('queries, beside graphql-js', () => {
  let ship: unknown;
  const ships = jest.fn<(args: unknown) => unknown>(() => ({ nodes: [ship, ship], totalCount: 2 }));
  const schema = schemaOf({
    ship: () => ship,
    maybe: async () => Promise.resolve(ship === MAUD ? null : ship),
    fails: () => Promise.reject(new GraphQLError('sunk', { extensions: { code: 'not_found' } })),
    ships: (_root, args, context) => {
      expect(context).toBe(CONTEXT);
      return ships(args);
    },
    captain: () => 'Anne',
  });
  const CONTEXT = { actor: 'me' };
  let executor: QueryExecutor;

  beforeEach(() => {
    ship = MAUD;
    ships.mockClear();
    executor = new QueryExecutor(schema);
  });

  const run = async (query: string, variables?: Record<string, unknown>) => {
    const document = parse(query);
    expect(validate(schema, document)).toEqual([]);
    const operationName = query.includes('query B') ? 'B' : undefined;
    const operation = { document, operationName, ...(variables ? { variables } : {}) };
    const expected = await execute({
      schema,
      document,
      operationName: operationName ?? null,
      contextValue: CONTEXT,
      variableValues: variables ?? null,
    });
    // Twice: what is remembered of the first time must be the same.
    const results = [
      await executor.execute({ ...operation, context: CONTEXT }),
      await executor.execute({ ...operation, context: CONTEXT }),
    ];
    return { expected, results };
  };
  const body = ({ errors, data, extensions }: ExecutionResult) =>
    Buffer.from(stringifyResult({ errors, data, extensions })).toString();

  describe.each([
    ['objects that may change', <T extends object>(object: T): T => object],
    ['immutable objects', <T extends object>(object: T): T => markImmutable({ ...object })],
  ])('%s', (_kind, prepare) => {
    beforeEach(() => {
      ship = prepare(MAUD);
    });

    it.each(cases(COMPILED))('$what: the same bytes', async ({ query, variables }) => {
      const { expected, results } = await run(query, variables);
      expect(expected.errors).toBeUndefined();
      for (const result of results) {
        expect(result.data).toBeInstanceOf(JsonBody);
        expect(body(result)).toBe(body(expected));
        expect(JSON.stringify(result)).toBe(JSON.stringify(expected));
      }
    });

    it.each(BROKEN)('%s: the same answer', async (_what, broken, query) => {
      ship = prepare(broken);
      const { expected, results } = await run(query);
      for (const result of results) {
        expect(body(result)).toBe(body(expected));
        expect(result.errors?.map(({ locations, path }) => ({ locations, path }))).toEqual(
          expected.errors?.map(({ locations, path }) => ({ locations, path })),
        );
      }
    });
  });

  it.each(cases(LEFT))('$what: left to graphql-js', async ({ query, variables }) => {
    const { expected, results } = await run(query, variables);
    for (const result of results) {
      expect(result.data).not.toBeInstanceOf(JsonBody);
      expect(body(result)).toBe(body(expected));
    }
  });

  it('an error keeps what was thrown, for whoever formats it', async () => {
    const { results } = await run('{ fails { name } count }');
    expect(results[0]?.errors?.[0]).toMatchObject({ message: 'sunk', extensions: { code: 'not_found' } });
  });

  it('a resolver runs once for each request, also when the answer turns out to need graphql-js', async () => {
    ship = { name: null };
    const document = parse('{ ships(first: 5) { nodes { name } } }');
    const { errors } = await executor.execute({ document, context: CONTEXT });
    expect(errors).toHaveLength(1);
    expect(ships.mock.calls).toEqual([[{ first: 5 }]]);
  });

  it('resolvers run for each request, whatever is remembered of their objects', async () => {
    ship = markImmutable({ ...MAUD });
    const document = parse('{ ships { nodes { name } } }');
    await executor.execute({ document, context: CONTEXT });
    ships.mockReturnValueOnce({ nodes: [], totalCount: 0 }); // someone who may see none
    expect(body(await executor.execute({ document, context: CONTEXT }))).toBe(
      '{"data":{"ships":{"nodes":[]}}}\n',
    );
  });

  it('resolvers learn which field they are called for, as from graphql-js', async () => {
    const seen: GraphQLResolveInfo[] = [];
    const watched = schemaOf({
      ship: (_root, _arguments, _context, info) => {
        seen.push(info);
        return MAUD;
      },
    });
    const document = parse(
      'query ($a: Boolean!) { s: ship { ...f @include(if: $a) } } fragment f on Ship { name }',
    );
    const variables = { a: true };
    await execute({ schema: watched, document, variableValues: variables });
    await new QueryExecutor(watched).execute({ document, variables, context: CONTEXT });
    const [theirs, ours] = seen.map((info) => Object.entries(info));
    expect(ours?.map(([key]) => key).toSorted()).toEqual(theirs?.map(([key]) => key).toSorted());
    const differing = theirs?.filter(
      ([key, value]) => !isDeepStrictEqual(Object.fromEntries(ours ?? [])[key], value),
    );
    expect(differing?.map(([key]) => key)).toEqual([]);
  });

  it('an immutable object is read once for each selection, and another object anew', async () => {
    const name = jest.fn(() => 'Maud');
    const watched = () => markImmutable(Object.defineProperty({}, 'name', { get: name, enumerable: true }));
    ship = watched();
    for (const query of ['{ ship { name } }', 'query Other { ship { name } }', '{ ship { x: name } }']) {
      const document = parse(query);
      await executor.execute({ document, context: CONTEXT });
      await executor.execute({ document, context: CONTEXT });
    }
    expect(name).toHaveBeenCalledTimes(2);
    ship = watched();
    await executor.execute({ document: parse('{ ship { name } }'), context: CONTEXT });
    expect(name).toHaveBeenCalledTimes(3);
  });

  it('an immutable list is read once', async () => {
    const first = { name: 'Maud' };
    const nodes = markImmutable([first]);
    ships.mockReturnValue({ nodes, totalCount: 1 });
    const ask = async () =>
      body(await executor.execute({ document: parse('{ ships { nodes { name } } }'), context: CONTEXT }));
    const before = await ask();
    first.name = 'another'; // breaks the promise, to see that it is relied on
    expect(await ask()).toBe(before);
  });
});
