import { DomainError, type ErrorKind } from '../common/errors.js';
import { EngineAnswerError } from '../gate/engine-handle.js';
import { toDomainError } from '../http/problem.js';

/**
 * Every error kind as Docker's clients expect it: they decide by the status whether something is missing, in use, or worth
 * trying again. Total: a new kind does not compile without its row.
 */
export const DOCKER_STATUS = {
  invalid_input: 400,
  unauthenticated: 401,
  second_factor_required: 401,
  forbidden: 403,
  policy_violation: 403,
  not_found: 404,
  method_not_allowed: 405,
  not_acceptable: 406,
  conflict: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  too_many_requests: 429,
  query_too_complex: 400,
  not_supported: 501,
  engine_error: 500,
  engine_unavailable: 503,
  engine_timeout: 504,
  swarm_inactive: 503,
  swarm_worker: 503,
  swarm_locked: 503,
  swarm_no_quorum: 503,
  unavailable: 503,
  access_withdrawn: 403,
  cancelled: 499,
  internal: 500,
} as const satisfies Record<ErrorKind, number>;

const MOST_FIELDS_TOLD = 20;

/** An error as the engine itself would answer it. */
export interface DockerError {
  readonly status: number;
  /** Seconds after which trying again makes sense. */
  readonly retryAfter: number | undefined;
  /** `{"message": …}` */
  readonly body: { readonly message: string };
  /** What was thrown, for the log. */
  readonly error: DomainError;
}

/** The engine's own errors keep its status and message. */
export function toDockerError(thrown: unknown): DockerError {
  const error = toDomainError(thrown);
  const answered = thrown instanceof EngineAnswerError ? thrown : undefined;
  return {
    status: answered?.status ?? DOCKER_STATUS[error.kind],
    retryAfter: error.retryAfter,
    body: { message: answered?.said ?? messageOf(error) },
    error,
  };
}

/** Docker's errors have a message only: what is wrong with which field is a part of it. */
function messageOf({ message, errors }: DomainError): string {
  const fields = errors
    .filter((fault) => !message.includes(fault.message))
    .slice(0, MOST_FIELDS_TOLD)
    .map((fault) => (fault.field === '' ? fault.message : `${fault.field} ${fault.message}`));
  return fields.length === 0 ? message : `${message}: ${fields.join('; ')}`;
}
