/**
 * Every way a request can fail, as the domain sees it. Two total tables (`http/problem.ts`, `graphql/graphql-error.ts`)
 * map a kind to each transport; a kind is also the `code` that clients see.
 */
export const ERROR_KINDS = [
  'invalid_input',
  'unauthenticated',
  'second_factor_required',
  'forbidden',
  'policy_violation',
  'not_found',
  'method_not_allowed',
  'not_acceptable',
  'conflict',
  'payload_too_large',
  'unsupported_media_type',
  'too_many_requests',
  'query_too_complex',
  'not_supported',
  'engine_error',
  'engine_unavailable',
  'engine_timeout',
  'swarm_inactive',
  'swarm_worker',
  'swarm_locked',
  'swarm_no_quorum',
  'unavailable',
  'access_withdrawn',
  'cancelled',
  'internal',
] as const;

export type ErrorKind = (typeof ERROR_KINDS)[number];

/** One input field that was refused: `field` is a dotted path (`ports.0.hostPort`), `message` says what it must be. */
export interface FieldError {
  field: string;
  message: string;
}

export interface DomainErrorOptions {
  /** The fields at fault, for `invalid_input` and `policy_violation`. */
  errors?: FieldError[];
  /** Seconds after which trying again makes sense. */
  retryAfter?: number;
  cause?: unknown;
}

/** The one error that domain code throws. Its message is shown to the caller: it must hold no secret. */
export class DomainError extends Error {
  readonly errors: readonly FieldError[];
  readonly retryAfter: number | undefined;

  constructor(
    readonly kind: ErrorKind,
    message: string,
    options: DomainErrorOptions = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'DomainError';
    this.errors = options.errors ?? [];
    this.retryAfter = options.retryAfter;
  }
}

/** The missing and the hidden answer alike: same kind, same words. */
export function notFound(what: string, reference: string): DomainError {
  return new DomainError('not_found', `No such ${what}: ${reference}`);
}

/** The answer to who changes what somebody else has changed since it was looked at. */
export function changedMeanwhile(what: string, name: string): DomainError {
  return new DomainError('conflict', `The ${what} ${name} was changed at the same time; look at it again`);
}

/** `error`'s message, whatever was thrown. For logs and for an error's `cause` chain, never shown to callers as is. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
