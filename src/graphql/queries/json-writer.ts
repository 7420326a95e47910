import { hash } from 'node:crypto';
import {
  type FieldNode,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLString,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { RecentlyUsed } from '../../common/recently-used.js';
import { readerOf } from './plain-field.js';
import type { RememberedJson, Write } from './remembered-json.js';
import { collectFields, type SelectionScope } from './selection.js';

/** How values of one type are written as JSON, with the fields that are selected of them. */
export interface JsonWriter {
  /** The type and the selection, in words or as their hash: writers of the same key write the same. */
  readonly key: string;
  /** @throws anything for what only a full execution can answer: see NotPlain */
  readonly write: Write;
}

/**
 * A value that has no plain JSON: a promise, a null or an error where the schema wants a value. graphql-js knows what to
 * answer then, so it is asked.
 */
class NotPlain extends Error {}

/** Selections that are shared between documents. */
const MAX_WRITERS = 500;
/** Characters of a key that is kept as it is. */
const MAX_KEY = 200;

/** Makes writers for selections that consist of plain properties, all the way down. */
export class JsonWriters {
  private readonly shared = new RecentlyUsed<string, JsonWriter>(MAX_WRITERS);

  constructor(private readonly remembered: RememberedJson) {}

  /** @returns undefined where any field has a resolver of its own, or a type is only known with the value */
  of(scope: SelectionScope, type: GraphQLOutputType, nodes: readonly FieldNode[]): JsonWriter | undefined {
    if (isNonNullType(type)) {
      const writer = this.of(scope, type.ofType, nodes);
      return writer && { key: `${writer.key}!`, write: writeNonNull(writer.write) };
    }
    if (isLeafType(type)) return { key: type.name, write: writeLeaf(type) };
    if (isListType(type)) {
      const item = this.of(scope, type.ofType, nodes);
      return item && this.share(`[${item.key}]`, () => writeList(item.write));
    }
    return isObjectType(type) ? this.ofObject(scope, type, nodes) : undefined;
  }

  private ofObject(
    scope: SelectionScope,
    type: GraphQLObjectType,
    nodes: readonly FieldNode[],
  ): JsonWriter | undefined {
    if (type.isTypeOf) return undefined;
    const selectionSets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const fields: PlainField[] = [];
    const keys: string[] = [];
    for (const [key, fieldNodes] of collectFields(scope, type, selectionSets)) {
      const name = fieldNodes[0]?.name.value ?? key;
      const field = name === '__typename' ? typename(type) : this.field(scope, type, name, fieldNodes);
      if (!field) return undefined;
      const before = fields.length === 0 ? '{' : ',';
      fields.push({ prefix: `${before}"${key}":`, read: field.read, write: field.write });
      keys.push(`${key}:${name} ${field.key}`);
    }
    return this.share(`${type.name}{${keys.join()}}`, () => writeObject(fields));
  }

  private field(
    scope: SelectionScope,
    type: GraphQLObjectType,
    name: string,
    nodes: readonly FieldNode[],
  ): (JsonWriter & Pick<PlainField, 'read'>) | undefined {
    const field = type.getFields()[name];
    const read = field && readerOf(field);
    const writer = read && this.of(scope, field.type, nodes);
    return writer && { ...writer, read };
  }

  /** A writer of objects or lists, the same one for as long as its key is in use, that remembers what it wrote. */
  private share(selection: string, make: () => Write<object>): JsonWriter {
    const key = selection.length > MAX_KEY ? hash('sha256', selection, 'base64url') : selection;
    const known = this.shared.get(key);
    if (known) return known;
    const writeNew = make();
    const write: Write = (value, out) => {
      if (value === null || value === undefined) out.text('null');
      else if (typeof value === 'object') this.remembered.write(value, writeNew, out);
      else throw new NotPlain();
    };
    const writer = { key, write };
    this.shared.set(key, writer);
    return writer;
  }
}

interface PlainField {
  /** What comes before the value: the comma or brace, and the key. */
  readonly prefix: string;
  readonly read: (source: object) => unknown;
  readonly write: Write;
}

const typename = ({ name }: GraphQLObjectType) => ({
  key: '',
  read: () => name,
  write: writeLeaf(GraphQLString),
});

function writeNonNull(write: Write): Write {
  return (value, out) => {
    if (value === null || value === undefined) throw new NotPlain();
    write(value, out);
  };
}

function writeLeaf(type: GraphQLLeafType): Write {
  return (value, out) => {
    if (value === null || value === undefined) {
      out.text('null');
      return;
    }
    if (typeof value === 'object') requireHere(value);
    if (typeof value === 'function') throw new NotPlain();
    const serialized = type.serialize(value);
    if (serialized === null) throw new NotPlain();
    const text = JSON.stringify(serialized) as string | undefined;
    if (text === undefined) throw new NotPlain();
    out.text(text);
  };
}

function writeList(writeItem: Write): Write<object> {
  return (value, out) => {
    if (!Array.isArray(value)) throw new NotPlain();
    let separator = '[';
    for (const item of value) {
      out.text(separator);
      writeItem(item, out);
      separator = ',';
    }
    out.text(value.length === 0 ? '[]' : ']');
  };
}

function writeObject(fields: readonly PlainField[]): Write<object> {
  return (source, out) => {
    requireHere(source);
    for (const { prefix, read, write } of fields) {
      out.text(prefix);
      write(read(source), out);
    }
    out.text(fields.length === 0 ? '{}' : '}');
  };
}

/** Neither a failure nor a promise. */
function requireHere(value: object): void {
  if (value instanceof Error) throw new NotPlain();
  if ('then' in value && typeof value.then === 'function') throw new NotPlain();
}
