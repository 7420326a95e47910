import { defaultFieldResolver, type GraphQLField } from 'graphql';

type Reader = (source: object) => unknown;

/** The function that Nest gives each `@Field()` without a resolver of its own or middleware. */
const READER_OF_NEST = 'rootFieldResolver';

/**
 * How to read a field that is nothing but a property of its object: it asks nobody, knows no arguments, and sees neither
 * actor nor context.
 *
 * @returns undefined for a field that is resolved by code of ours: that has to run for each request
 */
export function readerOf(field: GraphQLField<unknown, unknown>): Reader | undefined {
  const { name, args, resolve } = field;
  if (args.length > 0) return undefined;
  if (resolve === undefined || resolve === defaultFieldResolver) {
    return (source) => (source as Readonly<Record<string, unknown>>)[name];
  }
  // Nest tells the two apart nowhere else. Should it rename its function, answers stay right and get slower; the test
  // beside this would fail.
  return resolve.name === READER_OF_NEST && resolve.length === 1 ? (resolve as unknown as Reader) : undefined;
}
