import 'reflect-metadata';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Module, Post, Query } from '@nestjs/common';
import {
  GraphQLSchemaBuilderModule,
  GraphQLSchemaFactory,
  InputType,
  Query as Field,
  Args,
  Resolver,
} from '@nestjs/graphql';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { Test } from '@nestjs/testing';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import type { GraphQLInputObjectTypeConfig } from 'graphql';
import { InBoolean, InChoice, InInteger, InNumber, InObject, InText, InTextMap } from './input-fields.js';

@InputType()
class WheelInput {
  @InInteger({ description: 'Diameter in inches.', min: 1, max: 100 })
  size!: number;
}

@InputType()
class CarInput {
  @InText({ description: 'The name.', min: 2, max: 10, pattern: /^[a-z]+$/ })
  name!: string;

  @InText({ description: 'Who drives.', max: 20, list: { min: 1, max: 4 } })
  drivers!: string[];

  @InObject(() => WheelInput, { description: 'The wheels.', list: { max: 6 }, optional: true })
  wheels?: WheelInput[];

  @InObject(() => WheelInput, { description: 'The spare wheel.', optional: true })
  spare?: WheelInput;

  @InTextMap({ description: 'Labels.', maxEntries: 3, maxKey: 20, maxValue: 20, optional: true })
  labels?: Record<string, string>;

  @InInteger({ description: 'Metres driven.', min: 0, max: Number.MAX_SAFE_INTEGER, optional: true })
  metres?: number;

  @InNumber({ description: 'Litres in the tank.', min: 0, max: 99.5, optional: true })
  fuel?: number;
}

class CarQuery {
  @InInteger({ description: 'How many.', min: 1, max: 9, optional: true, fromText: true })
  limit?: number;

  @InBoolean({ description: 'Whether it drives.', optional: true, fromText: true })
  drives?: boolean;

  @InChoice({
    description: 'Colours.',
    values: ['red', 'blue'],
    list: { max: 2 },
    optional: true,
    fromText: true,
  })
  colour?: string[];
}

const refusedIn = async (type: new () => object, value: object) =>
  (await validate(plainToInstance(type, value))).map(({ property }) => property);

const CAR = { name: 'herbie', drivers: ['jim'] };

describe('an input', () => {
  it('keeps labels whose keys are names of object methods', () => {
    const labels = { toString: 'a', constructor: 'b', valueOf: 'c' };
    expect(plainToInstance(CarInput, { ...CAR, labels }).labels).toEqual(labels);
  });

  it('refuses an object for a text, whatever keys it has', async () => {
    expect(await refusedIn(CarInput, { ...CAR, name: { constructor: 'String' } })).toEqual(['name']);
  });

  it('refuses a list with nothing in it where one is needed', async () => {
    expect(await refusedIn(CarInput, { ...CAR, drivers: [] })).toEqual(['drivers']);
  });

  it('refuses what is wrong within an object within a list', async () => {
    const wheels = [{ size: 20 }, { size: 200 }];
    const [fault] = await validate(plainToInstance(CarInput, { ...CAR, wheels }));
    expect(fault?.children?.[0]).toMatchObject({ property: '1', children: [{ property: 'size' }] });
  });

  it('reads a query, in which everything is text', () => {
    const query = plainToInstance(CarQuery, { limit: '5', drives: '0', colour: 'red' });
    expect(query).toEqual({ limit: 5, drives: false, colour: ['red'] });
  });

  it('leaves text that is no number or boolean for the checks to refuse', async () => {
    expect(await refusedIn(CarQuery, { limit: '5x', drives: 'maybe', colour: ['red', 'green'] })).toEqual([
      'limit',
      'drives',
      'colour',
    ]);
  });
});

describe('the OpenAPI document', () => {
  let document: OpenAPIObject;

  @Controller('cars')
  class CarsController {
    @Post()
    create(@Body() car: CarInput) {
      return car;
    }

    @Get()
    list(@Query() query: CarQuery) {
      return query;
    }
  }

  @Module({ controllers: [CarsController] })
  class CarsModule {}

  beforeAll(async () => {
    const testing = await Test.createTestingModule({ imports: [CarsModule] }).compile();
    const app = testing.createNestApplication(new FastifyAdapter(), { logger: false });
    document = SwaggerModule.createDocument(app, new DocumentBuilder().build());
  });

  it('has a field’s bounds, and the bounds of values on the values', () => {
    expect(document.components?.schemas?.['CarInput']).toMatchObject({
      required: ['name', 'drivers'],
      properties: {
        name: { type: 'string', minLength: 2, maxLength: 10, pattern: '^[a-z]+$', description: 'The name.' },
        drivers: { type: 'array', minItems: 1, maxItems: 4, items: { type: 'string', maxLength: 20 } },
        labels: { type: 'object', maxProperties: 3, additionalProperties: { type: 'string', maxLength: 20 } },
        metres: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER, format: 'int64' },
        fuel: { type: 'number', minimum: 0, maximum: 99.5 },
      },
    });
  });

  it('refers to the schema of an input within', () => {
    const wheel = '#/components/schemas/WheelInput';
    expect(document.components?.schemas?.['CarInput']).toMatchObject({
      properties: {
        wheels: { type: 'array', maxItems: 6, items: { $ref: wheel } },
        spare: { allOf: [{ $ref: wheel }] },
      },
    });
    expect(document.components?.schemas).toHaveProperty('WheelInput');
  });

  it('lists the parameters of a query', () => {
    expect(document.paths['/cars']?.get?.parameters).toMatchObject([
      { name: 'limit', in: 'query', required: false, schema: { type: 'integer', minimum: 1, maximum: 9 } },
      { name: 'drives', in: 'query', schema: { type: 'boolean' } },
      {
        name: 'colour',
        in: 'query',
        schema: { type: 'array', maxItems: 2, items: { enum: ['red', 'blue'] } },
      },
    ]);
  });
});

describe('the GraphQL schema', () => {
  @Resolver()
  class CarsResolver {
    @Field(() => String)
    car(@Args('car') car: CarInput) {
      return car.name;
    }
  }

  it('has the same fields, those that do not fit Int as SafeInteger', async () => {
    const testing = await Test.createTestingModule({ imports: [GraphQLSchemaBuilderModule] }).compile();
    await testing.init();
    const schema = await testing.get(GraphQLSchemaFactory).create([CarsResolver]);
    const { fields } = schema.getType('CarInput')?.toConfig() as GraphQLInputObjectTypeConfig;
    expect(Object.entries(fields).map(([name, { type }]) => `${name}: ${String(type)}`)).toEqual([
      'name: String!',
      'drivers: [String!]!',
      'wheels: [WheelInput!]',
      'spare: WheelInput',
      'labels: TextMap',
      'metres: SafeInteger',
      'fuel: Float',
    ]);
  });
});
