import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';

function refuse(scalar: string, expected: string, node?: ValueNode): never {
  throw new GraphQLError(`${scalar} must be ${expected}`, {
    ...(node ? { nodes: [node] } : {}),
    extensions: { code: 'invalid_input' },
  });
}

function literal(node: ValueNode): unknown {
  switch (node.kind) {
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.STRING:
    case Kind.BOOLEAN:
    case Kind.ENUM:
      return node.value;
    case Kind.LIST:
      return node.values.map(literal);
    case Kind.OBJECT:
      return Object.fromEntries(node.fields.map((field) => [field.name.value, literal(field.value)]));
    default:
      return null;
  }
}

export function isTextMap(value: unknown): value is Record<string, string> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((entry) => typeof entry === 'string')
  );
}

/** Whole numbers up to 2^53 - 1: byte counts and nanoseconds do not fit GraphQL's 32-bit Int. */
export const SafeInteger = new GraphQLScalarType<number, number>({
  name: 'SafeInteger',
  description: 'A whole number between -(2^53 - 1) and 2^53 - 1, such as a count of bytes.',
  serialize: (value) =>
    Number.isSafeInteger(value) ? (value as number) : refuse('SafeInteger', 'a whole number below 2^53'),
  parseValue: (value) =>
    Number.isSafeInteger(value) ? (value as number) : refuse('SafeInteger', 'a whole number below 2^53'),
  parseLiteral: (node) =>
    node.kind === Kind.INT && Number.isSafeInteger(Number(node.value))
      ? Number(node.value)
      : refuse('SafeInteger', 'a whole number below 2^53', node),
});

/** Text by text, such as labels: `{"team": "web"}`. */
export const TextMap = new GraphQLScalarType<Record<string, string>, Record<string, string>>({
  name: 'TextMap',
  description: 'An object whose values are all text, such as labels: {team: "web"}.',
  serialize: (value) => (isTextMap(value) ? value : refuse('TextMap', 'an object of text values')),
  parseValue: (value) => (isTextMap(value) ? value : refuse('TextMap', 'an object of text values')),
  parseLiteral: (node) => {
    const value = literal(node);
    return node.kind === Kind.OBJECT && isTextMap(value)
      ? value
      : refuse('TextMap', 'an object of text values', node);
  },
});

/** RFC 3339 date and time; what the engine wrote keeps its nanoseconds. */
export const Timestamp = new GraphQLScalarType<string, string>({
  name: 'Timestamp',
  description: "A date and time by RFC 3339, up to nanoseconds: '2026-01-31T12:00:00.123456789Z'.",
  serialize: (value) =>
    typeof value === 'string' ? value : refuse('Timestamp', 'an RFC 3339 date and time'),
  parseValue: (value) =>
    typeof value === 'string' ? value : refuse('Timestamp', 'an RFC 3339 date and time'),
  parseLiteral: (node) =>
    node.kind === Kind.STRING ? node.value : refuse('Timestamp', 'an RFC 3339 date and time', node),
});

/** A document of the engine's own, as it is. */
export const Json = new GraphQLScalarType<unknown, unknown>({
  name: 'JSON',
  description: 'Any JSON value, such as a document of the engine as the engine wrote it.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: literal,
});
