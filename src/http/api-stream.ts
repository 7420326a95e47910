import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiProduces, getSchemaPath } from '@nestjs/swagger';
import type { StreamFormat } from './streaming.js';

/** Declares a route that answers with a stream of `item`, in whichever of the formats the client accepts. */
export function ApiStream(item: Type<object>, formats: readonly StreamFormat[]) {
  const content = Object.fromEntries(
    formats.map((format) => [
      format,
      { schema: format === 'application/x-ndjson' ? { $ref: getSchemaPath(item) } : { type: 'string' } },
    ]),
  );
  return applyDecorators(
    ApiExtraModels(item),
    ApiProduces(...formats),
    ApiOkResponse({ description: `A stream: one ${item.name} a line or event.`, content }),
  );
}
