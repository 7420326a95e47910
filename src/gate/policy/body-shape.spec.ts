import { describe, expect, it } from '@jest/globals';
import { DomainError } from '../../common/errors.js';
import {
  bodyFaults,
  flag,
  integer,
  list,
  map,
  object,
  readBody,
  readDocument,
  text,
  textOrList,
} from './body-shape.js';

const shape = object({
  Name: text,
  Privileged: flag,
  Memory: integer,
  Cmd: textOrList,
  Labels: map(text),
  Devices: list(object({ Path: text })),
});

const fieldsAtFault = (json: string) => bodyFaults(shape, JSON.parse(json)).map(({ field }) => field);

describe('a body shape', () => {
  it('takes known fields of the right type, absent ones and nulls', () => {
    expect(
      bodyFaults(shape, { Name: 'a', Cmd: 'sh -c', Labels: { any: 'key', 'at all': null }, Memory: -1 }),
    ).toEqual([]);
    expect(bodyFaults(shape, { Name: null, Devices: null, Cmd: ['sh'], Privileged: undefined })).toEqual([]);
    expect(bodyFaults(shape, Object.assign(Object.create(null), { Name: 'from GraphQL' }))).toEqual([]);
  });

  it.each([
    ['an unknown field', '{"Colour": "red"}', 'Colour'],
    ['another case, which the engine reads as the same field', '{"privileged": true}', 'privileged'],
    ['a Unicode fold (Kelvin sign), which the engine reads as the same field', '{"\u212aey": 1}', '\u212aey'],
    ['a long s for an s', '{"Label\u017f": {}}', 'Label\u017f'],
    ['a trailing space', '{"Name ": "a"}', 'Name '],
    ['__proto__', '{"__proto__": {"Privileged": true}}', '__proto__'],
    ['constructor', '{"constructor": {}}', 'constructor'],
    ['__proto__ where keys are free', '{"Labels": {"__proto__": "x"}}', 'Labels.__proto__'],
    ['an unknown field deep inside', '{"Devices": [{"Path": "a"}, {"path": "b"}]}', 'Devices.1.path'],
  ])('refuses %s', (_, json, field) => {
    expect(fieldsAtFault(json)).toEqual([field]);
  });

  it.each([
    ['a string for a flag', '{"Privileged": "false"}', 'Privileged'],
    ['a number for a flag', '{"Privileged": 1}', 'Privileged'],
    ['a string for a number', '{"Memory": "1"}', 'Memory'],
    ['a fraction', '{"Memory": 1.5}', 'Memory'],
    ['an object for a string', '{"Name": {"length": 1}}', 'Name'],
    ['a string for an array', '{"Devices": "/dev/sda"}', 'Devices'],
    ['an object for an array', '{"Devices": {"0": {}, "length": 1}}', 'Devices'],
    ['an array for an object', '{"Labels": ["a"]}', 'Labels'],
    ['null inside an array', '{"Devices": [null]}', 'Devices.0'],
    ['a number inside an array of strings', '{"Cmd": ["a", 1]}', 'Cmd.1'],
    ['an object for a command', '{"Cmd": {}}', 'Cmd'],
  ])('refuses %s', (_, json, field) => {
    expect(fieldsAtFault(json)).toEqual([field]);
  });

  it.each(['null', '[]', '"a"', '1', 'true'])('refuses %s as a whole', (json) => {
    expect(bodyFaults(shape, JSON.parse(json))).toEqual([{ field: '', message: 'must be an object' }]);
  });

  it('refuses an instance of a class, whose fields may hide in its prototype', () => {
    class Body {
      get Privileged() {
        return true;
      }
    }
    expect(bodyFaults(shape, new Body())).toHaveLength(1);
    expect(bodyFaults(shape, Object.create({ Privileged: true }))).toHaveLength(1);
  });

  it('cuts a long key and a long list of faults', () => {
    const body = Object.fromEntries(
      Array.from({ length: 1000 }, (_, index) => [`${'x'.repeat(5000)}${index}`, 1]),
    );
    expect(bodyFaults(shape, body)[0]?.field.length).toBeLessThan(200);
    const refusal = refusalOf(() => readBody(shape, body, 'container'));
    expect(refusal.errors.length).toBe(20);
  });
});

describe('reading a caller’s body', () => {
  it('refuses with the fields at fault', () => {
    const refusal = refusalOf(() => readBody(shape, { Name: 1, name: 'a' }, 'container'));
    expect(refusal.kind).toBe('invalid_input');
    expect(refusal.errors).toEqual([
      { field: 'Name', message: 'must be a string' },
      { field: 'name', message: 'is not a known field' },
    ]);
  });
});

describe('reading an engine’s document', () => {
  it('passes over fields that a newer engine adds', () => {
    expect(readDocument(shape, { Name: 'a', Future: 1 }, 'container').Name).toBe('a');
  });

  it('is the engine’s error when a known field has another type', () => {
    expect(refusalOf(() => readDocument(shape, { Name: 1 }, 'container')).kind).toBe('engine_error');
    expect(refusalOf(() => readDocument(shape, undefined, 'container')).kind).toBe('engine_error');
  });
});

function refusalOf(act: () => unknown): DomainError {
  try {
    act();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('was not refused');
}
