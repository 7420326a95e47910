import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { DomainError, type ErrorKind } from '../common/errors.js';
import { requestContext } from '../common/request-context.js';
import { HTTP_ERRORS, toDomainError } from '../http/problem.js';

/**
 * Which kinds mean that the operation as a whole was refused, so that its HTTP status says so too. Every other error
 * belongs to one field: the status stays 200, as GraphQL over HTTP has it. Total.
 */
const REFUSES_OPERATION = {
  invalid_input: false,
  unauthenticated: true,
  second_factor_required: true,
  forbidden: false,
  policy_violation: false,
  not_found: false,
  method_not_allowed: true,
  not_acceptable: true,
  conflict: false,
  payload_too_large: true,
  unsupported_media_type: true,
  too_many_requests: true,
  query_too_complex: true,
  not_supported: false,
  engine_error: false,
  engine_unavailable: false,
  engine_timeout: false,
  swarm_inactive: false,
  swarm_worker: false,
  swarm_locked: false,
  swarm_no_quorum: false,
  unavailable: false,
  access_withdrawn: false,
  cancelled: false,
  internal: false,
} as const satisfies Record<ErrorKind, boolean>;

/** A DomainError as GraphQL tells it: `extensions.code` is the kind, the same word as a problem document's `code`. */
export function toGraphqlError(error: DomainError): GraphQLError {
  const { status } = HTTP_ERRORS[error.kind];
  return new GraphQLError(error.message, {
    extensions: {
      code: error.kind,
      ...(error.errors.length > 0 ? { errors: error.errors } : {}),
      ...(error.retryAfter !== undefined ? { retryAfter: error.retryAfter } : {}),
      ...(REFUSES_OPERATION[error.kind] ? { http: { status } } : {}),
    },
  });
}

/** graphql-js' and Apollo's own codes for documents that do not parse, validate or fit their variables. */
const CODES_OF_BAD_DOCUMENTS = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'PERSISTED_QUERY_NOT_FOUND',
]);

/** Formats whatever went wrong for the client: kinds as codes, and nothing of our insides for what was not foreseen. */
export function formatGraphqlError(
  formatted: GraphQLFormattedError,
  thrown: unknown,
  logger: Logger,
): GraphQLFormattedError {
  const { requestId } = requestContext();
  const code = formatted.extensions?.['code'];
  const original = originalOf(thrown);
  if (
    original instanceof GraphQLError &&
    !CODES_OF_BAD_DOCUMENTS.has(String(code)) &&
    typeof code === 'string' &&
    code !== 'INTERNAL_SERVER_ERROR'
  ) {
    return { ...formatted, extensions: { ...visibleExtensions(formatted.extensions), requestId } };
  }
  if (CODES_OF_BAD_DOCUMENTS.has(String(code))) {
    if (isTooDeep(thrown))
      return {
        message: 'The document is nested too deeply',
        extensions: { code: 'query_too_complex', requestId },
      };
    const kind: ErrorKind = isLimit(formatted.message) ? 'query_too_complex' : 'invalid_input';
    return { ...formatted, extensions: { code: kind, requestId } };
  }
  const error = toDomainError(original);
  if (error.kind === 'internal') logger.error({ err: original }, 'GraphQL operation failed');
  return {
    message: error.message,
    ...(formatted.path ? { path: formatted.path } : {}),
    ...(formatted.locations ? { locations: formatted.locations } : {}),
    extensions: { ...visibleExtensions(toGraphqlError(error).extensions), requestId },
  };
}

/** Apollo looks below errors of fields only; a subscription whose stream breaks has an error without a path. */
function originalOf(thrown: unknown): unknown {
  const original = unwrapResolverError(thrown);
  const broken = original instanceof GraphQLError && original.originalError instanceof DomainError;
  return broken ? original.originalError : original;
}

/** What is read goes by the stack: within the bound on tokens a document may still be deeper than that. */
function isTooDeep(thrown: unknown): boolean {
  for (let error = thrown; error instanceof Error; error = (error as Partial<GraphQLError>).originalError)
    if (error instanceof RangeError) return true;
  return false;
}

function visibleExtensions({ http, stacktrace, ...extensions }: Record<string, unknown> = {}): Record<
  string,
  unknown
> {
  return extensions;
}

/** Of our own rules, of graphql-js' parser (which writes "that") and of its bound on introspection. */
const LIMIT = /limit of \d+|limit exceeded|too many|contains more tha[nt] \d+ tokens|depth exceeded/i;

function isLimit(message: string): boolean {
  return LIMIT.test(message);
}
