import { Field, Float, Int } from '@nestjs/graphql';
import { ApiProperty } from '@nestjs/swagger';
import { Json, SafeInteger, TextMap, Timestamp } from './scalars.js';

/**
 * Decorators for the fields of answers. One line states a field's type and meaning for the OpenAPI document and the
 * GraphQL schema alike, so that one class per shape serves both.
 */
interface OutputOptions {
  /** `null` where there is nothing to tell. */
  nullable?: boolean;
  list?: boolean;
}

type GraphqlType = Parameters<typeof Field>[0];

function field(
  description: string,
  options: OutputOptions,
  graphqlType: () => unknown,
  openApi: object,
): PropertyDecorator {
  const { nullable = false, list = false } = options;
  return (target, property) => {
    Field((() => (list ? [graphqlType()] : graphqlType())) as GraphqlType, { nullable, description })(
      target,
      property,
    );
    ApiProperty({
      ...(list ? listSchema(openApi) : openApi),
      description,
      required: true,
      ...(nullable ? { nullable } : {}),
    })(target, property);
  };
}

/** Nest spreads `isArray` over the items properly for classes only. */
const listSchema = (items: object) =>
  'type' in items && typeof items.type === 'string' ? { type: 'array', items } : { ...items, isArray: true };

export const OutText = (description: string, options: OutputOptions = {}) =>
  field(description, options, () => String, { type: 'string' });

/** A whole number within 32 bits: a port, an exit code, a number of things. */
export const OutInteger = (description: string, options: OutputOptions = {}) =>
  field(description, options, () => Int, { type: 'integer', format: 'int32' });

/** A whole number up to 2^53 - 1: bytes, nanoseconds. */
export const OutBigInteger = (description: string, options: OutputOptions = {}) =>
  field(description, options, () => SafeInteger, { type: 'integer', format: 'int64' });

export const OutNumber = (description: string, options: OutputOptions = {}) =>
  field(description, options, () => Float, { type: 'number' });

export const OutBoolean = (description: string, options: OutputOptions = {}) =>
  field(description, options, () => Boolean, { type: 'boolean' });

/** One of a closed list of words. */
export const OutChoice = (values: readonly string[], description: string, options: OutputOptions = {}) =>
  field(`${description} One of: ${values.join(', ')}.`, options, () => String, {
    type: 'string',
    enum: [...values],
  });

/** An RFC 3339 date and time. */
export const OutTime = (description: string, options: OutputOptions = {}) =>
  field(description, options, () => Timestamp, { type: 'string', format: 'date-time' });

export const OutTextMap = (description: string, options: OutputOptions = {}) =>
  field(description, options, () => TextMap, { type: 'object', additionalProperties: { type: 'string' } });

/** A document of the engine's own, as the engine wrote it. */
export const OutJson = (description: string, options: OutputOptions = {}) =>
  field(description, options, () => Json, { type: 'object', additionalProperties: true });

// Nest Swagger knows a class that is given lazily by the name of the function, which has to be `type`.
export const OutObject = (
  type: () => abstract new () => object,
  description: string,
  options: OutputOptions = {},
) => field(description, options, type, { type: () => type() });

/** In the words of an input. GraphQL has no type for both ways: there it is JSON. */
export const OutInput = (
  type: () => abstract new () => object,
  description: string,
  options: OutputOptions = {},
) => field(description, options, () => Json, { type: () => type() });
