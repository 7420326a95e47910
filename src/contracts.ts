import { NestFactory } from '@nestjs/core';
import { ModulesContainer } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { GraphQLSchemaBuilderModule, GraphQLSchemaFactory } from '@nestjs/graphql';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { pino } from 'pino';
import { AppModule } from './app.module.js';
import { readSettings } from './config/settings.js';
import { createOpenApiDocument } from './http/docs.js';

const RESOLVER_METADATA = 'graphql:resolver_type';

/**
 * The two documents that clients are generated from, made of the declarations alone: nothing is started, no engine or
 * database is needed. `scripts/contracts.mjs` writes them to `openapi/` and fails where they have drifted.
 */
export async function generateContracts(): Promise<{ openApi: string; schema: string }> {
  const settings = readSettings({});
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(settings, pino({ level: 'silent' })),
    new FastifyAdapter(),
    { preview: true, logger: false },
  );
  const openApi = `${JSON.stringify(createOpenApiDocument(app), null, 2)}\n`;

  const resolvers = [...app.get(ModulesContainer).values()]
    .flatMap((module) => [...module.providers.values()])
    .map(({ metatype }) => metatype)
    .filter(
      (type): type is new () => object =>
        typeof type === 'function' && Reflect.hasMetadata(RESOLVER_METADATA, type),
    );
  const factory = await NestFactory.createApplicationContext(GraphQLSchemaBuilderModule, { logger: false });
  const schema = await factory.get(GraphQLSchemaFactory).create(resolvers);
  await factory.close();
  return { openApi, schema: `${printSchema(lexicographicSortSchema(schema))}\n` };
}
