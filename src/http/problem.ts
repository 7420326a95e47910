import { HttpException } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { DomainError, ERROR_KINDS, type ErrorKind, type FieldError } from '../common/errors.js';
import { OutInteger, OutText } from '../common/output-fields.js';

/** Every error kind as HTTP tells it. Total: a new kind does not compile without its row. */
export const HTTP_ERRORS = {
  invalid_input: { status: 400, title: 'Invalid input' },
  unauthenticated: { status: 401, title: 'Not signed in' },
  second_factor_required: { status: 401, title: 'Second factor required' },
  forbidden: { status: 403, title: 'Not allowed' },
  policy_violation: { status: 403, title: 'Not allowed at this security level' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  not_acceptable: { status: 406, title: 'Not acceptable' },
  conflict: { status: 409, title: 'Conflict' },
  payload_too_large: { status: 413, title: 'Body too large' },
  unsupported_media_type: { status: 415, title: 'Unsupported media type' },
  too_many_requests: { status: 429, title: 'Too many requests' },
  query_too_complex: { status: 400, title: 'Query too complex' },
  not_supported: { status: 501, title: 'Not supported by this engine' },
  engine_error: { status: 502, title: 'The engine failed' },
  engine_unavailable: { status: 503, title: 'The engine is unavailable' },
  engine_timeout: { status: 504, title: 'The engine did not answer in time' },
  swarm_inactive: { status: 409, title: 'The engine is in no swarm' },
  swarm_worker: { status: 409, title: 'The engine manages no swarm' },
  swarm_locked: { status: 409, title: 'The swarm is locked' },
  swarm_no_quorum: { status: 503, title: 'The swarm has no quorum' },
  unavailable: { status: 503, title: 'Unavailable' },
  access_withdrawn: { status: 403, title: 'Access was withdrawn' },
  cancelled: { status: 499, title: 'Cancelled' },
  internal: { status: 500, title: 'Internal error' },
} as const satisfies Record<ErrorKind, { status: number; title: string }>;

const KIND_OF_STATUS: Readonly<Record<number, ErrorKind>> = {
  400: 'invalid_input',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  406: 'not_acceptable',
  409: 'conflict',
  413: 'payload_too_large',
  414: 'invalid_input',
  415: 'unsupported_media_type',
  429: 'too_many_requests',
  431: 'invalid_input',
  503: 'unavailable',
};

export class ProblemField implements FieldError {
  @OutText('Dotted path of the field at fault: `ports.0.hostPort`.')
  field!: string;

  @OutText('What it must be.')
  message!: string;
}

/** Every error of the REST API. RFC 9457 "problem details". */
export class Problem {
  @OutText('Identifies the kind of problem.')
  type!: string;

  @OutText('The kind of problem, in words.')
  title!: string;

  @OutInteger('The HTTP status.')
  status!: number;

  @OutText('What went wrong this time.')
  detail!: string;

  @ApiProperty({
    enum: [...ERROR_KINDS],
    description: 'The kind of problem, for programs. GraphQL shows the same as `extensions.code`.',
  })
  code!: ErrorKind;

  @OutText('Names this request in the logs and the audit trail.')
  requestId!: string;

  @ApiProperty({ type: [ProblemField], description: 'The fields at fault, where there are any.' })
  errors!: readonly FieldError[];
}

export function toProblem(error: DomainError, requestId: string): Problem {
  const { status, title } = HTTP_ERRORS[error.kind];
  return {
    type: `urn:dockmaster:problem:${error.kind}`,
    title,
    status,
    detail: error.message,
    code: error.kind,
    requestId,
    errors: error.errors,
  };
}

/**
 * Whatever was thrown as a DomainError. What we did not foresee becomes `internal`, whose message tells nothing of our
 * insides; the original is its `cause`, for the log.
 */
export function toDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  const status = error instanceof HttpException ? error.getStatus() : statusOf(error);
  const kind = status === undefined ? undefined : KIND_OF_STATUS[status];
  if (kind === undefined || !(error instanceof Error)) {
    return new DomainError('internal', 'Something went wrong on our side; the request id leads to the log', {
      cause: error,
    });
  }
  return new DomainError(kind, error.message, { cause: error });
}

/** Errors of Fastify's own (a body too large, JSON that does not parse) carry the status that they stand for. */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}
