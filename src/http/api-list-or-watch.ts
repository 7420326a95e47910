import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';

/** Declares a route that answers with a page, or with `watch=true` with a stream of what changes. */
export function ApiListOrWatch(page: Type<object>, change: Type<object>) {
  return applyDecorators(
    ApiExtraModels(page, change),
    ApiHeader({
      name: 'Last-Event-ID',
      description: 'To watch on from there: the id of the last event that came.',
      required: false,
      schema: { type: 'string', maxLength: 64 },
    }),
    ApiHeader({
      name: 'If-None-Match',
      description: 'The `ETag` of an earlier answer, to be answered 304 where nothing has changed.',
      required: false,
      schema: { type: 'string' },
    }),
    ApiOkResponse({
      description: 'A page; with `watch=true` a stream, an event or line for each change.',
      content: {
        'application/json': { schema: { $ref: getSchemaPath(page) } },
        'text/event-stream': { schema: { type: 'string' } },
        'application/x-ndjson': { schema: { $ref: getSchemaPath(change) } },
      },
    }),
  );
}
