import { DomainError } from '../../common/errors.js';
import type { EngineOperation, TargetKind } from './operation.js';

/** What a path parameter may look like; decided by the kind of object that it names. */
export type ParameterKind = 'id' | 'name' | 'reference';

interface ParameterGrammar {
  readonly maxLength: number;
  readonly rule: string;
  accepts(value: string): boolean;
  encode(value: string): string;
}

/**
 * The engine matches routes on the decoded path, so `%2F` in a parameter is a separator to it: an id `x/logs` would
 * turn an inspect into a read of logs. Encoding alone does not help; a separator must not get in.
 */
const GRAMMARS: Readonly<Record<ParameterKind, ParameterGrammar>> = {
  /** Ids, and the names of objects that the engine itself confines to these characters. */
  id: {
    maxLength: 255,
    rule: 'letters, digits, "_", "." and "-", and begin with a letter or digit',
    accepts: (value) => /^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(value),
    encode: encodeURIComponent,
  },
  /** Names of networks, and of volumes whose driver decides what a name is. */
  name: {
    maxLength: 255,
    rule: 'any characters but "/", "\\" and control characters, and not be "." or ".."',
    accepts: (value) => !isDots(value) && !/[/\\\p{Cc}\p{Cs}]/u.test(value),
    encode: encodeURIComponent,
  },
  /**
   * Image references and plugin names: `[host[:port]/]path[:tag][@digest]`. The engine takes "/" in them as it is. The
   * name is at most 255 long, ":" with a tag 129, "@" with the longest digest 136.
   */
  reference: {
    maxLength: 520,
    rule: 'an image reference: [host[:port]/]path[:tag][@digest]',
    accepts: (value) => value.split('/').every((part) => /^[\w.:@+[\]-]+$/.test(part) && !isDots(part)),
    encode: (value) => encodeURIComponent(value).replaceAll(/%(?:2F|3A|40)/g, decodeURIComponent),
  },
};

/** The grammar of the path parameter that names a target of this kind. */
export function parameterKind(target: TargetKind): ParameterKind {
  switch (target) {
    case 'image':
    case 'repository':
    case 'plugin':
      return 'reference';
    case 'network':
    case 'volume':
      return 'name';
    default:
      return 'id';
  }
}

/**
 * Builds the canonical path of `operation`, without the version prefix. The only place where a value becomes part of a
 * path: each is checked and percent-encoded here.
 * @throws DomainError `invalid_input`, with the parameter as its field, for a value that is missing or no id, name or
 * reference. The value itself is not repeated: it may be huge or crafted for who reads the message.
 */
export function pathOf(operation: EngineOperation, params: Readonly<Record<string, string>> = {}): string {
  const grammar = GRAMMARS[parameterKind(operation.target)];
  return operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name] ?? '';
    if (value === '') throw invalidParameter(operation, name, 'must not be empty');
    if (value.length > grammar.maxLength) {
      throw invalidParameter(operation, name, `must be at most ${grammar.maxLength} characters long`);
    }
    if (!grammar.accepts(value)) throw invalidParameter(operation, name, `must be ${grammar.rule}`);
    return grammar.encode(value);
  });
}

function isDots(part: string): boolean {
  return part === '.' || part === '..';
}

function invalidParameter(operation: EngineOperation, field: string, message: string): DomainError {
  return new DomainError('invalid_input', `The ${operation.target} ${field} ${message}`, {
    errors: [{ field, message }],
  });
}
