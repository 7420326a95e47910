import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import type { ErrorKind } from '../common/errors.js';
import { HTTP_ERRORS, Problem } from './problem.js';

/** Declares the kinds of errors that a route answers with, as problem documents. */
export function ApiProblems(...kinds: readonly ErrorKind[]) {
  const byStatus = Map.groupBy(kinds, (kind) => HTTP_ERRORS[kind].status);
  return applyDecorators(
    ApiExtraModels(Problem),
    ...[...byStatus].map(([status, sameStatus]) =>
      ApiResponse({
        status,
        description: sameStatus.map((kind) => `${HTTP_ERRORS[kind].title} (\`${kind}\`).`).join(' '),
        content: { 'application/problem+json': { schema: { $ref: getSchemaPath(Problem) } } },
      }),
    ),
  );
}
