import { Readable } from 'node:stream';
import { type ArgumentMetadata, ValidationPipe, type ValidationError } from '@nestjs/common';
import { TypeMetadataStorage } from '@nestjs/graphql';
import { DomainError, type FieldError } from '../common/errors.js';
import { inputFieldsOf } from '../common/input-fields.js';

/** Checks every REST body, query and path and every GraphQL argument; what is not declared is refused. */
export function createValidationPipe(): ValidationPipe {
  return new InputPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    stopAtFirstError: true,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => {
      const fields = errors.flatMap((error) => fieldErrors(error));
      return new DomainError(
        'invalid_input',
        fields
          .map(({ message }) => message)
          .slice(0, 5)
          .join('; '),
        { errors: fields.slice(0, 100) },
      );
    },
  });
}

/** Nest's own takes these names out of a value without a word, also where they are names of labels. */
class InputPipe extends ValidationPipe {
  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'body' && isBytes(value))
      throw new DomainError(
        'unsupported_media_type',
        'By its Content-Type the body is an archive: send application/json',
      );
    const own = ownArguments(value, metadata);
    if (metadata.metatype && metadata.type !== 'custom')
      refuseUnwalkable(own, metadata.metatype as new () => object);
    return super.transform(own, metadata);
  }

  protected override stripProtoKeys(): void {
    // refused above
  }
}

/**
 * A resolver that takes some of its arguments by their class and others by name is handed all of them with the class.
 * Unknown ones are not among them: GraphQL itself refuses those.
 */
function ownArguments(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
  if (type !== 'body' || !metatype || !TypeMetadataStorage.getArgumentsMetadataByTarget(metatype))
    return value;
  const given = value as Record<string, unknown>;
  return Object.fromEntries(
    inputFieldsOf(metatype as new () => object)
      .filter(({ property }) => Object.hasOwn(given, property))
      .map(({ property }) => [property, given[property]]),
  );
}

/** A body that passes through as it comes. Taken for an input it would be walked through, down to its socket. */
function isBytes(value: unknown): boolean {
  return value instanceof Readable || ArrayBuffer.isView(value);
}

/** `toString` and the like too: what every object has is left out without a word. */
const RESERVED: ReadonlySet<string> = new Set(['prototype', ...Object.getOwnPropertyNames(Object.prototype)]);
/** Far deeper than any input. */
const MAX_DEPTH = 32;

/**
 * class-transformer walks through a value before anything checks it: it skips reserved names, fails on some of them, and
 * on what is deeper than the stack.
 */
function refuseUnwalkable(value: unknown, type?: new () => object, path: readonly string[] = []): void {
  if (typeof value !== 'object' || value === null) return;
  if (path.length > MAX_DEPTH) refuse(path, 'is nested too deeply');
  const known = type ? inputFieldsOf(type) : [];
  for (const [key, nested] of Object.entries(value)) {
    const at = [...path, key];
    if (RESERVED.has(key)) refuse(at, 'is not a known field');
    const field = known.find(({ property }) => property === key);
    if (field?.kind === 'textMap') refuseUnwalkableMap(nested, at);
    else refuseUnwalkable(nested, Array.isArray(value) ? type : field?.options.type?.(), at);
  }
}

/** Its keys are the caller's own, such as names of labels. */
function refuseUnwalkableMap(map: unknown, path: readonly string[]): void {
  if (typeof map !== 'object' || map === null) return;
  for (const [key, value] of Object.entries(map)) refuseUnwalkable(value, undefined, [...path, key]);
}

function refuse(path: readonly string[], problem: string): never {
  const field = path.join('.').slice(0, 200);
  const message = `${field} ${problem}`;
  throw new DomainError('invalid_input', message, { errors: [{ field, message }] });
}

function fieldErrors(error: ValidationError, parent = ''): FieldError[] {
  const field = (parent === '' ? error.property : `${parent}.${error.property}`).slice(0, 200);
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
    field,
    message:
      rule === 'whitelistValidation'
        ? `${field} is not a known field`
        : message.replace(error.property, field),
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => fieldErrors(child, field))];
}
