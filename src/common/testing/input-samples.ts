import { type InputField, inputFieldsOf } from '../input-fields.js';

/** Values that keep to the fields of inputs, and values that do not. For tests that try every field of every input. */

/** Texts to try for a field that has a pattern and no example. */
const TEXTS = [
  'a',
  'ab',
  '/a',
  '1',
  'a:b',
  'host',
  'container:a',
  '192.0.2.1',
  '2001:db8::1',
  'r',
  'a'.repeat(64),
];

/** A value that the field allows. */
export function allowedValue(field: InputField): unknown {
  const { example, list } = field.options;
  if (example !== undefined) return example;
  return list ? [allowedItem(field)] : allowedItem(field);
}

/** An input that gives every field that it must, and no other. */
export function smallestInput(type: new () => object): Record<string, unknown> {
  const required = inputFieldsOf(type).filter(({ options }) => options.optional !== true);
  return Object.fromEntries(required.map((field) => [field.property, allowedValue(field)]));
}

/** Values that the field must refuse, by what is wrong with them. */
export function refusedValues(field: InputField): Record<string, unknown> {
  const { list, fromText = false } = field.options;
  const items = refusedItems(field);
  if (!list) return { ...items, 'a list': [allowedItem(field)] };
  return {
    ...Object.fromEntries(Object.entries(items).map(([what, value]) => [`a list with ${what}`, [value]])),
    'no list': fromText ? { a: 1 } : allowedItem(field),
    'too many values': Array.from({ length: list.max + 1 }, () => allowedItem(field)),
    ...(list.min !== undefined ? { 'too few values': Array.from({ length: list.min - 1 }) } : {}),
  };
}

function allowedItem(field: InputField): unknown {
  const { example, list, min = 0, max = 0, values = [], pattern, type } = field.options;
  if (example !== undefined) return list ? (example as unknown[])[0] : example;
  switch (field.kind) {
    case 'text': {
      const text = TEXTS.find(
        (each) => each.length >= min && each.length <= max && (pattern?.test(each) ?? true),
      );
      if (text === undefined)
        throw new Error(`${field.property}: give an example, none of the usual texts is allowed`);
      return text;
    }
    case 'integer':
    case 'number':
      return Math.min(max, Math.max(min, 1));
    case 'boolean':
      return true;
    case 'choice':
      return values[0];
    case 'textMap':
      return { a: 'b' };
    case 'object':
      return type ? smallestInput(type()) : {};
  }
}

function refusedItems(field: InputField): Record<string, unknown> {
  const { min = 0, max = 0, multiline = false } = field.options;
  switch (field.kind) {
    case 'text': {
      const text = String(allowedItem(field));
      return {
        'a number': 5,
        'an object': { constructor: 'x' },
        'a boolean': true,
        'too long a text': 'a'.repeat(max + 1),
        'a NUL character': `${text}\0`,
        ...(min > 0 ? { 'too short a text': 'a'.repeat(min - 1) } : {}),
        ...(multiline ? {} : { 'a line feed': `${text}\n`, 'an escape character': `\u001b${text}` }),
      };
    }
    case 'integer':
      return { ...refusedNumbers(min, max), 'a fraction': min + 0.5 };
    case 'number':
      return refusedNumbers(min, max);
    case 'boolean':
      return { 'a number': 2, 'a text': 'maybe', 'an object': {} };
    case 'choice':
      return { 'another word': 'no such choice', 'an empty text': '', 'a number': 5, 'an object': {} };
    case 'textMap':
      return refusedMaps(field.options);
    case 'object':
      return { 'a text': 'x', 'a number': 5, 'an unknown field': { noSuchField: 1 } };
  }
}

function refusedNumbers(min: number, max: number): Record<string, unknown> {
  return {
    'too small a number': min - 1,
    'too large a number': max + 1,
    'a text': 'x',
    'a boolean': true,
    'an object': { valueOf: 1 },
    'no number': NaN,
    infinity: Infinity,
  };
}

function refusedMaps({
  maxEntries = 0,
  maxKey = 0,
  maxValue = 0,
}: InputField['options']): Record<string, unknown> {
  const tooMany = Array.from({ length: maxEntries + 1 }, (_, index) => [`key${index}`, 'value'] as const);
  return {
    'a text': 'x',
    'a value that is no text': { a: 1 },
    'a value within a value': { a: { b: 'c' } },
    'too many entries': Object.fromEntries(tooMany),
    'an empty key': { '': 'value' },
    'too long a key': { ['k'.repeat(maxKey + 1)]: 'value' },
    'too long a value': { key: 'v'.repeat(maxValue + 1) },
    'a NUL character': { key: 'a\0' },
  };
}
