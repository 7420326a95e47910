import 'reflect-metadata';
import { globSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validate, type ValidationError } from 'class-validator';
import { inputFieldsOf } from './input-fields.js';
import { allowedValue, refusedValues, smallestInput } from './testing/input-samples.js';

type InputClass = new () => object;

/** Every input of the program: what REST and GraphQL take is declared in files of these names. */
const FILES = globSync(['**/*.inputs.ts', '**/*-path.ts', '**/*-paths.ts', 'common/pagination.ts'], {
  cwd: new URL('..', import.meta.url),
});
const INPUTS = (await Promise.all(FILES.sort().map(inputsOf))).flat();

async function inputsOf(file: string): Promise<InputClass[]> {
  const exported = Object.values((await import(`../${file}`)) as object) as unknown[];
  return exported.filter(
    (value): value is InputClass =>
      typeof value === 'function' &&
      Boolean(value.prototype) &&
      inputFieldsOf(value as InputClass).length > 0,
  );
}

/** As the validation pipe checks what comes in. */
async function faultsOf(type: InputClass, value: object): Promise<ValidationError[]> {
  return validate(plainToInstance(type, value), {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
  });
}

async function refusedFields(type: InputClass, value: object): Promise<string[]> {
  return (await faultsOf(type, value)).map(({ property }) => property);
}

it('finds the inputs', () => {
  expect(INPUTS.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['CreateContainerInput', 'ContainerPath', 'PageQuery']),
  );
});

describe.each(INPUTS.map((type) => [type.name, type] as const))('%s', (_, type) => {
  const smallest = smallestInput(type);
  const fields = inputFieldsOf(type);
  const allowed = Object.fromEntries(fields.map((field) => [field.property, allowedValue(field)]));
  const optional = fields.filter((field) => field.options.optional === true);

  it('takes what it must have and nothing else', async () => {
    expect(await faultsOf(type, smallest)).toEqual([]);
  });

  it('takes every field within its bounds', async () => {
    expect(await faultsOf(type, allowed)).toEqual([]);
  });

  it('takes null for what may be left out', async () => {
    const nulls = Object.fromEntries(optional.map(({ property }) => [property, null]));
    expect(await faultsOf(type, { ...smallest, ...nulls })).toEqual([]);
  });

  it('asks for what it must have', async () => {
    expect((await refusedFields(type, {})).sort()).toEqual(Object.keys(smallest).sort());
  });

  it('refuses an unknown field', async () => {
    expect(await refusedFields(type, { ...smallest, noSuchField: 1 })).toEqual(['noSuchField']);
  });

  it('refuses each field beyond its bounds, and names it', async () => {
    const passed: string[] = [];
    for (const field of fields) {
      for (const [what, value] of Object.entries(refusedValues(field))) {
        const refused = await refusedFields(type, { ...smallest, [field.property]: value });
        if (refused.length !== 1 || refused[0] !== field.property) passed.push(`${field.property}: ${what}`);
      }
    }
    expect(passed).toEqual([]);
  });
});
