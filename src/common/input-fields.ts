import { Field, Int } from '@nestjs/graphql';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import type { GraphQLScalarType } from 'graphql';
import { isTextMap, SafeInteger, TextMap } from './scalars.js';

/**
 * Decorators for the fields of inputs. One line states a field's type, bounds and meaning, and makes them hold for
 * REST bodies and queries (class-validator), the OpenAPI document and the GraphQL schema alike. Bounds are required:
 * an input without one does not compile.
 */

interface InputOptions {
  /** What the field means, its unit, and where it goes in the Engine API. Shown in OpenAPI and GraphQL. */
  description: string;
  optional?: boolean;
  /** The field is a list of at least `min` (default 0) and at most `max` values. */
  list?: { max: number; min?: number };
  /** Accepts the value's textual form too, as a query string carries it: `limit=5`, `all=true`. */
  fromText?: boolean;
  /** Shown in the OpenAPI document. */
  example?: unknown;
}

/** What a decorator stated about a field, kept so that tests can try every bound of every input. */
export interface InputField {
  property: string;
  kind: 'text' | 'integer' | 'number' | 'boolean' | 'choice' | 'textMap' | 'object';
  options: InputOptions & {
    min?: number;
    max?: number;
    pattern?: RegExp;
    multiline?: boolean;
    values?: readonly string[];
    maxEntries?: number;
    maxKey?: number;
    maxValue?: number;
    type?: () => new () => object;
  };
}

const INPUT_FIELDS = Symbol('dockmaster:input-fields');

export function inputFieldsOf(type: new () => object): readonly InputField[] {
  return (Reflect.getMetadata(INPUT_FIELDS, type.prototype as object) as InputField[] | undefined) ?? [];
}

type GraphqlType = GraphQLScalarType | typeof String | typeof Boolean | typeof Number | (new () => object);

function field(
  kind: InputField['kind'],
  options: InputField['options'],
  graphqlType: () => GraphqlType,
  openApi: ApiPropertyOptions,
  validators: PropertyDecorator[],
  convert?: (value: unknown) => unknown,
): PropertyDecorator {
  const { optional = false, list, description, example } = options;
  return (target, property) => {
    const known = (Reflect.getOwnMetadata(INPUT_FIELDS, target) ??
      Reflect.getMetadata(INPUT_FIELDS, target) ??
      []) as InputField[];
    Reflect.defineMetadata(INPUT_FIELDS, [...known, { property: String(property), kind, options }], target);

    const text = options.fromText === true && convert ? convert : (value: unknown) => value;
    const transform = (value: unknown, given: unknown): unknown => {
      if (value === null) return undefined;
      // class-transformer drops map keys such as `toString`, which are labels like any other
      if (kind === 'textMap') return given;
      if (!list) return text(value);
      const values = options.fromText === true && typeof value === 'string' ? [value] : value;
      return Array.isArray(values) ? values.map(text) : values;
    };
    const decorators: PropertyDecorator[] = [
      Field(() => (list ? [graphqlType()] : graphqlType()) as GraphqlType, {
        nullable: optional,
        description,
      }),
      ApiProperty({
        ...(list ? listSchema(kind, openApi, list) : openApi),
        description,
        required: !optional,
        ...(example !== undefined ? { example } : {}),
      } as ApiPropertyOptions),
      // without a type, class-transformer takes a value's `constructor` key for its class, and fails on it
      Type(options.type ?? (() => Object)),
      Transform(({ value, obj, key }) => transform(value, (obj as Record<string, unknown>)[key])),
      ...(optional ? [IsOptional()] : []),
      ...(list ? [IsArray(), ArrayMaxSize(list.max)] : []),
      ...(list?.min !== undefined ? [ArrayMinSize(list.min)] : []),
      ...validators,
    ];
    for (const decorate of decorators) decorate(target, property);
  };
}

/** Nest places a list's bounds on the items itself for classes only. */
function listSchema(
  kind: InputField['kind'],
  items: ApiPropertyOptions,
  list: { max: number; min?: number },
) {
  const size = { maxItems: list.max, ...(list.min !== undefined ? { minItems: list.min } : {}) };
  return kind === 'object' ? { ...items, isArray: true, ...size } : { type: 'array', items, ...size };
}

const each = (options: InputOptions) => ({ each: options.list !== undefined });
// eslint-disable-next-line no-control-regex -- refusing control characters is what this expression is for
const NO_CONTROL_CHARACTERS = /^[^\u0000-\u001f\u007f]*$/;
const NO_NUL = /^[^\0]*$/;

/**
 * Text of `min` (default 0) to `max` UTF-16 code units. Control characters are refused unless `multiline`.
 *
 * @param options.hintSaysAll whether the hint is what to say of a wrong length, too
 */
export function InText(
  options: InputOptions & {
    max: number;
    min?: number;
    pattern?: RegExp;
    patternHint?: string;
    hintSaysAll?: boolean;
    multiline?: boolean;
  },
): PropertyDecorator {
  const { max, min = 0, pattern, patternHint, hintSaysAll = false, multiline = false } = options;
  const hint = patternHint ? { message: `$property must be ${patternHint}` } : {};
  const length = { ...each(options), ...(hintSaysAll ? hint : {}) };
  return field(
    'text',
    options,
    () => String,
    {
      type: 'string',
      maxLength: max,
      ...(min > 0 ? { minLength: min } : {}),
      ...(pattern ? { pattern: pattern.source } : {}),
    },
    [
      IsString(each(options)),
      MinLength(min, length),
      MaxLength(max, length),
      Matches(multiline ? NO_NUL : NO_CONTROL_CHARACTERS, {
        ...each(options),
        message: '$property must hold no control characters',
      }),
      ...(pattern ? [Matches(pattern, { ...each(options), ...hint })] : []),
    ],
  );
}

const fromIntegerText = (value: unknown) =>
  typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value;

/** A whole number between `min` and `max`, both within ±(2^53 - 1). */
export function InInteger(options: InputOptions & { min: number; max: number }): PropertyDecorator {
  const { min, max } = options;
  const small = min >= -(2 ** 31) && max < 2 ** 31;
  return field(
    'integer',
    options,
    () => (small ? Int : SafeInteger),
    { type: 'integer', minimum: min, maximum: max, ...(small ? {} : { format: 'int64' }) },
    [IsInt(each(options)), Min(min, each(options)), Max(max, each(options))],
    fromIntegerText,
  );
}

/** A number between `min` and `max`. */
export function InNumber(options: InputOptions & { min: number; max: number }): PropertyDecorator {
  return field(
    'number',
    options,
    () => Number,
    { type: 'number', minimum: options.min, maximum: options.max },
    [
      IsNumber({ allowNaN: false, allowInfinity: false }, each(options)),
      Min(options.min, each(options)),
      Max(options.max, each(options)),
    ],
    (value) => (typeof value === 'string' && /^-?\d{1,16}(\.\d{1,9})?$/.test(value) ? Number(value) : value),
  );
}

const BOOLEAN_TEXT: Readonly<Record<string, boolean>> = { true: true, false: false, '1': true, '0': false };

export function InBoolean(options: InputOptions): PropertyDecorator {
  return field(
    'boolean',
    options,
    () => Boolean,
    { type: 'boolean' },
    [IsBoolean(each(options))],
    (value) =>
      typeof value === 'string' && Object.hasOwn(BOOLEAN_TEXT, value) ? BOOLEAN_TEXT[value] : value,
  );
}

/** One of a closed list of words. */
export function InChoice(options: InputOptions & { values: readonly string[] }): PropertyDecorator {
  return field('choice', options, () => String, { type: 'string', enum: [...options.values] }, [
    IsIn([...options.values], {
      ...each(options),
      message: `$property must be one of: ${options.values.map((value) => (value === '' ? '(empty)' : value)).join(', ')}`,
    }),
  ]);
}

/** An object of text values: at most `maxEntries`, keys up to `maxKey` and values up to `maxValue` code units. */
export function InTextMap(
  options: InputOptions & { maxEntries: number; maxKey: number; maxValue: number },
): PropertyDecorator {
  const { maxEntries, maxKey, maxValue } = options;
  return field(
    'textMap',
    options,
    () => TextMap,
    {
      type: 'object',
      additionalProperties: { type: 'string', maxLength: maxValue },
      maxProperties: maxEntries,
    },
    [
      ValidateBy({
        name: 'textMap',
        validator: {
          validate: (value) =>
            isTextMap(value) &&
            Object.keys(value).length <= maxEntries &&
            Object.entries(value).every(
              ([key, text]) =>
                key.length > 0 &&
                key.length <= maxKey &&
                text.length <= maxValue &&
                !(key + text).includes('\0'),
            ),
          defaultMessage: () =>
            `$property must be an object of at most ${maxEntries} text values, with keys of 1 to ${maxKey} and values of up to ${maxValue} characters`,
        },
      }),
    ],
  );
}

/** Another input, or a list of them. */
export function InObject(type: () => new () => object, options: InputOptions): PropertyDecorator {
  const { list } = options;
  return (target, property) => {
    // Nest Swagger knows a lazy class by the function's name, which has to be `type`
    const openApi = { type: () => type() };
    field('object', { ...options, type }, type, openApi, [
      ValidateBy(
        {
          name: 'object',
          validator: {
            validate: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
            defaultMessage: () =>
              list ? 'each value in $property must be an object' : '$property must be an object',
          },
        },
        each(options),
      ),
      ValidateNested(each(options)),
    ])(target, property);
  };
}
