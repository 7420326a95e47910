import 'reflect-metadata';
import { expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { ObjectType } from '@nestjs/graphql';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { ApiOkResponse, DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { Test } from '@nestjs/testing';
import { OutInteger, OutObject, OutText, OutTextMap } from './output-fields.js';

@ObjectType()
class Wheel {
  @OutInteger('Diameter in inches.')
  size!: number;
}

@ObjectType()
class Car {
  @OutText('Who drives.', { list: true })
  drivers!: string[];

  @OutTextMap('What each stop was like.', { list: true })
  stops!: Record<string, string>[];

  @OutObject(() => Wheel, 'The wheels.', { list: true })
  wheels!: Wheel[];

  @OutObject(() => Wheel, 'The spare wheel; null where there is none.', { nullable: true })
  spare!: Wheel | null;
}

@Controller('cars')
class CarsController {
  @Get()
  @ApiOkResponse({ type: Car })
  get(): null {
    return null;
  }
}

@Module({ controllers: [CarsController] })
class CarsModule {}

it('an output tells OpenAPI what its lists and objects hold', async () => {
  const testing = await Test.createTestingModule({ imports: [CarsModule] }).compile();
  const app = testing.createNestApplication(new FastifyAdapter(), { logger: false });
  const document = SwaggerModule.createDocument(app, new DocumentBuilder().build());

  const wheel = { $ref: '#/components/schemas/Wheel' };
  expect(document.components?.schemas?.['Car']).toMatchObject({
    required: ['drivers', 'stops', 'wheels', 'spare'],
    properties: {
      drivers: { type: 'array', items: { type: 'string' } },
      stops: { type: 'array', items: { type: 'object', additionalProperties: { type: 'string' } } },
      wheels: { type: 'array', items: wheel },
      spare: { allOf: [wheel], nullable: true },
    },
  });
});
